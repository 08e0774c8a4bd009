/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The course of a request: from station to station (inflight.h), until it has
 * to wait, to be delivered, or to be answered.  Whoever runs it, a worker, the
 * filesystem end's thread or a later-thread, does what comes next.
 */
#ifndef ENGINE_PIPELINE_H
#define ENGINE_PIPELINE_H

#include "engine/engine_impl.h"

enum next {
	NEXT_WAIT,	/* it waits somewhere: hands off */
	NEXT_DELIVER,	/* to the filesystem end */
	NEXT_SEND,	/* its reply, to the kernel */
	NEXT_END,	/* nobody needs to hear of it */
};

/* Lock held. */
enum next pipeline_next(struct engine *e, struct request *p);
/* It left a gate, or is to be answered: goes on by its later-thread.  Lock held. */
void pipeline_resume(struct engine *e, struct request *p);
/* An event about p, not logged yet. */
struct event event_of_request(const struct engine *e, const struct request *p,
			      enum event_kind kind);
/* An event about p.  text may be NULL. */
void pipeline_log(struct engine *e, const struct request *p, enum event_kind kind,
		const char *text);
/* Change states, telling the log.  Lock held. */
void pipeline_set_states(struct engine *e, const struct assign *set, size_t n);
/* Answer what a gate holds (see engine_answer()).  now: on this thread where
 * the reply is whole; else always by the later-thread.  Lock not held. */
bool pipeline_answer(struct engine *e, int gate, const struct pattern *match,
		   unsigned nth, const struct reply_spec *reply,
		   const struct rule *by, bool now);
/* What a rule does after the reply was written.  Lock not held. */
void pipeline_after(struct engine *e, const struct rule *rule);
/* Go on with p on this thread: later-threads.  Lock not held. */
void pipeline_run(struct engine *e, struct request *p);
/* p needs nothing more; the rule's last actions, then it is freed.  Lock not
 * held. */
void pipeline_end(struct engine *e, struct request *p);

#endif
