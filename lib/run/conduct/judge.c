/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * After the last step: the checks of `expect`, and what every scenario promises
 * without saying so (nothing left held, replies accepted, a clean kernel log, no
 * flood).  Conductor only.
 */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "base/errnos.h"
#include "base/escape.h"
#include "base/units.h"
#include "run/conduct/gate_report.h"
#include "run/conduct/kmsg.h"
#include "run/conduct/proof.h"
#include "run/conduct/returns.h"
#include "run/conduct/wait.h"
#include "run/run.h"
#include "run/unused.h"
#include "run/conduct/traces.h"

#define PEEK_STEP	(1u << 20)	/* of a file at a time */
#define SETTLE_NS	(10 * NS_PER_S)

/* What was found out about a server's file. */
struct peeked {
	ssize_t err;		/* below 0: it cannot be read */
	uint64_t size;
	uint64_t got;		/* bytes of the data that are there ... */
	uint64_t same;		/* ... and that are as they should be */
	uint8_t is[DATA_SHOWN], should[DATA_SHOWN];	/* the first that are not: */
	size_t n_other;
};

static uint64_t same_bytes(const uint8_t *a, const uint8_t *b, uint64_t n)
{
	uint64_t i = 0;

	while (i < n && a[i] == b[i])
		i++;
	return i;
}

/* Both from where they differ to where they are the same again. */
static void keep_difference(struct peeked *p, const uint8_t *is,
			    const uint8_t *should, uint64_t n)
{
	while (p->n_other < n && p->n_other < DATA_SHOWN &&
	       is[p->n_other] != should[p->n_other])
		p->n_other++;
	memcpy(p->is, is, p->n_other);
	memcpy(p->should, should, p->n_other);
}

/* Up to the first byte that is not what the check says. */
static void peek(struct run *r, const struct file_check *c, struct peeked *out)
{
	auto_free uint8_t *is = xmalloc(PEEK_STEP), *should = xmalloc(PEEK_STEP);
	uint64_t want = c->has_data ? c->data.len : 0, n, same;

	*out = (struct peeked){ .err = 0 };
	do {
		n = want - out->got < PEEK_STEP ? want - out->got : PEEK_STEP;
		out->err = server_peek(r->server, c->file.mount, c->file.path,
				       c->at + out->got, is, n, &out->size);
		if (out->err < 0)
			return;
		n = (uint64_t)out->err;
		data_copy(&c->data, out->got, should, n, 0);
		same = same_bytes(is, should, n);
		keep_difference(out, is + same, should + same, n - same);
		out->same = out->got + same;
		out->got += n;
	} while (n && out->same == out->got && out->got < want);
}

static char *peek_problem(const struct file_check *c, const struct peeked *p)
{
	struct buf b = BUF_INIT;

	if (p->err < 0) {
		const char *name = errno_name((int)-p->err);

		buf_puts(&b, name ? name : "an error");
	} else if (c->has_size && p->size != c->size) {
		buf_puts(&b, "size: ");
		print_size(&b, p->size);
	} else if (!c->has_data || p->same == c->data.len) {
		return NULL;
	} else if (p->same == p->got) {
		buf_printf(&b, "only %llu bytes", (unsigned long long)p->got);
	} else {
		buf_printf(&b, "data differs at byte %llu: ",
			   (unsigned long long)(c->at + p->same));
		buf_data(&b, p->is, p->n_other, p->n_other);
		buf_puts(&b, " instead of ");
		buf_data(&b, p->should, p->n_other, p->n_other);
	}
	return buf_steal(&b);
}

static bool check_file(struct run *r, const struct check *check)
{
	const struct file_check *c = &check->file;
	struct peeked p;
	char *problem;

	peek(r, c, &p);
	problem = peek_problem(c, &p);
	if (!problem)
		return true;
	run_fail(r, check->loc, xstrdup("the server's file is not what it should be"),
		 xstrdup(check->text), problem, NULL);
	return false;
}

static void note_not_judged(struct run *r, const struct check *c, const char *why)
{
	auto_free char *text = xasprintf("not judged: %s (%s)", c->text, why);
	struct event ev = event_of(EV_INFO);

	ev.text = text;
	evlog_add(r->log, &ev);
}

/* Return values are evidence only where the kernel allows us to see them.
 * Elsewhere such a check fails only if the scenario says that it needs
 * tracing. */
static bool check_kernel(struct run *r, const struct check *c)
{
	struct failure failure = { .loc = c->loc };
	auto_free char *why = NULL;

	returns_collect(r->returns, r->sc, r->actors);
	switch (returns_judge(r->returns, c, run_needs(r->sc, CAP_TRACING),
			      &failure.finding, &why)) {
	case HOLDS:
		return true;
	case CANNOT_SAY:
		note_not_judged(r, c, why);
		return true;
	case HOLDS_NOT:
		break;
	}
	failure.what = xstrdup(c->text);
	result_add(&r->result, &failure);
	return false;
}

static bool check_log(struct run *r, const struct check *c)
{
	struct failure failure = { .loc = c->loc };
	const struct event **events;
	size_t n;
	bool holds;

	traces_collect(r->traces);
	events = evlog_sorted(r->log, &n);
	holds = check_holds(r->sc, c, events, n, &failure.finding);
	free(events);
	if (holds)
		return true;
	failure.what = xstrdup(c->text);
	result_add(&r->result, &failure);
	return false;
}

bool run_check(struct run *r, const struct check *check)
{
	switch (check->kind) {
	case CHECK_FILE:
		return check_file(r, check);
	case CHECK_KERNEL:
		return check_kernel(r, check);
	case CHECK_ORDER:
	case CHECK_BEFORE:
	case CHECK_COUNT:
	case CHECK_NEVER:
	case CHECK_MAX_IN_FLIGHT:
	case CHECK_ELAPSED:
	case CHECK_SAME:
	case CHECK_DIFFER:
		return check_log(r, check);
	}
	return false;
}

static bool lets_go(const struct step *step, int gate)
{
	return (step->kind == STEP_RELEASE && step->release.which.gate == gate) ||
	       (step->kind == STEP_ANSWER && step->answer.which.gate == gate);
}

static bool is_let_go(const struct scenario *sc, int gate)
{
	size_t i;

	for (i = 0; i < sc->n_steps; i++)
		if (lets_go(&sc->steps[i], gate))
			return true;
	for (i = 0; i < sc->n_rules; i++)
		if (sc->rules[i].answer_gate == gate)
			return true;
	return false;
}

/* A request that a script left at a gate would hide what it does, unless its
 * connection is over, so that nobody waits for it. */
static void judge_gates(struct run *r)
{
	size_t i;

	for (i = 0; i < r->sc->n_gates; i++) {
		unsigned owed = engine_owed(r->engine, (int)i);
		struct buf held = BUF_INIT;

		if (!owed)
			continue;
		engine_print_held(r->engine, (int)i, HELD_PRINTED, &held);
		run_fail(r, gate_report_last(r, (int)i),
			 xasprintf("requests are left at gate %s after the last step",
				   r->sc->gates[i]),
			 xstrdup(is_let_go(r->sc, (int)i) ? "none" :
				 "none, but no step releases or answers them"),
			 xasprintf("%u held", owed),
			 buf_steal(&held));
	}
}

static const char *errno_or_zero(int err)
{
	const char *name = errno_name(err);

	return err == 0 ? "0" : name ? name : "?";
}

/* A reply of the script that was not sent. */
static void fail_discarded(struct run *r, const struct engine_violation *v)
{
	struct failure f = {
		.loc = v->loc,
		.what = xstrdup("a reply was not sent as the script says"),
		.finding = {
			.expected = xstrdup("its fields and data are sent"),
			.at_seq = v->seq,
		},
	};

	if (v->got == NONE)
		f.finding.actual = xasprintf("the operation's reply has no place for %s",
					     v->field);
	else
		f.finding.actual = xasprintf("the filesystem answers with %s, which "
					     "has neither (name all fields, or give "
					     "\"raw\", to replace it)",
					     errno_or_zero(v->got));
	result_add(&r->result, &f);
}

static void fail_worker(struct run *r, const struct engine_violation *v)
{
	struct failure f = {
		.loc = v->loc,
		.what = xstrdup("a reply was not sent as the script says"),
		.finding = {
			.expected = xstrdup("by another worker"),
			.actual = xstrdup("its mount has only one"),
			.at_seq = v->seq,
		},
	};

	result_add(&r->result, &f);
}

/* Something that the kernel took or refused contrary to what the script says. */
static void fail_refused(struct run *r, const struct engine_violation *v)
{
	static const struct { const char *what, *key; } words[] = {
		[VIOLATION_WRITE] = {
			"the kernel's answer to the write of a reply",
			"expect_write" },
		[VIOLATION_BACKING] = {
			"the kernel's answer to the registration of a backing file",
			"expect_backing" },
	};
	struct failure f = {
		.loc = v->loc,
		.what = xstrdup(words[v->kind].what),
		.finding = {
			.expected = xasprintf("%s: %s", words[v->kind].key,
					      errno_or_zero(v->expected)),
			.actual = xstrdup(v->got == NONE ? "none was registered" :
					  errno_or_zero(v->got)),
			.at_seq = v->seq,
		},
	};

	result_add(&r->result, &f);
}

static void judge_replies(struct run *r)
{
	struct engine_violation v;
	size_t i;

	for (i = 0; engine_get_violation(r->engine, i, &v); i++) {
		switch (v.kind) {
		case VIOLATION_DISCARDED:
			fail_discarded(r, &v);
			break;
		case VIOLATION_WORKER:
			fail_worker(r, &v);
			break;
		case VIOLATION_WRITE:
		case VIOLATION_BACKING:
			fail_refused(r, &v);
			break;
		}
	}
}

static void judge_kernel_log(struct run *r)
{
	const struct loc nowhere = { 0, 0, 0 };
	struct event ev = event_of(EV_KERNEL);
	struct buf lines = BUF_INIT;
	unsigned n = kmsg_collect(r->kmsg, clock_ns() - r->kmsg_ns, &lines);

	if (n) {
		ev.text = buf_str(&lines);
		evlog_add(r->log, &ev);
		run_fail(r, nowhere, xstrdup("the kernel log has warnings from this run"),
			 xstrdup("none"), xasprintf("%u", n), buf_steal(&lines));
	}
	buf_fini(&lines);
}

static void judge_flood(struct run *r)
{
	const struct loc nowhere = { 0, 0, 0 };

	if (traces_lost(r->traces))
		run_fail(r, nowhere, xstrdup("a flood of events of the kernel"),
			 xstrdup("no more than can be kept"),
			 xstrdup("some are lost"), NULL);
}

static bool is_settled(struct run *r, const void *arg)
{
	(void)arg;
	return proof_quiet(r, false);
}

/* A run says something about io_uring only if nothing has gone another way. */
static void judge_ring(struct run *r, int mount)
{
	const char *name = r->sc->mounts[mount].name;
	const struct loc loc = r->sc->mounts[mount].loc;
	struct ring_state ring;

	if (server_ring_state(r->server, mount, &ring) || ring.by_hand)
		return;
	if (ring.err && ring.refused)
		run_fail(r, loc, xasprintf("%s: io_uring could not be registered", name),
			 xstrdup("success"), xstrdup(errno_name(ring.err)), NULL);
	else if (ring.err)
		run_error(r, xasprintf("%s: io_uring: %s", name, strerror(ring.err)));
	else if (!ring.queues && engine_ready(r->engine, mount))
		run_fail(r, loc, xasprintf("%s: INIT did not agree on io_uring, so "
					   "no request came by it", name),
			 NULL, NULL, NULL);
	if (ring.strays)
		run_fail(r, loc, xasprintf("%s: requests came by the device instead of "
					   "io_uring", name), xstrdup("none"),
			 xasprintf("%u, %s among them", ring.strays,
				   ring.stray ? ring.stray->name : "unknown ones"),
			 NULL);
}

static void judge_rings(struct run *r)
{
	for (size_t i = 0; r->server && i < r->sc->n_mounts; i++)
		judge_ring(r, (int)i);
}

void run_judge(struct run *r)
{
	bool steps_done = r->result.n_failures == 0;
	size_t i;

	if (steps_done)
		run_wait(r, SETTLE_NS, is_settled, NULL);
	returns_collect(r->returns, r->sc, r->actors);
	traces_collect(r->traces);
	evlog_begin_teardown(r->log);
	if (steps_done) {
		for (i = 0; i < r->sc->n_expect; i++)
			run_check(r, &r->sc->expect[i]);
		judge_gates(r);
	}
	judge_replies(r);
	judge_rings(r);
	judge_kernel_log(r);
	judge_flood(r);
	unused_find(r, &r->unused);
}

void run_judge_log(struct run *r)
{
	size_t i;

	for (i = 0; i < r->sc->n_expect; i++)
		run_check(r, &r->sc->expect[i]);
	judge_replies(r);
	judge_rings(r);
	if (r->sc->n_expect)
		judge_flood(r);
	unused_find(r, &r->unused);
}
