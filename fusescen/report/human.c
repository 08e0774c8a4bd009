/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints a line for each case, failures in full below it, and a line at the
 * end.  Main thread only. */
#include "config.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "fusescen/report/output.h"
#include "fusescen/util/escape.h"

static size_t failed(const struct tally *t)
{
	return t->count[FUSESCEN_FAIL] + t->count[FUSESCEN_XPASS];
}

/* Prints a line that counts the rounds, if somebody is looking. */
static void print_progress(const struct tally *t, const struct point *p)
{
	if (t->rounds == 1 || !isatty(STDERR_FILENO))
		return;
	fprintf(stderr, "\rround %u of %u, %zu failed ", p->round, t->rounds,
		failed(t));
	if (t->done == t->planned)
		fputs("\r\033[K", stderr);
	fflush(stderr);
}

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

static void print_line(const struct tally *t, const struct point *p)
{
	printf("%-5s ", verdicts[p->verdict].mark);
	put_plain(stdout, p->file);
	print_words(" (", p->case_name, ")");
	print_words(" on ", p->kernel, "");
	if (t->rounds > 1)
		printf(" [round %u]", p->round);
	if (p->verdict == FUSESCEN_SKIP || p->verdict == FUSESCEN_ERROR ||
	    p->verdict == FUSESCEN_XFAIL ||
	    (p->verdict == FUSESCEN_FAIL && !p->text[0]))
		print_words(": ", p->summary, "");
	else if (p->verdict == FUSESCEN_XPASS)
		print_words(": passed, but ", p->summary, "");
	else
		printf("  %" PRIu64 ".%u ms", p->elapsed_ns / 1000000,
		       (unsigned)(p->elapsed_ns / 100000 % 10));
	if (has_news(p))
		print_words("  ", p->summary, "");
	putchar('\n');
}

static void human_begin(const struct tally *t)
{
	(void)t;
}

static void human_broken(const struct tally *t, const char *file,
			 const char *errors)
{
	(void)t;
	(void)file;
	fflush(stdout);
	put_report(stderr, errors);
}

static void human_point(const struct tally *t, const struct point *p)
{
	print_progress(t, p);
	if (p->round > 1 && !verdicts[p->verdict].is_news)
		return;
	print_line(t, p);
	if (p->text[0] && (p->verdict != FUSESCEN_XFAIL || t->verbose))
		print_words("", p->text, "\n");
	print_words("", p->notes, "");
	fflush(stdout);
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
	putchar('\n');
}

const struct output output_human = {
	human_begin, human_broken, human_point, human_end,
};
