/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a log of strace: which process made which call, when it began and when it was
 * over.  Pure functions over a text. */
#ifndef FUSESCEN_IMPORT_STRACE_H
#define FUSESCEN_IMPORT_STRACE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"

#define STRACE_ARGS_MAX	16

struct traced {
	unsigned long pid;		/* 0: the log has none, so it is the only one */
	unsigned began, ended;		/* lines, from 1; ended 0: it never was */
	const char *name;		/* "openat" */
	const char *args[STRACE_ARGS_MAX];	/* as they stand there */
	size_t n_args;
	long long ret;
	bool has_ret;			/* else "?", or it never came back */
	const char *error;		/* "ENOENT"; NULL: none */
};

struct strace_log {
	struct arena *arena;
	struct traced *calls;		/* in the order in which they began */
	size_t n_calls;
	unsigned lines, strange;	/* of all lines; those that are none of strace's */
	bool is_cut;			/* the last line is not whole */
};

void strace_read(struct strace_log *log, struct arena *a, const char *text);

/* A text in quotes: its bytes, in the arena.  -1: it is none; *is_whole is false where
 * strace has cut it off. */
long strace_text(struct arena *a, const char *arg, char **out, bool *is_whole);

#endif
