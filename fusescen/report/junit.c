/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records as JUnit's XML, as Jenkins, GitLab and others read it: an element for each
 * file and kernel, and in it one for each case.  Pure functions.
 */
#include "config.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/escape.h"
#include "base/mem.h"
#include "fusescen/report/records.h"

/* ---- XML ------------------------------------------------------------------- */

/* Controls, which XML 1.0 cannot have in any form, are escapes of ours before. */
static void put_text(struct buf *b, const char *text)
{
	auto_buf struct buf shown = BUF_INIT;
	const char *p;

	buf_shown_lines(&shown, text, strlen(text));
	for (p = buf_str(&shown); *p; p++) {
		if (*p == '&')
			buf_puts(b, "&amp;");
		else if (*p == '<')
			buf_puts(b, "&lt;");
		else if (*p == '>')
			buf_puts(b, "&gt;");
		else if (*p == '"')
			buf_puts(b, "&quot;");
		else
			buf_addc(b, *p);
	}
}

static void put_attribute(struct buf *b, const char *name, const char *value)
{
	buf_printf(b, " %s=\"", name);
	put_text(b, value);
	buf_addc(b, '"');
}

/* Jenkins' schema has no more than three digits. */
static void put_seconds(struct buf *b, uint64_t ns)
{
	uint64_t ms = (ns + 500000) / 1000000;

	buf_printf(b, " time=\"%" PRIu64 ".%03u\"", ms / 1000, (unsigned)(ms % 1000));
}

/* ---- counting --------------------------------------------------------------- */

struct counts {
	size_t tests, failures, errors, skipped;
	uint64_t ns;
};

static bool is_same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static bool is_of_suite(const struct record *a, const struct record *b)
{
	return is_same(a->file, b->file) && is_same(a->kernel, b->kernel) &&
		is_same(a->transport, b->transport);
}

/* of: NULL for all. */
static struct counts count(const struct records *r, const struct record *of)
{
	struct counts c = { 0 };

	for (size_t i = 0; i < r->n; i++) {
		const struct record *rec = &r->at[i];

		if (of && !is_of_suite(rec, of))
			continue;
		c.tests++;
		c.ns += rec->elapsed_ns;
		c.failures += rec->verdict == FUSESCEN_FAIL ||
			rec->verdict == FUSESCEN_XPASS;
		c.errors += rec->verdict == FUSESCEN_ERROR;
		c.skipped += rec->verdict == FUSESCEN_SKIP ||
			rec->verdict == FUSESCEN_XFAIL;
	}
	return c;
}

/* ---- elements ---------------------------------------------------------------- */

/* How JUnit calls a verdict; NULL: a pass, which has no element. */
static const struct {
	const char *element;
	bool has_text;
} elements[N_VERDICTS] = {
	[FUSESCEN_FAIL] = { "failure", true },
	[FUSESCEN_XPASS] = { "failure", true },
	[FUSESCEN_ERROR] = { "error", true },
	[FUSESCEN_SKIP] = { "skipped", false },
	[FUSESCEN_XFAIL] = { "skipped", false },
};

static void put_outcome(struct buf *b, const struct record *rec)
{
	const char *element = elements[rec->verdict].element;

	buf_printf(b, "      <%s", element);
	put_attribute(b, "message", rec->summary);
	if (!elements[rec->verdict].has_text) {
		buf_puts(b, "/>\n");
		return;
	}
	put_attribute(b, "type", verdicts[rec->verdict].word);
	buf_addc(b, '>');
	put_text(b, rec->text);
	buf_printf(b, "</%s>\n", element);
}

static void put_case(struct buf *b, const struct records *r, const struct record *rec)
{
	auto_free char *name = r->rounds > 1 ?
		xasprintf("%s [round %u]", rec->case_name ? rec->case_name :
			  rec->title, rec->round) :
		xstrdup(rec->case_name ? rec->case_name : rec->title);

	buf_puts(b, "    <testcase");
	put_attribute(b, "name", *name ? name : rec->file);
	put_attribute(b, "classname", rec->file);
	put_seconds(b, rec->elapsed_ns);
	if (!elements[rec->verdict].element) {
		buf_puts(b, "/>\n");
		return;
	}
	buf_puts(b, ">\n");
	put_outcome(b, rec);
	buf_puts(b, "    </testcase>\n");
}

static void put_property(struct buf *b, const char *name, const char *value)
{
	buf_puts(b, "      <property");
	put_attribute(b, "name", name);
	put_attribute(b, "value", value);
	buf_puts(b, "/>\n");
}

static void put_suite(struct buf *b, const struct records *r, const struct record *of)
{
	struct counts c = count(r, of);
	struct utsname u = { .release = "" };

	uname(&u);
	buf_puts(b, "  <testsuite");
	put_attribute(b, "name", of->file);
	buf_printf(b, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\"",
		   c.tests, c.failures, c.errors, c.skipped);
	put_seconds(b, c.ns);
	buf_puts(b, ">\n    <properties>\n");
	put_property(b, "title", of->title);
	put_property(b, "kernel", of->kernel ? of->kernel : u.release);
	put_property(b, "virtual", of->kernel ? "yes" : "no");
	if (of->transport)
		put_property(b, "transport", of->transport);
	put_property(b, "machine", u.machine);
	put_property(b, "fusescen", PACKAGE_VERSION);
	buf_puts(b, "    </properties>\n");
	for (size_t i = 0; i < r->n; i++)
		if (is_of_suite(&r->at[i], of))
			put_case(b, r, &r->at[i]);
	buf_puts(b, "  </testsuite>\n");
}

static bool is_first_of_suite(const struct records *r, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (is_of_suite(&r->at[k], &r->at[i]))
			return false;
	return true;
}

void records_junit(struct buf *b, const struct records *r)
{
	struct counts c = count(r, NULL);

	buf_puts(b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
	buf_printf(b, " name=\"fusescen\" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\"",
		   c.tests, c.failures, c.errors);
	put_seconds(b, c.ns);
	buf_puts(b, ">\n");
	for (size_t i = 0; i < r->n; i++)
		if (is_first_of_suite(r, i))
			put_suite(b, r, &r->at[i]);
	buf_puts(b, "</testsuites>\n");
}
