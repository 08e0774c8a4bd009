/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Collecting messages with places, finding the word that was meant, and
 * printing both.  One thread at a time. */
#include "config.h"

#include "base/diag.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/escape.h"
#include "base/mem.h"

#define SOURCE_LINE_MAX	200	/* bytes of a source line that are shown */
#define WORD_MAX	48	/* longer words are not compared */
#define LONGER_FROM	3	/* shorter texts begin too many words */
#define LONGER_MAX	3	/* words that one text may stand for */

struct message {
	struct loc loc;
	char *text;
	const char *part;	/* that gave it first; NULL: none had begun */
	size_t n_parts;		/* so many gave it */
	size_t last_part;	/* the number of the last of them */
};

struct diags {
	char *path;
	const char *text;
	size_t text_len;
	diag_guess *guess;	/* or NULL */
	struct message kept[DIAG_MAX];
	size_t n_kept;
	size_t count;
	const char *part;	/* the current one; NULL: none has begun */
	size_t n_parts;
};

struct diags *diags_new(const char *path, const char *text, size_t len)
{
	struct diags *dg = xcalloc(1, sizeof(*dg));

	dg->path = xstrdup(path);
	diags_set_text(dg, text, len);
	return dg;
}

void diags_free(struct diags *dg)
{
	size_t i;

	if (!dg)
		return;
	for (i = 0; i < dg->n_kept; i++)
		free(dg->kept[i].text);
	free(dg->path);
	free(dg);
}

void diags_set_text(struct diags *dg, const char *text, size_t len)
{
	dg->text = text;
	dg->text_len = len;
}

void diags_set_guess(struct diags *dg, diag_guess *guess)
{
	dg->guess = guess;
}

void diags_begin_part(struct diags *dg, const char *name)
{
	dg->part = name;
	dg->n_parts++;
}

size_t diags_count(const struct diags *dg)
{
	return dg->count;
}

int diags_full(const struct diags *dg)
{
	return dg->count >= DIAG_MAX;
}

const char *diags_path(const struct diags *dg)
{
	return dg->path;
}

/* Takes text. */
static void diags_keep(struct diags *dg, struct loc loc, char *text)
{
	size_t i;

	for (i = 0; i < dg->n_kept; i++) {
		struct message *m = &dg->kept[i];

		if (m->loc.line == loc.line && m->loc.col == loc.col &&
		    strcmp(m->text, text) == 0) {
			m->n_parts += m->last_part != dg->n_parts;
			m->last_part = dg->n_parts;
			free(text);
			return;
		}
	}
	dg->count++;
	if (dg->n_kept == DIAG_MAX) {
		free(text);
		return;
	}
	dg->kept[dg->n_kept++] = (struct message){
		.loc = loc, .text = text, .part = dg->part, .n_parts = 1,
		.last_part = dg->n_parts,
	};
}

int diag(struct diags *dg, struct loc loc, const char *fmt, ...)
{
	struct buf b = BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(&b, fmt, ap);
	va_end(ap);
	diags_keep(dg, loc, buf_steal(&b));
	return -1;
}

int diag_errno(struct diags *dg, struct loc loc, int err, const char *fmt, ...)
{
	struct buf b = BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(&b, fmt, ap);
	va_end(ap);
	buf_printf(&b, ": %s", strerror(err));
	diags_keep(dg, loc, buf_steal(&b));
	return -1;
}

static size_t min3(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;

	return m < c ? m : c;
}

/* Edit distance without regard to case (Levenshtein, two rows). */
static size_t edit_distance(const char *a, size_t na, const char *b, size_t nb)
{
	size_t row[WORD_MAX + 1], i, j;

	for (j = 0; j <= nb; j++)
		row[j] = j;
	for (i = 1; i <= na; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (j = 1; j <= nb; j++) {
			size_t above = row[j];
			int same = tolower((unsigned char)a[i - 1]) ==
				   tolower((unsigned char)b[j - 1]);

			row[j] = min3(above + 1, row[j - 1] + 1,
				      diagonal + !same);
			diagonal = above;
		}
	}
	return row[nb];
}

/* "no_allow_other" of "allow_other", "noatime" of "atime", and the other way
 * round. */
static bool is_opposite(const char *a, size_t na, const char *b, size_t nb)
{
	size_t more = na > nb ? na - nb : nb - na;
	const char *longer = na > nb ? a : b, *shorter = na > nb ? b : a;

	return (more == 2 || (more == 3 && longer[2] == '_')) &&
		!strncmp(longer, "no", 2) &&
		!memcmp(longer + more, shorter, na > nb ? nb : na);
}

const char *words_nearest(struct words words, const char *text, size_t len)
{
	size_t limit = len < 3 ? 1 : len < 6 ? 2 : len / 3;
	const char *best = NULL, *w;
	size_t best_distance = limit + 1, i;

	if (len == 0 || len > WORD_MAX)
		return NULL;
	for (i = 0; (w = words.at(words.ctx, i)); i++) {
		size_t n = strlen(w), d;

		if (n == 0 || n > WORD_MAX || is_opposite(text, len, w, n))
			continue;
		d = edit_distance(text, len, w, n);
		if (d < best_distance && d < n) {
			best_distance = d;
			best = w;
		}
	}
	return best;
}

bool words_have_text(struct words words, const char *text, size_t len)
{
	const char *w;
	size_t i;

	for (i = 0; (w = words.at(words.ctx, i)); i++)
		if (strlen(w) == len && !memcmp(w, text, len))
			return true;
	return false;
}

bool words_have(struct words words, const char *text)
{
	return words_have_text(words, text, strlen(text));
}

/* Words that begin with the text, as "inval" begins several. */
static bool print_longer(struct buf *out, const char *text, size_t len,
			 struct words words)
{
	const char *found[LONGER_MAX], *w;
	size_t n = 0, i;

	for (i = 0; len >= LONGER_FROM && (w = words.at(words.ctx, i)); i++) {
		if (strncasecmp(w, text, len))
			continue;
		if (n == LONGER_MAX)
			return false;
		found[n++] = w;
	}
	for (i = 0; i < n; i++)
		buf_printf(out, "%s%s", i == 0 ? "did you mean " : i + 1 < n ? ", " :
			   " or ", found[i]);
	if (n)
		buf_addc(out, '?');
	return n > 0;
}

int diag_unknown(struct diags *dg, struct loc loc, const char *what,
		 const char *text, size_t text_len, struct words words)
{
	int shown = text_len > 80 ? 80 : (int)text_len;
	auto_buf struct buf hint = BUF_INIT;
	const char *near;

	if (dg->guess && dg->guess(&hint, what, text, text_len, words))
		return diag(dg, loc, "unknown %s \"%.*s\" (%s)", what, shown, text,
			    buf_str(&hint));
	near = words_nearest(words, text, text_len);
	if (near)
		return diag(dg, loc, "unknown %s \"%.*s\" (did you mean %s?)",
			    what, shown, text, near);
	if (print_longer(&hint, text, text_len, words))
		return diag(dg, loc, "unknown %s \"%.*s\" (%s)", what, shown, text,
			    buf_str(&hint));
	return diag(dg, loc, "unknown %s \"%.*s\"", what, shown, text);
}

static const char *array_at(const void *ctx, size_t i)
{
	return ((const char *const *)ctx)[i];
}

struct words words_array(const char *const *array)
{
	return (struct words){ array_at, array };
}

/* The start of a line (from 1), or NULL; *len without its newline. */
static const char *source_line(const struct diags *dg, uint32_t line, size_t *len)
{
	const char *p = dg->text, *end, *nl;

	if (!p || line == 0)
		return NULL;
	end = p + dg->text_len;
	while (--line > 0) {
		nl = memchr(p, '\n', (size_t)(end - p));
		if (!nl)
			return NULL;
		p = nl + 1;
	}
	if (p >= end)
		return NULL;
	nl = memchr(p, '\n', (size_t)(end - p));
	*len = (size_t)((nl ? nl : end) - p);
	return p;
}

/* One character, as a column: a tab keeps its width under the caret, and what
 * a terminal does not show becomes '?'.  Returns its bytes. */
static size_t print_column(struct buf *out, const char *s, size_t n)
{
	size_t len = utf8_length(s, n);

	if (*s == '\t' || shown_length(s, n))
		buf_add(out, s, len);
	else
		buf_addc(out, '?');
	return len ? len : 1;
}

/* Columns of a part of a line, each as one character of out. */
static void print_under(struct buf *out, const char *s, size_t n, char under)
{
	size_t i, len;

	for (i = 0; i < n; i += len ? len : 1) {
		len = utf8_length(s + i, n - i);
		buf_addc(out, s[i] == '\t' && under == ' ' ? '\t' : under);
	}
}

void diags_print_source(const struct diags *dg, struct loc loc, struct buf *out)
{
	size_t len, i, carets = loc.len ? loc.len : 1, at = loc.col - 1;
	const char *line = source_line(dg, loc.line, &len);

	if (!line)
		return;
	if (len > SOURCE_LINE_MAX)
		len = SOURCE_LINE_MAX;
	buf_printf(out, "%5u | ", loc.line);
	for (i = 0; i < len;)
		i += print_column(out, line + i, len - i);
	buf_addc(out, '\n');
	if (loc.col == 0 || loc.col > len + 1)
		return;
	buf_puts(out, "      | ");
	print_under(out, line, at, ' ');
	buf_addc(out, '^');
	i = at + (utf8_length(line + at, len - at) ?: 1);
	if (carets > len - at)
		carets = len - at;
	if (at + carets > i)
		print_under(out, line + i, at + carets - i, '~');
	buf_addc(out, '\n');
}

static int compare_places(const void *a, const void *b)
{
	const struct message *x = a, *y = b;

	if (x->loc.line != y->loc.line)
		return x->loc.line < y->loc.line ? -1 : 1;
	if (x->loc.col != y->loc.col)
		return x->loc.col < y->loc.col ? -1 : 1;
	return strcmp(x->text, y->text);
}

void diags_print(const struct diags *dg, struct buf *out)
{
	struct message sorted[DIAG_MAX];
	size_t i;

	memcpy(sorted, dg->kept, sizeof(sorted));
	qsort(sorted, dg->n_kept, sizeof(sorted[0]), compare_places);
	for (i = 0; i < dg->n_kept; i++) {
		const struct message *m = &sorted[i];

		buf_shown(out, dg->path, strlen(dg->path));
		if (m->loc.line)
			buf_printf(out, ":%u:%u", m->loc.line, m->loc.col);
		buf_puts(out, ": error: ");
		buf_brief(out, m->text, strlen(m->text));
		if (m->part && m->n_parts < dg->n_parts)
			buf_printf(out, m->n_parts == 1 ? " (case %s)" :
				   " (case %s and %zu more)", m->part, m->n_parts - 1);
		buf_addc(out, '\n');
		diags_print_source(dg, m->loc, out);
	}
	if (dg->count == dg->n_kept)
		return;
	buf_shown(out, dg->path, strlen(dg->path));
	buf_printf(out, ": %zu more errors\n", dg->count - dg->n_kept);
}
