/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What steps and judges share: noting failures, and what the scenario needs.
 * Conductor only.
 */
#include "config.h"

#include "run/run.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"

void run_fail(struct run *r, struct loc loc, char *what, char *expected,
	      char *actual, char *note)
{
	struct failure f = {
		.loc = loc, .what = what, .note = note,
		.finding = { .expected = expected, .actual = actual },
	};

	result_add(&r->result, &f);
}

void run_error(struct run *r, char *reason)
{
	r->result.verdict = verdict_after(r->result.verdict, CAUSE_TOOL, false);
	free(r->result.reason);
	r->result.reason = reason;
}

void run_skip(struct run *r, char *reason)
{
	r->result.verdict = FUSESCEN_SKIP;
	free(r->result.reason);
	r->result.reason = reason;
}

static char *limit_text(const char *before, const struct limit *l)
{
	auto_buf struct buf b = BUF_INIT;

	buf_puts(&b, before);
	limit_print(&b, l);
	return buf_steal(&b);
}

/* What a call lacked, or which limit of a backend was reached; NULL. */
static char *own_shortage(struct run *r)
{
	const struct limit *reached = NULL;
	const struct step *step;
	const char *lack = r->actors ? actors_lack(r->actors, &step) : NULL;
	auto_free char *before = NULL;
	const char *killed = groups_out_of_memory(&r->groups, r->sc);
	size_t i;

	if (lack)
		return xasprintf("%s: %s", step->text, lack);
	if (killed)
		return xasprintf("the kernel killed %s, whose memory_max is too little",
				 killed);
	if (r->leaves_to_tracer)
		return xstrdup("an actor got a signal while strace or a debugger "
			       "traced it, and so the tracer decides what comes of it");
	for (i = 0; r->server && i < r->sc->n_mounts && !reached; i++)
		reached = server_limit_reached(r->server, (int)i);
	if (!reached)
		return NULL;
	before = xasprintf("%s: ", r->sc->mounts[i - 1].name);
	return limit_text(before, reached);
}

void run_blame(struct run *r)
{
	const struct limit *log = r->log ? evlog_limit_reached(r->log) : NULL;
	char *why = NULL;

	if (r->result.verdict == FUSESCEN_ERROR)
		return;
	if (log)
		why = limit_text("", log);
	else if (r->result.n_failures)
		why = own_shortage(r);
	if (!why)
		return;
	result_clear(&r->result);
	run_error(r, why);
}

static bool is_capability(const char *name, enum capability cap)
{
	const struct keyword *k;

	for (k = capability_keywords; k->name; k++)
		if (k->kind == (int)cap && strcmp(k->name, name) == 0)
			return true;
	return false;
}

bool run_needs(const struct scenario *sc, enum capability cap)
{
	size_t i;

	for (i = 0; i < sc->n_needs; i++)
		if (is_capability(sc->needs[i].name, cap))
			return true;
	return false;
}
