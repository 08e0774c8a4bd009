/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A filesystem of one file, /hello, that errors are put into by a scenario.
 * All that it knows of fusescen is between the two marks in main().
 *
 *	cc -o hello-faults hello-faults.c $(pkg-config --cflags --libs fuse3 fusescen)
 *	./hello-faults faults.yaml /mnt &
 *	cat /mnt/hello; cat /mnt/hello; umount /mnt
 *
 * with this as faults.yaml:
 *
 *	# Who reads it again gets an error
 *	fusescen: 1
 *	mounts: {fs: {}}
 *	rules:
 *	- {op: READ, file: /hello, where: {offset: 0}, nth: 2, reply: {error: EIO}}
 *	expect:
 *	- {count: READ /hello offset=0, is: 2}
 *
 * Exit status: 0 if what `expect` says was so, 1 if not.
 */
#define FUSE_USE_VERSION 312

#include <errno.h>
#include <fuse_lowlevel.h>
#include <fusescen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HELLO_INO	2

static const char text[] = "Hello, world\n";

static int fill_attr(fuse_ino_t ino, struct stat *st)
{
	memset(st, 0, sizeof(*st));
	st->st_ino = ino;
	st->st_nlink = 1;
	if (ino == FUSE_ROOT_ID) {
		st->st_mode = S_IFDIR | 0755;
	} else {
		st->st_mode = S_IFREG | 0444;
		st->st_size = sizeof(text) - 1;
	}
	return ino == FUSE_ROOT_ID || ino == HELLO_INO ? 0 : ENOENT;
}

static void hello_lookup(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	struct fuse_entry_param e = { .ino = HELLO_INO };

	if (parent != FUSE_ROOT_ID || strcmp(name, "hello") != 0) {
		fuse_reply_err(req, ENOENT);
		return;
	}
	fill_attr(e.ino, &e.attr);
	fuse_reply_entry(req, &e);
}

static void hello_getattr(fuse_req_t req, fuse_ino_t ino,
			  struct fuse_file_info *fi)
{
	struct stat st;
	int err = fill_attr(ino, &st);

	(void)fi;
	if (err)
		fuse_reply_err(req, err);
	else
		fuse_reply_attr(req, &st, 1.0);
}

static void hello_open(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	(void)ino;
	fi->direct_io = 1;	/* each read(2) is a READ */
	fuse_reply_open(req, fi);
}

static void hello_read(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
		       struct fuse_file_info *fi)
{
	size_t len = sizeof(text) - 1;

	(void)ino;
	(void)fi;
	if ((size_t)off > len)
		off = (off_t)len;
	if (size > len - (size_t)off)
		size = len - (size_t)off;
	fuse_reply_buf(req, text + off, size);
}

static const struct fuse_lowlevel_ops hello_ops = {
	.lookup = hello_lookup,
	.getattr = hello_getattr,
	.open = hello_open,
	.read = hello_read,
};

int main(int argc, char **argv)
{
	struct fuse_args args = FUSE_ARGS_INIT(1, argv);
	fusescen_attachment *at;
	fusescen_report *report;
	struct fuse_session *se;
	fusescen_file *file;
	char *error;
	int failed;

	if (argc != 3) {
		fprintf(stderr, "usage: hello-faults SCENARIO DIRECTORY\n");
		return 2;
	}
	se = fuse_session_new(&args, &hello_ops, sizeof(hello_ops), NULL);
	if (!se || fuse_set_signal_handlers(se) ||
	    fuse_session_mount(se, argv[2]))
		return 2;

	/* >>> the tap goes under the session */
	file = fusescen_load(argv[1]);
	at = fusescen_attach(se, file, 0, NULL, &error);
	if (!at) {
		fputs(error, stderr);
		free(error);
		fuse_session_unmount(se);
		return 2;
	}
	/* <<< */

	fuse_session_loop(se);

	/* >>> and away again */
	report = fusescen_detach(at);
	fputs(fusescen_text(report), stdout);
	failed = fusescen_verdict(report) == FUSESCEN_FAIL;
	fusescen_report_free(report);
	fusescen_free(file);
	/* <<< */

	fuse_session_unmount(se);
	fuse_remove_signal_handlers(se);
	fuse_session_destroy(se);
	return failed;
}
