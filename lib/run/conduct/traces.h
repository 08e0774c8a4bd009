/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The kernel events that a scenario names are read from the kernel's buffers
 * and logged, as far as they are about the scenario's mounts or clients.
 * Conductor only.
 */
#ifndef RUN_CONDUCT_TRACES_H
#define RUN_CONDUCT_TRACES_H

#include "act/actors.h"
#include "server/server.h"

struct traces;

/* NULL: the scenario names none (*why NULL; the other functions take that), or
 * it cannot be done: then *why says why; the caller frees it.  Forks: before
 * there are threads. */
struct traces *traces_new(const struct scenario *sc, char **why);
/* See them from now on.  The mounts are up.  NULL, or why not. */
char *traces_start(struct traces *t, struct server *server, struct actors *as,
		   struct evlog *log);
/* Log what has happened since the last time. */
void traces_collect(struct traces *t);
/* Were there more than could be kept? */
bool traces_lost(const struct traces *t);
void traces_free(struct traces *t);

#endif
