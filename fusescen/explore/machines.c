/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The job's argument is what it is asked for, as numbers.  Main thread only. */
#include "config.h"

#include "fusescen/explore/machines.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/units.h"
#include "fusescen/util/terminal.h"
#include "fusescen/vm/run.h"

/* A machine shrinks and shows what it found when the time of the search is over. */
#define LIMIT_S		300

#define ARGUMENT	"%zu %u %u %u %u %u %llu "	/* and the transport */
#define NO_TRANSPORT	"-"

/* ---- inside ---------------------------------------------------------------------- */

char *explore_job(const char *path, const char *text, const char *argument,
		  enum fusescen_verdict *verdict)
{
	struct fusescen_explore_options o = { .size = sizeof(o) };
	unsigned runs, time_ms, jobs, findings, hazard;
	unsigned long long seed;
	char transport[16];
	fusescen_file *file;
	size_t index;
	char *out;

	if (!text || sscanf(argument, ARGUMENT "%15s", &index, &runs, &time_ms, &jobs, &findings,
			    &hazard, &seed, transport) != 8)
		return xstrdup("the job is not understood\n");
	o.max_runs = runs;
	o.time_ms = time_ms;
	o.jobs = jobs;
	o.max_findings = findings;
	o.allow_hazard = hazard != 0;
	o.seed = seed;
	o.transport = strcmp(transport, NO_TRANSPORT) ? transport : NULL;
	file = fusescen_load_text(path, text, strlen(text));
	out = explore_case(file, index, &o, verdict);
	fusescen_free(file);
	return out;
}

/* ---- outside --------------------------------------------------------------------- */

static char *job_argument(const struct exploration_plan *p, size_t i)
{
	const struct fusescen_explore_options *o = &p->options;

	return xasprintf(ARGUMENT "%s", p->at[i].index, (unsigned)o->max_runs,
			 (unsigned)o->time_ms, o->jobs, o->max_findings,
			 (unsigned)o->allow_hazard, (unsigned long long)o->seed,
			 o->transport ? o->transport : NO_TRANSPORT);
}

struct delivery {
	const struct exploration_plan *plan;
	size_t n;		/* so many are delivered */
};

static void deliver(void *ctx, const struct point *p, const char *events)
{
	struct delivery *d = ctx;
	auto_free char *text = xstrdup(p->text);
	struct explored e = {
		.name = d->plan->at[d->n++ % d->plan->n].name, .kernel = p->kernel,
		.verdict = p->verdict, .findings = "",
	};

	(void)events;
	/* A job has no summary, unless the machine spoke for it. */
	if (*p->summary) {
		e.summary = p->summary;
		e.trouble = p->text;
	} else {
		explored_split(&e, text);
	}
	status_clear();
	d->plan->deliver(d->plan->ctx, &e);
}

static void waiting(void *ctx, const struct task *task, uint64_t running_ns)
{
	auto_free char *line = xasprintf("%s: %llu s", task->path,
					 (unsigned long long)(running_ns / NS_PER_S));

	(void)ctx;
	if (is_terminal(stderr))
		status_show(line);
}

int explore_in_machines(const struct exploration_plan *plan,
			const struct vm_kernels *kernels)
{
	auto_free struct guest_job *jobs = xcalloc(plan->n + 1, sizeof(*jobs));
	auto_free struct task *tasks = xcalloc(plan->n + 1, sizeof(*tasks));
	struct delivery delivery = { .plan = plan };
	const struct vm_machine machine = {
		.cpus = 1, .append = plan->append, .is_broken = true,
		.task_limit_s = (unsigned)(plan->options.time_ms / 1000 + LIMIT_S),
	};
	const struct batch batch = {
		.tasks = tasks, .n_tasks = plan->n, .rounds = 1,
		.jobs = plan->machines,
		.options = { .size = sizeof(batch.options) },
		.deliver = deliver, .waiting = waiting, .ctx = &delivery,
	};
	size_t i;
	int err;

	for (i = 0; i < plan->n; i++) {
		jobs[i] = (struct guest_job){ "explore", job_argument(plan, i), true };
		tasks[i] = (struct task){
			.path = plan->at[i].path, .text = plan->at[i].text,
			.job = &jobs[i],
		};
	}
	err = plan->n ? vm_run(&batch, kernels, &machine) : 0;
	status_clear();
	for (i = 0; i < plan->n; i++)
		free((char *)jobs[i].argument);
	return err;
}
