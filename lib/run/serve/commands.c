/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Commands.  Some things in them are borrowed for an unlimited time: by the engine
 * a reply, and the pattern of a gate that stays open; by the filesystem what a new
 * file is to be.  These are kept, once for each text, so that a client that repeats
 * a command does not make the server grow.
 */
#include "config.h"

#include "run/serve/commands.h"

#include <errno.h>
#include <string.h>

#include "backend/notifier.h"
#include "base/errnos.h"
#include "base/units.h"
#include "load/command.h"
#include "model/transport.h"
#include "run/serve/ctl_reply.h"
#include "run/serve/describe.h"
#include "run/serve/evicting.h"
#include "run/serve/logger.h"
#include "run/serve/note_wait.h"

#define LET_GO_NS	NS_PER_S	/* then the answer says "pending" */
#define NOTIFY_NS	(200 * NS_PER_MS)	/* then it says "blocked" */

struct kept {
	struct kept *next;
	struct arena *arena;
	char *text;
	struct command command;
};

struct commands {
	struct commands_for of;
	struct kept *kept;
	size_t n_kept;
	bool quit;
};

/* ---- answers --------------------------------------------------------------- */

static void say_errno(struct buf *out, const char *what, int err)
{
	const char *name = errno_name(err);

	if (!err)
		ctl_reply_ok(out);
	else
		ctl_reply_refuse(out, "%s: %s", what, name ? name : "?");
}

static bool refuse(const struct commands *c, const char *why, struct buf *out)
{
	ctl_reply_refuse(out, "%s %s", c->of.served.ops->who, why);
	return false;
}

/* ---- life ------------------------------------------------------------------ */

struct commands *commands_new(const struct commands_for *what)
{
	struct commands *c = xcalloc(1, sizeof(*c));

	c->of = *what;
	return c;
}

void commands_free(struct commands *c)
{
	while (c && c->kept) {
		struct kept *k = c->kept;

		c->kept = k->next;
		arena_free(k->arena);
		free(k->text);
		free(k);
	}
	free(c);
}

bool commands_quit(const struct commands *c)
{
	return c->quit;
}

/* ---- notifications --------------------------------------------------------- */

static bool poll_note(struct pending_command *p, bool late, struct buf *out)
{
	auto_free char *text = NULL;
	struct json_writer w;
	const char *name;
	int err;

	if (!note_wait_done(p->note, &err)) {
		if (!late)
			return true;
		w = ctl_reply_begin(out, true);
		json_put_bool(&w, "blocked", true);
		ctl_reply_end(&w);
	} else if (err == NOTE_REFUSED) {
		ctl_reply_refuse(out, "%s: serve it in a virtual machine, with "
				 "--allow-hazard", uring_retrieve_warning);
	} else if (err) {
		name = errno_name(err) ? errno_name(err) : "?";
		text = xasprintf("the kernel's answer is %s", name);
		w = ctl_reply_begin(out, false);
		json_put_text(&w, "error", text);
		json_put_text(&w, "errno", name);
		ctl_reply_end(&w);
	} else {
		ctl_reply_ok(out);
	}
	commands_forget(p);
	return false;
}

/* Takes the arena. */
static bool do_notify(struct commands *c, struct arena *a,
		      const struct step *step, struct pending_command *p)
{
	p->waits = WAITS_NOTIFY;
	p->deadline_ns = clock_ns() +
		(step->timeout_ns ? step->timeout_ns : NOTIFY_NS);
	p->note = note_wait_start(&c->of.served, &step->notify, c->of.wake_fd, a,
				  NULL);
	return true;
}

/* ---- evictions ------------------------------------------------------------- */

static bool do_evict(struct commands *c, const struct step *step,
		     struct pending_command *p, struct buf *out)
{
	p->evicting = evicting_start(c->of.run, &c->of.served, c->of.wake_fd, step, out);
	if (!p->evicting)
		return false;
	p->waits = WAITS_EVICT;
	p->deadline_ns = evicting_deadline(p->evicting);
	return true;
}

static bool poll_eviction(struct pending_command *p, bool late, struct buf *out)
{
	if (evicting_poll(p->evicting, late, out)) {
		p->deadline_ns = evicting_deadline(p->evicting);
		return true;
	}
	commands_forget(p);
	return false;
}

/* ---- steps ----------------------------------------------------------------- */

static bool poll_let_go(struct commands *c, struct pending_command *p,
			bool late, struct buf *out)
{
	struct json_writer w;
	uint64_t go, handed;

	engine_let_go(c->of.run->engine, p->mount, &go, &handed);
	if (handed < p->go && !late)
		return true;
	w = ctl_reply_begin(out, true);
	json_put_u64(&w, "released", p->released);
	if (handed < p->go)
		json_put_bool(&w, "pending", true);
	ctl_reply_end(&w);
	p->waits = WAITS_NOTHING;
	return false;
}

/* n requests have been let go; they are on their way. */
static bool await_let_go(struct commands *c, unsigned n,
			 struct pending_command *p, struct buf *out)
{
	uint64_t handed;

	p->waits = WAITS_LET_GO;
	p->deadline_ns = clock_ns() + LET_GO_NS;
	p->mount = 0;
	p->released = n;
	engine_let_go(c->of.run->engine, 0, &p->go, &handed);
	return poll_let_go(c, p, false, out);
}

static const struct pattern *match_of(const struct held_choice *which)
{
	return which->has_match ? &which->match : NULL;
}

static bool do_release(struct commands *c, const struct release_step *rel,
		       struct pending_command *p, struct buf *out)
{
	const struct held_choice *which = &rel->which;

	return await_let_go(c, engine_release(c->of.run->engine, which->gate,
					      match_of(which), which->nth,
					      rel->max, rel->open),
			    p, out);
}

static bool do_answer(struct commands *c, const struct answer_step *answer,
		      struct pending_command *p, struct buf *out)
{
	const struct held_choice *which = &answer->which;
	struct run *r = c->of.run;

	if (engine_answer(r->engine, which->gate, match_of(which), which->nth,
			  &answer->reply))
		return await_let_go(c, 1, p, out);
	ctl_reply_refuse(out, "gate %s holds no such request",
			r->sc->gates[which->gate]);
	return false;
}

static bool do_step(struct commands *c, const struct step *step,
		    struct pending_command *p, struct buf *out)
{
	struct run *r = c->of.run;

	switch (step->kind) {
	case STEP_RELEASE:
		return do_release(c, &step->release, p, out);
	case STEP_ANSWER:
		return do_answer(c, &step->answer, p, out);
	case STEP_REARM:
		engine_rearm(r->engine, step->gate);
		break;
	case STEP_SET:
		engine_set_state(r->engine, step->set.list, step->set.n);
		break;
	case STEP_STALL:
		if (!c->of.served.ops->stall)
			return refuse(c, "has its own threads", out);
		say_errno(out, "a worker does not stop", c->of.served.ops->stall(c->of.served.of));
		return false;
	case STEP_RESUME:
		engine_resume(r->engine, 0);
		break;
	case STEP_SERVER:
		if (!c->of.served.ops->change)
			return refuse(c, "has its own files", out);
		say_errno(out, "the server's files",
			  c->of.served.ops->change(c->of.served.of, &step->server));
		return false;
	case STEP_EVICT:
		return do_evict(c, step, p, out);
	case STEP_CALL: case STEP_RESULT: case STEP_HELD: case STEP_BLOCKED:
	case STEP_QUIET: case STEP_INODE_LOCK: case STEP_WAIT: case STEP_NOTIFY:
	case STEP_NOTIFIED: case STEP_SIGNAL: case STEP_CHECK: case STEP_ABORT:
	case STEP_CONTROL: case STEP_MOUNTED: case STEP_DEVICE: case STEP_RING:
	case STEP_DIE: case STEP_UMOUNT: case STEP_SLEEP: case STEP_STRESS:
	case STEP_EXPLORE: case STEP_FREEZE: case STEP_FROZEN: case STEP_THAW:
		die_bug("no command: step %d", (int)step->kind);
	}
	ctl_reply_ok(out);
	return false;
}

/* ---- the protocol's own ------------------------------------------------------ */

static void do_tail(struct commands *c, const struct command *cmd,
		    struct pending_command *p, struct buf *out)
{
	size_t n = evlog_count(c->of.run->log);
	size_t first = n > LIMIT_SERVED_EVENTS ? n - LIMIT_SERVED_EVENTS : 0;
	struct json_writer w = ctl_reply_begin(out, true);

	if (cmd->follow) {
		p->next = n;
		p->left = SIZE_MAX;
		json_put_text(&w, "events", "follow");
	} else {
		p->next = n - first > cmd->count ? n - cmd->count : first;
		p->left = n - p->next;
		json_put_u64(&w, "events", p->left);
	}
	ctl_reply_end(&w);
}

static bool do_own(struct commands *c, const struct command *cmd,
		   struct pending_command *p, struct buf *out)
{
	struct run *r = c->of.run;

	switch (cmd->kind) {
	case COMMAND_STEP:
		return do_step(c, &cmd->step, p, out);
	case COMMAND_ENABLE:
	case COMMAND_DISABLE:
		engine_switch_rule(r->engine, cmd->rule,
				   cmd->kind == COMMAND_ENABLE);
		break;
	case COMMAND_GATES:
		describe_gates(r, cmd->as_text, out);
		return false;
	case COMMAND_RULES:
		describe_rules(r, cmd->as_text, out);
		return false;
	case COMMAND_STATES:
		describe_states(r, cmd->as_text, out);
		return false;
	case COMMAND_STATS:
		describe_stats(r, c->of.stats, c->of.start_ns, cmd->as_text, out);
		return false;
	case COMMAND_TAIL:
		do_tail(c, cmd, p, out);
		return false;
	case COMMAND_LOG:
		engine_set_quiet(r->engine, !cmd->all);
		break;
	case COMMAND_ABORT:
		say_errno(out, "abort", c->of.served.ops->abort(c->of.served.of));
		return false;
	case COMMAND_QUIT:
		c->quit = true;
		if (c->of.served.ops->quit)
			c->of.served.ops->quit(c->of.served.of);
		p->waits = WAITS_QUIT;
		return true;
	}
	ctl_reply_ok(out);
	return false;
}

/* ---- one line ------------------------------------------------------------------ */

static bool must_be_kept(const struct command *cmd)
{
	const struct step *step = &cmd->step;

	if (cmd->kind != COMMAND_STEP)
		return false;
	switch (step->kind) {
	case STEP_ANSWER:
		return true;
	case STEP_RELEASE:
		return step->release.open && step->release.which.has_match;
	case STEP_SERVER:
		return step->server.kind == CHANGE_MAKE;
	default:
		return false;
	}
}

static struct kept *find_kept(struct commands *c, const char *text)
{
	struct kept *k = c->kept;

	while (k && strcmp(k->text, text))
		k = k->next;
	return k;
}

/* Takes the arena.  NULL: there are too many. */
static struct kept *keep(struct commands *c, struct arena *a, const char *text,
			 const struct command *cmd)
{
	struct kept *k;

	if (c->n_kept == LIMIT_CTL_TEXTS) {
		arena_free(a);
		return NULL;
	}
	k = xcalloc(1, sizeof(*k));
	k->arena = a;
	k->text = xstrdup(text);
	k->command = *cmd;
	/* A place in the line, not in the scenario. */
	if (cmd->step.kind == STEP_ANSWER)
		k->command.step.answer.reply.loc = (struct loc){ 0, 0, 0 };
	k->next = c->kept;
	c->kept = k;
	c->n_kept++;
	return k;
}

/* Takes the arena. */
static bool carry_out(struct commands *c, struct arena *a, const char *text,
		      const struct command *cmd, struct pending_command *p,
		      struct buf *out)
{
	auto_buf struct buf why = BUF_INIT;
	struct kept *k;
	bool waits;

	if (cmd->kind == COMMAND_STEP && cmd->step.kind == STEP_NOTIFY)
		return do_notify(c, a, &cmd->step, p);
	if (must_be_kept(cmd)) {
		k = keep(c, a, text, cmd);
		if (k)
			return do_own(c, &k->command, p, out);
		limit_print(&why, LIMIT_OF(CTL_TEXTS));
		ctl_reply_refuse(out, "%s; repeat one of them", buf_str(&why));
		return false;
	}
	waits = do_own(c, cmd, p, out);
	arena_free(a);
	return waits;
}

bool commands_execute(struct commands *c, const char *line, size_t len,
		      struct pending_command *p, struct buf *out)
{
	auto_buf struct buf wrong = BUF_INIT;
	struct command *cmd;
	struct diags *dg;
	struct arena *a;
	struct kept *k;
	int bad;

	*p = (struct pending_command){ 0 };
	k = find_kept(c, line);
	if (k)
		return do_own(c, &k->command, p, out);
	a = arena_new();
	cmd = ARENA_NEW(a, struct command);
	dg = diags_new("command", line, len);
	bad = load_control(a, dg, c->of.run->sc, line, len, cmd);
	if (bad)
		diags_print(dg, &wrong);
	diags_free(dg);
	if (!bad)
		return carry_out(c, a, line, cmd, p, out);
	ctl_reply_refuse(out, "%s", buf_str(&wrong));
	arena_free(a);
	return false;
}

bool commands_poll(struct commands *c, struct pending_command *p,
		   struct buf *out)
{
	bool late = clock_ns() >= p->deadline_ns;

	switch (p->waits) {
	case WAITS_LET_GO:
		return poll_let_go(c, p, late, out);
	case WAITS_NOTIFY:
		return poll_note(p, late, out);
	case WAITS_EVICT:
		return poll_eviction(p, late, out);
	case WAITS_QUIT:
		return true;
	case WAITS_NOTHING:
		break;
	}
	return false;
}

void commands_tail(struct commands *c, struct pending_command *p,
		   struct buf *out, size_t max)
{
	const struct run *r = c->of.run;
	const struct event *ev;
	size_t missed = 0;

	while (p->left && out->len < max &&
	       (ev = evlog_next(r->log, &p->next, &missed))) {
		if (missed)
			logger_put_missed(out, missed);
		missed = 0;
		report_event(out, r->sc, ev, c->of.start_ns);
		evlog_drop(ev);
		p->left -= p->left != SIZE_MAX;
	}
}

void commands_forget(struct pending_command *p)
{
	if (p->waits == WAITS_NOTIFY)
		note_wait_drop(p->note);
	if (p->waits == WAITS_EVICT)
		evicting_drop(p->evicting);
	*p = (struct pending_command){ 0 };
}
