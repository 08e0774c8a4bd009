/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From events to rows: what is shown, in which column, and what shares a row
 * (a call with its result or first request, a request with its answer).
 * Pure functions.
 */
#include "config.h"

#include "report/rows.h"

#include <string.h>

#include "base/escape.h"

#define COLUMN_MIN	15u	/* a narrower one would hold no call */

size_t display_width(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += (*s & 0xc0) != 0x80;	/* not a UTF-8 continuation */
	return n;
}

/* A cell's text, on one line. */
char *rows_cell(struct ladder *l, const struct buf *b)
{
	auto_buf struct buf shown = BUF_INIT;

	buf_shown(&shown, buf_str(b), b->len);
	return arena_strdup(l->arena, buf_str(&shown));
}

static char *join(struct ladder *l, const char *a, const char *gap, const char *b)
{
	return arena_printf(l->arena, "%s%s%s", a, gap, b);
}

/* The kernel keeps at least a third of the room, because requests say most. */
static size_t shares(const struct ladder *l)
{
	return l->columns < 2 ? 34 : l->columns == 2 ? 38 : 45;
}

size_t rows_column_limit(const struct ladder *l)
{
	size_t columns = l->columns ? l->columns : 1;

	return l->room * shares(l) / 70 / columns;
}

/* Clients that do something get a column each, if these are few enough. */
static void choose_columns(struct ladder *l)
{
	size_t n_actors = l->v.sc->n_actors, i;
	bool used[MAX_ACTORS] = { false };

	for (i = 0; i < l->v.n; i++) {
		const struct event *ev = l->v.events[i];

		if (event_place(ev) != PLACE_ACTOR)
			continue;
		l->has_clients = true;
		if ((size_t)ev->actor < ARRAY_SIZE(used))
			used[ev->actor] = true;
	}
	if (n_actors > ARRAY_SIZE(used))
		return;
	for (i = 0; i < n_actors; i++)
		if (used[i])
			l->column[i] = (int)l->columns++;
	if (rows_column_limit(l) < COLUMN_MIN)
		l->columns = 0;
}

static struct row *row_push(struct ladder *l, const struct event *ev)
{
	struct row row = { .first = ev, .last = ev };

	ROWS_PUSH(l, row);
	return &l->rows[l->n - 1];
}

static const struct event *event_about(const struct event *ev)
{
	return ev->request ? ev->request : ev;
}

static bool is_request_event(const struct event *ev)
{
	return ev->op || ev->kind == EV_REQUEST || ev->request;
}

/* A client's call and what it led to at once share a row. */
static bool join_actor(struct ladder *l, struct row *row, const struct event *ev)
{
	auto_buf struct buf b = BUF_INIT;

	if (!row || ev->kind != EV_RETURN || row->last->kind != EV_CALL ||
	    row->last->actor != ev->actor)
		return false;
	event_tail(&b, &l->v, ev);
	row->left = join(l, row->left, " ", rows_cell(l, &b));
	row->last = ev;
	return true;
}

/* Is ev the next thing that happens to what the row ends with? */
static bool follows(const struct row *row, const struct event *ev)
{
	if (!ev->request || ev->kind == EV_RELEASED)
		return false;
	return row->last == ev->request ||
		(row->last->kind == EV_RELEASED &&
		 row->last->request == ev->request);
}

/* "held (disk)" goes behind its request, as does an answer given at once. */
static bool join_tail(struct ladder *l, struct row *row, const struct event *ev)
{
	auto_buf struct buf b = BUF_INIT;

	if (!row || !row->right || !follows(row, ev))
		return false;
	event_tail(&b, &l->v, ev);
	row->right = join(l, row->right, "  ", rows_cell(l, &b));
	row->replies += ev->kind == EV_REPLY;
	row->last = ev;
	return true;
}

static void add_actor(struct ladder *l, const struct event *ev)
{
	auto_buf struct buf b = BUF_INIT;
	struct row *row = l->n ? &l->rows[l->n - 1] : NULL;

	if (join_actor(l, row, ev))
		return;
	if (!l->columns)
		buf_printf(&b, "%s: ", l->v.sc->actors[ev->actor].name);
	if (!l->columns && ev->kind == EV_RETURN && ev->call) {
		buf_printf(&b, "%s ", ev->call->call->name);
		event_tail(&b, &l->v, ev);
	} else {
		event_words(&b, &l->v, ev);
	}
	row = row_push(l, ev);
	row->left = rows_cell(l, &b);
	row->column = l->columns ? l->column[ev->actor] : 0;
}

static void add_kernel(struct ladder *l, const struct event *ev)
{
	auto_buf struct buf b = BUF_INIT;
	struct row *row = l->n ? &l->rows[l->n - 1] : NULL;

	if (join_tail(l, row, ev))
		return;
	event_words(&b, &l->v, ev);
	if (!row || ev->kind != EV_REQUEST || row->last->kind != EV_CALL ||
	    display_width(row->left) + COLUMN_GAP > rows_column_limit(l))
		row = row_push(l, ev);
	row->right = rows_cell(l, &b);
	row->last = ev;
	row->about = is_request_event(ev) ? event_about(ev) : NULL;
	row->requests += ev->kind == EV_REQUEST;
	row->replies += ev->kind == EV_REPLY;
}

static void add_across(struct ladder *l, const struct event *ev)
{
	auto_buf struct buf b = BUF_INIT;

	event_words(&b, &l->v, ev);
	row_push(l, ev)->across = rows_cell(l, &b);
}

static bool rule_names(const struct rule *rule, const struct op *op)
{
	size_t i;

	for (i = 0; i < rule->n_ops; i++)
		if (rule->ops[i] == op)
			return true;
	return false;
}

static bool check_names(const struct check *check, const struct op *op)
{
	size_t i;

	for (i = 0; i < check->n_patterns; i++)
		if (check->patterns[i].op == op)
			return true;
	return false;
}

static bool choice_names(const struct held_choice *which, const struct op *op)
{
	return which->has_match && which->match.op == op;
}

static bool step_names(const struct step *step, const struct op *op)
{
	switch (step->kind) {
	case STEP_CHECK:
		return check_names(&step->check, op);
	case STEP_WAIT:
		return step->wait.match.op == op;
	case STEP_RELEASE:
		return choice_names(&step->release.which, op);
	case STEP_ANSWER:
		return choice_names(&step->answer.which, op);
	default:
		return false;
	}
}

static bool scenario_names(const struct scenario *sc, const struct op *op)
{
	size_t i;

	for (i = 0; i < sc->n_rules; i++)
		if (rule_names(&sc->rules[i], op))
			return true;
	for (i = 0; i < sc->n_expect; i++)
		if (check_names(&sc->expect[i], op))
			return true;
	for (i = 0; i < sc->n_steps; i++)
		if (step_names(&sc->steps[i], op))
			return true;
	return false;
}

/* Noise is shown to those who ask for it by name. */
static bool is_unwanted(const struct scenario *sc, const struct event *ev)
{
	const struct event *asked = ev->request ? ev->request : ev;
	struct decoded_request req;
	const char *why;

	if (!asked->op || asked->kind != EV_REQUEST ||
	    request_decode_cut(&req, asked->op, asked->msg, asked->msg_len, &why) ||
	    !request_is_noise(&req))
		return false;
	return !scenario_names(sc, asked->op);
}

static bool is_in_question(const struct ladder *l, const struct event *ev)
{
	for (size_t i = 0; i < l->window->n_marks; i++)
		if (ev->seq == l->window->marks[i])
			return true;
	return false;
}

/* Teardown matters only where the question is about it, or nothing else is. */
static bool wants_teardown(const struct ladder *l)
{
	bool other = false;
	size_t i;

	for (i = 0; i < l->v.n; i++) {
		const struct event *ev = l->v.events[i];

		if (ev->teardown && is_in_question(l, ev))
			return true;
		if (!ev->teardown && event_place(ev) != PLACE_NONE)
			other = true;
	}
	return !other;
}

void rows_build(struct ladder *l)
{
	bool teardown = wants_teardown(l);
	size_t i;

	choose_columns(l);
	for (i = 0; i < l->v.n; i++) {
		const struct event *ev = l->v.events[i];

		if ((ev->teardown && !teardown) || is_unwanted(l->v.sc, ev))
			continue;
		switch (event_place(ev)) {
		case PLACE_NONE:
			break;
		case PLACE_ACTOR:
			add_actor(l, ev);
			break;
		case PLACE_KERNEL:
			add_kernel(l, ev);
			break;
		case PLACE_ACROSS:
			add_across(l, ev);
			break;
		}
	}
}
