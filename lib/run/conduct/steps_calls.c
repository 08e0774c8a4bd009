/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Steps: actors make calls, and these return. */
#include "config.h"

#include "run/conduct/steps.h"

#include "act/procstat.h"
#include "base/errnos.h"
#include "run/conduct/proof.h"
#include "run/conduct/wait.h"

static bool actor_is_back(struct run *r, const void *arg)
{
	const int *actor = arg;
	struct actor_look look;

	actor_look(r->actors, *actor, &look);
	return !look.in_call;
}

static uint64_t last_return(struct run *r, int actor)
{
	const struct event **events;
	uint64_t seq = 0;
	size_t n;

	events = evlog_sorted(r->log, &n);
	while (n-- && !seq)
		if (events[n]->kind == EV_RETURN && events[n]->actor == actor)
			seq = events[n]->seq;
	free(events);
	return seq;
}

/* A script that waits for a call whose request its own gate holds can never release
 * it. */
static bool waits_for_itself(struct run *r, const struct step *step,
			     const struct call_use *call)
{
	const struct subject who = { .actor = call->actor, .note = NONE };
	pid_t tid = proof_thread(r, &who);

	return step->kind == STEP_CALL && tid &&
		engine_holds_pid(r->engine, (uint32_t)tid);
}

static bool call_stuck(struct run *r, const struct step *step,
		       const struct call_use *call, const char *name)
{
	auto_free char *situation = run_situation(r);
	char *note = waits_for_itself(r, step, call) ?
		xasprintf("the script waits for this call, and a gate holds its request: "
			  "\"%s ...\" starts it and goes on\n%s", call->text,
			  situation) : xstrdup(situation);

	run_fail(r, step->loc, xstrdup(step->text),
		 xasprintf("%s: %s returns", name, call->text),
		 xstrdup("it has not returned"), note);
	return false;
}

/* Take the result of the call an actor is in or has just made. */
static bool take_result(struct run *r, const struct step *step,
			const struct call_use *call, const struct expectation *e)
{
	const char *name = r->sc->actors[call->actor].name;
	uint8_t letter = actor_letter(r->sc, call->actor);
	struct buf got = BUF_INIT;
	const struct outcome *o;
	struct failure failure;

	if (!run_wait(r, step->timeout_ns, actor_is_back,
		      &call->actor))
		return call_stuck(r, step, call, name);
	o = actor_outcome(r->actors, call->actor);
	if (!o)
		return step_fail(r, step, xasprintf("%s: %s returns", name, call->text),
				 xasprintf("%s is dead", name));
	if (outcome_meets(o, e, call->call, letter, NULL))
		return true;
	buf_printf(&got, "%s = ", call->text);
	outcome_print_miss(&got, o, e, call->call, letter);
	failure = (struct failure){
		.loc = e->loc.line ? e->loc : step->loc,
		.what = xasprintf("%s: %s", name, call->text),
		.finding = {
			.expected = xasprintf("%s = %s", call->text,
					      *e->text ? e->text : "success"),
			.actual = buf_steal(&got),
			.at_seq = last_return(r, call->actor),
		},
	};
	result_add(&r->result, &failure);
	return false;
}

bool step_call(struct run *r, const struct step *step)
{
	if (!actor_command(r->actors, step))
		return step_stuck(r, step, xstrdup("the actor is free"),
				 xstrdup("it is dead, or still in a call"));
	return step->call.async || take_result(r, step, &step->call,
						   &step->call.expect);
}

bool step_result(struct run *r, const struct step *step)
{
	struct actor_look look;

	actor_look(r->actors, step->result.actor, &look);
	return take_result(r, step, &look.step->call, &step->result.expect);
}
