/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Operations on the bytes of files; they run on the session's threads and take
 * the inode's lock only.  A read replies under that lock out of the pages
 * themselves, and the receiver of the reply copies what it keeps.
 */
#include "config.h"

#include "backend/memory/memory_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <string.h>

/* Few enough for writev(2) with the header (UIO_MAXIOV is 1024). */
#define IOV_MAX_READ	512
#define IOV_ON_STACK	8
#define COPY_STEP	65536u

void memfs_open(struct memfs *fs, struct inode *i, struct fuse_file_info *fi)
{
	fi->fh = atomic_fetch_add(&fs->store->last_fh, 1) + 1;
	/* With atomic_o_trunc; else the kernel sends SETATTR. */
	if (fi->flags & O_TRUNC && i->size) {
		inode_resize(i, 0);
		inode_touch(i, true);
	}
}

void memfs_op_open(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	struct inode *i = memfs_lock(req, ino, fi->flags & O_TRUNC);

	if (!i)
		return;
	memfs_open(memfs_of(req), i, fi);
	inode_unlock(i);
	fuse_reply_open(req, fi);
}

static void reply_copied(fuse_req_t req, const struct inode *i, uint64_t at,
			 size_t len)
{
	auto_free char *p = xmalloc(len);

	sparse_read(&i->data, at, p, len);
	fuse_reply_buf(req, p, len);
}

static void reply_pages(fuse_req_t req, const struct inode *i, uint64_t at,
			size_t len)
{
	size_t max = len / SPARSE_PAGE + 2, done;
	struct iovec some[IOV_ON_STACK];
	auto_free struct iovec *many = NULL;
	struct iovec *iov = some;
	int n;

	if (max > IOV_MAX_READ) {
		reply_copied(req, i, at, len);
		return;
	}
	if (max > IOV_ON_STACK)
		iov = many = xmalloc(max * sizeof(*many));
	n = sparse_iov(&i->data, at, len, iov, max, &done);
	if (n == 1)
		fuse_reply_buf(req, iov->iov_base, iov->iov_len);
	else
		fuse_reply_iov(req, iov, n);
}

static int check_file(const struct inode *i)
{
	if (i->type == S_IFREG)
		return 0;
	return i->type == S_IFDIR ? EISDIR : EINVAL;
}

void memfs_op_read(fuse_req_t req, fuse_ino_t ino, size_t size, off_t at,
		   struct fuse_file_info *fi)
{
	struct inode *i = memfs_lock(req, ino, false);
	uint64_t from = at;
	int err;

	(void)fi;
	if (!i)
		return;
	err = at < 0 ? EINVAL : check_file(i);
	if (err)
		fuse_reply_err(req, err);
	else if (from >= i->size || !size)
		fuse_reply_buf(req, NULL, 0);
	else
		reply_pages(req, i, from,
			    size < i->size - from ? size : i->size - from);
	inode_unlock(i);
}

static ssize_t write_locked(struct inode *i, uint64_t at, const void *p,
			    size_t size)
{
	ssize_t n = sparse_write(&i->data, at, p, size);

	if (n <= 0)
		return n;
	if (at + n > i->size)
		i->size = at + n;
	inode_touch(i, true);
	return n;
}

/* A hole is written: what was there is gone, and the file may grow. */
static ssize_t write_hole(struct inode *i, uint64_t at, uint64_t len)
{
	sparse_punch(&i->data, at, len);
	if (at + len > i->size)
		i->size = at + len;
	inode_touch(i, true);
	return (ssize_t)len;
}

void memfs_op_write(fuse_req_t req, fuse_ino_t ino, const char *p, size_t size,
		    off_t at, struct fuse_file_info *fi)
{
	struct inode *i = memfs_lock(req, ino, true);
	ssize_t n;

	if (!i)
		return;
	n = -check_file(i);
	if (!n && (at < 0 || size > (uint64_t)(INT64_MAX - at)))
		n = -EFBIG;
	if (!n)
		n = write_locked(i, at, p, size);
	/* The kernel writes back its cache and has removed these bits
	 * itself. */
	if (n > 0 && !fi->writepage)
		memfs_kill_ids(req, i);
	inode_unlock(i);
	if (n < 0)
		fuse_reply_err(req, -n);
	else
		fuse_reply_write(req, n);
}

void memfs_op_fsync(fuse_req_t req, fuse_ino_t ino, int datasync,
		    struct fuse_file_info *fi)
{
	(void)ino;
	(void)datasync;
	(void)fi;
	fuse_reply_err(req, 0);
}

static int fallocate_locked(struct inode *i, int mode, uint64_t at, uint64_t len)
{
	int err = 0;

	if (mode & (FALLOC_FL_PUNCH_HOLE | FALLOC_FL_ZERO_RANGE))
		sparse_punch(&i->data, at, len);
	if (!(mode & FALLOC_FL_PUNCH_HOLE))
		err = sparse_fill(&i->data, at, len);
	if (err)
		return err;
	if (!(mode & FALLOC_FL_KEEP_SIZE) && at + len > i->size)
		i->size = at + len;
	inode_touch(i, mode != FALLOC_FL_KEEP_SIZE);
	return 0;
}

void memfs_op_fallocate(fuse_req_t req, fuse_ino_t ino, int mode, off_t at,
			off_t len, struct fuse_file_info *fi)
{
	const int zap = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_ZERO_RANGE;
	struct inode *i = memfs_lock(req, ino, true);
	int err;

	(void)fi;
	if (!i)
		return;
	err = check_file(i);
	if (!err && (mode & ~(zap | FALLOC_FL_KEEP_SIZE) ||
		     (mode & zap) == zap ||
		     (mode & (zap | FALLOC_FL_KEEP_SIZE)) == FALLOC_FL_PUNCH_HOLE))
		err = EOPNOTSUPP;
	if (!err && (at < 0 || len <= 0))
		err = EINVAL;
	if (!err && len > INT64_MAX - at)
		err = EFBIG;
	if (!err)
		err = fallocate_locked(i, mode, at, len);
	inode_unlock(i);
	fuse_reply_err(req, err);
}

void memfs_op_lseek(fuse_req_t req, fuse_ino_t ino, off_t at, int whence,
		    struct fuse_file_info *fi)
{
	struct inode *i = memfs_lock(req, ino, false);
	uint64_t to = 0;
	int err;

	(void)fi;
	if (!i)
		return;
	err = check_file(i);
	if (!err && whence != SEEK_DATA && whence != SEEK_HOLE)
		err = EINVAL;
	if (!err && (at < 0 || (uint64_t)at >= i->size))
		err = ENXIO;
	if (!err)
		to = sparse_next(&i->data, at, whence == SEEK_DATA);
	if (!err && to >= i->size) {
		to = i->size;
		err = whence == SEEK_DATA ? ENXIO : 0;
	}
	inode_unlock(i);
	if (err)
		fuse_reply_err(req, err);
	else
		fuse_reply_lseek(req, to);
}

/* A piece of a file, on its way into another one. */
struct piece {
	uint64_t len;
	bool is_data;
	uint8_t bytes[COPY_STEP];	/* is_data */
};

/* The next piece at a place: a hole, or some bytes.  0: nothing is there. */
static int take_piece(struct inode_table *t, uint64_t from, uint64_t at,
		      uint64_t max, struct piece *p)
{
	struct inode *i = inode_lock(t, from, false);
	int err;

	p->len = 0;
	if (!i)
		return ESTALE;
	err = check_file(i);
	if (!err && at < i->size)
		p->len = max < i->size - at ? max : i->size - at;
	if (p->len)
		p->len = sparse_run(&i->data, at, p->len, COPY_STEP,
				    &p->is_data);
	if (p->len && p->is_data)
		sparse_read(&i->data, at, p->bytes, p->len);
	inode_unlock(i);
	return err;
}

/* Bytes written, or -errno. */
static ssize_t put_piece(struct inode_table *t, uint64_t to, uint64_t at,
			 const struct piece *p)
{
	struct inode *i = inode_lock(t, to, true);
	ssize_t n;

	if (!i)
		return -ESTALE;
	n = -check_file(i);
	if (!n && p->is_data)
		n = write_locked(i, at, p->bytes, p->len);
	else if (!n)
		n = write_hole(i, at, p->len);
	inode_unlock(i);
	return n;
}

/* A range of one file goes into another one, holes as holes; never are both
 * files locked.  0 or errno; *done: how much was copied. */
static int copy_range(struct inode_table *t, uint64_t from, uint64_t at,
		      uint64_t to, uint64_t to_at, uint64_t len, uint64_t *done)
{
	auto_free struct piece *p = xmalloc(sizeof(*p));
	ssize_t n = 1;
	int err = 0;

	*done = 0;
	if (at > INT64_MAX || to_at > INT64_MAX)
		return EINVAL;
	if (len > INT64_MAX - to_at)
		return EFBIG;
	while (*done < len && n > 0 && !err) {
		err = take_piece(t, from, at + *done, len - *done, p);
		if (err || !p->len)
			break;
		n = put_piece(t, to, to_at + *done, p);
		*done += n > 0 ? (uint64_t)n : 0;
		err = n < 0 ? (int)-n : 0;
	}
	return *done ? 0 : err;
}

void memfs_op_copy_file_range(fuse_req_t req, fuse_ino_t ino, off_t at,
			      struct fuse_file_info *fi, fuse_ino_t to,
			      off_t to_at, struct fuse_file_info *to_fi,
			      size_t len, int flags)
{
	uint64_t done = 0;
	int err = EINVAL;

	(void)fi;
	(void)to_fi;
	if (len > INT32_MAX)
		len = INT32_MAX;	/* the reply has 32 bits */
	if (!flags)
		err = copy_range(&memfs_of(req)->store->nodes, ino, (uint64_t)at, to,
				 (uint64_t)to_at, len, &done);
	if (err)
		fuse_reply_err(req, err);
	else
		fuse_reply_write(req, done);
}

/* Nothing is under way. */
int memfs_syncfs(struct backend *b, const struct wire_in_header *h,
		 const void *args, void *reply)
{
	(void)b, (void)h, (void)args, (void)reply;
	return 0;
}

int memfs_copy_64(struct backend *b, const struct wire_in_header *h,
		  const void *args, void *reply)
{
	struct memfs *fs = (struct memfs *)b;	/* which starts with it */
	struct wire_copy_file_range_out *out = reply;
	struct wire_copy_file_range_in in;

	memcpy(&in, args, sizeof(in));
	if (in.flags)
		return EINVAL;
	return copy_range(&fs->store->nodes, h->nodeid, in.off_in, in.nodeid_out,
			  in.off_out, in.len, &out->bytes_copied);
}
