/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Judging the log: order, before, count, never, max_in_flight, elapsed, same and
 * differ.  Pure functions over a log, or a snapshot of one, to which no thread
 * appends meanwhile.  CHECK_FILE and CHECK_KERNEL are judged in run/conduct/, which
 * can look at files and functions.
 */
#ifndef ENGINE_CHECKS_H
#define ENGINE_CHECKS_H

#include "engine/evlog.h"

struct finding {
	char *expected;		/* in the script's own syntax */
	char *actual;
	char *near_miss;	/* lines, or NULL */
	uint64_t at_seq;	/* where the ladder should be centred; 0: the end */
};
void finding_fini(struct finding *f);

/* True if the check holds over events[0..n) (sorted by seq).  Otherwise fills
 * *out (the caller frees with finding_fini). */
bool check_holds(const struct scenario *sc, const struct check *check,
		 const struct event *const *events, size_t n, struct finding *out);

/* Lines about the events that almost match: "#12 WRITE /data: offset is 8K,
 * not 0..4K".  At most max lines; nothing if none is near. */
void near_misses(const struct scenario *sc, const struct pattern *p,
		 const struct event *const *events, size_t n, size_t max,
		 struct buf *out);

#endif
