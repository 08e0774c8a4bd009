/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A task of a machine is a case (reach) or a mutant with all its cases (kills).  They
 * go out in portions, because a portion's results come in the order of its list, and
 * what has not come in is lost when this process ends.  Main thread only.
 */
#include "config.h"

#include "fusescen/mutate/measure.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/units.h"
#include "fusescen/mutate/job.h"
#include "fusescen/util/errors.h"
#include "fusescen/util/terminal.h"
#include "fusescen/vm/run.h"
#include "fusescen/vm/worker.h"

/* Tasks of a machine before its results are all in.  A boot takes a few seconds. */
#define CASES_AT_ONCE	400
#define MUTANTS_AT_ONCE	40

/* Beyond this, a task will never end. */
#define LIMIT_S	90

/* A portion of work, and where its results go. */
struct portion {
	const struct measurement *m;
	const size_t *items;	/* subjects or mutants */
	size_t n, done;
	size_t before, total;	/* of all portions, for people */
	uint64_t began_ns;
	size_t *again;		/* mutants that are to be tried alone */
	size_t n_again;
};

static void show(struct portion *p, const char *what)
{
	p->done++;
	status_progress(p->before + p->done, p->total, p->began_ns, what);
}

/* Is nothing more to run on the machine that said so? */
static bool is_last(const char *text)
{
	return !strncmp(text, "dirty ", 6) || !strncmp(text, "stuck ", 6);
}

typedef void deliver_fn(void *ctx, const struct point *p, const char *events);

static int run_portion(struct portion *p, const struct guest_job *jobs,
		       const char *path, deliver_fn *deliver)
{
	auto_free struct task *tasks = xcalloc(p->n + 1, sizeof(*tasks));
	const struct vm_machine machine = {
		.cpus = 1, .equip = corpus_equip, .equip_ctx = p->m->corpus,
		.is_broken = true, .task_limit_s = LIMIT_S,
	};
	const struct batch batch = {
		.tasks = tasks, .n_tasks = p->n, .rounds = 1,
		.jobs = p->n < 4 ? 1 : p->m->jobs,
		.options = { .size = sizeof(batch.options) },
		.deliver = deliver, .is_last = is_last, .ctx = p,
	};
	size_t i;

	for (i = 0; i < p->n; i++)
		tasks[i] = (struct task){ .path = path, .job = &jobs[i] };
	return vm_run(&batch, p->m->kernel, &machine);
}

static bool is_over(const struct measurement *m)
{
	return m->until_ns && clock_ns() >= m->until_ns;
}

/* Runs all items in portions.  size is for one machine. */
static int run_all(struct portion *p, const size_t *items, size_t n, size_t size,
		   int (*run)(struct portion *p))
{
	int err = 0;
	size_t at;

	p->total = n;
	p->began_ns = clock_ns();
	size *= p->m->jobs;
	for (at = 0; at < n && !err && !is_over(p->m); at += p->n) {
		p->items = items + at;
		p->n = n - at < size ? n - at : size;
		p->before = at;
		p->done = 0;
		err = run(p);
	}
	status_clear();
	return err;
}

static void free_jobs(struct guest_job *jobs, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		free((char *)jobs[i].argument);
	free(jobs);
}

/* ---- reach ----------------------------------------------------------------------- */

static void deliver_reach(void *ctx, const struct point *ran, const char *events)
{
	struct portion *p = ctx;
	struct subject *s = &p->m->corpus->at[p->items[p->done]];
	unsigned verdict;
	int len;

	(void)events;
	s->is_known = true;
	s->verdict = FUSESCEN_ERROR;
	if (ran->verdict == FUSESCEN_PASS &&
	    sscanf(ran->text, "%u %u %n", &verdict, &s->ms, &len) == 2 &&
	    verdict < N_VERDICTS) {
		s->verdict = (enum fusescen_verdict)verdict;
		subject_reach(s, ran->text + len);
	}
	/* What a patch mends is unexpected, and still what has to stay so. */
	s->is_usable = s->verdict == FUSESCEN_PASS || s->verdict == FUSESCEN_XFAIL ||
		s->verdict == FUSESCEN_XPASS;
	findings_add_case(p->m->findings, s);
	show(p, s->name);
}

static int run_reach(struct portion *p)
{
	struct guest_job *jobs = xcalloc(p->n + 1, sizeof(*jobs));
	size_t i;
	int err;

	for (i = 0; i < p->n; i++) {
		const struct subject *s = &p->m->corpus->at[p->items[i]];

		jobs[i] = (struct guest_job){ "reach",
			xasprintf("%zu.%zu", s->file, s->index), false };
	}
	err = run_portion(p, jobs, "reach", deliver_reach);
	free_jobs(jobs, p->n);
	return err;
}

int measure_reach(const struct measurement *m)
{
	auto_free size_t *items = xcalloc(m->corpus->n + 1, sizeof(*items));
	struct portion p = { .m = m };
	size_t i, n = 0;

	for (i = 0; i < m->corpus->n; i++)
		if (!m->corpus->at[i].is_known)
			items[n++] = i;
	return run_all(&p, items, n, CASES_AT_ONCE, run_reach);
}

/* ---- kills ----------------------------------------------------------------------- */

static uint64_t key_of(const struct subject *const *list, size_t n)
{
	uint64_t key = n;
	const char *c;
	size_t i;

	for (i = 0; i < n; i++) {
		key = key * 31 + list[i]->key;
		for (c = list[i]->name; *c; c++)
			key = key * 31 + (unsigned char)*c;
	}
	return key;
}

/* Returns the argument of its job; NULL if nothing is to be tried. */
static char *argument_of(const struct measurement *m, size_t mutant,
			 struct finding *f)
{
	const struct mutant *at = &m->mutants->at[mutant];
	size_t n, reaching, i;
	const struct subject **list = corpus_nearest(m->corpus, m->mutants, at, m->cases,
						     &n, &reaching);
	struct buf b = BUF_INIT;

	*f = (struct finding){ .reaching = (unsigned)reaching, .key = key_of(list, n) };
	buf_printf(&b, "%u %u", at->number, m->patience_ms);
	for (i = 0; i < n; i++)
		buf_printf(&b, " %zu.%zu.%u.%u", list[i]->file, list[i]->index,
			   list[i]->verdict, list[i]->ms);
	free(list);
	if (n)
		return buf_steal(&b);
	buf_fini(&b);
	return NULL;
}

static const struct subject *subject_at(const struct corpus *c, size_t file,
					size_t index)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (c->at[i].file == file && c->at[i].index == index)
			return &c->at[i];
	return NULL;
}

/* f is about this case. */
static void set_killer(const struct portion *p, struct finding *f, size_t file,
		       size_t index, const char *how)
{
	const struct subject *s = subject_at(p->m->corpus, file, index);

	f->kind = KILLED;
	f->by = xstrdup(s ? s->name : "");
	f->how = xstrdup(how);
}

/* Reads what the guest says of a mutant. */
static void read_finding(const struct portion *p, const char *text, struct finding *f)
{
	size_t file, index;
	unsigned verdict;
	int len;

	f->kind = UNCLEAR;
	if (sscanf(text, "survived %u %u %u", &f->tried, &f->runs, &f->ms) == 3) {
		f->kind = SURVIVED;
	} else if (sscanf(text, "killed %zu.%zu %u %u %u %n", &file, &index, &f->runs,
			  &f->ms, &verdict, &len) == 5 && verdict < N_VERDICTS) {
		auto_free char *how = xasprintf("%s: %s", verdicts[verdict].word,
						text + len);

		set_killer(p, f, file, index, how);
	} else if (sscanf(text, "stuck %zu.%zu %u %u", &file, &index, &f->runs,
			  &f->ms) == 4) {
		set_killer(p, f, file, index, "it does not end");
	} else if (sscanf(text, "dirty %zu.%zu %u %u", &file, &index, &f->runs,
			  &f->ms) == 4) {
		set_killer(p, f, file, index, "the kernel does not recover from it");
	}
}

/*
 * A machine that is damaged may be so by another mutant, and one that is silent, or
 * takes too long, may have been waiting for this machine's processors.  Where the
 * mutant was alone, it was the mutant.
 */
static bool is_doubtful(const struct portion *p, const struct point *ran)
{
	if (p->n == 1)
		return false;
	if (ran->verdict == FUSESCEN_PASS)
		return is_last(ran->text);
	return !strcmp(ran->summary, VM_HANGS) || !strcmp(ran->summary, VM_TOO_LONG);
}

static void deliver_kill(void *ctx, const struct point *ran, const char *events)
{
	struct portion *p = ctx;
	size_t mutant = p->items[p->done];
	struct finding f;

	(void)events;
	free(argument_of(p->m, mutant, &f));
	if (is_doubtful(p, ran)) {
		f.kind = UNCLEAR;
		p->again[p->n_again++] = mutant;
	} else if (ran->verdict == FUSESCEN_FAIL) {
		f.kind = KILLED;
		f.by = xstrdup("");
		f.how = xstrdup(ran->summary);
	} else if (ran->verdict == FUSESCEN_PASS) {
		read_finding(p, ran->text, &f);
	} else {
		f.kind = UNCLEAR;
	}
	if (f.kind != UNCLEAR)
		findings_add(p->m->findings, mutant, &f);
	show(p, p->m->mutants->at[mutant].function);
}

static int run_kills(struct portion *p)
{
	struct guest_job *jobs = xcalloc(p->n + 1, sizeof(*jobs));
	struct finding ignored;
	size_t i;
	int err;

	for (i = 0; i < p->n; i++)
		jobs[i] = (struct guest_job){ "mutant",
			argument_of(p->m, p->items[i], &ignored), false };
	err = run_portion(p, jobs, "mutant", deliver_kill);
	free_jobs(jobs, p->n);
	return err;
}

/* Is there something to find out?  Where no case is near, the finding is made here. */
static bool has_to_run(const struct measurement *m, size_t mutant)
{
	const struct finding *old = &m->findings->of[mutant];
	struct finding f;
	auto_free char *argument = NULL;

	if (!m->mutants->at[mutant].is_wanted || old->kind == KILLED)
		return false;
	argument = argument_of(m, mutant, &f);
	if (argument)
		return old->kind != SURVIVED || old->key != f.key;
	f.kind = NOT_REACHED;
	if (old->kind != NOT_REACHED)
		findings_add(m->findings, mutant, &f);
	return false;
}

int measure_kills(const struct measurement *m)
{
	auto_free size_t *items = xcalloc(m->mutants->n + 1, sizeof(*items));
	auto_free size_t *again = xcalloc(m->mutants->n + 1, sizeof(*again));
	struct portion p = { .m = m, .again = again }, alone;
	size_t i, n = 0;
	int err;

	for (i = 0; i < m->mutants->n; i++)
		if (has_to_run(m, i))
			items[n++] = i;
	err = run_all(&p, items, n, MUTANTS_AT_ONCE, run_kills);
	for (i = 0; i < p.n_again && !err && !is_over(m); i++) {
		alone = (struct portion){
			.m = m, .items = &again[i], .n = 1, .before = i,
			.total = p.n_again, .began_ns = clock_ns(),
		};
		err = run_kills(&alone);
	}
	status_clear();
	return err;
}
