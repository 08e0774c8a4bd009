/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Requests are moved on here.  From top to bottom: what makes a request wait,
 * what is done with it, and the threads that come with one, which are a worker
 * that has read it, a thread of the backend that replies to it, and the delay
 * thread of its mount.
 */
#include "config.h"

#include "engine/pipeline.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

#include "base/iov.h"
#include "base/mem.h"
#include "base/units.h"
#include "engine/arrival.h"
#include "engine/engine_log.h"
#include "engine/print.h"
#include "engine/reply_build.h"
#include "engine/reply_out.h"

/* ---- what makes a request wait; under the lock ------------------------------------ */

/* The bytes that a bandwidth limits: the data in the message, or, of a request
 * that reads, the data that was read or asked for. */
static uint64_t data_bytes(const struct request *r)
{
	const struct field *f;
	struct decoded_request req;
	struct field_value v;
	const char *why;

	if (r->ev && r->ev->data_len)
		return r->ev->data_len;
	if (r->backend_reply_len > sizeof(struct wire_out_header))
		return r->backend_reply_len - sizeof(struct wire_out_header);
	f = r->op ? op_arg(r->op, "size", 4) : NULL;
	/* That of SETATTR, with 64 bits, is of the file. */
	if (!f || f->type != FT_U32 ||
	    request_decode_cut(&req, r->op, r->head, r->head_len, &why) ||
	    request_get(&req, f, &v))
		return 0;
	return v.num;
}

/* False: there is nothing to wait for. */
static bool delay(struct engine *e, struct request *r)
{
	auto_buf struct buf text = BUF_INIT;
	uint64_t now = clock_ns();
	uint64_t ns = rulebook_delay(e->rules, r->rule, data_bytes(r), now);

	if (!ns)
		return false;
	print_time(&text, ns);
	log_request(e, r, EV_DELAYED, buf_str(&text));
	delay_queue_add(mount_of(e, r)->queue, r, now + ns);
	return true;
}

/* False: the gate is open. */
static bool hold(struct engine *e, struct request *r)
{
	if (gates_lets_pass(e->gates, r->rule->gate, r))
		return false;
	gates_hold(e->gates, r->rule->gate, r);
	log_request(e, r, EV_HELD, NULL);
	return true;
}

static enum action drop(struct engine *e, struct request *r)
{
	log_request(e, r, EV_DROPPED, NULL);
	return request_wants_reply(r) ? ACTION_NONE : ACTION_END;
}

/* Does an INTERRUPT come when the backend does not work on its request?  The
 * backend must not see it then, because libfuse would keep it for a request to
 * come. */
static bool is_late_interrupt(struct engine *e, const struct request *r)
{
	const struct request *meant;

	if (r->opcode != OP_INTERRUPT)
		return false;
	meant = inflight_find(&mount_of(e, r)->inflight,
			      r->unique & ~WIRE_UNIQUE_INT);
	return !meant || meant->state != REQUEST_DELIVERED;
}

static enum action next_action(struct engine *e, struct request *r)
{
	for (;;) {
		enum action action = request_advance(r, e->finished);

		if ((action == ACTION_DELAY && !delay(e, r)) ||
		    (action == ACTION_HOLD && !hold(e, r)))
			request_end_wait(r);
		else if (action == ACTION_DROP)
			return drop(e, r);
		else if (action == ACTION_DELIVER && is_late_interrupt(e, r))
			return ACTION_END;
		else
			return action;
	}
}

void pipeline_let_go(struct engine *e, struct request *r)
{
	struct mount_state *m = mount_of(e, r);

	m->let_go++;
	delay_queue_add(m->queue, r, 0);
}

/* Give a held request its reply (see engine_answer()), which the delay thread
 * writes.  If now is not NULL and the reply is whole, the request is left to
 * the caller as *now instead.  False: no such request is held. */
static bool answer_held(struct engine *e, int gate, const struct pattern *match,
			unsigned nth, const struct reply_spec *reply,
			const struct rule *by, struct request **now)
{
	struct request *r = gates_find(e->gates, gate, match, nth);

	if (!r)
		return false;
	gates_remove(e->gates, gate, r);
	log_request(e, r, EV_RELEASED, NULL);
	request_answer(r, reply, by);
	if (now && r->state == REQUEST_SENDING)
		*now = r;
	else
		pipeline_let_go(e, r);
	return true;
}

/* ---- what is done with it; without the lock --------------------------------------- */

/* What the thread that moves a request on knows of it and the request does
 * not. */
struct in_hand {
	bool delivers;			/* a worker: it delivers by itself */
	bool is_to_deliver;		/* ... and is to do so */
	const struct iovec *iov;	/* the backend's reply, not kept */
	int n;
	struct written written;		/* how the reply went */
};

static void send_reply(struct engine *e, struct request *r, struct in_hand *h);

/* A rule answers a request that a gate holds. */
static void answer_by_rule(struct engine *e, const struct rule *rule)
{
	struct in_hand nothing = { .iov = NULL };
	struct request *held = NULL;

	mutex_lock(&e->lock);
	answer_held(e, rule->answer_gate, NULL, 0, &rule->answer, rule, &held);
	mutex_unlock(&e->lock);
	if (held)
		send_reply(e, held, &nothing);
}

static void send_notifications(struct engine *e, int mount,
			       const struct notify_spec *specs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		e->hooks.send(e->ctx, mount, &(struct outgoing){
			.kind = OUT_NOTIFICATION, .notification = &specs[i],
		});
}

/* From the handler of a request, which goes on when those have returned that say
 * so. */
static void notify_in_handler(struct engine *e, int mount,
			      const struct notify_spec *specs, size_t n)
{
	struct mount_state *m = &e->mounts[mount];

	for (size_t i = 0; i < n; i++) {
		mutex_lock(&e->lock);
		m->notifying += specs[i].wait;
		mutex_unlock(&e->lock);
		send_notifications(e, mount, &specs[i], 1);
		mutex_lock(&e->lock);
		m->notifying -= specs[i].wait;
		mutex_unlock(&e->lock);
	}
}

/* Under the lock: out of the table, so that its worker may go on. */
static void leave(struct engine *e, struct request *r)
{
	inflight_remove(&mount_of(e, r)->inflight, r);
	if (!r->is_over)
		return;
	*r->is_over = true;
	pthread_cond_broadcast(&e->resumed);
}

static void send_control(struct engine *e, int mount, enum outgoing_kind kind)
{
	e->hooks.send(e->ctx, mount, &(struct outgoing){ .kind = kind });
}

static void do_first_effects(struct engine *e, int mount, const struct rule *rule)
{
	notify_in_handler(e, mount, rule->notify_before, rule->n_notify_before);
	if (rule->answer_gate != NONE && rule->answer_first)
		answer_by_rule(e, rule);
	if (rule->abort)
		send_control(e, mount, OUT_ABORT);
	if (rule->die)
		send_control(e, mount, OUT_CLOSE);
}

/* After the reply was written.  rule: may be NULL. */
static void do_last_effects(struct engine *e, int mount, const struct rule *rule)
{
	bool answers = rule && rule->answer_gate != NONE && !rule->answer_first;
	bool finished;

	if (!rule || (!answers && !rule->n_notify_after))
		return;
	mutex_lock(&e->lock);
	finished = e->finished;
	mutex_unlock(&e->lock);
	if (finished)
		return;
	if (answers)
		answer_by_rule(e, rule);
	send_notifications(e, mount, rule->notify_after, rule->n_notify_after);
}

/* The request is over without a reply of ours. */
static void end(struct engine *e, struct request *r)
{
	do_last_effects(e, r->mount, r->rule);
	mutex_lock(&e->lock);
	leave(e, r);
	mutex_unlock(&e->lock);
	request_free(r);
}

/* The request may be answered and freed before the hook returns, so its message
 * is taken out of it first. */
static void deliver(struct engine *e, struct request *r, struct in_hand *h)
{
	auto_free void *msg = steal_ptr(&r->msg);
	size_t len = r->msg_len;
	int mount = r->mount;

	if (!request_wants_reply(r))
		end(e, r);
	if (h->delivers)
		h->is_to_deliver = true;
	else
		e->hooks.deliver(e->ctx, mount, msg, len);
}

/* The reply was written.  False: the kernel still waits for one. */
static bool is_over(struct engine *e, struct request *r, const struct written *w)
{
	struct mount_state *m = mount_of(e, r);
	bool is_missed;

	auto_lock(&e->lock);
	if (init_is_op(r->opcode) && w->is_good && !w->err)
		m->init.ready = true;
	/* A ring takes what it is given: the entry is needed. */
	is_missed = request_wants_reply(r) && !e->finished && r->queue == NONE &&
		reply_is_missed(r->reply, r->unique, w->len, w->err);
	if (is_missed)
		request_set_state(r, REQUEST_MISSED);
	else
		leave(e, r);
	return !is_missed;
}

static void send_reply(struct engine *e, struct request *r, struct in_hand *h)
{
	h->written = reply_write(e, r, h->iov, h->n);
	do_last_effects(e, r->mount, r->rule);
	if (is_over(e, r, &h->written))
		request_free(r);
	if (!e->quiet)
		evlog_poke(e->log);
}

/* True: advance it again. */
static bool perform(struct engine *e, struct request *r, enum action action,
		    struct in_hand *h)
{
	switch (action) {
	case ACTION_NONE:
	case ACTION_DELAY:
	case ACTION_HOLD:
	case ACTION_DROP:
		return false;	/* it waits, and is not ours */
	case ACTION_EFFECTS:
		do_first_effects(e, r->mount, r->rule);
		if (request_is_to_drop(r))
			do_last_effects(e, r->mount, r->rule);
		return true;
	case ACTION_DELIVER:
		deliver(e, r, h);
		return false;
	case ACTION_SEND:
		send_reply(e, r, h);
		return false;
	case ACTION_END:
		end(e, r);
		return false;
	}
	return false;
}

/* Do the action, and those that follow until the request waits, leaves or
 * ends. */
static void request_perform(struct engine *e, struct request *r,
			    enum action action, struct in_hand *h)
{
	while (perform(e, r, action, h)) {
		mutex_lock(&e->lock);
		action = next_action(e, r);
		mutex_unlock(&e->lock);
	}
}

/* ---- a worker has read it ------------------------------------------------------------ */

/* Lock held, given up meanwhile. */
static void wait_while_stalled(struct engine *e, struct request *r)
{
	struct mount_state *m = mount_of(e, r);

	if (!m->stalled || e->finished)
		return;
	request_set_state(r, REQUEST_STALLED);
	while (m->stalled && !e->finished)
		cond_wait(&e->resumed, &e->lock);
	request_set_state(r, REQUEST_ARRIVED);
}

/* Change what the request's rule changes in the engine. */
static void apply_rule(struct engine *e, const struct request *r)
{
	if (!r->rule)
		return;
	change_states(e, r->rule->set, r->rule->n_set);
	if (r->rule->stall) {
		mount_of(e, r)->stalled = true;
		e->attention = true;
	}
}

/* A worker that is busy with its request, which may be over already, reads no
 * other one.  The backend's work is done on this thread anyway. */
static void stay_with(struct engine *e, struct request *r, int mount, bool delivers,
		      const bool *is_over)
{
	struct mount_state *m = &e->mounts[mount];

	auto_lock(&e->lock);
	m->waiting++;
	while (!delivers && !*is_over && !e->finished)
		cond_wait(&e->resumed, &e->lock);
	m->waiting--;
	if (!*is_over)
		r->is_over = NULL;
}

bool engine_request_by(struct engine *e, int mount, void *chan, int queue,
		       void *msg, size_t len)
{
	struct in_hand h = { .delivers = true };
	bool is_over = false, is_busy;
	struct arrival a;
	struct request *r;
	enum action action;

	if (len < sizeof(struct wire_in_header))
		return false;
	arrival_init(&a, e->sc->protocol, mount, chan, msg, len);
	arrival_copy_large(e, &a);
	r = a.r;
	r->queue = queue;
	a.decoded.queue = (unsigned)(queue + 1);
	mutex_lock(&e->lock);
	inflight_add(&e->mounts[mount].inflight, r);
	wait_while_stalled(e, r);
	arrival_examine(e, &a);
	apply_rule(e, r);
	is_busy = r->rule && r->rule->busy;
	if (is_busy)
		r->is_over = &is_over;
	/* The lock is held from the log entry to the gate, so that gates hold
	 * in the order of the log. */
	if (a.is_malformed && !request_wants_reply(r))
		action = ACTION_END;
	else
		action = next_action(e, r);
	mutex_unlock(&e->lock);
	arrival_fini(&a);
	request_perform(e, r, action, &h);
	if (is_busy)
		stay_with(e, r, mount, h.is_to_deliver, &is_over);
	return h.is_to_deliver;
}

bool engine_request(struct engine *e, int mount, void *chan, void *msg, size_t len)
{
	return engine_request_by(e, mount, chan, NONE, msg, len);
}

/* ---- the backend has replied -------------------------------------------------------- */

/* Send a message that answers no request that we know, such as a notification
 * of the session's own. */
static ssize_t send_unseen(struct engine *e, int mount, const struct iovec *iov,
			   int n)
{
	struct outgoing out = { .kind = OUT_REPLY,
				.reply = { .iov = iov, .n = n } };
	int err = e->hooks.send(e->ctx, mount, &out);

	return err ? -err : (ssize_t)iov_size(iov, n);
}

ssize_t engine_reply(struct engine *e, int mount, const struct iovec *iov, int n)
{
	struct in_hand h = { .iov = iov, .n = n };
	ssize_t total = (ssize_t)iov_size(iov, n);
	struct wire_out_header head;
	enum action action;
	struct request *r;

	if (iov_copy(iov, n, 0, &head, sizeof(head)) < sizeof(head))
		return -EINVAL;
	if (!head.unique)
		return send_unseen(e, mount, iov, n);
	mutex_lock(&e->lock);
	r = inflight_find(&e->mounts[mount].inflight, head.unique);
	if (!r || r->state != REQUEST_DELIVERED) {
		mutex_unlock(&e->lock);
		/* A request that we have not read is INIT, if its handler has
		 * attached us, or one that came while we were leaving. */
		return !r && e->foreign ? ENGINE_NOT_READ : total;
	}
	request_set_state(r, REQUEST_REPLIED);
	if (request_reply_may_wait(r)) {
		/* It may be large; r is ours meanwhile. */
		mutex_unlock(&e->lock);
		reply_keep(r, iov, n);
		h.iov = NULL;
		mutex_lock(&e->lock);
	}
	action = next_action(e, r);
	mutex_unlock(&e->lock);
	request_perform(e, r, action, &h);
	return h.iov && h.written.is_unaltered && h.written.err ?
		-h.written.err : total;
}

/* ---- a step answers it ------------------------------------------------------------------ */

bool engine_answer(struct engine *e, int gate, const struct pattern *match,
		   unsigned nth, const struct reply_spec *reply)
{
	auto_lock(&e->lock);
	return answer_held(e, gate, match, nth, reply, NULL, NULL);
}

/* ---- its time has come, or it was let go ------------------------------------------------- */

static void *run_queue(void *arg)
{
	struct mount_state *m = arg;
	struct engine *e = m->e;
	struct request *r;

	/* This thread's waits are then no longer than asked for; by default
	 * they may be 50 us longer. */
	prctl(PR_SET_TIMERSLACK, 1UL);
	if (e->hooks.begin)
		e->hooks.begin(e->ctx);
	mutex_lock(&e->lock);
	while ((r = delay_queue_take(m->queue))) {
		struct in_hand h = { .iov = NULL };
		bool was_delayed = r->state == REQUEST_DELAYED ||
			r->state == REQUEST_REPLY_DELAYED;
		enum action action;

		request_end_wait(r);
		action = next_action(e, r);
		mutex_unlock(&e->lock);
		request_perform(e, r, action, &h);
		mutex_lock(&e->lock);
		m->handed_on += !was_delayed;
	}
	mutex_unlock(&e->lock);
	return NULL;
}

void pipeline_start(struct engine *e)
{
	sigset_t all, old;
	int err = 0;

	/* Signals are the conductor's. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	for (size_t i = 0; i < e->sc->n_mounts && !err; i++)
		err = pthread_create(&e->mounts[i].delay_thread, NULL, run_queue,
				     &e->mounts[i]);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (err)
		die_bug("engine: delay thread: %s", strerror(err));
}

void pipeline_stop(struct engine *e)
{
	mutex_lock(&e->lock);
	for (size_t i = 0; i < e->sc->n_mounts; i++)
		delay_queue_stop(e->mounts[i].queue);
	mutex_unlock(&e->lock);
	for (size_t i = 0; i < e->sc->n_mounts; i++) {
		int err = pthread_join(e->mounts[i].delay_thread, NULL);

		if (err)
			die_bug("engine: join: %s", strerror(err));
	}
}
