/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the engine puts into the event log: what becomes of requests, and states
 * that change. */
#ifndef ENGINE_ENGINE_LOG_H
#define ENGINE_ENGINE_LOG_H

#include "engine/engine_impl.h"

/* An event about r, not logged yet. */
struct event event_of_request(const struct engine *e, const struct request *r,
			      enum event_kind kind);
/* Log one.  text may be NULL. */
void log_request(struct engine *e, const struct request *r, enum event_kind kind,
		 const char *text);
/* Change state variables, and say so.  Lock held. */
void change_states(struct engine *e, const struct assign *set, size_t n);

#endif
