/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Judging the log.  Each kind of check is one function over the sorted events;
 * it says in the finding what it saw and where to look.  Pure functions, run
 * by the conductor.
 */
#include "config.h"

#include "engine/checks.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>

#include "base/escape.h"
#include "base/units.h"
#include "engine/match.h"
#include "engine/print.h"

#define MAX_LISTED	8	/* numbers of events in one finding */
#define MAX_NAMED	4	/* events with their names */
#define MAX_NEAR	3

/* What a check works on, and where it puts its finding. */
struct judge {
	const struct scenario *sc;
	const struct check *check;
	const struct event *const *events;
	size_t n;
	struct buf actual;
	struct buf near;
	uint64_t at_seq;
};

static bool matches(const struct judge *j, size_t pattern, size_t i)
{
	return match_event(j->sc, &j->check->patterns[pattern], j->events[i]);
}

/* The first event from i on that matches, or n. */
static size_t find(const struct judge *j, size_t pattern, size_t i)
{
	while (i < j->n && !matches(j, pattern, i))
		i++;
	return i;
}

static size_t find_last(const struct judge *j, size_t pattern)
{
	size_t i = j->n;

	while (i > 0 && !matches(j, pattern, i - 1))
		i--;
	return i ? i - 1 : j->n;
}

static void say_pattern(struct judge *j, struct buf *b, size_t pattern)
{
	print_pattern(b, j->sc, &j->check->patterns[pattern]);
}

static void say_at(struct judge *j, struct buf *b, size_t pattern, size_t i)
{
	say_pattern(j, b, pattern);
	buf_printf(b, " (#%" PRIu64 ")", j->events[i]->seq);
}

static void say_near(struct judge *j, size_t pattern)
{
	near_misses(j->sc, &j->check->patterns[pattern], j->events, j->n,
		    MAX_NEAR, &j->near);
}

/* ---- the checks ------------------------------------------------------------- */

/* The pattern at fault does not come any more; say what there was instead. */
static void say_missing(struct judge *j, size_t pattern, const char *where)
{
	size_t early = find(j, pattern, 0);

	buf_puts(&j->actual, "no ");
	say_pattern(j, &j->actual, pattern);
	buf_puts(&j->actual, where);
	if (early < j->n && *where)
		buf_printf(&j->actual, "; the first is #%" PRIu64,
			   j->events[early]->seq);
	else
		say_near(j, pattern);
}

static bool judge_order(struct judge *j)
{
	size_t from = 0, at = 0;

	for (size_t k = 0; k < j->check->n_patterns; k++) {
		at = find(j, k, from);
		if (at == j->n) {
			say_missing(j, k, k ? " after that" : "");
			return false;
		}
		say_at(j, &j->actual, k, at);
		buf_puts(&j->actual, ", ");
		j->at_seq = j->events[at]->seq;
		from = at + 1;
	}
	return true;
}

static bool judge_before(struct judge *j)
{
	size_t last = find_last(j, 0);
	size_t first = find(j, 1, 0);

	if (last == j->n || first == j->n) {
		say_missing(j, last == j->n ? 0 : 1, "");
		return false;
	}
	if (last < first)
		return true;
	j->at_seq = j->events[last]->seq;
	say_at(j, &j->actual, 0, last);
	buf_puts(&j->actual, last > first ? " comes after " : " is also ");
	say_at(j, &j->actual, 1, first);
	return false;
}

static bool judge_count(struct judge *j)
{
	uint64_t count = 0;
	auto_buf struct buf list = BUF_INIT;

	for (size_t i = find(j, 0, 0); i < j->n; i = find(j, 0, i + 1)) {
		if (++count <= MAX_NAMED) {
			buf_puts(&list, count > 1 ? ", " : "");
			print_who(&list, j->sc, j->events[i]);
		}
		j->at_seq = j->events[i]->seq;
	}
	if (count >= j->check->min && count <= j->check->max)
		return true;
	buf_printf(&j->actual, "%" PRIu64, count);
	if (count)
		buf_printf(&j->actual, ": %s%s", buf_str(&list),
			   count > MAX_NAMED ? ", ..." : "");
	if (count < j->check->min)
		say_near(j, 0);
	return false;
}

static bool judge_never(struct judge *j)
{
	size_t i = find(j, 0, 0);

	if (i == j->n)
		return true;
	j->at_seq = j->events[i]->seq;
	buf_printf(&j->actual, "#%" PRIu64 " ", j->at_seq);
	event_print(&j->actual, j->sc, j->events[i]);
	return false;
}

/* Does ev end what start began? */
static bool ends(const struct event *ev, const struct event *start)
{
	switch (start->kind) {
	case EV_REQUEST:
		return ev->kind == EV_REPLY && ev->request == start;
	case EV_CALL:
		return (ev->kind == EV_RETURN || ev->kind == EV_EXIT) &&
			ev->actor == start->actor;
	default:
		return ev->kind == EV_NOTE_DONE && ev->note == start->note;
	}
}

static void list_open(struct buf *b, const struct event *const *open, size_t n)
{
	buf_clear(b);
	for (size_t i = 0; i < n && i < MAX_LISTED; i++)
		buf_printf(b, "%s#%" PRIu64, i ? ", " : "", open[i]->seq);
	if (n > MAX_LISTED)
		buf_puts(b, ", ...");
}

static bool judge_max_in_flight(struct judge *j)
{
	const struct event **open = xcalloc(j->n, sizeof(*open));
	auto_buf struct buf list = BUF_INIT;
	size_t n_open = 0, most = 0;

	for (size_t i = 0; i < j->n; i++) {
		const struct event *ev = j->events[i];

		for (size_t k = 0; k < n_open; ) {
			if (ends(ev, open[k]))
				open[k] = open[--n_open];
			else
				k++;
		}
		if (!matches(j, 0, i))
			continue;
		open[n_open++] = ev;
		if (n_open <= most)
			continue;
		most = n_open;
		j->at_seq = ev->seq;
		list_open(&list, open, n_open);
	}
	free(open);
	if (most >= j->check->min && most <= j->check->max)
		return true;
	buf_printf(&j->actual, "%zu%s%s", most, most ? ": " : "",
		   buf_str(&list));
	if (!most)
		say_near(j, 0);
	return false;
}

static bool judge_elapsed(struct judge *j)
{
	size_t p = find(j, 0, 0);
	size_t q = p < j->n ? find(j, 1, p + 1) : j->n;
	uint64_t from, to, ns;

	if (q == j->n) {
		say_missing(j, p == j->n ? 0 : 1, p == j->n ? "" : " after that");
		return false;
	}
	from = j->events[p]->at_ns;
	to = j->events[q]->at_ns;
	ns = to > from ? to - from : 0;
	if (ns >= j->check->min && ns <= j->check->max)
		return true;
	j->at_seq = j->events[q]->seq;
	print_duration(&j->actual, ns);
	buf_printf(&j->actual, " from #%" PRIu64 " to #%" PRIu64,
		   j->events[p]->seq, j->events[q]->seq);
	return false;
}

/* ---- values of fields ---------------------------------------------------------- */

struct seen {
	size_t pattern, at;
	const struct field *field;
	struct field_value v;
};

static bool is_same_value(const struct field_value *a, const struct field_value *b)
{
	if (!a->p || !b->p)
		return !a->p && !b->p && a->num == b->num;
	return a->len == b->len && !memcmp(a->p, b->p, a->len);
}

/* "SETLK /data owner (#12) is 7" */
static void say_seen(struct judge *j, const struct seen *s)
{
	say_at(j, &j->actual, s->pattern, s->at);
	buf_puts(&j->actual, " is ");
	if (s->v.p)
		buf_quote(&j->actual, s->v.p, s->v.len, NAME_SHOWN);
	else
		field_print(&j->actual, j->sc->protocol, s->field, s->v.num);
}

/* What events have in their fields, in the order of the patterns.  NULL, with the
 * reason said, if one has nothing or a pattern has no event. */
static struct seen *see_values(struct judge *j, size_t *n)
{
	struct seen *all = NULL;

	*n = 0;
	for (size_t k = 0; k < j->check->n_patterns; k++) {
		size_t i = find(j, k, 0);

		if (i == j->n) {
			say_missing(j, k, "");
			goto none;
		}
		for (; i < j->n; i = find(j, k, i + 1)) {
			struct seen s = { .pattern = k, .at = i };

			j->at_seq = j->events[i]->seq;
			if (match_value(&j->check->patterns[k], j->events[i],
					&s.field, &s.v)) {
				print_who(&j->actual, j->sc, j->events[i]);
				buf_printf(&j->actual, " has no %s",
					   j->check->patterns[k].field);
				goto none;
			}
			all = xgrow(all, *n, sizeof(*all));
			all[(*n)++] = s;
		}
	}
	return all;
none:
	free(all);
	return NULL;
}

static bool judge_values(struct judge *j)
{
	bool same = j->check->kind == CHECK_SAME, good = true;
	size_t n;
	struct seen *all = see_values(j, &n);

	if (all && n < 2) {
		say_seen(j, &all[0]);
		buf_puts(&j->actual, ", and there is no other event");
		good = false;
	}
	for (size_t i = 1; all && i < n && good; i++) {
		/* Each is like the first, or unlike all before it. */
		for (size_t k = 0; k < (same ? 1 : i) && good; k++) {
			if (is_same_value(&all[k].v, &all[i].v) == same)
				continue;
			good = false;
			j->at_seq = j->events[all[i].at]->seq;
			say_seen(j, &all[k]);
			buf_puts(&j->actual, same ? ", " : " and so ");
			say_seen(j, &all[i]);
		}
	}
	good = good && all;
	free(all);
	return good;
}

static bool judge(struct judge *j)
{
	switch (j->check->kind) {
	case CHECK_ORDER:
		return judge_order(j);
	case CHECK_BEFORE:
		return judge_before(j);
	case CHECK_COUNT:
		return judge_count(j);
	case CHECK_NEVER:
		return judge_never(j);
	case CHECK_MAX_IN_FLIGHT:
		return judge_max_in_flight(j);
	case CHECK_ELAPSED:
		return judge_elapsed(j);
	case CHECK_SAME:
	case CHECK_DIFFER:
		return judge_values(j);
	case CHECK_FILE:
	case CHECK_KERNEL:
		break;
	}
	die_bug("a check of kind %d is not judged by the log", j->check->kind);
}

/* ---- what was expected -------------------------------------------------------- */

static void say_limit(struct buf *b, const char *word, uint64_t v, bool is_time)
{
	buf_printf(b, " %s ", word);
	if (is_time)
		print_time(b, v);
	else
		buf_printf(b, "%" PRIu64, v);
}

static void say_limits(struct buf *b, const struct check *c, bool is_time)
{
	if (c->min == c->max) {
		say_limit(b, "is", c->min, is_time);
		return;
	}
	if (c->min)
		say_limit(b, "min", c->min, is_time);
	if (c->max != UINT64_MAX)
		say_limit(b, "max", c->max, is_time);
}

static char *expected(struct judge *j)
{
	static const char *const words[] = {
		[CHECK_ORDER] = "order", [CHECK_BEFORE] = "before",
		[CHECK_COUNT] = "count", [CHECK_NEVER] = "never",
		[CHECK_MAX_IN_FLIGHT] = "max_in_flight", [CHECK_ELAPSED] = "elapsed",
		[CHECK_SAME] = "same", [CHECK_DIFFER] = "differ",
	};
	const struct check *c = j->check;
	struct buf b = BUF_INIT;

	buf_printf(&b, "%s:", words[c->kind]);
	for (size_t k = 0; k < c->n_patterns; k++) {
		buf_puts(&b, k ? ", " : " ");
		say_pattern(j, &b, k);
	}
	if (c->kind == CHECK_COUNT || c->kind == CHECK_MAX_IN_FLIGHT)
		say_limits(&b, c, false);
	else if (c->kind == CHECK_ELAPSED)
		say_limits(&b, c, true);
	return buf_steal(&b);
}

void finding_fini(struct finding *f)
{
	free(f->expected);
	free(f->actual);
	free(f->near_miss);
	*f = (struct finding){ 0 };
}

bool check_holds(const struct scenario *sc, const struct check *check,
		 const struct event *const *events, size_t n, struct finding *out)
{
	struct judge j = { .sc = sc, .check = check, .events = events, .n = n };
	bool holds = judge(&j);

	*out = (struct finding){ 0 };
	if (!holds) {
		out->expected = expected(&j);
		out->actual = buf_steal(&j.actual);
		out->near_miss = j.near.len ? buf_steal(&j.near) : NULL;
		out->at_seq = j.at_seq;
	}
	buf_fini(&j.actual);
	buf_fini(&j.near);
	return holds;
}
