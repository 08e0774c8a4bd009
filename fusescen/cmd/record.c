/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fusescen record: runs a program on a served mount, and makes a scenario of what it
 * did.  A child of ours does that, so that whatever happens to it, this process ends the
 * programs that are left.  One thread each.
 */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fusescen/import/replay.h"
#include "fusescen/import/text.h"
#include "fusescen/record/before.h"
#include "fusescen/record/kin.h"
#include "fusescen/record/traced.h"
#include "fusescen/util/command.h"
#include "fusescen/util/errors.h"
#include "fusescen/util/escape.h"
#include "fusescen/util/files.h"
#include "fusescen/util/named_case.h"
#include "fusescen/util/signals.h"

struct settings {
	const char *output, *backing, *rules, *at;
	unsigned time_ms;
};

#define AT(member)	offsetof(struct settings, member)

static const struct option_row options[] = {
	{ "output", 'o', OPTION_TEXT, AT(output), "FILE",
	  "write the scenario to FILE" },
	{ "backing", 'b', OPTION_TEXT, AT(backing), "WHAT",
	  "keep the files in \"memory\" or a directory" },
	{ "rules", 0, OPTION_TEXT, AT(rules), "FILE",
	  "serve this scenario, with its files and rules" },
	{ "at", 0, OPTION_TEXT, AT(at), "DIR",
	  "mount there, and begin in the working directory" },
	{ "time", 0, OPTION_TIME, AT(time_ms), "TIME",
	  "end the program after so long" },
	{ NULL, 0, OPTION_FLAG, 0, NULL, NULL },
};

static const char plain[] = "# Files in memory\nfusescen: 1\nmounts: {fs: {}}\n";

/* What one recording is about. */
struct recording {
	const struct settings *o;
	const char *dir;		/* of ours, which the parent removes */
	char *mountpoint;
	char **command;
	struct before *before;
	struct recorded got;
};

static bool is_directory(const char *backing)
{
	return backing && strcmp(backing, "memory") != 0;
}

/* ---- the replay ---------------------------------------------------------------------- */

/* Says what running it gives.  Returns the exit status. */
static int replay_it(const char *path)
{
	fusescen_file *file = fusescen_load(path);
	fusescen_run *run = fusescen_errors(file) ? NULL : fusescen_start(file, 0, NULL);
	int status = STATUS_ERROR;
	fusescen_report *r;

	if (!run) {
		put_error("%s: %s", path, fusescen_errors(file) ? fusescen_errors(file) :
			  strerror(errno));
		fusescen_free(file);
		return STATUS_ERROR;
	}
	r = fusescen_finish(run);
	if (fusescen_verdict(r) == FUSESCEN_PASS) {
		put_error("%s: a run of it passes", path);
		status = STATUS_PASS;
	} else {
		put_error("%s: a run of it does not give the same: %s", path, fusescen_summary(r));
		put_report(stderr, fusescen_text(r));
		status = STATUS_FAIL;
	}
	fusescen_report_free(r);
	fusescen_free(file);
	return status;
}

/* ---- the scenario ---------------------------------------------------------------------- */

/* Requests that no process made whose calls were seen. */
static uint64_t count_unseen(const struct recorded *got, const struct strace_log *log)
{
	uint64_t unseen = got->requests;

	for (size_t i = 0; i < got->n_by; i++) {
		for (size_t k = 0; k < log->n_calls; k++) {
			if (log->calls[k].pid != got->by[i].pid)
				continue;
			unseen -= got->by[i].n;
			break;
		}
	}
	return unseen;
}

static void put_account(const struct recording *rec, const struct story *s,
			const struct strace_log *log)
{
	const struct recorded *got = &rec->got;
	const char *path = rec->o->output;

	put_error("%s: %u calls of %zu, %u left out, %u guess%s", path, s->calls, log->n_calls,
		  s->left_out, s->guesses, s->guesses == 1 ? "" : "es");
	put_error("%s: %llu requests, %llu of them by nobody who was traced", path,
		  (unsigned long long)got->requests,
		  (unsigned long long)count_unseen(got, log));
	if (got->calls_dropped)
		put_error("%s: %llu bytes of calls had no room and are not in it", path,
			  (unsigned long long)got->calls_dropped);
	if (got->was_late)
		put_error("%s: the program was ended when its time was over", path);
	else if (got->status)
		put_error("%s: the program ended with status %d", path, got->status);
}

static char *title_of(struct arena *a, char **command)
{
	auto_buf struct buf b = BUF_INIT;

	for (; *command; command++)
		buf_printf(&b, " %s", *command);
	return arena_printf(a, "Made of a run of%.200s", buf_str(&b));
}

/* Returns the exit status. */
static int make(struct recording *rec)
{
	auto_free char *text = NULL, *errors = NULL;
	struct arena *a = arena_new();
	struct story s = { .arena = a, .title = title_of(a, rec->command) };
	int status = STATUS_ERROR;
	struct strace_log log;

	strace_read(&log, a, buf_str(&rec->got.calls));
	before_tell(rec->before, &s);
	if (log.n_calls) {
		auto_free char *cwd = rec->o->at ? getcwd(NULL, 0) : NULL;

		story_actor(&s, log.calls[0].pid)->cwd =
			arena_strdup(a, cwd ? cwd : rec->mountpoint);
		replay(&s, &log, rec->mountpoint);
	}
	if (!s.calls) {
		put_error("no call of %s was about a file of the mount; "
			  "its status was %d", rec->command[0], rec->got.status);
	} else {
		text = story_text(&s, &errors);
		put_account(rec, &s, &log);
		if (errors)
			put_error_text(errors);
		else if (text_write(rec->o->output, text) == 0)
			status = replay_it(rec->o->output);
	}
	arena_free(a);
	return status;
}

/* ---- the run ------------------------------------------------------------------------------ */

static fusescen_run *serve(const struct recording *rec, fusescen_file *file)
{
	auto_free char *log = recorder_log(rec->dir), *error = NULL;
	struct fusescen_serve_options opts = {
		.size = sizeof(opts), .mountpoint = rec->mountpoint, .log = log,
		.backing = rec->o->backing,
	};
	fusescen_run *run;
	size_t i;

	if (named_case(file, rec->o->rules ? rec->o->rules : "", NULL, &i))
		return NULL;
	run = fusescen_serve(file, i, &opts, &error);
	if (!run)
		put_error_text(error);
	return run;
}

/* Returns -1 after a message. */
static int run_program(struct recording *rec, fusescen_file *file)
{
	struct recorder *r = recorder_new(rec->dir);
	fusescen_run *server = r ? serve(rec, file) : NULL;
	int err = server ? 0 : -1;
	fusescen_report *report;

	if (!err && !rec->o->at && chdir(rec->mountpoint)) {
		put_error("%s: %s", rec->mountpoint, strerror(errno));
		err = -1;
	}
	if (!err)
		err = recorder_run(r, server, rec->command, rec->o->time_ms, &rec->got);
	if (!rec->o->at && chdir("/"))
		err = -1;
	if (r)
		recorder_finish(r, server, &rec->got);
	if (!server)
		return -1;
	report = fusescen_finish(server);
	if (fusescen_verdict(report) == FUSESCEN_ERROR)
		put_error("%s", fusescen_summary(report));
	fusescen_report_free(report);
	return err;
}

/* The child. */
static int record(struct recording *rec)
{
	const struct settings *o = rec->o;
	fusescen_file *file = o->rules ? fusescen_load(o->rules) :
		fusescen_load_text("plain", plain, strlen(plain));
	int status = STATUS_ERROR;

	if (fusescen_errors(file))
		put_error_text(fusescen_errors(file));
	else
		rec->before = before_new(o->rules, is_directory(o->backing) ? o->backing : NULL);
	if (rec->before && run_program(rec, file) == 0)
		status = make(rec);
	before_free(rec->before);
	buf_fini(&rec->got.calls);
	free(rec->got.by);
	fusescen_free(file);
	return status;
}

/* ---- the parent --------------------------------------------------------------------------- */

/* Passes on what is not the terminal's, until the child has ended. */
static int wait_for(pid_t child, int signals)
{
	struct pollfd p = { signals, POLLIN, 0 };
	struct signalfd_siginfo info;
	int status;

	while (waitpid(child, &status, WNOHANG) != child) {
		poll(&p, 1, -1);
		while (read(signals, &info, sizeof(info)) == sizeof(info))
			if (info.ssi_signo != SIGCHLD && info.ssi_code != SI_KERNEL)
				kill(child, (int)info.ssi_signo);
	}
	return signals_status(status);
}

static void remove_dir(const char *dir)
{
	static const char *const names[] = { "calls", "requests" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		auto_free char *path = xasprintf("%s/%s", dir, names[i]);

		unlink(path);
	}
	if (rmdir(dir) && errno != ENOENT)
		put_error("%s: %s", dir, strerror(errno));
}

static int record_apart(struct recording *rec)
{
	int signals = signals_open_command(), status;
	pid_t parent = getpid(), child;

	/* who has lost all parents comes to us */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	child = fork();
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		close(signals);
		_exit(getppid() == parent ? record(rec) : STATUS_ERROR);
	}
	if (child < 0) {
		put_error("fork: %s", strerror(errno));
		return STATUS_ERROR;
	}
	status = wait_for(child, signals);
	if (!kin_end())
		put_error("a process of %s does not end", rec->command[0]);
	close(signals);
	return status;
}

/* ---- the command line ------------------------------------------------------------------------ */

static bool is_in_path(const char *name)
{
	const char *path = getenv("PATH");

	if (strchr(name, '/'))
		return true;
	for (path = path ? path : "/bin:/usr/bin"; *path; path += *path == ':') {
		size_t n = strcspn(path, ":");
		auto_free char *file = xasprintf("%.*s/%s", (int)n, path, name);

		if (access(file, X_OK) == 0)
			return true;
		path += n;
	}
	return false;
}

/* Returns -1 after a message. */
static int check(const struct settings *o, const char *program)
{
	if (!o->output)
		put_error("say with -o where the scenario goes: the program may use standard output");
	else if (o->backing && !strcmp(o->backing, "null"))
		put_error("what a null backing reads cannot be replayed; "
			  "it keeps files in memory or a directory");
	else if (!is_in_path("strace"))
		put_error("strace(1) sees what a program does, and is not installed");
	else if (!is_in_path(program))
		put_error("%s: %s", program, strerror(ENOENT));
	else
		return 0;
	return -1;
}

static int prepare_and_record(const struct settings *o, char **command)
{
	const char *tmp = getenv("TMPDIR");
	auto_free char *dir = xasprintf("%s/fusescen-record-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	auto_free char *output = path_absolute(o->output), *mountpoint = NULL;
	struct settings own = *o;
	struct recording rec = { .o = &own, .command = command };
	int status = STATUS_ERROR;

	if (!mkdtemp(dir)) {
		put_error("%s: %s", dir, strerror(errno));
		return STATUS_ERROR;
	}
	rec.dir = dir;
	own.output = output;
	mountpoint = o->at || is_directory(o->backing) ?
		realpath(o->at ? o->at : o->backing, NULL) : xasprintf("%s/mnt", dir);
	rec.mountpoint = mountpoint;
	if (!mountpoint)
		put_error("%s: %s", o->at ? o->at : o->backing, strerror(errno));
	else if (!o->at && !is_directory(o->backing) && mkdir(mountpoint, 0700))
		put_error("%s: %s", mountpoint, strerror(errno));
	else
		status = record_apart(&rec);
	if (mountpoint && !o->at && !is_directory(o->backing))
		rmdir(mountpoint);
	remove_dir(dir);
	return status;
}

static int record_main(const struct command *self, int argc, char **argv)
{
	struct settings o = { 0 };
	int dashes = command_behind_dashes(argc, argv);
	int n = options_parse(options, dashes, argv, &o);
	char **command = argv + dashes + (dashes < argc);

	if (n < 0)
		return STATUS_ERROR;
	if (n > 0 || !command[0]) {
		put_error("%s needs \"--\" and a command", self->name);
		return STATUS_ERROR;
	}
	return check(&o, command[0]) ? STATUS_ERROR : prepare_and_record(&o, command);
}

const struct command command_record = {
	"record", "-- COMMAND...", "make a scenario of what a program does",
	options, record_main,
};
