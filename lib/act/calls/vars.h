/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The variables of an actor's process: what `fd = open(...)` assigned, by index
 * into scenario.vars.  The threads of the process share them.  Every function
 * takes the table's lock, and holds it only while it copies.
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
	struct aio *aio;		/* VAR_AIO; whoever took it owns it */
	union {				/* VAR_HANDLE */
		struct file_handle h;
		char room[sizeof(struct file_handle) + MAX_HANDLE_SZ];
	} handle;
};

struct vars;

struct vars *vars_new(size_t n);
/* Gets what is at index i; VAR_UNSET if there is no such variable. */
void vars_get(struct vars *vs, int i, struct var *out);
/* Does the same and unsets the variable, for what only one may have. */
void vars_take(struct vars *vs, int i, struct var *out);
/* i may be NONE, and then the value is dropped. */
void vars_set(struct vars *vs, int i, const struct var *v);

#endif
