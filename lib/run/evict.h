/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How files are evicted, round by round: which notification comes next, and whether
 * the kernel has forgotten all of them.  Whoever evicts writes the notifications and
 * waits for them in his own way.  One thread at a time; the reference counts are
 * for any thread.
 */
#ifndef RUN_EVICT_H
#define RUN_EVICT_H

#include "engine/engine.h"

struct eviction;

/* All that the wire has named at path and below, with one reference.  loc: the place
 * that its notifications have in the log. */
struct eviction *eviction_new(struct engine *e, int mount, const char *path,
			      struct loc loc);
/* While a notification is being written, it and the eviction are in use. */
void eviction_hold(struct eviction *ev);
/* With the last reference it is freed; NULL is fine. */
void eviction_drop(struct eviction *ev);

size_t eviction_size(const struct eviction *ev);
const char *eviction_path(const struct eviction *ev, size_t i);

/* The first notification of a round; not with a size of 0. */
const struct notify_spec *eviction_begin(struct eviction *ev);
/* The next one, after the last one has given err; NULL: the round is over. */
const struct notify_spec *eviction_next(struct eviction *ev, int err);
/* After a round: the first that the kernel still knows.  The size: none. */
size_t eviction_known(const struct eviction *ev);

#endif
