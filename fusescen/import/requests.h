/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads what a server of FUSE says of its requests: libfuse's debug log, go-fuse's, and
 * our own.  Pure functions over a text. */
#ifndef FUSESCEN_IMPORT_REQUESTS_H
#define FUSESCEN_IMPORT_REQUESTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"

struct served_request {
	unsigned began, ended;		/* lines, from 1; ended 0: no reply is in the log */
	uint64_t unique, nodeid;
	unsigned long pid;
	const char *op;			/* "LOOKUP" */
	const char *path;		/* NULL: the log has none */
	const char *other;		/* a new name, or the contents of a symbolic link */
	const char *names[2];		/* in the directory nodeid, where paths are unknown */
	uint64_t newdir;
	uint64_t fh, offset, size;
	uint64_t from_fh, from_offset;	/* COPY_FILE_RANGE */
	bool has_fh, has_size, has_mode;
	unsigned mode;
	const char *flags;		/* "O_RDWR|O_CREAT" */
	const char *set;		/* SETATTR: "chmod" or "truncate" */
	/* the reply */
	int error;
	bool has_count, has_attr;
	uint64_t count;			/* of bytes */
	uint64_t entry;			/* nodeid; 0: none */
	uint64_t attr_size;
	unsigned attr_mode;
};

struct request_log {
	struct arena *arena;
	const char *form;		/* "libfuse" */
	struct served_request *at;
	size_t n;
	unsigned lines, strange;
	bool is_cut;
};

/* In the form that fits.  n is 0 if none does. */
void requests_read(struct request_log *log, struct arena *a, const char *text);

/* For the readers of a form: a request that begins, and the one that is replied to, which
 * is NULL if it is not in the log. */
struct served_request *request_begin(struct request_log *log, uint64_t unique, const char *op);
struct served_request *request_end(struct request_log *log, uint64_t unique);
/* Words of open(2) for these bits. */
const char *request_flags(struct arena *a, uint64_t bits);
bool request_line_libfuse(struct request_log *log, const char *line);
bool request_line_gofuse(struct request_log *log, const char *line);
bool request_line_own(struct request_log *log, const char *line);

#endif
