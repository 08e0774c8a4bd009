/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Layouts of messages.  One thread at a time. */
#include "config.h"

#include "load/protocol/layout.h"

#include <inttypes.h>
#include <string.h>

#include "base/limits.h"
#include "base/units.h"
#include "load/read/values.h"

#define MAX_STRINGS	2	/* that a decoded request has room for */

/* ---- words --------------------------------------------------------------- */

static const struct type_row {
	const char *name;
	enum field_type type;
	size_t width;
} types[] = {
	{ "u16", FT_U16, 2 }, { "u32", FT_U32, 4 }, { "u64", FT_U64, 8 },
	{ "s32", FT_S32, 4 }, { "s64", FT_S64, 8 },
};

static const struct keyword shows[] = {
	{ "size", FD_SIZE, "64K" },
	{ "octal", FD_OCT, "0755" },
	{ "hex", FD_HEX, "0x1f" },
	{ "seconds", FD_TIME_S, "1s" },
	{ "errno", FD_ERRNO, "ENOENT" },
	{ "result", FD_RESULT, "-ENOENT" },
	{ "opcode", FD_OPCODE, "WRITE" },
	{ NULL, 0, NULL },
};

struct reader {
	struct loader *ld;
	enum layout_of of;
	const struct named_set *sets;
	size_t n_sets;
	struct layout *out;
	struct field *fields;		/* of out, while they grow */
	struct room {			/* what the numbers take */
		const char *name;
		size_t at, len;
	} *rooms;
	size_t n_rooms;
	size_t end, align;		/* where the next number comes */
	bool in_tail;			/* strings or data have begun */
};

static const char *type_word_at(const void *ctx, size_t i)
{
	(void)ctx;
	if (i < ARRAY_SIZE(types))
		return types[i].name;
	return i == ARRAY_SIZE(types) ? "string" : NULL;
}

static int unknown_type(struct lex *lx, struct tok tok)
{
	return diag_unknown(lx->ld->dg, lex_loc(lx, tok), "type of a field",
			    tok.s, tok.len, (struct words){ type_word_at, NULL });
}

static int unknown_show(struct reader *r, struct lex *lx, struct tok tok)
{
	const char **list = NULL;
	size_t n = 0, i;

	for (i = 0; shows[i].name; i++)
		ARENA_PUSH(lx->ld->arena, list, n, shows[i].name);
	for (i = 0; i < r->n_sets; i++)
		ARENA_PUSH(lx->ld->arena, list, n, r->sets[i].set->name);
	ARENA_PUSH(lx->ld->arena, list, n, NULL);
	return diag_unknown(lx->ld->dg, lex_loc(lx, tok),
			    "way to print a field, or set of flags", tok.s,
			    tok.len, words_array(list));
}

/* "size", "fopen": how the number is read and printed. */
static int read_show(struct reader *r, struct lex *lx, struct field *f)
{
	struct tok tok = lex_word(lx);
	size_t i;

	for (i = 0; shows[i].name; i++) {
		if (tok_is(tok, shows[i].name)) {
			f->dim = (enum field_dim)shows[i].kind;
			return 0;
		}
	}
	for (i = 0; i < r->n_sets; i++) {
		if (tok_is(tok, r->sets[i].set->name)) {
			f->dim = r->sets[i].is_choice ? FD_CHOICE : FD_FLAGS;
			f->flags = r->sets[i].set;
			return 0;
		}
	}
	return tok.len ? unknown_show(r, lx, tok) :
		lex_expected(lx, "the end of the field");
}

/* ---- numbers ------------------------------------------------------------- */

static int read_count(struct lex *lx, uint64_t min, uint64_t max,
		      const char *what, uint64_t *out)
{
	struct tok tok = lex_word(lx);

	if (!tok.len)
		return lex_expected(lx, what);
	if (parse_size(tok.s, tok.len, out) || *out < min || *out > max)
		return diag(lx->ld->dg, lex_loc(lx, tok), "expected %s from %"
			    PRIu64 " to %" PRIu64 ", got \"%.*s\"", what, min,
			    max, tok.len > 60 ? 60 : (int)tok.len, tok.s);
	return 0;
}

static int check_room(struct reader *r, struct loc loc, const struct room *new)
{
	size_t i;

	if (new->at + new->len > LIMIT_LAYOUT)
		return diag_limit(r->ld->dg, loc, LIMIT_OF(LAYOUT));
	for (i = 0; i < r->n_rooms; i++) {
		const struct room *old = &r->rooms[i];

		if (new->at < old->at + old->len && old->at < new->at + new->len)
			return diag(r->ld->dg, loc, "%s at %zu overlaps %s, which "
				    "has %zu bytes at %zu", new->name, new->at,
				    old->name, old->len, old->at);
	}
	return 0;
}

/* What stands behind the type: * COUNT, how it is shown, its place. */
static int read_rest(struct reader *r, struct lex *lx, struct field *f,
		     uint64_t *count, uint64_t *at)
{
	*count = 0;
	if (lex_accept(lx, "*") &&
	    read_count(lx, 1, LIMIT_LAYOUT, "a number of elements", count))
		return -1;
	if (!lex_done(lx) && !tok_is(lex_peek(lx, ""), "at") &&
	    read_show(r, lx, f))
		return -1;
	if (lex_done(lx))
		return 0;
	if (!tok_is(lex_peek(lx, ""), "at"))
		return lex_expected(lx, "the end of the field");
	lex_word(lx);
	if (read_count(lx, 0, LIMIT_LAYOUT, "an offset", at))
		return -1;
	return lex_done(lx) ? 0 : lex_expected(lx, "the end of the field");
}

static void push_field(struct reader *r, struct field f)
{
	ARENA_PUSH(r->ld->arena, r->fields, r->out->n, f);
}

static int read_number(struct reader *r, struct lex *lx, const struct ynode *key,
		       const struct type_row *type)
{
	struct field f = { .name = key->text, .type = type->type };
	uint64_t count, at = (r->end + type->width - 1) / type->width * type->width;
	struct room room;

	if (r->in_tail)
		return diag(r->ld->dg, key->loc, "a number cannot come after "
			    "strings and data: they have no fixed length");
	if (read_rest(r, lx, &f, &count, &at))
		return -1;
	room = (struct room){ key->text, at, type->width * (count ? count : 1) };
	if (check_room(r, key->loc, &room))
		return -1;
	ARENA_PUSH(r->ld->arena, r->rooms, r->n_rooms, room);
	f.at = (uint16_t)at;
	if (!count)		/* an array is room for what is to come */
		push_field(r, f);
	r->end = room.at + room.len;
	if (r->align < type->width)
		r->align = type->width;
	if (r->out->size < r->end)
		r->out->size = r->end;
	return 0;
}

/* ---- strings and data ---------------------------------------------------- */

static int read_string(struct reader *r, struct lex *lx, const struct ynode *key)
{
	if (r->of == LAYOUT_REPLY)
		return diag(r->ld->dg, key->loc, "a reply has no strings: what "
			    "follows its numbers is \"data\"");
	if (r->out->n_strings == MAX_STRINGS)
		return diag(r->ld->dg, key->loc, "there are %d strings already, "
			    "and no message has more", MAX_STRINGS);
	if (r->out->has_data)
		return diag(r->ld->dg, key->loc, "a string cannot come after "
			    "data");
	if (!lex_done(lx))
		return lex_expected(lx, "the end of the field");
	push_field(r, (struct field){
		.name = key->text, .type = FT_NAME,
		.at = (uint16_t)r->out->n_strings++,
	});
	r->in_tail = true;
	return 0;
}

/* "rest", "size", "count * 8": how long it is. */
static int read_data(struct reader *r, struct lex *lx, const struct ynode *key)
{
	struct tok tok = lex_word(lx);
	const struct field *f = NULL;
	uint64_t unit = 1;
	size_t i;

	if (r->out->has_data)
		return diag(r->ld->dg, key->loc, "there is data already");
	for (i = 0; i < r->out->n; i++)
		if (r->fields[i].type == FT_U32 && tok_is(tok, r->fields[i].name))
			f = &r->fields[i];
	if (!f && !tok_is(tok, "rest"))
		return diag(r->ld->dg, lex_loc(lx, tok), "expected \"rest\" or a "
			    "field of type u32 that says how long the data is, "
			    "got \"%.*s\"", tok.len > 60 ? 60 : (int)tok.len,
			    tok.s);
	if (f && r->of != LAYOUT_REQUEST)
		return diag(r->ld->dg, lex_loc(lx, tok), "only the data of a "
			    "request has a length of its own: say \"rest\"");
	if (f && lex_accept(lx, "*") &&
	    read_count(lx, 1, LIMIT_LAYOUT, "a number of bytes", &unit))
		return -1;
	if (!lex_done(lx))
		return lex_expected(lx, "the end of the field");
	if (f)
		r->out->data_len = (struct length_field){ f->at, (uint16_t)unit };
	push_field(r, (struct field){ .name = "data", .type = FT_DATA });
	r->out->has_data = true;
	r->in_tail = true;
	return 0;
}

/* ---- the whole ----------------------------------------------------------- */

static int check_name(struct reader *r, const struct ynode *key)
{
	size_t i;

	if (!is_name(key->text, key->len) || strchr(key->text, '-'))
		return diag(r->ld->dg, key->loc, "expected the name of a field "
			    "(letters, digits, _), got \"%.60s\"", key->text);
	for (i = 0; i < r->out->n; i++)
		if (!strcmp(r->fields[i].name, key->text))
			return diag(r->ld->dg, key->loc, "there is a field \"%s\" "
				    "already", key->text);
	return 0;
}

static int read_field(struct reader *r, const struct ynode *key,
		      const struct ynode *value)
{
	struct text t;
	struct lex lx;
	struct tok tok;
	size_t i;

	if (check_name(r, key) ||
	    value_text(r->ld, value, "the type of a field (u32, u64 size, "
		       "u32 * 3, string)", &t))
		return -1;
	lex_init(&lx, r->ld, &t);
	if (!strcmp(key->text, "data"))
		return read_data(r, &lx, key);
	tok = lex_word(&lx);
	if (tok_is(tok, "string"))
		return read_string(r, &lx, key);
	for (i = 0; i < ARRAY_SIZE(types); i++)
		if (tok_is(tok, types[i].name))
			return read_number(r, &lx, key, &types[i]);
	return unknown_type(&lx, tok);
}

static void add_built_in(struct reader *r, const struct field *f)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		struct room room = { f->name, f->at, types[i].width };

		if (types[i].type == f->type)
			ARENA_PUSH(r->ld->arena, r->rooms, r->n_rooms, room);
	}
}

void layout_begin(struct loader *ld, const struct field *fields, size_t size,
		  struct layout *out)
{
	struct field *list = NULL;

	*out = (struct layout){ .size = size };
	for (; fields->name; fields++) {
		ARENA_PUSH(ld->arena, list, out->n, *fields);
		out->n_strings += fields->type == FT_NAME;
		out->has_data |= fields->type == FT_DATA;
	}
	out->fields = list;
}

int load_layout(struct loader *ld, const struct ynode *n, enum layout_of of,
		const struct named_set *sets, size_t n_sets, struct layout *io)
{
	struct reader r = {
		.ld = ld, .of = of, .sets = sets, .n_sets = n_sets, .out = io,
		.end = io->size, .align = 1,
	};
	size_t size = io->size, i;
	int bad = 0;

	if (value_is_map(ld, n, "{field: type}"))
		return -1;
	/* a list of its own, with room as ARENA_PUSH expects it */
	for (i = 0; i < io->n; i++)
		add_built_in(&r, &io->fields[i]);
	r.fields = (struct field *)io->fields;
	for (i = 0; i + 1 < n->n_items && !loader_is_enough(ld); i += 2)
		bad |= loader_check_size(ld, n->items[i]->loc) ||
		       read_field(&r, n->items[i], n->items[i + 1]);
	/* as C does it; fields that are added are a struct of their own */
	if (io->size > size)
		io->size = (io->size + r.align - 1) / r.align * r.align;
	push_field(&r, (struct field){ .name = NULL });
	io->n--;
	io->fields = r.fields;
	return bad ? -1 : 0;
}
