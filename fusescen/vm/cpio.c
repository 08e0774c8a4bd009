/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes archives.  Main thread only. */
#include "config.h"

#include "fusescen/vm/cpio.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "fusescen/util/files.h"

#define BLOCK	512	/* an archive is padded to a multiple of it */

static void put(struct cpio *c, const void *data, size_t len)
{
	buf_add(&c->out, data, len);
}

static void pad(struct cpio *c, size_t to)
{
	static const char zeros[BLOCK];

	put(c, zeros, (to - c->out.len % to) % to);
}

static void entry(struct cpio *c, const char *path, unsigned mode,
		  unsigned major, unsigned minor, const void *data, size_t len)
{
	char header[111];

	/* magic, inode, mode, uid, gid, links, mtime, size, the device that has
	 * the file (2 numbers), the device that it is (2), length of the name,
	 * checksum */
	snprintf(header, sizeof(header), "070701%08X%08X%08X%08X%08X%08X%08X"
		 "%08X%08X%08X%08X%08X%08X", ++c->inode, mode, 0u, 0u, 1u, 0u,
		 (unsigned)len, 0u, 0u, major, minor,
		 (unsigned)strlen(path) + 1, 0u);
	put(c, header, strlen(header));
	put(c, path, strlen(path) + 1);
	pad(c, 4);
	put(c, data, len);
	pad(c, 4);
}

void cpio_dir(struct cpio *c, const char *path)
{
	entry(c, path, S_IFDIR | 0755, 0, 0, "", 0);
}

void cpio_device(struct cpio *c, const char *path, unsigned major, unsigned minor)
{
	entry(c, path, S_IFCHR | 0600, major, minor, "", 0);
}

void cpio_file(struct cpio *c, const char *path, unsigned mode,
	       const void *data, size_t len)
{
	entry(c, path, S_IFREG | mode, 0, 0, data, len);
}

int cpio_copy(struct cpio *c, const char *path, unsigned mode, const char *from)
{
	struct buf b;

	if (file_read(from, &b))
		return -1;
	cpio_file(c, path, mode, b.data, b.len);
	buf_fini(&b);
	return 0;
}

void cpio_end(struct cpio *c)
{
	entry(c, "TRAILER!!!", 0, 0, 0, "", 0);
	pad(c, BLOCK);
}
