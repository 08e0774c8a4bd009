/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The kernel's own description of its types and functions (BTF, <linux/btf.h>),
 * read out of a byte buffer: which number a function has, what it returns, and
 * where a structure has a member.  Pure; damaged bytes are refused or give "not
 * there".  Immutable after btf_new(), any thread.
 */
#ifndef TRACE_BTF_H
#define TRACE_BTF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct btf;

/* Takes data (heap), also when it fails.  base: NULL, or the kernel's where
 * data is of a module, which goes on counting where the kernel's ends; it must
 * live longer.  NULL: no such thing as BTF of this machine. */
struct btf *btf_new(void *data, size_t len, const struct btf *base);
void btf_free(struct btf *b);

struct btf_func {
	uint32_t id;		/* for bpf(2) */
	unsigned ret_size;	/* bytes: 1, 2, 4, 8 */
	bool ret_signed;	/* pointers are: they can be errors */
	bool ret_pointer;
};

/* Only what b itself describes, not its base.  NULL: found.  Otherwise why not
 * (constant text). */
const char *btf_find_func(const struct btf *b, const char *name,
			  struct btf_func *out);

/* Offset in bytes of struct STRUCT_NAME's member, also of one in an unnamed
 * structure within. */
bool btf_find_member(const struct btf *b, const char *struct_name,
		     const char *member, uint32_t *offset);

#endif
