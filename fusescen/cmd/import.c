/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fusescen import: makes a scenario of a log of strace, or of a server.  Main thread only. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "fusescen/import/guess.h"
#include "fusescen/import/paths.h"
#include "fusescen/import/replay.h"
#include "fusescen/import/text.h"
#include "fusescen/util/command.h"
#include "fusescen/util/errors.h"
#include "fusescen/util/files.h"

struct settings {
	const char *under, *cwd, *output;
};

#define AT(member)	offsetof(struct settings, member)

static const struct option_row options[] = {
	{ "under", 0, OPTION_TEXT, AT(under), "DIR",
	  "the mountpoint: what is not below DIR is left out" },
	{ "cwd", 0, OPTION_TEXT, AT(cwd), "DIR",
	  "the working directory of the first process" },
	{ "output", 'o', OPTION_TEXT, AT(output), "FILE",
	  "write the scenario to FILE" },
	{ NULL, 0, OPTION_FLAG, 0, NULL, NULL },
};

/* A log of strace, or of requests, of which none is another.  Returns -1 after a
 * message. */
static int read_log(const char *path, const char *text, struct strace_log *log,
		    struct request_log *requests)
{
	strace_read(log, log->arena, text);
	requests_read(requests, log->arena, text);
	if (requests->n && requests->strange <= requests->lines / 2)
		return 0;
	requests->n = 0;
	if (log->n_calls && log->strange <= log->lines / 2)
		return 0;
	put_error("%s: this is a log neither of strace nor of a server of FUSE: "
		  "%u of %u lines are none of strace's", path, log->strange, log->lines);
	return -1;
}

/* As a log has it; what is relative begins where we are.  NULL after a message. */
static const char *absolute(struct arena *a, const char *dir)
{
	auto_free char *here = dir[0] == '/' ? xstrdup("") : getcwd(NULL, 0);

	if (!here) {
		put_error("%s: %s", dir, strerror(errno));
		return NULL;
	}
	return path_cleaned(a, arena_printf(a, "%s/%s", here, dir));
}

static const char *find_under(const struct settings *o, const char *path,
			      const struct strace_log *log, bool is_of_server)
{
	const char *under;

	if (is_of_server)
		return "/";
	if (o->under)
		return absolute(log->arena, o->under);
	under = replay_guess_directory(log->arena, log);
	if (under)
		put_error("%s: taking what is below %s", path, under);
	else
		put_error("%s: no path in it tells where the files are; say it with --under",
			  path);
	return under;
}

/* Writes it, and says what it is.  Returns -1 after a message. */
static int finish(const struct settings *o, const char *path, struct story *s,
		  const struct strace_log *log)
{
	auto_free char *errors = NULL, *text = story_text(s, &errors);
	int err = text_write(o->output, text);

	put_error("%s: %u calls of %zu, %u left out, %u guess%s%s", path, s->calls, log->n_calls,
		  s->left_out, s->guesses, s->guesses == 1 ? "" : "es",
		  log->is_cut ? "; the last line is cut off" : "");
	if (!errors)
		return err;
	put_error("%s: what was made of it cannot be loaded:", path);
	put_error_text(errors);
	return -1;
}

static int make(const struct settings *o, const char *path, struct strace_log *log,
		const struct request_log *requests)
{
	struct story s = { .arena = log->arena };
	const char *under = find_under(o, path, log, requests->n > 0), *base = strrchr(path, '/');
	const char *cwd = o->cwd ? absolute(log->arena, o->cwd) : NULL;

	if (!under || (o->cwd && !cwd))
		return -1;
	s.title = arena_printf(log->arena, "Made of the log %s", base ? base + 1 : path);
	if (requests->n)
		guess_calls(&s, requests, log);
	if (cwd && log->n_calls)
		story_actor(&s, log->calls[0].pid)->cwd = arena_strdup(log->arena, cwd);
	replay(&s, log, under);
	if (!s.calls) {
		put_error("%s: no call in it is about files below %s", path, under);
		return -1;
	}
	return finish(o, path, &s, log);
}

static int import_main(const struct command *self, int argc, char **argv)
{
	struct settings o = { NULL, NULL, NULL };
	int n = options_parse(options, argc, argv, &o), err = -1;
	auto_buf struct buf b = BUF_INIT;
	struct request_log requests;
	struct strace_log log;

	if (n < 0)
		return STATUS_ERROR;
	if (n != 1) {
		put_error("%s needs a log", self->name);
		return STATUS_ERROR;
	}
	if (file_read(argv[0], &b)) {
		put_error("%s: %s", argv[0], strerror(errno));
		return STATUS_ERROR;
	}
	log.arena = arena_new();
	if (!read_log(argv[0], buf_str(&b), &log, &requests))
		err = make(&o, argv[0], &log, &requests);
	arena_free(log.arena);
	return err ? STATUS_ERROR : STATUS_PASS;
}

const struct command command_import = {
	"import", "LOG", "make a scenario of a log",
	options, import_main,
};
