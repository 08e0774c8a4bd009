/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The calls under test, one function per row of the call table.  They run on
 * the actor's thread, in the actor's process, and nowhere else.
 *
 * A function takes its arguments by position (the order of call.params),
 * makes the call, and gives the result with one give_*() right behind the
 * system call: that takes errno, and the number and time of the return.
 */
#ifndef ACT_CALLS_CALLS_H
#define ACT_CALLS_CALLS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>

#include "act/calls/slot.h"
#include "act/calls/vars.h"

struct io {
	uint8_t *p;
	size_t size;		/* 0: nothing is mapped */
};

/* A call in progress: where it came from and what it may use. */
struct call_cx {
	const struct scenario *sc;
	const struct call_use *use;
	struct vars *vars;
	struct slot *slot;
	_Atomic uint64_t *seq;
	uint8_t letter;		/* what a bare size is written as */
	int drop_caches_fd;	/* opened before chroot; -1: could not */
	int alive_fd;		/* open as long as this process or a child lives */
	uint64_t end_seq;	/* when the call returned */
	uint64_t end_ns;
	/* freed after the call, also when a fault ends it */
	char *paths[2];		/* made for ARG_PATH */
	struct io io;
};

struct call_row {
	void (*run)(struct call_cx *cx);
};

extern const struct call_row call_rows[N_CALLS];

/* Run cx->use; the outcome is in cx->slot.  A SIGBUS or SIGSEGV is one too. */
void call_run(struct call_cx *cx);
/* To be called once in the process: the handlers that make faults results. */
void call_catch_faults(void);

#define CALL_DECLARE(name)	void run_##name(struct call_cx *cx);
CALL_LIST(CALL_DECLARE)
#undef CALL_DECLARE

/* ---- for the functions that make the calls ---------------------------------- */

static inline int64_t arg_num(const struct call_cx *cx, unsigned i)
{
	return cx->use->args[i].num;
}

static inline int arg_int(const struct call_cx *cx, unsigned i)
{
	return (int)cx->use->args[i].num;
}

static inline size_t arg_size(const struct call_cx *cx, unsigned i)
{
	return (size_t)cx->use->args[i].num;
}

static inline const char *arg_text(const struct call_cx *cx, unsigned i)
{
	return cx->use->args[i].str;
}

/* A descriptor; -1 for a variable that holds none, so that the kernel says
 * EBADF. */
int arg_fd(const struct call_cx *cx, unsigned i);
/* "/MOUNT/path"; lives until the call is over. */
const char *arg_path(struct call_cx *cx, unsigned i);

/* ret as libc gives it: -1 with errno, or the value. */
void give(struct call_cx *cx, int64_t ret);
void give_errno(struct call_cx *cx, int err);
/* We cannot make the call, or not tell what came of it, because of what (a
 * constant text): this says nothing about the kernel. */
void give_lack(struct call_cx *cx, const char *what);
/* A descriptor, or -1 with errno: into the call's variable; the result is 0. */
void give_fd(struct call_cx *cx, int fd);
/* After a give*() with a success: the result is 0, the variable is v. */
void give_var(struct call_cx *cx, const struct var *v);
/* After give(): the first n bytes at p (anywhere) are the call's data. */
void give_data(struct call_cx *cx, const void *p, size_t n);

/* Page-aligned memory of the slot, in which there is room for every read of
 * the scenario.  NULL: there is none, and the call is over. */
uint8_t *io_for_read(struct call_cx *cx, size_t size);
/* Memory with the bytes of argument i, given back after the call; the same. */
uint8_t *io_for_write(struct call_cx *cx, unsigned i);
/* The same for what outlives the call (aio): spec NULL: for reading.  False:
 * there is none, and the call is over. */
bool io_map(struct call_cx *cx, struct io *io, size_t size,
	    const struct data_spec *spec);
void io_unmap(struct io *io);

#endif
