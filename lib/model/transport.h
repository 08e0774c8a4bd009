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
/* Why it cannot be run with io_uring, and where it says that; NULL: it can. */
const char *scenario_unfit_for_uring(const struct scenario *sc, struct loc *where);
/* What in it makes the kernel warn, where io_uring is used; NULL: nothing known. */
const char *scenario_warns_by_uring(const struct scenario *sc, struct loc *where);
/* Is this message a notification that makes it warn, and what is to be said of it. */
bool note_warns_by_uring(const void *msg, size_t len);
extern const char uring_retrieve_warning[];

#endif
