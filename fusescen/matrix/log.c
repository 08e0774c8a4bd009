/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads what run --log has written: for each run a line that says which, its events,
 * and its verdict.  A run without a verdict (its machine ended, or the log does) is
 * left out.
 */
#include "config.h"

#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "fusescen/matrix/read.h"
#include "fusescen/util/json.h"

struct reader {
	struct matrix *m;
	json_t *run;		/* its first line; NULL: none has begun */
	const char *events;	/* the line behind that */
};

static const char *or_empty(const char *s)
{
	return s ? s : "";
}

/* "LINE: WHAT", what was expected and what came. */
static void put_failure(struct buf *b, const json_t *failure)
{
	static const char *const parts[] = { "expected", "actual", "near", "note" };
	double line = json_number_value(json_object_get(failure, "line"));

	if (line > 0)
		buf_printf(b, "%.0f: ", line);
	buf_printf(b, "%s\n", or_empty(json_text_of(failure, "what")));
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (json_text_of(failure, parts[i]))
			buf_printf(b, "  %s: %s\n", parts[i],
				   json_text_of(failure, parts[i]));
}

/* end: behind the line of the verdict. */
static const char *end_run(struct reader *r, const json_t *verdict, const char *end)
{
	const char *file = json_text_of(r->run, "file");
	const char *reason = json_text_of(verdict, "reason");
	const char *kernel = json_text_of(r->run, "kernel");
	bool is_native = !kernel;
	auto_free char *column = NULL, *events = NULL;
	auto_buf struct buf text = BUF_INIT;
	enum fusescen_verdict v;
	const json_t *failure;
	size_t i;

	kernel = is_native ? json_text_of(verdict, "kernel") : kernel;
	if (!file || !kernel || verdict_of(json_text_of(verdict, "verdict"), &v))
		return "a run without file, kernel or verdict";
	column = matrix_native_name(kernel, is_native);
	events = xstrndup(r->events, (size_t)(end - r->events));
	json_array_foreach(json_list_of(verdict, "failures"), i, failure) {
		put_failure(&text, failure);
		if (!reason)
			reason = json_text_of(failure, "what");
	}
	matrix_put(matrix_row(r->m, file, json_text_of(r->run, "case"),
			      or_empty(json_text_of(r->run, "title"))),
		   matrix_kernel(r->m, column), v, or_empty(reason), buf_str(&text), events);
	json_decref(r->run);
	r->run = NULL;
	return NULL;
}

static const char *read_line(struct reader *r, const char *line, size_t len)
{
	auto_json json_t *j = json_read("the log", line, len);
	const char *event = json_text_of(j, "event");

	if (!event)
		return "a line that is no event";
	if (!strcmp(event, "run")) {
		json_decref(r->run);
		r->run = json_incref(j);
		r->events = line + len + (line[len] == '\n');
	} else if (!strcmp(event, "verdict")) {
		return r->run ? end_run(r, j, line + len + (line[len] == '\n')) :
			"a verdict of no run";
	}
	return NULL;
}

const char *matrix_read_log(struct matrix *m, const char *text)
{
	struct reader r = { .m = m };
	const char *why = NULL;

	while (*text && !why) {
		size_t len = strcspn(text, "\n");

		if (len)
			why = read_line(&r, text, len);
		text += len + (text[len] == '\n');
	}
	json_decref(r.run);
	return why;
}
