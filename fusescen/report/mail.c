/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records as a text that can be mailed to a kernel's list: what it is about in three
 * lines, the scenario, how often it failed, and the ladder.  Main thread only.
 */
#include "config.h"

#include <stdbool.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/mem.h"
#include "fusescen/report/records.h"

#define LINE_WIDTH	72	/* bytes */

static bool is_same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static bool is_case_of(const struct record *a, const struct record *b)
{
	return is_same(a->file, b->file) && is_same(a->case_name, b->case_name) &&
		is_same(a->kernel, b->kernel) && is_same(a->transport, b->transport);
}

static void put_machine(struct buf *b, const struct records *r)
{
	struct utsname u = { .release = "" };
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	bool has_kernels = r->n && r->at[r->n - 1].kernel;

	uname(&u);
	buf_printf(b, "Kernel:   %s\n", has_kernels ?
		   "those below, in virtual machines" : u.release);
	buf_printf(b, "Tool:     %s\n", PACKAGE_STRING);
	buf_printf(b, "Machine:  %s, %ld CPU%s\n", u.machine, cpus, cpus == 1 ? "" : "s");
}

/* Lines of others, moved to the right. */
static void put_indented(struct buf *b, const char *text)
{
	auto_buf struct buf shown = BUF_INIT;
	const char *p;

	buf_shown_lines(&shown, text, strlen(text));
	for (p = buf_str(&shown); *p;) {
		size_t len = strcspn(p, "\n");

		if (len)
			buf_puts(b, "    ");
		buf_add(b, p, len);
		buf_addc(b, '\n');
		p += len + (p[len] == '\n');
	}
}

/* One line, in several if it is too long for a mail; those below are moved to the
 * right by as much as it is, and a little more. */
static void put_wrapped_line(struct buf *b, const char *s, size_t len)
{
	size_t indent = 0, at = 0;

	while (indent < len && s[indent] == ' ')
		indent++;
	while (len + at > LINE_WIDTH) {
		size_t cut = LINE_WIDTH - at;

		while (cut > indent && s[cut] != ' ')
			cut--;
		if (cut <= indent)
			break;
		buf_add(b, s, cut);
		buf_addc(b, '\n');
		s += cut + 1;
		len -= cut + 1;
		at = indent + 2;
		buf_fill(b, ' ', at);
		indent = 0;
	}
	buf_add(b, s, len);
	buf_addc(b, '\n');
}

static void put_wrapped(struct buf *b, const char *text)
{
	auto_buf struct buf shown = BUF_INIT;
	const char *p;

	buf_shown_lines(&shown, text, strlen(text));
	for (p = buf_str(&shown); *p;) {
		size_t len = strcspn(p, "\n");

		put_wrapped_line(b, p, len);
		p += len + (p[len] == '\n');
	}
}

static void put_scenario(struct buf *b, const struct record *rec)
{
	auto_buf struct buf text = BUF_INIT;

	buf_puts(b, "\nScenario ");
	buf_shown(b, rec->file, strlen(rec->file));
	buf_puts(b, ":\n\n");
	if (record_source(&text, rec))
		buf_puts(b, "    (it cannot be read)\n");
	else
		put_indented(b, buf_str(&text));
}

/* The one of a case's rounds that says most: the first that somebody has to look
 * at, else the first. */
static const struct record *telling(const struct records *r, const struct record *of)
{
	for (size_t i = 0; i < r->n; i++)
		if (is_case_of(&r->at[i], of) && verdicts[r->at[i].verdict].is_news)
			return &r->at[i];
	return of;
}

/* "failed in 3 of 100 runs" */
static void put_rate(struct buf *b, const struct records *r, const struct record *of)
{
	size_t runs = 0, same = 0;
	enum fusescen_verdict verdict = telling(r, of)->verdict;

	for (size_t i = 0; i < r->n; i++) {
		if (!is_case_of(&r->at[i], of))
			continue;
		runs++;
		same += r->at[i].verdict == verdict;
	}
	buf_printf(b, "%s in %zu of %zu run%s", verdicts[verdict].word, same, runs,
		   runs == 1 ? "" : "s");
}

static void put_case(struct buf *b, const struct records *r, const struct record *of)
{
	const struct record *rec = telling(r, of);

	buf_puts(b, "\nResult");
	if (of->case_name)
		buf_printf(b, " of case %s", of->case_name);
	if (of->kernel)
		buf_printf(b, " on kernel %s", of->kernel);
	if (of->transport)
		buf_printf(b, " by %s", of->transport);
	buf_puts(b, ": ");
	put_rate(b, r, of);
	if (*rec->summary) {
		buf_puts(b, "\n  ");
		buf_shown(b, rec->summary, strlen(rec->summary));
	}
	buf_puts(b, "\n\n");
	put_wrapped(b, rec->text);
}

static bool is_first(const struct records *r, size_t i,
		     bool (*same)(const struct record *a, const struct record *b))
{
	for (size_t k = 0; k < i; k++)
		if (same(&r->at[k], &r->at[i]))
			return false;
	return true;
}

static bool is_file_of(const struct record *a, const struct record *b)
{
	return is_same(a->file, b->file);
}

static bool has_news(const struct records *r, const struct record *of,
		     bool (*same)(const struct record *a, const struct record *b))
{
	for (size_t i = 0; i < r->n; i++)
		if (same(&r->at[i], of) && verdicts[r->at[i].verdict].is_news)
			return true;
	return false;
}

static bool is_only_file(const struct records *r)
{
	for (size_t i = 1; i < r->n; i++)
		if (!is_file_of(&r->at[i], &r->at[0]))
			return false;
	return true;
}

/* Of a file with a failure, cases that passed everywhere are left out. */
static void put_file(struct buf *b, const struct records *r, const struct record *of)
{
	bool failed = has_news(r, of, is_file_of);

	put_scenario(b, of);
	for (size_t i = 0; i < r->n; i++)
		if (is_file_of(&r->at[i], of) && is_first(r, i, is_case_of) &&
		    (!failed || r->at[i].kernel || has_news(r, &r->at[i], is_case_of)))
			put_case(b, r, &r->at[i]);
}

void records_mail(struct buf *b, const struct records *r)
{
	bool all = is_only_file(r);

	put_machine(b, r);
	for (size_t i = 0; i < r->n; i++)
		if (is_first(r, i, is_file_of) &&
		    (all || has_news(r, &r->at[i], is_file_of)))
			put_file(b, r, &r->at[i]);
}
