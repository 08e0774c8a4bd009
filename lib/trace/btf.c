/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The format is one header, then type records of various lengths, numbered
 * from 1 by their order, then strings.  One pass notes where each record
 * begins; after that a number is an index.
 */
#include "config.h"

#include "trace/btf.h"

#include <linux/btf.h>
#include <string.h>

#include "base/mem.h"

#define MAX_DEPTH	32	/* of typedefs and const, of unnamed structures */

#define NOT_THERE	"no such function, or inlined"

struct btf {
	const struct btf *base;
	char *data;
	const char *types, *strings;
	uint32_t types_len, strings_len;
	uint32_t first_id, first_string;	/* the base has those before */
	uint32_t *at;			/* [id - first_id]: offset in types */
	uint32_t n;
};

/* Bytes that follow a record, or -1: a kind from later than this program. */
static int64_t tail_len(const struct btf_type *t)
{
	uint32_t vlen = BTF_INFO_VLEN(t->info);

	switch (BTF_INFO_KIND(t->info)) {
	case BTF_KIND_PTR:
	case BTF_KIND_FWD:
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_CONST:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_FUNC:
	case BTF_KIND_FLOAT:
	case BTF_KIND_TYPE_TAG:
		return 0;
	case BTF_KIND_INT:
		return sizeof(uint32_t);
	case BTF_KIND_ARRAY:
		return sizeof(struct btf_array);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return (int64_t)(vlen * sizeof(struct btf_member));
	case BTF_KIND_ENUM:
		return (int64_t)(vlen * sizeof(struct btf_enum));
	case BTF_KIND_FUNC_PROTO:
		return (int64_t)(vlen * sizeof(struct btf_param));
	case BTF_KIND_VAR:
		return sizeof(struct btf_var);
	case BTF_KIND_DATASEC:
		return (int64_t)(vlen * sizeof(struct btf_var_secinfo));
	case BTF_KIND_DECL_TAG:
		return sizeof(struct btf_decl_tag);
	case BTF_KIND_ENUM64:
		return (int64_t)(vlen * sizeof(struct btf_enum64));
	}
	return -1;
}

/* Where each record begins.  False: they do not fill their part exactly. */
static bool index_types(struct btf *b)
{
	uint32_t at = 0, cap = 0;

	while (b->types_len - at >= sizeof(struct btf_type)) {
		const struct btf_type *t = (const void *)(b->types + at);
		int64_t tail = tail_len(t);

		if (tail < 0 || tail > b->types_len - at - (int64_t)sizeof(*t))
			return false;
		if (b->n == cap) {
			cap = cap ? cap * 2 : 1024;
			b->at = xrealloc(b->at, cap * sizeof(*b->at));
		}
		b->at[b->n++] = at;
		at += (uint32_t)(sizeof(*t) + (size_t)tail);
	}
	return at == b->types_len;
}

static bool read_header(struct btf *b, size_t len)
{
	const struct btf_header *h = (const void *)b->data;
	uint64_t types, strings;

	if (len < sizeof(*h) || h->magic != BTF_MAGIC ||
	    h->version != BTF_VERSION || h->hdr_len < sizeof(*h))
		return false;
	types = (uint64_t)h->hdr_len + h->type_off;
	strings = (uint64_t)h->hdr_len + h->str_off;
	if (types + h->type_len > len || strings + h->str_len > len ||
	    types % 4 || h->type_len % 4 || h->str_len == 0)
		return false;
	b->types = b->data + types;
	b->types_len = h->type_len;
	b->strings = b->data + strings;
	b->strings_len = h->str_len;
	/* the last string ends, so every string does */
	return b->strings[b->strings_len - 1] == '\0';
}

struct btf *btf_new(void *data, size_t len, const struct btf *base)
{
	struct btf *b = xcalloc(1, sizeof(*b));

	b->data = data;
	b->base = base;
	b->first_id = base ? base->first_id + base->n : 1;
	b->first_string = base ? base->first_string + base->strings_len : 0;
	if (read_header(b, len) && index_types(b))
		return b;
	btf_free(b);
	return NULL;
}

void btf_free(struct btf *b)
{
	if (!b)
		return;
	free(b->at);
	free(b->data);
	free(b);
}

/* ---- looking up ------------------------------------------------------------ */

/* NULL: void, or no such type. */
static const struct btf_type *type_of(const struct btf *b, uint32_t id)
{
	while (b && id < b->first_id)
		b = b->base;
	if (!b || id - b->first_id >= b->n)
		return NULL;
	return (const void *)(b->types + b->at[id - b->first_id]);
}

static const char *name_at(const struct btf *b, uint32_t at)
{
	while (b && at < b->first_string)
		b = b->base;
	if (!b || at - b->first_string >= b->strings_len)
		return "";
	return b->strings + (at - b->first_string);
}

static const struct btf_type *without_names(const struct btf *b, uint32_t id)
{
	const struct btf_type *t = type_of(b, id);
	unsigned i;

	for (i = 0; t && i < MAX_DEPTH; i++) {
		switch (BTF_INFO_KIND(t->info)) {
		case BTF_KIND_TYPEDEF:
		case BTF_KIND_VOLATILE:
		case BTF_KIND_CONST:
		case BTF_KIND_RESTRICT:
		case BTF_KIND_TYPE_TAG:
			t = type_of(b, t->type);
			break;
		default:
			return t;
		}
	}
	return NULL;
}

/* What a function leaves in the return register, in *out. */
static const char *read_return(const struct btf *b, uint32_t id,
			       struct btf_func *out)
{
	static const char *const no_number =
		"it returns no number";
	const struct btf_type *t = without_names(b, id);
	const uint32_t *encoding;

	if (!t)
		return "it returns nothing";
	out->ret_size = t->size;
	out->ret_pointer = false;
	switch (BTF_INFO_KIND(t->info)) {
	case BTF_KIND_INT:
		encoding = (const void *)(t + 1);
		out->ret_signed = BTF_INT_ENCODING(*encoding) & BTF_INT_SIGNED;
		break;
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		out->ret_signed = BTF_INFO_KFLAG(t->info);
		break;
	case BTF_KIND_PTR:
		out->ret_size = sizeof(void *);
		out->ret_signed = true;
		out->ret_pointer = true;
		break;
	default:
		return no_number;
	}
	if (out->ret_size != 1 && out->ret_size != 2 && out->ret_size != 4 &&
	    out->ret_size != 8)
		return no_number;
	return NULL;
}

const char *btf_find_func(const struct btf *b, const char *name,
			  struct btf_func *out)
{
	uint32_t i;

	for (i = 0; i < b->n; i++) {
		const struct btf_type *t = (const void *)(b->types + b->at[i]);
		const struct btf_type *proto;

		if (BTF_INFO_KIND(t->info) != BTF_KIND_FUNC ||
		    strcmp(name_at(b, t->name_off), name) != 0)
			continue;
		proto = type_of(b, t->type);
		if (!proto || BTF_INFO_KIND(proto->info) != BTF_KIND_FUNC_PROTO)
			return NOT_THERE;
		out->id = b->first_id + i;
		return read_return(b, proto->type, out);
	}
	return NOT_THERE;
}

static bool member_of(const struct btf *b, const struct btf_type *t,
		      const char *member, unsigned depth, uint32_t *bits)
{
	const struct btf_member *m = (const void *)(t + 1);
	bool fields = BTF_INFO_KFLAG(t->info);
	uint32_t i;

	for (i = 0; i < BTF_INFO_VLEN(t->info); i++) {
		const char *name = name_at(b, m[i].name_off);
		uint32_t at = fields ? BTF_MEMBER_BIT_OFFSET(m[i].offset) :
			m[i].offset;
		const struct btf_type *inner;

		if (strcmp(name, member) == 0) {
			*bits += at;
			return true;
		}
		inner = *name || depth >= MAX_DEPTH ? NULL :
			without_names(b, m[i].type);
		if (!inner || (BTF_INFO_KIND(inner->info) != BTF_KIND_STRUCT &&
			       BTF_INFO_KIND(inner->info) != BTF_KIND_UNION))
			continue;
		if (member_of(b, inner, member, depth + 1, bits)) {
			*bits += at;
			return true;
		}
	}
	return false;
}

bool btf_find_member(const struct btf *b, const char *struct_name,
		     const char *member, uint32_t *offset)
{
	uint32_t i;

	for (i = 0; i < b->n; i++) {
		const struct btf_type *t = (const void *)(b->types + b->at[i]);
		uint32_t bits = 0;

		if (BTF_INFO_KIND(t->info) != BTF_KIND_STRUCT ||
		    strcmp(name_at(b, t->name_off), struct_name) != 0 ||
		    !member_of(b, t, member, 0, &bits) || bits % 8)
			continue;
		*offset = bits / 8;
		return true;
	}
	return false;
}
