/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fusescen mutate: which defects of a kernel would these scenarios miss?  Main thread
 * only. */
#include "config.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/units.h"
#include "fusescen/mutate/measure.h"
#include "fusescen/mutate/report.h"
#include "fusescen/util/command.h"
#include "fusescen/util/errors.h"

struct settings {
	const char *kernel, *results, *json, *html, *diff, *equivalents;
	const char **only;
	unsigned sample, time_ms, jobs, cases, patience_ms;
	uint64_t seed;
};

#define AT(member)	offsetof(struct settings, member)

static const struct option_row options[] = {
	{ "kernel", 'k', OPTION_TEXT, AT(kernel), "K",
	  "a kernel of \"fusescen-kernels mutate\"" },
	{ "results", 0, OPTION_TEXT, AT(results), "FILE",
	  "keep what is found in FILE, and go on where it ends" },
	{ "only", 0, OPTION_TEXTS, AT(only), "FILE[:FUNCTION]",
	  "only mutants there; may be globs" },
	{ "diff", 0, OPTION_TEXT, AT(diff), "PATCH",
	  "only mutants in the lines that the patch touches" },
	{ "sample", 0, OPTION_COUNT, AT(sample), "N",
	  "only N of them, chosen at random" },
	{ "seed", 0, OPTION_SEED, AT(seed), "N",
	  "seed of the sample (1 if not given)" },
	{ "equivalents", 0, OPTION_TEXT, AT(equivalents), "FILE",
	  "leave out these: lines \"ID REASON\"" },
	{ "cases", 0, OPTION_COUNT, AT(cases), "N",
	  "at most N cases for a mutant, the nearest first (64)" },
	{ "patience", 0, OPTION_TIME, AT(patience_ms), "TIME",
	  "start no more cases for a mutant after this (20s)" },
	{ "time", 0, OPTION_TIME, AT(time_ms), "TIME",
	  "begin nothing new after this" },
	{ "jobs", 'j', OPTION_COUNT, AT(jobs), "N",
	  "up to N machines at once (1 if not given)" },
	{ "json", 0, OPTION_TEXT, AT(json), "FILE",
	  "write everything as JSON" },
	{ "html", 0, OPTION_TEXT, AT(html), "FILE",
	  "write a page with the source and what came of each line" },
	{ NULL, 0, OPTION_FLAG, 0, NULL, NULL },
};

/* Everything of one invocation. */
struct session {
	struct settings settings;
	struct vm_kernels kernels;
	struct mutants mutants;
	struct corpus corpus;
	struct findings findings;
};

static int choose_mutants(struct session *s)
{
	const struct settings *o = &s->settings;

	if (mutants_read(&s->mutants, &s->kernels.at[0]) ||
	    (o->equivalents && mutants_equivalent(&s->mutants, o->equivalents)) ||
	    (o->only && mutants_only(&s->mutants, o->only)) ||
	    (o->diff && mutants_in_patch(&s->mutants, o->diff)))
		return -1;
	if (o->sample)
		mutants_sample(&s->mutants, o->sample, o->seed);
	return 0;
}

/* Returns 0, the number of a signal, or -1. */
static int measure(struct session *s)
{
	const struct settings *o = &s->settings;
	const struct measurement m = {
		.kernel = &s->kernels, .mutants = &s->mutants, .corpus = &s->corpus,
		.findings = &s->findings, .jobs = o->jobs, .cases = o->cases,
		.patience_ms = o->patience_ms,
		.until_ns = o->time_ms ? clock_ns() + o->time_ms * NS_PER_MS : 0,
	};
	int err = measure_reach(&m);
	size_t i;

	for (i = 0; i < s->corpus.n && !err; i++)
		if (!s->corpus.at[i].is_known) {
			put_error("there was no time to see what all cases reach");
			return -1;
		}
	corpus_weigh(&s->corpus, &s->mutants);
	return err ? err : measure_kills(&m);
}

static int write_json(const struct session *s, FILE *f)
{
	findings_json(&s->findings, s->kernels.at[0].name, f);
	return 0;
}

static int write_html(const struct session *s, FILE *f)
{
	return findings_html(&s->findings, s->kernels.at[0].name, s->mutants.source, f);
}

/* path may be NULL: nobody asks for it. */
static int write_file(const struct session *s, const char *path,
		      int (*write)(const struct session *s, FILE *f))
{
	FILE *f = path ? fopen(path, "we") : NULL;
	bool has_failed = !f;
	int err = 0;

	if (!path)
		return 0;
	if (f) {
		err = write(s, f);
		has_failed = ferror(f) | fclose(f);
	}
	if (has_failed)
		put_error("%s: %s", path, strerror(errno));
	return has_failed ? -1 : err;
}

/* Returns the exit status. */
static int session_run(struct session *s, char **words, int n)
{
	const struct settings *o = &s->settings;
	int err;

	if (vm_kernels_find(&s->kernels, o->kernel))
		return STATUS_ERROR;
	if (s->kernels.n != 1) {
		put_error("--kernel: one kernel at a time");
		return STATUS_ERROR;
	}
	if (choose_mutants(s) || corpus_load(&s->corpus, words, n) ||
	    findings_open(&s->findings, o->results, s->kernels.at[0].name, &s->mutants,
			 &s->corpus))
		return STATUS_ERROR;
	err = measure(s);
	findings_text(&s->findings, s->kernels.at[0].name, stdout);
	if ((write_file(s, o->json, write_json) | write_file(s, o->html, write_html)) && !err)
		err = -1;
	if (err > 0)
		return STATUS_SIGNAL + err;
	if (err)
		return STATUS_ERROR;
	return report_count(&s->findings, SURVIVED) +
		report_count(&s->findings, NOT_REACHED) ? STATUS_FAIL : STATUS_PASS;
}

static int mutate_main(const struct command *self, int argc, char **argv)
{
	struct session s = { .settings = {
		.seed = 1, .jobs = 1, .cases = 64, .patience_ms = 20000,
	} };
	int n = options_parse(options, argc, argv, &s.settings), status;

	if (n < 0)
		return STATUS_ERROR;
	if (n == 0 || !s.settings.kernel) {
		put_error(n ? "%s needs --kernel" : "%s needs files or directories",
			  self->name);
		return STATUS_ERROR;
	}
	status = session_run(&s, argv, n);
	if (s.findings.of && findings_close(&s.findings) && status < STATUS_ERROR)
		status = STATUS_ERROR;
	corpus_free(&s.corpus);
	mutants_free(&s.mutants);
	vm_kernels_free(&s.kernels);
	return status;
}

const struct command command_mutate = {
	"mutate", "FILE|DIR...", "find defects that scenarios would miss",
	options, mutate_main,
};
