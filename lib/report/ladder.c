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

#define MAIL_WIDTH	72
#define MIN_WIDTH	40	/* of a narrower terminal, lines are wrapped by itself */
#define MARGIN		2	/* "> " at the row in question */
#define CELL_LINES	4	/* a longer cell is cut */
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
	for (i = 0; i < MAX_ACTORS; i++) {
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
		    l->kernel_at + display_width(row.right) > l->room) {
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
	for (size_t i = 0; i < l->window->n_marks; i++)
		if (l->window->marks[i] && find_row(l, l->window->marks[i]) == row)
			return true;
	return false;
}

/* The first and the last row in question. */
static void find_span(const struct ladder *l, size_t *first, size_t *last)
{
	*first = SIZE_MAX;
	*last = 0;
	for (size_t i = 0; i < l->window->n_marks; i++) {
		size_t row = find_row(l, l->window->marks[i]);

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

/* Where the text in s that fits into room columns ends: at two blanks, where a
 * request ends and what becomes of it begins; else at one blank, else anywhere.
 * *next is where the rest begins. */
static const char *find_break(const char *s, size_t room, const char **next)
{
	const char *two = NULL, *one = NULL, *p = s;
	size_t n = 0;

	for (; *p && n <= room; p++) {
		if (p > s && p[0] == ' ' && p[1] == ' ')
			two = p;
		else if (p > s && p[0] == ' ' && p[1] != '<' && p[-1] != ' ')
			one = p;
		n += (p[1] & 0xc0) != 0x80;
	}
	while ((*p & 0xc0) == 0x80 || n > room)
		n -= (*p-- & 0xc0) != 0x80;
	if (two || one)
		p = two ? two : one;
	*next = p + strspn(p, " ");
	return p;
}

/* A cell that begins in a column, where the line has been written up to `at`.  What
 * does not fit goes on below, moved a little to the right. */
static void draw_cell(struct buf *b, const struct ladder *l, const char *s,
		      size_t column, size_t at)
{
	size_t room = l->room - column;
	const char *end, *next;

	buf_fill(b, ' ', column - at);
	for (int lines = 1; display_width(s) > room && lines < CELL_LINES; lines++) {
		end = find_break(s, room, &next);
		buf_add(b, s, (size_t)(end - s));
		buf_addc(b, '\n');
		buf_fill(b, ' ', MARGIN + column + COLUMN_GAP);
		room = l->room - column - COLUMN_GAP;
		s = next;
	}
	put_cut(b, s, room);
}

static void draw_row(struct buf *b, const struct ladder *l, const struct row *row,
		     bool marked)
{
	size_t at = 0;
	int c;

	buf_puts(b, marked ? "> " : "  ");
	for (c = 0; row->left && c < row->column; c++)
		at += l->width[c];
	if (row->across)
		draw_cell(b, l, row->across, 0, 0);
	else if (row->left)
		draw_cell(b, l, row->left, at, 0);
	at += row->left ? display_width(row->left) : 0;
	if (row->right)
		draw_cell(b, l, row->right, l->kernel_at, at);
	buf_addc(b, '\n');
}

/* What happened before explains more than what came after.  The last row in question
 * comes along if the window does not become more than twice as large. */
static void choose_window(const struct ladder *l, size_t *from, size_t *to)
{
	size_t max_rows = l->window->max_rows;
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

static void draw_window(struct buf *b, const struct ladder *l)
{
	size_t from, to, i;

	choose_window(l, &from, &to);
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

void report_ladder(struct buf *b, const struct scenario *sc,
		   const struct event *const *events, size_t n,
		   const struct ladder_window *window)
{
	unsigned columns = window->columns ? window->columns : MAIL_WIDTH;
	size_t from = 0, near = n;
	struct ladder l = { .window = window };

	if (window->max_rows)
		near = near_events(events, n, window->marks[0], &from);
	if (from)
		buf_printf(b, "  ... %zu events before\n", from);
	l.v = (struct view){ sc, events + from, near };
	l.room = (columns < MIN_WIDTH ? MIN_WIDTH : columns) - MARGIN;
	l.arena = arena_new();
	memset(l.column, -1, sizeof(l.column));
	rows_build(&l);
	if (l.n) {
		shorten_runs(&l);
		measure_columns(&l);
		split_wide(&l);
		draw_head(b, &l);
		draw_window(b, &l);
	}
	arena_free(l.arena);
}
