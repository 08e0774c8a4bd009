/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A finding becomes a scenario that a person could have written.  Its mounts, actors
 * and checks are the story's own text; its rules hold what the schedule holds; its
 * steps are the moves, and each call says what it gives in the order that comes
 * nearest to what was seen, so that those fail that were not right.
 */
#include "config.h"

#include "run/explore/tell.h"

#include <inttypes.h>
#include <string.h>

#include "base/errnos.h"
#include "base/escape.h"
#include "base/units.h"
#include "run/explore/model.h"
#include "run/explore/story_text.h"

struct telling {
	struct buf *b;
	const struct search *s;
	const struct wrong_order *f;
	const struct trail *t;
	const struct explore *ex;
	size_t next_call[SCHEDULE_PARTS];
	size_t next_other;
};

/* ---- what a call should have given ---------------------------------------------- */

static const struct trail_call *seen_call(const struct telling *te,
					  const struct step *step, size_t *at)
{
	for (unsigned i = 0; i < te->t->n_calls; i++) {
		if (te->t->calls[i].step == step) {
			*at = i;
			return &te->t->calls[i];
		}
	}
	return NULL;
}

/* What the nearest order gives; NULL: the call is not in it. */
static const struct trail_call *model_call(const struct telling *te,
					   const struct step *step,
					   const uint8_t **bytes)
{
	const struct model model = tmpfs_model_asked(te->s->model);
	const struct linear *l = &te->f->linear;

	for (size_t i = 0; i < l->n; i++) {
		if (l->order[i] == step)
			return model.call(model.ctx, l->order, i + 1, bytes);
	}
	return NULL;
}

/* Bytes that are the same, at most n of them. */
static size_t run_length(const uint8_t *p, size_t n)
{
	size_t i = 1;

	while (i < n && p[i] == p[0])
		i++;
	return i;
}

#define RUN_LEAST	8	/* fewer are read at a glance */

/* "abc" '\0'*100 "d": as a scenario says it, all of it. */
static void put_data(struct buf *b, const uint8_t *p, size_t n)
{
	while (n) {
		size_t len = run_length(p, n), end = 0;

		if (len < RUN_LEAST) {
			while (end < n && run_length(p + end, n - end) < RUN_LEAST)
				end += run_length(p + end, n - end);
			buf_quote(b, p, end, end);
			len = end;
		} else {
			buf_data(b, p, len, len);
		}
		p += len;
		n -= len;
		if (n)
			buf_addc(b, ' ');
	}
}

static void put_seen(struct buf *b, const struct step *step, const struct seen *s,
		     const uint8_t *bytes)
{
	const struct outcome o = {
		.ret = s->ret, .err = s->err, .signal = s->signal, .killed = s->killed,
	};

	if (s->has_size)
		buf_printf(b, "{size=%" PRIu64 "}", s->size);
	else
		outcome_print(b, &o, step->call.call, NULL);
	if (s->len && !s->has_size && step->call.call->result == RES_COUNT) {
		buf_addc(b, ' ');
		put_data(b, bytes + s->data, s->len);
	}
}

/* What the story itself says. */
static void put_own_expectation(const struct telling *te, const struct step *step)
{
	const struct expectation *e = &step->call.expect;

	buf_printf(te->b, " = %s", e->kind == EXPECT_ANY || !*e->text ? "?" : e->text);
}

/* " = 10", or nothing where any success will do. */
static void put_expected(const struct telling *te, const struct step *step)
{
	const struct trail_call *model;
	const uint8_t *bytes;
	auto_buf struct buf text = BUF_INIT;
	size_t at;

	if (!te->f->linear.found || !seen_call(te, step, &at) ||
	    te->f->linear.calls[at] == RELAXED ||
	    !(model = model_call(te, step, &bytes))) {
		put_own_expectation(te, step);
		return;
	}
	put_seen(&text, step, &model->seen, bytes);
	if (strcmp(buf_str(&text), "success"))
		buf_printf(te->b, " = %s", buf_str(&text));
}

/* ---- steps ------------------------------------------------------------------------ */

static const char *actor_name(const struct telling *te, int actor)
{
	return te->s->sc->actors[actor].name;
}

static void put_call(const struct telling *te, const struct step *step)
{
	const struct call_use *use = &step->call;

	buf_printf(te->b, "  - %s: ", actor_name(te, use->actor));
	if (use->result_var != NONE)
		buf_printf(te->b, "%s = ", te->s->sc->vars[use->result_var]);
	buf_puts(te->b, use->text);
}

static bool is_over(const struct trail_call *c, uint64_t seq)
{
	return c && c->end_seq && c->end_seq <= seq;
}

/* Those that this move brought back, but for its own call. */
static void put_returns(const struct telling *te, unsigned move,
			const struct step *own)
{
	uint64_t from = move ? te->t->moves[move - 1].end_seq : 0;
	uint64_t to = te->t->moves[move].end_seq;

	for (;;) {
		const struct trail_call *next = NULL;

		for (unsigned i = 0; i < te->t->n_calls; i++) {
			const struct trail_call *c = &te->t->calls[i];

			if (c->step != own && c->end_seq > from && c->end_seq <= to &&
			    (!move || c->begin_seq <= from) &&
			    (!next || c->end_seq < next->end_seq))
				next = c;
		}
		if (!next || !move)
			return;
		buf_printf(te->b, "  - %s: ...", actor_name(te, next->step->call.actor));
		put_expected(te, next->step);
		buf_addc(te->b, '\n');
		from = next->end_seq;
	}
}

static void put_held(const struct telling *te, unsigned move)
{
	const struct schedule *s = &te->f->schedule;

	for (unsigned i = 0; i < s->n_holds; i++) {
		if (s->holds[i].move == move && !s->holds[i].fault)
			buf_printf(te->b, "  - held: hold%u\n", i + 1);
	}
}

static void put_begin(struct telling *te, unsigned move, unsigned part)
{
	const struct trail_move *m = &te->t->moves[move];
	const struct step *step = &te->ex->parts[part].calls[te->next_call[part]++];
	size_t at;
	bool over = is_over(seen_call(te, step, &at), m->end_seq);

	put_call(te, step);
	if (over)
		put_expected(te, step);
	buf_puts(te->b, over ? "\n" : " ...\n");
	put_held(te, move);
	if (!over && m->asleep & 1u << part)
		buf_printf(te->b, "  - blocked: %s\n",
			   actor_name(te, te->ex->parts[part].actor));
	put_returns(te, move, step);
}

/* A notification that waits for what is held has a name: then the next step need not
 * wait for its end. */
static void put_other(struct telling *te, unsigned move)
{
	const struct step *step = &te->ex->others[te->next_other++];
	size_t len = strlen(step->text);

	if (te->t->moves[move].notifying && step->kind == STEP_NOTIFY &&
	    step->notify.name == NONE && step->text[len - 1] == '}')
		buf_printf(te->b, "  - %.*s, as: note%zu}\n  - blocked: note%zu\n",
			   (int)len - 1, step->text, te->next_other, te->next_other);
	else
		buf_printf(te->b, "  - %s\n", step->text);
}

static void put_move(struct telling *te, unsigned move)
{
	unsigned what = te->t->moves[move].move;

	if (what < SCHEDULE_PARTS) {
		put_begin(te, move, what);
		return;
	}
	if (what < SCHEDULE_PARTS + SCHEDULE_HOLDS)
		buf_printf(te->b, "  - release: hold%u\n", what - SCHEDULE_PARTS + 1);
	else
		put_other(te, move);
	put_held(te, move);
	put_returns(te, move, NULL);
}

/* Calls that never came back: the run says so. */
static void put_stuck(const struct telling *te)
{
	for (unsigned i = 0; i < te->t->n_calls; i++) {
		if (!te->t->calls[i].end_seq)
			buf_printf(te->b, "  - %s: ... = ?\n",
				   actor_name(te, te->t->calls[i].step->call.actor));
	}
}

static void put_steps(struct telling *te)
{
	const struct scenario *sc = te->s->sc;

	buf_puts(te->b, "steps:\n");
	for (size_t i = 0; i < sc->n_steps; i++) {
		const struct step *step = &sc->steps[i];
		size_t at;

		if (step->kind == STEP_EXPLORE) {
			for (unsigned k = 0; k < te->t->n_moves; k++)
				put_move(te, k);
			if (te->t->end == TRAIL_STUCK) {
				put_stuck(te);
				return;
			}
		} else if (step->kind == STEP_CALL && te->f->linear.found &&
			   seen_call(te, step, &at)) {
			put_call(te, step);
			put_expected(te, step);
			buf_addc(te->b, '\n');
		} else {
			buf_printf(te->b, "  - %s\n", step->text);
		}
	}
}

/* ---- files -------------------------------------------------------------------------- */

static void put_path(struct buf *b, const struct scenario *sc, int mount,
		     const char *path)
{
	if (sc->n_mounts > 1)
		buf_printf(b, "\"%s:%s\"", sc->mounts[mount].name, path);
	else
		buf_puts(b, path);
}

/* In YAML, between quotes of its kind. */
static void put_yaml_quoted(struct buf *b, const char *text)
{
	buf_addc(b, '\'');
	for (; *text; text++) {
		if (*text == '\'')
			buf_addc(b, '\'');
		buf_addc(b, *text);
	}
	buf_addc(b, '\'');
}

static void put_file(const struct telling *te, const struct trail_file *f,
		     const uint8_t *bytes)
{
	auto_buf struct buf data = BUF_INIT;

	buf_puts(te->b, "  - check: {file: ");
	put_path(te->b, te->s->sc, f->mount, f->path);
	buf_printf(te->b, ", size: %" PRIu64, f->seen.size);
	if (f->seen.len) {
		put_data(&data, bytes + f->seen.data, f->seen.len);
		buf_puts(te->b, ", data: ");
		put_yaml_quoted(te->b, buf_str(&data));
	}
	buf_puts(te->b, "}\n");
}

/* Those of the server that are not as in the nearest order. */
static void put_files(const struct telling *te)
{
	const struct model model = tmpfs_model_asked(te->s->model);
	const struct linear *l = &te->f->linear;
	const struct trail_file *files = NULL;
	const uint8_t *bytes;
	size_t n = 0;

	if (l->found)
		files = model.files(model.ctx, l->order, l->n, &n, &bytes);
	for (unsigned i = 0; files && i < te->t->n_files; i++) {
		for (size_t k = 0; l->file_differs[i] && k < n; k++) {
			if (files[k].mount == te->t->files[i].mount && files[k].there &&
			    !strcmp(files[k].path, te->t->files[i].path))
				put_file(te, &files[k], bytes);
		}
	}
}

/* ---- rules -------------------------------------------------------------------------- */

static void put_error(const struct telling *te, unsigned fault)
{
	int error = te->ex->faults[fault - 1].error;
	const char *name = errno_name(error);

	if (te->ex->faults[fault - 1].is_short)
		buf_puts(te->b, "reply: {raw: 00*8}}\n");
	else if (name)
		buf_printf(te->b, "reply: {error: %s}}\n", name);
	else
		buf_printf(te->b, "reply: {error: %d}}\n", error);
}

static void put_rules(const struct telling *te)
{
	const struct scenario *sc = te->s->sc;
	const struct schedule *s = &te->f->schedule;

	if (!s->n_holds && !sc->n_rules)
		return;
	buf_puts(te->b, "rules:\n");
	for (unsigned i = 0; i < s->n_holds; i++) {
		const struct request_name *name = &s->holds[i].name;

		buf_printf(te->b, "  - {op: %s, file: ", name->op);
		put_path(te->b, sc, name->mount, name->path);
		if (name->actor != NONE)
			buf_printf(te->b, ", actor: %s", actor_name(te, name->actor));
		buf_printf(te->b, ", nth: %u, ", name->nth);
		if (s->holds[i].fault) {
			put_error(te, s->holds[i].fault);
			continue;
		}
		buf_puts(te->b, "hold: ");
		buf_printf(te->b, s->holds[i].after ? "{gate: hold%u, after: true}}\n" :
			   "hold%u}\n", i + 1);
	}
	for (size_t i = 0; i < sc->n_rules; i++)
		buf_printf(te->b, "  - %s\n", sc->rules[i].text);
}

/* ---- the whole ------------------------------------------------------------------------ */

static void put_difference(const struct telling *te, unsigned i)
{
	const struct trail_call *c = &te->t->calls[i], *model;
	const uint8_t *bytes;

	model = model_call(te, c->step, &bytes);
	buf_printf(te->b, "# %s: %s = ", actor_name(te, c->step->call.actor),
		   c->step->call.text);
	put_seen(te->b, c->step, &c->seen, te->t->bytes);
	if (model) {
		buf_puts(te->b, ", where no order gives anything nearer than ");
		put_seen(te->b, c->step, &model->seen, bytes);
	}
	buf_addc(te->b, '\n');
}

static void put_head(const struct telling *te)
{
	const struct linear *l = &te->f->linear;
	auto_buf struct buf schedule = BUF_INIT;

	if (*te->s->sc->title)
		buf_printf(te->b, "# %s: an order that cannot be right\n",
			   te->s->sc->title);
	else
		buf_puts(te->b, "# An order that cannot be right\n");
	if (te->f->summary)
		buf_printf(te->b, "# %s\n", te->f->summary);
	else if (!l->found)
		buf_puts(te->b, "# no order of the calls gives anything like it\n");
	for (unsigned i = 0; l->found && i < te->t->n_calls; i++) {
		if (l->calls[i] == DIFFERS)
			put_difference(te, i);
	}
	for (unsigned i = 0; l->found && i < te->t->n_files; i++) {
		if (l->file_differs[i])
			buf_printf(te->b, "# what the server has in %s at the end\n",
				   te->t->files[i].path);
	}
	if (te->f->times < WRONG_TIMES)
		buf_printf(te->b, "# by chance: in %u of %u runs\n", te->f->times,
			   WRONG_TIMES);
	schedule_print(&schedule, te->s->sc, &te->f->schedule);
	buf_printf(te->b, "# schedule: %s\n", buf_str(&schedule));
}

void tell_finding(struct buf *b, const struct search *s, const struct wrong_order *f,
		  const char *file_text)
{
	struct telling te = {
		.b = b, .s = s, .f = f, .t = f->trail,
		.ex = schedule_step(s->sc)->explore,
	};

	put_head(&te);
	story_put_begin(b, file_text, s->sc->case_name);
	put_rules(&te);
	put_steps(&te);
	put_files(&te);
	story_put_end(b, file_text, s->sc->case_name);
}

void tell_summary(struct buf *b, const struct search *s)
{
	const struct fusescen_explored *c = &s->count;

	buf_printf(b, "%" PRIu64 " %s, %" PRIu64 " compared on a tmpfs, in ",
		   c->runs, c->runs == 1 ? "order" : "orders", c->models);
	print_duration(b, c->elapsed_ns);
	if (c->queued)
		buf_printf(b, "; all nearer than %u, %" PRIu64 " known and not run",
			   c->cost, c->queued + c->dropped);
	if (c->diverged)
		buf_printf(b, "; %" PRIu64 " could not be kept to", c->diverged);
	for (int i = 0; i < N_RELAXATIONS; i++) {
		if (s->relaxed[i])
			buf_printf(b, "; granted %" PRIu64 " times: %s", s->relaxed[i],
				   relaxation_names[i]);
	}
}
