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
#include "fusescen/explore/explored.h"
#include "fusescen/explore/machines.h"
#include "fusescen/explore/story.h"
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
	uint64_t seed;			/* of drawn orders; 0: the nearest first */
	bool allow_hazard;
	const char *transport;
	const char *state;
	const char *kernels, *append;
};

#define AT(member)	offsetof(struct settings, member)

static const struct option_row options[] = {
	{ "runs", 0, OPTION_COUNT, AT(runs), "N",
	  "run at most N orders of each case" },
	{ "time", 0, OPTION_TIME, AT(time_ms), "TIME",
	  "spend at most this long on each case (1min)" },
	{ "jobs", 'j', OPTION_COUNT, AT(jobs), "N",
	  "up to N runs at once (2), or N machines with --kernel" },
	{ "findings", 0, OPTION_COUNT, AT(findings), "N",
	  "go on with a case until N different findings (1)" },
	{ "generate", 0, OPTION_SEED, AT(generate), "SEED",
	  "explore generated stories, from this one on" },
	{ "stories", 0, OPTION_COUNT, AT(stories), "N",
	  "how many stories (100)" },
	{ "seed", 0, OPTION_SEED, AT(seed), "N",
	  "draw orders from this seed, in place of the nearest ones" },
	{ "continue", 0, OPTION_TEXT, AT(state), "FILE",
	  "go on from FILE, and keep in it what is still to be run" },
	{ "kernel", 'k', OPTION_TEXT, AT(kernels), "K,...",
	  "explore on these kernels, each in a virtual machine" },
	{ "append", 0, OPTION_TEXT, AT(append), "ARGS",
	  "give the kernel of a virtual machine more arguments" },
	{ "case", 'c', OPTION_TEXTS, AT(cases), "GLOB",
	  "explore only the cases whose names fit" },
	{ "transport", 0, OPTION_TEXT, AT(transport), "T",
	  "dev or uring: how requests come, unless the mount says" },
	{ "allow-hazard", 0, OPTION_FLAG, AT(allow_hazard), NULL,
	  "also explore what can crash this kernel" },
	{ NULL, 0, OPTION_FLAG, 0, NULL, NULL },
};

struct session {
	struct settings settings;
	int signal_fd;
	int signal;			/* that ended it; 0: none did */
	struct exploration *all;
	size_t n_all;
	const struct exploration *now;	/* what is explored here */
	unsigned n_written;
	char **keys;			/* of findings of stories made by chance */
	size_t n_keys;
	unsigned count[FUSESCEN_XPASS + 1];
};

/* ---- what was found ---------------------------------------------------------- */

/* Stories made by chance find the same thing again and again. */
static bool is_known(struct session *s, const char *text, size_t len)
{
	auto_free char *copy = xstrndup(text, len);
	char *key = s->settings.generate ? story_finding_key(copy) : NULL;

	for (size_t i = 0; key && i < s->n_keys; i++) {
		if (strcmp(s->keys[i], key))
			continue;
		free(key);
		return true;
	}
	if (key) {
		s->keys = xgrow(s->keys, s->n_keys, sizeof(*s->keys));
		s->keys[s->n_keys++] = key;
	}
	return false;
}

static void put_findings(struct session *s, const struct explored *e)
{
	const char *at = e->findings, *finding;
	size_t len;

	while ((finding = finding_next(&at, &len))) {
		if (is_known(s, finding, len))
			continue;
		if (s->n_written++)
			puts("---");
		fwrite(finding, 1, len, stdout);
		if (s->settings.transport)
			printf("# with --transport %s\n", s->settings.transport);
		if (e->kernel) {
			fputs("# on ", stdout);
			put_plain(stdout, e->kernel);
			putchar('\n');
		}
	}
	fflush(stdout);
}

static void put_explored(void *ctx, const struct explored *e)
{
	struct session *s = ctx;

	put_findings(s, e);
	if (e->trouble)
		put_lines(stderr, e->trouble);
	fprintf(stderr, "%s  ", verdicts[e->verdict].mark);
	put_plain(stderr, e->name);
	if (e->kernel) {
		fputs("  ", stderr);
		put_plain(stderr, e->kernel);
	}
	fputs("  ", stderr);
	put_plain(stderr, e->summary);
	fputc('\n', stderr);
	s->count[e->verdict]++;
}

/* ---- what is to be explored ------------------------------------------------------ */

/* Takes name and text. */
static void add(struct session *s, char *name, const char *path, char *text, size_t index)
{
	s->all = xgrow(s->all, s->n_all, sizeof(*s->all));
	s->all[s->n_all++] = (struct exploration){ name, xstrdup(path), text, index };
}

static void add_file(struct session *s, const struct path *path)
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
	for (size_t i = 0; i < tasks.n; i++) {
		const char *name = fusescen_case_name(file, tasks.at[i].index);

		add(s, name ? xasprintf("%s:%s", path->name, name) : xstrdup(path->name),
		    path->name, path->text ? xstrdup(path->text) : NULL,
		    tasks.at[i].index);
	}
	free(tasks.at);
	fusescen_free(file);
}

static void add_stories(struct session *s)
{
	unsigned n = s->settings.stories ? s->settings.stories : STORIES;

	for (unsigned i = 0; i < n; i++) {
		uint64_t seed = s->settings.generate + i;
		char *name = xasprintf("story %llu", (unsigned long long)seed);
		char *text = story_make(seed);
		fusescen_file *file = fusescen_load_text(name, text, strlen(text));

		if (fusescen_errors(file))
			die_bug("%s%s", fusescen_errors(file), text);
		fusescen_free(file);
		add(s, name, name, text, 0);
	}
}

/* ---- exploring it ------------------------------------------------------------------ */

static int show_progress(void *ctx, const struct fusescen_explored *c)
{
	struct session *s = ctx;
	auto_free char *line = NULL;
	double seconds = (double)c->elapsed_ns / NS_PER_S;

	if (is_terminal(stderr)) {
		line = xasprintf("%s: %llu orders, %.0f/s, all nearer than %u, %llu waiting",
				 s->now->name, (unsigned long long)c->runs,
				 seconds > 0 ? (double)c->runs / seconds : 0,
				 c->queued ? c->cost : 0,
				 (unsigned long long)c->queued);
		status_show(line);
	}
	if (!s->signal)
		s->signal = signals_read(s->signal_fd);
	return s->signal != 0;
}

static fusescen_file *load(const struct exploration *x)
{
	return x->text ? fusescen_load_text(x->path, x->text, strlen(x->text)) :
		fusescen_load(x->path);
}

static void explore_here(struct session *s, const struct fusescen_explore_options *opts)
{
	s->signal_fd = signals_open();
	for (size_t i = 0; i < s->n_all && !s->signal; i++) {
		struct explored e = { .name = s->all[i].name };
		fusescen_file *file = load(&s->all[i]);
		auto_free char *text = NULL;

		s->now = &s->all[i];
		text = explore_case(file, s->now->index, opts, &e.verdict);
		explored_split(&e, text);
		status_clear();
		put_explored(s, &e);
		fusescen_free(file);
	}
	close(s->signal_fd);
}

/* -1 after a message. */
static int explore_there(struct session *s, const struct fusescen_explore_options *opts)
{
	struct vm_kernels kernels;
	const struct exploration_plan plan = {
		.at = s->all, .n = s->n_all, .append = s->settings.append,
		.machines = s->settings.jobs ? s->settings.jobs :
			batch_default_jobs(s->n_all, true),
		.options = *opts, .deliver = put_explored, .ctx = s,
	};
	int sig;

	if (vm_kernels_find(&kernels, s->settings.kernels))
		return -1;
	sig = explore_in_machines(&plan, &kernels);
	vm_kernels_free(&kernels);
	s->signal = sig > 0 ? sig : 0;
	return sig < 0 ? -1 : 0;
}

static int explore_all(struct session *s)
{
	const struct settings *set = &s->settings;
	const struct fusescen_explore_options opts = {
		.size = sizeof(opts), .max_runs = set->runs,
		.time_ms = set->time_ms ? set->time_ms :
			set->generate ? STORY_TIME_MS : TIME_MS,
		.jobs = set->kernels ? 0 : set->jobs, .max_findings = set->findings,
		.allow_hazard = set->allow_hazard, .transport = set->transport,
		.state = set->state, .seed = set->seed,
		.progress = show_progress, .ctx = s,
	};
	int err = 0;

	if (set->kernels)
		err = explore_there(s, &opts);
	else
		explore_here(s, &opts);
	if (set->generate)
		fprintf(stderr, "%u stories, %u with findings, %zu kinds of them\n",
			s->count[FUSESCEN_PASS] + s->count[FUSESCEN_FAIL],
			s->count[FUSESCEN_FAIL], s->n_keys);
	return err;
}

static void session_fini(struct session *s)
{
	size_t i;

	for (i = 0; i < s->n_all; i++) {
		free(s->all[i].name);
		free(s->all[i].path);
		free(s->all[i].text);
	}
	free(s->all);
	for (i = 0; i < s->n_keys; i++)
		free(s->keys[i]);
	free(s->keys);
}

/* Returns what is wrong with the settings together, or NULL. */
static const char *conflict(const struct settings *set, int n)
{
	if ((n == 0) != (set->generate != 0))
		return "it needs files or directories, or --generate";
	if (set->state && (set->generate || n > 1))
		return "--continue is for one file";
	if (set->state && set->seed)
		return "--continue is for the nearest orders, and --seed draws others";
	if (set->state && set->kernels)
		return "--continue is for the running kernel";
	if (set->append && !set->kernels)
		return "--append is for --kernel";
	return NULL;
}

static int explore_main(const struct command *self, int argc, char **argv)
{
	struct session s = { .signal_fd = -1 };
	int n = options_parse(options, argc, argv, &s.settings), err;
	const char *why = n < 0 ? NULL : conflict(&s.settings, n);
	struct paths paths;

	if (why)
		put_error("%s: %s", self->name, why);
	if (n < 0 || why || transports_check_one(s.settings.transport))
		return STATUS_ERROR;
	err = paths_collect(&paths, argv, n);
	for (size_t i = 0; i < paths.n; i++)
		add_file(&s, &paths.at[i]);
	paths_free(&paths);
	if (s.settings.generate)
		add_stories(&s);
	err |= explore_all(&s);
	session_fini(&s);
	if (s.signal)
		put_error("ended by signal %d", s.signal);
	if (err || s.signal || s.count[FUSESCEN_ERROR])
		return STATUS_ERROR;
	if (s.count[FUSESCEN_FAIL])
		return STATUS_FAIL;
	return s.count[FUSESCEN_PASS] ? STATUS_PASS : STATUS_SKIP;
}

const struct command command_explore = {
	"explore", "FILE|DIR...", "try calls in many orders",
	options, explore_main,
};
