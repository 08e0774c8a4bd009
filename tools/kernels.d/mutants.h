/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The test of a mutant's number, in a kernel that fusescen has put mutants into. */
#ifndef _LINUX_MUTANTS_H
#define _LINUX_MUTANTS_H

#include <linux/compiler.h>
#include <linux/types.h>

/* 0: none of them; -1: none, but the ones that would matter are noted. */
extern int fuse_mutant;
void fuse_mutant_reached(int n);

static __always_inline bool fuse_mutant_is(int n)
{
	int chosen = READ_ONCE(fuse_mutant);

	/* The numbers that have become code; what is never executed has not. */
	asm volatile(".pushsection .discard.mutants\n\t"
		     ".long %c0\n\t.popsection" : : "i" (n));
	if (unlikely(chosen == -1))
		fuse_mutant_reached(n);
	return unlikely(chosen == n);
}

#define MUTANT(n)	fuse_mutant_is(n)

#endif
