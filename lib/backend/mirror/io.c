/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The mirror's operations on the bytes of files.  An open file of the mirror is
 * an open file of the host.  So errors are the host's, including late ones at
 * FSYNC and FLUSH, and no write is acknowledged that the host has not accepted.
 */
#include "config.h"

#include "backend/mirror/mirror_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/lock.h"
#include "base/mem.h"
#include "base/units.h"

/* A file that changed so recently can change again without a change of its
 * times, because the clock for these ticks only every 4 or 10 ms. */
#define TICK_NS		(20 * NS_PER_MS)
#define STACK_READ	16384u

/* ---- opening ------------------------------------------------------------- */

/*
 * O_DIRECT is a matter between the client and the kernel, because our buffers
 * are not aligned.  With the kernel's writeback cache, the kernel decides where
 * the end of the file is, and it reads pages that it writes to in part.
 */
int mirror_open_flags(const struct mirror *m, int flags)
{
	flags &= ~(O_CREAT | O_EXCL | O_NOCTTY | O_DIRECT | O_NOFOLLOW |
		   O_DIRECTORY | O_PATH | __O_TMPFILE);
	if (!m->writeback)
		return flags;
	if ((flags & O_ACCMODE) == O_WRONLY)
		flags = (flags & ~O_ACCMODE) | O_RDWR;
	return flags & ~O_APPEND;
}

/* The time of a file can be any number of seconds (utimensat(2)).  */
static bool is_old(const struct timespec *t, const struct timespec *now)
{
	struct timespec end = { t->tv_sec, t->tv_nsec + (long)TICK_NS };

	if (end.tv_nsec >= (long)NS_PER_S) {
		if (end.tv_sec == INT64_MAX)
			return false;
		end.tv_sec++;
		end.tv_nsec -= (long)NS_PER_S;
	}
	return now->tv_sec > end.tv_sec ||
		(now->tv_sec == end.tv_sec && now->tv_nsec > end.tv_nsec);
}

static bool is_settled(const struct stat *st)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return is_old(&st->st_mtim, &now) && is_old(&st->st_ctim, &now);
}

static bool same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

bool mirror_may_keep(struct mirror *m, struct mirror_node *node, int fd)
{
	struct mirror_stamp *stamp = &node->stamp;
	struct stat st;
	bool same;

	if (fstat(fd, &st))
		return false;
	auto_lock(&m->lock);
	same = stamp->valid && stamp->size == st.st_size &&
		same_time(&stamp->mtime, &st.st_mtim) &&
		same_time(&stamp->ctime, &st.st_ctim);
	*stamp = (struct mirror_stamp){
		.valid = is_settled(&st), .size = st.st_size,
		.mtime = st.st_mtim, .ctime = st.st_ctim,
	};
	return same;
}

void mirror_opened(struct mirror *m, struct mirror_node *node, int fd,
		   struct fuse_file_info *fi)
{
	/* With writeback_cache the kernel has data that we do not have yet, and
	 * its own writes are no reason to drop that data. */
	fi->keep_cache = m->writeback || mirror_may_keep(m, node, fd);
	fi->fh = mirror_file_new(node, fd, fi->flags)->id;
}

static int open_node(fuse_req_t req, struct mirror_node *node,
		     struct fuse_file_info *fi)
{
	struct mirror *m = node->mirror;
	struct mirror_role role;
	int fd, err;

	/* Opening a pipe would block.  The kernel opens pipes by itself. */
	if (node->type != S_IFREG)
		return node->type == S_IFDIR ? EISDIR : ENXIO;
	role = mirror_become_writer(req);	/* O_TRUNC writes */
	fd = mirror_reopen(m, node->fd, mirror_open_flags(m, fi->flags));
	err = errno;
	mirror_return(role);
	if (fd < 0)
		return err;
	mirror_opened(m, node, fd, fi);
	return 0;
}

void mirror_op_open(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	auto_node struct mirror_node *node = mirror_get(mirror_of(req), ino);
	int err = node ? open_node(req, node, fi) : ESTALE;

	if (err)
		fuse_reply_err(req, err);
	else
		fuse_reply_open(req, fi);
}

/* ---- reading and writing ------------------------------------------------- */

void mirror_op_read(fuse_req_t req, fuse_ino_t ino, size_t size, off_t at,
		    struct fuse_file_info *fi)
{
	auto_file struct mirror_file *f = mirror_file_get(mirror_of(req), fi->fh);
	char some[STACK_READ];
	auto_free char *many = NULL;
	char *p = some;
	ssize_t n = -1;

	(void)ino;
	if (size > sizeof(some))
		p = many = xmalloc(size);
	errno = EBADF;
	if (f)
		n = pread(f->fd, p, size, at);
	if (n < 0)
		fuse_reply_err(req, errno);
	else
		fuse_reply_buf(req, p, (size_t)n);
}

/*
 * Returns the number of bytes written.  It is -errno if that is 0, and also
 * where a part would do harm: when the kernel writes back, it ignores a short
 * answer (fs/fuse/file.c: fuse_writepage_end), and if a direct write has
 * several pieces, it makes EIO of one (fuse_get_res_by_io).
 */
static ssize_t write_all(int fd, const char *p, size_t size, off_t at,
			 bool wants_all)
{
	size_t done = 0;
	ssize_t n = 0;

	while (done < size) {
		n = pwrite(fd, p + done, size - done, at + (off_t)done);
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	if (done == size || (done && !wants_all))
		return (ssize_t)done;
	return n < 0 ? -errno : -ENOSPC;
}

void mirror_op_write(fuse_req_t req, fuse_ino_t ino, const char *p, size_t size,
		     off_t at, struct fuse_file_info *fi)
{
	auto_file struct mirror_file *f = mirror_file_get(mirror_of(req), fi->fh);
	struct mirror_role role = { .changed = false };
	ssize_t n = -EBADF;

	(void)ino;
	/* When the kernel writes back, it has taken care of setuid itself. */
	if (f && !fi->writepage)
		role = mirror_become_writer(req);
	if (f)
		n = write_all(f->fd, p, size, at,
			      fi->writepage || f->is_direct);
	mirror_return(role);
	if (n < 0)
		fuse_reply_err(req, (int)-n);
	else
		fuse_reply_write(req, (size_t)n);
}

/* Some filesystems report a failed write at close(2).  A client that could not
 * write gets no such report. */
static int flush(const struct mirror_file *f)
{
	int fd;

	if (f->is_readonly)
		return 0;
	fd = fcntl(f->fd, F_DUPFD_CLOEXEC, 0);
	return fd < 0 || close(fd) ? errno : 0;
}

void mirror_op_flush(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	auto_file struct mirror_file *f = mirror_file_get(mirror_of(req), fi->fh);

	(void)ino;
	fuse_reply_err(req, f ? flush(f) : EBADF);
}

void mirror_op_release(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	(void)ino;
	mirror_file_end(mirror_of(req), fi->fh);
	fuse_reply_err(req, 0);
}

void mirror_op_fsync(fuse_req_t req, fuse_ino_t ino, int datasync,
		     struct fuse_file_info *fi)
{
	auto_file struct mirror_file *f = mirror_file_get(mirror_of(req), fi->fh);
	int err = EBADF;

	(void)ino;
	if (f)
		err = (datasync ? fdatasync(f->fd) : fsync(f->fd)) ? errno : 0;
	fuse_reply_err(req, err);
}

void mirror_op_fallocate(fuse_req_t req, fuse_ino_t ino, int mode, off_t at,
			 off_t len, struct fuse_file_info *fi)
{
	auto_file struct mirror_file *f = mirror_file_get(mirror_of(req), fi->fh);
	struct mirror_role role;
	int err = EBADF;

	(void)ino;
	if (f) {
		role = mirror_become_writer(req);
		err = fallocate(f->fd, mode, at, len) ? errno : 0;
		mirror_return(role);
	}
	fuse_reply_err(req, err);
}

/* The host's file position is not used, because reads and writes carry
 * offsets. */
void mirror_op_lseek(fuse_req_t req, fuse_ino_t ino, off_t at, int whence,
		     struct fuse_file_info *fi)
{
	auto_file struct mirror_file *f = mirror_file_get(mirror_of(req), fi->fh);
	off_t to = -1;

	(void)ino;
	errno = EBADF;
	if (f)
		to = lseek(f->fd, at, whence);
	if (to < 0)
		fuse_reply_err(req, errno);
	else
		fuse_reply_lseek(req, to);
}

/* Returns the number of bytes copied, or -errno. */
static ssize_t copy_range(const struct mirror *m, struct mirror_file *in, off_t at,
			  struct mirror_file *out, off_t to_at, size_t len,
			  unsigned flags, uid_t uid, gid_t gid)
{
	struct mirror_role role;
	ssize_t n;

	if (!in || !out)
		return -EBADF;
	role = mirror_become_writer_as(m, uid, gid);
	n = copy_file_range(in->fd, &at, out->fd, &to_at, len, flags);
	n = n < 0 ? -errno : n;
	mirror_return(role);
	return n;
}

void mirror_op_copy_file_range(fuse_req_t req, fuse_ino_t ino, off_t at,
			       struct fuse_file_info *fi, fuse_ino_t to,
			       off_t to_at, struct fuse_file_info *to_fi,
			       size_t len, int flags)
{
	const struct fuse_ctx *ctx = fuse_req_ctx(req);
	struct mirror *m = mirror_of(req);
	auto_file struct mirror_file *in = mirror_file_get(m, fi->fh);
	auto_file struct mirror_file *out = mirror_file_get(m, to_fi->fh);
	ssize_t n;

	(void)ino;
	(void)to;
	if (len > INT32_MAX)
		len = INT32_MAX;	/* the reply has 32 bits for it */
	n = copy_range(m, in, at, out, to_at, len, (unsigned)flags, ctx->uid,
		       ctx->gid);
	if (n < 0)
		fuse_reply_err(req, (int)-n);
	else
		fuse_reply_write(req, (size_t)n);
}

int mirror_copy_64(struct backend *b, const struct wire_in_header *h,
		   const void *args, void *reply)
{
	struct mirror *m = (struct mirror *)b;	/* which starts with it */
	const struct wire_copy_file_range_in *in = args;
	auto_file struct mirror_file *from = mirror_file_get(m, in->fh_in);
	auto_file struct mirror_file *to = mirror_file_get(m, in->fh_out);
	struct wire_copy_file_range_out *out = reply;
	ssize_t n = copy_range(m, from, (off_t)in->off_in, to,
			       (off_t)in->off_out, in->len,
			       (unsigned)in->flags, h->uid, h->gid);

	out->bytes_copied = n < 0 ? 0 : (uint64_t)n;
	return n < 0 ? (int)-n : 0;
}

int mirror_syncfs(struct backend *b, const struct wire_in_header *h,
		  const void *args, void *reply)
{
	struct mirror *m = (struct mirror *)b;	/* which starts with it */
	auto_node struct mirror_node *node = mirror_get(m, h->nodeid);
	auto_close int fd = -1;

	(void)args, (void)reply;
	if (!node)
		return ESTALE;
	fd = mirror_reopen(m, node->fd, O_RDONLY);
	return fd < 0 || syncfs(fd) ? errno : 0;
}
