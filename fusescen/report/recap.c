/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Remembers some of what has run.  Main thread only. */
#include "config.h"

#include "fusescen/report/recap.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static struct recap_line *find_failure(const struct recap *r, const char *name)
{
	size_t i;

	for (i = r->n_failures; i > 0; i--)
		if (strcmp(r->failures[i - 1].name, name) == 0)
			return &r->failures[i - 1];
	return NULL;
}

/* How much of a report is before its ladder, whose numbers differ each time. */
static size_t failure_length(const char *text)
{
	const char *ladder = strstr(text, "\n  events:\n");

	return ladder ? (size_t)(ladder - text) : strlen(text);
}

static bool add_failure(struct recap *r, const char *name,
			enum fusescen_verdict verdict, const char *summary,
			const char *text)
{
	struct recap_line *line = find_failure(r, name);
	size_t n = failure_length(text);

	if (line) {
		line->times++;
		return strlen(line->failure) == n && !memcmp(line->failure, text, n);
	}
	r->failures = xgrow(r->failures, r->n_failures, sizeof(*r->failures));
	r->failures[r->n_failures++] = (struct recap_line){
		.name = xstrdup(name), .verdict = verdict,
		.summary = xstrdup(summary), .failure = xstrndup(text, n),
		.times = 1,
	};
	return false;
}

static void line_fini(struct recap_line *line)
{
	free(line->name);
	free(line->summary);
	free(line->failure);
}

/* Keeps the list sorted.  The fastest one goes when there are too many. */
static void add_slow(struct recap *r, const char *name, uint64_t elapsed_ns)
{
	size_t i;

	if (r->n_slowest == r->max_slowest &&
	    (!r->n_slowest || elapsed_ns <= r->slowest[r->n_slowest - 1].elapsed_ns))
		return;
	if (r->n_slowest == r->max_slowest)
		line_fini(&r->slowest[--r->n_slowest]);
	r->slowest = xgrow(r->slowest, r->n_slowest, sizeof(*r->slowest));
	for (i = r->n_slowest++; i && r->slowest[i - 1].elapsed_ns < elapsed_ns; i--)
		r->slowest[i] = r->slowest[i - 1];
	r->slowest[i] = (struct recap_line){
		.name = xstrdup(name), .elapsed_ns = elapsed_ns,
	};
}

bool recap_add(struct recap *r, const char *name, enum fusescen_verdict verdict,
	       uint64_t elapsed_ns, const char *summary, const char *text)
{
	if (elapsed_ns)
		add_slow(r, name, elapsed_ns);
	return verdicts[verdict].is_news && add_failure(r, name, verdict, summary, text);
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
