/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Main thread only. */
#include "config.h"

#include "fusescen/explore/explored.h"

#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

#define CONFIRMING	20		/* runs of what was found */

#define BETWEEN		"---\n"

const char *finding_next(const char **at, size_t *len)
{
	const char *text = *at, *end = strstr(text, "\n" BETWEEN);

	if (!*text)
		return NULL;
	*len = end ? (size_t)(end - text) + 1 : strlen(text);
	*at = text + *len + (end ? strlen(BETWEEN) : 0);
	return text;
}

/* Runs the scenario as it was explored, and says how often it failed, or why it cannot
 * be run. */
static void confirm(struct buf *out, const char *text, size_t len,
		    const struct fusescen_explore_options *explored)
{
	const struct fusescen_options opts = {
		.size = sizeof(opts), .allow_hazard = explored->allow_hazard,
		.transport = explored->transport,
	};
	fusescen_file *file = fusescen_load_text("found", text, len);
	const char *errors = fusescen_errors(file);
	int failed = 0, i;

	for (i = 0; !errors && i < CONFIRMING; i++) {
		fusescen_run *run = fusescen_start(file, 0, &opts);
		fusescen_report *report = run ? fusescen_finish(run) : NULL;

		failed += report && fusescen_verdict(report) == FUSESCEN_FAIL;
		fusescen_report_free(report);
	}
	if (errors)
		buf_printf(out, "# it cannot be run as a scenario: %s", errors);
	else
		buf_printf(out, "# as a scenario it fails %d of %d times\n", failed,
			   CONFIRMING);
	fusescen_free(file);
}

char *explore_case(const fusescen_file *file, size_t index,
		   const struct fusescen_explore_options *options,
		   enum fusescen_verdict *verdict)
{
	fusescen_report *report = fusescen_explore(file, index, options);
	const char *at = fusescen_text(report), *finding;
	struct buf out = BUF_INIT;
	size_t len;

	*verdict = fusescen_verdict(report);
	buf_printf(&out, "%s\n", fusescen_summary(report));
	while ((finding = finding_next(&at, &len))) {
		buf_add(&out, finding, len);
		confirm(&out, finding, len, options);
		if (*at)
			buf_puts(&out, BETWEEN);
	}
	fusescen_report_free(report);
	return buf_steal(&out);
}

void explored_split(struct explored *e, char *text)
{
	char *end = strchr(text, '\n');

	e->summary = text;
	e->findings = end ? end + 1 : "";
	if (end)
		*end = '\0';
}
