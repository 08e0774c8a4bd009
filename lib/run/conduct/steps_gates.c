/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Steps: what gates hold is released or answered. */
#include "config.h"

#include "run/conduct/steps.h"

#include "run/conduct/gate_report.h"
#include "run/conduct/wait.h"

static bool enough_held(struct run *r, const void *arg)
{
	const struct step *step = arg;

	return engine_held(r->engine, step->held.gate) >= step->held.min;
}

bool step_held(struct run *r, const struct step *step)
{
	bool exactly = step->held.max == step->held.min;
	auto_free char *situation = NULL;
	struct buf why = BUF_INIT;
	unsigned held;

	if (run_wait(r, step->timeout_ns, enough_held, step) && exactly)
		run_wait(r, step->timeout_ns, all_quiet, step);
	held = engine_held(r->engine, step->held.gate);
	if (held >= step->held.min && held <= step->held.max)
		return true;
	if (held < step->held.min)
		gate_report_print(r, step->held.gate, &why);
	situation = run_situation(r);
	buf_puts(&why, situation);
	run_fail(r, step->loc, xstrdup(step->text),
		 xasprintf("%s%llu held at gate %s", exactly ? "" : "at least ",
			   (unsigned long long)step->held.min,
			   r->sc->gates[step->held.gate]),
		 xasprintf("%u", held), buf_steal(&why));
	return false;
}

static const struct pattern *match_of(const struct held_choice *which)
{
	return which->has_match ? &which->match : NULL;
}

bool step_release(struct run *r, const struct step *step)
{
	const struct release_step *rel = &step->release;
	unsigned n = engine_release(r->engine, rel->which.gate,
				    match_of(&rel->which), rel->which.nth,
				    rel->max, rel->open);

	if (rel->open || rel->max == COUNT_ALL || n >= rel->max)
		return true;
	return step_fail(r, step, xasprintf("%llu to release at gate %s",
					    (unsigned long long)rel->max,
					    r->sc->gates[rel->which.gate]),
			 xasprintf("%u", n));
}

bool step_rearm(struct run *r, const struct step *step)
{
	engine_rearm(r->engine, step->gate);
	return true;
}

bool step_answer(struct run *r, const struct step *step)
{
	const struct held_choice *which = &step->answer.which;

	if (engine_answer(r->engine, which->gate, match_of(which), which->nth,
			  &step->answer.reply))
		return true;
	return step_fail(r, step, xasprintf("a request to answer at gate %s",
					    r->sc->gates[which->gate]),
			 xstrdup("none"));
}
