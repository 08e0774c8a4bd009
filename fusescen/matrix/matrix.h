/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What became of each case on each kernel: a table that is filled from runs or
 * from files of earlier ones, and written in several forms.  No times are in
 * it, so that two of them can be compared.
 */
#ifndef FUSESCEN_MATRIX_MATRIX_H
#define FUSESCEN_MATRIX_MATRIX_H

#include <stdbool.h>
#include <stdio.h>

#include "fusescen/report/output.h"

struct cell {
	bool is_run;
	enum fusescen_verdict verdict;
	char *summary, *text;	/* never NULL if it is run */
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
	struct row *rows;	/* in the order of the files' names, once sorted */
	size_t n_rows;
	size_t hint;		/* where the last row was found */
	char **broken;		/* files that cannot be loaded */
	size_t n_broken;
};

/* What the kernels make of a row. */
enum row_kind {
	ROW_DIFFERS,
	ROW_SAME,	/* the same verdict on all of them, but no pass */
	ROW_PASSES,
};

/* The column of a kernel, the row of a case; made if there is none. */
size_t matrix_kernel(struct matrix *m, const char *name);
struct row *matrix_row(struct matrix *m, const char *file, const char *case_name,
		       const char *title);
void matrix_broken(struct matrix *m, const char *file);
/* If a cell is there already, the worse result stays. */
void matrix_put(struct row *row, size_t kernel, enum fusescen_verdict verdict,
		const char *summary, const char *text);
/* Once it is full: order the rows; drop the ladders of passes, but in rows that
 * differ, if all is not set. */
void matrix_finish(struct matrix *m, bool all);
void matrix_free(struct matrix *m);

/* Why nothing at all could be run on this kernel; NULL if something could.
 * Such a kernel makes no difference in a row. */
const char *matrix_dead(const struct matrix *m, size_t kernel);
enum row_kind matrix_kind(const struct matrix *m, const struct row *row);
/* It failed, passed against expectation, or could not be run. */
bool row_has_news(const struct matrix *m, const struct row *row);
size_t matrix_count(const struct matrix *m, size_t kernel,
		    enum fusescen_verdict verdict);
/* As of `run`. */
int matrix_status(const struct matrix *m);
/* What a column is headed by: its number, from 1; a short name, to be freed. */
char matrix_digit(size_t kernel);
char *matrix_label(const struct matrix *m, size_t kernel);

/* The forms.  Of reading: -1 after a message. */
void matrix_write_text(const struct matrix *m, FILE *out, bool verbose);
void matrix_write_json(const struct matrix *m, FILE *out);
void matrix_write_html(const struct matrix *m, FILE *out);
void matrix_write_markdown(const struct matrix *m, FILE *out);
int matrix_read_json(struct matrix *m, const char *path);

#endif
