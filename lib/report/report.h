/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Verdicts in words: text for people, with a ladder of the events, and the log as
 * JSON lines.  Pure functions over a finished run.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "base/verdict.h"
#include "engine/checks.h"
#include "engine/evlog.h"

/* One thing that went wrong: a step that could not finish, a check that does
 * not hold, a line of the kernel log, something left behind. */
struct failure {
	struct loc loc;		/* line 0: no place in the file */
	char *what;		/* "app: fsync(fd) returned -1 EIO" */
	struct finding finding;	/* expected, actual, near misses */
	char *note;		/* more lines: a kernel stack, what a gate holds */
};

struct result {
	enum fusescen_verdict verdict;
	char *reason;		/* of a skip, an error or a known failure */
	struct failure *failures;
	size_t n_failures;
	uint64_t elapsed_ns;
	char *kernel;		/* release of the one it is about; NULL: not known */
	unsigned columns;	/* how wide its ladder may be; 0: as for a mail */
};
void result_fini(struct result *r);
void result_clear(struct result *r);	/* without failures */
void result_add(struct result *r, const struct failure *f);	/* takes what f owns */

/* What a ladder shows of a log. */
struct ladder_window {
	/* The events in question, of which one that is 0 is the end.  The window holds
	 * the first of them, and the others if they are near enough. */
	const uint64_t *marks;
	size_t n_marks;		/* at least 1 */
	size_t max_rows;	/* at most so many rows; 0: all */
	unsigned columns;	/* how wide it may be; 0: 72, as for a mail */
};
/* The ladder: a column for each actor, one for kernel → fs.  If actors are many for
 * its width, they share one. */
void report_ladder(struct buf *b, const struct scenario *sc,
		   const struct event *const *events, size_t n,
		   const struct ladder_window *window);

/* "scenarios/x.yaml:12:5: fail: ..." with source line, expected, actual, near
 * misses.  One block per failure, at most 5, then how many more, and one ladder in
 * which all of them are marked, and what they are about: kernel and tool. */
void report_failures(struct buf *b, const struct scenario *sc, const struct result *r,
		     const struct event *const *events, size_t n);

/* One event, one line; times count from start_ns. */
void report_event(struct buf *b, const struct scenario *sc,
		  const struct event *ev, uint64_t start_ns);
/* One JSON object per event, one a line; then one for the verdict. */
void report_json(struct buf *b, const struct scenario *sc, const struct result *r,
		 const struct event *const *events, size_t n);

#endif
