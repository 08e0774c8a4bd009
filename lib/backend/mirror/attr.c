/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The mirror's operations on attributes, the targets of links, and xattrs.
 * Calls that do not take an O_PATH descriptor get its link in /proc. */
#include "config.h"

#include "backend/mirror/mirror_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/mem.h"

/* Replies with err if it is not 0, else with the attributes of the node. */
static void reply_attr(fuse_req_t req, const struct mirror_node *node, int err)
{
	struct stat st;

	if (!err && fstatat(node->fd, "", &st, AT_EMPTY_PATH))
		err = errno;
	if (err)
		fuse_reply_err(req, err);
	else
		fuse_reply_attr(req, &st, node->mirror->attr_timeout);
}

void mirror_op_getattr(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	auto_node struct mirror_node *node = mirror_get(mirror_of(req), ino);

	(void)fi;
	reply_attr(req, node, node ? 0 : ESTALE);
}

static struct wire_sx_time statx_time(const struct statx_timestamp *t)
{
	return (struct wire_sx_time){ .tv_sec = t->tv_sec, .tv_nsec = t->tv_nsec };
}

static void put_statx(const struct statx *st, struct wire_statx *out)
{
	*out = (struct wire_statx){
		/* Anything else that the host reports is about mounts of its
		 * own. */
		.mask = st->stx_mask & (STATX_BASIC_STATS | STATX_BTIME),
		.blksize = st->stx_blksize,
		.attributes = st->stx_attributes,
		.nlink = st->stx_nlink, .uid = st->stx_uid, .gid = st->stx_gid,
		.mode = st->stx_mode, .ino = st->stx_ino,
		.size = st->stx_size, .blocks = st->stx_blocks,
		.attributes_mask = st->stx_attributes_mask,
		.atime = statx_time(&st->stx_atime),
		.btime = statx_time(&st->stx_btime),
		.ctime = statx_time(&st->stx_ctime),
		.mtime = statx_time(&st->stx_mtime),
		.rdev_major = st->stx_rdev_major,
		.rdev_minor = st->stx_rdev_minor,
		.dev_major = st->stx_dev_major, .dev_minor = st->stx_dev_minor,
	};
}

int mirror_statx(struct backend *b, const struct wire_in_header *h,
		 const void *args, void *reply)
{
	struct mirror *m = (struct mirror *)b;	/* which starts with it */
	auto_node struct mirror_node *node = mirror_get(m, h->nodeid);
	const struct wire_statx_in *in = args;
	struct wire_statx_out *out = reply;
	struct statx st;

	if (!node)
		return ESTALE;
	if (statx(node->fd, "", AT_EMPTY_PATH | (int)in->sx_flags,
		  STATX_BASIC_STATS | STATX_BTIME, &st))
		return errno;
	put_statx(&st, &out->stat);
	backend_put_valid(out, m->attr_timeout);
	return 0;
}

/* ---- setattr ------------------------------------------------------------- */

static int set_mode(const struct mirror *m, const struct mirror_node *node,
		    mode_t mode)
{
	struct mirror_path number = mirror_number(node->fd);

	/* fchmodat(2) has no flag against following a link, and a link has no
	 * mode. */
	if (node->type == S_IFLNK)
		return EOPNOTSUPP;
	return fchmodat(m->proc, number.s, mode & 07777, 0) ? errno : 0;
}

static int set_owner(const struct mirror_node *node, const struct stat *attr,
		     int set)
{
	uid_t uid = set & FUSE_SET_ATTR_UID ? attr->st_uid : (uid_t)-1;
	gid_t gid = set & FUSE_SET_ATTR_GID ? attr->st_gid : (gid_t)-1;

	return fchownat(node->fd, "", uid, gid, AT_EMPTY_PATH) ? errno : 0;
}

static int set_size(fuse_req_t req, const struct mirror_node *node, off_t size,
		    struct fuse_file_info *fi)
{
	struct mirror *m = node->mirror;
	auto_file struct mirror_file *f = fi ? mirror_file_get(m, fi->fh) : NULL;
	auto_close int opened = -1;
	struct mirror_role role;
	int err;

	if (node->type != S_IFREG)
		return node->type == S_IFDIR ? EISDIR : EINVAL;
	if (!f)
		opened = mirror_reopen(m, node->fd, O_WRONLY);
	if (!f && opened < 0)
		return errno;
	role = mirror_become_writer(req);
	err = ftruncate(f ? f->fd : opened, size) ? errno : 0;
	mirror_return(role);
	return err;
}

static struct timespec time_to_set(int set, int given, int now, struct timespec t)
{
	if (set & now)
		return (struct timespec){ .tv_nsec = UTIME_NOW };
	return set & given ? t : (struct timespec){ .tv_nsec = UTIME_OMIT };
}

static int set_times(const struct mirror_node *node, const struct stat *attr,
		     int set)
{
	const struct timespec times[] = {
		time_to_set(set, FUSE_SET_ATTR_ATIME, FUSE_SET_ATTR_ATIME_NOW,
			    attr->st_atim),
		time_to_set(set, FUSE_SET_ATTR_MTIME, FUSE_SET_ATTR_MTIME_NOW,
			    attr->st_mtim),
	};

	return utimensat(node->fd, "", times, AT_EMPTY_PATH) ? errno : 0;
}

/* The order matters: changing the owner clears setuid, and changing the size
 * sets the times. */
static int set_all(fuse_req_t req, const struct mirror_node *node,
		   const struct stat *attr, int set, struct fuse_file_info *fi)
{
	int err = 0;

	if (set & (FUSE_SET_ATTR_UID | FUSE_SET_ATTR_GID))
		err = set_owner(node, attr, set);
	if (!err && set & FUSE_SET_ATTR_MODE)
		err = set_mode(node->mirror, node, attr->st_mode);
	if (!err && set & FUSE_SET_ATTR_SIZE)
		err = set_size(req, node, attr->st_size, fi);
	if (!err && set & (FUSE_SET_ATTR_ATIME | FUSE_SET_ATTR_MTIME))
		err = set_times(node, attr, set);
	return err;
}

void mirror_op_setattr(fuse_req_t req, fuse_ino_t ino, struct stat *attr, int set,
		       struct fuse_file_info *fi)
{
	auto_node struct mirror_node *node = mirror_get(mirror_of(req), ino);

	reply_attr(req, node,
		   node ? set_all(req, node, attr, set, fi) : ESTALE);
}

/* ---- links, statfs ------------------------------------------------------- */

static int read_link(const struct mirror_node *node, char *target, size_t size)
{
	ssize_t n = readlinkat(node->fd, "", target, size - 1);

	/* ENOENT means that it is no link. */
	if (n < 0)
		return errno == ENOENT ? EINVAL : errno;
	target[n] = '\0';
	return 0;
}

void mirror_op_readlink(fuse_req_t req, fuse_ino_t ino)
{
	auto_node struct mirror_node *node = mirror_get(mirror_of(req), ino);
	char target[PATH_MAX + 1];
	int err = node ? read_link(node, target, sizeof(target)) : ESTALE;

	if (err)
		fuse_reply_err(req, err);
	else
		fuse_reply_readlink(req, target);
}

void mirror_op_statfs(fuse_req_t req, fuse_ino_t ino)
{
	auto_node struct mirror_node *node = mirror_get(mirror_of(req), ino);
	struct statvfs st;
	int err = ESTALE;

	if (node)
		err = fstatvfs(node->fd, &st) ? errno : 0;
	if (err)
		fuse_reply_err(req, err);
	else
		fuse_reply_statfs(req, &st);
}

/* ---- xattrs -------------------------------------------------------------- */

void mirror_op_setxattr(fuse_req_t req, fuse_ino_t ino, const char *name,
			const char *value, size_t len, int flags)
{
	auto_node struct mirror_node *node = mirror_get(mirror_of(req), ino);
	struct mirror_path path;
	int err = ESTALE;

	if (node) {
		path = mirror_path(node->fd);
		err = setxattr(path.s, name, value, len, flags) ? errno : 0;
	}
	fuse_reply_err(req, err);
}

/* Replies with the value of a name, or with the list of names if name is NULL.
 * The kernel asks for XATTR_SIZE_MAX and XATTR_LIST_MAX bytes at most, and the
 * host has no more. */
static void reply_xattr(fuse_req_t req, fuse_ino_t ino, const char *name,
			size_t size)
{
	auto_node struct mirror_node *node = mirror_get(mirror_of(req), ino);
	size_t room = size < XATTR_SIZE_MAX ? size : XATTR_SIZE_MAX;
	auto_free char *p = room ? xmalloc(room) : NULL;
	struct mirror_path path;
	ssize_t n = -1;

	errno = ESTALE;
	if (node) {
		path = mirror_path(node->fd);
		n = name ? getxattr(path.s, name, p, room) :
			listxattr(path.s, p, room);
	}
	if (n < 0)
		fuse_reply_err(req, errno);
	else if (size)
		fuse_reply_buf(req, p, (size_t)n);
	else
		fuse_reply_xattr(req, (size_t)n);
}

void mirror_op_getxattr(fuse_req_t req, fuse_ino_t ino, const char *name,
			size_t size)
{
	reply_xattr(req, ino, name, size);
}

void mirror_op_listxattr(fuse_req_t req, fuse_ino_t ino, size_t size)
{
	reply_xattr(req, ino, NULL, size);
}

void mirror_op_removexattr(fuse_req_t req, fuse_ino_t ino, const char *name)
{
	auto_node struct mirror_node *node = mirror_get(mirror_of(req), ino);
	struct mirror_path path;
	int err = ESTALE;

	if (node) {
		path = mirror_path(node->fd);
		err = removexattr(path.s, name) ? errno : 0;
	}
	fuse_reply_err(req, err);
}
