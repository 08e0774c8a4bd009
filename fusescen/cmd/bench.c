/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fusescen bench: runs fio over scenarios, and over what they are compared
 * with.  Main thread only. */
#include "config.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "fusescen/bench/file.h"
#include "fusescen/bench/report.h"
#include "fusescen/bench/run.h"
#include "fusescen/util/command.h"
#include "fusescen/util/errors.h"
#include "fusescen/util/transports.h"

struct settings {
	const char *append;
	const char *before;
	const char *dir;
	const char *json;
	const char *kernels;
	const char *svg;
	const char *transport;
	unsigned cpus;
	unsigned rounds;
	unsigned seconds;
	bool quick;
	bool check;
};

#define AT(member)	offsetof(struct settings, member)

static const struct option_row options[] = {
	{ "append", 0, OPTION_TEXT, AT(append), "ARGS",
	  "give the kernel of a virtual machine more arguments" },
	{ "before", 0, OPTION_TEXT, AT(before), "FILE",
	  "put the kernels of this JSON file before this one" },
	{ "check", 0, OPTION_FLAG, AT(check), NULL,
	  "only load the files, and report errors in them" },
	{ "cpus", 0, OPTION_COUNT, AT(cpus), "N",
	  "processors of a virtual machine (2 if not given)" },
	{ "dir", 0, OPTION_TEXT, AT(dir), "DIR",
	  "put raw files into DIR instead of a tmpfs" },
	{ "json", 0, OPTION_TEXT, AT(json), "FILE",
	  "write every sample as JSON" },
	{ "kernel", 'k', OPTION_TEXT, AT(kernels), "K,...",
	  "use these kernels, each in a virtual machine" },
	{ "quick", 0, OPTION_FLAG, AT(quick), NULL,
	  "measure one round of one second, as a trial" },
	{ "rounds", 0, OPTION_COUNT, AT(rounds), "N",
	  "measure everything N times" },
	{ "seconds", 0, OPTION_COUNT, AT(seconds), "N",
	  "measure for N seconds each time" },
	{ "svg", 0, OPTION_TEXT, AT(svg), "FILE", "draw a plot" },
	{ "transport", 0, OPTION_TEXT, AT(transport), "T",
	  "dev or uring: how requests come, unless a mount says" },
	{ NULL, 0, OPTION_FLAG, 0, NULL, NULL },
};

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
	put_error("%s: %s", path, strerror(errno));
	return STATUS_ERROR;
}

static int report_all(const struct results *r, const struct settings *set)
{
	int json, svg;

	results_text(r, stdout);
	json = write_file(r, set->json, results_json);
	svg = write_file(r, set->svg, results_svg);
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

static int measure(struct results *r, const struct settings *set,
		   const struct vm_kernels *kernels)
{
	if (set->before && results_read(r, set->before))
		return STATUS_ERROR;
	return kernels->n ? bench_on(r, kernels, set->cpus, set->append) :
		bench_here(r, set->dir);
}

static int bench_one(const char *path, const struct settings *set,
		     const struct vm_kernels *kernels)
{
	struct bench b;
	struct results r;
	int status = bench_load(&b, path) ? STATUS_ERROR : STATUS_PASS;

	b.transport = set->transport;
	if (!status && !set->check) {
		results_init(&r, &b);
		apply(&r, set);
		status = measure(&r, set, kernels);
		if (!status)
			status = report_all(&r, set);
		results_fini(&r);
	}
	bench_free(&b);
	return status;
}

/* ---- the command ----------------------------------------------------------------------- */

static int worse(int a, int b)
{
	return a == STATUS_PASS || (a == STATUS_SKIP && b != STATUS_PASS) ? b : a;
}

static int bench_all(const struct settings *set, char **files, int n)
{
	struct vm_kernels kernels = { 0 };
	int status = STATUS_PASS, i;

	if (set->kernels && vm_kernels_find(&kernels, set->kernels))
		status = STATUS_ERROR;
	for (i = 0; i < n && status < STATUS_ERROR; i++) {
		if (i && !set->check)
			putchar('\n');
		status = worse(status, bench_one(files[i], set, &kernels));
	}
	vm_kernels_free(&kernels);
	return status;
}

/* Returns what is wrong with the options together; NULL if nothing is. */
static const char *objection(const struct settings *set, int n)
{
	if (n == 0)
		return "bench needs files";
	if (n > 1 && (set->json || set->svg || set->before))
		return "--json, --svg and --before are for one file";
	if (set->dir && set->kernels)
		return "--dir is for this kernel and not for virtual machines";
	if (set->append && !set->kernels)
		return "--append is for virtual machines: choose one with --kernel";
	if (set->transport && set->kernels)
		return "--transport is for this kernel: for others, the mounts of a file say it";
	return NULL;
}

static int bench_main(const struct command *self, int argc, char **argv)
{
	struct settings set = { .cpus = 2 };
	int n = options_parse(options, argc, argv, &set);
	const char *wrong = n < 0 ? NULL : objection(&set, n);

	(void)self;
	if (wrong)
		put_error("%s", wrong);
	if (n < 0 || wrong || transports_check_one(set.transport))
		return STATUS_ERROR;
	return bench_all(&set, argv, n);
}

const struct command command_bench = {
	"bench", "FILE...", "measure with fio, beside baselines", options,
	bench_main,
};
