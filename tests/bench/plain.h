/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The null backing's answers as an ordinary libfuse filesystem: one file,
 * /data, of zeros; what is written is gone.  Any thread. */
#ifndef TESTS_BENCH_PLAIN_H
#define TESTS_BENCH_PLAIN_H

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "transport/fuselib.h"

#define PLAIN_FILE	2
#define PLAIN_SIZE	(1l << 30)
#define PLAIN_READ	(1u << 20)
#define PLAIN_TIMEOUT	3600.0

static inline void *plain_zeros(void)
{
	return mmap(NULL, PLAIN_READ, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS,
		    -1, 0);
}

static struct stat plain_stat(fuse_ino_t ino)
{
	bool dir = ino == FUSE_ROOT_ID;

	return (struct stat){
		.st_ino = ino, .st_nlink = dir ? 2 : 1,
		.st_mode = dir ? S_IFDIR | 0755 : S_IFREG | 0666,
		.st_size = dir ? 0 : PLAIN_SIZE, .st_blksize = 4096,
	};
}

static void plain_lookup(fuse_req_t req, fuse_ino_t dir, const char *name)
{
	const struct fuse_entry_param e = {
		.ino = PLAIN_FILE, .attr = plain_stat(PLAIN_FILE),
		.attr_timeout = PLAIN_TIMEOUT, .entry_timeout = PLAIN_TIMEOUT,
	};

	(void)dir;
	if (strcmp(name, "data"))
		fuse_reply_err(req, ENOENT);
	else
		fuse_reply_entry(req, &e);
}

static void plain_getattr(fuse_req_t req, fuse_ino_t ino,
			  struct fuse_file_info *fi)
{
	const struct stat st = plain_stat(ino);

	(void)fi;
	fuse_reply_attr(req, &st, PLAIN_TIMEOUT);
}

static void plain_setattr(fuse_req_t req, fuse_ino_t ino, struct stat *attr,
			  int set, struct fuse_file_info *fi)
{
	(void)attr;
	(void)set;
	plain_getattr(req, ino, fi);
}

static void plain_open(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	(void)ino;
	fuse_reply_open(req, fi);
}

static void plain_read(fuse_req_t req, fuse_ino_t ino, size_t size, off_t at,
		       struct fuse_file_info *fi)
{
	(void)ino;
	(void)at;
	(void)fi;
	fuse_reply_buf(req, fuse_req_userdata(req), size);
}

static void plain_write(fuse_req_t req, fuse_ino_t ino, const char *p,
			size_t size, off_t at, struct fuse_file_info *fi)
{
	(void)ino;
	(void)p;
	(void)at;
	(void)fi;
	fuse_reply_write(req, size);
}

static void plain_done(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	(void)ino;
	(void)fi;
	fuse_reply_err(req, 0);
}

static const struct fuse_lowlevel_ops plain_ops = {
	.lookup = plain_lookup, .getattr = plain_getattr,
	.setattr = plain_setattr, .open = plain_open, .read = plain_read,
	.write = plain_write, .flush = plain_done, .release = plain_done,
};

#endif
