/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * JSON Schema 2020-12 out of the loader's own tables: keys, which of them are needed,
 * and the functions that read their values.  Which mapping stands in which value is
 * seen while the specimens are loaded.  A mapping is a definition that goes by the
 * number in which it was seen, because some have the same name.
 *
 * What is inside of scalars (calls, patterns, data) is text here, and whatever a case
 * fills in (${...}) may be anything.
 */
#include "config.h"

#include "load/json_schema.h"

#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "load/load.h"
#include "load/specimens.h"
#include "load/read/sketch.h"
#include "load/read/values.h"

#define SCALAR	(1u << Y_SCALAR)
#define LIST	(1u << Y_LIST)
#define MAP	(1u << Y_MAP)

#define VARIABLE	"\\$\\{"

struct drawing {
	struct sketch *s;
	struct json_writer *w;
};

/* ---- values ------------------------------------------------------------------ */

static const struct form {
	int (*read)(struct loader *ld, const struct ynode *n, void *out);
	const char *type;	/* in JSON, beside text */
	const char *pattern;	/* of the text */
} forms[] = {
	{ value_time, "\"integer\"", "^([0-9.]+ *(ns|us|ms|s|min|h)|0)$|" VARIABLE },
	{ value_size, "\"integer\"", "^[0-9]|" VARIABLE },
	{ value_mode, "\"integer\"", "^[0-7]|" VARIABLE },
	{ value_true, "\"boolean\"", "^true$|" VARIABLE },
};

static void put_ref(struct json_writer *w, const char *what)
{
	auto_free char *ref = xasprintf("#/$defs/%s", what);

	json_begin(w, NULL, '{');
	json_put_text(w, "$ref", ref);
	json_end(w);
}

static void put_definition_ref(struct json_writer *w, size_t i)
{
	auto_free char *name = xasprintf("m%zu", i);

	put_ref(w, name);
}

static void put_scalar(struct json_writer *w,
		       int (*read)(struct loader *ld, const struct ynode *n, void *out))
{
	auto_free char *types = NULL;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(forms); i++) {
		if (forms[i].read != read)
			continue;
		types = xasprintf("[\"string\",%s]", forms[i].type);
		json_begin(w, NULL, '{');
		json_put_raw(w, "type", types);
		json_put_text(w, "pattern", forms[i].pattern);
		json_end(w);
		return;
	}
	put_ref(w, "scalar");
}

static void put_type(struct json_writer *w, const char *type)
{
	json_begin(w, NULL, '{');
	json_put_text(w, "type", type);
	json_end(w);
}

static bool has_shape(const struct sketch_place *p, enum sketch_shape shape)
{
	size_t i;

	for (i = 0; i < p->n_inside; i++)
		if (p->inside[i].shape == shape)
			return true;
	return false;
}

static void put_refs(const struct drawing *d, const struct sketch_place *p,
		     enum sketch_shape shape)
{
	size_t i;

	for (i = 0; i < p->n_inside; i++)
		if (p->inside[i].shape == shape)
			put_definition_ref(d->w, p->inside[i].schema);
}

static void put_names(const struct drawing *d, const struct sketch_place *p,
		      enum sketch_shape shape)
{
	struct json_writer *w = d->w;

	json_begin(w, NULL, '{');
	json_put_text(w, "type", "object");
	json_begin(w, "additionalProperties", '{');
	json_begin(w, "anyOf", '[');
	put_refs(d, p, shape);
	put_ref(w, "scalar");
	json_end(w);
	json_end(w);
	json_end(w);
}

static void put_list(const struct drawing *d, const struct sketch_place *p)
{
	struct json_writer *w = d->w;

	json_begin(w, NULL, '{');
	json_put_text(w, "type", "array");
	json_begin(w, "items", '{');
	json_begin(w, "anyOf", '[');
	put_refs(d, p, SHAPE_LIST);
	put_ref(w, p->in_list & SCALAR ? "scalar" : "variable");
	if (has_shape(p, SHAPE_LIST_NAMES))
		put_names(d, p, SHAPE_LIST_NAMES);
	else if (p->in_list & MAP && !has_shape(p, SHAPE_LIST))
		put_type(w, "object");
	if (p->in_list & LIST)
		put_type(w, "array");
	json_end(w);
	json_end(w);
	json_end(w);
}

/* Steps have their keys from another table, and an actor's name is one, too. */
static bool is_steps(const struct sketch_place *p)
{
	return p->of && !strcmp(p->key, "steps");
}

static void put_value(const struct drawing *d, const char *name,
		      const struct sketch_place *p,
		      int (*read)(struct loader *ld, const struct ynode *n, void *out))
{
	struct json_writer *w = d->w;

	json_begin(w, name, '{');
	if (p && is_steps(p)) {
		json_put_text(w, "type", "array");
		json_put_raw(w, "items", "{\"$ref\":\"#/$defs/step\"}");
	} else if (p) {
		json_begin(w, "anyOf", '[');
		put_refs(d, p, SHAPE_ITSELF);
		if (p->kinds & SCALAR)
			put_scalar(w, read);
		else
			put_ref(w, "variable");
		if (p->kinds & LIST)
			put_list(d, p);
		if (has_shape(p, SHAPE_NAMES))
			put_names(d, p, SHAPE_NAMES);
		else if (p->kinds & MAP && !has_shape(p, SHAPE_ITSELF))
			put_type(w, "object");
		json_end(w);
	}
	json_end(w);
}

/* ---- mappings ------------------------------------------------------------------ */

/* Mounts and devices are read together, so their place goes by their names alone. */
static const struct sketch_place *place_of(const struct drawing *d,
					   const struct key *of, const char *key,
					   bool is_top)
{
	const struct sketch_place *p = is_top ? sketch_find(d->s, NULL, key) : NULL;

	return p ? p : sketch_find(d->s, of, key);
}

static void put_required(struct json_writer *w, const struct key *keys)
{
	const struct key *k;

	json_begin(w, "required", '[');
	for (k = keys; k->name; k++)
		if (k->required)
			json_put_text(w, NULL, k->name);
	json_end(w);
}

static void put_mapping(const struct drawing *d, const char *name,
			const struct schema *schema, bool is_top)
{
	struct json_writer *w = d->w;
	const struct key *k;

	json_break(w, 1);
	if (name)
		json_begin(w, name, '{');
	json_put_text(w, "title", schema->what);
	json_put_text(w, "type", "object");
	json_begin(w, "properties", '{');
	for (k = schema->keys; k->name; k++)
		put_value(d, k->name, place_of(d, schema->keys, k->name, is_top),
			  k->read);
	json_end(w);
	put_required(w, schema->keys);
	json_put_bool(w, "additionalProperties", schema->other);
	if (name)
		json_end(w);
}

static void put_step(const struct drawing *d)
{
	const struct keyword *k;
	struct json_writer *w = d->w;

	json_break(w, 1);
	json_begin(w, "step", '{');
	json_begin(w, "anyOf", '[');
	put_ref(w, "variable");
	json_put_raw(w, NULL, "{\"const\":\"quiet\"}");
	json_begin(w, NULL, '{');
	json_put_text(w, "type", "object");
	json_put_u64(w, "minProperties", 1);
	json_put_u64(w, "maxProperties", 1);
	json_begin(w, "properties", '{');
	for (k = step_keywords; k->name; k++)
		put_value(d, k->name, sketch_find(d->s, NULL, k->name), NULL);
	json_end(w);
	/* The call of an actor. */
	json_put_raw(w, "additionalProperties", "{\"$ref\":\"#/$defs/scalar\"}");
	json_end(w);
	json_end(w);
	json_end(w);
}

static void put_all(const struct drawing *d)
{
	struct json_writer *w = d->w;
	size_t i;

	json_begin(w, NULL, '{');
	json_put_text(w, "$schema", "https://json-schema.org/draft/2020-12/schema");
	json_put_text(w, "$comment", PACKAGE_STRING);
	put_mapping(d, NULL, &d->s->schemas[0], true);
	json_begin(w, "$defs", '{');
	json_break(w, 1);
	json_put_raw(w, "scalar", "{\"type\":[\"string\",\"number\",\"boolean\",\"null\"]}");
	json_break(w, 1);
	json_put_raw(w, "variable", "{\"type\":\"string\",\"pattern\":\"\\\\$\\\\{\"}");
	put_step(d);
	for (i = 1; i < d->s->n_schemas; i++) {
		auto_free char *name = xasprintf("m%zu", i);

		put_mapping(d, name, &d->s->schemas[i], false);
	}
	json_end(w);
	json_end(w);
	buf_addc(w->out, '\n');
}

void json_schema_print(struct buf *out)
{
	struct sketch s = { .arena = arena_new() };
	struct json_writer w = { .out = out };
	size_t i;

	for (i = 0; specimens[i]; i++) {
		struct scenario_file *f = load_sketched("specimen", specimens[i], &s);

		if (diags_count(f->diags)) {
			struct buf b = BUF_INIT;

			diags_print(f->diags, &b);
			die_bug("%s", buf_str(&b));
		}
		scenario_file_free(f);
	}
	put_all(&(struct drawing){ &s, &w });
	free(s.stack);
	arena_free(s.arena);
}
