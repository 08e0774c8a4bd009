/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Operations on extended attributes; they run on the session's threads. */
#include "config.h"

#include "backend/memory/memory_impl.h"

#include <errno.h>

/* size 0 asks how much there is. */
static void reply_value(fuse_req_t req, const void *p, size_t len, size_t size)
{
	if (!size)
		fuse_reply_xattr(req, len);
	else if (len > size)
		fuse_reply_err(req, ERANGE);
	else
		fuse_reply_buf(req, p, len);
}

void memfs_op_setxattr(fuse_req_t req, fuse_ino_t ino, const char *name,
		       const char *value, size_t len, int flags)
{
	struct inode *i = memfs_lock(req, ino, true);
	int err;

	if (!i)
		return;
	err = xattr_set(&i->xattrs, name, value, len, flags);
	if (err == ENOSPC)
		atomic_store(&memfs_of(req)->store->nodes.xattrs_full, true);
	if (!err)
		inode_touch(i, false);
	inode_unlock(i);
	fuse_reply_err(req, err);
}

void memfs_op_getxattr(fuse_req_t req, fuse_ino_t ino, const char *name,
		       size_t size)
{
	struct inode *i = memfs_lock(req, ino, false);
	const struct xattr *x;

	if (!i)
		return;
	x = xattr_get(i->xattrs, name);
	if (x)
		reply_value(req, x->value, x->len, size);
	else
		fuse_reply_err(req, ENODATA);
	inode_unlock(i);
}

void memfs_op_listxattr(fuse_req_t req, fuse_ino_t ino, size_t size)
{
	struct inode *i = memfs_lock(req, ino, false);
	auto_buf struct buf names = BUF_INIT;

	if (!i)
		return;
	xattr_names(i->xattrs, &names);
	inode_unlock(i);
	reply_value(req, buf_str(&names), names.len, size);
}

void memfs_op_removexattr(fuse_req_t req, fuse_ino_t ino, const char *name)
{
	struct inode *i = memfs_lock(req, ino, true);
	int err;

	if (!i)
		return;
	err = xattr_remove(&i->xattrs, name);
	if (!err)
		inode_touch(i, false);
	inode_unlock(i);
	fuse_reply_err(req, err);
}
