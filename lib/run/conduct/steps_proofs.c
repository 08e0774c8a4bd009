/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Steps that prove that something cannot go on: blocked, quiet, inode_lock. */
#include "config.h"

#include "run/conduct/steps.h"

#include "act/procstat.h"
#include "base/units.h"
#include "run/conduct/proof.h"
#include "run/conduct/wait.h"

#define PROOF_NAP_NS	(500 * NS_PER_US)

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

bool step_blocked(struct run *r, const struct step *step)
{
	size_t i;

	for (i = 0; i < step->blocked.n; i++)
		if (!subject_blocked(r, step, &step->blocked.list[i]))
			return false;
	return true;
}

bool step_quiet(struct run *r, const struct step *step)
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

bool step_inode_lock(struct run *r, const struct step *step)
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
