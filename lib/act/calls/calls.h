/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The calls under test, with a function for each row of the table of calls.
 * They run on the actor's thread, in the actor's process, and nowhere else.
 *
 * A function takes its arguments by position (the order of call.params), makes
 * the call, and gives the result with one give_*() right behind the system
 * call.  That function stores errno, and the number and time of the return.
 */
#ifndef ACT_CALLS_CALLS_H
#define ACT_CALLS_CALLS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>

#include "act/calls/slot.h"
#include "act/calls/vars.h"

struct idmaps;

struct io {
	uint8_t *p;
	size_t size;		/* 0: nothing is mapped */
};

/* A call in progress: its origin, and what it may use. */
struct call_cx {
	const struct scenario *sc;
	const struct call_use *use;
	struct vars *vars;
	struct slot *slot;
	void *slots;		/* of all actors: slot_at() */
	_Atomic uint64_t *seq;
	uint8_t letter;		/* the letter that a bare size is written as */
	int drop_caches_fd;	/* opened before chroot; -1: that failed */
	int reclaim_fd;		/* memory.reclaim of the actor's group; the same */
	int power_fd, alarm_fd;	/* the same: to suspend, and to wake up */
	const struct idmaps *idmaps;	/* made before chroot */
	const char *root;	/* as it was called before chroot */
	int mountinfo_fd;	/* opened before chroot; -1: it is not wanted */
	int alive_fd;		/* open as long as this process or a child lives */
	uint64_t end_seq;	/* when the call returned */
	uint64_t end_ns;
	/* freed after the call, even if a fault ends it */
	char *paths[CALL_PARAMS_MAX];	/* made for ARG_PATH, by argument */
	struct io io;
};

struct call_row {
	void (*run)(struct call_cx *cx);
};

extern const struct call_row call_rows[N_CALLS];

/* Runs cx->use.  The outcome is in cx->slot, and a SIGBUS or SIGSEGV is an
 * outcome too. */
void call_run(struct call_cx *cx);
/* Installs the handlers that make results of faults.  To be called once in a
 * process. */
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

/* Returns a descriptor.  It is -1 for a variable that holds none, so that the
 * kernel answers EBADF.  */
int arg_fd(const struct call_cx *cx, unsigned i);
/* Returns "/MOUNT/path", or what is relative ("./path"), which lives until the call is over. */
const char *arg_path(struct call_cx *cx, unsigned i);

/* ret is what libc returned: -1 with errno, or the value. */
void give(struct call_cx *cx, int64_t ret);
void give_errno(struct call_cx *cx, int err);
/* The call cannot be made, or nobody can tell what came of it, because of what
 * (a constant text).  That says nothing about the kernel. */
void give_lack(struct call_cx *cx, const char *what);
/* Stores a descriptor, or -1 with errno, in the call's variable.  The result is
 * 0.  */
void give_fd(struct call_cx *cx, int fd);
/* After a give*() of a success: the result becomes 0, and the variable gets
 * v. */
void give_var(struct call_cx *cx, const struct var *v);
/* After give(): the first n bytes at p (anywhere) become the data of the
 * call. */
void give_data(struct call_cx *cx, const void *p, size_t n);

/* Returns page-aligned memory of the slot with room for every read of the
 * scenario.  NULL: there is none, and the call is over. */
uint8_t *io_for_read(struct call_cx *cx, size_t size);
/* Returns memory with the bytes of argument i, which is given back after the
 * call.  NULL means the same. */
uint8_t *io_for_write(struct call_cx *cx, unsigned i);
/* Does the same for what outlives the call (aio).  If spec is NULL, the memory
 * is for reading.  False: there is none, and the call is over. */
bool io_map(struct call_cx *cx, struct io *io, size_t size,
	    const struct data_spec *spec);
void io_unmap(struct io *io);

#endif
