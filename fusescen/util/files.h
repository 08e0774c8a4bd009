/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of commands and of the virtual machines: those of the cache, files that are read
 * or written as a whole, and packed ones. */
#ifndef FUSESCEN_UTIL_FILES_H
#define FUSESCEN_UTIL_FILES_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* Reads a file of at most 1 GiB into a new buffer; 0, or -1 and errno. */
int file_read(const char *path, struct buf *out);
/* Writes a text to what --output names, or (NULL) to standard output.  Returns -1 after
 * a message. */
int text_write(const char *path, const char *text);
/* Returns a path that is good wherever it is used; "" for NULL. */
char *path_absolute(const char *path);
/* Returns the first line of a file; NULL if there is none. */
char *file_line(const char *path);

/*
 * Unpacks what gzip, xz, zstd, lz4, bzip2 or lzma packed.  The first bytes tell
 * which program to run.  What is not packed is copied.  Returns -1 if it cannot
 * be unpacked, and then *why says why, and the caller frees it.
 */
int bytes_unpack(const char *at, size_t len, struct buf *out, char **why);
/* Returns the name of the program; NULL for what is not packed. */
const char *bytes_packer(const char *at, size_t len);

/* Returns the path of a name in the cache, which is $FUSESCEN_CACHE,
 * $XDG_CACHE_HOME/fusescen or ~/.cache/fusescen; NULL if none of these
 * variables is set. */
char *cache_path(const char *dir, const char *name);
/* Returns a number that changes when one of the files does.  A file may be
 * missing. */
uint64_t files_key(const char *const *paths, size_t n);
/* Writes all of it; 0, or -1 and errno. */
int write_all(int fd, const void *data, size_t len);
/* Puts a file into the cache, whole or not at all, even if others do the same;
 * 0, or -1 and errno. */
int cache_write(const char *path, const void *data, size_t len);

#endif
