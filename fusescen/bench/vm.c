/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Measuring on other kernels: a machine for each, one after the other, which
 * sends its results as JSON.  Main thread only.
 */
#include "config.h"

#include "fusescen/bench/run.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "fusescen/bench/report.h"
#include "fusescen/util/command.h"
#include "fusescen/util/errors.h"
#include "fusescen/vm/run.h"

struct collecting {
	struct results *r;
	int status;
};

/* A kernel that cannot be measured leaves the others; the worst is told. */
static void deliver(void *ctx, const struct point *p, const char *events)
{
	struct collecting *c = ctx;
	int status = verdicts[p->verdict].status;

	(void)events;
	if (!status && results_parse(c->r, p->kernel, p->text, strlen(p->text)))
		status = STATUS_ERROR;
	if (status)
		put_error("nothing measured on %s: %s\n%s", p->kernel,
			  p->summary, p->verdict == FUSESCEN_PASS ? "" : p->text);
	if (status > c->status)
		c->status = status;
}

/* A machine has this file alone. */
static bool needs_others(const struct bench *b)
{
	size_t i, j;

	for (i = 0; i < b->n_variants; i++)
		for (j = 0; j < b->variants[i].n_servers; j++)
			if (b->variants[i].servers[j].is_elsewhere)
				return true;
	return false;
}

int bench_on(struct results *r, const struct vm_kernels *kernels, unsigned cpus)
{
	struct collecting c = { .r = r };
	const struct bench_length length = { r->seconds, r->ramp, r->rounds };
	const struct work work = {
		.path = r->bench->source.path, .bench = &length,
	};
	const struct runner runner = {
		.work = &work, .n_work = 1, .rounds = 1, .jobs = 1,
		.options = { .size = sizeof(runner.options) },
		.deliver = deliver, .ctx = &c,
	};
	int sig;

	if (needs_others(r->bench)) {
		put_error("%s: in a virtual machine there are no scenarios in "
			  "files of their own", work.path);
		return STATUS_ERROR;
	}
	sig = vm_run(&runner, kernels, cpus);
	if (sig)
		return sig < 0 ? STATUS_ERROR : STATUS_SIGNAL + sig;
	return r->n ? STATUS_PASS : c.status;
}
