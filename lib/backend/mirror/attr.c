/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The mirror's operations on attributes, links' targets and xattrs.  Calls that
 * take no O_PATH descriptor are given its link in /proc. */
#include "config.h"

#include "backend/mirror/mirror.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/mem.h"

static void reply_attr(fuse_req_t req, struct mirror_node *node)
{
	struct mirror *m = mirror_of(req);
	struct stat st;

	if (fstatat(node->fd, "", &st, AT_EMPTY_PATH))
		fuse_reply_err(req, errno);
	else
		fuse_reply_attr(req, &st, m->attr_timeout);
}

void mirror_op_getattr(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	struct mirror_node *node = mirror_node(req, ino);

	(void)fi;
	if (!node)
		return;
	reply_attr(req, node);
	mirror_put(node);
}

/* ---- setattr ------------------------------------------------------------- */

static int set_mode(const struct mirror *m, const struct mirror_node *node,
		    mode_t mode)
{
	struct mirror_path number = mirror_number(node->fd);

	/* fchmodat(2) cannot say "not through a link": there is no such mode. */
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
	struct mirror *m = mirror_of(req);
	struct mirror_file *f = fi ? mirror_file_get(m, fi->fh) : NULL;
	struct mirror_role role;
	int fd = f ? f->fd : -1, err = 0;

	if (node->type != S_IFREG)
		err = node->type == S_IFDIR ? EISDIR : EINVAL;
	else if (!f)
		fd = mirror_reopen(m, node->fd, O_WRONLY);
	if (!err && fd < 0)
		err = errno;
	if (!err) {
		role = mirror_become_writer(req);
		err = ftruncate(fd, size) ? errno : 0;
		mirror_return(role);
	}
	if (f)
		mirror_file_put(f);
	else if (fd >= 0)
		close(fd);
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

/* In this order: changing the owner ends setuid, changing the size the times. */
static int set_all(fuse_req_t req, const struct mirror_node *node,
		   const struct stat *attr, int set, struct fuse_file_info *fi)
{
	int err = 0;

	if (set & (FUSE_SET_ATTR_UID | FUSE_SET_ATTR_GID))
		err = set_owner(node, attr, set);
	if (!err && set & FUSE_SET_ATTR_MODE)
		err = set_mode(mirror_of(req), node, attr->st_mode);
	if (!err && set & FUSE_SET_ATTR_SIZE)
		err = set_size(req, node, attr->st_size, fi);
	if (!err && set & (FUSE_SET_ATTR_ATIME | FUSE_SET_ATTR_MTIME))
		err = set_times(node, attr, set);
	return err;
}

void mirror_op_setattr(fuse_req_t req, fuse_ino_t ino, struct stat *attr, int set,
		       struct fuse_file_info *fi)
{
	struct mirror_node *node = mirror_node(req, ino);
	int err;

	if (!node)
		return;
	err = set_all(req, node, attr, set, fi);
	if (err)
		fuse_reply_err(req, err);
	else
		reply_attr(req, node);
	mirror_put(node);
}

/* ---- links, statfs ------------------------------------------------------- */

void mirror_op_readlink(fuse_req_t req, fuse_ino_t ino)
{
	struct mirror_node *node = mirror_node(req, ino);
	char target[PATH_MAX + 1];
	ssize_t n;

	if (!node)
		return;
	n = readlinkat(node->fd, "", target, sizeof(target) - 1);
	if (n < 0) {
		/* ENOENT: it is no link. */
		fuse_reply_err(req, errno == ENOENT ? EINVAL : errno);
	} else {
		target[n] = '\0';
		fuse_reply_readlink(req, target);
	}
	mirror_put(node);
}

void mirror_op_statfs(fuse_req_t req, fuse_ino_t ino)
{
	struct mirror_node *node = mirror_node(req, ino);
	struct statvfs st;

	if (!node)
		return;
	if (fstatvfs(node->fd, &st))
		fuse_reply_err(req, errno);
	else
		fuse_reply_statfs(req, &st);
	mirror_put(node);
}

/* ---- xattrs -------------------------------------------------------------- */

void mirror_op_setxattr(fuse_req_t req, fuse_ino_t ino, const char *name,
			const char *value, size_t len, int flags)
{
	struct mirror_node *node = mirror_node(req, ino);
	struct mirror_path path;
	int err;

	if (!node)
		return;
	path = mirror_path(node->fd);
	err = setxattr(path.s, name, value, len, flags) ? errno : 0;
	mirror_put(node);
	fuse_reply_err(req, err);
}

/* n: what a call gave into p, or would have given into more room. */
static void reply_xattr(fuse_req_t req, ssize_t n, const char *p, size_t size)
{
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
	struct mirror_node *node = mirror_node(req, ino);
	auto_free char *value = size ? xmalloc(size) : NULL;
	struct mirror_path path;

	if (!node)
		return;
	path = mirror_path(node->fd);
	reply_xattr(req, getxattr(path.s, name, value, size), value, size);
	mirror_put(node);
}

void mirror_op_listxattr(fuse_req_t req, fuse_ino_t ino, size_t size)
{
	struct mirror_node *node = mirror_node(req, ino);
	auto_free char *names = size ? xmalloc(size) : NULL;
	struct mirror_path path;

	if (!node)
		return;
	path = mirror_path(node->fd);
	reply_xattr(req, listxattr(path.s, names, size), names, size);
	mirror_put(node);
}

void mirror_op_removexattr(fuse_req_t req, fuse_ino_t ino, const char *name)
{
	struct mirror_node *node = mirror_node(req, ino);
	struct mirror_path path;
	int err;

	if (!node)
		return;
	path = mirror_path(node->fd);
	err = removexattr(path.s, name) ? errno : 0;
	mirror_put(node);
	fuse_reply_err(req, err);
}
