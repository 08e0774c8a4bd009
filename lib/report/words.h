/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The words of the ladder: where an event stands in it and what it says there.
 * Private to report/.  Pure functions.
 */
#ifndef REPORT_WORDS_H
#define REPORT_WORDS_H

#include "engine/evlog.h"

/* The log a report is about. */
struct view {
	const struct scenario *sc;
	const struct event *const *events;	/* sorted by seq */
	size_t n;
};

enum place {
	PLACE_NONE,		/* says nothing a reader needs */
	PLACE_ACTOR,		/* the actor's column */
	PLACE_KERNEL,		/* the kernel → fs column */
	PLACE_ACROSS,		/* a line of its own */
};
enum place event_place(const struct event *ev);

/* What the event says on a row of its own. */
void event_words(struct buf *b, const struct view *v, const struct event *ev);
/* What it adds to a row that already shows its request or its call: "held
 * (disk)", "reply = 0", "= 4K". */
void event_tail(struct buf *b, const struct view *v, const struct event *ev);

/* "WRITE /data", "WRITE upper:/data" where there are several mounts. */
void event_subject(struct buf *b, const struct scenario *sc, const struct event *ev);

#endif
