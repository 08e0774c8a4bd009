/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Conditions, patterns and events as text.  Pure functions, any thread. */
#include "config.h"

#include "engine/print.h"

#include <inttypes.h>
#include <string.h>

#include "base/errnos.h"
#include "base/escape.h"
#include "base/units.h"

void print_path(struct buf *b, const struct scenario *sc, int mount,
		const char *path)
{
	bool many = sc->n_mounts > 1 && mount >= 0 &&
		(size_t)mount < sc->n_mounts;

	if (many)
		buf_printf(b, "%s:", sc->mounts[mount].name);
	if (path)
		buf_puts(b, path);
	else if (!many)
		buf_puts(b, "any file");
}

void print_error(struct buf *b, int error)
{
	const char *name = error ? errno_name(error) : "0";

	if (name)
		buf_puts(b, name);
	else
		buf_printf(b, "errno %d", error);
}

void print_kernel_value(struct buf *b, int64_t value)
{
	static const struct field result = {
		"", FT_S64, FD_RESULT, 0, 0, NULL,
	};

	field_print(b, &protocol_builtin, &result, (uint64_t)value);
}

/* Flags that must be set, and "-" before each that must not be. */
static void print_flags_cond(struct buf *b, const struct cond *c,
			     const struct field *f)
{
	static const struct flag no_rows[] = { { .name = NULL } };
	static const struct flagset none = { "", "", no_rows };

	flags_print_cond(b, f && f->flags ? f->flags : &none, c->set, c->unset);
}

static void print_number(struct buf *b, const struct protocol *p,
			 const struct field *f, uint64_t num)
{
	if (f)
		field_print(b, p, f, num);
	else
		print_size(b, num);
}

void print_cond(struct buf *b, const struct protocol *p, const struct cond *c,
		const struct field *f)
{
	switch (c->kind) {
	case COND_RANGE:
		print_number(b, p, f, c->lo);
		if (c->hi == c->lo + 1 && c->hi)
			return;
		buf_puts(b, "..");
		if (c->hi != UINT64_MAX)
			print_number(b, p, f, c->hi);
		return;
	case COND_FLAGS:
		print_flags_cond(b, c, f);
		return;
	case COND_STR:
		buf_quote(b, c->p, c->len, NAME_SHOWN);
		return;
	case COND_BYTES:
		buf_data(b, c->p, c->len, c->len);
		return;
	}
}

static void print_file(struct buf *b, const struct scenario *sc,
		       const struct file_ref *file)
{
	if (file->path || (file->mount != NONE && sc->n_mounts > 1)) {
		buf_addc(b, ' ');
		print_path(b, sc, file->mount, file->path);
	}
}

/* fields: where the pattern's are; NULL: those of its operation */
static void print_conds(struct buf *b, const struct scenario *sc,
			const struct pattern *p, const struct field *fields)
{
	for (size_t i = 0; i < p->n_where; i++) {
		const struct cond *c = &p->where[i];
		size_t len = strlen(c->field);
		const struct field *f = fields ?
			field_by_name(fields, c->field, len) :
			op_arg(p->op, c->field, len);

		buf_printf(b, " %s%s", c->field, c->negate ? "!=" : "=");
		print_cond(b, sc->protocol, c, f);
	}
}

static void print_request_pattern(struct buf *b, const struct scenario *sc,
				  const struct pattern *p)
{
	buf_puts(b, p->op ? p->op->name : "*");
	print_file(b, sc, &p->file);
	print_conds(b, sc, p, NULL);
}

static void print_trace_pattern(struct buf *b, const struct scenario *sc,
				const struct pattern *p)
{
	buf_printf(b, "trace %s", p->tracepoint->name);
	if (p->file.mount != NONE)
		buf_printf(b, " %s:", sc->mounts[p->file.mount].name);
	if (p->actor != NONE)
		buf_printf(b, " actor=%s", sc->actors[p->actor].name);
	print_conds(b, sc, p, p->tracepoint->fields);
}

static const char *note_name(const struct scenario *sc, int note)
{
	return note >= 0 && (size_t)note < sc->n_notes ? sc->notes[note] :
		"notification";
}

static const char *actor_name(const struct scenario *sc, int actor)
{
	return actor >= 0 && (size_t)actor < sc->n_actors ?
		sc->actors[actor].name : "?";
}

static const char *gate_name(const struct scenario *sc, int gate)
{
	return gate >= 0 && (size_t)gate < sc->n_gates ? sc->gates[gate] : "?";
}

void print_pattern(struct buf *b, const struct scenario *sc,
		   const struct pattern *p)
{
	if (p->text) {
		buf_puts(b, p->text);
		return;
	}
	switch (p->kind) {
	case PAT_REPLY:
		buf_puts(b, "reply ");
		/* fall through */
	case PAT_REQUEST:
		print_request_pattern(b, sc, p);
		break;
	case PAT_CALL:
		buf_printf(b, "%s %s starts", actor_name(sc, p->actor),
			   p->call ? p->call->name : "");
		return;
	case PAT_RETURN:
		buf_printf(b, "%s %s%s", actor_name(sc, p->actor),
			   p->call ? p->call->name : "",
			   p->has_result ? " = " : " returns");
		if (p->has_result && p->result.text)
			buf_puts(b, p->result.text);
		return;
	case PAT_TRACE:
		print_trace_pattern(b, sc, p);
		return;
	case PAT_NOTE_START:
		buf_printf(b, "%s starts", note_name(sc, p->note));
		return;
	case PAT_NOTE_DONE:
		buf_printf(b, "%s%s", note_name(sc, p->note),
			   p->has_error ? "" : " returns");
		break;
	}
	if (p->has_error) {
		buf_puts(b, " = ");
		print_error(b, p->error);
	}
}

void print_who(struct buf *b, const struct scenario *sc,
		    const struct event *ev)
{
	buf_printf(b, "#%" PRIu64 " ", ev->seq);
	if (ev->kind != EV_REQUEST && ev->kind != EV_REPLY) {
		event_print(b, sc, ev);
	} else {
		buf_printf(b, "%s%s", ev->kind == EV_REPLY ? "reply " : "",
			   ev->op ? ev->op->name : "unknown operation");
		if (ev->path) {
			buf_addc(b, ' ');
			print_path(b, sc, ev->mount, ev->path);
		}
	}
}

int event_error(const struct event *ev)
{
	return ev->error ? ev->error : ev->write_errno;
}

void print_trace(struct buf *b, const struct scenario *sc, const struct event *ev)
{
	const struct field *f;
	uint64_t v;

	buf_puts(b, ev->tracepoint->name);
	if (ev->mount != NONE && sc->n_mounts > 1)
		buf_printf(b, " %s:", sc->mounts[ev->mount].name);
	for (f = ev->tracepoint->fields; f->name; f++) {
		if (field_get(f, ev->msg, ev->msg_len, &v))
			continue;
		buf_printf(b, " %s=", f->name);
		field_print(b, sc->protocol, f, v);
	}
}

/* ---- events ---------------------------------------------------------------- */

static void print_asked(struct buf *b, const struct scenario *sc,
			const struct event *ev)
{
	struct decoded_request req;
	const char *why;

	if (ev->op)
		buf_puts(b, ev->op->name);
	else
		buf_printf(b, "opcode %" PRIu32, ev->opcode);
	if (ev->path || (sc->n_mounts > 1 && ev->mount != NONE)) {
		buf_addc(b, ' ');
		print_path(b, sc, ev->mount, ev->path);
	}
	if (!ev->path && ev->nodeid)
		buf_printf(b, " nodeid=%" PRIu64, ev->nodeid);
	if (ev->op && !request_decode_cut(&req, ev->op, ev->msg, ev->msg_len, &why)) {
		auto_buf struct buf args = BUF_INIT;

		request_print(&args, sc->protocol, &req);
		if (args.len)
			buf_printf(b, " %s", buf_str(&args));
	}
}

static void print_reply(struct buf *b, const struct scenario *sc,
			const struct event *ev)
{
	int err = ev->write_errno;

	buf_puts(b, "reply ");
	print_asked(b, sc, ev->request ? ev->request : ev);
	buf_puts(b, " = ");
	print_error(b, ev->error);
	if (err) {
		buf_puts(b, " (its write gave ");
		print_error(b, err);
		buf_addc(b, ')');
	}
}

static void print_gate_event(struct buf *b, const struct scenario *sc,
			     const struct event *ev, const char *what)
{
	buf_puts(b, what);
	if (ev->gate != NONE)
		buf_printf(b, " %s", gate_name(sc, ev->gate));
	buf_puts(b, ": ");
	print_asked(b, sc, ev->request ? ev->request : ev);
}

static void print_call(struct buf *b, const struct scenario *sc,
		       const struct event *ev)
{
	const struct call_use *use = ev->call;

	buf_printf(b, "%s %s", actor_name(sc, ev->actor),
		   use && use->call ? use->call->name : "call");
	if (ev->kind == EV_CALL) {
		buf_puts(b, " starts");
	} else if (use && use->call && ev->outcome) {
		buf_puts(b, " = ");
		outcome_print(b, ev->outcome, use->call, &use->expect);
	} else {
		buf_puts(b, " returns");
	}
}

static void print_note(struct buf *b, const struct scenario *sc,
		       const struct event *ev)
{
	if (ev->note != NONE)
		buf_puts(b, note_name(sc, ev->note));
	else if (ev->notify && ev->notify->note)
		buf_puts(b, ev->notify->note->name);
	else
		buf_puts(b, "notification");
	if (ev->kind == EV_NOTE_START) {
		buf_puts(b, " starts");
	} else if (!event_error(ev)) {
		buf_puts(b, " returns");
	} else {
		buf_puts(b, " = ");
		print_error(b, event_error(ev));
	}
}

void event_print(struct buf *b, const struct scenario *sc, const struct event *ev)
{
	switch (ev->kind) {
	case EV_REQUEST:
		print_asked(b, sc, ev);
		if (ev->queue != NONE)
			buf_printf(b, " (queue %d)", ev->queue);
		return;
	case EV_REPLY:
		print_reply(b, sc, ev);
		return;
	case EV_HELD:
		print_gate_event(b, sc, ev, "held at");
		return;
	case EV_RELEASED:
		print_gate_event(b, sc, ev, "released from");
		return;
	case EV_DELAYED:
		print_gate_event(b, sc, ev, "delayed");
		return;
	case EV_DROPPED:
		print_gate_event(b, sc, ev, "dropped");
		return;
	case EV_CALL:
	case EV_RETURN:
		print_call(b, sc, ev);
		return;
	case EV_EXIT:
		buf_printf(b, "%s exits", actor_name(sc, ev->actor));
		return;
	case EV_NOTE_START:
	case EV_NOTE_DONE:
		print_note(b, sc, ev);
		return;
	case EV_BLOCKED:
		buf_printf(b, "%s is blocked", ev->actor != NONE ?
			   actor_name(sc, ev->actor) : note_name(sc, ev->note));
		break;
	case EV_KERNEL_RETURN:
		buf_printf(b, "%s = ", ev->text);
		print_kernel_value(b, ev->value);
		return;
	case EV_TRACE:
		print_trace(b, sc, ev);
		return;
	case EV_STEP:
	case EV_STATE:
	case EV_MOUNT:
	case EV_STRESS:
	case EV_KERNEL:
	case EV_INFO:
		break;
	}
	if (ev->text)
		buf_printf(b, "%s%s", ev->kind == EV_BLOCKED ? ": " : "",
			   ev->text);
	else if (ev->kind == EV_STEP && ev->step && ev->step->text)
		buf_puts(b, ev->step->text);
}
