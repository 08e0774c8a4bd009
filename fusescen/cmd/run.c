/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fusescen run: loads all files, runs their cases, and says how it went.  Main
 * thread only. */
#include "config.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "fusescen.h"
#include "fusescen/report/log.h"
#include "fusescen/report/batch.h"
#include "fusescen/report/unused.h"
#include "fusescen/util/command.h"
#include "fusescen/util/errors.h"
#include "fusescen/util/walk.h"
#include "fusescen/vm/qemu.h"
#include "fusescen/vm/run.h"

struct settings {
	bool tap;
	const char *log;
	unsigned repeat;
	unsigned jobs;
	unsigned timeout_ms;
	bool verbose;
	uint64_t seed;
	bool allow_hazard;
	bool strict;
	bool untrusted;
	const char *case_name;
	const char *kernels;
	const char **allow_host;
	unsigned cpus;
};

#define AT(member)	offsetof(struct settings, member)

static const struct option_row options[] = {
	{ "tap", 0, OPTION_FLAG, AT(tap), NULL,
	  "print TAP; exit 0 even if something failed" },
	{ "log", 'l', OPTION_TEXT, AT(log), "FILE",
	  "write every event of every run as JSON lines" },
	{ "repeat", 'r', OPTION_COUNT, AT(repeat), "N",
	  "run everything N times" },
	{ "jobs", 'j', OPTION_COUNT, AT(jobs), "N",
	  "up to N runs at once" },
	{ "timeout", 't', OPTION_TIME, AT(timeout_ms), "TIME",
	  "time limit of a run, instead of the scenario's own" },
	{ "verbose", 'v', OPTION_FLAG, AT(verbose), NULL,
	  "also show the events of passes" },
	{ "seed", 0, OPTION_SEED, AT(seed), "N",
	  "seed of random choices, instead of the scenario's own" },
	{ "allow-hazard", 0, OPTION_FLAG, AT(allow_hazard), NULL,
	  "also run what can crash this kernel" },
	{ "allow-host", 0, OPTION_TEXTS, AT(allow_host), "DIR",
	  "let scenarios name DIR and what is below it" },
	{ "strict", 0, OPTION_FLAG, AT(strict), NULL,
	  "fail a file if none of its cases used some part of it" },
	{ "untrusted", 0, OPTION_FLAG, AT(untrusted), NULL,
	  "use a virtual machine, or refuse what asks for anything" },
	{ "case", 'c', OPTION_TEXT, AT(case_name), "NAME",
	  "run only the cases of this name" },
	{ "kernel", 'k', OPTION_TEXT, AT(kernels), "K,...",
	  "use these kernels, each in a virtual machine" },
	{ "cpus", 0, OPTION_COUNT, AT(cpus), "N",
	  "processors of a virtual machine (1 if not given)" },
	{ NULL, 0, OPTION_FLAG, 0, NULL, NULL },
};

/* Everything of one invocation. */
struct session {
	struct settings settings;
	struct paths paths;
	fusescen_file **files;	/* one per path */
	char **refused;		/* for each path why it is not run; NULL: it is */
	struct vm_kernels kernels;	/* none: the running one */
	struct task *tasks;
	size_t n_tasks;
	const struct output *output;
	struct tally tally;
	struct unused unused;	/* of the file whose cases are being delivered */
	struct run_log *log;
};

static bool is_wanted(const struct session *s, const fusescen_file *file, size_t i)
{
	const char *name = fusescen_case_name(file, i);

	return !s->settings.case_name ||
		(name && strcmp(name, s->settings.case_name) == 0);
}

static void add_work(struct session *s, const char *path, const fusescen_file *file)
{
	size_t n = fusescen_cases(file), i;

	for (i = 0; i < n; i++) {
		if (!is_wanted(s, file, i))
			continue;
		s->tasks = xgrow(s->tasks, s->n_tasks, sizeof(*s->tasks));
		s->tasks[s->n_tasks++] = (struct task){ path, file, i, NULL };
	}
}

/* Returns why an untrusted file is not run on this machine; NULL if it is. */
static char *find_asks(const char *path, const fusescen_file *file)
{
	char *asks;
	size_t i;

	for (i = 0; (asks = fusescen_asks(file, i)); i++) {
		char *why = *asks ? xasprintf("%s%s: refused: an untrusted file may "
					      "ask for nothing\n", asks, path) : NULL;

		free(asks);
		if (why)
			return why;
	}
	return NULL;
}

static void load_all(struct session *s)
{
	bool refuses = s->settings.untrusted && !s->kernels.n;
	size_t i;

	s->files = xcalloc(s->paths.n + 1, sizeof(*s->files));
	s->refused = xcalloc(s->paths.n + 1, sizeof(*s->refused));
	for (i = 0; i < s->paths.n; i++) {
		s->files[i] = fusescen_load(s->paths.at[i]);
		if (refuses)
			s->refused[i] = find_asks(s->paths.at[i], s->files[i]);
		if (fusescen_errors(s->files[i]) || s->refused[i])
			s->tally.broken++;
		else
			add_work(s, s->paths.at[i], s->files[i]);
	}
}

static void report_broken(struct session *s)
{
	size_t i;

	for (i = 0; i < s->paths.n; i++) {
		const char *errors = s->refused[i] ? s->refused[i] :
			fusescen_errors(s->files[i]);

		if (!errors)
			continue;
		s->tally.done++;
		s->output->broken(&s->tally, s->paths.at[i], errors);
	}
}

/* Collects what each case of a file has left unused.  With the last case of the
 * file, returns what all of them have left.  NULL if there is nothing, or if
 * not all have passed, because that says nothing then. */
static char *unused_by(struct unused *u, const struct point *p)
{
	if (!p->unused)
		return NULL;
	if (p->verdict == FUSESCEN_PASS)
		unused_add(u, p->unused);
	return p->ends_file ? unused_take(u, p->cases) : NULL;
}

static void deliver(void *ctx, const struct point *ran, const char *events)
{
	struct session *s = ctx;
	struct point p = *ran;
	auto_free char *notes = unused_by(&s->unused, ran);

	if (notes && s->settings.strict) {
		p.verdict = verdict_after(p.verdict, CAUSE_UNUSED, false);
		p.summary = "the file has parts that none of its cases used";
		p.text = notes;
	} else if (notes && p.round == 1) {
		p.notes = notes;
	}
	s->tally.done++;
	s->tally.count[p.verdict]++;
	s->output->point(&s->tally, &p);
	log_run(s->log, &p, events);
}

/* Runs that are still under way end when this process does. */
static _Noreturn void stop_early(struct session *s, int sig)
{
	fflush(stdout);
	put_error("%s after %zu of %zu", strsignal(sig), s->tally.done,
		  s->tally.planned);
	log_close(s->log);
	_exit(STATUS_ERROR);
}

/* Returns -1 after a message if nothing could be run. */
static int run_all(struct session *s)
{
	struct batch b = {
		.tasks = s->tasks,
		.n_tasks = s->n_tasks,
		.rounds = s->settings.repeat,
		.jobs = s->settings.jobs,
		.wants_events = s->log != NULL,
		.options = {
			.size = sizeof(b.options),
			.timeout_ms = s->settings.timeout_ms,
			.verbose = s->settings.verbose,
			.seed = s->settings.seed,
			.allow_hazard = s->settings.allow_hazard,
			.allow_host = s->settings.allow_host,
		},
		.deliver = deliver,
		.ctx = s,
	};
	const struct vm_machine machine = { .cpus = s->settings.cpus };
	size_t kernels = s->kernels.n ? s->kernels.n : 1;
	int sig = 0;

	s->tally.rounds = s->settings.repeat;
	s->tally.verbose = s->settings.verbose;
	s->tally.planned = s->n_tasks * s->settings.repeat * kernels +
		s->tally.broken;
	s->output->begin(&s->tally);
	report_broken(s);
	if (s->kernels.n && s->n_tasks)
		sig = vm_run(&b, &s->kernels, &machine);
	else
		sig = batch_run_here(&b);
	if (sig < 0)
		return -1;
	s->output->end(&s->tally);
	if (sig)
		stop_early(s, sig);
	return 0;
}

static void session_fini(struct session *s)
{
	size_t i;

	for (i = 0; s->files && i < s->paths.n; i++) {
		fusescen_free(s->files[i]);
		free(s->refused[i]);
	}
	free(s->files);
	free(s->refused);
	free(s->tasks);
	vm_kernels_free(&s->kernels);
	paths_free(&s->paths);
}

/* Untrusted files run in a virtual machine, which they may crash.  If there can
 * be none, they run on this machine, as long as they ask nothing of it. */
static int choose_machine(struct session *s)
{
	char *qemu;

	if (s->settings.allow_hazard || s->settings.allow_host ||
	    s->settings.strict) {
		put_error("--untrusted cannot be combined with "
			  "--allow-hazard, --allow-host or --strict");
		return -1;
	}
	qemu = qemu_find();
	if (!s->kernels.n && qemu)
		vm_kernels_newest(&s->kernels);
	free(qemu);
	if (s->kernels.n) {
		s->settings.allow_hazard = true;
		put_error("running in a virtual machine, with kernel %s",
			  s->kernels.at[0].name);
	} else {
		put_error("running on this machine, because there can be no virtual machine");
	}
	return 0;
}

/* Returns the exit status. */
static int session_run(struct session *s, char **words, int n)
{
	int err, log_err;

	if (s->settings.kernels && s->settings.strict) {
		fputs("fusescen: --strict is about runs on this kernel, not in "
		      "virtual machines\n", stderr);
		return STATUS_ERROR;
	}
	if (s->settings.kernels &&
	    vm_kernels_find(&s->kernels, s->settings.kernels))
		return STATUS_ERROR;
	if (s->settings.untrusted && choose_machine(s))
		return STATUS_ERROR;
	err = paths_collect(&s->paths, words, n);
	load_all(s);
	if (s->n_tasks == 0 && s->tally.broken == 0) {
		if (s->settings.case_name && s->paths.n)
			put_error("no case is called \"%s\"",
				  s->settings.case_name);
		return STATUS_ERROR;
	}
	s->log = log_open(s->settings.log, &log_err);
	if (log_err)
		return STATUS_ERROR;
	if (run_all(s))
		err = -1;
	if (log_close(s->log))
		err = -1;
	return err ? STATUS_ERROR : verdicts_status(s->tally.count, s->tally.broken,
						     s->settings.tap);
}

static int run_main(const struct command *self, int argc, char **argv)
{
	struct session s = { .settings = { .repeat = 1, .jobs = 1, .cpus = 1 } };
	int n = options_parse(options, argc, argv, &s.settings), status;

	if (n < 0)
		return STATUS_ERROR;
	if (n == 0) {
		put_error("%s needs files or directories", self->name);
		return STATUS_ERROR;
	}
	s.output = s.settings.tap ? &output_tap : &output_human;
	status = session_run(&s, argv, n);
	session_fini(&s);
	return status;
}

const struct command command_run = {
	"run", "FILE|DIR...", "run scenarios against this kernel, or others", options, run_main,
};
