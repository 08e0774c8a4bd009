/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Replies.  One thread at a time. */
#include "config.h"

#include "load/rules/reply.h"

#include <string.h>

#include "base/limits.h"
#include "load/read/refs.h"
#include "load/read/schema.h"
#include "load/read/values.h"
#include "load/calls/retry.h"

static int read_error(struct loader *ld, const struct ynode *n, void *reply)
{
	struct reply_spec *out = reply;

	out->has_error = true;
	if (value_errno(ld, n, &out->error))
		return -1;
	if (out->error == 0)
		return diag(ld->dg, n->loc, "error 0 is no error: leave it out "
			    "to let the filesystem answer");
	return 0;
}

static int read_raw(struct loader *ld, const struct ynode *n, void *reply)
{
	struct reply_spec *out = reply;
	uint8_t *p;

	if (value_hex(ld, n, &p, &out->raw_len))
		return -1;
	out->raw = p;
	out->has_raw = true;
	return 0;
}

static int read_backing(struct loader *ld, const struct ynode *n, void *reply)
{
	struct reply_spec *out = reply;

	return ref_backing(ld, n, &out->backing);
}

static int read_retry(struct loader *ld, const struct ynode *n, void *reply)
{
	return load_retry(ld, n, reply);
}

static int read_cut(struct loader *ld, const struct ynode *n, void *reply,
		    int sign)
{
	struct reply_spec *out = reply;
	uint64_t v;

	if (value_limited(ld, n, 1, LIMIT_OF(REPLY_CUT), &v))
		return -1;
	if (out->has_cut)
		return diag(ld->dg, n->loc,
			    "a reply cannot be short and long at once");
	out->has_cut = true;
	out->cut = sign * (int64_t)v;
	return 0;
}

/* cut: bytes dropped are below zero, bytes added above */
static int read_short(struct loader *ld, const struct ynode *n, void *reply)
{
	return read_cut(ld, n, reply, -1);
}

static int read_long(struct loader *ld, const struct ynode *n, void *reply)
{
	return read_cut(ld, n, reply, 1);
}

static int read_unique(struct loader *ld, const struct ynode *n, void *reply)
{
	struct reply_spec *out = reply;

	out->has_unique = true;
	return value_count(ld, n, 0, UINT64_MAX, &out->unique);
}

static int read_len(struct loader *ld, const struct ynode *n, void *reply)
{
	struct reply_spec *out = reply;
	uint64_t v;

	if (value_count(ld, n, 1, UINT32_MAX, &v))
		return -1;
	out->header_len = (int64_t)v;
	return 0;
}

static int read_copies(struct loader *ld, const struct ynode *n, void *reply)
{
	struct reply_spec *out = reply;
	uint64_t v;

	if (value_limited(ld, n, 1, LIMIT_OF(REPLY_COPIES), &v))
		return -1;
	out->copies = (unsigned)v;
	return 0;
}

static int read_worker(struct loader *ld, const struct ynode *n, void *reply)
{
	struct reply_spec *out = reply;
	struct text t;

	if (value_text(ld, n, "other", &t))
		return -1;
	out->by_other = !strcmp(t.s, "other");
	return out->by_other ? 0 : value_expected(ld, &t, "other");
}

int value_expect_write(struct loader *ld, const struct ynode *n, void *reply)
{
	struct reply_spec *out = reply;

	out->present = true;
	return value_errno(ld, n, &out->expect_write);
}

static int read_expect_backing(struct loader *ld, const struct ynode *n, void *reply)
{
	struct reply_spec *out = reply;

	out->has_expect_backing = true;
	return value_errno(ld, n, &out->expect_backing);
}

enum key_role { KEY_FAULT, KEY_FIELD, KEY_BACKING, KEY_FREE };

static const struct reply_row {
	const char *name;
	int (*read)(struct loader *ld, const struct ynode *n, void *reply);
	enum key_role role;
} rows[] = {
	{ "error", read_error, KEY_FREE },
	{ "raw", read_raw, KEY_FREE },
	{ "backing", read_backing, KEY_BACKING },
	{ "retry", read_retry, KEY_FIELD },
	{ "short", read_short, KEY_FAULT },
	{ "long", read_long, KEY_FAULT },
	{ "unique", read_unique, KEY_FREE },
	{ "len", read_len, KEY_FREE },
	{ "copies", read_copies, KEY_FREE },
	{ "worker", read_worker, KEY_FREE },
	{ "expect_write", value_expect_write, KEY_FREE },
	{ "expect_backing", read_expect_backing, KEY_BACKING },
};

static int no_field(struct loader *ld, const struct ynode *key,
		    const struct op *op)
{
	auto_free char *what = xasprintf("field of %s replies", op->name);

	return diag_unknown(ld->dg, key->loc, what, key->text, key->len,
			    field_words(op->reply_fields));
}

static int read_field(struct loader *ld, struct reply_load *r,
		      const struct ynode *key, const struct ynode *value)
{
	struct field_set set = { 0 };
	struct text t;
	size_t i;

	for (i = 0; i < r->about->n; i++) {
		const struct field *f = op_reply_field(r->about->ops[i], key->text,
						       key->len);

		if (!f)
			return no_field(ld, key, r->about->ops[i]);
		if (!set.f)
			set.f = f;
	}
	if (set.f->type == FT_DATA) {
		r->out->has_data = true;
		return value_data(ld, value, &r->out->data);
	}
	if (set.f->dim == FD_FLAGS) {
		if (value_flags(ld, value, set.f->flags, &set.num, NULL))
			return -1;
	} else if (value_text(ld, value, "a number", &t) ||
		   field_number(ld, &t, text_tok(&t), set.f, &set.num)) {
		return -1;
	}
	ARENA_PUSH(ld->arena, r->out->sets, r->out->n_sets, set);
	return 0;
}

/* Without an operation no field is known; but is it one at all? */
static int unknown_here(struct loader *ld, const struct ynode *key)
{
	const struct protocol *p = ld->sc->protocol;
	size_t i;

	for (i = 0; i < p->n_ops; i++)
		if (op_reply_field(&p->ops[i], key->text, key->len))
			return diag(ld->dg, key->loc, "\"%s\" depends on the "
				    "operation, and \"*\" names none",
				    key->text);
	return 1;
}

/* No built-in reply has a field that is named like one of our keys, but one that
 * a scenario declares may. */
static int check_unambiguous(struct loader *ld, const struct op_list *about,
			     const struct ynode *key)
{
	size_t i;

	for (i = 0; i < about->n; i++)
		if (op_reply_field(about->ops[i], key->text, key->len))
			return diag(ld->dg, key->loc, "\"%s\" has a meaning of its "
				    "own in a reply: the field of %s needs another "
				    "name", key->text, about->ops[i]->name);
	return 0;
}

int reply_key(struct loader *ld, struct reply_load *r, const struct ynode *key,
	      const struct ynode *value)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		if (strcmp(rows[i].name, key->text))
			continue;
		if (check_unambiguous(ld, r->about, key))
			return -1;
		r->out->present = true;
		if (rows[i].role == KEY_BACKING && !r->backing)
			r->backing = key;
		if ((rows[i].role == KEY_FIELD ||
		     rows[i].role == KEY_BACKING) && !r->field)
			r->field = key;
		if (rows[i].role == KEY_FAULT && !r->fault)
			r->fault = key;
		if (rows[i].read == read_worker)
			r->worker = value;
		return rows[i].read(ld, value, r->out);
	}
	if (!r->about->n)
		return unknown_here(ld, key);
	r->out->present = true;
	if (!r->field)
		r->field = key;
	return read_field(ld, r, key, value);
}

struct words reply_words(struct loader *ld, const struct reply_load *r)
{
	const char **list = NULL, *w;
	size_t n = 0, i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		ARENA_PUSH(ld->arena, list, n, rows[i].name);
	if (r->about->n) {
		struct words more = field_words(r->about->ops[0]->reply_fields);

		for (i = 0; (w = more.at(more.ctx, i)); i++)
			ARENA_PUSH(ld->arena, list, n, w);
	}
	ARENA_PUSH(ld->arena, list, n, NULL);
	return words_array(list);
}

/* What the operations allow. */
static int check_ops(struct loader *ld, struct reply_load *r, struct loc loc)
{
	size_t i;

	for (i = 0; i < r->about->n; i++) {
		const struct op *op = r->about->ops[i];

		if (op->reply == REPLY_NONE)
			return diag(ld->dg, loc, "%s has no reply", op->name);
		if (r->backing && !op_reply_field(op, "backing_id", 10))
			return diag(ld->dg, r->backing->loc, "a reply to %s "
				    "cannot have a backing file", op->name);
		if (r->out->has_retry && op->opcode != OP_IOCTL)
			return diag(ld->dg, loc, "%s cannot be tried again: "
				    "\"retry\" is of IOCTL", op->name);
	}
	return 0;
}

/* There has to be another worker.  Where the reply may be about several mounts,
 * it is enough that one of them has two; the run says which one had not. */
static int check_worker(struct loader *ld, const struct reply_load *r)
{
	const struct mount_spec *mounts = ld->sc->mounts;
	size_t i;

	if (!r->out->by_other)
		return 0;
	if (r->mount != NONE)
		return mounts[r->mount].workers > 1 ? 0 :
			diag(ld->dg, r->worker->loc, "\"%s\" has only one worker",
			     mounts[r->mount].name);
	for (i = 0; i < ld->sc->n_mounts; i++)
		if (mounts[i].workers > 1)
			return 0;
	return diag(ld->dg, r->worker->loc, "no mount has more than one worker");
}

int reply_end(struct loader *ld, struct reply_load *r, struct loc loc)
{
	const struct reply_spec *out = r->out;

	if (!out->present)
		return 0;
	if (check_worker(ld, r))
		return -1;
	if (out->has_error && r->field)
		return diag(ld->dg, r->field->loc, "a reply with an error "
			    "carries no \"%s\"", r->field->text);
	if (out->has_error && r->fault && !out->has_raw)
		return diag(ld->dg, r->fault->loc, "a reply with an error has "
			    "no body for \"%s\"", r->fault->text);
	if (out->has_retry && out->has_data)
		return diag(ld->dg, loc, "\"retry\" is what the reply's data "
			    "says; \"data\" has no place beside it");
	if (out->has_raw && r->field)
		return diag(ld->dg, r->field->loc, "\"raw\" is the whole "
			    "body; \"%s\" has no place in it", r->field->text);
	return check_ops(ld, r, loc);
}

static int other_key(struct loader *ld, const struct ynode *key,
		     const struct ynode *value, void *reply_load)
{
	return reply_key(ld, reply_load, key, value);
}

static struct words other_words(struct loader *ld, void *reply_load)
{
	return reply_words(ld, reply_load);
}

int load_reply(struct loader *ld, const struct ynode *n,
	       const struct op_list *about, int mount, struct reply_spec *out)
{
	static const struct key none[] = { { NULL, NULL, 0, false } };
	static const struct schema schema = {
		"a reply", none, other_key, other_words,
	};
	struct reply_load r = { .out = out, .about = about, .mount = mount };

	out->loc = n->loc;
	out->present = true;
	if (schema_read(ld, n, &schema, &r))
		return -1;
	return reply_end(ld, &r, n->loc);
}
