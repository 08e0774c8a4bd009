/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Questions to the kernel's description of its own types (BTF), which libbpf
 * reads: which number a function has, what it returns, and where a structure
 * has a member.  Pure; any thread.  Only where there is libbpf.
 */
#ifndef TRACE_TYPES_H
#define TRACE_TYPES_H

#include <stdbool.h>
#include <stdint.h>

struct btf;		/* libbpf's */

struct function_type {
	uint32_t id;		/* for bpf(2) */
	unsigned ret_size;	/* bytes: 1, 2, 4, 8 */
	bool ret_signed;	/* pointers are: they can be errors */
	bool ret_pointer;
};

/* NULL: found.  Otherwise why not (constant text). */
const char *types_find_function(const struct btf *b, const char *name,
				struct function_type *out);

/* Offset in bytes of struct STRUCT_NAME's member, also of one in an unnamed
 * structure within it. */
bool types_find_member(const struct btf *b, const char *struct_name,
		       const char *member, uint32_t *offset);

#endif
