/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Descriptors that the workers of a session have cloned for themselves.  They
 * come and go with their threads, and their numbers are used again; so a
 * thread remembers its own, and tells when it ends.
 *
 * Threads of a session, and whoever detaches.
 */
#ifndef ATTACH_CLONES_H
#define ATTACH_CLONES_H

#include <stdint.h>

#include "transport/channel.h"

/* What this thread reads by the descriptor of that number, under that tag;
 * NULL: it has not said. */
struct channel *clone_find(uint64_t tag, int fd);
/* Say so.  gone(), which must be inside the slot, is called with what the slot
 * leads to and the channel when the thread ends, if the tag is still good. */
void clone_remember(unsigned slot, uint64_t tag, int fd, struct channel *c,
		    void (*gone)(void *ctx, struct channel *c));

#endif
