/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A run that is explored ends its actors while the server still answers: what they had
 * open has to be released then, and the kernel must not count a request any more
 * that it never sends.  Conductor only.
 */
#include "config.h"

#include "run/conduct/accounts.h"

#include <inttypes.h>

#include "base/units.h"
#include "engine/accounts.h"
#include "explore/schedule.h"
#include "run/conduct/wait.h"

#define CLOSE_NS	(5 * NS_PER_S)

/* What is wrong with a mount's requests; NULL: nothing. */
static char *problem_of(struct run *r, int mount)
{
	const struct event **events;
	struct engine_load load;
	uint64_t waiting;
	char *wrong;
	size_t n;

	events = evlog_sorted(r->log, &n);
	wrong = accounts_judge(events, n, mount, true);
	free(events);
	engine_load(r->engine, mount, &load);
	if (!wrong && !server_waiting(r->server, mount, &waiting) && waiting != load.open)
		wrong = xasprintf("the kernel counts %" PRIu64 " that are not answered, and "
				  "has sent %" PRIu64, waiting, (uint64_t)load.open);
	return wrong;
}

static char *any_problem(struct run *r)
{
	char *wrong = NULL;

	for (size_t i = 0; i < r->sc->n_mounts && !wrong; i++)
		wrong = problem_of(r, (int)i);
	return wrong;
}

static bool all_is_well(struct run *r, const void *arg)
{
	auto_free char *wrong = any_problem(r);

	(void)arg;
	return !wrong;
}

/* A RELEASE comes when nobody waits for it, and so perhaps a little later. */
void accounts_settle(struct run *r)
{
	char *wrong;

	if (!r->trail || r->trail->end != TRAIL_WHOLE ||
	    r->result.verdict != FUSESCEN_PASS ||
	    actors_kill(r->actors, clock_ns() + CLOSE_NS, NULL, 0) ||
	    run_wait(r, CLOSE_NS, all_is_well, NULL))
		return;
	wrong = any_problem(r);
	if (wrong)
		run_fail(r, schedule_step(r->sc)->loc,
			 xasprintf("requests do not add up: %s", wrong),
			 xstrdup("each file released once, no inode forgotten too often, "
				 "no request left"), wrong, NULL);
}
