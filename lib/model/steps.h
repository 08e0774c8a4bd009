/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Steps of a scenario.  Pure data. */
#ifndef MODEL_STEPS_H
#define MODEL_STEPS_H

#include <limits.h>

#include "model/changes.h"
#include "model/checks.h"
#include "model/explore.h"
#include "model/rules.h"
#include "model/settings.h"
#include "model/stress.h"

/*
 * The steps that have a word, one row each: STEP_KIND, the word, its reader
 * (load_step_X), how others treat it, and what it is for.  The enum, the table
 * of words, the loader's table of readers and the conductor's table of
 * functions (step_WORD) are made of these rows.
 */
#define STEP_SHOWN	1u	/* in the ladder: it shows nowhere else */
#define STEP_SERVED	2u	/* a command of `fusescen ctl` too */

#define STEP_LIST(X)							\
	X(HELD, held, held, 0,						\
	  "wait until requests are held at a gate")			\
	X(BLOCKED, blocked, blocked, 0,					\
	  "an actor or notification sleeps in the kernel and cannot continue") \
	X(QUIET, quiet, quiet, 0,					\
	  "every actor is idle or blocked and nothing is in transit")	\
	X(INODE_LOCK, inode_lock, inode_lock, 0,			\
	  "two calls on one inode: side by side (shared) or in turn (exclusive)") \
	X(WAIT, wait, wait, 0, "wait until the log has an event")	\
	X(RELEASE, release, release, STEP_SHOWN | STEP_SERVED,		\
	  "release held requests")					\
	X(REARM, rearm, rearm, STEP_SHOWN | STEP_SERVED,		\
	  "close a gate again, so that it holds")			\
	X(ANSWER, answer, answer, STEP_SHOWN | STEP_SERVED,		\
	  "answer a held request from the script")			\
	X(NOTIFY, notify, notify, STEP_SERVED,				\
	  "write a notification to the kernel")				\
	X(NOTIFIED, notified, notified, 0,				\
	  "a notification has returned, with this result")		\
	X(MOUNTED, mounted, mounted, 0,					\
	  "mount(2) has returned, with this result (sync_init)")		\
	X(EVICT, evict, evict, STEP_SHOWN | STEP_SERVED,		\
	  "make the kernel forget a file, or all files of a mount")	\
	X(SERVER, server, server, STEP_SHOWN | STEP_SERVED,		\
	  "change the server's files behind the kernel's back")		\
	X(SIGNAL, signal, signal, STEP_SHOWN, "send an actor a signal")	\
	X(FREEZE, freeze, actor, STEP_SHOWN,				\
	  "begin to freeze an actor's process (cgroup.freeze)")		\
	X(FROZEN, frozen, actor, 0, "an actor's process is frozen")	\
	X(THAW, thaw, actor, STEP_SHOWN, "let it go on")			\
	X(SET, set, set, STEP_SHOWN | STEP_SERVED,			\
	  "change state variables")					\
	X(CHECK, check, check, 0,					\
	  "judge a check now instead of at the end")			\
	X(ABORT, abort, mount, STEP_SHOWN, "abort a mount's connection") \
	X(DIE, die, mount, STEP_SHOWN,					\
	  "close the device, as a server does that dies")		\
	X(UMOUNT, umount, umount, STEP_SHOWN, "unmount")		\
	X(CONTROL, control, control, STEP_SHOWN,			\
	  "change the settings of a connection")			\
	X(DEVICE, device, device, STEP_SHOWN,				\
	  "a read(2) or ioctl(2) of the server that the kernel refuses")	\
	X(RING, ring, ring, STEP_SHOWN,					\
	  "a command of io_uring: register, commit, cancel")		\
	X(STALL, stall, mount, STEP_SHOWN | STEP_SERVED,		\
	  "a mount's workers stop reading requests")			\
	X(RESUME, resume, mount, STEP_SHOWN | STEP_SERVED,		\
	  "stalled workers read again")					\
	X(STRESS, stress, stress, 0,					\
	  "actors repeat calls at the same time, many times")		\
	X(EXPLORE, explore, explore, 0,					\
	  "calls of actors in turns, or in an order that was found")	\
	X(SLEEP, sleep, sleep, STEP_SHOWN,				\
	  "let real time pass (for cache timeouts)")

enum step_kind {
#define STEP_KIND(kind, word, reader, flags, help)	STEP_##kind,
	STEP_LIST(STEP_KIND)
#undef STEP_KIND
	STEP_CALL, STEP_RESULT,		/* these have an actor's name instead */
};

bool step_is_shown(enum step_kind kind);
bool step_is_served(enum step_kind kind);

enum lock_mode { LOCK_SHARED, LOCK_EXCLUSIVE };

extern const struct keyword step_keywords[];	/* enum step_kind */
extern const struct words step_words;	/* held, blocked, quiet, ... */

/* Somebody a step can call blocked: an actor or a running notification. */
struct subject {
	struct loc loc;
	int actor;			/* NONE: */
	int note;			/* a notification */
	const char **in;		/* kernel functions, one of which must be on its stack */
	size_t n_in;
};

struct subjects {
	struct subject *list;
	size_t n;
};

/* "... = RESULT": of the call the actor is in. */
struct result_step {
	int actor;
	const struct call *call;
	struct expectation expect;
};

struct held_step {
	int gate;
	uint64_t min, max;		/* so many; max UINT64_MAX: or more */
};

#define COUNT_ALL	UINT64_MAX

/* Which of the requests that a gate holds, from the oldest on. */
struct held_choice {
	int gate;
	unsigned nth;			/* this one alone, 1 = oldest; 0: in order */
	bool has_match;			/* only those that match */
	struct pattern match;
};

struct release_step {
	struct held_choice which;
	uint64_t max;			/* how many, or COUNT_ALL */
	bool open;			/* and let later ones pass */
};

struct answer_step {
	struct held_choice which;
	struct reply_spec reply;
};

struct inode_lock_step {
	struct subjects calls;		/* actors only; the first one's request is held */
	enum lock_mode mode;
};

struct wait_step {
	struct pattern match;
	uint64_t min;			/* so many events */
};

struct notified_step {
	int note;
	int error;			/* errno expected, 0 = success */
};

struct mounted_step {
	int mount;			/* with sync_init */
	int error;			/* errno expected of mount(2), 0 = success */
};

struct signal_step {
	int actor;
	int signal;
};

struct control_step {
	int mount;
	struct setting *list;
	size_t n;
	int result;			/* errno that each must give, 0 = success */
};

#define DEVICE_READ	(1u << 20)
#define DEVICE_ARGUMENT	64u

/* On a descriptor of the device that no worker has, or that is of no connection. */
struct device_step {
	int mount;
	bool is_fresh;
	uint64_t size;			/* of the buffer of read(2); 0: not that */
	uint64_t command;
	struct data_spec data;		/* what its argument points to */
	const char *options;		/* of mount(2), with a descriptor of its own */
	int result;			/* errno, 0 = success */
};

enum ring_command {
	RING_NOTHING, RING_REGISTER, RING_COMMIT, RING_CANCEL, RING_UNKNOWN,
	RING_ADD_QUEUE, RING_ADD_POOL,
};

#define RING_ALL		UINT_MAX	/* each queue */
#define RING_RIGHT		UINT64_MAX	/* as the kernel wants it */
#define RING_BUFFERS		2u
#define RING_BUFFERS_MAX	8u

struct ring_step {
	int mount;
	enum ring_command kind;
	unsigned queue;
	uint64_t unique;		/* COMMIT; UNKNOWN: the command's number */
	/* REGISTER: bytes of the buffers; ADD_POOL: payload, of all of them */
	uint64_t header, payload;
	uint64_t buffers;		/* how many are told of */
	uint64_t flags;			/* ADD_QUEUE, ADD_POOL */
	bool registered;		/* ADD_POOL: with io_uring, too */
	uint64_t index;			/* REGISTER: of a buffer for zero copy */
	int result;			/* errno at once, 0 = taken */
};

struct set_step {
	struct assign *list;
	size_t n;
};

struct step {
	struct loc loc;
	const char *text;		/* as in the file, one line */
	uint64_t timeout_ns;		/* 0: the scenario's */
	enum step_kind kind;
	union {				/* by kind; QUIET has nothing */
		struct call_use call;
		struct result_step result;
		struct held_step held;
		struct subjects blocked;
		struct inode_lock_step inode_lock;
		struct wait_step wait;
		struct release_step release;
		int gate;		/* REARM */
		int actor;		/* FREEZE, FROZEN, THAW */
		struct answer_step answer;
		struct notify_spec notify;
		struct notified_step notified;
		struct mounted_step mounted;
		struct file_change server;
		struct file_ref evict;	/* and what is below it */
		struct signal_step signal;
		struct set_step set;
		struct control_step control;
		struct device_step device;
		struct ring_step ring;
		struct check check;	/* judged at this point */
		int mount;		/* ABORT, DIE, UMOUNT, STALL, RESUME */
		struct stress *stress;
		struct explore *explore;
		uint64_t sleep_ns;
	};
};

#endif
