/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Failures in words: where in the scenario, what was expected, what came, what
 * came close, and the ladder around it.  Pure functions over a finished run.
 */
#include "config.h"

#include "report/report.h"

#include <stdlib.h>
#include <string.h>

#include "base/escape.h"

#define MAX_SHOWN	5	/* failures; the first is the one to look at */
#define LADDER_ROWS	30
#define NOTE_INDENT	4
#define WRAPPED_INDENT	6

/* "  expected: ...", further lines indented below the first. */
static void put_labelled(struct buf *b, const char *label, const char *text)
{
	const char *nl;

	if (!text || !text[0])
		return;
	buf_printf(b, "  %-10s", label);
	while ((nl = strchr(text, '\n')) && nl[1]) {
		buf_add(b, text, (size_t)(nl - text) + 1);
		buf_fill(b, ' ', 12);
		text = nl + 1;
	}
	buf_add(b, text, nl ? (size_t)(nl - text) : strlen(text));
	buf_addc(b, '\n');
}

/* How much of a line of len bytes fits, up to a blank if there is one. */
static size_t fitting(const char *line, size_t len, size_t room)
{
	size_t n = len > room ? room : len;

	while (n < len && n && line[n] != ' ')
		n--;
	return n ? n : len;
}

/* columns: of a terminal, which would break lines anywhere; 0: as long as they are. */
static void put_indented(struct buf *b, const char *text, size_t columns)
{
	size_t indent = NOTE_INDENT;

	while (text && *text) {
		size_t len = strcspn(text, "\n"), n = columns > 2 * WRAPPED_INDENT ?
			fitting(text, len, columns - indent) : len;

		buf_fill(b, ' ', indent);
		buf_add(b, text, n);
		buf_addc(b, '\n');
		text += n + (text[n] != '\0');
		indent = n < len ? WRAPPED_INDENT : NOTE_INDENT;
	}
}

static void put_failure(struct buf *b, const struct scenario *sc,
			const struct result *r, const struct failure *f)
{
	buf_shown(b, sc->path, strlen(sc->path));
	if (f->loc.line)
		buf_printf(b, ":%u:%u", f->loc.line, f->loc.col);
	buf_printf(b, ": %s", verdicts[r->verdict].label);
	if (sc->case_name)
		buf_printf(b, " in case %s", sc->case_name);
	buf_printf(b, ": %s\n", f->what);
	if (sc->diags)
		diags_print_source(sc->diags, f->loc, b);
	put_labelled(b, "expected:", f->finding.expected);
	put_labelled(b, "actual:", f->finding.actual);
	put_labelled(b, "near:", f->finding.near_miss);
	put_indented(b, f->note, r->columns);
}

/* One for all failures that are shown: most have one cause. */
static void put_ladder(struct buf *b, const struct scenario *sc, const struct result *r,
		       const struct event *const *events, size_t n, size_t shown)
{
	auto_buf struct buf ladder = BUF_INIT;
	uint64_t marks[MAX_SHOWN] = { 0 };
	size_t n_marks = 0;

	for (size_t i = 0; i < shown; i++)
		if (r->failures[i].finding.at_seq)
			marks[n_marks++] = r->failures[i].finding.at_seq;
	report_ladder(&ladder, sc, events, n, &(struct ladder_window){
		marks, n_marks ? n_marks : 1, LADDER_ROWS, r->columns });
	if (ladder.len)
		buf_printf(b, "  events:\n%s", buf_str(&ladder));
}

static void put_failures(struct buf *b, const struct scenario *sc, const struct result *r,
		     const struct event *const *events, size_t n)
{
	size_t shown = r->n_failures < MAX_SHOWN ? r->n_failures : MAX_SHOWN;
	size_t i;

	if (!shown)
		return;
	for (i = 0; i < shown; i++) {
		if (i)
			buf_addc(b, '\n');
		put_failure(b, sc, r, &r->failures[i]);
	}
	if (shown < r->n_failures)
		buf_printf(b, "\n%s: %zu more\n", sc->path, r->n_failures - shown);
	put_ladder(b, sc, r, events, n, shown);
	if (r->kernel)
		buf_printf(b, "  with %s on kernel %s\n", PACKAGE_STRING, r->kernel);
}

/* Names, data and what a kernel said are everywhere in it. */
void report_failures(struct buf *b, const struct scenario *sc, const struct result *r,
		     const struct event *const *events, size_t n)
{
	auto_buf struct buf text = BUF_INIT;

	put_failures(&text, sc, r, events, n);
	buf_brief(b, buf_str(&text), text.len);
}
