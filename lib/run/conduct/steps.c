/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Walks the steps of a script; one that fails ends the walk.  Steps of few lines are
 * here, and the others in steps_*.c. */
#include "config.h"

#include "run/conduct/steps.h"

#include <signal.h>

#include "base/errnos.h"
#include "base/units.h"
#include "run/conduct/evict.h"
#include "run/conduct/proof.h"
#include "run/conduct/returns.h"
#include "run/conduct/wait.h"

bool step_fail(struct run *r, const struct step *step, char *expected,
		      char *actual)
{
	run_fail(r, step->loc, xstrdup(step->text), expected, actual, NULL);
	return false;
}

bool step_stuck(struct run *r, const struct step *step, char *expected,
		       char *actual)
{
	run_fail(r, step->loc, xstrdup(step->text), expected, actual,
		 run_situation(r));
	return false;
}

bool all_quiet(struct run *r, const void *arg)
{
	return proof_quiet(r, arg != NULL);
}

const char *error_text(int err)
{
	const char *name = errno_name(err);

	return err == 0 ? "0" : name ? name : "an unknown errno";
}

/* ---- steps of few lines ------------------------------------------------------- */

bool step_sleep(struct run *r, const struct step *step)
{
	(void)r;
	sleep_ns(step->sleep_ns);
	return true;
}

static bool errno_step(struct run *r, const struct step *step, int err)
{
	if (err == 0)
		return true;
	return step_fail(r, step, xstrdup("success"), xstrdup(error_text(err)));
}

bool step_evict(struct run *r, const struct step *step)
{
	return evict_run(r, step);
}

bool step_server(struct run *r, const struct step *step)
{
	return errno_step(r, step, server_change(r->server, &step->server));
}

bool step_signal(struct run *r, const struct step *step)
{
	/* kernel/signal.c, complete_signal(): any but SIGKILL goes to the tracer
	 * first, and then ends no wait that only a fatal one would end. */
	r->leaves_to_tracer |= r->is_traced && step->signal.signal != SIGKILL;
	return errno_step(r, step, actor_signal(r->actors, step->signal.actor,
						step->signal.signal));
}

bool step_set(struct run *r, const struct step *step)
{
	engine_set_state(r->engine, step->set.list, step->set.n);
	return true;
}

bool step_check(struct run *r, const struct step *step)
{
	run_wait(r, step->timeout_ns, all_quiet, NULL);
	return run_check(r, &step->check);
}

bool step_abort(struct run *r, const struct step *step)
{
	return errno_step(r, step, server_abort(r->server, step->mount));
}

bool step_die(struct run *r, const struct step *step)
{
	server_die(r->server, step->mount);
	return true;
}

bool step_umount(struct run *r, const struct step *step)
{
	return errno_step(r, step, server_umount(r->server, step->mount));
}

/* What has been set is there to be read.  Files of fusectl never wait for the server. */
static bool control_one(struct run *r, const struct step *step, const struct setting *set)
{
	const struct control_step *c = &step->control;
	int err = server_control(r->server, c->mount, set->row->path, set->value);
	uint64_t is = 0;

	if (err != c->result)
		return step_fail(r, step, xasprintf("%s: %s", set->row->name,
						    error_text(c->result)),
				 xstrdup(error_text(err)));
	if (err)
		return true;
	err = server_control_shows(r->server, c->mount, set->row->path, &is);
	if (!err && is == set->value)
		return true;
	return step_fail(r, step, xasprintf("%s is then %llu", set->row->name,
					    (unsigned long long)set->value),
			 err ? xstrdup(error_text(err)) :
			 xasprintf("%llu", (unsigned long long)is));
}

bool step_control(struct run *r, const struct step *step)
{
	const struct control_step *c = &step->control;
	size_t i;

	for (i = 0; i < c->n; i++)
		if (!control_one(r, step, &c->list[i]))
			return false;
	return true;
}

bool step_device(struct run *r, const struct step *step)
{
	const struct device_step *d = &step->device;
	int err = server_device(r->server, d);

	return err == d->result ||
		step_fail(r, step, xstrdup(error_text(d->result)),
			  xstrdup(error_text(err)));
}

bool step_ring(struct run *r, const struct step *step)
{
	int err = server_ring(r->server, &step->ring);

	return err == step->ring.result ||
		step_fail(r, step, xstrdup(error_text(step->ring.result)),
			  xstrdup(error_text(err)));
}

bool step_stall(struct run *r, const struct step *step)
{
	return errno_step(r, step, server_stall(r->server, step->mount));
}

bool step_resume(struct run *r, const struct step *step)
{
	engine_resume(r->engine, step->mount);
	return true;
}

#define RUNS(kind, word, reader, flags, help)	[STEP_##kind] = step_##word,
static bool (*const step_runs[])(struct run *r, const struct step *step) = {
	STEP_LIST(RUNS)
	[STEP_CALL] = step_call,
	[STEP_RESULT] = step_result,
};
#undef RUNS

static bool nothing_ends(struct run *r, const void *arg)
{
	(void)arg;
	return !server_is_ending(r->server);
}

bool run_steps(struct run *r)
{
	size_t i;

	for (i = 0; i < r->sc->n_steps; i++) {
		const struct step *step = &r->sc->steps[i];
		struct event ev = event_of(EV_STEP);

		if (server_is_ending(r->server))
			run_wait(r, 0, nothing_ends, NULL);
		ev.step = step;
		evlog_add(r->log, &ev);
		returns_collect(r->returns, r->sc, r->actors);
		if (!step_runs[step->kind](r, step))
			return false;
	}
	return true;
}
