/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The rows of a ladder before they are drawn: one or several events each.
 * Private to report/.
 */
#ifndef REPORT_ROWS_H
#define REPORT_ROWS_H

#include "report/report.h"
#include "report/words.h"

#define COLUMN_GAP	2
#define MAX_ACTORS	16	/* more share one column */

struct row {
	const struct event *first, *last;	/* NULL: stands for rows left out */
	const struct event *about;	/* the request right is about */
	unsigned requests, replies;	/* in it, for counting a run */
	int column;		/* of left */
	char *left, *right, *across;
};

struct ladder {
	struct view v;
	struct arena *arena;
	struct row *rows;
	size_t n;
	const struct ladder_window *window;
	size_t room;		/* for a row, without its margin */
	bool has_clients;
	int column[MAX_ACTORS];		/* of an actor, while there are few */
	unsigned columns;	/* 0: all clients in one, with names */
	size_t width[MAX_ACTORS];
	size_t kernel_at;
};

/* Decide who has a column, then turn the log into rows. */
void rows_build(struct ladder *l);
/* Add one at the end; all arrays live in the arena. */
#define ROWS_PUSH(l, row)	ARENA_PUSH((l)->arena, (l)->rows, (l)->n, row)

/* The widest a client's column may be. */
size_t rows_column_limit(const struct ladder *l);
/* A row's text out of b: one line, no control bytes. */
char *rows_cell(struct ladder *l, const struct buf *b);
/* Columns on a terminal: characters, not bytes. */
size_t display_width(const char *s);

#endif
