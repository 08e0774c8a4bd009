/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Does a request match a rule, does an event match a pattern, and if not, by
 * how little.  Pure functions over const data, thread-safe.
 */
#ifndef ENGINE_MATCH_H
#define ENGINE_MATCH_H

#include "engine/evlog.h"

/* path: of the file the request is about (for LOOKUP, MKDIR, ...: the child),
 * NULL when unknown. */
bool match_file(const struct file_ref *file, int mount, const char *path);
bool match_conds(const struct cond *where, size_t n, const struct decoded_request *req);

/* The static part of a rule: operation, file, fields, actor.  actor: index of
 * who made the request, or NONE.  A rule for any operation leaves out INIT and
 * noise, which must be named. */
bool match_rule(const struct rule *rule, const struct decoded_request *req, int mount,
		const char *path, int actor);

/* Noise and teardown never match a pattern that does not name the operation;
 * teardown never matches at all. */
bool match_event(const struct scenario *sc, const struct pattern *p,
		 const struct event *ev);

/* The value of the pattern's field in an event that matches it; -1 if the message
 * has none, as a short one. */
int match_value(const struct pattern *p, const struct event *ev,
		const struct field **f, struct field_value *v);

/* How far an event is from a pattern: 0 matches, else the number of things
 * that differ, and the first of them in words
 * ("offset is 8K, not 0..4K"; "file is /other, not /data").  MATCH_FAR: an
 * event of another kind, another operation or another client's call. */
#define MATCH_FAR	1000
int match_distance(const struct scenario *sc, const struct pattern *p,
		   const struct event *ev, struct buf *why);

#endif
