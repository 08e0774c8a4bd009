/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fusescen run: loads all files, runs their cases, and says how it went.  Main
 * thread only. */
#include "config.h"

#include <ctype.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/units.h"
#include "fusescen.h"
#include "fusescen/cmd/cases.h"
#include "fusescen/report/batch.h"
#include "fusescen/report/failed.h"
#include "fusescen/report/log.h"
#include "fusescen/report/forms.h"
#include "fusescen/report/unused.h"
#include "fusescen/util/command.h"
#include "fusescen/util/errors.h"
#include "fusescen/util/escape.h"
#include "fusescen/util/terminal.h"
#include "fusescen/util/transports.h"
#include "fusescen/util/walk.h"
#include "fusescen/vm/qemu.h"
#include "fusescen/vm/run.h"


struct settings {
	struct case_filter filter;
	bool tap, ktap;
	struct forms forms;	/* written beside the output */
	bool list;
	bool fail_fast;
	bool quiet;
	unsigned durations;
	const char *colour;
	const char *log;
	unsigned repeat;
	unsigned jobs;
	unsigned timeout_ms;
	bool verbose;
	uint64_t seed;
	bool allow_hazard;
	bool strict;
	bool untrusted;
	const char *kernels;
	const char **allow_host;
	const char *append;
	unsigned cpus;
	const char *transport;
};

#define AT(member)	offsetof(struct settings, member)

static const struct option_row options[] = {
	{ "tap", 0, OPTION_FLAG, AT(tap), NULL,
	  "print TAP; exit 0 even if something failed" },
	{ "ktap", 0, OPTION_FLAG, AT(ktap), NULL,
	  "print KTAP, as the kernel's own tests do" },
	{ "junit", 0, OPTION_TEXT, AT(forms.junit), "FILE",
	  "write the results as JUnit's XML" },
	{ "html", 0, OPTION_TEXT, AT(forms.page), "FILE",
	  "write a page with a picture of each run" },
	{ "log", 'l', OPTION_TEXT, AT(log), "FILE",
	  "write every event of every run as JSON lines" },
	{ "perfetto", 0, OPTION_TEXT, AT(forms.perfetto), "FILE",
	  "write a trace for ui.perfetto.dev" },
	{ "artifacts", 0, OPTION_TEXT, AT(forms.artifacts), "DIR",
	  "keep everything about each failure in folders of DIR" },
	{ "repeat", 'r', OPTION_COUNT, AT(repeat), "N",
	  "run everything N times" },
	{ "report", 0, OPTION_TEXT, AT(forms.mail), "FILE",
	  "write a text to be mailed: machine, scenario, failures" },
	{ "jobs", 'j', OPTION_COUNT, AT(jobs), "N",
	  "up to N runs at once (two per processor)" },
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
	{ "case", 'c', OPTION_TEXTS, AT(filter.cases), "GLOB",
	  "run only the cases whose names fit" },
	{ "exclude", 0, OPTION_TEXTS, AT(filter.exclude), "GLOB",
	  "leave out files, directories, or FILE:CASE" },
	{ "tag", 0, OPTION_TEXTS, AT(filter.tags), "GLOB",
	  "run only files of this tag or directory (!GLOB: not)" },
	{ "last-failed", 0, OPTION_FLAG, AT(filter.last_failed), NULL,
	  "run what failed last time, or everything if nothing did" },
	{ "shard", 0, OPTION_TEXT, AT(filter.shard), "K/N",
	  "run the Kth of N parts" },
	{ "shuffle", 0, OPTION_SHUFFLE, AT(filter.shuffle), "SEED",
	  "run in another order" },
	{ "list", 0, OPTION_FLAG, AT(list), NULL,
	  "print what would be run" },
	{ "fail-fast", 0, OPTION_FLAG, AT(fail_fast), NULL,
	  "stop at the first failure" },
	{ "quiet", 'q', OPTION_FLAG, AT(quiet), NULL,
	  "print failures and the last line only" },
	{ "durations", 0, OPTION_COUNT, AT(durations), "N",
	  "print the N slowest cases at the end" },
	{ "color", 0, OPTION_TEXT, AT(colour), "WHEN",
	  "auto, always or never" },
	{ "kernel", 'k', OPTION_TEXT, AT(kernels), "K,...",
	  "use these kernels, each in a virtual machine" },
	{ "append", 0, OPTION_TEXT, AT(append), "ARGS",
	  "give the kernel of a virtual machine more arguments" },
	{ "cpus", 0, OPTION_COUNT, AT(cpus), "N",
	  "processors of a virtual machine (1 if not given)" },
	{ "transport", 0, OPTION_TEXT, AT(transport), "T",
	  "dev, uring or both, for mounts that do not say" },
	{ NULL, 0, OPTION_FLAG, 0, NULL, NULL },
};

/* Everything of one invocation. */
struct session {
	struct settings settings;
	struct paths paths;
	fusescen_file **files;	/* one per path */
	char **refused;		/* for each path why it is not run; NULL: it is */
	struct vm_kernels kernels;	/* none: the running one */
	struct tasks tasks;
	struct failed *failed;	/* last time, and now */
	bool is_over;		/* --fail-fast has seen a failure */
	struct transports transports;
	const char *transport;	/* of what runs now */
	const struct output *output;
	struct tally tally;
	struct unused unused;	/* of the file whose cases are being delivered */
	struct run_log *log;
};

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
	bool refuses = s->settings.untrusted && !s->kernels.n, is_known = false;
	size_t i;

	s->files = xcalloc(s->paths.n + 1, sizeof(*s->files));
	s->refused = xcalloc(s->paths.n + 1, sizeof(*s->refused));
	for (i = 0; i < s->paths.n; i++) {
		const struct path *path = &s->paths.at[i];

		s->files[i] = path_load(path);
		if (refuses)
			s->refused[i] = find_asks(path->name, s->files[i]);
		if (fusescen_errors(s->files[i]) || s->refused[i]) {
			is_known |= failed_has(s->failed, path->name, NOT_LOADED);
			s->tally.broken++;
		} else {
			tasks_add(&s->tasks, &s->settings.filter, path, s->files[i]);
		}
	}
	if (s->settings.filter.last_failed)
		tasks_keep_failed(&s->tasks, s->failed, is_known);
}

/* A terminal has ladders in its width, and everything that is kept has them as a mail
 * has. */
static unsigned ladder_width(const struct session *s)
{
	bool is_read_here = s->output == &output_human && is_terminal(stdout) &&
		!forms_are_wanted(&s->settings.forms);

	return is_read_here ? terminal_width(stdout) : 0;
}

static void report_broken(struct session *s)
{
	size_t i;

	for (i = 0; i < s->paths.n; i++) {
		const char *errors = s->refused[i] ? s->refused[i] :
			fusescen_errors(s->files[i]);

		failed_note(s->failed, s->paths.at[i].name, NOT_LOADED, errors != NULL);
		if (!errors)
			continue;
		s->tally.done++;
		s->output->broken(&s->tally, s->paths.at[i].name, errors);
		forms_add_broken(&s->settings.forms, s->paths.at[i].name, errors);
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

static const char *given_text(const struct session *s, const char *file)
{
	for (size_t i = 0; i < s->paths.n; i++)
		if (!strcmp(s->paths.at[i].name, file))
			return s->paths.at[i].text;
	return NULL;
}

static void deliver(void *ctx, const struct point *ran, const char *events)
{
	struct session *s = ctx;
	struct point p = *ran;
	auto_free char *notes = unused_by(&s->unused, ran);
	auto_free char *name = NULL;

	if (notes && s->settings.strict) {
		p.verdict = verdict_after(p.verdict, CAUSE_UNUSED, false);
		p.summary = "the file has parts that none of its cases used";
		p.text = notes;
	} else if (notes && p.round == 1) {
		p.notes = notes;
	}
	p.transport = transport_label(s->transport);
	name = point_name(&p);
	s->tally.done++;
	s->tally.count[p.verdict]++;
	p.again = recap_add(&s->tally.recap, name, p.verdict, p.elapsed_ns,
			    p.summary, p.text);
	failed_note(s->failed, p.file, p.case_name, verdicts[p.verdict].is_news);
	forms_add(&s->settings.forms, &p, given_text(s, p.file), events);
	if (p.verdict == FUSESCEN_PASS && !s->settings.verbose)
		p.text = "";	/* the report has asked for it */
	s->output->point(&s->tally, &p);
	log_run(s->log, &p, events);
	s->is_over = s->settings.fail_fast && verdicts[p.verdict].is_news;
}

static void waiting(void *ctx, const struct task *task, uint64_t running_ns)
{
	struct session *s = ctx;

	if (s->output->waiting)
		s->output->waiting(&s->tally, task, running_ns);
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

/* Returns -1 after a message if nothing could be run, or a file not be written. */
static int run_all(struct session *s)
{
	struct batch b = {
		.tasks = s->tasks.at,
		.n_tasks = s->tasks.n,
		.rounds = s->settings.repeat,
		.jobs = s->settings.jobs,
		.wants_events = s->log || forms_want_events(&s->settings.forms),
		.options = {
			.size = sizeof(b.options),
			.timeout_ms = s->settings.timeout_ms,
			.verbose = s->settings.verbose || s->settings.forms.mail,
			.seed = s->settings.seed,
			.allow_hazard = s->settings.allow_hazard,
			.allow_host = s->settings.allow_host,
			.columns = ladder_width(s),
		},
		.deliver = deliver,
		.waiting = waiting,
		.ctx = s,
		.is_over = &s->is_over,
	};
	const struct vm_machine machine = {
		.cpus = s->settings.cpus, .append = s->settings.append,
	};
	size_t kernels = s->kernels.n ? s->kernels.n : 1, i;
	int sig = 0, err;

	s->tally.rounds = s->settings.repeat;
	s->tally.verbose = s->settings.verbose;
	s->tally.quiet = s->settings.quiet;
	s->tally.shuffle = s->settings.filter.shuffle;
	s->tally.recap.max_slowest = s->settings.durations;
	s->tally.began_ns = clock_ns();
	s->tally.planned = s->tasks.n * s->settings.repeat * kernels *
		s->transports.n + s->tally.broken;
	forms_begin(&s->settings.forms, &s->tally);
	s->output->begin(&s->tally);
	report_broken(s);
	for (i = 0; i < s->transports.n && !sig && !s->is_over; i++) {
		b.options.transport = s->transport = s->transports.at[i];
		if (s->kernels.n && s->tasks.n)
			sig = vm_run(&b, &s->kernels, &machine);
		else
			sig = batch_run_here(&b);
	}
	if (sig < 0)
		return -1;
	s->output->end(&s->tally);
	err = forms_write(&s->settings.forms);
	if (sig)
		stop_early(s, sig);
	return err;
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
	free(s->tasks.at);
	recap_fini(&s->tally.recap);
	forms_fini(&s->settings.forms);
	vm_kernels_free(&s->kernels);
	paths_free(&s->paths);
	failed_free(s->failed);
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

/* Returns 1 after a message if there is nothing to run, and -1 if some of it is
 * missing. */
static int choose_cases(struct session *s, char **words, int n)
{
	int err = paths_collect(&s->paths, words, n);

	load_all(s);
	if (s->tasks.n == 0 && s->tally.broken == 0) {
		if (!err && s->paths.n)
			tasks_explain_none(&s->settings.filter, &s->paths, s->files);
		return 1;
	}
	if (tasks_shard(&s->tasks, s->settings.filter.shard))
		return 1;
	if (s->settings.filter.shuffle)
		tasks_shuffle(&s->tasks, s->settings.filter.shuffle);
	return err;
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
	if (s->settings.append && !s->settings.kernels && !s->settings.untrusted) {
		put_error("--append is for virtual machines: choose one with "
			  "--kernel");
		return STATUS_ERROR;
	}
	if (s->settings.kernels &&
	    vm_kernels_find(&s->kernels, s->settings.kernels)) {
		if (isalpha((unsigned char)s->settings.kernels[0]))
			put_error("-k is --kernel; cases are chosen with --case GLOB");
		return STATUS_ERROR;
	}
	if (s->settings.untrusted && choose_machine(s))
		return STATUS_ERROR;
	err = choose_cases(s, words, n);
	if (err > 0)
		return STATUS_ERROR;
	if (s->settings.list) {
		report_broken(s);
		tasks_print(&s->tasks, s->settings.verbose);
		return err || s->tally.broken ? STATUS_ERROR : STATUS_PASS;
	}
	if (!s->settings.jobs)
		s->settings.jobs = batch_default_jobs(s->tasks.n, s->kernels.n > 0);
	if (forms_try(&s->settings.forms))
		return STATUS_ERROR;
	s->log = log_open(s->settings.log, &log_err);
	if (log_err)
		return STATUS_ERROR;
	if (run_all(s))
		err = -1;
	if (log_close(s->log))
		err = -1;
	/* A test driver knows by itself what has failed. */
	if (!s->settings.tap && !s->settings.ktap)
		failed_save(s->failed);
	return err ? STATUS_ERROR : verdicts_status(s->tally.count, s->tally.broken,
						     s->settings.tap || s->settings.ktap);
}

/* Returns -1 after a message. */
static int choose_output(struct session *s)
{
	if (s->settings.colour && colour_choose(s->settings.colour)) {
		put_error("--color: \"%s\" is not auto, always or never",
			  s->settings.colour);
		return -1;
	}
	if (transports_parse(&s->transports, s->settings.transport))
		return -1;
	if (s->settings.tap && s->settings.ktap) {
		put_error("--tap and --ktap are two forms of the same");
		return -1;
	}
	s->output = s->settings.tap ? &output_tap :
		s->settings.ktap ? &output_ktap : &output_human;
	return 0;
}

static int run_main(const struct command *self, int argc, char **argv)
{
	struct session s = { .settings = { .repeat = 1, .cpus = 1 } };
	int n = options_parse(options, argc, argv, &s.settings);
	int status = STATUS_ERROR;

	if (n == 0)
		put_error("%s needs files or directories", self->name);
	if (n > 0 && !choose_output(&s)) {
		s.failed = failed_load();
		status = session_run(&s, argv, n);
		session_fini(&s);
	}
	options_free(options, &s.settings);
	return status;
}

const struct command command_run = {
	"run", "FILE|DIR...", "run scenarios on this kernel, or others", options, run_main,
};
