/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* By which way the requests of a scenario's mounts come, and what then cannot be
 * said.  Pure functions. */
#ifndef MODEL_TRANSPORT_H
#define MODEL_TRANSPORT_H

#include "model/scenario.h"

/* Every mount of the scenario that does not say itself by which it is served. */
void scenario_choose_transport(struct scenario *sc, enum transport transport);
/* Does one of its mounts use io_uring? */
bool scenario_uses_uring(const struct scenario *sc);
/* Why it cannot use io_uring as it is to: something cannot be said over it, or makes
 * the kernel warn.  is_chosen: whoever runs it has said so, and not a mount of its own.
 * NULL: it can; else to be freed. */
char *uring_objection(const struct scenario *sc, bool is_chosen, bool allow_hazard);
/* Is this message a notification of which the kernel warns where io_uring is used, and
 * what is to be said of it. */
bool note_warns_by_uring(const void *msg, size_t len);
extern const char uring_retrieve_warning[];

#endif
