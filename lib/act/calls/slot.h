/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the conductor and an actor share: a slot of memory per actor, and the
 * messages of the event pipe.  The memory is mapped before the fork, so that
 * pointers into it, and to constants, mean the same on both sides.
 *
 *	conductor                                  actor
 *	slot->step = s, byte down the socket ────► runs the call, fills
 *	                                           slot->outcome, *slot->io
 *	reads slot->outcome ◄──── MSG_RETURN ───── and then leaves both alone
 *
 * So the two never write a slot at the same time.  The conductor may look at helper
 * at any time.
 */
#ifndef ACT_CALLS_SLOT_H
#define ACT_CALLS_SLOT_H

#include <stdatomic.h>
#include <sys/types.h>

#include "model/outcome.h"
#include "model/scenario.h"

#define SLOT_SIZE	65536u
/* The least size of the buffer for reads.  It is larger if some call reads
 * more. */
#define SLOT_IO_LEAST	LIMIT_CALL_NAMES

struct stress_seat;
struct stress_start;

struct slot {
	uint8_t *io;			/* the buffer, page-aligned for O_DIRECT */
	size_t io_size;
	const struct step *step;	/* the current call's, or the last one's */
	struct outcome outcome;
	_Atomic pid_t pid;		/* of the actor's process, written after its fork */
	_Atomic pid_t own_pid;		/* the same as it is in a pid namespace */
	_Atomic pid_t helper;		/* the child of a fork or exec call, or 0 */
	int exec_errno;			/* written by that child */
};

static inline struct slot *slot_at(void *slots, size_t actor)
{
	return (struct slot *)((char *)slots + actor * SLOT_SIZE);
}

/* Where the part of a stress step is in an actor's slot (act/stress.h), and,
 * behind the last slot, what all actors share. */
#define SLOT_SEAT_AT	4096u

static inline struct stress_seat *slot_seat(struct slot *slot)
{
	return (struct stress_seat *)((char *)slot + SLOT_SEAT_AT);
}

static inline struct stress_start *slots_start(void *slots, size_t n_actors)
{
	return (struct stress_start *)slot_at(slots, n_actors);
}

/* Returns how many bytes to map for so many actors. */
static inline size_t slots_size(size_t n_actors)
{
	return n_actors * SLOT_SIZE + 4096;
}

enum msg_kind {
	MSG_READY,	/* the actor waits for its first command: tid */
	MSG_FAILED,	/* it could not start: err, what */
	MSG_CALL,	/* a call is about to start */
	MSG_RETURN,	/* it has returned, see slot->outcome */
};

/* It is far below PIPE_BUF, so a message is written and read as a whole. */
struct msg {
	enum msg_kind kind;
	int actor;
	pid_t tid;
	int err;
	const char *what;	/* a constant */
	uint64_t seq;
	uint64_t at_ns;
};

#endif
