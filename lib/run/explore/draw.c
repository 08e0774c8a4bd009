/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One thread at a time. */
#include "config.h"

#include "run/explore/draw.h"

#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "wire/ops.h"

#define FIRST	16u			/* orders without a hold */

struct lottery {
	uint64_t seed, next;
	const struct explore *ex;
	unsigned seen;			/* of the first ones */
	struct request_name *names;	/* each once; sorted when all are seen */
	size_t n_names;
};

struct lottery *draw_new(uint64_t seed, const struct explore *ex)
{
	struct lottery *d = xcalloc(1, sizeof(*d));

	d->seed = random_mix(seed);
	d->ex = ex;
	return d;
}

void draw_free(struct lottery *d)
{
	if (d)
		free(d->names);
	free(d);
}

/* ---- requests ---------------------------------------------------------------- */

static void note_name(struct lottery *d, const struct request_name *name)
{
	for (size_t i = 0; i < d->n_names; i++) {
		if (request_names_same(&d->names[i], name))
			return;
	}
	d->names = xgrow(d->names, d->n_names, sizeof(*d->names));
	d->names[d->n_names++] = *name;
}

/* By bytes: names are zeros behind their ends. */
static int compare_names(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct request_name));
}

void draw_saw(struct lottery *d, const struct trail *t)
{
	if (d->seen == FIRST)
		return;
	for (unsigned i = 0; i < t->n_requests; i++)
		note_name(d, &t->requests[i].name);
	if (++d->seen == FIRST && d->n_names)
		qsort(d->names, d->n_names, sizeof(*d->names), compare_names);
}

/* ---- drawing -------------------------------------------------------------------- */

static size_t throw(uint64_t *drawn, size_t n)
{
	*drawn = random_mix(*drawn);
	return (size_t)(*drawn % n);
}

static bool is_held(const struct schedule *s, const struct hold *h)
{
	for (unsigned i = 0; i < s->n_holds; i++) {
		if (request_names_same(&s->holds[i].name, &h->name) ||
		    (h->fault && s->holds[i].fault == h->fault))
			return true;
	}
	return false;
}

static void draw_hold(const struct lottery *d, struct schedule *s, uint64_t *drawn)
{
	struct hold h = { .name = d->names[throw(drawn, d->n_names)] };
	size_t kind = throw(drawn, 2 + d->ex->n_faults);

	h.after = kind == 1;
	if (kind > 1 && !strcmp(d->ex->faults[kind - 2].op->name, h.name.op))
		h.fault = (unsigned)kind - 1;
	if (!is_held(s, &h))
		s->holds[s->n_holds++] = h;
}

bool draw_next(struct lottery *d, struct schedule *out)
{
	uint64_t drawn = random_mix(d->seed + d->next);
	size_t n;

	if (d->next >= FIRST && d->seen < FIRST)
		return false;
	memset(out, 0, sizeof(*out));
	out->seed = drawn ? drawn : 1;
	/* one hold more often than two, and two more often than three */
	n = 1 + throw(&drawn, 2) * (1 + throw(&drawn, 2));
	while (d->next >= FIRST && d->n_names && n--)
		draw_hold(d, out, &drawn);
	d->next++;
	return true;
}

/* ---- what it has become ----------------------------------------------------------- */

/* Number of the move that brought it; false: none did. */
static bool find_move(const struct trail *t, const struct hold *h, unsigned i,
		      unsigned *move)
{
	for (unsigned k = 0; k < t->n_requests && h->fault; k++) {
		*move = t->requests[k].move;
		if (request_names_same(&t->requests[k].name, &h->name))
			return true;
	}
	for (unsigned k = 0; k < t->n_moves && !h->fault; k++) {
		*move = k;
		if (t->moves[k].held & 1u << i)
			return true;
	}
	return false;
}

/* Of old numbers, those that are left have new ones. */
static void number_holds(struct trail *t, const int *old, unsigned n)
{
	for (unsigned m = 0; m < t->n_moves; m++) {
		struct trail_move *move = &t->moves[m];
		uint8_t held = 0, now = move->move;

		for (unsigned i = 0; i < n; i++) {
			held |= (uint8_t)((move->held >> old[i] & 1) << i);
			if (move->move == SCHEDULE_PARTS + (unsigned)old[i])
				now = (uint8_t)(SCHEDULE_PARTS + i);
		}
		move->held = held;
		move->move = now;
	}
	for (unsigned i = 0; i < SCHEDULE_HOLDS; i++) {
		t->faults[i] = i < n ? t->faults[old[i]] : 0;
		t->write_faults[i] = i < n ? t->write_faults[old[i]] : 0;
	}
}

bool draw_settle(struct schedule *s, struct trail *t, const struct explore *ex)
{
	int old[SCHEDULE_HOLDS];
	unsigned n = 0, i;
	bool good = true;

	t->short_write = false;
	for (i = 0; i < s->n_holds; i++) {
		if (!find_move(t, &s->holds[i], i, &s->holds[i].move)) {
			good &= !s->holds[i].fault;
			continue;
		}
		if (s->holds[i].fault)
			t->short_write |= ex->faults[s->holds[i].fault - 1].is_short;
		old[n] = (int)i;
		s->holds[n++] = s->holds[i];
	}
	number_holds(t, old, n);
	s->n_holds = n;
	s->n_moves = t->n_moves;
	for (i = 0; i < t->n_moves; i++)
		s->moves[i] = t->moves[i].move;
	s->seed = 0;
	return good;
}
