/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a scenario without a conductor cannot have.  Caller's thread. */
#include "config.h"

#include "run/serve/restrictions.h"

static bool is_opened(const struct scenario *sc, int gate)
{
	size_t i;

	for (i = 0; i < sc->n_rules; i++)
		if (sc->rules[i].answer_gate == gate)
			return true;
	return false;
}

static void refuse_rule(struct diags *dg, const struct scenario *sc,
			const struct restrictions *rs, const struct rule *r)
{
	if (!rs->nobody)
		return;
	if (r->gate != NONE && !is_opened(sc, r->gate))
		diag(dg, r->loc, "no rule answers what gate %s holds, and %s to "
		     "release it", sc->gates[r->gate], rs->nobody);
	if (r->stall)
		diag(dg, r->loc, "%s to resume a stalled server", rs->nobody);
}

static void refuse(struct diags *dg, const struct scenario *sc,
		   const struct restrictions *rs, bool allow_hazard)
{
	const struct loc nowhere = { 0, 0, 0 };
	size_t i;

	if (sc->hazard && !allow_hazard)
		diag(dg, nowhere, "hazard: %s (only in a virtual machine, with "
		     "allow_hazard)", sc->hazard);
	if (sc->n_actors)
		diag(dg, sc->actors[0].loc, "%s's clients are whoever uses it, "
		     "no actors", rs->who);
	if (sc->n_steps)
		diag(dg, sc->steps[0].loc, "a scenario with steps is to be run: "
		     "%s has nobody to walk them", rs->who);
	if (sc->n_mounts > 1)
		diag(dg, sc->mounts[1].loc, "%s is one mount", rs->who);
	if (sc->mounts[0].kind != MOUNT_FUSE)
		diag(dg, sc->mounts[0].loc, "%s is a mount, no devices",
		     rs->who);
	for (i = 0; i < sc->n_rules; i++)
		refuse_rule(dg, sc, rs, &sc->rules[i]);
	for (i = 0; i < sc->n_expect; i++)
		if (sc->expect[i].kind == CHECK_KERNEL)
			diag(dg, sc->expect[i].loc, "%s does not look at the "
			     "kernel's functions", rs->who);
	if (sc->n_traced)
		diag(dg, sc->n_expect ? sc->expect[0].loc : nowhere, "%s does "
		     "not look at the kernel's own events", rs->who);
	if (rs->refuse)
		rs->refuse(dg, sc);
}

char *restrictions_check(const struct scenario_file *f,
			 const struct restrictions *rs, bool allow_hazard)
{
	struct buf b = BUF_INIT;
	struct diags *dg = diags_new(f->path, f->text, f->text_len);

	refuse(dg, f->cases[0], rs, allow_hazard);
	if (diags_count(dg))
		diags_print(dg, &b);
	diags_free(dg);
	return b.len ? buf_steal(&b) : NULL;
}
