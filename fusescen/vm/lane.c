/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Watching a machine.  The channel says which run is under way; what the
 * console says from one start to the next belongs to the former of the two, so
 * a result is settled when the next run starts.  Main thread only.
 */
#include "config.h"

#include "fusescen/vm/lane.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/units.h"
#include "fusescen/util/errors.h"
#include "fusescen/vm/initrd.h"
#include "fusescen/vm/plan.h"

#define BOOT_TRIES	3
#define LOSSES_MAX	20	/* of one kernel: then it is given up */
#define RENEWALS_MAX	20	/* of one kernel: then it keeps its machines */

void result_free(struct result *r)
{
	if (!r)
		return;
	free(r->summary);
	free(r->text);
	free(r->events);
	free(r);
}

/* Takes the strings. */
static struct result *result_new(enum fusescen_verdict verdict, char *summary,
				 char *text)
{
	struct result *r = xcalloc(1, sizeof(*r));

	*r = (struct result){ verdict, summary, text, xstrdup(""), 0 };
	return r;
}

static const struct work *work_of(const struct lane *l, size_t run)
{
	const struct runner *r = l->config->runner;

	return &r->work[run % r->n_work];
}

/* "known failure: REASON" if the scenario knows this crash; else NULL. */
static char *known_crash(const struct lane *l, size_t run,
			 const struct console *said)
{
	const struct work *w = work_of(l, run);
	char *because, *text;

	if (!w->file)
		return NULL;
	because = fusescen_crash(w->file, w->index, l->release,
				 said->text ? said->text : "");
	if (!because)
		return NULL;
	text = xasprintf("known failure: %s", because);
	free(because);
	return text;
}

/* What the kernel printed, or that it died, decides what becomes of a run;
 * why is for people. */
static void result_condemn(const struct lane *l, struct result *r, size_t run,
			   enum verdict_cause cause, const char *why,
			   const struct console *said)
{
	auto_free char *console = console_excerpt(said), *own = r->text;
	auto_free char *known = known_crash(l, run, said);
	enum fusescen_verdict plain = verdict_after(r->verdict, cause, false);

	r->verdict = verdict_after(r->verdict, cause, known != NULL);
	r->text = xasprintf("%s: %s: %s\n%s%s", work_of(l, run)->path,
			    verdicts[plain].label, why, console, own);
	free(r->summary);
	r->summary = r->verdict == FUSESCEN_XFAIL ? steal_ptr(&known) :
		xstrdup(why);
}

static bool is_spoilt_by_warning(enum fusescen_verdict v)
{
	return verdict_after(v, CAUSE_WARNING, false) != v;
}

/* First line of what went wrong, without its time stamp. */
static char *splat_line(const struct console *c)
{
	const char *line = console_splat(c), *end;

	if (!line)
		return NULL;
	end = *line == '[' ? strchr(line, ']') : NULL;
	if (end && end < line + strcspn(line, "\n"))
		line = end[1] == ' ' ? end + 2 : end + 1;
	return xstrndup(line, strcspn(line, "\n"));
}

/* A warning that is no run's: a machine without lockdep, perhaps. */
static void report_boot(const struct lane *l, const struct console *said)
{
	char *line = splat_line(said);

	if (line && !l->on->renewals && !l->on->losses) {
		fflush(stdout);
		put_error("%s: while it booted: %s", l->on->kernel->name, line);
	}
	free(line);
}

/* The current run, or the boot, is over: before what the console says of the next. */
static void settle(struct lane *l)
{
	size_t run = l->current - 1;
	struct console said;
	bool warned;

	console_cut(&l->console, l->next, &said);
	warned = console_splat(&said) != NULL;
	if (l->current) {
		l->has_warned |= warned;
		if (warned && is_spoilt_by_warning(l->result->verdict))
			result_condemn(l, l->result, run, CAUSE_WARNING,
				       "the kernel printed warnings", &said);
		l->on->results[run] = l->result;
	} else {
		report_boot(l, &said);
	}
	l->result = NULL;
	l->current = 0;
	console_clear(&said);
}

void lane_stop(struct lane *l)
{
	qemu_end(&l->qemu);
	frames_fini(&l->frames);
	console_clear(&l->console);
	free(l->release);
	l->release = NULL;
	result_free(l->result);
	l->result = NULL;
	l->current = 0;
	l->has_warned = false;
}

/* Everything that is left gets the same error; the console stands at the
 * first. */
static void give_up(struct lane *l, const char *why, const char *text)
{
	l->is_running = false;
	for (; l->next < l->to; l->next++, text = "")
		l->on->results[l->next] = result_new(FUSESCEN_ERROR,
			xstrdup(why), xstrdup(text));
}

/* The machine is gone, or must go, for this cause. */
static void lose(struct lane *l, enum verdict_cause cause, const char *how)
{
	char *splat = splat_line(&l->console);
	char *why = splat ? xasprintf("%s: %s", how, splat) : xstrdup(how);
	char *excerpt = console_excerpt(&l->console), *text;
	size_t run = l->current - 1;

	if (l->current) {
		if (!l->result)
			l->result = result_new(FUSESCEN_PASS, xstrdup(""),
					       xstrdup(""));
		result_condemn(l, l->result, run, cause, why, &l->console);
		l->on->losses += l->result->verdict != FUSESCEN_XFAIL;
		l->on->results[run] = l->result;
		l->result = NULL;
	} else if (++l->failed_boots == BOOT_TRIES) {
		text = xasprintf("the machine ended before anything ran: "
				 "%s\n%s", why, excerpt);
		give_up(l, why, text);
		free(text);
	}
	free(splat);
	free(excerpt);
	free(why);
	lane_stop(l);
	if (l->on->losses >= LOSSES_MAX)
		give_up(l, "not run: too many machines with this kernel died", "");
	if (l->is_running)
		lane_start(l);
}

/* Booting may take half as long again. */
static void extend(struct lane *l)
{
	unsigned s = l->config->patience_s;

	l->deadline_ns = clock_ns() + (l->release ? s : s + s / 2) * NS_PER_S;
}

void lane_start(struct lane *l)
{
	struct buf plan;
	int initrd = -1, err = -1;

	l->is_running = l->next < l->to;
	if (!l->is_running)
		return;
	if (plan_write(l->config->runner, l->next, l->to, &plan) == 0) {
		initrd = initrd_make(&l->on->modules, &l->config->program, &plan);
		buf_fini(&plan);
	}
	if (initrd >= 0) {
		err = qemu_start(&l->qemu, l->config->qemu, l->on->image, initrd,
				 l->on->accel, l->config->cpus,
				 l->config->memory_mb);
		close(initrd);
	}
	if (err)
		give_up(l, "a virtual machine cannot be started", "");
	extend(l);
}

/*
 * Much is said only once: by WARN_ONCE, by KASAN; and lockdep is off after its
 * first report.  So what is behind a run with a warning gets a machine that
 * knows of none.  By then the kernel has shown that it did not die of it.
 */
static bool is_worn(const struct lane *l)
{
	return l->has_warned && !l->current && l->on->renewals < RENEWALS_MAX;
}

/* A frame that says what cannot be is as bad as one that is garbled. */
static int on_start(struct lane *l, struct frame_view *v)
{
	uint64_t run;

	if (!l->release || frame_get_number(v, &run) || frame_get_end(v) ||
	    run != l->next || l->next == l->to || (l->current && !l->result))
		return -1;
	settle(l);
	if (!is_worn(l))
		l->current = ++l->next;
	l->failed_boots = 0;
	return 0;
}

static int on_done(struct lane *l, struct frame_view *v)
{
	const char *summary, *text, *events;
	uint64_t run, verdict, elapsed_ns;

	if (frame_get_number(v, &run) || frame_get_number(v, &verdict) ||
	    frame_get_number(v, &elapsed_ns) || frame_get_text(v, &summary) ||
	    frame_get_text(v, &text) || frame_get_text(v, &events) ||
	    frame_get_end(v) || verdict >= N_VERDICTS ||
	    run + 1 != l->current || l->result)
		return -1;
	l->result = result_new((enum fusescen_verdict)verdict,
			       xstrdup(summary), xstrdup(text));
	free(l->result->events);
	l->result->events = xstrdup(events);
	l->result->elapsed_ns = elapsed_ns;
	return 0;
}

static int on_hello(struct lane *l, struct frame_view *v)
{
	const char *release;

	if (l->release || frame_get_text(v, &release) || frame_get_end(v))
		return -1;
	l->release = xstrdup(release);
	return 0;
}

static int on_note(const struct lane *l, struct frame_view *v)
{
	const char *text;

	if (frame_get_text(v, &text) || frame_get_end(v))
		return -1;
	fflush(stdout);
	put_error("%s: %s", l->on->kernel->name, text);
	return 0;
}

static int on_bye(struct lane *l, struct frame_view *v)
{
	if (frame_get_end(v) || l->next != l->to || (l->current && !l->result))
		return -1;
	settle(l);
	l->is_running = false;
	return 0;
}

static int on_frame(struct lane *l, struct frame_view *v)
{
	switch (v->kind) {
	case FRAME_HELLO:
		return on_hello(l, v);
	case FRAME_ALIVE:
		return frame_get_end(v);
	case FRAME_NOTE:
		return on_note(l, v);
	case FRAME_START:
		return on_start(l, v);
	case FRAME_DONE:
		return on_done(l, v);
	case FRAME_BYE:
		return on_bye(l, v);
	case FRAME_OPTIONS:
	case FRAME_FILE:
	case FRAME_CASE:
	case FRAME_DOCTOR:
	case FRAME_BENCH:
		break;
	}
	return -1;
}

static void renew(struct lane *l)
{
	lane_stop(l);
	if (++l->on->renewals == RENEWALS_MAX) {
		fflush(stdout);
		put_error("%s: warns often: from here on a warning that comes "
			  "only once may be missed", l->on->kernel->name);
	}
	lane_start(l);
}

/* The channel first, then the console: what it said before a frame was sent is
 * then there before the frame is looked at.  Returns 0 at the channel's end. */
static bool read_some(struct lane *l)
{
	char bytes[65536];
	ssize_t n = read(l->qemu.channel_fd, bytes, sizeof(bytes));
	int err = errno;

	console_drain(&l->console, l->qemu.console_fd);
	if (n > 0) {
		frames_add(&l->frames, bytes, (size_t)n);
		extend(l);
	}
	return n > 0 || (n < 0 && (err == EAGAIN || err == EINTR));
}

void lane_look(struct lane *l)
{
	struct frame_view v;
	bool is_open = read_some(l);
	int got = 0;

	while (l->is_running && !is_worn(l) &&
	       (got = frames_next(&l->frames, &v)) > 0)
		if (on_frame(l, &v)) {
			got = -1;
			break;
		}
	if (!l->is_running)
		lane_stop(l);
	else if (is_worn(l))
		renew(l);
	else if (got < 0)
		lose(l, CAUSE_TOOL, "what the machine sends is garbled");
	else if (!is_open)
		lose(l, CAUSE_MACHINE_DIED, l->release ? "the machine died" :
		     "the kernel does not boot");
	else if (clock_ns() > l->deadline_ns)
		lose(l, CAUSE_MACHINE_DIED, l->release ? "the machine hangs" :
		     "the kernel does not boot in time");
}
