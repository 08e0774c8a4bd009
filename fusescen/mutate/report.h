/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a measurement came to, for people and for programs. */
#ifndef FUSESCEN_MUTATE_REPORT_H
#define FUSESCEN_MUTATE_REPORT_H

#include <stdio.h>

#include "fusescen/mutate/findings.h"

/* How many mutants of a file, or of all files, came to what. */
struct counts {
	const char *file;
	size_t of[N_FINDING_KINDS];
};

/* One for each file, in the order of the table of mutants; the caller frees them. */
struct counts *report_files(const struct findings *r, struct counts *all, size_t *n);
/* How many of the mutants that are wanted came to this. */
size_t report_count(const struct findings *r, enum finding_kind kind);
void findings_text(const struct findings *r, const char *kernel, FILE *out);
void findings_json(const struct findings *r, const char *kernel, FILE *out);
/* dir has the files as they were before they got mutants.  -1 after a message. */
int findings_html(const struct findings *r, const char *kernel, const char *dir, FILE *out);

#endif
