/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is known so far, in a file of JSON lines that only grows, so that a
 * measurement can be ended at any time and taken up again:
 *
 *	{"kernel":"7.2.13-m","table":N}
 *	{"case":"x.yaml:a","key":N,"verdict":"pass","ms":12,"reached":"3 17 120 "}
 *	{"mutant":"2d4502ee8a","result":"killed","by":"x.yaml:a",...}
 *
 * The last line about a case or a mutant counts.
 */
#ifndef FUSESCEN_MUTATE_FINDINGS_H
#define FUSESCEN_MUTATE_FINDINGS_H

#include <stdio.h>

#include "fusescen/mutate/corpus.h"
#include "fusescen/mutate/mutants.h"

enum finding_kind {
	NOT_TRIED,
	NOT_REACHED,	/* no case would notice, wherever it looked */
	SURVIVED,
	KILLED,
	UNCLEAR,	/* the machine could not be used */
	N_FINDING_KINDS
};

extern const char *const finding_words[N_FINDING_KINDS];

/* Of one mutant. */
struct finding {
	enum finding_kind kind;
	char *by;		/* KILLED: the case; "" if the kernel itself died */
	char *how;		/* KILLED: in which way */
	unsigned tried;		/* SURVIVED: so many cases... */
	unsigned reaching;	/* ...of all that reach it */
	unsigned runs, ms;
	uint64_t key;		/* of the cases that were to be tried */
};

struct findings {
	struct finding *of;	/* by the place in the table of mutants */
	FILE *file;		/* NULL: nothing is kept */
	const struct mutants *mutants;
	struct corpus *corpus;
};

/* Reads what the file has, if it is about this kernel, and opens it for more; -1
 * after a message.  path may be NULL. */
int findings_open(struct findings *r, const char *path, const char *kernel,
		 const struct mutants *m, struct corpus *c);
void findings_add_case(struct findings *r, const struct subject *s);
/* The finding, whose texts are taken over, replaces an earlier one. */
void findings_add(struct findings *r, size_t mutant, const struct finding *f);
/* -1 after a message if something could not be written. */
int findings_close(struct findings *r);

#endif
