/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A filesystem of one file, /hello, which knows nothing of fusescen. */
#define FUSE_USE_VERSION 312

#include <errno.h>
#include <fuse.h>
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

int main(int argc, char **argv)
{
	return fuse_main(argc, argv, &hello_ops, NULL);
}
