/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What one run of a story left behind: its moves, the requests that each brought,
 * what the calls gave, and what the files hold at the end.  It lies in memory that
 * the run's process shares with whoever explores, so that it is there even if that
 * process died.  Written by one process, then read by the other.
 */
#ifndef EXPLORE_TRAIL_H
#define EXPLORE_TRAIL_H

#include "explore/schedule.h"
#include "model/outcome.h"

#define TRAIL_REQUESTS	256
#define TRAIL_CALLS	96
#define TRAIL_FILES	8
#define TRAIL_DATA	(512u << 10)
#define TRAIL_FILE_DATA	(64u << 10)	/* so much of a file is compared */

enum trail_end {
	TRAIL_NONE,		/* the run did not get that far */
	TRAIL_WHOLE,		/* all calls were made */
	TRAIL_STUCK,		/* nobody can go on, and there is no move left */
	TRAIL_DIVERGED,		/* a move of the schedule could not be made */
	TRAIL_LATE,		/* no quiet point in time */
	TRAIL_FULL,		/* more than there is room for here */
};

struct trail_move {
	uint8_t move;
	moves_t enabled;		/* what could have been done instead, too */
	uint32_t asleep;		/* after it: parts in a call without a held request */
	uint8_t held;			/* after it: holds that hold */
	bool notifying;			/* after it: a notification is blocked */
	uint64_t end_seq;		/* last event of it */
};

struct trail_request {
	struct request_name name;
	unsigned move;
};

/* What a call gave, or what a file holds, as far as it is compared. */
struct seen {
	int64_t ret;
	int err, signal;
	bool killed, has_size;
	uint64_t size;
	uint32_t data, len;		/* bytes at trail->bytes + data */
};

/* A call, or a change by the server, which takes no time: it begins and ends at once. */
struct trail_call {
	const struct step *step;	/* of the scenario, which both have */
	uint64_t begin_seq, end_seq;	/* end 0: it has not returned */
	struct seen seen;
};

struct trail_file {
	char path[NAME_PATH];
	int mount;
	bool there;
	struct seen seen;		/* size, and the first bytes */
};

struct trail {
	enum trail_end end;
	unsigned n_moves, n_requests, n_calls, n_files;
	struct trail_move moves[SCHEDULE_MOVES];
	struct trail_request requests[TRAIL_REQUESTS];
	struct trail_call calls[TRAIL_CALLS];
	struct trail_file files[TRAIL_FILES];
	int other_errs[LIMIT_EXPLORE_CALLS];	/* what became of the "others" */
	int faults[SCHEDULE_HOLDS];	/* errnos that were given; 0: none */
	int write_faults[SCHEDULE_HOLDS]; /* the same, only to WRITE */
	bool short_write;		/* one of them: of a WRITE nothing was taken */
	bool full;
	uint32_t used;
	uint8_t bytes[TRAIL_DATA];
};

/* In memory that is shared with the processes forked from now on. */
struct trail *trail_new(void);
void trail_free(struct trail *t);
void trail_clear(struct trail *t);

/* Append; what does not fit makes it full. */
void trail_add_request(struct trail *t, const struct request_name *name, unsigned move);
void trail_add_call(struct trail *t, const struct step *step, uint64_t begin_seq,
		    uint64_t end_seq, const struct outcome *o);
/* What the server did to its files, and with which errno. */
void trail_add_change(struct trail *t, const struct step *step, uint64_t seq, int err);
struct trail_file *trail_add_file(struct trail *t, int mount, const char *path);
uint32_t trail_put(struct trail *t, const void *p, size_t n);

/* The files that are compared at the end: those that the scenario's mounts begin
 * with, and those that its calls name.  Each once; returns how many. */
struct named_file {
	int mount;
	const char *path;
};
size_t trail_named_files(const struct scenario *sc,
			 struct named_file out[TRAIL_FILES]);

#endif
