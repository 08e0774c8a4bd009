/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The ladder: the log as a picture that fits into a mail.
 *
 *	  app                kernel → fs
 *	  fsync(fd) ...      #12 WRITE /data 0+64K  held (disk)
 *	  ├ blocked: folio_wait_writeback < fuse_fsync
 *	> -- release: disk
 *	                     #12 WRITE reply = 0
 *	    = 0
 *
 * Events become rows; what belongs together shares a row; long runs of the
 * same are shortened; then a window around the row in question is drawn.
 * Pure functions.
 */
#include "config.h"

#include "report/report.h"

#include <string.h>

#include "base/mem.h"
#include "report/rows.h"

#define LINE_WIDTH	72
#define MARGIN		2	/* "> " at the row in question */
#define ROOM		(LINE_WIDTH - MARGIN)
#define RUN_SHOWN	4	/* rows of a run before "..." */
#define RUN_MIN		8	/* shorter runs are not shortened */
#define FLOOD		4000u	/* events; more are not all drawn */

#define CLIENTS_HEAD	"clients"
#define KERNEL_HEAD	"kernel → fs"

/* At most room columns of s, "..." at the end if that is not all. */
static void put_cut(struct buf *b, const char *s, size_t room)
{
	size_t n = 0, keep;

	if (display_width(s) <= room) {
		buf_puts(b, s);
		return;
	}
	keep = room > 3 ? room - 3 : 0;
	while (*s) {
		if ((*s & 0xc0) != 0x80 && n++ == keep)
			break;
		buf_addc(b, *s++);
	}
	buf_puts(b, "...");
}

/* As wide as their cells, within the limit; the kernel gets the rest. */
static void measure_columns(struct ladder *l)
{
	size_t limit = rows_column_limit(l), i, w;

	for (i = 0; i < l->v.sc->n_actors && l->columns; i++)
		if (l->column[i] >= 0)
			l->width[l->column[i]] =
				display_width(l->v.sc->actors[i].name) + COLUMN_GAP;
	if (!l->columns && l->has_clients)
		l->width[0] = sizeof(CLIENTS_HEAD) - 1 + COLUMN_GAP;
	for (i = 0; i < l->n; i++) {
		/* a stack runs on across the other columns */
		if (!l->rows[i].left || l->rows[i].last->kind == EV_BLOCKED)
			continue;
		w = display_width(l->rows[i].left) + COLUMN_GAP;
		if (w > l->width[l->rows[i].column])
			l->width[l->rows[i].column] = w;
	}
	l->kernel_at = 0;
	for (i = 0; i < MAX_COLUMNS; i++) {
		if (l->width[i] > limit)
			l->width[i] = limit;
		l->kernel_at += l->width[i];
	}
}

/* Two cells that do not fit beside each other stand below each other. */
static void split_wide(struct ladder *l)
{
	struct row *old = l->rows;
	size_t n = l->n, i;

	l->rows = NULL;
	l->n = 0;
	for (i = 0; i < n; i++) {
		struct row row = old[i], upper = old[i];

		if (row.left && row.right &&
		    l->kernel_at + display_width(row.right) > ROOM) {
			upper.right = NULL;
			upper.last = upper.first;
			upper.about = NULL;
			upper.requests = upper.replies = 0;
			ROWS_PUSH(l, upper);
			row.left = NULL;
			row.first = row.last;
		}
		ROWS_PUSH(l, row);
	}
}

/* ---- the row in question, and what is left out -------------------------------- */

static size_t find_row(const struct ladder *l, uint64_t seq)
{
	size_t i;

	for (i = 0; i < l->n && seq; i++)
		if (l->rows[i].last && l->rows[i].last->seq >= seq)
			return i;
	return l->n - 1;
}

static bool is_marked(const struct ladder *l, size_t row)
{
	for (size_t i = 0; i < l->n_marks; i++)
		if (l->marks[i] && find_row(l, l->marks[i]) == row)
			return true;
	return false;
}

/* The first and the last row in question. */
static void find_span(const struct ladder *l, size_t *first, size_t *last)
{
	*first = SIZE_MAX;
	*last = 0;
	for (size_t i = 0; i < l->n_marks; i++) {
		size_t row = find_row(l, l->marks[i]);

		*first = row < *first ? row : *first;
		*last = row > *last ? row : *last;
	}
}

static bool is_same_kind(const struct row *a, const struct row *b)
{
	const struct event *x = a->about, *y = b->about;

	return x && y && !a->left && !b->left && x->opcode == y->opcode &&
		x->mount == y->mount && !x->path == !y->path &&
		(!x->path || strcmp(x->path, y->path) == 0);
}

/* "... 37 more WRITE /data" for rows[from..to). */
static struct row run_summary(struct ladder *l, const struct row *rows,
			      size_t from, size_t to)
{
	auto_buf struct buf b = BUF_INIT;
	struct row row = { .about = rows[from].about };
	unsigned requests = 0, replies = 0;
	size_t i;

	for (i = from; i < to; i++) {
		requests += rows[i].requests;
		replies += rows[i].replies;
	}
	if (requests)
		buf_printf(&b, "... %u more ", requests);
	else if (replies)
		buf_printf(&b, "... %u more replies to ", replies);
	else
		buf_printf(&b, "... %zu more lines of ", to - from);
	event_subject(&b, l->v.sc, row.about);
	row.right = rows_cell(l, &b);
	return row;
}

/* Shorten runs of rows about the same operation on the same file; a run ends
 * at the row in question. */
static void shorten_runs(struct ladder *l)
{
	auto_free bool *marked = xcalloc(l->n, sizeof(*marked));
	size_t n = l->n, i, end;
	struct row *old = l->rows;

	for (i = 0; i < n; i++)
		marked[i] = is_marked(l, i);

	l->rows = NULL;
	l->n = 0;
	for (i = 0; i < n; i = end) {
		size_t from = i, to;

		for (end = i + 1; end < n && !marked[end] && !marked[i] &&
		     is_same_kind(&old[i], &old[end]); end++)
			;
		to = end - 1;
		if (end - i >= RUN_MIN)
			from = i + RUN_SHOWN;
		else
			to = from;
		for (; i < from; i++)
			ROWS_PUSH(l, old[i]);
		if (from < to)
			ROWS_PUSH(l, run_summary(l, old, from, to));
		for (i = to; i < end; i++)
			ROWS_PUSH(l, old[i]);
	}
}

/* ---- drawing --------------------------------------------------------------- */

static void draw_head(struct buf *b, const struct ladder *l)
{
	size_t i, at = 0;

	buf_fill(b, ' ', MARGIN);
	if (!l->columns && l->has_clients) {
		buf_puts(b, CLIENTS_HEAD);
		at = sizeof(CLIENTS_HEAD) - 1;
	}
	for (i = 0; i < l->v.sc->n_actors && l->columns; i++) {
		const char *name = l->v.sc->actors[i].name;
		size_t start = 0, c;

		if (l->column[i] < 0)
			continue;
		for (c = 0; c < (size_t)l->column[i]; c++)
			start += l->width[c];
		buf_fill(b, ' ', start - at);
		put_cut(b, name, l->width[l->column[i]] - 1);
		at = start + display_width(name);
		if (at > start + l->width[l->column[i]] - 1)
			at = start + l->width[l->column[i]] - 1;
	}
	buf_fill(b, ' ', l->kernel_at - at);
	buf_puts(b, KERNEL_HEAD "\n");
}

/* The last two blanks in s that leave at most room columns before them; NULL. */
static const char *find_break(const char *s, size_t room)
{
	const char *best = NULL, *p;

	for (p = strstr(s, "  "); p; p = strstr(p + 2, "  ")) {
		auto_free char *part = xstrndup(s, (size_t)(p - s));

		if (p == s || display_width(part) > room)
			break;
		best = p;
	}
	return best;
}

/* A cell that is too long for its column goes on below, where a request ends and what
 * becomes of it begins.  A part that is too long begins further left. */
static void draw_right(struct buf *b, const struct ladder *l, const char *s, size_t at)
{
	size_t column = l->kernel_at, w;
	const char *cut;

	while (column + display_width(s) > ROOM &&
	       (cut = find_break(s, ROOM - column))) {
		buf_fill(b, ' ', column - at);
		buf_add(b, s, (size_t)(cut - s));
		buf_addc(b, '\n');
		buf_fill(b, ' ', MARGIN);
		s = cut + 2;
		at = 0;
		column = l->kernel_at + COLUMN_GAP;
	}
	w = display_width(s);
	if (column + w > ROOM)
		column = w < ROOM - at ? ROOM - w : at;
	buf_fill(b, ' ', column - at);
	put_cut(b, s, ROOM - at);
}

static void draw_row(struct buf *b, const struct ladder *l, const struct row *row,
		     bool marked)
{
	size_t at = 0;
	int c;

	buf_puts(b, marked ? "> " : "  ");
	if (row->across) {
		put_cut(b, row->across, ROOM);
	} else if (row->left) {
		for (c = 0; c < row->column; c++)
			at += l->width[c];
		buf_fill(b, ' ', at);
		put_cut(b, row->left, ROOM - at);
		at += display_width(row->left);
	}
	if (row->right)
		draw_right(b, l, row->right, at);
	buf_addc(b, '\n');
}

/* What happened before explains more than what came after.  The last row in question
 * comes along if the window does not become more than twice as large. */
static void choose_window(const struct ladder *l, size_t max_rows, size_t *from,
			  size_t *to)
{
	size_t room = max_rows > 2 ? max_rows - 2 : 1, after = room / 4;
	size_t before = room - 1 - after, first, last;

	*from = 0;
	*to = l->n;
	if (!max_rows || l->n <= max_rows)
		return;
	find_span(l, &first, &last);
	*from = first > before ? first - before : 0;
	if (*from + room > l->n)
		*from = l->n - room;
	*to = *from + room;
	if (last + after >= *to)
		*to = last + after + 1;
	if (*to > *from + 2 * room)
		*to = *from + 2 * room;
	if (*to > l->n)
		*to = l->n;
}

static void draw_window(struct buf *b, const struct ladder *l, size_t max_rows)
{
	size_t from, to, i;

	choose_window(l, max_rows, &from, &to);
	if (from)
		buf_printf(b, "  ... %zu earlier\n", from);
	for (i = from; i < to; i++)
		draw_row(b, l, &l->rows[i], is_marked(l, i));
	if (to < l->n)
		buf_printf(b, "  ... %zu later\n", l->n - to);
}

/* Of a flood only the events around at_seq are made into rows; *from is the
 * first of them.  Returns how many. */
static size_t near_events(const struct event *const *events, size_t n,
			  uint64_t at_seq, size_t *from)
{
	size_t at = n;

	*from = 0;
	if (n <= FLOOD)
		return n;
	while (at_seq && at > 0 && events[at - 1]->seq > at_seq)
		at--;
	*from = at > FLOOD / 2 ? at - FLOOD / 2 : 0;
	return n - *from < FLOOD ? n - *from : FLOOD;
}

void report_ladder_marks(struct buf *b, const struct scenario *sc,
			 const struct event *const *events, size_t n,
			 const uint64_t *marks, size_t n_marks, size_t max_rows)
{
	size_t from = 0;
	size_t near = max_rows ? near_events(events, n, marks[0], &from) : n;
	struct ladder l = {
		.v = { sc, events + from, near }, .marks = marks, .n_marks = n_marks,
	};

	if (from)
		buf_printf(b, "  ... %zu events before\n", from);
	l.arena = arena_new();
	memset(l.column, -1, sizeof(l.column));
	rows_build(&l);
	if (l.n) {
		shorten_runs(&l);
		measure_columns(&l);
		split_wide(&l);
		draw_head(b, &l);
		draw_window(b, &l, max_rows);
	}
	arena_free(l.arena);
}

void report_ladder(struct buf *b, const struct scenario *sc,
		   const struct event *const *events, size_t n,
		   uint64_t at_seq, size_t max_rows)
{
	report_ladder_marks(b, sc, events, n, &at_seq, 1, max_rows);
}
