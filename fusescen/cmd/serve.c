/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fusescen serve: serves a scenario's mount to any program.  The server and the
 * command are processes of their own, and this one waits for both and for
 * signals.  Main thread only.
 */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "fusescen.h"
#include "fusescen/record/serving.h"
#include "fusescen/util/command.h"
#include "fusescen/util/errors.h"
#include "fusescen/util/escape.h"
#include "fusescen/util/named_case.h"
#include "fusescen/util/signals.h"
#include "fusescen/util/transports.h"

#define STATUS_NOT_EXECUTABLE	126
#define STATUS_NOT_FOUND	127

struct settings {
	const char *backing;
	const char *control;
	const char *log;
	bool shared;
	const char *case_name;
	uint64_t seed;
	bool allow_hazard;
	const char **allow_host;
	const char *transport;
	const char *record;
};

#define AT(member)	offsetof(struct settings, member)

static const struct option_row options[] = {
	{ "backing", 'b', OPTION_TEXT, AT(backing), "WHAT",
	  "keep the files in \"memory\", \"null\" or a directory" },
	{ "control", 's', OPTION_TEXT, AT(control), "SOCKET",
	  "make a socket for fusescen ctl" },
	{ "log", 'l', OPTION_TEXT, AT(log), "FILE",
	  "write every event as JSON lines" },
	{ "shared", 0, OPTION_FLAG, AT(shared), NULL,
	  "let every process see the mount, not only the command" },
	{ "case", 'c', OPTION_TEXT, AT(case_name), "NAME",
	  "serve the case of this name" },
	{ "seed", 0, OPTION_SEED, AT(seed), "N",
	  "seed of random choices, instead of the scenario's own" },
	{ "allow-hazard", 0, OPTION_FLAG, AT(allow_hazard), NULL,
	  "also serve what can crash this kernel" },
	{ "allow-host", 0, OPTION_TEXTS, AT(allow_host), "DIR",
	  "let the scenario name DIR and what is below it" },
	{ "transport", 0, OPTION_TEXT, AT(transport), "T",
	  "dev or uring: how requests come, unless the mount says" },
	{ "record", 0, OPTION_TEXT, AT(record), "FILE",
	  "at the end, write what happened as a scenario" },
	{ NULL, 0, OPTION_FLAG, 0, NULL, NULL },
};

struct serving {
	fusescen_run *run;
	pid_t pid;		/* of the command; 0: there is none */
	int command_status;	/* as a shell has it; -1: it has not ended */
	int signal_fd;
	bool over;		/* there is nothing more to wait for */
};

/* ---- signals --------------------------------------------------------------------- */

static void reap(struct serving *s)
{
	int status;

	if (s->pid == 0 || waitpid(s->pid, &status, WNOHANG) != s->pid)
		return;
	s->pid = 0;
	s->command_status = signals_status(status);
	s->over = true;
}

/* Passes a signal on to the command, which decides what it means.  The terminal
 * has sent its signals to the command already. */
static void pass_on(struct serving *s, const struct signalfd_siginfo *info)
{
	if (s->pid == 0)
		s->over = true;
	else if (info->ssi_code != SI_KERNEL)
		kill(s->pid, (int)info->ssi_signo);
}

static void look_at_signals(struct serving *s)
{
	struct signalfd_siginfo info;

	while (read(s->signal_fd, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGCHLD)
			reap(s);
		else
			pass_on(s, &info);
	}
}

/* ---- the course ------------------------------------------------------------------ */

/* Waits until the command has ended.  Without a command it waits for the
 * server, or for its user to end it. */
static void wait_for_end(struct serving *s)
{
	struct pollfd p[] = {
		{ s->signal_fd, POLLIN, 0 },
		{ fusescen_fd(s->run), POLLIN, 0 },
	};

	while (!s->over) {
		if (poll(p, 2, -1) < 0)
			continue;
		look_at_signals(s);
		if (!p[1].revents)
			continue;
		/* A command goes on without its server, as it would with any
		 * other one. */
		p[1].fd = -1;
		if (s->pid == 0)
			s->over = true;
	}
}

/* Returns the command's status, unless that is good and the server's is not. */
static int end(struct serving *s)
{
	fusescen_report *r = fusescen_finish(s->run);
	enum fusescen_verdict verdict = fusescen_verdict(r);
	int status = verdict_status_of_server(verdict);

	if (status == STATUS_ERROR)
		put_error("%s", fusescen_summary(r));
	else if (verdict == FUSESCEN_XPASS)
		put_error("passed, but %s", fusescen_summary(r));
	if (verdict != FUSESCEN_XFAIL)
		put_report(stderr, fusescen_text(r));
	fusescen_report_free(r);
	return s->command_status > 0 ? s->command_status : status;
}

static int start_command(struct serving *s, char **argv)
{
	int err;

	s->pid = fusescen_spawn(s->run, argv);
	if (s->pid > 0)
		return 0;
	err = errno;
	s->pid = 0;
	s->over = true;
	s->command_status = err == ENOENT ? STATUS_NOT_FOUND :
		STATUS_NOT_EXECUTABLE;
	put_error("%s: %s", argv[0], strerror(err));
	return -1;
}

static int serve(const fusescen_file *file, size_t i, const char *mountpoint,
		 const struct settings *set, struct recorded_serving *recorded, char **command)
{
	struct fusescen_serve_options opts = {
		.size = sizeof(opts), .mountpoint = mountpoint,
		.control = set->control, .shared = set->shared,
		.allow_host = set->allow_host,
		.allow_hazard = set->allow_hazard, .seed = set->seed,
		.backing = set->backing, .transport = set->transport,
	};
	struct serving s = { .command_status = -1, .signal_fd = signals_open_command() };
	char *error = NULL;
	int status;

	opts.log = recorded ? serving_log(recorded) : set->log;
	s.run = fusescen_serve(file, i, &opts, &error);
	if (!s.run) {
		put_error_text(error);
		free(error);
		serving_drop(recorded);
		close(s.signal_fd);
		return STATUS_ERROR;
	}
	if (!command[0] || start_command(&s, command) == 0)
		wait_for_end(&s);
	status = end(&s);
	close(s.signal_fd);
	if (recorded && serving_write(recorded, set->record) && !status)
		status = STATUS_ERROR;
	return status;
}

static int serve_file(const char *path, const char *dir,
		      const struct settings *set, char **command)
{
	struct recorded_serving *recorded = NULL;
	fusescen_file *file = fusescen_load(path);
	int status = STATUS_ERROR;
	size_t i;

	if (fusescen_errors(file))
		put_error_text(fusescen_errors(file));
	else if (named_case(file, path, set->case_name, &i) == 0 &&
		 (!set->record || (recorded = serving_record(path, set->backing, set->log))))
		status = serve(file, i, dir, set, recorded, command);
	fusescen_free(file);
	return status;
}

static int serve_main(const struct command *self, int argc, char **argv)
{
	struct settings set = { 0 };
	int dashes = command_behind_dashes(argc, argv), n, status = STATUS_ERROR;
	char **command = argv + dashes + (dashes < argc);

	n = options_parse(options, dashes, argv, &set);
	if (transports_check_one(set.transport))
		n = -1;
	if (n == 2 && (dashes == argc || command[0]))
		status = serve_file(argv[0], argv[1], &set, command);
	else if (n >= 0)
		put_error("%s needs a scenario and a mountpoint; \"--\" and a "
			  "command may follow", self->name);
	options_free(options, &set);
	return status;
}

const struct command command_serve = {
	"serve", "FILE DIR [-- COMMAND...]",
	"serve a scenario's mount to any program", options, serve_main,
};
