/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What came close to a pattern that has no event.  Pure functions, run by the
 * conductor. */
#include "config.h"

#include <string.h>

#include "engine/checks.h"
#include "engine/match.h"
#include "engine/print.h"

struct near {
	int distance;
	const struct event *ev;
};

/* Keep the nearest "max", of equals the first. */
static void keep_near(struct near *best, size_t *n, size_t max, struct near x)
{
	size_t at = *n;

	while (at > 0 && best[at - 1].distance > x.distance)
		at--;
	if (at == max)
		return;
	if (*n < max)
		(*n)++;
	memmove(&best[at + 1], &best[at], (*n - at - 1) * sizeof(*best));
	best[at] = x;
}

static int near_by_seq(const void *a, const void *b)
{
	uint64_t x = ((const struct near *)a)->ev->seq;
	uint64_t y = ((const struct near *)b)->ev->seq;

	return x < y ? -1 : x > y;
}

void near_misses(const struct scenario *sc, const struct pattern *p,
		 const struct event *const *events, size_t n, size_t max,
		 struct buf *out)
{
	struct near *best = xcalloc(max + 1, sizeof(*best));
	size_t n_best = 0;

	for (size_t i = 0; i < n && max; i++) {
		int d = match_distance(sc, p, events[i], NULL);

		if (d && d < MATCH_FAR) {
			auto_buf struct buf why = BUF_INIT;

			d = match_distance(sc, p, events[i], &why);
			keep_near(best, &n_best, max,
				  (struct near){ d, events[i] });
		}
	}
	qsort(best, n_best, sizeof(*best), near_by_seq);
	for (size_t i = 0; i < n_best; i++) {
		print_who(out, sc, best[i].ev);
		buf_puts(out, ": ");
		match_distance(sc, p, best[i].ev, out);
		buf_addc(out, '\n');
	}
	free(best);
}
