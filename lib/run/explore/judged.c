/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a server changes has a place in the order of calls only if the kernel asks
 * again before it answers each of them.  A cache that may be old for as long as it likes is
 * no fault, so there would be nothing to say.
 */
#include "config.h"

#include "run/explore/judged.h"

#include <stddef.h>

#include "explore/schedule.h"
#include "wire/proto.h"

static bool changes_names(const struct file_change *c)
{
	return c->kind == CHANGE_REMOVE || c->kind == CHANGE_RENAME ||
		c->kind == CHANGE_LINK;
}

static const char *why_not_change(const struct scenario *sc, const struct file_change *c)
{
	const struct mount_spec *m = &sc->mounts[c->mount];

	if (c->kind != CHANGE_WRITE && c->kind != CHANGE_TRUNCATE && !changes_names(c))
		return "what \"server\" changes there is not compared: only data, sizes and "
			"names are";
	if (m->init_on & INIT_WRITEBACK_CACHE)
		return "with writeback_cache what the kernel has is right, and what "
			"\"server\" changes need never be seen";
	if (!(m->init_on & INIT_AUTO_INVAL_DATA) || mount_attr_ns(m))
		return "what \"server\" changes need not be seen at once: say "
			"auto_inval_data under init, and timeouts: {attr: 0}";
	if (changes_names(c) && (mount_entry_ns(m) || mount_negative_ns(m)))
		return "names that \"server\" changes need not be seen at once: say "
			"timeouts: {entry: 0}";
	return NULL;
}

static void look_for_mapping(void *ctx, struct loc loc, const struct call_use *use)
{
	(void)loc;
	*(bool *)ctx |= use->call->id == CALL_mmap;
}

static const char *why_not_step(const struct scenario *sc, const struct step *step)
{
	bool maps = false;

	if (step->kind != STEP_SERVER)
		return NULL;
	scenario_each_call(sc, look_for_mapping, &maps);
	return maps ? "nobody tells a mapping what \"server\" changes" :
		why_not_change(sc, &step->server);
}

const char *why_not_judged(const struct scenario *sc)
{
	const struct step *explore = schedule_step(sc);
	const char *why = NULL;

	if (!explore)
		return "it has no step \"explore\"";
	for (size_t i = 0; i < sc->n_steps && !why; i++)
		why = why_not_step(sc, &sc->steps[i]);
	for (size_t i = 0; i < explore->explore->n_others && !why; i++)
		why = why_not_step(sc, &explore->explore->others[i]);
	return why;
}
