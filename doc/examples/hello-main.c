/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A filesystem of one file, /hello, of the kind that calls fuse_main(), which errors
 * are put into by a scenario; see hello-faults.c for one.  fuse_main() is taken
 * apart here, because the tap belongs between mounting and serving.
 *
 *	cc -o hello-main hello-main.c $(pkg-config --cflags --libs fuse3 fusescen)
 *	./hello-main faults.yaml /mnt &
 *
 * Exit status: 0 if what `expect` says was so, 1 if not.
 */
#define FUSE_USE_VERSION 312

#include <errno.h>
#include <fuse.h>
#include <fuse_lowlevel.h>
#include <fusescen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char text[] = "Hello, world\n";

static int hello_getattr(const char *path, struct stat *st,
			 struct fuse_file_info *fi)
{
	(void)fi;
	memset(st, 0, sizeof(*st));
	st->st_nlink = 1;
	if (strcmp(path, "/") == 0) {
		st->st_mode = S_IFDIR | 0755;
		return 0;
	}
	st->st_mode = S_IFREG | 0444;
	st->st_size = sizeof(text) - 1;
	return strcmp(path, "/hello") == 0 ? 0 : -ENOENT;
}

static int hello_read(const char *path, char *buf, size_t size, off_t off,
		      struct fuse_file_info *fi)
{
	size_t len = sizeof(text) - 1;

	(void)path;
	(void)fi;
	if ((size_t)off > len)
		off = (off_t)len;
	if (size > len - (size_t)off)
		size = len - (size_t)off;
	memcpy(buf, text + off, size);
	return (int)size;
}

static const struct fuse_operations hello_ops = {
	.getattr = hello_getattr,
	.read = hello_read,
};

/* What is between fuse_mount() and fuse_unmount(). */
static int serve(struct fuse *fuse, const fusescen_file *file)
{
	fusescen_attachment *at;
	fusescen_report *report;
	char *error;
	int failed;

	at = fusescen_attach(fuse_get_session(fuse), file, 0, NULL, &error);
	if (!at) {
		fputs(error, stderr);
		free(error);
		return 2;
	}
	fuse_loop_mt(fuse, NULL);
	report = fusescen_detach(at);
	fputs(fusescen_text(report), stdout);
	failed = fusescen_verdict(report) == FUSESCEN_FAIL;
	fusescen_report_free(report);
	return failed;
}

int main(int argc, char **argv)
{
	struct fuse_args args = FUSE_ARGS_INIT(1, argv);
	fusescen_file *file;
	struct fuse *fuse;
	int status = 2;

	if (argc != 3) {
		fprintf(stderr, "usage: hello-main SCENARIO DIRECTORY\n");
		return 2;
	}
	file = fusescen_load(argv[1]);
	fuse = fuse_new(&args, &hello_ops, sizeof(hello_ops), NULL);
	if (fuse && fuse_set_signal_handlers(fuse_get_session(fuse)) == 0 &&
	    fuse_mount(fuse, argv[2]) == 0) {
		status = serve(fuse, file);
		fuse_unmount(fuse);
		fuse_remove_signal_handlers(fuse_get_session(fuse));
	}
	if (fuse)
		fuse_destroy(fuse);
	fusescen_free(file);
	return status;
}
