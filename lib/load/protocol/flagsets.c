/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Flags and values by name that a scenario declares.  One thread at a time. */
#include "config.h"

#include "load/protocol/making.h"

#include <inttypes.h>
#include <string.h>

#include "base/units.h"
#include "load/read/schema.h"
#include "load/read/values.h"

#define MAX_SHIFT	63

/* A set while rows are added. */
struct rows {
	const char *set;
	const char *what;
	struct flag *at;
	size_t n;
	int width;		/* bits of the field that has it */
	bool is_choice;
};

struct row_load {
	uint64_t bits;
	bool override;
};

/* ---- one row ------------------------------------------------------------- */

/* "1 << 43", "0x10" */
static int read_bits(struct loader *ld, const struct ynode *n, void *u64)
{
	static const char what[] = "a number or a bit (0x10, 1 << 4)";
	uint64_t *out = u64, shift;
	struct text t;
	struct lex lx;
	struct tok tok;

	if (value_text(ld, n, what, &t))
		return -1;
	lex_init(&lx, ld, &t);
	tok = lex_word(&lx);
	if (!tok.len || parse_size(tok.s, tok.len, out))
		return value_expected(ld, &t, what);
	if (lex_accept(&lx, "<<")) {
		tok = lex_word(&lx);
		if (!tok.len || parse_size(tok.s, tok.len, &shift))
			return value_expected(ld, &t, what);
		if (shift > MAX_SHIFT || *out << shift >> shift != *out)
			return diag(ld->dg, text_loc(&t, 0, t.len),
				    "no field has that bit: the last one is "
				    "1 << %d", MAX_SHIFT);
		*out <<= shift;
	}
	return lex_done(&lx) ? 0 : lex_expected(&lx, "the end of the number");
}

static int read_row(struct loader *ld, const struct ynode *n, struct row_load *out)
{
	static const struct key keys[] = {
		{ "bits", read_bits, offsetof(struct row_load, bits), true },
		{ "override", value_true, offsetof(struct row_load, override), false },
		{ NULL, NULL, 0, false },
	};
	static const struct schema schema = { "a flag", keys, NULL, NULL };

	*out = (struct row_load){ 0 };
	return n->kind == Y_MAP ? schema_read(ld, n, &schema, out) :
		read_bits(ld, n, &out->bits);
}

static bool is_taken(const struct rows *r, const struct flag *row,
		     const struct row_load *new)
{
	return r->is_choice ? row->bits == new->bits : row->bits & new->bits;
}

/* Take out what the new row stands in for; -1 if it may not. */
static int make_room(struct loader *ld, const struct ynode *key,
		     const struct ynode *value, struct rows *r,
		     const struct row_load *new)
{
	size_t i = 0;

	while (i < r->n) {
		const struct flag *row = &r->at[i];
		bool is_same = !strcmp(row->name, key->text);

		if (!is_same && !is_taken(r, row, new)) {
			i++;
			continue;
		}
		if (!new->override && is_same)
			return diag(ld->dg, key->loc, "%s is a word of %s already "
				    "(0x%" PRIx64 "): {bits: ..., override: true} "
				    "takes its place", row->name, r->set, row->bits);
		if (!new->override)
			return diag(ld->dg, value->loc, "%s is 0x%" PRIx64 " "
				    "already: {bits: ..., override: true} takes "
				    "its place", row->name, row->bits);
		memmove(&r->at[i], &r->at[i + 1], (r->n - i - 1) * sizeof(*r->at));
		r->n--;
	}
	return 0;
}

static int add_row(struct loader *ld, const struct ynode *key,
		   const struct ynode *value, struct rows *r)
{
	struct row_load new;

	if (check_word(ld, key, "a flag") || read_row(ld, value, &new))
		return -1;
	if (!new.bits && !r->is_choice)
		return diag(ld->dg, value->loc, "a flag has at least one bit");
	if (r->width < 64 && new.bits >> r->width)
		return diag(ld->dg, value->loc, "0x%" PRIx64 " does not fit: %s has "
			    "%d bits", new.bits, r->set, r->width);
	if (make_room(ld, key, value, r, &new))
		return -1;
	r->at[r->n++] = (struct flag){ .name = key->text, .bits = new.bits };
	return 0;
}

/* ---- one set ------------------------------------------------------------- */

static int width_in(const struct field *f, const struct flagset *set, int width)
{
	for (; f->name; f++) {
		if (f->flags != set)
			continue;
		if (f->type == FT_U64 || f->type == FT_S64)
			return 64;
		if (width < 32)
			width = f->type == FT_U16 ? 16 : 32;
	}
	return width;
}

/* As wide as the widest field that has it. */
static int width_of(const struct protocol *p, const struct flagset *set)
{
	int width = 0;
	size_t i;

	if (set == &flags_init)
		return 64;
	for (i = 0; i < p->n_ops; i++) {
		width = width_in(p->ops[i].args, set, width);
		width = width_in(p->ops[i].reply_fields, set, width);
	}
	for (i = 0; i < p->n_notes; i++)
		width = width_in(p->notes[i].args, set, width);
	return width ? width : 64;
}

static struct flagset *new_set(struct loader *ld, const char *name,
			       const char *what, const struct flag *rows)
{
	struct flagset *set = ARENA_NEW(ld->arena, struct flagset);

	*set = (struct flagset){ name, what, rows };
	return set;
}

static void change(struct loader *ld, struct making *m, const struct flagset *of,
		   const struct flagset *is)
{
	const struct flagset_change c = { of, is };
	size_t i;

	ARENA_PUSH(ld->arena, m->changes, m->p->n_changes, c);
	for (i = 0; i < m->n_sets; i++)
		if (m->sets[i] == of)
			m->sets[i] = is;
	for (i = 0; i < m->n_named; i++)
		if (m->named[i].set == of)
			m->named[i].set = is;
}

/* The same rows as one of the two fields of INIT has them. */
static void change_half(struct loader *ld, struct making *m,
			const struct flagset *of, const struct rows *all, int shift)
{
	struct flag *rows = ARENA_ARRAY(ld->arena, struct flag, all->n + 1);
	size_t i, n = 0;

	for (i = 0; i < all->n; i++) {
		rows[n] = all->at[i];
		rows[n].bits = all->at[i].bits >> shift & UINT32_MAX;
		n += rows[n].bits != 0;
	}
	rows[n] = (struct flag){ .name = NULL };
	change(ld, m, of, new_set(ld, of->name, of->what, rows));
}

static const struct flagset *find_set(const struct making *m, const char *name)
{
	size_t i;

	for (i = 0; i < m->n_named; i++)
		if (!strcmp(m->named[i].set->name, name))
			return m->named[i].set;
	return NULL;
}

static int read_set(struct loader *ld, const struct ynode *key,
		    const struct ynode *value, struct making *m, bool is_choice)
{
	const struct flagset *old = find_set(m, key->text);
	struct rows r = { .set = key->text, .is_choice = is_choice, .width = 64 };
	size_t n_old = 0, i;
	int bad = 0;

	if (check_word(ld, key, "a set of flags") ||
	    value_is_map(ld, value, "{name: 1 << bit}"))
		return -1;
	if (old && is_choice)
		return diag(ld->dg, key->loc, "%s is a set of flags already",
			    key->text);
	while (old && old->rows[n_old].name)
		n_old++;
	r.what = old ? old->what :
		arena_printf(ld->arena, "%s %s", key->text,
			     is_choice ? "value" : "flag");
	r.at = ARENA_ARRAY(ld->arena, struct flag, n_old + value->n_items / 2 + 1);
	r.n = n_old;
	if (old) {
		memcpy(r.at, old->rows, n_old * sizeof(*r.at));
		r.width = width_of(m->p, old);
	}
	for (i = 0; i + 1 < value->n_items && !loader_is_enough(ld); i += 2)
		bad |= loader_check_size(ld, value->items[i]->loc) ||
		       add_row(ld, value->items[i], value->items[i + 1], &r);
	r.at[r.n] = (struct flag){ .name = NULL };
	if (old) {
		change(ld, m, old, new_set(ld, old->name, old->what, r.at));
	} else {
		const struct named_set set = {
			new_set(ld, r.set, r.what, r.at), is_choice,
		};

		ARENA_PUSH(ld->arena, m->named, m->n_named, set);
		ARENA_PUSH(ld->arena, m->sets, m->n_sets, set.set);
	}
	if (old == &flags_init) {
		change_half(ld, m, &flags_init_low, &r, 0);
		change_half(ld, m, &flags_init_high, &r, 32);
	}
	return bad ? -1 : 0;
}

static int read_sets(struct loader *ld, const struct ynode *n, struct making *m,
		     bool is_choice)
{
	int bad = 0;
	size_t i;

	if (value_is_map(ld, n, "{set: {name: 1 << bit}}"))
		return -1;
	for (i = 0; i + 1 < n->n_items && !loader_is_enough(ld); i += 2)
		bad |= read_set(ld, n->items[i], n->items[i + 1], m, is_choice);
	return bad ? -1 : 0;
}

/* ---- all of them --------------------------------------------------------- */

int read_flagsets(struct loader *ld, const struct ynode *n, void *making)
{
	return read_sets(ld, n, making, false);
}

int read_valuesets(struct loader *ld, const struct ynode *n, void *making)
{
	return read_sets(ld, n, making, true);
}

void flagsets_begin(struct loader *ld, struct making *m)
{
	size_t i;

	for (i = 0; flagsets[i]; i++) {
		const struct named_set set = { flagsets[i], false };

		ARENA_PUSH(ld->arena, m->sets, m->n_sets, flagsets[i]);
		ARENA_PUSH(ld->arena, m->named, m->n_named, set);
	}
}

/* The same list, with the changed sets in place of the built-in ones. */
static const struct field *with_changes(struct loader *ld, const struct making *m,
					const struct field *fields)
{
	bool differs = false;
	struct field *out;
	size_t i, n;

	for (n = 0; fields[n].name; n++)
		differs |= fields[n].flags &&
			flagset_of(m->p, fields[n].flags) != fields[n].flags;
	if (!differs)
		return fields;
	out = arena_memdup(ld->arena, fields, (n + 1) * sizeof(*out));
	for (i = 0; i < n; i++)
		if (out[i].flags)
			out[i].flags = flagset_of(m->p, out[i].flags);
	return out;
}

void flagsets_end(struct loader *ld, struct making *m)
{
	size_t i;

	m->p->changes = m->changes;
	for (i = 0; i < m->p->n_ops; i++) {
		m->ops[i].args = with_changes(ld, m, m->ops[i].args);
		m->ops[i].reply_fields = with_changes(ld, m, m->ops[i].reply_fields);
	}
	for (i = 0; i < m->p->n_notes; i++)
		m->notes[i].args = with_changes(ld, m, m->notes[i].args);
	ARENA_PUSH(ld->arena, m->sets, m->n_sets, NULL);
	m->p->flagsets = m->sets;
}
