/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules, replies and notifications as YAML.  Pure functions. */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "base/units.h"
#include "load/dump.h"

static void dump_text_pair(struct buf *b, const char *before, const char *key,
			   struct buf *value)
{
	dump_pair(b, before, key, buf_str(value));
	buf_clear(value);
}

static void dump_data_pair(struct buf *b, const char *before, const char *key,
			   const struct data_spec *d)
{
	auto_buf struct buf t = BUF_INIT;

	dump_data(&t, d);
	dump_text_pair(b, before, key, &t);
}

static void dump_ref_pair(struct buf *b, const char *before, const char *key,
			  const struct scenario *sc, const struct file_ref *f)
{
	auto_buf struct buf t = BUF_INIT;

	dump_file(&t, sc, f);
	dump_text_pair(b, before, key, &t);
}

static void dump_error_pair(struct buf *b, const char *before, const char *key,
			    int error)
{
	buf_printf(b, "%s%s: ", before, key);
	dump_error(b, error);
}

static void dump_raw(struct buf *b, const struct reply_spec *r)
{
	size_t i;

	buf_puts(b, ", raw: \"");
	for (i = 0; i < r->raw_len; i++)
		buf_printf(b, "%s%02x", i ? " " : "", r->raw[i]);
	buf_addc(b, '"');
}

static void dump_areas(struct buf *b, const char *key,
		       const struct retry_area *areas, size_t n)
{
	size_t i;

	buf_printf(b, "%s: [", key);
	for (i = 0; i < n; i++)
		buf_printf(b, "%s%" PRIu64 "..%" PRIu64, i ? ", " : "",
			   areas[i].lo, areas[i].hi);
	buf_addc(b, ']');
}

static void dump_retry(struct buf *b, const struct reply_spec *r)
{
	buf_puts(b, ", retry: {");
	dump_areas(b, "in", r->retry_in, r->n_retry_in);
	dump_areas(b, ", out", r->retry_out, r->n_retry_out);
	buf_addc(b, '}');
}

void dump_reply_keys(struct buf *b, const struct scenario *sc,
		     const struct reply_spec *r, const char *before)
{
	size_t i;

	dump_error_pair(b, before, "expect_write", r->expect_write);
	if (r->has_error)
		dump_error_pair(b, ", ", "error", r->error);
	if (r->has_raw)
		dump_raw(b, r);
	if (r->has_data)
		dump_data_pair(b, ", ", "data", &r->data);
	for (i = 0; i < r->n_sets; i++)
		dump_number(b, ", ", r->sets[i].f->name, r->sets[i].num);
	if (r->backing.path)
		dump_backing_file(b, sc, &r->backing);
	if (r->has_expect_backing)
		dump_error_pair(b, ", ", "expect_backing", r->expect_backing);
	if (r->has_retry)
		dump_retry(b, r);
	if (r->has_cut)
		dump_number(b, ", ", r->cut < 0 ? "short" : "long",
			    (uint64_t)(r->cut < 0 ? -r->cut : r->cut));
	if (r->has_unique)
		dump_number(b, ", ", "unique", r->unique);
	if (r->header_len)
		dump_number(b, ", ", "len", (uint64_t)r->header_len);
	if (r->copies)
		dump_number(b, ", ", "copies", r->copies);
}

/* ---- notifications ------------------------------------------------------ */

static void dump_note_file(struct buf *b, const struct scenario *sc,
			   const struct notify_spec *n)
{
	auto_buf struct buf t = BUF_INIT;
	size_t i;

	if (n->others) {
		buf_printf(b, "{%s: [", n->note->name);
		for (i = 0; i < n->n_others; i++) {
			buf_clear(&t);
			dump_file(&t, sc, &n->others[i]);
			buf_puts(b, i ? ", " : "");
			dump_scalar(b, buf_str(&t));
		}
		buf_addc(b, ']');
		return;
	}
	dump_file(&t, sc, &n->file);
	if (n->child)
		buf_printf(&t, "%s%s", strcmp(n->file.path, "/") ? "/" : "",
			   n->child);
	dump_text_pair(b, "{", n->note->name, &t);
}

/* The notification's own key; how many of its fields that covers. */
static size_t dump_note_word(struct buf *b, const struct scenario *sc,
			     const struct notify_spec *n)
{
	if (!n->note) {
		dump_number(b, "{", "raw", n->code);
		return 0;
	}
	if (n->note->code == NOTE_POLL) {
		dump_number(b, "{", n->note->name, n->sets[0].num);
		return 1;
	}
	if (n->note->code == NOTE_PRUNE && !n->n_others)
		buf_printf(b, "{%s: []", n->note->name);
	else if (n->file.mount != NONE || n->n_others)
		dump_note_file(b, sc, n);
	else
		buf_printf(b, "{%s: true", n->note->name);
	return 0;
}

void dump_notify(struct buf *b, const struct scenario *sc,
		 const struct notify_spec *n, bool before)
{
	size_t i = dump_note_word(b, sc, n);

	dump_pair(b, ", ", "mount", sc->mounts[n->mount].name);
	for (; i < n->n_sets; i++) {
		if (n->sets[i].f->type == FT_NAME)
			dump_pair(b, ", ", n->sets[i].f->name, n->sets[i].p);
		else
			dump_number(b, ", ", n->sets[i].f->name,
				    n->sets[i].num);
	}
	if (n->has_data)
		dump_data_pair(b, ", ", "data", &n->data);
	if (n->name != NONE)
		dump_pair(b, ", ", "as", sc->notes[n->name]);
	if (n->wait || n->expect)
		dump_error_pair(b, ", ", "result", n->expect);
	buf_puts(b, before ? ", before: true}" : "}");
}

/* ---- rules -------------------------------------------------------------- */

void dump_assigns(struct buf *b, const struct scenario *sc,
		  const struct assign *a, size_t n)
{
	size_t i;

	buf_addc(b, '{');
	for (i = 0; i < n; i++)
		dump_pair(b, i ? ", " : "", sc->states[a[i].state].name,
			  sc->words[a[i].value]);
	buf_addc(b, '}');
}

static void dump_where(struct buf *b, const struct rule *r)
{
	auto_buf struct buf t = BUF_INIT;
	size_t i;

	buf_puts(b, ", where: {");
	for (i = 0; i < r->n_where; i++) {
		const struct cond *c = &r->where[i];

		dump_cond_value(&t, c);
		buf_printf(b, "%s%s: %s", i ? ", " : "", c->field,
			   c->negate ? "{not: " : "");
		dump_scalar(b, buf_str(&t));
		buf_puts(b, c->negate ? "}" : "");
		buf_clear(&t);
	}
	buf_addc(b, '}');
}

static void dump_matching(struct buf *b, const struct scenario *sc,
			  const struct rule *r)
{
	size_t i;

	buf_addc(b, '{');
	if (r->name)
		buf_printf(b, "name: %s, ", r->name);
	buf_puts(b, r->n_ops ? "op: [" : "op: \"*\"");
	for (i = 0; i < r->n_ops; i++)
		buf_printf(b, "%s%s", i ? ", " : "", r->ops[i]->name);
	buf_puts(b, r->n_ops ? "]" : "");
	if (r->file.mount != NONE)
		dump_ref_pair(b, ", ", "file", sc, &r->file);
	if (r->n_where)
		dump_where(b, r);
	if (r->actor != NONE)
		dump_pair(b, ", ", "actor", sc->actors[r->actor].name);
	if (r->nth_from) {
		buf_printf(b, ", nth: %u..", r->nth_from);
		if (r->nth_to)
			buf_printf(b, "%u", r->nth_to);
	}
	if (r->times)
		dump_number(b, ", ", "times", r->times);
	if (r->n_when) {
		buf_puts(b, ", in: ");
		dump_assigns(b, sc, r->when, r->n_when);
	}
}

static void dump_notifies(struct buf *b, const struct scenario *sc,
			  const struct rule *r)
{
	size_t i;

	if (!r->n_notify_before && !r->n_notify_after)
		return;
	buf_puts(b, ", notify: [");
	for (i = 0; i < r->n_notify_before; i++) {
		buf_puts(b, i ? ", " : "");
		dump_notify(b, sc, &r->notify_before[i], true);
	}
	for (i = 0; i < r->n_notify_after; i++) {
		buf_puts(b, i || r->n_notify_before ? ", " : "");
		dump_notify(b, sc, &r->notify_after[i], false);
	}
	buf_addc(b, ']');
}

static void dump_timing(struct buf *b, const struct scenario *sc,
			const struct rule *r)
{
	if (r->gate != NONE)
		buf_printf(b, ", hold: {gate: %s, after: %s}",
			   sc->gates[r->gate],
			   r->hold_after ? "true" : "false");
	if (r->delay_max_ns)
		buf_printf(b, ", delay: {time: %" PRIu64 "ns..%" PRIu64 "ns, "
			   "after: %s}", r->delay_min_ns, r->delay_max_ns,
			   r->delay_after ? "true" : "false");
	if (r->bandwidth)
		dump_number(b, ", ", "bandwidth", r->bandwidth);
}

void dump_rule(struct buf *b, const struct scenario *sc, const struct rule *r)
{
	dump_matching(b, sc, r);
	if (r->n_set) {
		buf_puts(b, ", set: ");
		dump_assigns(b, sc, r->set, r->n_set);
	}
	dump_notifies(b, sc, r);
	if (r->drop)
		buf_printf(b, ", drop: %s", r->drop_ok ? "ok" : "true");
	buf_puts(b, r->stall ? ", stall: true" : "");
	buf_puts(b, r->abort ? ", abort: true" : "");
	buf_puts(b, r->die ? ", die: true" : "");
	dump_timing(b, sc, r);
	if (r->reply.present) {
		buf_puts(b, ", reply: {");
		dump_reply_keys(b, sc, &r->reply, "");
		buf_addc(b, '}');
	}
	if (r->answer_gate != NONE) {
		buf_printf(b, ", answer: {gate: %s, first: %s",
			   sc->gates[r->answer_gate],
			   r->answer_first ? "true" : "false");
		dump_reply_keys(b, sc, &r->answer, ", ");
		buf_addc(b, '}');
	}
	buf_addc(b, '}');
}
