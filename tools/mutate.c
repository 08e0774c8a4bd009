/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mutate: finds out whether the expectations of scenarios can fail.  Each case
 * is run as it is.  If it passes, it is run once more for every expectation,
 * with that one made wrong (tools/mutate_mutants.h).  Such a mutant has to
 * fail, and to fail at that place.
 *
 * The exit status is 0 if all mutants are killed, 1 if some are not or if a
 * file or case is not good to begin with, 77 if nothing could be run, and 99
 * for wrong usage.  Main thread only; each run has its own process.
 */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "base/units.h"
#include "fusescen/util/options.h"
#include "fusescen/util/terminal.h"
#include "fusescen/util/walk.h"
#include "load/load.h"
#include "run/caps.h"
#include "model/transport.h"
#include "run/api/supervise.h"
#include "tools/mutate_equivalents.h"
#include "tools/mutate_mutants.h"

#define QUIET_NS	(100 * NS_PER_MS)	/* nothing happens after it */
#define SLACK_NS	(3 * NS_PER_S)
#define PATIENCE_MS	30000
#define CHANCES		4	/* for a mutant that fails by chance */

struct settings {
	unsigned jobs;
	int list;
	int verbose;
	const char *allow;
};

#define AT(member)	offsetof(struct settings, member)

static const struct option_row options[] = {
	{ "jobs", 'j', OPTION_COUNT, AT(jobs), "N", "up to N runs at once" },
	{ "list", 'l', OPTION_FLAG, AT(list), NULL,
	  "print the mutants, run nothing" },
	{ "allow", 'a', OPTION_TEXT, AT(allow), "FILE",
	  "mutants that are known to survive" },
	{ "verbose", 'v', OPTION_FLAG, AT(verbose), NULL,
	  "a line for every file" },
	{ NULL, 0, OPTION_FLAG, 0, NULL, NULL },
};

struct tally {
	size_t mutants, killed, survived, elsewhere, allowed;
	size_t known;			/* mutants of known failures, not run */
	size_t cases, skipped, bad;	/* bad: do not pass as they are */
	size_t broken;			/* files */
};

enum fate { KILLED, SURVIVED, ELSEWHERE };

/* One run. */
struct trial {
	struct scenario *sc;
	const struct mutant *m;		/* NULL: as it is */
	uint64_t timeout_ns, quiet_ns;
	struct transported got;
};

struct session {
	struct settings settings;
	struct equivalents *equivalents;
	struct tally tally;
	struct mutant_sight sight;
};

/* ---- running ------------------------------------------------------------------ */

struct pool {
	struct supervised *running;
	struct trial **of;
	struct pollfd *polled;
	size_t n;
};

/* This is the process of the run, so what changes here changes nowhere else. */
static const struct scenario *scenario_of_trial(void *ctx)
{
	struct trial *t = ctx;

	if (t->m) {
		mutant_swap(t->m);
		t->sc->n_fails = 0;
	}
	return t->sc;
}

static int start(struct supervised *s, struct trial *t)
{
	struct run_options opts = {
		.timeout_ns = t->timeout_ns ? t->timeout_ns : t->sc->timeout_ns,
		.quiet_ns = t->quiet_ns,
	};

	*s = (struct supervised){ .uses_uring = scenario_uses_uring(t->sc) };
	return supervise_start(s, &opts, false, scenario_of_trial, t);
}

static void pool_start(struct pool *p, struct trial *t)
{
	p->of[p->n] = t;
	if (start(&p->running[p->n], t) == 0)
		p->n++;
	else
		t->got = (struct transported){
			.verdict = FUSESCEN_ERROR,
			.parts = {
				[REPORT_SUMMARY] = xasprintf("cannot start: %s",
							     strerror(errno)),
				[REPORT_TEXT] = xstrdup(""),
				[REPORT_UNUSED] = xstrdup(""),
			},
		};
}

static void pool_finish(struct pool *p, size_t i)
{
	supervise_finish(&p->running[i], &p->of[i]->got);
	p->n--;
	p->running[i] = p->running[p->n];
	p->of[i] = p->of[p->n];
}

/* Waits for runs that have ended.  If none does for so long that a run may have
 * to be killed, it waits for the first one. */
static void pool_wait(struct pool *p)
{
	size_t i;
	int ready;

	for (i = 0; i < p->n; i++)
		p->polled[i] = (struct pollfd){ p->running[i].pidfd, POLLIN, 0 };
	ready = poll(p->polled, p->n, PATIENCE_MS);
	if (ready == 0)
		pool_finish(p, 0);
	for (i = p->n; ready > 0 && i-- > 0; )
		if (p->polled[i].revents)
			pool_finish(p, i);
}

static void run_trials(struct trial *trials, size_t n, size_t jobs)
{
	struct pool p = {
		.running = xcalloc(jobs, sizeof(*p.running)),
		.of = xcalloc(jobs, sizeof(struct trial *)),
		.polled = xcalloc(jobs, sizeof(*p.polled)),
	};
	size_t next = 0;

	while (next < n || p.n) {
		while (next < n && p.n < jobs)
			pool_start(&p, &trials[next++]);
		if (p.n)
			pool_wait(&p);
	}
	free(p.running);
	free(p.of);
	free(p.polled);
}

static void trial_fini(struct trial *t)
{
	transported_fini(&t->got);
	t->got = (struct transported){ 0 };
}

/* A scenario names its devices, and there is only one of each name. */
static size_t jobs_for(const struct session *s, const struct scenario *sc)
{
	size_t i;

	for (i = 0; i < sc->n_mounts; i++)
		if (sc->mounts[i].kind == MOUNT_CUSE)
			return 1;
	return s->settings.jobs;
}

/* ---- judging ------------------------------------------------------------------- */

static bool failed_there(const struct trial *t)
{
	auto_free char *place = xasprintf("%s:%u:%u: fail", t->sc->path,
					  t->m->loc.line, t->m->loc.col);

	return strstr(t->got.parts[REPORT_TEXT], place) != NULL;
}

/* Has a run reported that the part of the scenario at this place was not
 * used? */
static bool is_told_unused(const struct trial *t, struct loc loc)
{
	auto_free char *place = xasprintf("%s:%u:%u: note", t->sc->path, loc.line,
					  loc.col);

	return strstr(t->got.parts[REPORT_UNUSED], place) != NULL;
}

static enum fate fate(const struct trial *t)
{
	if (t->got.verdict == FUSESCEN_PASS)
		return t->m->is_unused && is_told_unused(t, t->m->loc) ? KILLED :
			SURVIVED;
	if (t->got.verdict == FUSESCEN_FAIL && (t->m->acts || failed_there(t)))
		return KILLED;
	return ELSEWHERE;
}

static bool is_allowed(const struct session *s, const struct trial *t)
{
	return equivalents_allow(s->equivalents, t->sc->path, t->m->loc.line,
				 t->m->flip);
}

static void print_mutant(const struct scenario *sc, const struct mutant *m,
			 const char *word)
{
	printf("%s:%u:%u: %s%s%s%s%s\n", sc->path, m->loc.line, m->loc.col, word,
	       *word ? ": " : "", m->flip, sc->case_name ? " in case " : "",
	       sc->case_name ? sc->case_name : "");
}

static void print_source(const struct scenario *sc, struct loc loc)
{
	auto_buf struct buf b = BUF_INIT;

	diags_print_source(sc->diags, loc, &b);
	fputs(buf_str(&b), stdout);
}

/* Prints what went wrong instead, in one line. */
static void print_elsewhere(const struct trial *t)
{
	const char *text = t->got.parts[REPORT_TEXT];

	if (!*text)
		text = t->got.parts[REPORT_SUMMARY];

	printf("    %.*s\n", (int)strcspn(text, "\n"), text);
}

static void report(struct session *s, const struct trial *t)
{
	enum fate f = fate(t);

	s->tally.mutants++;
	if (f == KILLED) {
		s->tally.killed++;
	} else if (f == SURVIVED && is_allowed(s, t)) {
		s->tally.allowed++;
		equivalents_survived(s->equivalents, t->sc->path, t->m->loc.line,
				     t->m->flip);
	} else if (f == SURVIVED) {
		s->tally.survived++;
		print_mutant(t->sc, t->m, "survived");
		print_source(t->sc, t->m->loc);
	} else {
		s->tally.elsewhere++;
		print_mutant(t->sc, t->m, "fails elsewhere");
		print_elsewhere(t);
	}
}

/* ---- a file ----------------------------------------------------------------------- */

/* Runs the cases as they are.  Those that do not pass are run again, with more
 * patience. */
static void run_as_is(struct session *s, struct scenario_file *f, struct trial *base)
{
	size_t jobs = jobs_for(s, f->cases[0]), i;

	for (i = 0; i < f->n_cases; i++)
		base[i] = (struct trial){ .sc = f->cases[i], .quiet_ns = QUIET_NS };
	run_trials(base, f->n_cases, jobs);
	for (i = 0; i < f->n_cases; i++) {
		enum fusescen_verdict v = base[i].got.verdict;

		if (v != FUSESCEN_FAIL && v != FUSESCEN_ERROR)
			continue;
		trial_fini(&base[i]);
		base[i].quiet_ns = 0;
		run_trials(&base[i], 1, 1);
	}
}

/* Should the mutants of a case be run? */
static bool is_good(struct session *s, const struct trial *base,
		    const struct mutants *ms)
{
	const char *name = base->sc->case_name;

	s->tally.cases++;
	switch (base->got.verdict) {
	case FUSESCEN_PASS:
		return true;
	case FUSESCEN_XFAIL:
	case FUSESCEN_XPASS:
		s->tally.known += ms->n;
		return false;
	case FUSESCEN_SKIP:
		s->tally.skipped++;
		return false;
	case FUSESCEN_FAIL:
	case FUSESCEN_ERROR:
		break;
	}
	s->tally.bad++;
	printf("%s: does not pass as it is%s%s: %s\n", base->sc->path,
	       name ? " in case " : "", name ? name : "", base->got.parts[REPORT_SUMMARY]);
	return false;
}

static struct trial *add_trials(struct trial *list, size_t *n,
				const struct trial *base, const struct mutants *ms)
{
	uint64_t timeout = 3 * base->got.elapsed_ns + SLACK_NS;
	size_t i;

	if (timeout > base->sc->timeout_ns)
		timeout = base->sc->timeout_ns;
	list = xrealloc(list, (*n + ms->n + 1) * sizeof(*list));
	for (i = 0; i < ms->n; i++) {
		/* Another case uses it, so nothing can be taken away here. */
		if (ms->at[i].is_unused && is_told_unused(base, ms->at[i].loc))
			continue;
		list[(*n)++] = (struct trial){
			.sc = base->sc, .m = &ms->at[i],
			.timeout_ns = timeout, .quiet_ns = base->quiet_ns,
		};
	}
	return list;
}

/* If a run has failed at another place, the load of the machine may be the
 * reason, so it is run again with more patience.  The same is done with a
 * mutant that the list allows to survive, and that did not. */
static void run_again(struct session *s, struct trial *t)
{
	enum fate f = fate(t);

	if (f == SURVIVED || (f == KILLED && !is_allowed(s, t)))
		return;
	trial_fini(t);
	t->quiet_ns = 0;
	t->timeout_ns = 0;
	run_trials(t, 1, 1);
}

/* It is chance which calls a stress step makes in its time, and what they meet.
 * A good scenario makes each of them in nearly every run. */
static void run_by_chance(struct trial *t)
{
	unsigned tries;

	for (tries = 0; tries < CHANCES && fate(t) == SURVIVED; tries++) {
		trial_fini(t);
		run_trials(t, 1, 1);
	}
}

static void run_mutants(struct session *s, struct trial *trials, size_t n)
{
	size_t i;

	if (n)
		run_trials(trials, n, jobs_for(s, trials[0].sc));
	for (i = 0; i < n; i++) {
		run_again(s, &trials[i]);
		if (trials[i].m->by_chance)
			run_by_chance(&trials[i]);
		report(s, &trials[i]);
		trial_fini(&trials[i]);
	}
}

static void mutate_cases(struct session *s, struct scenario_file *f)
{
	struct trial *base = xcalloc(f->n_cases + 1, sizeof(*base));
	struct mutants *ms = xcalloc(f->n_cases + 1, sizeof(*ms));
	struct trial *trials = NULL;
	size_t n = 0, good = 0, i;

	run_as_is(s, f, base);
	for (i = 0; i < f->n_cases; i++) {
		mutants_init(&ms[i], f->cases[i], &s->sight);
		if (is_good(s, &base[i], &ms[i])) {
			trials = add_trials(trials, &n, &base[i], &ms[i]);
			good++;
		}
	}
	if (good == f->n_cases)
		equivalents_look(s->equivalents, f->path);
	run_mutants(s, trials, n);
	if (s->settings.verbose)
		printf("%s: %zu mutants\n", f->path, n);
	for (i = 0; i < f->n_cases; i++) {
		mutants_fini(&ms[i]);
		trial_fini(&base[i]);
	}
	free(trials);
	free(base);
	free(ms);
}

static void list_cases(struct session *s, struct scenario_file *f)
{
	struct mutants ms;
	size_t i, k;

	for (i = 0; i < f->n_cases; i++) {
		mutants_init(&ms, f->cases[i], &s->sight);
		for (k = 0; k < ms.n; k++)
			print_mutant(f->cases[i], &ms.at[k], "");
		s->tally.mutants += ms.n;
		mutants_fini(&ms);
	}
}

static void mutate_file(struct session *s, const char *path)
{
	struct scenario_file *f = load_file(path);
	auto_buf struct buf errors = BUF_INIT;

	if (diags_count(f->diags)) {
		diags_print(f->diags, &errors);
		fputs(buf_str(&errors), stderr);
		s->tally.broken++;
	} else if (s->settings.list) {
		list_cases(s, f);
	} else {
		mutate_cases(s, f);
	}
	scenario_file_free(f);
	fflush(stdout);
}

/* ---- the whole ---------------------------------------------------------------------- */

static int summary(const struct session *s)
{
	const struct tally *t = &s->tally;
	size_t stale = equivalents_stale(s->equivalents);
	size_t counted = t->mutants - t->allowed;

	printf("%zu cases: %zu skipped, %zu do not pass as they are; "
	       "%zu files broken\n", t->cases, t->skipped, t->bad, t->broken);
	printf("%zu mutants of known failures not run\n", t->known);
	printf("%zu mutants, %zu killed, %zu survived, %zu failed elsewhere, "
	       "%zu equivalent (kill rate %.2f %%)\n", t->mutants, t->killed,
	       t->survived, t->elsewhere, t->allowed,
	       counted ? 100.0 * (double)t->killed / (double)counted : 100.0);
	if (t->survived || t->elsewhere || t->bad || t->broken || stale)
		return 1;
	return t->mutants ? 0 : 77;
}

int main(int argc, char **argv)
{
	struct session s = { .settings = { .jobs = 1 } };
	uint64_t began_ns = clock_ns();
	struct paths paths;
	size_t i;
	int n = options_parse(options, argc - 1, argv + 1, &s.settings);
	int status;

	if (n <= 0) {
		fputs("mutate [options] FILE|DIR...\n", stderr);
		options_print(options);
		return 99;
	}
	if (s.settings.allow &&
	    !(s.equivalents = equivalents_load(s.settings.allow)))
		return 99;
	s.sight = (struct mutant_sight){
		.stacks = !capability_missing(CAP_KERNEL_STACK),
		.tracing = !capability_missing(CAP_TRACING),
	};
	if (paths_collect(&paths, argv + 1, n))
		return 99;
	for (i = 0; i < paths.n; i++) {
		if (!s.settings.list)
			status_progress(i, paths.n, began_ns, paths.at[i].name);
		mutate_file(&s, paths.at[i].name);
	}
	status_clear();
	paths_free(&paths);
	if (s.settings.list)
		printf("%zu mutants\n", s.tally.mutants);
	status = s.settings.list ? 0 : summary(&s);
	equivalents_free(s.equivalents);
	return status;
}
