/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Steps and checks as statements of C.  One thread at a time. */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "run/export/export.h"

/* How many, as an argument of C. */
static void put_count(struct buf *b, uint64_t n)
{
	if (n == UINT64_MAX)
		buf_puts(b, "UINT64_MAX");
	else
		buf_printf(b, "%" PRIu64, n);
}

static void put_text(struct buf *b, const char *text)
{
	export_quote(b, text, strlen(text));
}

/* ---- checks ---------------------------------------------------------------------------------- */

static void put_file_check(struct exporting *e, const struct check *c)
{
	const struct file_check *f = &c->file;
	struct buf *b = &e->steps;
	unsigned data = f->has_data ? export_data(e, &f->data, 'x') : 0;

	buf_puts(b, "\tcheck_file(");
	put_text(b, c->text);
	buf_puts(b, ", ");
	put_text(b, f->file.path);
	buf_printf(b, ", %d, %" PRIu64 ", %" PRIu64 ", ", f->has_size, f->size, f->at);
	if (f->has_data)
		buf_printf(b, "d_%u);\n", data);
	else
		buf_puts(b, "NULL);\n");
}

static void put_check(struct exporting *e, const struct check *c)
{
	struct buf *b = &e->steps;
	unsigned p;

	switch (c->kind) {
	case CHECK_FILE:
		put_file_check(e, c);
		return;
	case CHECK_ORDER: case CHECK_BEFORE: case CHECK_COUNT: case CHECK_NEVER:
		break;
	case CHECK_MAX_IN_FLIGHT: case CHECK_ELAPSED: case CHECK_SAME: case CHECK_DIFFER:
	case CHECK_KERNEL:
		export_refuse(e, c->loc, "the check %s", check_keywords[c->kind].name);
		return;
	}
	p = export_patterns(e, c->patterns, c->n_patterns);
	buf_printf(b, "\tcheck_%s(", c->kind == CHECK_ORDER ? "order" :
		   c->kind == CHECK_BEFORE ? "before" : "count");
	put_text(b, c->text);
	buf_printf(b, ", p_%u", p);
	if (c->kind == CHECK_ORDER) {
		buf_printf(b, ", %zu", c->n_patterns);
	} else if (c->kind != CHECK_BEFORE) {
		buf_puts(b, ", ");
		put_count(b, c->kind == CHECK_NEVER ? 0 : c->min);
		buf_puts(b, ", ");
		put_count(b, c->kind == CHECK_NEVER ? 0 : c->max);
	}
	buf_puts(b, ");\n");
}

/* ---- steps ------------------------------------------------------------------------------------ */

static void put_call(struct exporting *e, const struct step *step)
{
	const struct call_use *use = &step->call;
	unsigned n = export_call(e, step);

	buf_printf(&e->steps, "\tbegin(actor_%s, %u);\n", e->sc->actors[use->actor].name, n);
	if (!use->async)
		export_expectation(e, step, use->actor, &use->expect);
}

static void put_held(struct exporting *e, const struct step *step)
{
	struct buf *b = &e->steps;

	buf_printf(b, "\theld(gate_%d, ", step->held.gate);
	put_text(b, step->text);
	buf_puts(b, ", ");
	put_count(b, step->held.min);
	buf_puts(b, ", ");
	put_count(b, step->held.max);
	buf_puts(b, ");\n");
}

static bool is_oldest(struct exporting *e, const struct step *step,
		      const struct held_choice *which)
{
	if (!which->nth && !which->has_match)
		return true;
	export_refuse(e, step->loc, "which of those that are held");
	return false;
}

static void put_release(struct exporting *e, const struct step *step)
{
	if (!is_oldest(e, step, &step->release.which))
		return;
	buf_printf(&e->steps, "\trelease(gate_%d, ", step->release.which.gate);
	put_count(&e->steps, step->release.max);
	buf_printf(&e->steps, ", %d);\n", step->release.open);
}

static void put_answer(struct exporting *e, const struct step *step)
{
	const struct reply_spec *r = &step->answer.reply;

	if (!r->has_error || r->n_sets || r->has_data || r->has_raw || r->copies > 1 ||
	    r->has_unique || r->header_len || (r->expect_write != NONE && r->expect_write))
		export_refuse(e, step->loc, "an answer that is no error");
	if (!is_oldest(e, step, &step->answer.which))
		return;
	buf_printf(&e->steps, "\tanswer_with(gate_%d, ", step->answer.which.gate);
	put_text(&e->steps, step->text);
	buf_printf(&e->steps, ", %d);\n", r->error);
}

static void put_blocked(struct exporting *e, const struct step *step)
{
	for (size_t i = 0; i < step->blocked.n; i++) {
		const struct subject *s = &step->blocked.list[i];

		if (s->actor == NONE) {
			export_refuse(e, s->loc, "a notification that is blocked");
			continue;
		}
		buf_printf(&e->steps, "\tblocked(actor_%s, ", e->sc->actors[s->actor].name);
		put_text(&e->steps, step->text);
		buf_puts(&e->steps, ");\n");
	}
}

static void put_wait(struct exporting *e, const struct step *step)
{
	unsigned p = export_patterns(e, &step->wait.match, 1);

	buf_puts(&e->steps, "\twait_for(");
	put_text(&e->steps, step->text);
	buf_printf(&e->steps, ", p_%u, ", p);
	put_count(&e->steps, step->wait.min);
	buf_puts(&e->steps, ");\n");
}

/* The number that the script gives a field; 0 if none. */
static uint64_t set_of(const struct notify_spec *n, const char *name)
{
	for (size_t i = 0; i < n->n_sets; i++)
		if (!strcmp(n->sets[i].f->name, name))
			return n->sets[i].num;
	return 0;
}

static void put_notify(struct exporting *e, const struct step *step)
{
	const struct notify_spec *n = &step->notify;
	bool inode = n->note && !strcmp(n->note->name, "inval_inode");
	bool entry = n->note && !strcmp(n->note->name, "inval_entry");
	struct buf *b = &e->steps;

	if (n->name != NONE || !n->file.path || (!inode && !entry)) {
		export_refuse(e, step->loc, "notifications but inval_inode and inval_entry "
			      "of files, without a name");
		return;
	}
	for (size_t i = 0; i < n->n_sets; i++)
		if (!strstr("off len flags", n->sets[i].f->name))
			export_refuse(e, step->loc, "field %s of a notification",
				      n->sets[i].f->name);
	buf_printf(b, "\t%s(", inode ? "inval_inode" : "inval_entry");
	put_text(b, step->text);
	buf_puts(b, ", ");
	put_text(b, n->file.path);
	buf_puts(b, ", ");
	if (inode) {
		buf_printf(b, "%" PRId64 ", %" PRId64, (int64_t)set_of(n, "off"),
			   (int64_t)set_of(n, "len"));
	} else {
		put_text(b, n->child);
		buf_printf(b, ", %" PRIu64, set_of(n, "flags"));
	}
	buf_printf(b, ", %d);\n", n->expect);
}

static void put_step(struct exporting *e, const struct step *step)
{
	struct buf *b = &e->steps;

	switch (step->kind) {
	case STEP_CALL:
		put_call(e, step);
		return;
	case STEP_RESULT:
		export_expectation(e, step, step->result.actor, &step->result.expect);
		return;
	case STEP_HELD:
		put_held(e, step);
		return;
	case STEP_BLOCKED:
		put_blocked(e, step);
		return;
	case STEP_QUIET:
		buf_puts(b, "\tquiet();\n");
		return;
	case STEP_WAIT:
		put_wait(e, step);
		return;
	case STEP_RELEASE:
		put_release(e, step);
		return;
	case STEP_REARM:
		buf_printf(b, "\tgate_open[%d] = 0;\n", step->gate);
		return;
	case STEP_ANSWER:
		put_answer(e, step);
		return;
	case STEP_NOTIFY:
		put_notify(e, step);
		return;
	case STEP_SIGNAL:
		buf_printf(b, "\tkill(actors[actor_%s].pid, %d);\n",
			   e->sc->actors[step->signal.actor].name, step->signal.signal);
		return;
	case STEP_CHECK:
		put_check(e, &step->check);
		return;
	default:
		export_refuse(e, step->loc, "the step %s", step_keywords[step->kind].name);
	}
}

void export_script(struct exporting *e)
{
	for (size_t i = 0; i < e->sc->n_steps; i++)
		put_step(e, &e->sc->steps[i]);
	buf_puts(&e->steps, "\tquiet();\n");
	for (size_t i = 0; i < e->sc->n_expect; i++)
		put_check(e, &e->sc->expect[i]);
}
