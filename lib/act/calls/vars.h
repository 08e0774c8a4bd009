/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The variables of one actor process: what `fd = open(...)` assigned, by index
 * into scenario.vars.  Shared by the process's threads; every function takes
 * the table's lock, which is held for a copy only.
 */
#ifndef ACT_CALLS_VARS_H
#define ACT_CALLS_VARS_H

#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>

struct aio;

enum var_kind { VAR_UNSET, VAR_FD, VAR_MAP, VAR_HANDLE, VAR_AIO };

struct var {
	enum var_kind kind;
	int fd;				/* VAR_FD */
	uint8_t *addr;			/* VAR_MAP */
	size_t len;
	struct aio *aio;		/* VAR_AIO; owned by whoever took it */
	union {				/* VAR_HANDLE */
		struct file_handle h;
		char room[sizeof(struct file_handle) + MAX_HANDLE_SZ];
	} handle;
};

struct vars;

struct vars *vars_new(size_t n);
/* What is at index i; VAR_UNSET for no such variable. */
void vars_get(struct vars *vs, int i, struct var *out);
/* The same, and it is unset from now on: for what only one may have. */
void vars_take(struct vars *vs, int i, struct var *out);
/* i may be NONE: then the value is dropped. */
void vars_set(struct vars *vs, int i, const struct var *v);

#endif
