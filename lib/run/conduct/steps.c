/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The steps of a script: for each row of STEP_LIST a function step_WORD.  The
 * conductor walks them; a step that fails ends the walk.
 */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "act/procstat.h"
#include "base/errnos.h"
#include "base/units.h"
#include "engine/match.h"
#include "run/conduct/evict.h"
#include "run/conduct/gate_report.h"
#include "run/conduct/proof.h"
#include "run/conduct/returns.h"
#include "run/conduct/wait.h"
#include "run/run.h"
#include "run/conduct/stress.h"

#define PROOF_NAP_NS	(500 * NS_PER_US)

/* A step that gave something else than it should. */
static bool step_fail(struct run *r, const struct step *step, char *expected,
		      char *actual)
{
	run_fail(r, step->loc, xstrdup(step->text), expected, actual, NULL);
	return false;
}

/* A step that waits in vain: also say how things stand. */
static bool step_stuck(struct run *r, const struct step *step, char *expected,
		       char *actual)
{
	run_fail(r, step->loc, xstrdup(step->text), expected, actual,
		 run_situation(r));
	return false;
}

/* ---- calls --------------------------------------------------------------- */

static bool actor_is_back(struct run *r, const void *arg)
{
	const int *actor = arg;
	struct actor_look look;

	actor_look(r->actors, *actor, &look);
	return !look.in_call;
}

static uint64_t last_return(struct run *r, int actor)
{
	const struct event **events;
	uint64_t seq = 0;
	size_t n;

	events = evlog_sorted(r->log, &n);
	while (n-- && !seq)
		if (events[n]->kind == EV_RETURN && events[n]->actor == actor)
			seq = events[n]->seq;
	free(events);
	return seq;
}

/* A script that waits for a call whose request its own gate holds can never release
 * it. */
static bool waits_for_itself(struct run *r, const struct step *step,
			     const struct call_use *call)
{
	const struct subject who = { .actor = call->actor, .note = NONE };
	pid_t tid = proof_thread(r, &who);

	return step->kind == STEP_CALL && tid &&
		engine_holds_pid(r->engine, (uint32_t)tid);
}

static bool call_stuck(struct run *r, const struct step *step,
		       const struct call_use *call, const char *name)
{
	auto_free char *situation = run_situation(r);
	char *note = waits_for_itself(r, step, call) ?
		xasprintf("the script waits for this call, and a gate holds its request: "
			  "\"%s ...\" starts it and goes on\n%s", call->text,
			  situation) : xstrdup(situation);

	run_fail(r, step->loc, xstrdup(step->text),
		 xasprintf("%s: %s returns", name, call->text),
		 xstrdup("it has not returned"), note);
	return false;
}

/* Take the result of the call an actor is in or has just made. */
static bool take_result(struct run *r, const struct step *step,
			const struct call_use *call, const struct expectation *e)
{
	const char *name = r->sc->actors[call->actor].name;
	struct buf why = BUF_INIT, got = BUF_INIT;
	const struct outcome *o;
	struct failure failure;

	if (!run_wait(r, step->timeout_ns, actor_is_back,
		      &call->actor))
		return call_stuck(r, step, call, name);
	o = actor_outcome(r->actors, call->actor);
	if (!o)
		return step_fail(r, step, xasprintf("%s: %s returns", name, call->text),
				 xasprintf("%s is dead", name));
	if (outcome_meets(o, e, call->call,
			  actor_letter(r->sc, call->actor), &why)) {
		buf_fini(&why);
		return true;
	}
	buf_printf(&got, "%s = ", call->text);
	outcome_print(&got, o, call->call, e);
	/* A value speaks for itself; where bytes differ must be said. */
	if (why.len && (e->has_data || e->n_fields || e->has_names))
		buf_printf(&got, " (%s)", buf_str(&why));
	failure = (struct failure){
		.loc = e->loc.line ? e->loc : step->loc,
		.what = xasprintf("%s: %s", name, call->text),
		.finding = {
			.expected = xasprintf("%s = %s", call->text,
					      *e->text ? e->text : "success"),
			.actual = buf_steal(&got),
			.at_seq = last_return(r, call->actor),
		},
	};
	result_add(&r->result, &failure);
	buf_fini(&why);
	return false;
}

static bool step_call(struct run *r, const struct step *step)
{
	if (!actor_command(r->actors, step))
		return step_stuck(r, step, xstrdup("the actor is free"),
				 xstrdup("it is dead, or still in a call"));
	return step->call.async || take_result(r, step, &step->call,
						   &step->call.expect);
}

static bool step_result(struct run *r, const struct step *step)
{
	struct actor_look look;

	actor_look(r->actors, step->result.actor, &look);
	return take_result(r, step, &look.step->call, &step->result.expect);
}

/* ---- gates ----------------------------------------------------------------- */

static bool enough_held(struct run *r, const void *arg)
{
	const struct step *step = arg;

	return engine_held(r->engine, step->held.gate) >= step->held.min;
}

static bool all_quiet(struct run *r, const void *arg)
{
	return proof_quiet(r, arg != NULL);
}

static bool step_held(struct run *r, const struct step *step)
{
	bool exactly = step->held.max == step->held.min;
	auto_free char *situation = NULL;
	struct buf why = BUF_INIT;
	unsigned held;

	if (run_wait(r, step->timeout_ns, enough_held, step) && exactly)
		run_wait(r, step->timeout_ns, all_quiet, step);
	held = engine_held(r->engine, step->held.gate);
	if (held >= step->held.min && held <= step->held.max)
		return true;
	if (held < step->held.min)
		gate_report_print(r, step->held.gate, &why);
	situation = run_situation(r);
	buf_puts(&why, situation);
	run_fail(r, step->loc, xstrdup(step->text),
		 xasprintf("%s%llu held at gate %s", exactly ? "" : "at least ",
			   (unsigned long long)step->held.min,
			   r->sc->gates[step->held.gate]),
		 xasprintf("%u", held), buf_steal(&why));
	return false;
}

static const struct pattern *match_of(const struct held_choice *which)
{
	return which->has_match ? &which->match : NULL;
}

static bool step_release(struct run *r, const struct step *step)
{
	const struct release_step *rel = &step->release;
	unsigned n = engine_release(r->engine, rel->which.gate,
				    match_of(&rel->which), rel->which.nth,
				    rel->max, rel->open);

	if (rel->open || rel->max == COUNT_ALL || n >= rel->max)
		return true;
	return step_fail(r, step, xasprintf("%llu to release at gate %s",
					    (unsigned long long)rel->max,
					    r->sc->gates[rel->which.gate]),
			 xasprintf("%u", n));
}

static bool step_rearm(struct run *r, const struct step *step)
{
	engine_rearm(r->engine, step->gate);
	return true;
}

static bool step_answer(struct run *r, const struct step *step)
{
	const struct held_choice *which = &step->answer.which;

	if (engine_answer(r->engine, which->gate, match_of(which), which->nth,
			  &step->answer.reply))
		return true;
	return step_fail(r, step, xasprintf("a request to answer at gate %s",
					    r->sc->gates[which->gate]),
			 xstrdup("none"));
}

/* ---- proofs ----------------------------------------------------------------- */

static const char *subject_name(struct run *r, const struct subject *who)
{
	return who->actor == NONE ? r->sc->notes[who->note] :
	       r->sc->actors[who->actor].name;
}

static uint64_t step_deadline(struct run *r, const struct step *step)
{
	uint64_t own = clock_ns() + step->timeout_ns;

	return step->timeout_ns && own < r->deadline_ns ? own : r->deadline_ns;
}

static void note_blocked(struct run *r, const struct step *step,
			 const struct subject *who, const struct buf *stack)
{
	struct event ev = event_of(EV_BLOCKED);

	ev.actor = who->actor;
	if (who->actor == NONE)
		ev.note = who->note;
	ev.step = step;
	ev.text = buf_str(stack);
	evlog_add(r->log, &ev);
}

/* Why a proof did not come: stack as it is now. */
static char *where_it_is(struct run *r, const struct subject *who)
{
	struct buf b = BUF_INIT;
	pid_t tid = proof_thread(r, who);

	if (!tid)
		return xstrdup("it has returned");
	buf_puts(&b, "it is in a call, ");
	if (engine_holds_pid(r->engine, (uint32_t)tid))
		buf_puts(&b, "its request is held, ");
	buf_puts(&b, "at ");
	if (!thread_stack(tid, &b))
		buf_puts(&b, "an unreadable place");
	return buf_steal(&b);
}

static bool subject_blocked(struct run *r, const struct step *step,
			    const struct subject *who)
{
	uint64_t deadline = step_deadline(r, step);
	struct patience patience = { 0 };
	struct buf stack = BUF_INIT;
	enum proof p;
	char *in = NULL;
	size_t i;

	r->gave_up = false;
	while ((p = proof_blocked(r, who, &stack)) == PROOF_NO &&
	       clock_ns() < deadline &&
	       (step->timeout_ns || !patience_ends(r, &patience)))
		sleep_ns(PROOF_NAP_NS);
	if (p == PROOF_YES) {
		note_blocked(r, step, who, &stack);
		buf_fini(&stack);
		return true;
	}
	buf_clear(&stack);
	for (i = 0; i < who->n_in; i++)
		buf_printf(&stack, "%s%s", i ? " or " : " in ", who->in[i]);
	in = buf_steal(&stack);
	run_fail(r, who->loc.line ? who->loc : step->loc, xstrdup(step->text),
		 xasprintf("%s is blocked%s", subject_name(r, who), in),
		 where_it_is(r, who), run_situation(r));
	free(in);
	return false;
}

static bool step_blocked(struct run *r, const struct step *step)
{
	size_t i;

	for (i = 0; i < step->blocked.n; i++)
		if (!subject_blocked(r, step, &step->blocked.list[i]))
			return false;
	return true;
}

static bool step_quiet(struct run *r, const struct step *step)
{
	if (run_wait(r, step->timeout_ns, all_quiet, step))
		return true;
	return step_stuck(r, step, xstrdup("everything idle or blocked"),
			  xstrdup("something still moves"));
}

/*
 * The lock mode of the second call: shared if its own request reached a gate,
 * exclusive if it is blocked in the kernel without one.  Neither: -1.
 */
static int lock_mode(struct run *r, const struct step *step,
		     const struct subject *who, uint64_t deadline)
{
	struct buf stack = BUF_INIT;
	int mode = -1;

	do {
		pid_t tid = proof_thread(r, who);

		if (!tid)
			break;
		if (engine_holds_pid(r->engine, (uint32_t)tid)) {
			mode = LOCK_SHARED;
		} else if (proof_blocked(r, who, &stack) == PROOF_YES &&
			   !engine_holds_pid(r->engine, (uint32_t)tid)) {
			mode = LOCK_EXCLUSIVE;
			note_blocked(r, step, who, &stack);
		} else {
			sleep_ns(PROOF_NAP_NS);
		}
		buf_clear(&stack);
	} while (mode < 0 && clock_ns() < deadline);
	buf_fini(&stack);
	return mode;
}

static bool step_inode_lock(struct run *r, const struct step *step)
{
	static const char *const names[] = {
		[LOCK_SHARED] = "shared", [LOCK_EXCLUSIVE] = "exclusive",
	};
	uint64_t deadline = step_deadline(r, step);
	const struct subject *first = &step->inode_lock.calls.list[0];
	pid_t tid = proof_thread(r, first);
	size_t i;
	int mode;

	if (!tid || !engine_holds_pid(r->engine, (uint32_t)tid))
		return step_stuck(r, step,
				  xasprintf("a request of %s is held",
					    subject_name(r, first)),
				  where_it_is(r, first));
	for (i = 1; i < step->inode_lock.calls.n; i++) {
		const struct subject *who = &step->inode_lock.calls.list[i];

		mode = lock_mode(r, step, who, deadline);
		if (mode == (int)step->inode_lock.mode)
			continue;
		return step_stuck(r, step, xasprintf("inode_lock: %s",
					    names[step->inode_lock.mode]),
				  mode < 0 ? where_it_is(r, who) :
				  xasprintf("inode_lock: %s%s", names[mode],
					    mode == LOCK_SHARED ?
					    " (its request is held beside the first)" :
					    " (it is blocked in the kernel, without a request)"));
	}
	return true;
}

/* ---- waiting ------------------------------------------------------------------ */

/* How far a wait has read the log.  It is woken by each event, and an event
 * does not change: so it looks at each once. */
struct log_scan {
	size_t next;			/* number of the first event not read */
	uint64_t found;			/* events that match */
	const struct event *last;	/* the last of them */
};

struct event_wait {
	bool (*matches)(struct run *r, const struct event_wait *w,
			const struct event *ev);
	uint64_t min;			/* so many must match */
	const struct step *step;
	const struct notify_spec *spec;	/* a notification: this one, or ... */
	int note;			/* ... the one of this name */
	struct log_scan *scan;
};

static bool log_has(struct run *r, const void *arg)
{
	const struct event_wait *w = arg;
	struct log_scan *scan = w->scan;
	const struct event *events[64];
	size_t i, n;

	while ((n = evlog_more(r->log, &scan->next, events, ARRAY_SIZE(events))))
		for (i = 0; i < n; i++)
			if (w->matches(r, w, events[i])) {
				scan->found++;
				scan->last = events[i];
			}
	return scan->found >= w->min;
}

static bool is_awaited(struct run *r, const struct event_wait *w,
		       const struct event *ev)
{
	return match_event(r->sc, &w->step->wait.match, ev);
}

static bool step_wait(struct run *r, const struct step *step)
{
	struct finding f = { 0 };
	struct check count = {
		.loc = step->loc, .kind = CHECK_COUNT, .text = step->text,
		.patterns = (struct pattern *)&step->wait.match, .n_patterns = 1,
		.min = step->wait.min, .max = UINT64_MAX,
	};
	struct log_scan scan = { 0 };
	const struct event_wait w = {
		.matches = is_awaited, .min = step->wait.min, .step = step,
		.scan = &scan,
	};
	const struct event **events;
	struct failure failure = { 0 };
	size_t n;

	if (run_wait(r, step->timeout_ns, log_has, &w))
		return true;
	events = evlog_sorted(r->log, &n);
	if (!check_holds(r->sc, &count, events, n, &f)) {
		failure = (struct failure){
			.loc = step->loc, .what = xstrdup(step->text),
			.finding = f, .note = run_situation(r),
		};
		result_add(&r->result, &failure);
	}
	free(events);
	return false;
}

static bool step_sleep(struct run *r, const struct step *step)
{
	(void)r;
	sleep_ns(step->sleep_ns);
	return true;
}

/* ---- notifications ---------------------------------------------------------------- */

/* The log has copies of notifications, which keep their place in the file. */
static bool is_note_done(struct run *r, const struct event_wait *w,
			 const struct event *ev)
{
	(void)r;
	if (ev->kind != EV_NOTE_DONE)
		return false;
	return w->spec ? ev->notify->loc.line == w->spec->loc.line &&
			 ev->notify->loc.col == w->spec->loc.col :
			 ev->note == w->note;
}

static const char *error_text(int err)
{
	const char *name = errno_name(err);

	return err == 0 ? "0" : name ? name : "an unknown errno";
}

/* A notification has returned, with what it should: spec's, or (NULL) the one of
 * the step's name.  since: where in the log it is looked for.  name: as the script
 * calls it. */
static bool note_result(struct run *r, const struct step *step,
			const struct notify_spec *spec, size_t since,
			const char *name, int expected)
{
	char *want = xasprintf("%s returns %s", name, error_text(expected));
	struct log_scan scan = { .next = since };
	const struct event_wait w = {
		.matches = is_note_done, .min = 1, .spec = spec,
		.note = spec ? NONE : step->notified.note, .scan = &scan,
	};
	int error;

	if (!run_wait(r, step->timeout_ns, log_has, &w))
		return step_stuck(r, step, want, xstrdup("it has not returned"));
	error = scan.last->error;
	if (error != expected)
		return step_fail(r, step, want,
				 xasprintf("%s returns %s", name, error_text(error)));
	free(want);
	return true;
}

static bool step_notify(struct run *r, const struct step *step)
{
	size_t since = evlog_count(r->log);

	server_notify(r->server, &step->notify);
	return !step->notify.wait ||
	       note_result(r, step, &step->notify, since, "the notification",
			   step->notify.expect);
}

static bool step_notified(struct run *r, const struct step *step)
{
	return note_result(r, step, NULL, 0, r->sc->notes[step->notified.note],
			   step->notified.error);
}

/* ---- the rest ----------------------------------------------------------------------- */

static bool errno_step(struct run *r, const struct step *step, int err)
{
	if (err == 0)
		return true;
	return step_fail(r, step, xstrdup("success"), xstrdup(error_text(err)));
}

static bool step_evict(struct run *r, const struct step *step)
{
	return evict_run(r, step);
}

static bool step_server(struct run *r, const struct step *step)
{
	return errno_step(r, step, server_change(r->server, &step->server));
}

static bool step_signal(struct run *r, const struct step *step)
{
	/* kernel/signal.c, complete_signal(): any but SIGKILL goes to the tracer
	 * first, and then ends no wait that only a fatal one would end. */
	r->leaves_to_tracer |= r->is_traced && step->signal.signal != SIGKILL;
	return errno_step(r, step, actor_signal(r->actors, step->signal.actor,
						step->signal.signal));
}

static bool step_set(struct run *r, const struct step *step)
{
	engine_set_state(r->engine, step->set.list, step->set.n);
	return true;
}

static bool step_check(struct run *r, const struct step *step)
{
	run_wait(r, step->timeout_ns, all_quiet, NULL);
	return run_check(r, &step->check);
}

static bool step_abort(struct run *r, const struct step *step)
{
	return errno_step(r, step, server_abort(r->server, step->mount));
}

static bool step_die(struct run *r, const struct step *step)
{
	server_die(r->server, step->mount);
	return true;
}

static bool step_umount(struct run *r, const struct step *step)
{
	return errno_step(r, step, server_umount(r->server, step->mount));
}

/* Files of fusectl never wait for the server. */
static bool step_control(struct run *r, const struct step *step)
{
	const struct control_step *c = &step->control;
	size_t i;

	for (i = 0; i < c->n; i++) {
		int err = server_control(r->server, c->mount, c->list[i].row->path,
					 c->list[i].value);

		if (err != c->result)
			return step_fail(r, step, xasprintf("%s: %s", c->list[i].row->name,
							    error_text(c->result)),
					 xstrdup(error_text(err)));
	}
	return true;
}

static bool step_stall(struct run *r, const struct step *step)
{
	return errno_step(r, step, server_stall(r->server, step->mount));
}

static bool step_resume(struct run *r, const struct step *step)
{
	engine_resume(r->engine, step->mount);
	return true;
}

#define RUNS(kind, word, reader, flags, help)	[STEP_##kind] = step_##word,
static bool (*const step_runs[])(struct run *r, const struct step *step) = {
	STEP_LIST(RUNS)
	[STEP_CALL] = step_call,
	[STEP_RESULT] = step_result,
};
#undef RUNS

static bool nothing_ends(struct run *r, const void *arg)
{
	(void)arg;
	return !server_is_ending(r->server);
}

bool run_steps(struct run *r)
{
	size_t i;

	for (i = 0; i < r->sc->n_steps; i++) {
		const struct step *step = &r->sc->steps[i];
		struct event ev = event_of(EV_STEP);

		if (server_is_ending(r->server))
			run_wait(r, 0, nothing_ends, NULL);
		ev.step = step;
		evlog_add(r->log, &ev);
		returns_collect(r->returns, r->sc, r->actors);
		if (!step_runs[step->kind](r, step))
			return false;
	}
	return true;
}
