/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A round of runs where it must fail, and one where it must pass of those that have
 * failed.  Main thread only. */
#include "config.h"

#include "fusescen/minimize/trial.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "fusescen/minimize/reference.h"
#include "fusescen/report/batch.h"
#include "fusescen/util/signals.h"
#include "fusescen/vm/run.h"

/* One list of runs, on one kernel. */
struct round {
	struct trials *ts;
	struct trial *trials;
	size_t *which;			/* of the trials, for each task */
	size_t n, delivered;
	enum { MUST_FAIL, MUST_PASS, ON_TMPFS } kind;
	bool is_over;
};

static bool shows(const struct trials *ts, struct trial *t, const struct point *p)
{
	auto_free char *all = NULL;

	if (p->verdict != FUSESCEN_FAIL && !(ts->keep && p->verdict == FUSESCEN_ERROR))
		return false;
	/* The first run of all says what it is. */
	if (!ts->keep && !ts->goal.what)
		return true;
	if (!ts->keep)
		return failure_is_in(&ts->goal, p->text, t->from, t->to, &t->line);
	all = xasprintf("%s\n%s\n%s", p->summary, p->text, p->console ? p->console : "");
	return strstr(all, ts->keep) != NULL;
}

static void deliver(void *ctx, const struct point *p, const char *events)
{
	struct round *r = ctx;
	struct trial *t = &r->trials[r->which[r->delivered++ % r->n]];

	(void)events;
	r->ts->runs++;
	if (r->kind == MUST_PASS)
		t->passed += p->verdict == FUSESCEN_PASS;
	if (r->kind == ON_TMPFS)
		t->is_right = p->verdict == FUSESCEN_PASS;
	if (r->kind != MUST_FAIL)
		return;
	if (!t->report) {
		t->report = xasprintf("%s%s%s", p->text, *p->text ? "" : p->summary,
				      *p->text ? "" : "\n");
		t->elapsed_ns = p->elapsed_ns;
	}
	t->failed += shows(r->ts, t, p);
	/* one that does not show it each time ends a confirmation */
	r->is_over = r->n == 1 && t->failed < r->delivered;
}

static int run_round(struct round *r, fusescen_file **files, unsigned times)
{
	const struct vm_kernels *kernels = r->kind == MUST_PASS ? r->ts->passes_on :
		r->ts->fails_on;
	const struct vm_machine machine = { .cpus = 1 };
	auto_free struct task *tasks = xcalloc(r->n + 1, sizeof(*tasks));
	struct batch b = {
		.tasks = tasks, .n_tasks = r->n, .rounds = times, .jobs = r->ts->jobs,
		.options = {
			.size = sizeof(b.options), .timeout_ms = r->ts->timeout_ms,
			.allow_hazard = r->ts->allow_hazard,
			.allow_host = r->ts->allow_host,
		},
		.deliver = deliver, .ctx = r, .is_over = &r->is_over,
		.waits = true,
	};
	int sig;

	for (size_t i = 0; i < r->n; i++)
		tasks[i] = (struct task){
			.path = r->ts->path, .text = r->trials[r->which[i]].text,
			.file = files[r->which[i]],
		};
	if (!r->n)
		return 0;
	sig = kernels->n && r->kind != ON_TMPFS ? vm_run(&b, kernels, &machine) : batch_run_here(&b);
	if (sig > 0)
		r->ts->signal = sig;
	return sig ? -1 : 0;
}

static void list_those(struct round *r, size_t n, unsigned times)
{
	r->is_over = false;
	r->n = r->delivered = 0;
	for (size_t i = 0; i < n; i++)
		if (r->trials[i].is_scenario && r->trials[i].failed == times)
			r->which[r->n++] = i;
}

/* Those of which a tmpfs does not give what is expected are wrong. */
static int run_on_tmpfs(struct round *r, fusescen_file **files, size_t n, unsigned times)
{
	size_t kept = 0;

	r->kind = ON_TMPFS;
	list_those(r, n, times);
	for (size_t i = 0; i < r->n; i++) {
		size_t at = r->which[i];
		auto_free char *text = reference_make(r->trials[at].text,
						      r->trials[at].line);

		if (!text)
			continue;
		fusescen_free(files[at]);
		files[at] = fusescen_load_text("reference", text, strlen(text));
		if (!fusescen_errors(files[at]))
			r->which[kept++] = at;
	}
	r->n = kept;
	return run_round(r, files, 1);
}

static int run_both(struct round *r, fusescen_file **files, size_t n, unsigned times)
{
	for (size_t i = 0; i < n; i++)
		if (r->trials[i].is_scenario)
			r->which[r->n++] = i;
	r->kind = MUST_FAIL;
	if (run_round(r, files, times))
		return -1;
	if (r->ts->passes_on) {
		r->kind = MUST_PASS;
		list_those(r, n, times);
		if (run_round(r, files, times))
			return -1;
	}
	return r->ts->asks_tmpfs ? run_on_tmpfs(r, files, n, times) : 0;
}

int trials_run(struct trials *ts, struct trial *trials, size_t n, unsigned times)
{
	auto_free fusescen_file **files = xcalloc(n + 1, sizeof(*files));
	auto_free size_t *which = xcalloc(n + 1, sizeof(*which));
	struct round r = { .ts = ts, .trials = trials, .which = which };
	int err;

	for (size_t i = 0; i < n; i++) {
		struct trial *t = &trials[i];

		files[i] = fusescen_load_text(ts->path, t->text, strlen(t->text));
		t->is_scenario = !fusescen_errors(files[i]);
		t->failed = t->passed = 0;
		t->is_right = false;
	}
	err = run_both(&r, files, n, times);
	for (size_t i = 0; i < n; i++)
		fusescen_free(files[i]);
	return err;
}

bool trial_shows(const struct trials *ts, const struct trial *t, unsigned times)
{
	return t->is_scenario && t->failed == times &&
		(!ts->passes_on || t->passed == times) &&
		(!ts->asks_tmpfs || t->is_right);
}

void trial_fini(struct trial *t)
{
	free(t->report);
	t->report = NULL;
}
