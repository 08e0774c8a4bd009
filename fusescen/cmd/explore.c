/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fusescen explore: runs a story in one order after another, and prints what cannot be
 * right as a scenario.  Main thread only. */
#include "config.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/units.h"
#include "fusescen.h"
#include "fusescen/cmd/cases.h"
#include "fusescen/cmd/story.h"
#include "fusescen/util/command.h"
#include "fusescen/util/errors.h"
#include "fusescen/util/escape.h"
#include "fusescen/util/signals.h"
#include "fusescen/util/terminal.h"
#include "fusescen/util/transports.h"
#include "fusescen/util/walk.h"

#define TIME_MS		60000u	/* of a case, if nothing is said */
#define STORY_TIME_MS	5000u	/* the same of one made by chance */
#define STORIES		100u

struct settings {
	const char **cases;
	unsigned runs, time_ms, jobs, findings, stories;
	uint64_t generate;		/* a seed; 0: explore files */
	bool allow_hazard;
	const char *transport;
	const char *state;
};

#define AT(member)	offsetof(struct settings, member)

static const struct option_row options[] = {
	{ "runs", 0, OPTION_COUNT, AT(runs), "N",
	  "run so many orders of each case at most" },
	{ "time", 0, OPTION_TIME, AT(time_ms), "TIME",
	  "take so long for each case at most (1min)" },
	{ "jobs", 'j', OPTION_COUNT, AT(jobs), "N",
	  "up to N runs at once (2)" },
	{ "findings", 0, OPTION_COUNT, AT(findings), "N",
	  "go on until N different things were found in a case (1)" },
	{ "generate", 0, OPTION_SEED, AT(generate), "SEED",
	  "explore stories made by chance, from this one on" },
	{ "stories", 0, OPTION_COUNT, AT(stories), "N",
	  "so many of them (100)" },
	{ "continue", 0, OPTION_TEXT, AT(state), "FILE",
	  "go on from FILE, and leave there what is still to be run" },
	{ "case", 'c', OPTION_TEXTS, AT(cases), "GLOB",
	  "explore only the cases whose names fit" },
	{ "transport", 0, OPTION_TEXT, AT(transport), "T",
	  "dev or uring: how requests come, unless the mount says" },
	{ "allow-hazard", 0, OPTION_FLAG, AT(allow_hazard), NULL,
	  "also explore what can crash this kernel" },
	{ NULL, 0, OPTION_FLAG, 0, NULL, NULL },
};

#define CONFIRMING	20		/* runs of what was found */

struct session {
	struct settings settings;
	int signal_fd;
	int signal;			/* that ended it; 0: none did */
	const char *name;		/* of the story that is explored */
	unsigned n_written;
	char **keys;			/* of findings of stories made by chance */
	size_t n_keys;
	unsigned n_like_others;
	unsigned count[FUSESCEN_XPASS + 1];
};

/* ---- what was found ---------------------------------------------------------- */

/* Runs the scenario, and returns how often it failed; -1: it cannot be run. */
static int confirm(const char *text, size_t len)
{
	fusescen_file *file = fusescen_load_text("found", text, len);
	const char *errors = fusescen_errors(file);
	int failed = 0, i;

	if (errors)
		put_error_text(errors);
	for (i = 0; !errors && i < CONFIRMING; i++) {
		fusescen_run *run = fusescen_start(file, 0, NULL);
		fusescen_report *report = run ? fusescen_finish(run) : NULL;

		failed += report && fusescen_verdict(report) == FUSESCEN_FAIL;
		fusescen_report_free(report);
	}
	fusescen_free(file);
	return errors ? -1 : failed;
}

static void put_finding(struct session *s, const char *text, size_t len)
{
	int failed = confirm(text, len);

	if (s->n_written++)
		puts("---");
	fwrite(text, 1, len, stdout);
	if (failed >= 0)
		printf("# as a scenario it fails %d of %d times\n", failed, CONFIRMING);
	fflush(stdout);
}

/* Stories made by chance find the same thing again and again. */
static bool is_known(struct session *s, const char *text, size_t len)
{
	auto_free char *copy = xstrndup(text, len);
	char *key = s->settings.generate ? story_finding_key(copy) : NULL;

	for (size_t i = 0; key && i < s->n_keys; i++) {
		if (strcmp(s->keys[i], key))
			continue;
		free(key);
		s->n_like_others++;
		return true;
	}
	if (key) {
		s->keys = xgrow(s->keys, s->n_keys, sizeof(*s->keys));
		s->keys[s->n_keys++] = key;
	}
	return false;
}

/* The findings of a case are one text, with "---" between them. */
static void put_findings(struct session *s, const char *text)
{
	const char *end;

	for (; *text; text = *end ? end + 5 : end) {
		end = strstr(text, "\n---\n");
		end = end ? end : text + strlen(text);
		if (!is_known(s, text, (size_t)(end - text)))
			put_finding(s, text, (size_t)(end - text) + (*end != '\0'));
	}
}

/* ---- one case ------------------------------------------------------------------ */

static int show_progress(void *ctx, const struct fusescen_explored *c)
{
	struct session *s = ctx;
	auto_free char *line = NULL;
	double seconds = (double)c->elapsed_ns / NS_PER_S;

	if (is_terminal(stderr)) {
		line = xasprintf("%s: %llu orders, %.0f/s, all nearer than %u, %llu waiting",
				 s->name, (unsigned long long)c->runs,
				 seconds > 0 ? (double)c->runs / seconds : 0,
				 c->queued ? c->cost : 0,
				 (unsigned long long)c->queued);
		status_show(line);
	}
	if (!s->signal)
		s->signal = signals_read(s->signal_fd);
	return s->signal != 0;
}

static void explore_case(struct session *s, const fusescen_file *file, size_t i)
{
	const struct fusescen_explore_options opts = {
		.size = sizeof(opts), .max_runs = s->settings.runs,
		.time_ms = s->settings.time_ms ? s->settings.time_ms :
			s->settings.generate ? STORY_TIME_MS : TIME_MS,
		.jobs = s->settings.jobs, .max_findings = s->settings.findings,
		.allow_hazard = s->settings.allow_hazard,
		.transport = s->settings.transport,
		.state = s->settings.state, .progress = show_progress,
		.ctx = s,
	};
	fusescen_report *report = fusescen_explore(file, i, &opts);
	enum fusescen_verdict verdict = fusescen_verdict(report);

	status_clear();
	put_findings(s, fusescen_text(report));
	fprintf(stderr, "%s  ", verdicts[verdict].mark);
	put_plain(stderr, s->name);
	fputs("  ", stderr);
	put_plain(stderr, fusescen_summary(report));
	fputc('\n', stderr);
	s->count[verdict]++;
	fusescen_report_free(report);
}

static void explore_file(struct session *s, const struct path *path)
{
	fusescen_file *file = path_load(path);
	const struct case_filter filter = { .cases = s->settings.cases };
	struct tasks tasks = { NULL, 0 };

	if (fusescen_errors(file)) {
		put_error_text(fusescen_errors(file));
		s->count[FUSESCEN_ERROR]++;
	} else {
		tasks_add(&tasks, &filter, path, file);
	}
	if (s->settings.state && tasks.n > 1) {
		put_error("--continue is for one case, and %s has %zu", path->name, tasks.n);
		s->count[FUSESCEN_ERROR]++;
		tasks.n = 0;
	}
	for (size_t i = 0; i < tasks.n && !s->signal; i++) {
		const char *name = fusescen_case_name(file, tasks.at[i].index);
		auto_free char *full = name ? xasprintf("%s:%s", path->name, name) :
			xstrdup(path->name);

		s->name = full;
		explore_case(s, file, tasks.at[i].index);
	}
	free(tasks.at);
	fusescen_free(file);
}

static void explore_stories(struct session *s)
{
	unsigned n = s->settings.stories ? s->settings.stories : STORIES;

	for (unsigned i = 0; i < n && !s->signal; i++) {
		uint64_t seed = s->settings.generate + i;
		auto_free char *text = story_make(seed);
		auto_free char *name = xasprintf("story %llu", (unsigned long long)seed);
		fusescen_file *file = fusescen_load_text(name, text, strlen(text));

		if (fusescen_errors(file))
			die_bug("%s%s", fusescen_errors(file), text);
		s->name = name;
		explore_case(s, file, 0);
		fusescen_free(file);
	}
	fprintf(stderr, "%u stories, %u with findings, %zu kinds of them\n",
		s->count[FUSESCEN_PASS] + s->count[FUSESCEN_FAIL],
		s->count[FUSESCEN_FAIL], s->n_keys);
}

static int explore_main(const struct command *self, int argc, char **argv)
{
	struct session s = { .signal_fd = -1 };
	int n = options_parse(options, argc, argv, &s.settings), err;
	struct paths paths;

	if (n < 0 || transports_check_one(s.settings.transport))
		return STATUS_ERROR;
	if ((n == 0) != (s.settings.generate != 0)) {
		put_error("%s needs files or directories, or --generate", self->name);
		return STATUS_ERROR;
	}
	if (s.settings.state && (s.settings.generate || n > 1)) {
		put_error("--continue is for one file");
		return STATUS_ERROR;
	}
	s.signal_fd = signals_open();
	err = paths_collect(&paths, argv, n);
	for (size_t i = 0; i < paths.n && !s.signal; i++)
		explore_file(&s, &paths.at[i]);
	paths_free(&paths);
	if (s.settings.generate)
		explore_stories(&s);
	for (size_t i = 0; i < s.n_keys; i++)
		free(s.keys[i]);
	free(s.keys);
	close(s.signal_fd);
	if (s.signal)
		put_error("ended by signal %d", s.signal);
	if (err || s.signal || s.count[FUSESCEN_ERROR])
		return STATUS_ERROR;
	if (s.count[FUSESCEN_FAIL])
		return STATUS_FAIL;
	return s.count[FUSESCEN_PASS] ? STATUS_PASS : STATUS_SKIP;
}

const struct command command_explore = {
	"explore", "FILE|DIR...", "try calls in many orders, and show what cannot be right",
	options, explore_main,
};
