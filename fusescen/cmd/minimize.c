/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fusescen minimize: leaves out of a scenario that fails whatever it fails without.  Main
 * thread only. */
#include "config.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "fusescen/minimize/cuts.h"
#include "fusescen/minimize/search.h"
#include "fusescen/report/batch.h"
#include "fusescen/util/command.h"
#include "fusescen/util/errors.h"
#include "fusescen/util/files.h"
#include "fusescen/util/terminal.h"
#include "fusescen/util/walk.h"

#define TIMES	20u

struct settings {
	const char *keep, *kernel, *passes_on, *fails_on, *output, *state;
	const char **leave, **allow_host, **cases;
	unsigned times, jobs;
	bool bold, verbose, allow_hazard;
};

#define AT(member)	offsetof(struct settings, member)

static const struct option_row options[] = {
	{ "output", 'o', OPTION_TEXT, AT(output), "FILE",
	  "write what is left to FILE" },
	{ "keep", 0, OPTION_TEXT, AT(keep), "TEXT",
	  "accept any failure whose report has TEXT" },
	{ "leave", 0, OPTION_TEXTS, AT(leave), "TEXT",
	  "keep steps, rules and checks that have TEXT" },
	{ "bold", 0, OPTION_FLAG, AT(bold), NULL,
	  "also leave out what the server tells the kernel" },
	{ "times", 0, OPTION_COUNT, AT(times), "N",
	  "it has to fail N times out of N (20)" },
	{ "kernel", 'k', OPTION_TEXT, AT(kernel), "K",
	  "it fails on this kernel, in a virtual machine" },
	{ "passes-on", 0, OPTION_TEXT, AT(passes_on), "K",
	  "and it has to pass on this one; \"here\": the running one" },
	{ "fails-on", 0, OPTION_TEXT, AT(fails_on), "K",
	  "the same as --kernel" },
	{ "case", 'c', OPTION_TEXTS, AT(cases), "NAME",
	  "of this case; if not given, of the first that fails" },
	{ "continue", 0, OPTION_TEXT, AT(state), "FILE",
	  "go on from FILE, and keep in it what was tried" },
	{ "jobs", 'j', OPTION_COUNT, AT(jobs), "N",
	  "up to N runs at once" },
	{ "verbose", 'v', OPTION_FLAG, AT(verbose), NULL,
	  "say what is tried" },
	{ "allow-host", 0, OPTION_TEXTS, AT(allow_host), "DIR",
	  "let scenarios name DIR and what is below it" },
	{ "allow-hazard", 0, OPTION_FLAG, AT(allow_hazard), NULL,
	  "also run what can crash this kernel" },
	{ NULL, 0, OPTION_FLAG, 0, NULL, NULL },
};

/* Everything of one invocation. */
struct session {
	struct settings settings;
	struct vm_kernels fails_on, passes_on;
	unsigned n_written;
	unsigned done, failed;
	int signal;
};

/* ---- what comes of it ---------------------------------------------------------------------- */

static int write_output(struct session *s, const char *text)
{
	if (!s->settings.output && s->n_written++)
		puts("---");
	return text_write(s->settings.output, text);
}

static void put_account(const struct search *search, unsigned lines_before)
{
	unsigned tried = 0, kept = 0;

	for (size_t i = 0; i < n_cut_kinds; i++) {
		const struct account *a = &search->accounts[i];

		fprintf(stderr, "  %-8s %5u tried, %u left no valid scenario, %u taken\n",
			cut_kinds[i].name, a->tried, a->no_scenario, a->kept);
		tried += a->tried;
		kept += a->kept;
	}
	fprintf(stderr, "%s: %u lines of %u, %u of %u cuts taken, %llu runs\n",
		search->trials.path, count_lines(search->state.text), lines_before, kept, tried,
		(unsigned long long)search->trials.runs);
}

/* ---- one file -------------------------------------------------------------------------------- */

static void search_open(struct search *search, const struct session *s,
			const struct path *path)
{
	const struct settings *o = &s->settings;
	bool in_machine = s->fails_on.n || s->passes_on.n;

	*search = (struct search){
		.trials = {
			.fails_on = &s->fails_on,
			.passes_on = o->passes_on ? &s->passes_on : NULL,
			.path = path->name, .allow_host = o->allow_host,
			.keep = o->keep, .allow_hazard = o->allow_hazard || s->fails_on.n,
			.jobs = o->jobs ? o->jobs : in_machine ? 1 :
				batch_default_jobs(1000, false),
		},
		.leave = o->leave, .times = o->times ? o->times : TIMES,
		.is_bold = o->bold, .verbose = o->verbose, .state = { .path = o->state },
	};
}

/* Returns -1 after a message. */
static int minimize(struct session *s, const struct path *path, const char *text, size_t len)
{
	const char *name = path->cases ? path->cases :
		s->settings.cases ? s->settings.cases[0] : NULL;
	auto_free char *result = NULL;
	struct search search;
	int err;

	search_open(&search, s, path);
	err = minimize_begin(&search, text, len, name);
	if (!err) {
		err = minimize_run(&search);
		put_account(&search, count_lines(text));
		result = minimize_result(&search);
		if (write_output(s, result))
			err = -1;
	}
	s->signal = search.trials.signal;
	minimize_fini(&search);
	return err;
}

static int minimize_path(struct session *s, const struct path *path)
{
	auto_buf struct buf b = BUF_INIT;
	fusescen_file *file = path_load(path);
	bool is_good = !fusescen_errors(file);

	if (!is_good)
		put_error_text(fusescen_errors(file));
	fusescen_free(file);
	if (!is_good)
		return -1;
	if (path->text)
		return minimize(s, path, path->text, path->len);
	if (file_read(path->name, &b)) {
		put_error("%s: %s", path->name, strerror(errno));
		return -1;
	}
	return minimize(s, path, buf_str(&b), b.len);
}

/* ---- kernels --------------------------------------------------------------------------------- */

/* NULL and "here" are the running one, and then there is none in the list. */
static int find_kernel(struct vm_kernels *out, const char *option, const char *word)
{
	if (!word || !strcmp(word, "here"))
		return 0;
	if (vm_kernels_find(out, word))
		return -1;
	if (out->n == 1)
		return 0;
	put_error("%s: one kernel at a time", option);
	return -1;
}

static int find_kernels(struct session *s)
{
	const struct settings *o = &s->settings;

	if (o->kernel && o->fails_on) {
		put_error("--kernel and --fails-on are the same");
		return -1;
	}
	return find_kernel(&s->fails_on, "--kernel", o->kernel ? o->kernel : o->fails_on) ||
		find_kernel(&s->passes_on, "--passes-on", o->passes_on) ? -1 : 0;
}

static int minimize_main(const struct command *self, int argc, char **argv)
{
	struct session s = { .n_written = 0 };
	int n = options_parse(options, argc, argv, &s.settings), err = 0;
	struct paths paths = { NULL, 0 };

	if (n < 0)
		return STATUS_ERROR;
	if (n == 0) {
		put_error("%s needs files or directories", self->name);
		err = -1;
	} else if (!(err = find_kernels(&s))) {
		err = paths_collect(&paths, argv, n);
	}
	if (!err && paths.n > 1 && (s.settings.output || s.settings.state)) {
		put_error("--output and --continue are for one file");
		err = -1;
	}
	for (size_t i = 0; i < paths.n && !err && !s.signal; i++)
		s.failed += minimize_path(&s, &paths.at[i]) != 0;
	if (s.signal)
		put_error("ended by signal %d", s.signal);
	paths_free(&paths);
	vm_kernels_free(&s.fails_on);
	vm_kernels_free(&s.passes_on);
	options_free(options, &s.settings);
	return err || s.failed ? STATUS_ERROR : STATUS_PASS;
}

const struct command command_minimize = {
	"minimize", "FILE|DIR...", "cut failing scenarios down",
	options, minimize_main,
};
