/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The log is kept in memory, unless somebody wants it.  Main thread only. */
#include "config.h"

#include "fusescen/record/serving.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/mem.h"
#include "fusescen/import/guess.h"
#include "fusescen/import/replay.h"
#include "fusescen/import/text.h"
#include "fusescen/record/before.h"
#include "fusescen/util/errors.h"
#include "fusescen/util/files.h"

struct recorded_serving {
	struct before *before;
	const char *scenario;
	int fd;				/* -1: the log has a file of its own */
	char *log;
};

struct recorded_serving *serving_record(const char *scenario, const char *backing,
					const char *log)
{
	bool is_dir = backing && strcmp(backing, "memory") != 0 && strcmp(backing, "null") != 0;
	struct before *before = before_new(scenario, is_dir ? backing : NULL);
	struct recorded_serving *r;
	int fd;

	if (!before)
		return NULL;
	fd = log ? -1 : memfd_create("log", MFD_CLOEXEC);
	r = xcalloc(1, sizeof(*r));
	r->before = before;
	r->scenario = scenario;
	r->fd = fd;
	/* the server opens it by this name */
	r->log = log ? path_absolute(log) :
		xasprintf("/proc/%d/fd/%d", (int)getpid(), fd);
	return r;
}

const char *serving_log(const struct recorded_serving *r)
{
	return r->log;
}

/* -1 after a message. */
static int make(const struct recorded_serving *r, const char *text, const char *output)
{
	const char *base = strrchr(r->scenario, '/');
	auto_free char *made = NULL, *errors = NULL;
	struct story s = { .arena = arena_new() };
	struct request_log requests;
	struct strace_log calls;
	int err = -1;

	s.title = arena_printf(s.arena, "Made of what happened on the mount of %s",
			       base ? base + 1 : r->scenario);
	requests_read(&requests, s.arena, text);
	before_tell(r->before, &s);
	guess_calls(&s, &requests, &calls);
	replay(&s, &calls, "/");
	if (!s.calls) {
		put_error("%s: no request came that a call would make", output);
	} else {
		made = story_text(&s, &errors);
		put_error("%s: %u calls of %zu requests, %u left out, %u guess%s", output,
			  s.calls, requests.n, s.left_out, s.guesses,
			  s.guesses == 1 ? "" : "es");
		if (errors)
			put_error_text(errors);
		else
			err = text_write(output, made);
	}
	arena_free(s.arena);
	return err;
}

void serving_drop(struct recorded_serving *r)
{
	if (!r)
		return;
	if (r->fd >= 0)
		close(r->fd);
	before_free(r->before);
	free(r->log);
	free(r);
}

int serving_write(struct recorded_serving *r, const char *output)
{
	auto_buf struct buf text = BUF_INIT;
	int err = file_read(r->log, &text);

	if (err)
		put_error("%s: %s", r->log, strerror(errno));
	else
		err = make(r, buf_str(&text), output);
	serving_drop(r);
	return err;
}
