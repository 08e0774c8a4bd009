/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs in the guest.  A mutant is killed if a case, which did something else without
 * it, does so twice with it, and in between does without it what it always did.  So
 * neither a case that now and then fails, nor a kernel that an earlier mutant has
 * damaged, counts as a kill.
 */
#include "config.h"

#include "fusescen/mutate/job.h"

#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/units.h"
#include "fusescen.h"
#include "fusescen/util/files.h"
#include "fusescen/vm/plan.h"

#define PARAMETERS	"/sys/module/kernel/parameters/"
#define NUMBER		PARAMETERS "fuse_mutant"
#define REACHED		PARAMETERS "fuse_mutants_reached"

/* How long a case may take with a mutant: so many times as long as without, and a
 * time that every run may need. */
#define SLOWER		5
#define GRACE_MS	1500
/* Behind its time limit, a run has so long to clear up before it counts as stuck. */
#define CLEAR_MS	3000

/* Files are loaded when they are needed, and kept. */
static struct plan corpus;
static fusescen_file **files;

static fusescen_file *file_at(size_t i)
{
	if (!files) {
		if (plan_read(&corpus, "/" GUEST_CORPUS))
			return NULL;
		files = xcalloc(corpus.n_files + 1, sizeof(*files));
	}
	if (i >= corpus.n_files)
		return NULL;
	if (!files[i])
		files[i] = fusescen_load_text(corpus.names[i], corpus.texts[i],
					      strlen(corpus.texts[i]));
	return files[i];
}

static int choose(long number)
{
	auto_close int fd = open(NUMBER, O_WRONLY | O_CLOEXEC);
	char text[32];
	int len = snprintf(text, sizeof(text), "%ld", number);

	return fd >= 0 && write(fd, text, (size_t)len) == len ? 0 : -1;
}

/* One read has as many as fit, and what it had is forgotten. */
static void take_reached(struct buf *out)
{
	char text[8192];
	ssize_t n;
	int fd;

	for (;;) {
		fd = open(REACHED, O_RDONLY | O_CLOEXEC);
		n = fd < 0 ? 0 : read(fd, text, sizeof(text));
		close(fd);
		if (n <= 1)
			return;		/* a newline */
		buf_add(out, text, (size_t)n);
		buf_addc(out, ' ');
	}
}

struct trial {
	size_t file, index;
	unsigned verdict, ms;
};

/* What a run came to; the caller frees the summary. */
struct outcome {
	unsigned verdict;
	unsigned ms;
	char *summary;
	bool is_stuck;		/* nothing more can be done on this machine */
};

/* Does it end in time?  A task that waits for something that will never be keeps its
 * run for half a minute. */
static bool ends(const fusescen_run *r, unsigned timeout_ms)
{
	struct pollfd fd = { fusescen_fd(r), POLLIN, 0 };

	return !timeout_ms || poll(&fd, 1, (int)(timeout_ms + CLEAR_MS)) > 0;
}

static struct outcome run(const struct trial *t, unsigned timeout_ms)
{
	static const char *const everything[] = { "/", NULL };
	const struct fusescen_options options = {
		.size = sizeof(options), .timeout_ms = timeout_ms,
		.allow_host = (const char **)everything,
	};
	fusescen_file *file = file_at(t->file);
	fusescen_run *r = file ? fusescen_start(file, t->index, &options) : NULL;
	struct outcome o = { .verdict = FUSESCEN_ERROR };
	fusescen_report *report;

	if (!r) {
		o.summary = xstrdup("cannot be started");
		return o;
	}
	if (!ends(r, timeout_ms)) {
		o.is_stuck = true;
		o.summary = xstrdup("it does not end");
		return o;
	}
	report = fusescen_finish(r);
	o.verdict = fusescen_verdict(report);
	o.ms = (unsigned)(fusescen_elapsed_ns(report) / NS_PER_MS);
	o.summary = xstrdup(fusescen_summary(report));
	o.summary[strcspn(o.summary, "\n")] = '\0';
	fusescen_report_free(report);
	return o;
}

char *reach_job(const char *path, const char *text, const char *argument,
		enum fusescen_verdict *verdict)
{
	struct buf out = BUF_INIT, earlier = BUF_INIT;
	struct trial t = { 0 };
	struct outcome o;

	(void)path;
	(void)text;
	if (sscanf(argument, "%zu.%zu", &t.file, &t.index) != 2 || choose(-1))
		return xstrdup("this kernel has no mutants");
	take_reached(&earlier);
	buf_fini(&earlier);
	o = run(&t, 0);
	choose(0);
	buf_printf(&out, "%u %u ", o.verdict, o.ms);
	take_reached(&out);
	free(o.summary);
	*verdict = FUSESCEN_PASS;
	return buf_steal(&out);
}

/* ---- a mutant -------------------------------------------------------------------- */

struct hunt {
	long number;
	unsigned runs;
	uint64_t began_ns;
	struct buf out;
};

static unsigned spent_ms(const struct hunt *h)
{
	return (unsigned)((clock_ns() - h->began_ns) / NS_PER_MS);
}

static struct outcome run_with(struct hunt *h, const struct trial *t, bool is_mutant)
{
	struct outcome o;

	h->runs++;
	choose(is_mutant ? h->number : 0);
	o = run(t, t->ms * SLOWER + GRACE_MS);
	choose(0);
	return o;
}

/* Returns true if nothing more is to be tried. */
static bool try_case(struct hunt *h, const struct trial *t)
{
	struct outcome first = run_with(h, t, true), control, again;
	bool is_over = false;

	if (first.verdict == t->verdict || first.is_stuck) {
		if (first.is_stuck)
			buf_printf(&h->out, "stuck %zu.%zu %u %u", t->file, t->index,
				   h->runs, spent_ms(h));
		free(first.summary);
		return first.is_stuck;
	}
	control = run_with(h, t, false);
	if (control.verdict != t->verdict) {
		buf_printf(&h->out, "dirty %zu.%zu %u %u", t->file, t->index,
			   h->runs, spent_ms(h));
		is_over = true;
	} else {
		again = run_with(h, t, true);
		is_over = again.verdict != t->verdict;
		if (is_over)
			buf_printf(&h->out, "killed %zu.%zu %u %u %u %s", t->file,
				   t->index, h->runs, spent_ms(h), first.verdict,
				   first.summary);
		free(again.summary);
	}
	free(first.summary);
	free(control.summary);
	return is_over;
}

char *mutant_job(const char *path, const char *text, const char *argument,
		 enum fusescen_verdict *verdict)
{
	struct hunt h = { .began_ns = clock_ns(), .out = BUF_INIT };
	unsigned limit_ms, tried = 0;
	struct trial t;
	int len;

	(void)path;
	(void)text;
	*verdict = FUSESCEN_ERROR;
	if (sscanf(argument, "%ld %u%n", &h.number, &limit_ms, &len) != 2 || choose(0))
		return xstrdup("this kernel has no mutants");
	*verdict = FUSESCEN_PASS;
	for (argument += len; sscanf(argument, " %zu.%zu.%u.%u%n", &t.file, &t.index,
				     &t.verdict, &t.ms, &len) == 4; argument += len) {
		if (try_case(&h, &t))
			return buf_steal(&h.out);
		tried++;
		if (spent_ms(&h) > limit_ms)
			break;
	}
	buf_printf(&h.out, "survived %u %u %u", tried, h.runs, spent_ms(&h));
	return buf_steal(&h.out);
}
