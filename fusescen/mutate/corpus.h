/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The cases that are to notice mutants, and what is known of each of them. */
#ifndef FUSESCEN_MUTATE_CORPUS_H
#define FUSESCEN_MUTATE_CORPUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/verdict.h"
#include "fusescen/mutate/mutants.h"
#include "fusescen/util/walk.h"

/* A case, and what came of it without any mutant. */
struct subject {
	size_t file;		/* in the list of paths */
	size_t index;		/* of the case in its file */
	char *name;		/* "FILE" or "FILE:CASE" */
	uint64_t key;		/* of the file's text */
	bool is_known;		/* it has run */
	bool is_usable;		/* its verdict says something about mutants */
	enum fusescen_verdict verdict;
	unsigned ms;
	unsigned *reached;	/* numbers of mutants that would matter to it, sorted */
	size_t n_reached;
	double weight;		/* of all of these */
};

struct corpus {
	struct paths paths;
	fusescen_file **files;	/* one per path */
	char **texts;
	struct subject *at;
	size_t n;
	double *weight;		/* by number of a mutant: the rarer, the more */
};

/* Loads files, without cases that can stop a kernel; -1 after messages. */
int corpus_load(struct corpus *c, char **words, int n);
void corpus_free(struct corpus *c);
struct subject *corpus_find(const struct corpus *c, const char *name);
/* Reads "12 15 99"; what is no mutant's number is left out. */
void subject_reach(struct subject *s, const char *numbers);
bool subject_reaches(const struct subject *s, unsigned number);
/* For vm_machine's equip: the files, in the initial root. */
int corpus_equip(struct buf *root, const void *corpus);

/* To be called when all cases are known. */
void corpus_weigh(struct corpus *c, const struct mutants *m);

/*
 * The cases that reach a mutant, at most max of them, the nearest first: those of
 * whose reach the mutant's function makes up most, where a mutant weighs the more the
 * fewer cases reach it.  The best case of each file comes before the second best of
 * any.  The caller frees the list.
 */
const struct subject **corpus_nearest(const struct corpus *c, const struct mutants *m,
				      const struct mutant *mutant, size_t max,
				      size_t *n, size_t *n_reaching);

#endif
