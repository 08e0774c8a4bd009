/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The mutants that a kernel has in it, as the table says that lies beside it, and
 * which of them are asked for. */
#ifndef FUSESCEN_MUTATE_MUTANTS_H
#define FUSESCEN_MUTATE_MUTANTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fusescen/util/files.h"
#include "fusescen/vm/kernel.h"

struct mutant {
	unsigned number;	/* in this kernel */
	unsigned line;
	unsigned nth_function;	/* equal for mutants of one function */
	/* The id is made of what follows and stays the same in other kernels. */
	const char *id, *file, *function, *operator, *what, *text;
	const char *equivalent;	/* why nobody can notice it; NULL: nobody says so */
	bool is_wanted;
};

struct mutants {
	struct mutant *at;
	size_t n;
	char *table;		/* the texts */
	char *source;		/* the directory with the files as they were */
	char *reasons;		/* texts of the list of equivalents */
};

/* Wants all mutants; -1 after a message. */
int mutants_read(struct mutants *m, const struct vm_kernel *kernel);
void mutants_free(struct mutants *m);
struct mutant *mutants_by_number(const struct mutants *m, unsigned long number);
struct mutant *mutants_by_id(const struct mutants *m, const char *id);
size_t mutants_wanted(const struct mutants *m);

/* What follows wants fewer; -1 after a message. */
/* "FILE" or "FILE:FUNCTION", of which one has to fit; both may be globs, and FILE
 * may be the end of the path. */
int mutants_only(struct mutants *m, const char *const *words);
/* Those in lines that a patch adds, or next to lines that it takes away. */
int mutants_in_patch(struct mutants *m, const char *path);
/* n of those that are still wanted, by chance. */
void mutants_sample(struct mutants *m, size_t n, uint64_t seed);
/* Reads lines "ID REASON".  These are not wanted. */
int mutants_equivalent(struct mutants *m, const char *path);

#endif
