/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Main thread only. */
#include "config.h"

#include "fusescen/explore/explored.h"

#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

#define CONFIRMING	20		/* runs of what was found */

/* Runs the scenario, and says how often it failed, or why it cannot be run. */
static void confirm(struct buf *out, const char *text, size_t len)
{
	fusescen_file *file = fusescen_load_text("found", text, len);
	const char *errors = fusescen_errors(file);
	int failed = 0, i;

	for (i = 0; !errors && i < CONFIRMING; i++) {
		fusescen_run *run = fusescen_start(file, 0, NULL);
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
	const char *text = fusescen_text(report), *end;
	struct buf out = BUF_INIT;

	*verdict = fusescen_verdict(report);
	buf_printf(&out, "%s\n", fusescen_summary(report));
	for (; *text; text = *end ? end + 4 : end) {
		size_t len;

		/* the newline before the "---" belongs to the finding */
		end = strstr(text, "\n---\n");
		end = end ? end + 1 : text + strlen(text);
		len = (size_t)(end - text);
		buf_add(&out, text, len);
		confirm(&out, text, len);
		if (*end)
			buf_puts(&out, "---\n");
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
