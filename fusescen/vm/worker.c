/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Watches a machine.  The channel says which run is under way.  What the
 * console says between two starts belongs to the first of the two runs, so a
 * result is settled when the next run starts.  Main thread only.
 */
#include "config.h"

#include "fusescen/vm/worker.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/units.h"
#include "fusescen/util/errors.h"
#include "fusescen/vm/initrd.h"
#include "fusescen/vm/plan.h"

#define BOOT_TRIES	3
#define DEATHS_MAX	20	/* of one kernel, which is then given up */
#define REBOOTS_MAX	20	/* of one kernel, which then keeps its machines */

void result_free(struct result *r)
{
	if (!r)
		return;
	free(r->summary);
	free(r->text);
	free(r->events);
	free(r->console);
	free(r);
}

/* The result owns the strings from now on. */
static struct result *result_new(enum fusescen_verdict verdict, char *summary,
				 char *text)
{
	struct result *r = xcalloc(1, sizeof(*r));

	*r = (struct result){
		.verdict = verdict, .summary = summary, .text = text,
		.events = xstrdup(""),
	};
	return r;
}

static const struct task *task_of(const struct vm_worker *w, size_t run)
{
	const struct batch *r = w->config->batch;

	return &r->tasks[run % r->n_tasks];
}

/* Returns "known failure: REASON" if the scenario knows this crash, else
 * NULL.  */
static char *known_crash(const struct vm_worker *w, size_t run,
			 const struct console *said)
{
	const struct task *task = task_of(w, run);
	char *because, *text;

	if (!task->file)
		return NULL;
	because = fusescen_crash(task->file, task->index, w->release,
				 said->text ? said->text : "");
	if (!because)
		return NULL;
	text = xasprintf("known failure: %s", because);
	free(because);
	return text;
}

/* What the kernel printed, or that the machine died, decides the verdict of a
 * run. why says for people what happened. */
static void result_condemn(const struct vm_worker *w, struct result *r, size_t run,
			   enum verdict_cause cause, const char *why,
			   const struct console *said)
{
	auto_free char *console = console_excerpt(said), *own = r->text;
	auto_free char *known = known_crash(w, run, said);
	enum fusescen_verdict plain = verdict_after(r->verdict, cause, false);

	r->verdict = verdict_after(r->verdict, cause, known != NULL);
	r->text = xasprintf("%s: %s: %s\n%s%s", task_of(w, run)->path,
			    verdicts[plain].label, why, console, own);
	free(r->summary);
	r->summary = r->verdict == FUSESCEN_XFAIL ? steal_ptr(&known) :
		xstrdup(why);
}

/* The result is final. */
static void keep_console(struct result *r, const struct console *said)
{
	if (verdicts[r->verdict].is_news && said->text && !r->console)
		r->console = xstrdup(said->text);
}

static bool is_spoilt_by_warning(enum fusescen_verdict v)
{
	return verdict_after(v, CAUSE_WARNING, false) != v;
}

/* Returns the first line of what went wrong, without its time stamp. */
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

/* Reports a warning that came before any run.  It may mean that a debugging
 * option, such as lockdep, is off now. */
static void report_boot(const struct vm_worker *w, const struct console *said)
{
	char *line = splat_line(said);

	if (line && !w->on->reboots && !w->on->deaths) {
		fflush(stdout);
		put_error("%s: while it booted: %s", w->on->kernel->name, line);
	}
	free(line);
}

/* The current run, or the boot, is over.  To be called before the console says
 * anything of the next run. */
static void settle(struct vm_worker *w)
{
	size_t run = w->current - 1;
	struct console said;
	bool warned;

	console_cut(&w->console, w->next, &said);
	warned = console_splat(&said) != NULL;
	if (w->current) {
		w->has_warned |= warned;
		if (warned && is_spoilt_by_warning(w->result->verdict))
			result_condemn(w, w->result, run, CAUSE_WARNING,
				       "the kernel printed warnings", &said);
		keep_console(w->result, &said);
		w->on->results[run] = w->result;
	} else {
		report_boot(w, &said);
	}
	w->result = NULL;
	w->current = 0;
	console_clear(&said);
}

void vm_worker_stop(struct vm_worker *w)
{
	qemu_end(&w->qemu);
	frames_fini(&w->frames);
	console_clear(&w->console);
	free(w->release);
	w->release = NULL;
	result_free(w->result);
	w->result = NULL;
	w->current = 0;
	w->has_warned = w->is_spent = false;
}

/* All runs that are left get the same error.  The first of them gets what the
 * console said. */
static void give_up(struct vm_worker *w, const char *why, const char *text)
{
	w->is_running = false;
	for (; w->next < w->to; w->next++, text = "")
		w->on->results[w->next] = result_new(FUSESCEN_ERROR,
			xstrdup(why), xstrdup(text));
}

/* The machine is gone, or has to go, for this cause. */
static void machine_died(struct vm_worker *w, enum verdict_cause cause, const char *how)
{
	char *splat = splat_line(&w->console);
	char *why = splat ? xasprintf("%s: %s", how, splat) : xstrdup(how);
	char *excerpt = console_excerpt(&w->console), *text;
	size_t run = w->current - 1;

	if (w->current) {
		if (!w->result)
			w->result = result_new(FUSESCEN_PASS, xstrdup(""),
					       xstrdup(""));
		result_condemn(w, w->result, run, cause, why, &w->console);
		keep_console(w->result, &w->console);
		w->on->deaths += w->result->verdict != FUSESCEN_XFAIL;
		w->on->results[run] = w->result;
		w->result = NULL;
	} else if (++w->failed_boots == BOOT_TRIES) {
		text = xasprintf("the machine ended before anything ran: "
				 "%s\n%s", why, excerpt);
		give_up(w, why, text);
		free(text);
	}
	free(splat);
	free(excerpt);
	free(why);
	vm_worker_stop(w);
	if (w->on->deaths >= DEATHS_MAX && !w->config->is_broken)
		give_up(w, "not run: too many machines with this kernel died", "");
	if (w->is_running)
		vm_worker_start(w);
}

/* Sets the deadline anew.  A boot gets half as much time again. */
static void extend(struct vm_worker *w)
{
	unsigned s = w->config->patience_s;

	w->deadline_ns = clock_ns() + (w->release ? s : s + s / 2) * NS_PER_S;
}

void vm_worker_start(struct vm_worker *w)
{
	struct buf plan;
	int initrd = -1, err = -1;

	w->is_running = w->next < w->to;
	if (!w->is_running)
		return;
	if (plan_write(w->config->batch, w->next, w->to, &plan) == 0) {
		initrd = initrd_make(&w->on->modules, &w->config->program, &plan);
		buf_fini(&plan);
	}
	if (initrd >= 0) {
		err = qemu_start(&w->qemu, w->config->qemu, w->on->image, initrd,
				 w->on->accel, &w->machine);
		close(initrd);
	}
	if (err)
		give_up(w, "a virtual machine cannot be started", "");
	extend(w);
}

/*
 * A kernel says many things only once: WARN_ONCE and KASAN do, and lockdep is
 * off after its first report.  So the runs behind one that made the kernel warn
 * get a machine that has not warned yet.  By then, the kernel has shown that it
 * did not die of the warning.
 */
static bool needs_reboot(const struct vm_worker *w)
{
	bool may = w->on->reboots < REBOOTS_MAX || w->config->is_broken;

	return !w->current && (w->is_spent || (w->has_warned && may));
}

/* A frame whose contents are impossible is as bad as one that is garbled. */
static int on_start(struct vm_worker *w, struct frame_view *v)
{
	uint64_t run;

	if (!w->release || frame_get_number(v, &run) || frame_get_end(v) ||
	    run != w->next || w->next == w->to || (w->current && !w->result))
		return -1;
	settle(w);
	if (!needs_reboot(w))
		w->current = ++w->next;
	w->started_ns = clock_ns();
	w->failed_boots = 0;
	return 0;
}

static int on_done(struct vm_worker *w, struct frame_view *v)
{
	const char *summary, *text, *events;
	uint64_t run, verdict, elapsed_ns;

	if (frame_get_number(v, &run) || frame_get_number(v, &verdict) ||
	    frame_get_number(v, &elapsed_ns) || frame_get_text(v, &summary) ||
	    frame_get_text(v, &text) || frame_get_text(v, &events) ||
	    frame_get_end(v) || verdict >= N_VERDICTS ||
	    run + 1 != w->current || w->result)
		return -1;
	w->result = result_new((enum fusescen_verdict)verdict,
			       xstrdup(summary), xstrdup(text));
	free(w->result->events);
	w->result->events = xstrdup(events);
	w->result->elapsed_ns = elapsed_ns;
	if (w->config->batch->is_last)
		w->is_spent = w->config->batch->is_last(w->result->text);
	return 0;
}

static int on_hello(struct vm_worker *w, struct frame_view *v)
{
	const char *release;

	if (w->release || frame_get_text(v, &release) || frame_get_end(v))
		return -1;
	w->release = xstrdup(release);
	return 0;
}

static int on_note(const struct vm_worker *w, struct frame_view *v)
{
	const char *text;

	if (frame_get_text(v, &text) || frame_get_end(v))
		return -1;
	fflush(stdout);
	put_error("%s: %s", w->on->kernel->name, text);
	return 0;
}

static int on_bye(struct vm_worker *w, struct frame_view *v)
{
	if (frame_get_end(v) || w->next != w->to || (w->current && !w->result))
		return -1;
	settle(w);
	w->is_running = false;
	return 0;
}

static int on_frame(struct vm_worker *w, struct frame_view *v)
{
	switch (v->kind) {
	case FRAME_HELLO:
		return on_hello(w, v);
	case FRAME_ALIVE:
		return frame_get_end(v);
	case FRAME_NOTE:
		return on_note(w, v);
	case FRAME_START:
		return on_start(w, v);
	case FRAME_DONE:
		return on_done(w, v);
	case FRAME_BYE:
		return on_bye(w, v);
	case FRAME_OPTIONS:
	case FRAME_FILE:
	case FRAME_CASE:
	case FRAME_JOB:
		break;
	}
	return -1;
}

static void reboot(struct vm_worker *w)
{
	vm_worker_stop(w);
	if (++w->on->reboots == REBOOTS_MAX && !w->config->is_broken) {
		fflush(stdout);
		put_error("%s: this kernel warns often; from here on, a warning "
			  "that comes only once may be missed", w->on->kernel->name);
	}
	vm_worker_start(w);
}

/*
 * No clock of qemu's wakes a machine from suspend to idle (its alarm is no event of
 * ACPI's), but what comes through its serial port does.  Nobody reads that.  Before it says hello, the
 * guest may still have a terminal there, which would echo it.
 */
static void wake(struct vm_worker *w)
{
	uint64_t now = clock_ns();

	if (!w->config->batch->options.allow_hazard || !w->release || now < w->wake_ns)
		return;
	w->wake_ns = now + NS_PER_S;
	if (send(w->qemu.channel_fd, "\n", 1, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		w->wake_ns = 0;
}

/* Reads the channel first and the console second, so that what the console said
 * before a frame was sent is there when the frame is handled.  Returns false at
 * the end of the channel. */
static bool read_some(struct vm_worker *w)
{
	char bytes[65536];
	ssize_t n = read(w->qemu.channel_fd, bytes, sizeof(bytes));
	int err = errno;

	console_drain(&w->console, w->qemu.console_fd);
	if (n > 0) {
		frames_add(&w->frames, bytes, (size_t)n);
		extend(w);
	}
	return n > 0 || (n < 0 && (err == EAGAIN || err == EINTR));
}

/* A machine that lives may be at a task that never ends. */
static bool is_late(const struct vm_worker *w)
{
	unsigned limit = w->config->task_limit_s;

	return limit && w->current && !w->result &&
		clock_ns() > w->started_ns + limit * NS_PER_S;
}

void vm_worker_look(struct vm_worker *w)
{
	struct frame_view v;
	bool is_open = read_some(w);
	int got = 0;

	wake(w);

	while (w->is_running && !needs_reboot(w) &&
	       (got = frames_next(&w->frames, &v)) > 0)
		if (on_frame(w, &v)) {
			got = -1;
			break;
		}
	if (!w->is_running)
		vm_worker_stop(w);
	else if (needs_reboot(w))
		reboot(w);
	else if (got < 0)
		machine_died(w, CAUSE_TOOL, "what the machine sends is garbled");
	else if (!is_open)
		machine_died(w, CAUSE_MACHINE_DIED, w->release ? "the machine died" :
		     "the kernel does not boot");
	else if (is_late(w))
		machine_died(w, CAUSE_MACHINE_DIED, VM_TOO_LONG);
	else if (clock_ns() > w->deadline_ns)
		machine_died(w, CAUSE_MACHINE_DIED, w->release ? VM_HANGS :
		     "the kernel does not boot in time");
}
