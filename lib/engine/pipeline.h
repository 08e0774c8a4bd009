/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The way of a request through the engine; engine_request() and engine_reply()
 * are here too.
 *
 *	worker ---> engine_request() --.
 *	backend ----> engine_reply() --+-> request_advance() -> perform() --> deliver
 *	delay thread ------------------'      under the lock    without   `-> send
 */
#ifndef ENGINE_PIPELINE_H
#define ENGINE_PIPELINE_H

#include "engine/engine_impl.h"

/* The delay thread of each mount. */
void pipeline_start(struct engine *e);
void pipeline_stop(struct engine *e);

/* Hand r, which no gate holds any more, to its mount's delay thread.  Lock
 * held. */
void pipeline_let_go(struct engine *e, struct request *r);

#endif
