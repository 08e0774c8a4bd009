/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints lines for cases, failures in full below theirs, and at the end what failed,
 * what was slow, and how many there were.  Main thread only. */
#include "config.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/units.h"
#include "fusescen/report/batch.h"
#include "fusescen/util/escape.h"
#include "fusescen/util/terminal.h"

static size_t failed(const struct tally *t)
{
	return t->count[FUSESCEN_FAIL] + t->count[FUSESCEN_XPASS];
}

static const enum colour colours[N_VERDICTS] = {
	[FUSESCEN_PASS] = COLOUR_GOOD,
	[FUSESCEN_FAIL] = COLOUR_BAD,
	[FUSESCEN_SKIP] = COLOUR_QUIET,
	[FUSESCEN_ERROR] = COLOUR_BAD,
	[FUSESCEN_XFAIL] = COLOUR_DOUBT,
	[FUSESCEN_XPASS] = COLOUR_BAD,
};

static double seconds(uint64_t ns)
{
	return (double)ns / NS_PER_S;
}

/* ---- the last line of a terminal ------------------------------------------- */

/* "[812/1669] 0:07  3 failed, NAME, 2.4 s" */
static void show_progress(const struct tally *t, const char *name, uint64_t running_ns)
{
	auto_buf struct buf b = BUF_INIT;

	if (failed(t))
		buf_printf(&b, "%zu failed, ", failed(t));
	buf_puts(&b, name);
	if (running_ns >= NS_PER_S)
		buf_printf(&b, ", %.1f s", seconds(running_ns));
	status_progress(t->done, t->planned, t->began_ns, buf_str(&b));
}

static void human_waiting(const struct tally *t, const struct task *task,
			  uint64_t running_ns)
{
	const char *name = task->file ? fusescen_case_name(task->file, task->index) : NULL;
	auto_free char *text = name ? xasprintf("%s (%s)", task->path, name) :
		xstrdup(task->path);

	show_progress(t, text, running_ns);
}

/* ---- lines ----------------------------------------------------------------- */

/* Does a pass have something to tell? */
static bool has_news(const struct point *p)
{
	return p->verdict == FUSESCEN_PASS && p->summary[0];
}

/* Prints nothing if there are no words. */
static void print_words(const char *before, const char *text, const char *behind)
{
	if (!text)
		return;
	fputs(before, stdout);
	put_report(stdout, text);
	fputs(behind, stdout);
}

static void print_mark(enum fusescen_verdict verdict)
{
	put_coloured(stdout, colours[verdict], verdicts[verdict].mark);
	printf("%*s", 6 - (int)strlen(verdicts[verdict].mark), "");
}

static void print_ms(uint64_t ns)
{
	printf("%.1f ms", seconds(ns) * 1000);
}

static void print_line(const struct tally *t, const struct point *p)
{
	print_mark(p->verdict);
	put_plain(stdout, p->file);
	print_words(" (", p->case_name, ")");
	print_words(" on ", p->kernel, "");
	print_words(" by ", p->transport, "");
	if (t->rounds > 1)
		printf(" [round %u]", p->round);
	if (p->verdict == FUSESCEN_SKIP || p->verdict == FUSESCEN_ERROR ||
	    p->verdict == FUSESCEN_XFAIL ||
	    (p->verdict == FUSESCEN_FAIL && !p->text[0])) {
		print_words(": ", p->summary, "");
	} else if (p->verdict == FUSESCEN_XPASS) {
		print_words(": passed, but ", p->summary, "");
	} else {
		fputs("  ", stdout);
		print_ms(p->elapsed_ns);
	}
	if (has_news(p))
		print_words("  ", p->summary, "");
	if (p->again && p->text[0] && !t->verbose)
		fputs("  as before", stdout);
	putchar('\n');
}

static void human_begin(const struct tally *t)
{
	if (t->shuffle)
		printf("shuffled with --shuffle=%" PRIu64 "\n", t->shuffle);
}

static void human_broken(const struct tally *t, const char *file,
			 const char *errors)
{
	(void)t;
	(void)file;
	fflush(stdout);
	status_clear();
	put_report(stderr, errors);
}

/* A terminal counts passes, and a file has a line for each.  Of later rounds both
 * have only what somebody has to look at. */
static bool is_printed(const struct tally *t, const struct point *p)
{
	if (verdicts[p->verdict].is_news)
		return true;
	if (t->quiet || p->round > 1)
		return false;
	return t->verbose || p->verdict != FUSESCEN_PASS || has_news(p) || p->notes ||
		t->planned == 1 || !is_terminal(stdout);
}

static void human_point(const struct tally *t, const struct point *p)
{
	if (is_printed(t, p)) {
		status_clear();
		print_line(t, p);
		if (p->text[0] && (t->verbose || (p->verdict != FUSESCEN_XFAIL &&
						  !p->again)))
			print_words("", p->text, "\n");
		print_words("", p->notes, "");
		fflush(stdout);
	}
	if (t->planned > 1 && t->done < t->planned) {
		auto_free char *name = point_name(p);

		show_progress(t, name, 0);
	}
}

/* ---- the end --------------------------------------------------------------- */

/* Their texts may be far above. */
static void print_failures(const struct tally *t)
{
	size_t i;

	if (t->recap.n_failures == 0 || t->done == 1)
		return;
	puts("\nwhat failed:");
	for (i = 0; i < t->recap.n_failures; i++) {
		const struct recap_line *line = &t->recap.failures[i];

		fputs("  ", stdout);
		print_mark(line->verdict);
		put_plain(stdout, line->name);
		if (line->times > 1)
			printf(" [%u times]", line->times);
		if (line->summary[0])
			print_words(": ", line->summary, "");
		putchar('\n');
	}
}

static void print_slowest(const struct tally *t)
{
	size_t i;

	if (t->recap.n_slowest)
		puts("\nthe slowest:");
	for (i = 0; i < t->recap.n_slowest; i++) {
		fputs("  ", stdout);
		print_ms(t->recap.slowest[i].elapsed_ns);
		fputs("  ", stdout);
		put_plain(stdout, t->recap.slowest[i].name);
		putchar('\n');
	}
}

/* After a signal, these are fewer than were asked for. */
static size_t rounds_done(const struct tally *t)
{
	size_t all = t->planned - t->broken;

	return all ? (t->done - t->broken) * t->rounds / all : 0;
}

static void human_end(const struct tally *t)
{
	size_t runs = t->done - t->broken;

	status_clear();
	print_failures(t);
	print_slowest(t);
	if (t->rounds > 1)
		printf("%zu rounds, %zu runs, %zu failed", rounds_done(t), runs,
		       failed(t));
	else
		printf("%zu passed, %zu failed", t->count[FUSESCEN_PASS],
		       t->count[FUSESCEN_FAIL]);
	if (t->rounds == 1 || t->count[FUSESCEN_SKIP])
		printf(", %zu skipped", t->count[FUSESCEN_SKIP]);
	if (t->count[FUSESCEN_XFAIL])
		printf(", %zu xfail", t->count[FUSESCEN_XFAIL]);
	if (t->count[FUSESCEN_XPASS])
		printf(", %zu XPASS", t->count[FUSESCEN_XPASS]);
	if (t->count[FUSESCEN_ERROR])
		printf(", %zu could not run", t->count[FUSESCEN_ERROR]);
	if (t->broken)
		printf(", %zu not loaded", t->broken);
	if (t->done < t->planned)
		printf(", %zu not run", t->planned - t->done);
	printf(" in %.1f s\n", seconds(clock_ns() - t->began_ns));
}

const struct output output_human = {
	human_begin, human_broken, human_point, human_waiting, human_end,
};
