/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The return values of the kernel functions that a scenario's checks name: they
 * are logged and judged, where the kernel allows us to see them.  Conductor
 * only.
 */
#ifndef RUN_CONDUCT_RETURNS_H
#define RUN_CONDUCT_RETURNS_H

#include "act/actors.h"
#include "engine/checks.h"

struct returns;

/* From now on.  NULL: no check names any; the other functions take that. */
struct returns *returns_watch(const struct scenario *sc, struct evlog *log);
/* The caller frees; NULL: all are watched. */
char *returns_missing(const struct returns *w);
/* Log what was returned since the last time. */
void returns_collect(struct returns *w, const struct scenario *sc,
		     struct actors *as);
/* Stop watching. */
void returns_free(struct returns *w);

/* Does the log have a return as the check wants it, before teardown?  Pure.
 * Otherwise fills *out as check_holds() does; at_seq 0: no call was seen. */
bool returns_hold(const struct event *const *events, size_t n,
		  const struct check *c, struct finding *out);

enum judgement { HOLDS, HOLDS_NOT, CANNOT_SAY };

/* HOLDS_NOT: *out says more.  CANNOT_SAY: *why (NULL before) does; the caller
 * frees it.  must_see: no call at all is HOLDS_NOT. */
enum judgement returns_judge(const struct returns *w, const struct check *c,
			     bool must_see, struct finding *out, char **why);

#endif
