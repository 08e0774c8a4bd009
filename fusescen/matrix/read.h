/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What matrix --from can read.  Private to matrix/. */
#ifndef FUSESCEN_MATRIX_READ_H
#define FUSESCEN_MATRIX_READ_H

#include "fusescen/matrix/matrix.h"

/* Each returns what is wrong, or NULL.  The text has a NUL behind it. */
const char *matrix_read_table(struct matrix *m, const char *name, const char *text,
			      size_t len);
const char *matrix_read_log(struct matrix *m, const char *text);
const char *matrix_read_junit(struct matrix *m, const char *text, size_t len);

/* A verdict by its word; -1 for another. */
int verdict_of(const char *word, enum fusescen_verdict *out);

#endif
