/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The verdict of a run that has been judged, and the texts of its report.
 * Nothing may be appended to the log any more.
 */
#include "config.h"

#include <string.h>
#include <sys/utsname.h>

#include "base/escape.h"
#include "model/kernel_range.h"
#include "model/transport.h"
#include "run/run.h"
#include "run/conduct/stress.h"

static bool is_about(const struct known_failure *k, const struct scenario *sc,
		     const char *release)
{
	return (!k->case_name || (sc->case_name &&
				  strcmp(k->case_name, sc->case_name) == 0)) &&
		(k->transport == TRANSPORT_ANY ||
		 (k->transport == TRANSPORT_URING) == scenario_uses_uring(sc)) &&
		kernel_range_has(k->kernel, release);
}

const struct known_failure *known_crash(const struct scenario *sc,
					const char *release, const char *console)
{
	size_t i;

	for (i = 0; i < sc->n_fails; i++)
		if (sc->fails[i].crash && is_about(&sc->fails[i], sc, release) &&
		    strstr(console, sc->fails[i].crash))
			return &sc->fails[i];
	return NULL;
}

/* A crash that the machine survived is in the kernel log. */
static const struct known_failure *survived_crash(const struct run *r,
						  const char *release)
{
	const struct known_failure *k = NULL;
	size_t i;

	for (i = 0; !k && i < r->result.n_failures; i++)
		if (r->result.failures[i].note)
			k = known_crash(r->sc, release,
					r->result.failures[i].note);
	return k;
}

/* A crash may depend on chance, so a run without it is judged like any
 * other. */
static const struct known_failure *known_failure(const struct run *r)
{
	struct utsname u;
	size_t i;

	uname(&u);
	for (i = 0; i < r->sc->n_fails; i++)
		if (!r->sc->fails[i].crash &&
		    is_about(&r->sc->fails[i], r->sc, u.release))
			return &r->sc->fails[i];
	return survived_crash(r, u.release);
}

static void set_verdict(struct run *r)
{
	const struct known_failure *k = known_failure(r);
	struct result *res = &r->result;
	enum fusescen_verdict judged =
		verdict_after(res->verdict, res->n_failures ? CAUSE_FAILED :
			      CAUSE_ALL_HELD, k != NULL);

	if (k && judged != res->verdict)
		res->reason = xasprintf("known failure on kernel %s%s: %s", k->kernel,
					k->transport == TRANSPORT_URING ? " by uring" :
					k->transport == TRANSPORT_DEV ? " by dev" : "",
					k->because);
	res->verdict = judged;
}

static char *kernel_release(void)
{
	struct utsname u;

	return uname(&u) ? NULL : xstrdup(u.release);
}

static void put_summary(struct buf *summary, const char *text)
{
	buf_brief(summary, text, strlen(text));
}

void run_report(struct run *r, const struct report_style *style,
		struct buf parts[N_REPORT_PARTS])
{
	const uint64_t end = 0;
	const struct event **events = NULL;
	struct buf *summary = &parts[REPORT_SUMMARY];
	size_t n = 0;

	for (int i = 0; i < N_REPORT_PARTS; i++)
		parts[i] = (struct buf)BUF_INIT;
	run_blame(r);
	set_verdict(r);
	r->result.kernel = kernel_release();
	r->result.columns = style->columns;
	if (r->log)
		events = evlog_sorted(r->log, &n);
	if (r->result.n_failures)
		report_failures(&parts[REPORT_TEXT], r->sc, &r->result, events, n);
	else if (style->verbose)
		report_ladder(&parts[REPORT_TEXT], r->sc, events, n,
			      &(struct ladder_window){ &end, 1, 0, style->columns });
	report_json(&parts[REPORT_EVENTS], r->sc, &r->result, events, n);
	if (r->result.reason)
		put_summary(summary, r->result.reason);
	else if (r->result.n_failures)
		put_summary(summary, r->result.failures[0].what);
	else if (r->stressed.calls)
		stress_print_count(summary, &r->stressed);
	if (r->result.verdict == FUSESCEN_PASS)
		buf_puts(&parts[REPORT_UNUSED], buf_str(&r->unused));
	free(events);
}

void run_report_fini(struct buf parts[N_REPORT_PARTS])
{
	for (int i = 0; i < N_REPORT_PARTS; i++)
		buf_fini(&parts[i]);
}
