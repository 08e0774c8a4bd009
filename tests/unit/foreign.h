/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Somebody else's filesystem: one file, /hello, that can be read and written.
 * An ordinary libfuse low-level server that has never heard of us, but for
 * counting who called it.  Included by one test program each.
 */
#ifndef TESTS_FOREIGN_H
#define TESTS_FOREIGN_H

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fusescen.h"
#include "transport/fuselib.h"
#include "tests/unit/unit.h"

#define TEXT_SIZE	(256u << 10)
#define HELLO_INO	2u

struct foreign {
	char text[TEXT_SIZE];
	size_t len;
	unsigned want;			/* FUSE_CAP_* beside the default */
	unsigned max_write;		/* 0: as it is */
	int memory;			/* a file to reply with, or -1 */
	unsigned read_ms;		/* how long a read takes */
	atomic_uint reads, writes, inits;
	_Atomic pthread_t reader;	/* the thread of the last read */
	atomic_uint from_pipe;		/* writes whose data came by a pipe */
};

static void foreign_init(void *userdata, struct fuse_conn_info *conn)
{
	struct foreign *f = userdata;

	atomic_fetch_add(&f->inits, 1);
	conn->want |= f->want;
	if (f->max_write)
		conn->max_write = f->max_write;
}

static void fill_attr(const struct foreign *f, fuse_ino_t ino, struct stat *st)
{
	*st = (struct stat){ .st_ino = ino, .st_nlink = 1,
			     .st_mode = S_IFREG | 0644, .st_size = f->len };
	if (ino == FUSE_ROOT_ID)
		*st = (struct stat){ .st_ino = ino, .st_nlink = 2,
				     .st_mode = S_IFDIR | 0755 };
}

static void foreign_lookup(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	struct fuse_entry_param e = { .ino = HELLO_INO };

	if (parent != FUSE_ROOT_ID || strcmp(name, "hello")) {
		fuse_reply_err(req, ENOENT);
		return;
	}
	fill_attr(fuse_req_userdata(req), HELLO_INO, &e.attr);
	fuse_reply_entry(req, &e);
}

static void foreign_getattr(fuse_req_t req, fuse_ino_t ino,
			    struct fuse_file_info *fi)
{
	struct stat st;

	(void)fi;
	fill_attr(fuse_req_userdata(req), ino, &st);
	fuse_reply_attr(req, &st, 0);
}

static void foreign_open(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	(void)ino;
	fi->direct_io = 1;
	fuse_reply_open(req, fi);
}

static void foreign_read(fuse_req_t req, fuse_ino_t ino, size_t size, off_t at,
			 struct fuse_file_info *fi)
{
	struct foreign *f = fuse_req_userdata(req);
	struct fuse_bufvec v = FUSE_BUFVEC_INIT(0);

	(void)ino;
	(void)fi;
	atomic_fetch_add(&f->reads, 1);
	atomic_store(&f->reader, pthread_self());
	if ((size_t)at >= f->len)
		size = 0;
	else if (size > f->len - at)
		size = f->len - at;
	usleep(f->read_ms * 1000);
	if (f->memory < 0) {
		fuse_reply_buf(req, f->text + at, size);
		return;
	}
	v.buf[0] = (struct fuse_buf){
		.size = size, .fd = f->memory, .pos = at,
		.flags = FUSE_BUF_IS_FD | FUSE_BUF_FD_SEEK,
	};
	fuse_reply_data(req, &v, FUSE_BUF_SPLICE_MOVE);
}

static void foreign_write_buf(fuse_req_t req, fuse_ino_t ino,
			      struct fuse_bufvec *in, off_t at,
			      struct fuse_file_info *fi)
{
	struct foreign *f = fuse_req_userdata(req);
	struct fuse_bufvec v = FUSE_BUFVEC_INIT(fuse_buf_size(in));

	(void)ino;
	(void)fi;
	atomic_fetch_add(&f->from_pipe, !!(in->buf[0].flags & FUSE_BUF_IS_FD));
	if (at + v.buf[0].size > TEXT_SIZE) {
		fuse_reply_err(req, EFBIG);
		return;
	}
	v.buf[0].mem = f->text + at;
	if (fuse_buf_copy(&v, in, 0) < 0) {
		fuse_reply_err(req, EIO);
		return;
	}
	atomic_fetch_add(&f->writes, 1);
	fuse_reply_write(req, v.buf[0].size);
}

static const struct fuse_lowlevel_ops foreign_ops = {
	.init = foreign_init,
	.lookup = foreign_lookup,
	.getattr = foreign_getattr,
	.open = foreign_open,
	.read = foreign_read,
	.write_buf = foreign_write_buf,
};

static inline void foreign_setup(struct foreign *f, const char *text)
{
	memset(f, 0, sizeof(*f));
	f->memory = -1;
	f->len = strlen(text);
	memcpy(f->text, text, f->len);
}

static inline struct fuse_session *foreign_session(struct foreign *f)
{
	char name[] = "hello", *argv[] = { name, NULL };
	struct fuse_args args = FUSE_ARGS_INIT(1, argv);
	struct fuse_session *se = fuse_session_new(&args, &foreign_ops,
						   sizeof(foreign_ops), f);

	fuse_opt_free_args(&args);
	ck_assert_ptr_nonnull(se);
	return se;
}

/* The scenario's text without its first lines; must load. */
static inline fusescen_file *foreign_file(const char *rest)
{
	char text[4096];
	fusescen_file *file;
	int n = snprintf(text, sizeof(text),
			 "fusescen: 1\nmounts: {fs: {}}\n%s", rest);

	ck_assert_uint_lt(n, sizeof(text));
	file = fusescen_load_text("test.yaml", text, n);
	ck_assert_msg(!fusescen_errors(file), "%s", fusescen_errors(file));
	return file;
}

#endif
