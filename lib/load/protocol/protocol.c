/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Operations and notifications that a scenario declares.  One thread at a time. */
#include "config.h"

#include "load/protocol/protocol.h"

#include <inttypes.h>
#include <string.h>

#include "load/protocol/making.h"
#include "load/read/schema.h"
#include "load/read/values.h"

static const struct field no_fields[] = { { .name = NULL } };

int check_word(struct loader *ld, const struct ynode *key, const char *what)
{
	return is_name(key->text, key->len) && !strchr(key->text, '-') ? 0 :
		diag(ld->dg, key->loc, "expected the name of %s (letters, digits, "
		     "_), got \"%.60s\"", what, key->text);
}

/* What the entry of an operation or notification says, to be read in our order. */
struct entry {
	const struct ynode *number, *like, *request, *reply, *fields;
	bool override;
};

static int take(struct loader *ld, const struct ynode *n, void *p)
{
	(void)ld;
	*(const struct ynode **)p = n;
	return 0;
}

#define NODE(name)	{ #name, take, offsetof(struct entry, name), false }
#define OVERRIDE							\
	{ "override", value_true, offsetof(struct entry, override), false }
#define END		{ NULL, NULL, 0, false }

/* ---- numbers and names --------------------------------------------------- */

/* Somebody has the number or the name already. */
static int in_use(struct loader *ld, struct loc loc, const char *name,
		  uint32_t number)
{
	return diag(ld->dg, loc, "%s is %" PRIu32 " already: \"override: true\" "
		    "takes its place", name, number);
}

static int nothing_to_override(struct loader *ld, const struct ynode *key)
{
	return diag(ld->dg, key->loc, "nothing has that number or is named \"%s\": "
		    "there is nothing to override", key->text);
}

static int needs_number(struct loader *ld, const struct ynode *key,
			const char *what, struct words words)
{
	const char *nearest = words_nearest(words, key->text, key->len);

	return diag(ld->dg, key->loc, "%s \"%.60s\" is new, and needs \"number\""
		    "%s%s%s", what, key->text, nearest ? " (or do you mean " : "",
		    nearest ? nearest : "", nearest ? "?)" : "");
}

static int read_number(struct loader *ld, const struct ynode *n, uint64_t max,
		       uint32_t *out)
{
	uint64_t v;

	if (value_count(ld, n, 1, max, &v))
		return -1;
	*out = (uint32_t)v;
	return 0;
}

/* ---- operations ---------------------------------------------------------- */

static const struct op *find_op(const struct making *m, const char *name)
{
	return op_by_name(m->p, name, strlen(name));
}

/* Those whose messages fusescen itself reads and writes. */
static bool is_ours(const struct op *op)
{
	switch (op->opcode) {
	case OP_INIT:
	case OP_CUSE_INIT:
	case OP_INTERRUPT:
	case OP_DESTROY:
	case OP_NOTIFY_REPLY:
		return true;
	}
	return false;
}

/* They may have new fields where there is room, but grow they may not. */
static int check_growth(struct loader *ld, const struct ynode *n,
			const struct op *op, size_t before, size_t after)
{
	if (after <= before || !is_ours(op))
		return 0;
	return diag(ld->dg, n->loc, "%s has %zu bytes, which its fields fill: give "
		    "their offset (\"u32 at 40\")", op->name, before);
}

static int read_request(struct loader *ld, const struct making *m,
			const struct ynode *n, bool anew, struct op *op)
{
	size_t before = anew ? 0 : op->args_size;
	struct layout l;

	layout_begin(ld, anew ? no_fields : op->args, before, &l);
	if (load_layout(ld, n, LAYOUT_REQUEST, m->named, m->n_named, &l) ||
	    check_growth(ld, n, op, before, l.size))
		return -1;
	op->args = l.fields;
	op->args_size = (uint16_t)l.size;
	/* a kernel without the new fields still sends the old length */
	if (anew || l.size > before)
		op->args_min = (uint16_t)(anew ? l.size : before);
	if (anew || l.data_len.unit)
		op->data_len = l.data_len;
	if (anew)
		op->reply_len = (struct length_field){ 0, 0 };
	return 0;
}

static enum reply_kind reply_kind(const struct layout *l)
{
	if (l->has_data)
		return l->size ? REPLY_FIXED_DATA : REPLY_DATA;
	return l->size ? REPLY_FIXED : REPLY_EMPTY;
}

static int read_reply(struct loader *ld, const struct making *m,
		      const struct ynode *n, bool anew, struct op *op)
{
	size_t before = anew ? 0 : op->reply_size;
	struct layout l;
	struct text t;

	if (n->kind == Y_SCALAR) {
		if (value_text(ld, n, "{field: type}, or none", &t))
			return -1;
		if (strcmp(t.s, "none"))
			return value_expected(ld, &t, "{field: type}, or none");
		op->reply = REPLY_NONE;
		op->reply_size = 0;
		op->reply_fields = no_fields;
		return 0;
	}
	if (!anew && (op->reply == REPLY_NONE || op->reply == REPLY_SIZED ||
		      op->reply == REPLY_DATA))
		return diag(ld->dg, n->loc, "a reply to %s has no numbers to which "
			    "others could be added: declare the operation anew, "
			    "with \"number\" and \"override\"", op->name);
	layout_begin(ld, anew ? no_fields : op->reply_fields, before, &l);
	if (load_layout(ld, n, LAYOUT_REPLY, m->named, m->n_named, &l) ||
	    check_growth(ld, n, op, before, l.size))
		return -1;
	if (l.size > before && before && l.has_data)
		return diag(ld->dg, n->loc, "the data of a reply to %s follows its "
			    "numbers, which have %zu bytes: give an offset "
			    "(\"u32 at 12\")", op->name, before);
	op->reply_fields = l.fields;
	op->reply_size = (uint16_t)l.size;
	op->reply = reply_kind(&l);
	return 0;
}

static int read_layouts(struct loader *ld, const struct making *m,
			const struct entry *e, struct op *op)
{
	int bad = 0;

	if (e->request)
		bad |= read_request(ld, m, e->request, e->number, op);
	if (e->reply)
		bad |= read_reply(ld, m, e->reply, e->number, op);
	return bad;
}

static void remove_op(struct making *m, const struct op *op)
{
	size_t i = op ? (size_t)(op - m->ops) : 0;

	if (!op)
		return;
	memmove(&m->ops[i], &m->ops[i + 1],
		(m->p->n_ops - i - 1) * sizeof(*m->ops));
	m->p->n_ops--;
}

static void insert_op(struct making *m, struct op op)
{
	size_t i = m->p->n_ops++;

	for (; i && m->ops[i - 1].opcode > op.opcode; i--)
		m->ops[i] = m->ops[i - 1];
	m->ops[i] = op;
}

/* The rows whose place a new one takes: by its number, by its name. */
static int check_place(struct loader *ld, const struct ynode *key,
		       const struct entry *e, const struct op *at,
		       const struct op *named)
{
	if (at && is_ours(at))
		return diag(ld->dg, e->number->loc, "%s is what fusescen itself "
			    "answers: it can have new fields, but no other name "
			    "or layout", at->name);
	if (at && !e->override)
		return in_use(ld, e->number->loc, at->name, at->opcode);
	if (named && named != at && !e->override)
		return in_use(ld, key->loc, named->name, named->opcode);
	return e->override && !at && !named ? nothing_to_override(ld, key) : 0;
}

static int read_like(struct loader *ld, const struct making *m,
		     const struct ynode *n, const struct op **out)
{
	struct text t;

	if (value_text(ld, n, "an operation", &t))
		return -1;
	*out = op_by_name(m->p, t.s, t.len);
	return *out ? 0 : diag_unknown(ld->dg, text_loc(&t, 0, t.len),
				       "operation", t.s, t.len, op_words(m->p));
}

static int new_op(struct loader *ld, const struct ynode *key,
		  const struct entry *e, struct making *m)
{
	const struct op *named = find_op(m, key->text), *at, *like;
	struct op op = {
		.args = no_fields, .reply = REPLY_EMPTY, .reply_fields = no_fields,
	};
	uint32_t opcode;

	if (read_number(ld, e->number, UINT32_MAX, &opcode))
		return -1;
	at = op_by_code(m->p, opcode);
	like = at;
	if (check_place(ld, key, e, at, named) ||
	    (e->like && read_like(ld, m, e->like, &like)))
		return -1;
	if (like)
		op = *like;
	op.opcode = opcode;
	op.name = key->text;
	op.help = "declared by the scenario";
	op.flags |= OPF_DECLARED;
	if (read_layouts(ld, m, e, &op))
		return -1;
	remove_op(m, at);
	remove_op(m, find_op(m, key->text));
	insert_op(m, op);
	return 0;
}

/* More fields for one that there is. */
static int extend_op(struct loader *ld, const struct ynode *key,
		     const struct entry *e, struct making *m)
{
	const struct op *named = find_op(m, key->text);
	struct op op;

	if (!named)
		return needs_number(ld, key, "operation", op_words(m->p));
	if (e->override || e->like)
		return diag(ld->dg, key->loc, "%s gets new fields only: \"override\" "
			    "and \"like\" go with \"number\"", named->name);
	op = *named;
	if (read_layouts(ld, m, e, &op))
		return -1;
	if (!is_ours(&op))
		op.flags |= OPF_DECLARED;
	m->ops[named - m->ops] = op;
	return 0;
}

static int read_op(struct loader *ld, const struct ynode *key,
		   const struct ynode *value, struct making *m)
{
	static const struct key keys[] = {
		NODE(number), OVERRIDE, NODE(like), NODE(request), NODE(reply), END
	};
	static const struct schema schema = { "an operation", keys, NULL, NULL };
	struct entry e = { 0 };

	if (check_word(ld, key, "an operation") ||
	    schema_read(ld, value, &schema, &e))
		return -1;
	if (!strcmp(key->text, "reply") || !strcmp(key->text, "trace"))
		return diag(ld->dg, key->loc, "\"%s\" has a meaning of its own in "
			    "patterns", key->text);
	return e.number ? new_op(ld, key, &e, m) : extend_op(ld, key, &e, m);
}

/* ---- notifications ------------------------------------------------------- */

static void remove_note(struct making *m, const struct note *note)
{
	size_t i = note ? (size_t)(note - m->notes) : 0;

	if (!note)
		return;
	memmove(&m->notes[i], &m->notes[i + 1],
		(m->p->n_notes - i - 1) * sizeof(*m->notes));
	m->p->n_notes--;
}

static const struct note *find_note(const struct making *m, const char *name)
{
	return note_by_name(m->p, name, strlen(name));
}

static int read_note_fields(struct loader *ld, const struct making *m,
			    const struct entry *e, struct note *note)
{
	bool anew = e->number;
	struct layout l;

	if (!e->fields)
		return 0;
	layout_begin(ld, anew ? no_fields : note->args, anew ? 0 : note->args_size,
		     &l);
	if (load_layout(ld, e->fields, LAYOUT_NOTE, m->named, m->n_named, &l))
		return -1;
	note->args = l.fields;
	note->args_size = (uint16_t)l.size;
	return 0;
}

static int new_note(struct loader *ld, const struct ynode *key,
		    const struct entry *e, struct making *m)
{
	const struct note *named = find_note(m, key->text), *at;
	struct note note = { .args = no_fields };
	uint32_t code;

	/* the code is the header's error field, a positive number */
	if (read_number(ld, e->number, INT32_MAX, &code))
		return -1;
	at = note_by_code(m->p, code);
	if (at && !e->override)
		return in_use(ld, e->number->loc, at->name, at->code);
	if (named && named != at && !e->override)
		return in_use(ld, key->loc, named->name, named->code);
	if (e->override && !at && !named)
		return nothing_to_override(ld, key);
	if (at)
		note = *at;
	note.code = code;
	note.name = key->text;
	note.help = "declared by the scenario";
	note.is_declared = true;
	if (read_note_fields(ld, m, e, &note))
		return -1;
	remove_note(m, at);
	remove_note(m, find_note(m, key->text));
	m->notes[m->p->n_notes++] = note;
	return 0;
}

static int extend_note(struct loader *ld, const struct ynode *key,
		       const struct entry *e, struct making *m)
{
	const struct note *named = find_note(m, key->text);
	struct note note;

	if (!named)
		return needs_number(ld, key, "notification", note_words(m->p));
	if (e->override)
		return diag(ld->dg, key->loc, "%s gets new fields only: \"override\" "
			    "goes with \"number\"", named->name);
	note = *named;
	if (read_note_fields(ld, m, e, &note))
		return -1;
	m->notes[named - m->notes] = note;
	return 0;
}

static int read_note(struct loader *ld, const struct ynode *key,
		     const struct ynode *value, struct making *m)
{
	static const struct key keys[] = {
		NODE(number), OVERRIDE, NODE(fields), END
	};
	static const struct schema schema = { "a notification", keys, NULL, NULL };
	static const char *const own[] = {
		"raw", "as", "result", "mount", "data", "before", "wait", "timeout",
	};
	struct entry e = { 0 };
	size_t i;

	if (check_word(ld, key, "a notification") ||
	    schema_read(ld, value, &schema, &e))
		return -1;
	for (i = 0; i < ARRAY_SIZE(own); i++)
		if (!strcmp(own[i], key->text))
			return diag(ld->dg, key->loc, "\"%s\" has a meaning of its "
				    "own in \"notify\"", key->text);
	return e.number ? new_note(ld, key, &e, m) : extend_note(ld, key, &e, m);
}

/* ---- the whole ----------------------------------------------------------- */

static int each(struct loader *ld, const struct ynode *n, const char *what,
		struct making *m,
		int (*read)(struct loader *ld, const struct ynode *key,
			    const struct ynode *value, struct making *m))
{
	int bad = 0;
	size_t i;

	if (value_is_map(ld, n, what))
		return -1;
	for (i = 0; i + 1 < n->n_items && !loader_is_enough(ld); i += 2)
		bad |= loader_check_size(ld, n->items[i]->loc) ||
		       read(ld, n->items[i], n->items[i + 1], m);
	return bad ? -1 : 0;
}

static int read_ops(struct loader *ld, const struct ynode *n, void *p)
{
	struct making *m = p;
	size_t room = m->p->n_ops + n->n_items / 2;

	m->ops = ARENA_ARRAY(ld->arena, struct op, room);
	memcpy(m->ops, m->p->ops, m->p->n_ops * sizeof(*m->ops));
	m->p->ops = m->ops;
	return each(ld, n, "{operation: ...}", m, read_op);
}

static int read_notes(struct loader *ld, const struct ynode *n, void *p)
{
	struct making *m = p;
	size_t room = m->p->n_notes + n->n_items / 2;

	m->notes = ARENA_ARRAY(ld->arena, struct note, room);
	memcpy(m->notes, m->p->notes, m->p->n_notes * sizeof(*m->notes));
	m->p->notes = m->notes;
	return each(ld, n, "{notification: ...}", m, read_note);
}

static int read_minor(struct loader *ld, const struct ynode *n, void *p)
{
	struct making *m = p;

	return read_number(ld, n, UINT16_MAX, &m->p->minor);
}

int load_protocol(struct loader *ld, const struct ynode *n)
{
	static const struct key keys[] = {	/* what others name comes first */
		{ "minor", read_minor, 0, false },
		{ "flags", read_flagsets, 0, false },
		{ "values", read_valuesets, 0, false },
		{ "operations", read_ops, 0, false },
		{ "notifications", read_notes, 0, false },
		END
	};
	static const struct schema schema = { "a protocol", keys, NULL, NULL };
	struct protocol *p = ARENA_NEW(ld->arena, struct protocol);
	struct making m = { .p = p };

	ld->sc->protocol = &protocol_builtin;
	if (!n)
		return 0;
	*p = protocol_builtin;
	m.ops = arena_memdup(ld->arena, p->ops, p->n_ops * sizeof(*p->ops));
	m.notes = arena_memdup(ld->arena, p->notes, p->n_notes * sizeof(*p->notes));
	p->ops = m.ops;
	p->notes = m.notes;
	flagsets_begin(ld, &m);
	if (schema_read(ld, n, &schema, &m))
		return -1;
	flagsets_end(ld, &m);
	ld->sc->protocol = p;
	return 0;
}
