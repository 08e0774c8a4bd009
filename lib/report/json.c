/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The log as JSON, one object a line.  The names of the members are an
 * interface: fusescen.1 documents them, tests pin them.  Pure functions.
 */
#include "config.h"

#include "report/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/errnos.h"
#include "base/json.h"
#include "base/units.h"
#include "engine/print.h"
#include "report/words.h"

/* Words name another request only if it is one of so many events before: a log can
 * be a flood of INTERRUPTs. */
#define WORDS_BEFORE	256u

static const char *kind_name(enum event_kind kind)
{
	switch (kind) {
	case EV_REQUEST:
		return "request";
	case EV_REPLY:
		return "reply";
	case EV_HELD:
		return "held";
	case EV_RELEASED:
		return "released";
	case EV_DELAYED:
		return "delayed";
	case EV_DROPPED:
		return "dropped";
	case EV_CALL:
		return "call";
	case EV_RETURN:
		return "return";
	case EV_EXIT:
		return "exit";
	case EV_NOTE_START:
		return "notify";
	case EV_NOTE_DONE:
		return "notified";
	case EV_BLOCKED:
		return "blocked";
	case EV_STEP:
		return "step";
	case EV_STATE:
		return "state";
	case EV_MOUNT:
		return "mount";
	case EV_STRESS:
		return "stress";
	case EV_KERNEL:
		return "kernel";
	case EV_KERNEL_RETURN:
		return "kernel_return";
	case EV_TRACE:
		return "trace";
	case EV_INFO:
		return "info";
	}
	return "info";
}

/* ---- members -------------------------------------------------------------- */

/* Milliseconds with the microseconds behind the point. */
static void put_ms(struct json_writer *w, const char *key, uint64_t ns)
{
	char text[32];

	snprintf(text, sizeof(text), "%" PRIu64 ".%03u", (uint64_t)(ns / NS_PER_MS),
		 (unsigned)(ns % NS_PER_MS / NS_PER_US));
	json_put_raw(w, key, text);
}

static void put_errno(struct json_writer *w, const char *key, int err)
{
	auto_buf struct buf word = BUF_INIT;

	print_error(&word, err);
	json_put_text(w, key, err ? buf_str(&word) : "");
}

static void put_loc(struct json_writer *w, struct loc loc)
{
	if (!loc.line)
		return;
	json_put_u64(w, "line", loc.line);
	json_put_u64(w, "column", loc.col);
}

/* ---- requests --------------------------------------------------------------- */

/* What has words is given in words. */
static void put_value(struct json_writer *w, const struct protocol *p,
		      const struct field *f, uint64_t num)
{
	auto_buf struct buf word = BUF_INIT;

	if ((f->dim == FD_FLAGS || f->dim == FD_CHOICE || f->dim == FD_OPCODE) &&
	    (f->flags || f->dim == FD_OPCODE)) {
		field_print(&word, p, f, num);
		json_put_text(w, f->name, buf_str(&word));
	} else if (f->type == FT_S32 || f->type == FT_S64) {
		json_put_i64(w, f->name, (int64_t)num);
	} else {
		json_put_u64(w, f->name, num);
	}
}

static void put_field(struct json_writer *w, const struct protocol *p,
		      const struct decoded_request *req, const struct field *f)
{
	struct field_value v;

	if (f->type == FT_DATA || request_get(req, f, &v))
		return;
	if (f->type == FT_NAME)
		json_put_bytes(w, f->name, v.p, v.len);
	else
		put_value(w, p, f, v.num);
}

static void put_args(struct json_writer *w, const struct protocol *p,
		     const struct event *ev)
{
	const struct field *f;
	struct decoded_request req;
	const char *why;

	if (request_decode_cut(&req, ev->op, ev->msg, ev->msg_len, &why) || !req.op)
		return;
	json_put_u64(w, "uid", req.h->uid);
	json_put_u64(w, "gid", req.h->gid);
	json_begin(w, "args", '{');
	for (f = req.op->args; f->name; f++)
		put_field(w, p, &req, f);
	for (f = extension_fields; f->name; f++)
		put_field(w, p, &req, f);
	json_end(w);
}

/* The fixed part of a good reply. */
static void put_reply_fields(struct json_writer *w, const struct scenario *sc,
			     const struct event *ev)
{
	const struct field *f;
	size_t fixed;
	uint64_t num;

	if (!ev->op || ev->error)
		return;
	fixed = reply_fixed_size(ev->op, ev->has_data, ev->msg_len);
	if (!fixed)
		return;
	json_begin(w, "fields", '{');
	for (f = ev->op->reply_fields; f->name; f++)
		if (f->type != FT_DATA && !field_get(f, ev->msg, fixed, &num))
			put_value(w, sc->protocol, f, num);
	json_end(w);
}

static void put_op(struct json_writer *w, const struct event *ev)
{
	json_put_text(w, "op", ev->op ? ev->op->name : NULL);
	json_put_u64(w, "opcode", ev->opcode);
	json_put_text(w, "path", ev->path);
	if (ev->queue != NONE)
		json_put_i64(w, "queue", ev->queue);
}

static void put_request(struct json_writer *w, const struct scenario *sc,
			const struct event *ev)
{
	put_op(w, ev);
	json_put_u64(w, "unique", ev->unique);
	json_put_u64(w, "nodeid", ev->nodeid);
	json_put_u64(w, "pid", ev->pid);
	put_args(w, sc->protocol, ev);
	json_put_u64(w, "data", ev->data_len);
}

/* What became of a request: "request" is the seq of its own event. */
static void put_progress(struct json_writer *w, const struct scenario *sc,
			 const struct event *ev)
{
	put_op(w, ev);
	json_put_u64(w, "unique", ev->unique);
	if (ev->request)
		json_put_u64(w, "request", ev->request->seq);
	if (ev->gate >= 0)
		json_put_text(w, "gate", sc->gates[ev->gate]);
	if (ev->kind != EV_REPLY)
		return;
	json_put_i64(w, "errno", ev->error);
	put_errno(w, "error", ev->error);
	put_reply_fields(w, sc, ev);
	json_put_u64(w, "data", ev->data_len);
	put_errno(w, "write_error", ev->write_errno);
}

/* ---- calls and notifications --------------------------------------------------- */

static void put_result_field(struct json_writer *w, const struct scenario *sc,
			     const struct result_field *f, uint64_t v)
{
	if (f->dim == FD_PROCESS && v >= PROCESS_ACTOR &&
	    v - PROCESS_ACTOR < sc->n_actors)
		json_put_text(w, f->name, sc->actors[v - PROCESS_ACTOR].name);
	else
		json_put_u64(w, f->name, v);
}

static void put_outcome(struct json_writer *w, const struct scenario *sc,
			const struct event *ev)
{
	auto_buf struct buf word = BUF_INIT;
	const struct outcome *o = ev->outcome;
	size_t i;

	if (!o)
		return;
	json_put_i64(w, "ret", o->ret);
	json_put_i64(w, "errno", o->err);
	put_errno(w, "error", o->err);
	if (o->signal)
		json_put_text(w, "signal", signal_name(o->signal));
	if (o->killed)
		json_put_bool(w, "killed", true);
	if (!ev->call)
		return;
	outcome_print(&word, o, ev->call->call,
		      expectation_of(sc, ev->step, ev->call));
	json_put_text(w, "result", buf_str(&word));
	if (ev->call->call->result != RES_FIELDS || o->ret < 0 || o->signal ||
	    o->killed)
		return;
	json_begin(w, "fields", '{');
	for (i = 0; i < CALL_FIELDS_MAX && ev->call->call->fields[i].name; i++)
		put_result_field(w, sc, &ev->call->call->fields[i], o->fields[i]);
	json_end(w);
}

static void put_call(struct json_writer *w, const struct scenario *sc,
		     const struct event *ev)
{
	if (ev->call)
		json_put_text(w, "call", ev->call->call->name);
	json_put_text(w, "text", ev->text || !ev->call ? ev->text : ev->call->text);
	if (ev->step)
		put_loc(w, ev->step->loc);
	if (ev->kind == EV_RETURN)
		put_outcome(w, sc, ev);
}

static void put_note(struct json_writer *w, const struct scenario *sc, const struct event *ev)
{
	const struct notify_spec *spec = ev->notify;

	if (ev->note >= 0)
		json_put_text(w, "name", sc->notes[ev->note]);
	if (spec && spec->note)
		json_put_text(w, "notify", spec->note->name);
	if (spec)
		json_put_u64(w, "code", spec->note ? spec->note->code : spec->code);
	if (spec)
		json_put_text(w, "path", spec->file.path);
	if (spec)
		json_put_text(w, "child", spec->child);
	if (ev->kind == EV_NOTE_DONE) {
		int err = event_error(ev);

		json_put_i64(w, "errno", err);
		put_errno(w, "error", err);
	}
}

/* All of a stress step, or one of its calls. */
static void put_stress(struct json_writer *w, const struct event *ev)
{
	const struct stress_count *c = ev->stress;

	if (c) {
		json_put_u64(w, "rounds", c->rounds);
		json_put_u64(w, "calls", c->calls);
		json_put_u64(w, "overlaps", c->overlaps);
		json_put_u64(w, "pairs", c->pairs);
		json_put_u64(w, "all_pairs", c->all_pairs);
	} else {
		json_put_text(w, "call", ev->call->call->name);
		json_put_text(w, "text", ev->call->text);
		json_put_i64(w, "calls", ev->value);
		json_put_text(w, "results", ev->text);
	}
	put_loc(w, ev->step->loc);
}

static void put_kernel_return(struct json_writer *w, const struct event *ev)
{
	auto_buf struct buf word = BUF_INIT;

	json_put_text(w, "function", ev->text);
	json_put_u64(w, "pid", ev->pid);
	json_put_i64(w, "ret", ev->value);
	print_kernel_value(&word, ev->value);
	json_put_text(w, "result", buf_str(&word));
}

static void put_trace(struct json_writer *w, const struct scenario *sc,
		      const struct event *ev)
{
	const struct field *f;
	uint64_t v;

	json_put_text(w, "tracepoint", ev->tracepoint->name);
	json_put_u64(w, "pid", ev->pid);
	json_begin(w, "args", '{');
	for (f = ev->tracepoint->fields; f->name; f++)
		if (!field_get(f, ev->msg, ev->msg_len, &v))
			put_value(w, sc->protocol, f, v);
	json_end(w);
}

/* ---- whole objects -------------------------------------------------------------- */

static void put_details(struct json_writer *w, const struct scenario *sc,
			const struct event *ev)
{
	switch (ev->kind) {
	case EV_REQUEST:
		put_request(w, sc, ev);
		break;
	case EV_REPLY:
	case EV_HELD:
	case EV_RELEASED:
	case EV_DELAYED:
	case EV_DROPPED:
		put_progress(w, sc, ev);
		break;
	case EV_CALL:
	case EV_RETURN:
		put_call(w, sc, ev);
		break;
	case EV_NOTE_START:
	case EV_NOTE_DONE:
		put_note(w, sc, ev);
		break;
	case EV_STEP:
		if (ev->step) {
			json_put_text(w, "text", ev->step->text);
			put_loc(w, ev->step->loc);
		}
		break;
	case EV_BLOCKED:
		if (ev->note >= 0)
			json_put_text(w, "name", sc->notes[ev->note]);
		json_put_text(w, "stack", ev->text);
		break;
	case EV_STRESS:
		put_stress(w, ev);
		break;
	case EV_KERNEL_RETURN:
		put_kernel_return(w, ev);
		break;
	case EV_TRACE:
		put_trace(w, sc, ev);
		break;
	case EV_EXIT:
	case EV_STATE:
	case EV_MOUNT:
	case EV_KERNEL:
	case EV_INFO:
		json_put_text(w, "text", ev->text);
		break;
	}
}

/* What the ladder says, for readers that draw pictures of their own. */
static void put_words(struct json_writer *w, const struct view *v,
		      const struct event *ev)
{
	auto_buf struct buf words = BUF_INIT;
	const char *s;

	if (event_place(ev) == PLACE_NONE)
		return;
	event_words(&words, v, ev);
	s = buf_str(&words);
	json_put_text(w, "words", s + strspn(s, " "));
}

/* v: what words may refer to; NULL: nothing is said in words. */
static void put_event(struct buf *b, const struct scenario *sc, const struct view *v,
		      const struct event *ev, uint64_t start_ns)
{
	struct json_writer writer = { .out = b }, *w = &writer;

	json_begin(w, NULL, '{');
	json_put_u64(w, "seq", ev->seq);
	put_ms(w, "ms", ev->at_ns > start_ns ? ev->at_ns - start_ns : 0);
	json_put_text(w, "event", kind_name(ev->kind));
	if (ev->mount >= 0)
		json_put_text(w, "mount", sc->mounts[ev->mount].name);
	if (ev->actor >= 0)
		json_put_text(w, "actor", sc->actors[ev->actor].name);
	put_details(w, sc, ev);
	if (ev->rule >= 0)
		json_put_u64(w, "rule_line", sc->rules[ev->rule].loc.line);
	if (ev->teardown)
		json_put_bool(w, "teardown", true);
	if (v)
		put_words(w, v, ev);
	json_end(w);
	buf_addc(b, '\n');
}

void report_event(struct buf *b, const struct scenario *sc,
		  const struct event *ev, uint64_t start_ns)
{
	put_event(b, sc, NULL, ev, start_ns);
}

static void put_failure(struct json_writer *w, const struct failure *f)
{
	json_begin(w, NULL, '{');
	put_loc(w, f->loc);
	if (f->finding.at_seq)
		json_put_u64(w, "at", f->finding.at_seq);
	json_put_text(w, "what", f->what);
	json_put_text(w, "expected", f->finding.expected);
	json_put_text(w, "actual", f->finding.actual);
	json_put_text(w, "near", f->finding.near_miss);
	json_put_text(w, "note", f->note);
	json_end(w);
}

static void put_verdict(struct buf *b, const struct scenario *sc, const struct result *r)
{
	struct json_writer writer = { .out = b }, *w = &writer;
	size_t i;

	json_begin(w, NULL, '{');
	json_put_text(w, "event", "verdict");
	json_put_text(w, "file", sc->path);
	json_put_text(w, "case", sc->case_name);
	if (r->kernel) {
		json_put_text(w, "kernel", r->kernel);
		json_put_text(w, "version", PACKAGE_VERSION);
	}
	json_put_text(w, "verdict", verdicts[r->verdict].word);
	json_put_text(w, "reason", r->reason);
	put_ms(w, "ms", r->elapsed_ns);
	json_begin(w, "failures", '[');
	for (i = 0; i < r->n_failures; i++)
		put_failure(w, &r->failures[i]);
	json_end(w);
	json_end(w);
	buf_addc(b, '\n');
}

void report_json(struct buf *b, const struct scenario *sc, const struct result *r,
		 const struct event *const *events, size_t n)
{
	uint64_t start_ns = UINT64_MAX;
	size_t i;

	for (i = 0; i < n; i++)
		if (events[i]->at_ns < start_ns)
			start_ns = events[i]->at_ns;
	for (i = 0; i < n; i++) {
		size_t before = i < WORDS_BEFORE ? i : WORDS_BEFORE;
		const struct view v = { sc, events + i - before, before + 1 };

		put_event(b, sc, &v, events[i], start_ns);
	}
	put_verdict(b, sc, r);
}
