/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The mirror's operations on names.  What has been made is looked up again by
 * its name.  If somebody was faster and put something else there, the kernel
 * gets that, and compares the types itself.
 */
#include "config.h"

#include "backend/mirror/mirror_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/mem.h"

/* The flags that openat2(2), which is strict, accepts with O_CREAT.  */
#define CREATE_FLAGS	(O_ACCMODE | O_APPEND | O_SYNC | O_DSYNC | O_NONBLOCK)

/* ---- looking up ---------------------------------------------------------- */

void mirror_fill_entry(const struct mirror *m, const struct mirror_node *node,
		       const struct stat *st, struct fuse_entry_param *e)
{
	*e = (struct fuse_entry_param){
		.ino = node->id, .attr = *st,
		.attr_timeout = m->attr_timeout,
		.entry_timeout = m->entry_timeout,
	};
}

int mirror_entry(struct mirror *m, int dir, const char *name,
		 struct fuse_entry_param *e)
{
	auto_close int fd = mirror_open_child(dir, name);
	struct mirror_node *node;
	struct stat st;

	if (fd < 0 || fstatat(fd, "", &st, AT_EMPTY_PATH))
		return errno;
	node = mirror_enter(m, steal_fd(&fd), &st);
	mirror_fill_entry(m, node, &st, e);
	mirror_put(node);
	return 0;
}

void mirror_op_lookup(fuse_req_t req, fuse_ino_t ino, const char *name)
{
	struct mirror *m = mirror_of(req);
	auto_node struct mirror_node *dir = mirror_get(m, ino);
	struct fuse_entry_param e;
	int err = dir ? mirror_entry(m, dir->fd, name, &e) : ESTALE;

	if (err == ENOENT && m->negative_timeout > 0) {
		e = (struct fuse_entry_param){
			.entry_timeout = m->negative_timeout,
		};
		err = 0;
	}
	if (err)
		fuse_reply_err(req, err);
	else
		fuse_reply_entry(req, &e);
}

void mirror_op_forget(fuse_req_t req, fuse_ino_t ino, uint64_t n)
{
	mirror_forget(mirror_of(req), ino, n);
	fuse_reply_none(req);
}

void mirror_op_forget_multi(fuse_req_t req, size_t count,
			    struct fuse_forget_data *forgets)
{
	size_t i;

	for (i = 0; i < count; i++)
		mirror_forget(mirror_of(req), forgets[i].ino,
			      forgets[i].nlookup);
	fuse_reply_none(req);
}

/* ---- making -------------------------------------------------------------- */

/* If the kernel leaves the umask to us and the directory has no default ACL,
 * the umask is taken off here.  If the directory has one, the host ignores the
 * umask. */
static mode_t masked(fuse_req_t req, int dir, mode_t mode)
{
	struct mirror_path path = mirror_path(dir);

	if (!fuse_req_ctx(req)->umask ||
	    getxattr(path.s, "system.posix_acl_default", NULL, 0) > 0)
		return mode;
	return mode & ~fuse_req_ctx(req)->umask;
}

/* What is to be made in dir, and its name. */
struct making {
	const char *name;
	mode_t mode;			/* with its type */
	dev_t rdev;
	const char *target;		/* S_IFLNK */
};

static int make(const struct making *what, int dir, mode_t mode)
{
	int bad;

	switch (what->mode & S_IFMT) {
	case S_IFDIR:
		bad = mkdirat(dir, what->name, mode);
		break;
	case S_IFLNK:
		bad = symlinkat(what->target, dir, what->name);
		break;
	default:
		bad = mknodat(dir, what->name, mode, what->rdev);
	}
	return bad ? errno : 0;
}

static int make_in(fuse_req_t req, const struct mirror_node *dir,
		   const struct making *what, struct fuse_entry_param *e)
{
	struct mirror_role role;
	mode_t mode;
	int err;

	if (!mirror_is_name(what->name))
		return EINVAL;
	mode = masked(req, dir->fd, what->mode);
	role = mirror_become(req);
	err = make(what, dir->fd, mode);
	mirror_return(role);
	return err ? err : mirror_entry(dir->mirror, dir->fd, what->name, e);
}

static void reply_entry(fuse_req_t req, const struct fuse_entry_param *e, int err)
{
	if (err)
		fuse_reply_err(req, err);
	else
		fuse_reply_entry(req, e);
}

static void make_entry(fuse_req_t req, fuse_ino_t ino, const struct making *what)
{
	auto_node struct mirror_node *dir = mirror_get(mirror_of(req), ino);
	struct fuse_entry_param e;

	reply_entry(req, &e, dir ? make_in(req, dir, what, &e) : ESTALE);
}

void mirror_op_mknod(fuse_req_t req, fuse_ino_t ino, const char *name,
		     mode_t mode, dev_t rdev)
{
	const struct making what = {
		.name = name, .rdev = rdev,
		.mode = mode & S_IFMT ? mode : mode | S_IFREG,
	};

	make_entry(req, ino, &what);
}

void mirror_op_mkdir(fuse_req_t req, fuse_ino_t ino, const char *name,
		     mode_t mode)
{
	const struct making what = {
		.name = name, .mode = S_IFDIR | (mode & 07777),
	};

	make_entry(req, ino, &what);
}

void mirror_op_symlink(fuse_req_t req, const char *target, fuse_ino_t ino,
		       const char *name)
{
	const struct making what = {
		.name = name, .mode = S_IFLNK | 0777, .target = target,
	};

	make_entry(req, ino, &what);
}

static int link_in(const struct mirror_node *node, const struct mirror_node *dir,
		   const char *name, struct fuse_entry_param *e)
{
	struct mirror *m = dir->mirror;
	struct mirror_path number = mirror_number(node->fd);

	if (!mirror_is_name(name))
		return EINVAL;
	if (linkat(m->proc, number.s, dir->fd, name, AT_SYMLINK_FOLLOW))
		return errno;
	return mirror_entry(m, dir->fd, name, e);
}

void mirror_op_link(fuse_req_t req, fuse_ino_t ino, fuse_ino_t to_dir,
		    const char *name)
{
	struct mirror *m = mirror_of(req);
	auto_node struct mirror_node *node = mirror_get(m, ino);
	auto_node struct mirror_node *dir = mirror_get(m, to_dir);
	struct fuse_entry_param e;

	reply_entry(req, &e,
		    node && dir ? link_in(node, dir, name, &e) : ESTALE);
}

/* ---- taking away --------------------------------------------------------- */

static void remove_name(fuse_req_t req, fuse_ino_t ino, const char *name,
			int flags)
{
	auto_node struct mirror_node *dir = mirror_get(mirror_of(req), ino);
	int err = 0;

	if (!dir)
		err = ESTALE;
	else if (!mirror_is_name(name))
		err = EINVAL;
	else if (unlinkat(dir->fd, name, flags))
		err = errno;
	fuse_reply_err(req, err);
}

void mirror_op_unlink(fuse_req_t req, fuse_ino_t ino, const char *name)
{
	remove_name(req, ino, name, 0);
}

void mirror_op_rmdir(fuse_req_t req, fuse_ino_t ino, const char *name)
{
	remove_name(req, ino, name, AT_REMOVEDIR);
}

void mirror_op_rename(fuse_req_t req, fuse_ino_t ino, const char *name,
		      fuse_ino_t to_dir, const char *to_name, unsigned flags)
{
	struct mirror *m = mirror_of(req);
	auto_node struct mirror_node *from = mirror_get(m, ino);
	auto_node struct mirror_node *to = mirror_get(m, to_dir);
	int err = 0;

	if (!from || !to)
		err = ESTALE;
	else if (!mirror_is_name(name) || !mirror_is_name(to_name))
		err = EINVAL;
	else if (renameat2(from->fd, name, to->fd, to_name, flags))
		err = errno;
	fuse_reply_err(req, err);
}

/* ---- making and opening -------------------------------------------------- */

/* Makes and opens a new file; -1 and errno, which is EEXIST if anything is
 * there. */
static int create_new(fuse_req_t req, int dir, const char *name, int flags,
		      mode_t mode)
{
	const struct open_how how = {
		.flags = (flags & CREATE_FLAGS) | O_CREAT | O_EXCL | O_CLOEXEC,
		.mode = masked(req, dir, mode & 07777),
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS |
			RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV,
	};
	struct mirror_role role = mirror_become(req);
	int fd = (int)syscall(SYS_openat2, dir, name, &how, sizeof(how));
	int err = errno;

	mirror_return(role);
	errno = err;
	return fd;
}

/* Returns the node of the open file, with a reference; NULL and errno. */
static struct mirror_node *enter_opened(struct mirror *m, int fd, struct stat *st)
{
	int path = mirror_reopen(m, fd, O_PATH);

	if (path < 0)
		return NULL;
	if (fstat(fd, st)) {
		close(path);
		return NULL;
	}
	return mirror_enter(m, path, st);
}

/* The kernel may not know that the name exists.  Then what exists is opened. */
static int open_existing(struct mirror *m, int dir, const char *name, int flags)
{
	auto_close int path = mirror_open_child(dir, name);
	struct stat st;

	if (path < 0 || fstatat(path, "", &st, AT_EMPTY_PATH))
		return -1;
	if (!S_ISREG(st.st_mode)) {
		errno = S_ISDIR(st.st_mode) ? EISDIR : EEXIST;
		return -1;
	}
	return mirror_reopen(m, path, flags);
}

/* Returns an open file in dir, or -1 and errno. */
static int create_in(fuse_req_t req, const struct mirror_node *dir,
		     const char *name, mode_t mode,
		     const struct fuse_file_info *fi)
{
	struct mirror *m = dir->mirror;
	int fd, flags = mirror_open_flags(m, fi->flags);

	if (!mirror_is_name(name)) {
		errno = EINVAL;
		return -1;
	}
	fd = create_new(req, dir->fd, name, flags, mode);
	if (fd < 0 && errno == EEXIST && !(fi->flags & O_EXCL))
		fd = open_existing(m, dir->fd, name, flags);
	return fd;
}

/* The same without a name. */
static int create_nameless(fuse_req_t req, const struct mirror_node *dir,
			   mode_t mode, const struct fuse_file_info *fi)
{
	int flags = mirror_open_flags(dir->mirror, fi->flags) |
		(fi->flags & O_EXCL);
	struct mirror_role role;
	int fd, err;

	mode = masked(req, dir->fd, mode & 07777);
	role = mirror_become(req);
	fd = openat(dir->fd, ".", flags | O_TMPFILE | O_CLOEXEC, mode);
	err = errno;
	mirror_return(role);
	errno = err;
	return fd;
}

/* Takes over opened, which may be -1 with errno set; 0 or errno. */
static int enter_created(struct mirror *m, int opened, struct fuse_entry_param *e,
			 struct fuse_file_info *fi)
{
	auto_close int fd = opened;
	auto_node struct mirror_node *node = NULL;
	struct stat st;

	if (fd >= 0)
		node = enter_opened(m, fd, &st);
	if (!node)
		return errno;
	mirror_opened(m, node, steal_fd(&fd), fi);
	mirror_fill_entry(m, node, &st, e);
	return 0;
}

static void reply_create(fuse_req_t req, const struct fuse_entry_param *e,
			 const struct fuse_file_info *fi, int err)
{
	if (err)
		fuse_reply_err(req, err);
	else
		fuse_reply_create(req, e, fi);
}

void mirror_op_create(fuse_req_t req, fuse_ino_t ino, const char *name,
		      mode_t mode, struct fuse_file_info *fi)
{
	struct mirror *m = mirror_of(req);
	auto_node struct mirror_node *dir = mirror_get(m, ino);
	struct fuse_entry_param e;
	int err = ESTALE;

	if (dir)
		err = enter_created(m, create_in(req, dir, name, mode, fi), &e,
				    fi);
	reply_create(req, &e, fi, err);
}

void mirror_op_tmpfile(fuse_req_t req, fuse_ino_t ino, mode_t mode,
		       struct fuse_file_info *fi)
{
	struct mirror *m = mirror_of(req);
	auto_node struct mirror_node *dir = mirror_get(m, ino);
	struct fuse_entry_param e;
	int err = ESTALE;

	if (dir)
		err = enter_created(m, create_nameless(req, dir, mode, fi), &e,
				    fi);
	reply_create(req, &e, fi, err);
}
