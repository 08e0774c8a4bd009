/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads what run --junit has written.  A suite is a file on a kernel, and says which in
 * its properties.  What JUnit has no word for is told by what we write: a known failure
 * is skipped with a message that says so.
 */
#include "config.h"

#include <string.h>

#include "base/mem.h"
#include "fusescen/matrix/read.h"
#include "fusescen/util/xml.h"

#define KNOWN	"known failure"

struct reader {
	struct xml x;
	struct matrix *m;
	/* of the suite */
	char *file, *title, *kernel;
	bool is_native;
	/* of the case */
	char *name;
	enum fusescen_verdict verdict;
	char *message;
	struct buf text;
	bool in_text;
};

static void take(char **to, const char *text)
{
	free(*to);
	*to = text ? xstrdup(text) : NULL;
}

static void begin_suite(struct reader *r)
{
	take(&r->file, xml_attribute(&r->x, "name"));
	take(&r->title, "");
	take(&r->kernel, NULL);
	r->is_native = false;
}

static void begin_property(struct reader *r)
{
	const char *name = xml_attribute(&r->x, "name");
	const char *value = xml_attribute(&r->x, "value");

	if (!name || !value)
		return;
	if (!strcmp(name, "title"))
		take(&r->title, value);
	else if (!strcmp(name, "kernel"))
		take(&r->kernel, value);
	else if (!strcmp(name, "virtual"))
		r->is_native = !strcmp(value, "no");
}

static void begin_case(struct reader *r)
{
	take(&r->name, xml_attribute(&r->x, "name"));
	take(&r->message, "");
	buf_clear(&r->text);
	r->verdict = FUSESCEN_PASS;
}

static void begin_outcome(struct reader *r, enum fusescen_verdict verdict)
{
	const char *type = xml_attribute(&r->x, "type");

	take(&r->message, xml_attribute(&r->x, "message"));
	r->in_text = true;
	r->verdict = verdict;
	if (type && !strcmp(type, verdicts[FUSESCEN_XPASS].word))
		r->verdict = FUSESCEN_XPASS;
	if (verdict == FUSESCEN_SKIP && r->message &&
	    !strncmp(r->message, KNOWN, strlen(KNOWN)))
		r->verdict = FUSESCEN_XFAIL;
}

/* Files without cases have their title for a name, or their path. */
static const char *case_of(struct reader *r)
{
	char *round = strstr(r->name, " [round ");

	if (round)
		*round = '\0';
	return strcmp(r->name, r->title) && strcmp(r->name, r->file) ? r->name : NULL;
}

static const char *end_case(struct reader *r)
{
	auto_free char *column = NULL;
	const char *case_name;

	if (!r->file || !r->name || !r->kernel)
		return "a case without name, file or kernel";
	column = matrix_native_name(r->kernel, r->is_native);
	case_name = case_of(r);
	matrix_put(matrix_row(r->m, r->file, case_name, r->title),
		   matrix_kernel(r->m, column), r->verdict,
		   r->message ? r->message : "", buf_str(&r->text), "");
	return NULL;
}

static void begin_element(struct reader *r)
{
	if (xml_is(&r->x, "testsuite"))
		begin_suite(r);
	else if (xml_is(&r->x, "property"))
		begin_property(r);
	else if (xml_is(&r->x, "testcase"))
		begin_case(r);
	else if (xml_is(&r->x, "failure"))
		begin_outcome(r, FUSESCEN_FAIL);
	else if (xml_is(&r->x, "error"))
		begin_outcome(r, FUSESCEN_ERROR);
	else if (xml_is(&r->x, "skipped"))
		begin_outcome(r, FUSESCEN_SKIP);
}

static const char *finish_element(struct reader *r)
{
	r->in_text = false;
	return xml_is(&r->x, "testcase") ? end_case(r) : NULL;
}

static const char *read_all(struct reader *r)
{
	const char *why = NULL;

	while (!why)
		switch (xml_next(&r->x)) {
		case XML_BEGIN:
			begin_element(r);
			break;
		case XML_FINISH:
			why = finish_element(r);
			break;
		case XML_TEXT:
			if (r->in_text)
				buf_puts(&r->text, buf_str(&r->x.text));
			break;
		case XML_END:
			return NULL;
		case XML_BAD:
			why = r->x.why;
			break;
		}
	return why;
}

const char *matrix_read_junit(struct matrix *m, const char *text, size_t len)
{
	struct reader r = { .m = m };
	const char *why;

	xml_init(&r.x, text, len);
	why = read_all(&r);
	xml_fini(&r.x);
	free(r.file);
	free(r.title);
	free(r.kernel);
	free(r.name);
	free(r.message);
	buf_fini(&r.text);
	return why;
}
