/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fusescen bench: fio over scenarios and over what they are to be compared with.
 * Main thread only; servers and fio are processes of their own.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fusescen/bench_fio.h"
#include "fusescen/bench_measure.h"
#include "fusescen/bench_place.h"
#include "fusescen/bench_report.h"
#include "fusescen/command.h"
#include "fusescen/memory.h"
#include "fusescen/signals.h"

struct settings {
	const char *dir;
	const char *json;
	const char *svg;
	unsigned rounds;
	unsigned seconds;
	int quick;
	int check;
};

#define AT(member)	offsetof(struct settings, member)

static const struct option_row options[] = {
	{ "check", 0, OPTION_FLAG, AT(check), NULL,
	  "only load the files and report errors in them" },
	{ "dir", 'd', OPTION_TEXT, AT(dir), "DIR",
	  "where raw files are, instead of a tmpfs" },
	{ "json", 0, OPTION_TEXT, AT(json), "FILE",
	  "write every sample as JSON" },
	{ "quick", 'q', OPTION_FLAG, AT(quick), NULL,
	  "one round of one second: to see that it works" },
	{ "rounds", 'r', OPTION_COUNT, AT(rounds), "N",
	  "measure everything N times" },
	{ "seconds", 's', OPTION_COUNT, AT(seconds), "N",
	  "so long each time" },
	{ "svg", 0, OPTION_TEXT, AT(svg), "FILE", "draw a plot" },
	{ NULL, 0, OPTION_FLAG, 0, NULL, NULL },
};

/* ---- what this machine can do -------------------------------------------------------- */

/* An empty scenario with the same needs knows. */
static int lacks_needs(const struct bench *b)
{
	char *text = must(strdup("fusescen: 1\nmounts: {fs: {}}\nneeds: ["));
	fusescen_file *file;
	fusescen_report *report = NULL;
	fusescen_run *run = NULL;
	int status = STATUS_PASS;
	size_t i;

	for (i = 0; i < b->n_needs + 1; i++) {
		char *more = format("%s%s%s", text, i == b->n_needs ? "]\n" :
				    b->needs[i], i + 1 < b->n_needs ? ", " : "");

		free(text);
		text = more;
	}
	file = fusescen_load_text("needs", text, strlen(text));
	if (!fusescen_errors(file))
		run = fusescen_start(file, 0, NULL);
	if (run)
		report = fusescen_finish(run);
	if (!report || fusescen_verdict(report) != FUSESCEN_PASS) {
		fprintf(stderr, "fusescen: skipped: %s\n", report ?
			fusescen_summary(report) : "nothing can run here");
		status = STATUS_SKIP;
	}
	fusescen_report_free(report);
	fusescen_free(file);
	free(text);
	return status;
}

static int lacks_anything(const struct bench *b, char **fio)
{
	*fio = NULL;
	if (geteuid() != 0) {
		fputs("fusescen: skipped: only root can make mounts and count "
		      "locks\n", stderr);
		return STATUS_SKIP;
	}
	*fio = fio_version();
	if (!*fio) {
		fputs("fusescen: skipped: there is no fio in PATH\n", stderr);
		return STATUS_SKIP;
	}
	return lacks_needs(b);
}

/* ---- one file -------------------------------------------------------------------------- */

static int write_file(const struct results *r, const char *path,
		      void (*report)(const struct results *r, FILE *out))
{
	FILE *f = path ? fopen(path, "we") : NULL;
	int bad;

	if (!path)
		return 0;
	if (f) {
		report(r, f);
		bad = ferror(f);
		if (fclose(f) == 0 && !bad)
			return 0;
	}
	fprintf(stderr, "fusescen: %s: %s\n", path, strerror(errno));
	return STATUS_ERROR;
}

static int report_all(const struct results *r, const struct settings *set)
{
	int json, svg;

	report_text(r, stdout);
	json = write_file(r, set->json, report_json);
	svg = write_file(r, set->svg, report_svg);
	return json ? json : svg;
}

static void apply(struct results *r, const struct settings *set)
{
	if (set->quick) {
		r->rounds = r->seconds = 1;
		r->ramp = 0;
	}
	if (set->rounds)
		r->rounds = set->rounds;
	if (set->seconds)
		r->seconds = set->seconds;
}

/* Files are written when the place is gone, which may hide where they go. */
static int measure_there(struct results *r, const struct settings *set)
{
	int signal_fd = signals_open(), status;
	struct place place;

	status = place_open(&place, set->dir, r->bench);
	r->raw_type = place.raw_type;
	if (!status)
		status = measure_all(r, signal_fd);
	place_close(&place);
	if (!status)
		status = report_all(r, set);
	close(signal_fd);
	return status;
}

static int bench_one(const char *path, const struct settings *set)
{
	struct bench b;
	struct results r;
	char *fio;
	int status;

	if (bench_load(&b, path)) {
		bench_free(&b);
		return STATUS_ERROR;
	}
	status = set->check ? STATUS_PASS : lacks_anything(&b, &fio);
	if (!set->check && !status) {
		results_init(&r, &b, fio);
		apply(&r, set);
		status = measure_there(&r, set);
		results_fini(&r);
	} else if (!set->check) {
		free(fio);
	}
	bench_free(&b);
	return status;
}

/* ---- the command ----------------------------------------------------------------------- */

static int worse(int a, int b)
{
	return a == STATUS_PASS || (a == STATUS_SKIP && b != STATUS_PASS) ? b : a;
}

static int bench_main(const struct command *self, int argc, char **argv)
{
	struct settings set = { 0 };
	int n = options_parse(options, argc, argv, &set), status = STATUS_PASS, i;

	if (n < 0)
		return STATUS_ERROR;
	if (n == 0) {
		fprintf(stderr, "fusescen: %s what? give files\n", self->name);
		return STATUS_ERROR;
	}
	if (n > 1 && (set.json || set.svg)) {
		fprintf(stderr, "fusescen: --json and --svg are for one file\n");
		return STATUS_ERROR;
	}
	for (i = 0; i < n && status < STATUS_SIGNAL; i++) {
		if (i && !set.check)
			putchar('\n');
		status = worse(status, bench_one(argv[i], &set));
	}
	return status;
}

const struct command command_bench = {
	"bench", "FILE...", "measure with fio, beside baselines", options,
	bench_main,
};
