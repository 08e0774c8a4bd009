/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fills the table and answers questions about it.  Main thread only. */
#include "config.h"

#include "fusescen/matrix/matrix.h"

#include <stdbool.h>
#include <string.h>

#include "base/mem.h"
#include "fusescen/util/command.h"

/* ---- filling ----------------------------------------------------------------- */

static struct cell *more_cells(struct cell *cells, size_t n)
{
	cells = xreallocarray(cells, n + 1, sizeof(*cells));
	cells[n] = (struct cell){ .is_run = false };
	return cells;
}

size_t matrix_kernel(struct matrix *m, const char *name)
{
	size_t i;

	for (i = 0; i < m->n_kernels; i++)
		if (strcmp(m->kernels[i], name) == 0)
			return i;
	for (i = 0; i < m->n_rows; i++)
		m->rows[i].cells = more_cells(m->rows[i].cells, m->n_kernels);
	m->kernels = xgrow(m->kernels, m->n_kernels, sizeof(*m->kernels));
	m->kernels[m->n_kernels] = xstrdup(name);
	return m->n_kernels++;
}

static bool is_row(const struct row *r, const char *file, const char *case_name)
{
	return strcmp(r->file, file) == 0 && !r->case_name == !case_name &&
		(!case_name || strcmp(r->case_name, case_name) == 0);
}

static struct row *new_row(struct matrix *m, const char *file,
			   const char *case_name, const char *title)
{
	struct row *r;
	size_t i;

	m->rows = xgrow(m->rows, m->n_rows, sizeof(*m->rows));
	r = &m->rows[m->n_rows++];
	*r = (struct row){
		.file = xstrdup(file),
		.case_name = case_name ? xstrdup(case_name) : NULL,
		.title = xstrdup(title),
	};
	for (i = 0; i < m->n_kernels; i++)
		r->cells = more_cells(r->cells, i);
	return r;
}

/* Cases come in the same order on each kernel, so the search begins behind the
 * row that was found last. */
struct row *matrix_row(struct matrix *m, const char *file, const char *case_name,
		       const char *title)
{
	size_t i;

	for (i = 0; i < m->n_rows; i++) {
		m->hint = (m->hint + 1) % m->n_rows;
		if (is_row(&m->rows[m->hint], file, case_name))
			return &m->rows[m->hint];
	}
	return new_row(m, file, case_name, title);
}

void matrix_broken(struct matrix *m, const char *file)
{
	m->broken = xgrow(m->broken, m->n_broken, sizeof(*m->broken));
	m->broken[m->n_broken++] = xstrdup(file);
}

static void cell_clear(struct cell *c)
{
	free(c->summary);
	free(c->text);
	free(c->events);
	*c = (struct cell){ .is_run = false };
}

void matrix_put(struct row *row, size_t kernel, enum fusescen_verdict verdict,
		const char *summary, const char *text, const char *events)
{
	struct cell *c = &row->cells[kernel];

	if (c->is_run && verdicts[c->verdict].rank >= verdicts[verdict].rank)
		return;
	cell_clear(c);
	*c = (struct cell){
		true, verdict, xstrdup(summary), xstrdup(text), xstrdup(events),
	};
}

/* The order is stable, so rows of the same file stay in theirs. */
static int by_file(const void *a, const void *b)
{
	const struct row *const *x = a, *const *y = b;
	int order = strcmp((*x)->file, (*y)->file);

	return order ? order : *x < *y ? -1 : *x > *y;
}

static void sort_rows(struct matrix *m)
{
	struct row **order = xcalloc(m->n_rows + 1, sizeof(struct row *));
	struct row *sorted = xcalloc(m->n_rows + 1, sizeof(*sorted));
	size_t i, size = 1;

	for (i = 0; i < m->n_rows; i++)
		order[i] = &m->rows[i];
	qsort(order, m->n_rows, sizeof(struct row *), by_file);
	for (i = 0; i < m->n_rows; i++)
		sorted[i] = *order[i];
	while (size < m->n_rows)	/* as xgrow() has it */
		size *= 2;
	free(order);
	free(m->rows);
	m->rows = xreallocarray(sorted, size + 1, sizeof(*sorted));
}

void matrix_finish(struct matrix *m, bool all)
{
	size_t i, k;

	sort_rows(m);
	for (i = 0; i < m->n_rows && !all; i++) {
		struct row *r = &m->rows[i];
		bool differs = matrix_kind(m, r) == ROW_DIFFERS;

		for (k = 0; k < m->n_kernels && !differs; k++)
			if (r->cells[k].is_run &&
			    r->cells[k].verdict == FUSESCEN_PASS)
				r->cells[k].text[0] = r->cells[k].events[0] = '\0';
	}
}

void matrix_free(struct matrix *m)
{
	size_t i, k;

	for (i = 0; i < m->n_rows; i++) {
		for (k = 0; k < m->n_kernels; k++)
			cell_clear(&m->rows[i].cells[k]);
		free(m->rows[i].cells);
		free(m->rows[i].file);
		free(m->rows[i].case_name);
		free(m->rows[i].title);
	}
	for (k = 0; k < m->n_kernels; k++)
		free(m->kernels[k]);
	for (i = 0; i < m->n_broken; i++)
		free(m->broken[i]);
	free(m->rows);
	free(m->kernels);
	free(m->broken);
	*m = (struct matrix){ .n_rows = 0 };
}

/* ---- looking ------------------------------------------------------------------- */

const char *matrix_dead(const struct matrix *m, size_t kernel)
{
	const char *why = NULL;
	size_t i;

	for (i = 0; i < m->n_rows; i++) {
		const struct cell *c = &m->rows[i].cells[kernel];

		if (!c->is_run)
			continue;
		if (c->verdict != FUSESCEN_ERROR ||
		    (why && strcmp(why, c->summary) != 0))
			return NULL;
		why = c->summary;
	}
	return why;
}

enum row_kind matrix_kind(const struct matrix *m, const struct row *row)
{
	const struct cell *first = NULL;
	size_t k;

	for (k = 0; k < m->n_kernels; k++) {
		const struct cell *c = &row->cells[k];

		if (!c->is_run || (c->verdict == FUSESCEN_ERROR && matrix_dead(m, k)))
			continue;
		if (first && first->verdict != c->verdict)
			return ROW_DIFFERS;
		first = c;
	}
	return first && first->verdict != FUSESCEN_PASS ? ROW_SAME : ROW_PASSES;
}

bool row_has_news(const struct matrix *m, const struct row *row)
{
	size_t k;

	for (k = 0; k < m->n_kernels; k++)
		if (row->cells[k].is_run &&
		    verdicts[row->cells[k].verdict].is_news &&
		    !matrix_dead(m, k))
			return true;
	return false;
}

size_t matrix_count(const struct matrix *m, size_t kernel,
		    enum fusescen_verdict verdict)
{
	size_t n = 0, i;

	for (i = 0; i < m->n_rows; i++)
		n += m->rows[i].cells[kernel].is_run &&
			m->rows[i].cells[kernel].verdict == verdict;
	return n;
}

int matrix_status(const struct matrix *m)
{
	size_t count[N_VERDICTS] = { 0 }, k;
	int v;

	for (k = 0; k < m->n_kernels; k++)
		for (v = 0; v < N_VERDICTS; v++)
			count[v] += matrix_count(m, k, (enum fusescen_verdict)v);
	return verdicts_status(count, m->n_broken, false);
}

char matrix_digit(size_t kernel)
{
	static const char digits[] = "123456789abcdefghijklmnopqrstuvwxyz";

	return kernel < sizeof(digits) - 1 ? digits[kernel] : '+';
}

/* The label of "6.12.117+deb13-cloud" is "6.12.117", and that of a path is all
 * of it. */
static size_t label_length(const char *name)
{
	size_t n = strspn(name, "0123456789.");

	return n ? n : strlen(name);
}

char *matrix_label(const struct matrix *m, size_t kernel)
{
	const char *name = m->kernels[kernel];
	size_t n = label_length(name), k;

	for (k = 0; k < m->n_kernels; k++)
		if (k != kernel && label_length(m->kernels[k]) == n &&
		    strncmp(m->kernels[k], name, n) == 0)
			return xstrdup(name);
	return xstrndup(name, n);
}
