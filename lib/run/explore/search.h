/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The search: schedules are run, several at once, each in a process of its own, and
 * what they leave is judged.  Lives in the caller's process, one thread at a time.
 */
#ifndef RUN_EXPLORE_SEARCH_H
#define RUN_EXPLORE_SEARCH_H

#include "explore/frontier.h"
#include "explore/linear.h"
#include "fusescen.h"
#include "run/run.h"

/* Something that cannot be right. */
struct wrong_order {
	struct schedule schedule;
	struct trail *trail;
	struct linear linear;		/* the order that comes nearest */
	char *summary;			/* of the run, if that failed; else NULL */
	unsigned times;			/* so often of WRONG_TIMES */
	struct search *own;		/* with a smaller story; NULL: the one it is of */
	struct arena *arena;		/* of that story; NULL */
};
#define WRONG_TIMES	5

struct place;			/* where a schedule is run */

struct search {
	const struct scenario *sc;
	struct run_options options;	/* of a run */
	unsigned jobs;
	uint64_t max_runs, end_ns;	/* 0: no end */
	unsigned max_findings;
	struct lottery *draw;		/* NULL: the nearest orders come first */
	int (*progress)(void *ctx, const struct fusescen_explored *so_far);
	void *ctx;
	/* Called every few seconds, and at the end; may be NULL. */
	void (*save)(struct search *s, void *ctx);
	void *save_ctx;
	uint64_t save_ns;		/* next time */
	struct place *places;		/* jobs of them, while it runs */
	/* what came of it */
	struct frontier *frontier;
	struct tmpfs_model *model;
	struct fusescen_explored count;
	uint64_t relaxed[N_RELAXATIONS];
	struct wrong_order *findings;
	size_t n_findings;
	enum fusescen_verdict verdict;	/* SKIP, ERROR: it could not be searched */
	char *reason;
};

void search_init(struct search *s, const struct scenario *sc);
void search_fini(struct search *s);
/* Until a bound is reached, or nothing is left. */
void search_run(struct search *s);
/* See all schedules that are still to be run, those under way included. */
void search_each_left(const struct search *s,
		      void (*see)(void *ctx, const struct schedule *s), void *ctx);
/* It cannot go on, for this reason, which s owns from now on. */
void search_end(struct search *s, enum fusescen_verdict verdict, char *reason);
/* Run w's schedule so often.  True: it was kept to and is wrong each time, and w has
 * the last run's trail (where its own is) and what differs. */
bool search_try(struct search *s, struct wrong_order *w, unsigned times);
/* What it holds, and what it is of. */
void search_free_order(struct wrong_order *w);

#endif
