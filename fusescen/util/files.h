/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files for the virtual machines: the cache, whole files in memory, packed
 * ones.  Nothing is written outside the cache.
 */
#ifndef FUSESCEN_UTIL_FILES_H
#define FUSESCEN_UTIL_FILES_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* The whole of a file of at most 1 GiB, in a new buffer; 0, or -1 and errno. */
int file_read(const char *path, struct buf *out);
/* The first line of a file; NULL if there is none. */
char *file_line(const char *path);

/*
 * Unpack what gzip, xz, zstd, lz4 or bzip2 packed, by that program: told by its
 * first bytes.  What is not packed is copied.  -1 if it cannot be; *why then
 * says why, to be freed.
 */
int bytes_unpack(const char *at, size_t len, struct buf *out, char **why);
/* Which of them it would be; NULL for none. */
const char *bytes_packer(const char *at, size_t len);

/* A name in the cache: $FUSESCEN_CACHE, $XDG_CACHE_HOME/fusescen or
 * ~/.cache/fusescen.  NULL if there is none of these. */
char *cache_path(const char *dir, const char *name);
/* A number that changes with any of the files; 0 stands for a missing one. */
uint64_t files_key(const char *const *paths, size_t n);
/* All of it; -1 and errno. */
int write_all(int fd, const void *data, size_t len);
/* Put a file into the cache, whole or not at all, whoever else does the same.
 * -1 and errno. */
int cache_write(const char *path, const void *data, size_t len);

#endif
