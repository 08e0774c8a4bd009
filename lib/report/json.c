/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The log as JSON, one object a line.  The names of the members are an
 * interface: fusescen.1 documents them, tests pin them.  Pure functions.
 */
#include "config.h"

#include "report/report.h"

#include <inttypes.h>
#include <string.h>

#include "base/errnos.h"
#include "base/units.h"
#include "engine/print.h"

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

static const char *verdict_name(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_PASS:
		return "pass";
	case VERDICT_FAIL:
		return "fail";
	case VERDICT_SKIP:
		return "skip";
	case VERDICT_ERROR:
		return "error";
	case VERDICT_XFAIL:
		return "xfail";
	case VERDICT_XPASS:
		return "xpass";
	}
	return "error";
}

/* ---- members -------------------------------------------------------------- */

/* ,"name": unless it is the first of its object */
static void put_name(struct buf *b, const char *name)
{
	if (b->len && b->data[b->len - 1] != '{')
		buf_addc(b, ',');
	buf_printf(b, "\"%s\":", name);
}

static void put_text(struct buf *b, const char *name, const char *text)
{
	if (!text)
		return;
	put_name(b, name);
	buf_json(b, text, strlen(text));
}

static void put_num(struct buf *b, const char *name, uint64_t v)
{
	put_name(b, name);
	buf_printf(b, "%" PRIu64, v);
}

static void put_int(struct buf *b, const char *name, int64_t v)
{
	put_name(b, name);
	buf_printf(b, "%" PRId64, v);
}

static void put_true(struct buf *b, const char *name)
{
	put_name(b, name);
	buf_puts(b, "true");
}

/* Milliseconds with the microseconds behind the point. */
static void put_ms(struct buf *b, const char *name, uint64_t ns)
{
	put_name(b, name);
	buf_printf(b, "%" PRIu64 ".%03u", (uint64_t)(ns / NS_PER_MS),
		   (unsigned)(ns % NS_PER_MS / NS_PER_US));
}

static void put_errno(struct buf *b, const char *name, int err)
{
	auto_buf struct buf word = BUF_INIT;

	print_error(&word, err);
	put_text(b, name, err ? buf_str(&word) : "");
}

static void put_loc(struct buf *b, struct loc loc)
{
	if (!loc.line)
		return;
	put_num(b, "line", loc.line);
	put_num(b, "column", loc.col);
}

/* ---- requests --------------------------------------------------------------- */

/* What has words is given in words. */
static void put_value(struct buf *b, const struct field *f, uint64_t num)
{
	auto_buf struct buf word = BUF_INIT;

	put_name(b, f->name);
	if ((f->dim == FD_FLAGS || f->dim == FD_CHOICE || f->dim == FD_OPCODE) &&
	    (f->flags || f->dim == FD_OPCODE)) {
		field_print(&word, f, num);
		buf_json(b, buf_str(&word), word.len);
	} else if (f->type == FT_S32 || f->type == FT_S64) {
		buf_printf(b, "%" PRId64, (int64_t)num);
	} else {
		buf_printf(b, "%" PRIu64, num);
	}
}

static void put_field(struct buf *b, const struct decoded_request *req,
		      const struct field *f)
{
	struct field_value v;

	if (f->type == FT_DATA || request_get(req, f, &v))
		return;
	if (f->type != FT_NAME) {
		put_value(b, f, v.num);
		return;
	}
	put_name(b, f->name);
	buf_json(b, v.p, v.len);
}

static void put_args(struct buf *b, const struct event *ev)
{
	const struct field *f;
	struct decoded_request req;
	const char *why;

	if (request_decode_cut(&req, ev->msg, ev->msg_len, &why) || !req.op)
		return;
	put_num(b, "uid", req.h->uid);
	put_num(b, "gid", req.h->gid);
	put_name(b, "args");
	buf_addc(b, '{');
	for (f = req.op->args; f->name; f++)
		put_field(b, &req, f);
	buf_addc(b, '}');
}

static void put_op(struct buf *b, const struct event *ev)
{
	put_text(b, "op", ev->op ? ev->op->name : NULL);
	put_num(b, "opcode", ev->opcode);
	put_text(b, "path", ev->path);
}

static void put_request(struct buf *b, const struct event *ev)
{
	put_op(b, ev);
	put_num(b, "unique", ev->unique);
	put_num(b, "nodeid", ev->nodeid);
	put_num(b, "pid", ev->pid);
	put_args(b, ev);
	put_num(b, "data", ev->data_len);
}

/* What became of a request: "request" is the seq of its own event. */
static void put_progress(struct buf *b, const struct scenario *sc,
			 const struct event *ev)
{
	put_op(b, ev);
	put_num(b, "unique", ev->unique);
	if (ev->request)
		put_num(b, "request", ev->request->seq);
	if (ev->gate >= 0)
		put_text(b, "gate", sc->gates[ev->gate]);
	if (ev->kind != EV_REPLY)
		return;
	put_int(b, "errno", ev->error);
	put_errno(b, "error", ev->error);
	put_num(b, "data", ev->data_len);
	put_errno(b, "write_error", ev->write_errno);
}

/* ---- calls and notifications --------------------------------------------------- */

static void put_outcome(struct buf *b, const struct event *ev)
{
	auto_buf struct buf word = BUF_INIT;
	const struct outcome *o = ev->outcome;
	size_t i;

	if (!o)
		return;
	put_int(b, "ret", o->ret);
	put_int(b, "errno", o->err);
	put_errno(b, "error", o->err);
	if (o->signal)
		put_text(b, "signal", signal_name(o->signal));
	if (o->killed)
		put_true(b, "killed");
	if (!ev->call)
		return;
	outcome_print(&word, o, ev->call->call, &ev->call->expect);
	put_text(b, "result", buf_str(&word));
	if (ev->call->call->result != RES_FIELDS || o->ret < 0 || o->signal ||
	    o->killed)
		return;
	put_name(b, "fields");
	buf_addc(b, '{');
	for (i = 0; i < CALL_FIELDS_MAX && ev->call->call->fields[i].name; i++)
		put_num(b, ev->call->call->fields[i].name, o->fields[i]);
	buf_addc(b, '}');
}

static void put_call(struct buf *b, const struct event *ev)
{
	if (ev->call)
		put_text(b, "call", ev->call->call->name);
	put_text(b, "text", ev->text || !ev->call ? ev->text : ev->call->text);
	if (ev->step)
		put_loc(b, ev->step->loc);
	if (ev->kind == EV_RETURN)
		put_outcome(b, ev);
}

static void put_note(struct buf *b, const struct scenario *sc, const struct event *ev)
{
	const struct notify_spec *spec = ev->notify;

	if (ev->note >= 0)
		put_text(b, "name", sc->notes[ev->note]);
	if (spec && spec->note)
		put_text(b, "notify", spec->note->name);
	if (spec)
		put_num(b, "code", spec->note ? spec->note->code : spec->code);
	if (spec)
		put_text(b, "path", spec->file.path);
	if (spec)
		put_text(b, "child", spec->child);
	if (ev->kind == EV_NOTE_DONE) {
		int err = event_error(ev);

		put_int(b, "errno", err);
		put_errno(b, "error", err);
	}
}

/* All of a stress step, or one of its calls. */
static void put_stress(struct buf *b, const struct event *ev)
{
	const struct stress_count *c = ev->stress;

	if (c) {
		put_num(b, "rounds", c->rounds);
		put_num(b, "calls", c->calls);
		put_num(b, "overlaps", c->overlaps);
		put_num(b, "pairs", c->pairs);
		put_num(b, "all_pairs", c->all_pairs);
	} else {
		put_text(b, "call", ev->call->call->name);
		put_text(b, "text", ev->call->text);
		put_int(b, "calls", ev->value);
		put_text(b, "results", ev->text);
	}
	put_loc(b, ev->step->loc);
}

static void put_kernel_return(struct buf *b, const struct event *ev)
{
	auto_buf struct buf word = BUF_INIT;

	put_text(b, "function", ev->text);
	put_num(b, "pid", ev->pid);
	put_int(b, "ret", ev->value);
	print_kernel_value(&word, ev->value);
	put_text(b, "result", buf_str(&word));
}

static void put_trace(struct buf *b, const struct event *ev)
{
	const struct field *f;
	uint64_t v;

	put_text(b, "tracepoint", ev->tracepoint->name);
	put_num(b, "pid", ev->pid);
	put_name(b, "args");
	buf_addc(b, '{');
	for (f = ev->tracepoint->fields; f->name; f++)
		if (!field_get(f, ev->msg, ev->msg_len, &v))
			put_value(b, f, v);
	buf_addc(b, '}');
}

/* ---- whole objects -------------------------------------------------------------- */

static void put_details(struct buf *b, const struct scenario *sc,
			const struct event *ev)
{
	switch (ev->kind) {
	case EV_REQUEST:
		put_request(b, ev);
		break;
	case EV_REPLY:
	case EV_HELD:
	case EV_RELEASED:
	case EV_DELAYED:
		put_progress(b, sc, ev);
		break;
	case EV_CALL:
	case EV_RETURN:
		put_call(b, ev);
		break;
	case EV_NOTE_START:
	case EV_NOTE_DONE:
		put_note(b, sc, ev);
		break;
	case EV_STEP:
		if (ev->step) {
			put_text(b, "text", ev->step->text);
			put_loc(b, ev->step->loc);
		}
		break;
	case EV_BLOCKED:
		if (ev->note >= 0)
			put_text(b, "name", sc->notes[ev->note]);
		put_text(b, "stack", ev->text);
		break;
	case EV_STRESS:
		put_stress(b, ev);
		break;
	case EV_KERNEL_RETURN:
		put_kernel_return(b, ev);
		break;
	case EV_TRACE:
		put_trace(b, ev);
		break;
	case EV_EXIT:
	case EV_STATE:
	case EV_MOUNT:
	case EV_KERNEL:
	case EV_INFO:
		put_text(b, "text", ev->text);
		break;
	}
}

void report_event(struct buf *b, const struct scenario *sc,
		  const struct event *ev, uint64_t start_ns)
{
	buf_addc(b, '{');
	put_num(b, "seq", ev->seq);
	put_ms(b, "ms", ev->at_ns > start_ns ? ev->at_ns - start_ns : 0);
	put_text(b, "event", kind_name(ev->kind));
	if (ev->mount >= 0)
		put_text(b, "mount", sc->mounts[ev->mount].name);
	if (ev->actor >= 0)
		put_text(b, "actor", sc->actors[ev->actor].name);
	put_details(b, sc, ev);
	if (ev->rule >= 0)
		put_num(b, "rule_line", sc->rules[ev->rule].loc.line);
	if (ev->teardown)
		put_true(b, "teardown");
	buf_puts(b, "}\n");
}

static void put_verdict(struct buf *b, const struct result *r)
{
	size_t i;

	buf_addc(b, '{');
	put_text(b, "event", "verdict");
	put_text(b, "verdict", verdict_name(r->verdict));
	put_text(b, "reason", r->reason);
	put_ms(b, "ms", r->elapsed_ns);
	put_name(b, "failures");
	buf_addc(b, '[');
	for (i = 0; i < r->n_failures; i++) {
		const struct failure *f = &r->failures[i];

		buf_puts(b, i ? ",{" : "{");
		put_loc(b, f->loc);
		put_text(b, "what", f->what);
		put_text(b, "expected", f->finding.expected);
		put_text(b, "actual", f->finding.actual);
		put_text(b, "near", f->finding.near_miss);
		put_text(b, "note", f->note);
		buf_addc(b, '}');
	}
	buf_puts(b, "]}\n");
}

void report_json(struct buf *b, const struct scenario *sc, const struct result *r,
		 const struct event *const *events, size_t n)
{
	uint64_t start_ns = UINT64_MAX;
	size_t i;

	for (i = 0; i < n; i++)
		if (events[i]->at_ns < start_ns)
			start_ns = events[i]->at_ns;
	for (i = 0; i < n; i++)
		report_event(b, sc, events[i], start_ns);
	put_verdict(b, r);
}
