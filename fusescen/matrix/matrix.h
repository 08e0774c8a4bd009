/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A table of the verdict of each case on each kernel.  It is filled by running
 * the cases or from the files of earlier tables, and is written in several
 * forms.  It has no times, so that two tables can be compared.
 */
#ifndef FUSESCEN_MATRIX_MATRIX_H
#define FUSESCEN_MATRIX_MATRIX_H

#include <stdbool.h>
#include <stdio.h>

#include "fusescen/report/output.h"

struct cell {
	bool is_run;
	enum fusescen_verdict verdict;
	char *summary, *text;	/* not NULL if is_run */
	char *events;		/* the lines of its log, for a picture; the same */
};

struct row {
	char *file;
	char *case_name;	/* NULL: the file has none */
	char *title;
	struct cell *cells;	/* one per kernel */
};

struct matrix {
	char **kernels;
	size_t n_kernels;
	struct row *rows;	/* matrix_finish() sorts them by file */
	size_t n_rows;
	size_t hint;		/* where the last row was found */
	char **broken;		/* files that cannot be loaded */
	size_t n_broken;
};

/* How the kernels differ in a row. */
enum row_kind {
	ROW_DIFFERS,
	ROW_SAME,	/* the same verdict on all of them, but no pass */
	ROW_PASSES,
};

/* The column of a kernel, and the row of a case.  Each is made if it does not
 * exist. */
size_t matrix_kernel(struct matrix *m, const char *name);
struct row *matrix_row(struct matrix *m, const char *file, const char *case_name,
		       const char *title);
void matrix_broken(struct matrix *m, const char *file);
/* Where a cell has a result already, the worse one stays. */
void matrix_put(struct row *row, size_t kernel, enum fusescen_verdict verdict,
		const char *summary, const char *text, const char *events);
/* To be called when the table is full.  Sorts the rows.  Unless all is set, it
 * also drops the ladders and logs of passes, except in rows that differ. */
void matrix_finish(struct matrix *m, bool all);
void matrix_free(struct matrix *m);

/* Returns why nothing at all could be run on this kernel; NULL if something
 * could.  Such a kernel makes no difference in a row. */
const char *matrix_dead(const struct matrix *m, size_t kernel);
enum row_kind matrix_kind(const struct matrix *m, const struct row *row);
/* Has it a cell that failed, passed against expectation, or could not be
 * run? */
bool row_has_news(const struct matrix *m, const struct row *row);
size_t matrix_count(const struct matrix *m, size_t kernel,
		    enum fusescen_verdict verdict);
/* As of `run`. */
int matrix_status(const struct matrix *m);
/* The headings of a column: its number, counted from 1; and a short name, which
 * the caller frees. */
char matrix_digit(size_t kernel);
char *matrix_label(const struct matrix *m, size_t kernel);

/* The name of a kernel's column; the caller frees it. */
char *matrix_native_name(const char *release, bool is_native);

/* The forms. */
void matrix_write_text(const struct matrix *m, FILE *out, bool verbose);
void matrix_write_json(const struct matrix *m, FILE *out);
void matrix_write_html(const struct matrix *m, FILE *out);
void matrix_write_markdown(const struct matrix *m, FILE *out);
/* Adds what a file has: a table as JSON, the log or the JUnit of a run.  Returns -1
 * after a message. */
int matrix_read(struct matrix *m, const char *path);

#endif
