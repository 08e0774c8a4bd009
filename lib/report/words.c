/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Events as the short texts the ladder is made of.  A request goes by the
 * number its event has in the log: "#12".  Pure functions. */
#include "config.h"

#include "report/words.h"

#include <inttypes.h>
#include <string.h>

#include "base/units.h"
#include "engine/init.h"
#include "engine/print.h"

#define FRAMES_MAX	24u
#define FRAME_GAP	" < "

void event_subject(struct buf *b, const struct scenario *sc, const struct event *ev)
{
	if (ev->op)
		buf_puts(b, ev->op->name);
	else
		buf_printf(b, "opcode %u", ev->opcode);
	if (!ev->path && (sc->n_mounts < 2 || ev->mount < 0))
		return;
	buf_addc(b, ' ');
	print_path(b, sc, ev->mount, ev->path);
}

/* " 0+64K" of a READ. */
static bool print_range(struct buf *b, const struct decoded_request *req,
			const char *offset, const char *size)
{
	const struct field *at = op_arg(req->op, offset, strlen(offset));
	const struct field *len = op_arg(req->op, size, strlen(size));
	struct field_value a, n;

	if (!at || !len || request_get(req, at, &a) || request_get(req, len, &n))
		return false;
	buf_addc(b, ' ');
	print_size(b, a.num);
	buf_addc(b, '+');
	print_size(b, n.num);
	return true;
}

static void print_arg(struct buf *b, const struct view *v,
		      const struct decoded_request *req, const char *name)
{
	const struct field *f = op_arg(req->op, name, strlen(name));
	struct field_value value;

	if (!f || request_get(req, f, &value) || value.num == 0)
		return;
	buf_addc(b, ' ');
	field_print(b, v->sc->protocol, f, value.num);
}

static void print_others(struct buf *b, const struct view *v,
			 const struct decoded_request *req)
{
	auto_buf struct buf args = BUF_INIT;

	request_print(&args, v->sc->protocol, req);
	if (args.len)
		buf_printf(b, " %s", buf_str(&args));
}

/* INTERRUPT names its victim by the unique of the wire. */
static void print_victim(struct buf *b, const struct view *v,
			 const struct decoded_request *req)
{
	struct field_value victim;
	size_t i;

	if (request_get(req, &req->op->args[0], &victim))
		return;
	for (i = v->n; i-- > 0;) {
		if (v->events[i]->kind == EV_REQUEST &&
		    v->events[i]->unique == victim.num) {
			buf_printf(b, " of #%" PRIu64, v->events[i]->seq);
			return;
		}
	}
}

static void print_args(struct buf *b, const struct view *v, const struct event *ev)
{
	struct decoded_request req;
	const char *why;

	if (!ev->op || request_decode_cut(&req, ev->op, ev->msg, ev->msg_len, &why))
		return;
	if (ev->opcode == OP_INTERRUPT)
		print_victim(b, v, &req);
	else if (ev->opcode == OP_OPEN || ev->opcode == OP_CREATE)
		print_arg(b, v, &req, "flags");
	else if (!init_is_op(ev->opcode) && !print_range(b, &req, "offset", "size") &&
		 !print_range(b, &req, "offset", "length"))
		print_others(b, v, &req);
}

/* The number a request is known by. */
static uint64_t request_number(const struct event *ev)
{
	return ev->request ? ev->request->seq : ev->seq;
}

/* Has the server done as much as it was asked to?  Then it need not be said. */
static bool is_as_asked(const struct event *ev, const struct field *f,
			uint64_t num)
{
	static const char *const amounts[] = { "size", "len" };
	const struct event *asked = ev->request;
	struct decoded_request req;
	struct field_value v;
	const char *why;
	size_t i;

	if (f->dim != FD_SIZE || !asked || !asked->op ||
	    request_decode_cut(&req, asked->op, asked->msg, asked->msg_len, &why))
		return false;
	for (i = 0; i < ARRAY_SIZE(amounts); i++) {
		const struct field *arg = op_arg(asked->op, amounts[i],
						 strlen(amounts[i]));

		if (arg && !request_get(&req, arg, &v) && v.num == num)
			return true;
	}
	return false;
}

/* A reply that is one number: "(size=100)", "(offset=4K)". */
static void print_answer(struct buf *b, const struct view *v, const struct event *ev)
{
	const struct field *f = ev->op ? ev->op->reply_fields : NULL;
	uint64_t num;

	if (!f || !f[0].name || (f[1].name && f[1].type != FT_DATA) ||
	    f->type == FT_DATA || field_get(f, ev->msg, ev->msg_len, &num) ||
	    is_as_asked(ev, f, num))
		return;
	buf_printf(b, " (%s=", f->name);
	field_print(b, v->sc->protocol, f, num);
	buf_addc(b, ')');
}

static void print_reply(struct buf *b, const struct view *v, const struct event *ev)
{
	buf_puts(b, "reply = ");
	print_error(b, ev->error);
	if (!ev->error && ev->has_data) {
		buf_puts(b, " (");
		print_size(b, ev->data_len);
		buf_addc(b, ')');
	} else if (!ev->error) {
		print_answer(b, v, ev);
	}
	if (ev->write_errno) {
		buf_puts(b, ", write: ");
		print_error(b, ev->write_errno);
	}
}

static void print_gate(struct buf *b, const struct view *v, const struct event *ev)
{
	if (ev->gate >= 0)
		buf_printf(b, " (%s)", v->sc->gates[ev->gate]);
}

/* The rule by its place: "dropped (fsync.yaml:12)". */
static void print_dropped(struct buf *b, const struct view *v, const struct event *ev)
{
	const char *slash = strrchr(v->sc->path, '/');

	buf_puts(b, "dropped");
	if (ev->rule >= 0)
		buf_printf(b, " (%s:%u)", slash ? slash + 1 : v->sc->path,
			   v->sc->rules[ev->rule].loc.line);
}

/* "inval", or what kind it is when the script gave it no name. */
static void print_note_name(struct buf *b, const struct view *v, const struct event *ev)
{
	if (ev->note >= 0)
		buf_puts(b, v->sc->notes[ev->note]);
	else if (ev->notify && ev->notify->note)
		buf_puts(b, ev->notify->note->name);
	else
		buf_puts(b, "notify");
}

static void print_note_start(struct buf *b, const struct view *v,
			     const struct event *ev)
{
	const struct notify_spec *spec = ev->notify;

	if (ev->note >= 0)
		buf_printf(b, "%s: ", v->sc->notes[ev->note]);
	buf_puts(b, "notify");
	if (!spec)
		return;
	if (spec->note)
		buf_printf(b, " %s", spec->note->name);
	else
		buf_printf(b, " code %u", spec->code);
	if (spec->file.path) {
		buf_addc(b, ' ');
		print_path(b, v->sc, spec->file.mount, spec->file.path);
	}
	if (spec->child)
		buf_printf(b, " %s", spec->child);
}

static bool is_success(const struct outcome *o)
{
	return !o->killed && !o->signal && o->ret >= 0;
}

/* A descriptor goes by the script's name for it, never by its number. */
static void print_result(struct buf *b, const struct view *v, const struct event *ev)
{
	const struct call_use *use = ev->call;

	buf_puts(b, "= ");
	if (!ev->outcome || !use)
		buf_addc(b, '?');
	else if (use->call->result != RES_VAR || !is_success(ev->outcome))
		outcome_print(b, ev->outcome, use->call,
			      expectation_of(v->sc, ev->step, use));
	else if (use->result_var >= 0)
		buf_puts(b, v->sc->vars[use->result_var]);
	else
		buf_puts(b, "ok");
}

/* One line only, nothing a terminal could take for a command. */
static void print_text(struct buf *b, const char *text)
{
	size_t i;

	for (i = 0; text && text[i] && text[i] != '\n'; i++)
		buf_addc(b, (unsigned char)text[i] < 0x20 || text[i] == 0x7f ?
			 '?' : text[i]);
}

enum place event_place(const struct event *ev)
{
	switch (ev->kind) {
	case EV_REQUEST:
	case EV_REPLY:
	case EV_HELD:
	case EV_RELEASED:
	case EV_DELAYED:
	case EV_DROPPED:
	case EV_NOTE_START:
	case EV_NOTE_DONE:
		return PLACE_KERNEL;
	case EV_CALL:
	case EV_RETURN:
	case EV_EXIT:
		return ev->actor >= 0 ? PLACE_ACTOR : PLACE_NONE;
	case EV_BLOCKED:
		return ev->actor >= 0 ? PLACE_ACTOR : PLACE_KERNEL;
	case EV_STEP:
		return ev->step && step_is_shown(ev->step->kind) ?
			PLACE_ACROSS : PLACE_NONE;
	case EV_STATE:
	case EV_MOUNT:
	case EV_STRESS:
	case EV_KERNEL:
	case EV_KERNEL_RETURN:
	case EV_INFO:
		return ev->text ? PLACE_ACROSS : PLACE_NONE;
	case EV_TRACE:
		return PLACE_ACROSS;
	}
	return PLACE_NONE;
}

void event_tail(struct buf *b, const struct view *v, const struct event *ev)
{
	if (ev->kind == EV_REPLY) {
		print_reply(b, v, ev);
	} else if (ev->kind == EV_HELD) {
		buf_puts(b, "held");
		print_gate(b, v, ev);
	} else if (ev->kind == EV_DELAYED) {
		buf_puts(b, "delayed ");
		print_text(b, ev->text);
	} else if (ev->kind == EV_DROPPED) {
		print_dropped(b, v, ev);
	} else if (ev->kind == EV_RETURN) {
		print_result(b, v, ev);
	}
}

static void kernel_words(struct buf *b, const struct view *v, const struct event *ev)
{
	buf_printf(b, "#%" PRIu64 " ", request_number(ev));
	if (ev->kind == EV_REQUEST) {
		event_subject(b, v->sc, ev);
		print_args(b, v, ev);
		return;
	}
	buf_puts(b, ev->op ? ev->op->name : "request");
	buf_addc(b, ' ');
	if (ev->kind == EV_RELEASED) {
		buf_puts(b, "released");
		print_gate(b, v, ev);
	} else {
		event_tail(b, v, ev);
	}
}

static void note_event_words(struct buf *b, const struct view *v, const struct event *ev)
{
	if (ev->kind == EV_NOTE_START) {
		print_note_start(b, v, ev);
		return;
	}
	print_note_name(b, v, ev);
	buf_puts(b, " returns ");
	print_error(b, event_error(ev));
}

/* A frame of a kernel stack as it is in the log, and whether it is shown. */
struct frame {
	const char *at;
	size_t len;
	bool shown;
};

static size_t split_stack(const char *stack, struct frame *frames)
{
	const char *p = stack;
	size_t n = 0;

	while (*p && n < FRAMES_MAX) {
		const char *next = strstr(p, FRAME_GAP);
		size_t len = next ? (size_t)(next - p) : strlen(p);

		frames[n++] = (struct frame){ p, len, false };
		p += len + (next ? strlen(FRAME_GAP) : 0);
	}
	return n;
}

/* Does its name say what it waits for? */
static bool is_wait(const struct frame *f)
{
	static const char *const signs[] = {
		"wait", "lock", "down_", "rwsem", "sleep", "schedule",
	};

	for (size_t i = 0; i < ARRAY_SIZE(signs); i++)
		if (memmem(f->at, f->len, signs[i], strlen(signs[i])))
			return true;
	return false;
}

/* Which lock or wait it is and for whom, the way through FUSE, and the outermost
 * function. */
static void choose_frames(struct frame *frames, size_t n)
{
	bool is_first = true;	/* all so far are waits */

	for (size_t i = 0; i < n; i++) {
		struct frame *f = &frames[i];

		f->shown = is_first || i + 1 == n || is_wait(f) ||
			memmem(f->at, f->len, "fuse", 4);
		is_first = is_first && is_wait(f);
	}
}

/* What is left out is two dots. */
static void print_stack(struct buf *b, const char *stack)
{
	struct frame frames[FRAMES_MAX];
	size_t n = split_stack(stack, frames), i;

	choose_frames(frames, n);
	for (i = 0; i < n; i++) {
		if (!frames[i].shown)
			continue;
		if (i)
			buf_puts(b, frames[i - 1].shown ? FRAME_GAP : " .. ");
		buf_add(b, frames[i].at, frames[i].len);
	}
}

static void blocked_words(struct buf *b, const struct view *v, const struct event *ev)
{
	buf_puts(b, "├ ");
	if (ev->actor < 0) {
		print_note_name(b, v, ev);
		buf_addc(b, ' ');
	}
	buf_puts(b, "blocked");
	if (ev->text && ev->text[0]) {
		buf_puts(b, ": ");
		print_stack(b, ev->text);
	}
}

static void across_words(struct buf *b, const struct view *v, const struct event *ev)
{
	buf_puts(b, "-- ");
	if ((ev->kind == EV_KERNEL_RETURN || ev->kind == EV_TRACE) &&
	    ev->actor >= 0)
		buf_printf(b, "%s: ", v->sc->actors[ev->actor].name);
	if (ev->kind == EV_KERNEL)
		buf_puts(b, "kernel: ");
	if (ev->kind == EV_TRACE)
		print_trace(b, v->sc, ev);
	else
		print_text(b, ev->kind == EV_STEP ? ev->step->text : ev->text);
	if (ev->kind == EV_KERNEL_RETURN) {
		buf_puts(b, " = ");
		print_kernel_value(b, ev->value);
	}
}

/* "-- stress: 12 calls ...", then "-- a: pread(fd, 4K, 0): success (6)" */
static void stress_words(struct buf *b, const struct view *v, const struct event *ev)
{
	if (ev->call)
		buf_printf(b, "-- %s: %s: ", v->sc->actors[ev->actor].name,
			   ev->call->text);
	else
		buf_puts(b, "-- stress: ");
	print_text(b, ev->text);
}

void event_words(struct buf *b, const struct view *v, const struct event *ev)
{
	switch (ev->kind) {
	case EV_REQUEST:
	case EV_REPLY:
	case EV_HELD:
	case EV_RELEASED:
	case EV_DELAYED:
	case EV_DROPPED:
		kernel_words(b, v, ev);
		break;
	case EV_NOTE_START:
	case EV_NOTE_DONE:
		note_event_words(b, v, ev);
		break;
	case EV_CALL:
		/* with its own text: one call of many (a stress step's) */
		print_text(b, ev->text || !ev->call ? ev->text : ev->call->text);
		if (ev->call && ev->call->async)
			buf_puts(b, " ...");
		break;
	case EV_RETURN:
		buf_puts(b, "  ");
		print_result(b, v, ev);
		break;
	case EV_EXIT:
		buf_puts(b, "(process ended)");
		break;
	case EV_BLOCKED:
		blocked_words(b, v, ev);
		break;
	case EV_STRESS:
		stress_words(b, v, ev);
		break;
	case EV_STEP:
	case EV_STATE:
	case EV_MOUNT:
	case EV_KERNEL:
	case EV_KERNEL_RETURN:
	case EV_TRACE:
	case EV_INFO:
		across_words(b, v, ev);
		break;
	}
}
