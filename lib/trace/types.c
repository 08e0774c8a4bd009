/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "trace/types.h"

#include <bpf/btf.h>
#include <string.h>

#define MAX_DEPTH	32	/* of unnamed structures in each other */

#define NOT_THERE	"no such function, or inlined"

/* What a function leaves in the return register, in *out. */
static const char *read_return(const struct btf *b, uint32_t type,
			       struct function_type *out)
{
	static const char *const no_number = "it returns no number";
	/* without typedef, const and the like; negative for void */
	int id = btf__resolve_type(b, type);
	const struct btf_type *t;

	if (id < 0)
		return "it returns nothing";
	t = btf__type_by_id(b, (uint32_t)id);
	out->ret_size = t->size;
	out->ret_pointer = btf_is_ptr(t);
	if (btf_is_int(t)) {
		out->ret_signed = btf_int_encoding(t) & BTF_INT_SIGNED;
	} else if (btf_is_any_enum(t)) {
		out->ret_signed = btf_kflag(t);
	} else if (out->ret_pointer) {
		out->ret_size = sizeof(void *);
		out->ret_signed = true;
	} else {
		return no_number;
	}
	if (out->ret_size != 1 && out->ret_size != 2 && out->ret_size != 4 &&
	    out->ret_size != 8)
		return no_number;
	return NULL;
}

const char *types_find_function(const struct btf *b, const char *name,
				struct function_type *out)
{
	int id = btf__find_by_name_kind(b, name, BTF_KIND_FUNC);
	const struct btf_type *proto;

	if (id < 0)
		return NOT_THERE;
	out->id = (uint32_t)id;
	proto = btf__type_by_id(b, btf__type_by_id(b, out->id)->type);
	if (!proto || !btf_is_func_proto(proto))
		return NOT_THERE;
	return read_return(b, proto->type, out);
}

/* Adds the member's offset to *bits. */
static bool member_of(const struct btf *b, const struct btf_type *t,
		      const char *member, unsigned depth, uint32_t *bits)
{
	const struct btf_member *m = btf_members(t);
	uint32_t i;

	for (i = 0; i < btf_vlen(t); i++) {
		const char *name = btf__name_by_offset(b, m[i].name_off);
		uint32_t at = btf_member_bit_offset(t, i);
		int inner;

		if (!name || strcmp(name, member) == 0) {
			*bits += at;
			return name != NULL;
		}
		if (*name || depth >= MAX_DEPTH)
			continue;
		inner = btf__resolve_type(b, m[i].type);
		if (inner < 0 ||
		    !btf_is_composite(btf__type_by_id(b, (uint32_t)inner)))
			continue;
		if (member_of(b, btf__type_by_id(b, (uint32_t)inner), member,
			      depth + 1, bits)) {
			*bits += at;
			return true;
		}
	}
	return false;
}

bool types_find_member(const struct btf *b, const char *struct_name,
		       const char *member, uint32_t *offset)
{
	int id = btf__find_by_name_kind(b, struct_name, BTF_KIND_STRUCT);
	uint32_t bits = 0;

	if (id < 0 || !member_of(b, btf__type_by_id(b, (uint32_t)id), member, 0,
				 &bits) || bits % 8)
		return false;
	*offset = bits / 8;
	return true;
}
