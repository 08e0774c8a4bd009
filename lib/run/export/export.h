/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A scenario as one C file that needs the kernel's headers and a C library only.  One
 * thread at a time. */
#ifndef RUN_EXPORT_EXPORT_H
#define RUN_EXPORT_EXPORT_H

#include "base/buf.h"
#include "model/scenario.h"

#define EXPORT_PATH_MAX	100u	/* bytes */

/* What is being written. */
struct exporting {
	const struct scenario *sc;
	struct buf tables;		/* data, files, rules, patterns */
	struct buf calls;		/* a function for each call */
	struct buf words;		/* which call each of them is */
	struct buf steps;		/* what is in run_steps() */
	struct buf why;			/* what cannot be said in it, a line each */
	unsigned n_data, n_patterns, n_calls;
};

/* The text, which the caller frees; NULL: it cannot be, and *why has a line for each
 * reason, "FILE:LINE:COLUMN: note: ...". */
char *export_c(const struct scenario *sc, char **why);

/* ---- for the files of this folder --------------------------------------------------- */

/* It cannot be exported, because of this; said once. */
void export_refuse(struct exporting *e, struct loc loc, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Tables (tables.c).  Each returns the number in the name of what it has put. */
unsigned export_data(struct exporting *e, const struct data_spec *d, char letter);
unsigned export_patterns(struct exporting *e, const struct pattern *p, size_t n);
void export_files_of(struct exporting *e, const struct mount_spec *m);
void export_rules(struct exporting *e);
/* Text within a comment of C, on one line, which cannot end there. */
void export_comment(struct buf *b, const char *text);
/* "text" of C. */
void export_quote(struct buf *b, const void *p, size_t n);
/* Calls (calls.c): the function for the call of a step; and what is expected of a call
 * that is over, as a statement of run_steps(). */
unsigned export_call(struct exporting *e, const struct step *step);
void export_expectation(struct exporting *e, const struct step *step, int actor,
			const struct expectation *x);
/* Steps and checks (steps.c). */
void export_script(struct exporting *e);

#endif
