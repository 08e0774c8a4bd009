/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What nothing in a scenario uses.  Any thread. */
#include "config.h"

#include "model/unused.h"

struct seer {
	const struct scenario *sc;
	void (*see)(void *ctx, struct loc loc, const char *what);
	void *ctx;
};

static void tell(const struct seer *s, struct loc loc, const char *fmt,
		 const char *name)
{
	auto_free char *what = xasprintf(fmt, name);

	s->see(s->ctx, loc, what);
}

static bool is_looked_at(const struct scenario *sc, int state)
{
	for (size_t i = 0; i < sc->n_rules; i++) {
		const struct rule *r = &sc->rules[i];

		for (size_t j = 0; j < r->n_when; j++) {
			if (r->when[j].state == state)
				return true;
		}
	}
	return false;
}

static bool stresses(const struct stress *stress, int actor)
{
	for (size_t i = 0; i < stress->n_parts; i++) {
		if (stress->parts[i].actor == actor)
			return true;
	}
	return false;
}

static bool explores(const struct explore *explore, int actor)
{
	for (size_t i = 0; i < explore->n_parts; i++) {
		if (explore->parts[i].actor == actor)
			return true;
	}
	return false;
}

static bool makes_calls(const struct scenario *sc, int actor)
{
	for (size_t i = 0; i < sc->n_steps; i++) {
		const struct step *step = &sc->steps[i];

		if ((step->kind == STEP_CALL && step->call.actor == actor) ||
		    (step->kind == STEP_STRESS && stresses(step->stress, actor)) ||
		    (step->kind == STEP_EXPLORE && explores(step->explore, actor)))
			return true;
	}
	return false;
}

void scenario_unused(const struct scenario *sc,
		     void (*see)(void *ctx, struct loc loc, const char *what),
		     void *ctx)
{
	const struct seer s = { sc, see, ctx };

	for (size_t i = 0; i < sc->n_unused_vars; i++)
		tell(&s, sc->unused_vars[i].loc, "no text has the variable ${%s}",
		     sc->unused_vars[i].name);
	for (size_t i = 0; i < sc->n_states; i++) {
		if (!is_looked_at(sc, (int)i))
			tell(&s, sc->states[i].loc,
			     "no rule depends on the state %s", sc->states[i].name);
	}
	for (size_t i = 0; i < sc->n_actors; i++) {
		if (!makes_calls(sc, (int)i))
			tell(&s, sc->actors[i].loc, "%s makes no call",
			     sc->actors[i].name);
	}
}
