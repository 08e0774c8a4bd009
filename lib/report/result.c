/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The verdict of one run and what went wrong in it.  Plain data; used by the
 * conductor's main thread only. */
#include "config.h"

#include "report/report.h"

#include <stdlib.h>
#include <string.h>

static void failure_fini(struct failure *f)
{
	free(f->what);
	finding_fini(&f->finding);
	free(f->note);
}

void result_clear(struct result *r)
{
	size_t i;

	for (i = 0; i < r->n_failures; i++)
		failure_fini(&r->failures[i]);
	free(r->failures);
	r->failures = NULL;
	r->n_failures = 0;
}

void result_fini(struct result *r)
{
	result_clear(r);
	free(r->reason);
	free(r->kernel);
	memset(r, 0, sizeof(*r));
}

void result_add(struct result *r, const struct failure *f)
{
	r->failures = xrealloc(r->failures,
			       (r->n_failures + 1) * sizeof(*r->failures));
	r->failures[r->n_failures++] = *f;
}
