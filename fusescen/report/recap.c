/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Remembers some of what has run.  Main thread only. */
#include "config.h"

#include "fusescen/report/recap.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "fusescen/report/output.h"

char *point_name(const struct point *p)
{
	struct buf b = BUF_INIT;

	buf_puts(&b, p->file);
	if (p->case_name)
		buf_printf(&b, " (%s)", p->case_name);
	if (p->kernel)
		buf_printf(&b, " on %s", p->kernel);
	return buf_steal(&b);
}

static struct recap_line *find_failure(const struct recap *r, const char *name)
{
	size_t i;

	for (i = r->n_failures; i > 0; i--)
		if (strcmp(r->failures[i - 1].name, name) == 0)
			return &r->failures[i - 1];
	return NULL;
}

static void add_failure(struct recap *r, const struct point *p)
{
	auto_free char *name = point_name(p);
	struct recap_line *line = find_failure(r, name);

	if (line) {
		line->times++;
		return;
	}
	r->failures = xgrow(r->failures, r->n_failures, sizeof(*r->failures));
	r->failures[r->n_failures++] = (struct recap_line){
		.name = steal_ptr(&name), .verdict = p->verdict,
		.summary = xstrdup(p->summary), .times = 1,
	};
}

static void line_fini(struct recap_line *line)
{
	free(line->name);
	free(line->summary);
}

/* Keeps the list sorted.  The fastest one goes when there are too many. */
static void add_slow(struct recap *r, const struct point *p)
{
	size_t i;

	if (r->n_slowest == r->max_slowest &&
	    (!r->n_slowest || p->elapsed_ns <= r->slowest[r->n_slowest - 1].elapsed_ns))
		return;
	if (r->n_slowest == r->max_slowest)
		line_fini(&r->slowest[--r->n_slowest]);
	r->slowest = xgrow(r->slowest, r->n_slowest, sizeof(*r->slowest));
	for (i = r->n_slowest++; i && r->slowest[i - 1].elapsed_ns < p->elapsed_ns; i--)
		r->slowest[i] = r->slowest[i - 1];
	r->slowest[i] = (struct recap_line){
		.name = point_name(p), .verdict = p->verdict,
		.elapsed_ns = p->elapsed_ns,
	};
}

void recap_add(struct recap *r, const struct point *p)
{
	if (verdicts[p->verdict].is_news)
		add_failure(r, p);
	if (p->elapsed_ns)
		add_slow(r, p);
}

void recap_fini(struct recap *r)
{
	size_t i;

	for (i = 0; i < r->n_failures; i++)
		line_fini(&r->failures[i]);
	for (i = 0; i < r->n_slowest; i++)
		line_fini(&r->slowest[i]);
	free(r->failures);
	free(r->slowest);
}
