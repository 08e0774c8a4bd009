/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints version 14 of the Test Anything Protocol, which automake's driver reads too,
 * and KTAP as the kernel's own tests print it (Documentation/dev-tools/ktap.rst).
 * Main thread only. */
#include "config.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "base/json.h"
#include "fusescen/report/output.h"

/* A '#' would begin a directive, and a newline a line of its own. */
static void print_words(const char *s)
{
	auto_buf struct buf b = BUF_INIT;
	const char *p;

	buf_brief(&b, s, strlen(s));
	for (p = buf_str(&b); *p; p++) {
		if (*p == '#')
			putchar('\\');
		putchar(*p == '\n' || *p == '\t' ? ' ' : *p);
	}
}

static void print_diagnostics(const char *text)
{
	auto_buf struct buf b = BUF_INIT;
	bool at_start = true;
	const char *p;

	buf_brief(&b, text, strlen(text));
	for (p = buf_str(&b); *p; p++) {
		if (at_start)
			fputs("# ", stdout);
		putchar(*p);
		at_start = *p == '\n';
	}
	if (!at_start)
		putchar('\n');
}

/* FILE:CASE@KERNEL+TRANSPORT, in both forms, so that lists of them can be compared. */
static void print_name(const struct tally *t, const struct point *p)
{
	print_words(p->file);
	if (p->case_name) {
		putchar(':');
		print_words(p->case_name);
	}
	if (p->kernel) {
		putchar('@');
		print_words(p->kernel);
	}
	if (p->transport) {
		putchar('+');
		print_words(p->transport);
	}
	if (t->rounds > 1)
		printf(" round %u", p->round);
}

static void print_directive(const char *directive, const char *reason)
{
	printf(" # %s ", directive);
	print_words(reason);
}

/* ---- TAP, with diagnostics in YAML -------------------------------------------- */

/* Every string of JSON is one of YAML. */
static void print_member(const char *key, const char *text)
{
	auto_buf struct buf b = BUF_INIT;

	if (!text || !*text)
		return;
	buf_json(&b, text, strlen(text));
	printf("  %s: %s\n", key, buf_str(&b));
}

/* A text with its lines as they are, two columns behind its key. */
static void print_block(const char *key, const char *text)
{
	auto_buf struct buf b = BUF_INIT;
	const char *p;

	if (!text || !*text)
		return;
	buf_brief(&b, text, strlen(text));
	printf("  %s: |2\n", key);
	for (p = buf_str(&b); *p;) {
		size_t len = strcspn(p, "\n");

		printf("%s%.*s\n", len ? "    " : "", (int)len, p);
		p += len + (p[len] == '\n');
	}
}

static void tap_begin(const struct tally *t)
{
	printf("TAP version 14\n1..%zu\n", t->planned);
}

static void tap_broken(const struct tally *t, const char *file,
		       const char *errors)
{
	printf("not ok %zu - ", t->done);
	print_words(file);
	fputs("\n  ---\n  summary: \"cannot be loaded\"\n", stdout);
	print_block("text", errors);
	puts("  ...");
	fflush(stdout);
}

static void tap_point(const struct tally *t, const struct point *p)
{
	const struct verdict_traits *v = &verdicts[p->verdict];

	printf("%s %zu - ", v->is_ok ? "ok" : "not ok", t->done);
	print_name(t, p);
	if (v->directive)
		print_directive(v->directive, p->summary);
	puts("\n  ---");
	print_member("title", p->title);
	printf("  duration_ms: %.3f\n", (double)p->elapsed_ns / 1e6);
	print_member("verdict", v->word);
	print_member("summary", p->summary);
	print_block("text", p->text);
	print_block("notes", p->notes);
	puts("  ...");
	fflush(stdout);
}

static void tap_end(const struct tally *t)
{
	(void)t;
}

const struct output output_tap = {
	tap_begin, tap_broken, tap_point, NULL, tap_end,
};

/* ---- KTAP ------------------------------------------------------------------- */

static void ktap_begin(const struct tally *t)
{
	printf("KTAP version 1\n1..%zu\n", t->planned);
}

static void ktap_broken(const struct tally *t, const char *file,
			const char *errors)
{
	print_diagnostics(errors);
	printf("not ok %zu ", t->done);
	print_words(file);
	putchar('\n');
	fflush(stdout);
}

/* Diagnostics stand before the line that they are about. */
static void ktap_point(const struct tally *t, const struct point *p)
{
	const struct verdict_traits *v = &verdicts[p->verdict];

	if (p->verdict == FUSESCEN_ERROR)
		print_diagnostics(p->summary);
	print_diagnostics(p->text);
	if (p->notes)
		print_diagnostics(p->notes);
	printf("%s %zu ", v->is_ok ? "ok" : "not ok", t->done);
	print_name(t, p);
	if (p->verdict == FUSESCEN_XFAIL)
		print_directive("XFAIL", p->summary);
	else if (v->directive)
		print_directive(v->directive, p->summary);
	putchar('\n');
	fflush(stdout);
}

/* As kselftest.h has it. */
static void ktap_end(const struct tally *t)
{
	printf("# Totals: pass:%zu fail:%zu xfail:%zu xpass:%zu skip:%zu error:%zu\n",
	       t->count[FUSESCEN_PASS], t->count[FUSESCEN_FAIL],
	       t->count[FUSESCEN_XFAIL], t->count[FUSESCEN_XPASS],
	       t->count[FUSESCEN_SKIP], t->count[FUSESCEN_ERROR] + t->broken);
}

const struct output output_ktap = {
	ktap_begin, ktap_broken, ktap_point, NULL, ktap_end,
};
