/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Steps that freeze actors and let them go on. */
#include "config.h"

#include "run/conduct/steps.h"

#include "run/conduct/wait.h"

static bool is_alive(struct run *r, const struct step *step)
{
	struct actor_look look;

	actor_look(r->actors, step->actor, &look);
	return look.alive || step_fail(r, step, xstrdup("a process"),
				       xstrdup("the actor has died"));
}

static bool switch_freezer(struct run *r, const struct step *step, bool freeze)
{
	int err = groups_freeze(&r->groups, r->sc, step->actor, freeze);

	return !err || step_fail(r, step, xstrdup("success"), xstrdup(error_text(err)));
}

/* It does not wait: a process that waits for the server freezes when it has its reply. */
bool step_freeze(struct run *r, const struct step *step)
{
	return is_alive(r, step) && switch_freezer(r, step, true);
}

static bool is_frozen(struct run *r, const void *arg)
{
	return groups_is_frozen(&r->groups, r->sc, *(const int *)arg);
}

bool step_frozen(struct run *r, const struct step *step)
{
	const char *name = r->sc->actors[step->actor].name;

	if (!is_alive(r, step))
		return false;
	return run_wait(r, step->timeout_ns, is_frozen, &step->actor) ||
		step_stuck(r, step, xasprintf("%s is frozen", name),
			   xstrdup("it is not"));
}

bool step_thaw(struct run *r, const struct step *step)
{
	return is_alive(r, step) && switch_freezer(r, step, false);
}
