/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Actors of a scenario, the calls they make, and what is expected of a call.
 * Pure data. */
#ifndef MODEL_CLIENTS_H
#define MODEL_CLIENTS_H

#include "model/calls.h"
#include "model/values.h"

struct actor_spec {
	struct loc loc;
	const char *name;
	int process;			/* index of the actor whose process it shares (itself) */
	bool has_ids;
	uint32_t uid, gid;
	uint32_t *groups;		size_t n_groups;	/* supplementary */
	int cpu;			/* NONE, or pinned */
	uint32_t namespaces;		/* NS_*: those it is in beside the run's */
	uint64_t memory_max, memory_high;	/* of its control group; 0: as much as there is */
};

/* With less, the process itself would not fit. */
#define ACTOR_MEMORY_LEAST	(4u << 20)

/* A number that a stress step draws anew for each call: start + i * step for
 * one i < n.  n == 0: nothing to draw. */
struct draw {
	int64_t start, step;
	uint64_t n;
	bool in_order;			/* one after the other; else at random */
	size_t at, len;			/* where it stands in call_use.text */
};

struct arg {
	struct loc loc;
	int64_t num;
	struct draw draw;
	const char *str;
	int mount;			/* ARG_PATH */
	int var;			/* ARG_VAR: index into scenario.vars */
	struct data_spec data;
};

enum expect_kind {
	EXPECT_OK,			/* nothing written: any value >= 0 */
	EXPECT_ANY,			/* = ? */
	EXPECT_VALUE,			/* = 4K */
	EXPECT_ERRNO,			/* = -1 EIO, = -1 EIO|ENOTCONN */
	EXPECT_SIGNAL,			/* = SIGBUS */
	EXPECT_KILLED,			/* = killed: the process died in the call */
};

struct field_expect {
	int field;			/* index into call->fields */
	uint64_t lo, hi;		/* lo <= v < hi */
	uint64_t step;			/* v is lo plus a multiple; 0: any */
	uint64_t ignored;		/* bits of v that do not matter */
};

/* In a stress step: how a number is to stand to those before it. */
enum trend { TREND_NONE, TREND_GROWS, TREND_SHRINKS };
extern const char *const trend_words[];	/* by enum trend; NULL at the end */

struct expectation {
	struct loc loc;
	const char *text;		/* as written: "-1 EIO" */
	enum expect_kind kind;
	int64_t lo, hi;			/* EXPECT_VALUE: lo <= v <= hi */
	int64_t step;			/* ... and v is lo plus a multiple; 0: any */
	enum trend trend;		/* of the value, or of ... */
	int trend_field;		/* ... a field; NONE */
	int errnos[LIMIT_ERRNOS];			/* EXPECT_ERRNO; 0 ends */
	int signal;
	bool has_data;			/* = 5 "hello" */
	struct data_spec data;
	struct field_expect *fields;	/* = {size=64K, mode=0644} */
	size_t n_fields;
	const char **actors;		/* {pid=app}: the names of all of them */
	size_t n_actors;
	const char **names;		/* readdir = [a, b]: exactly these, any order */
	size_t n_names;
	bool has_names;
	struct expectation *alt;	/* "or": this will do as well; NULL */
};

struct call_use {
	int actor;
	const struct call *call;
	const char *text;		/* "pwrite(fd, 4K, 0)" */
	struct arg args[CALL_PARAMS_MAX];
	unsigned n_args;		/* given; the rest have their defaults filled in */
	int result_var;			/* NONE or index into scenario.vars */
	bool async;			/* ends in " ..." */
	struct expectation expect;
};

#endif
