/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lists the mirror's directories.  The entries are those of getdents64(2) with
 * the host's own cookies, which stay valid when names are added or removed.
 * One thread at a time uses an open directory. */
#include "config.h"

#include "backend/mirror/mirror_impl.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/lock.h"
#include "base/mem.h"

#define ENTRIES_SIZE	32768u

/* A tmpfs of the scenario exists to be observed, so the kernel asks for every
 * listing of it. */
static bool caches_listings(const struct mirror *m)
{
	return m->spec->backing.kind == BACKING_MIRROR;
}

static int open_dir(struct mirror_node *node, struct fuse_file_info *fi)
{
	struct mirror *m = node->mirror;
	int fd = openat(node->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return errno;
	if (caches_listings(m)) {
		fi->cache_readdir = 1;
		fi->keep_cache = mirror_may_keep(m, node, fd);
	}
	fi->fh = mirror_file_new(node, fd, fi->flags)->id;
	return 0;
}

void mirror_op_opendir(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	auto_node struct mirror_node *node = mirror_get(mirror_of(req), ino);
	int err = node ? open_dir(node, fi) : ESTALE;

	if (err)
		fuse_reply_err(req, err);
	else
		fuse_reply_open(req, fi);
}

/* Goes to where the kernel reads; 0 or errno.  Called with the directory
 * locked. */
static int seek_entries(struct mirror_file *f, off_t at)
{
	if (!f->entries)
		f->entries = xmalloc(ENTRIES_SIZE);
	else if (f->next_off == at)
		return 0;
	f->at = f->len = 0;
	f->next_off = at;
	return lseek(f->fd, at, SEEK_SET) < 0 ? errno : 0;
}

/* Returns the next entry; NULL at the end, or with *err set. */
static const struct dirent64 *next_entry(struct mirror_file *f, int *err)
{
	long n;

	if (f->at >= f->len) {
		n = syscall(SYS_getdents64, f->fd, f->entries, ENTRIES_SIZE);
		/* ENOENT: the directory was removed. */
		if (n < 0 && errno != ENOENT)
			*err = errno;
		if (n <= 0)
			return NULL;
		f->at = 0;
		f->len = (size_t)n;
	}
	return (const struct dirent64 *)(f->entries + f->at);
}

/* A listing that is being made for the kernel. */
struct listing {
	fuse_req_t req;
	struct mirror_file *dir;
	bool plus;
	char *p;
	size_t size, len;
};

/* A plain entry has a name and a type, and no node.  If the kernel needs the
 * node, it looks the name up. */
static void plain_entry(const struct dirent64 *d, struct fuse_entry_param *e)
{
	*e = (struct fuse_entry_param){
		.attr = { .st_ino = d->d_ino, .st_mode = DTTOIF(d->d_type) },
	};
}

/* Does the name still lead to the inode with that number, with nothing mounted
 * on it?  A filesystem that is mounted there is asked nothing, because it may
 * be ours. */
static bool is_listed(const struct mirror_file *dir, const struct dirent64 *d)
{
	struct statx stx;

	return !statx(dir->fd, d->d_name, AT_SYMLINK_NOFOLLOW |
		      AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC, STATX_INO, &stx) &&
		stx.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT &&
		!(stx.stx_attributes & STATX_ATTR_MOUNT_ROOT) &&
		makedev(stx.stx_dev_major, stx.stx_dev_minor) == dir->dev &&
		stx.stx_ino == d->d_ino;
}

/* Most entries have a node already, and need no descriptor then. */
static bool known_entry(const struct listing *l, const struct dirent64 *d,
			struct fuse_entry_param *e)
{
	struct stat st = { .st_dev = l->dir->dev, .st_ino = d->d_ino };
	struct mirror *m = mirror_of(l->req);
	struct mirror_node *node = mirror_enter(m, -1, &st);
	bool is_known;

	if (!node)
		return false;
	is_known = is_listed(l->dir, d) &&
		!fstatat(node->fd, "", &st, AT_EMPTY_PATH);
	if (is_known)
		mirror_fill_entry(m, node, &st, e);
	else
		mirror_forget(m, node->id, 1);	/* the kernel does not hear of it */
	mirror_put(node);
	return is_known;
}

static void plus_entry(const struct listing *l, const struct dirent64 *d,
		       struct fuse_entry_param *e)
{
	if (name_is_dots(d->d_name) ||
	    (!known_entry(l, d, e) &&
	     mirror_entry(mirror_of(l->req), l->dir->fd, d->d_name, e)))
		plain_entry(d, e);
}

/* Returns false if there is no room.  Nothing has been done then. */
static bool add_entry(struct listing *l, const struct dirent64 *d)
{
	size_t left = l->size - l->len, need;
	struct fuse_entry_param e;

	need = l->plus ?
		fuse_add_direntry_plus(l->req, NULL, 0, d->d_name, NULL, 0) :
		fuse_add_direntry(l->req, NULL, 0, d->d_name, NULL, 0);
	if (need > left)
		return false;
	if (l->plus)
		plus_entry(l, d, &e);
	else
		plain_entry(d, &e);
	l->len += l->plus ?
		fuse_add_direntry_plus(l->req, l->p + l->len, left, d->d_name,
				       &e, d->d_off) :
		fuse_add_direntry(l->req, l->p + l->len, left, d->d_name,
				  &e.attr, d->d_off);
	return true;
}

/* Called with the directory locked; 0 or errno. */
static int fill(struct listing *l, off_t at)
{
	int err = seek_entries(l->dir, at);
	const struct dirent64 *d;

	while (!err && (d = next_entry(l->dir, &err)) && add_entry(l, d)) {
		l->dir->at += d->d_reclen;
		l->dir->next_off = d->d_off;
	}
	return l->len ? 0 : err;
}

static void reply_listing(fuse_req_t req, size_t size, off_t at,
			  const struct fuse_file_info *fi, bool plus)
{
	auto_file struct mirror_file *f = mirror_file_get(mirror_of(req), fi->fh);
	auto_free char *p = xmalloc(size ? size : 1);
	struct listing l = {
		.req = req, .dir = f, .plus = plus, .p = p, .size = size,
	};
	int err = EBADF;

	if (f) {
		mutex_lock(&f->lock);
		err = fill(&l, at);
		mutex_unlock(&f->lock);
	}
	if (err)
		fuse_reply_err(req, err);
	else
		fuse_reply_buf(req, l.p, l.len);
}

void mirror_op_readdir(fuse_req_t req, fuse_ino_t ino, size_t size, off_t at,
		       struct fuse_file_info *fi)
{
	(void)ino;
	reply_listing(req, size, at, fi, false);
}

void mirror_op_readdirplus(fuse_req_t req, fuse_ino_t ino, size_t size, off_t at,
			   struct fuse_file_info *fi)
{
	(void)ino;
	reply_listing(req, size, at, fi, true);
}

void mirror_op_fsyncdir(fuse_req_t req, fuse_ino_t ino, int datasync,
			struct fuse_file_info *fi)
{
	mirror_op_fsync(req, ino, datasync, fi);
}
