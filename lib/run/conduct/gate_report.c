/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Why a gate holds what it holds.  Conductor only. */
#include "config.h"

#include "run/conduct/gate_report.h"

#include "engine/match.h"
#include "engine/print.h"

#define NEAR_MAX	2	/* requests per operation of a rule */

struct snapshot {
	const struct scenario *sc;
	const struct event **events;
	size_t n;
};

static size_t count_taken(const struct snapshot *s, int rule)
{
	size_t i, n = 0;

	for (i = 0; i < s->n; i++)
		n += s->events[i]->kind == EV_REQUEST && s->events[i]->rule == rule;
	return n;
}

/* Requests of the right kind that this rule did not get. */
static void print_passed(const struct snapshot *s, const struct pattern *p,
			 int rule, struct buf *out)
{
	size_t i, n = 0;

	for (i = 0; i < s->n && n < NEAR_MAX; i++) {
		const struct event *ev = s->events[i];

		if (ev->rule == rule || !match_event(s->sc, p, ev))
			continue;
		buf_printf(out, "#%llu ", (unsigned long long)ev->seq);
		event_print(out, s->sc, ev);
		if (ev->rule == NONE)
			buf_puts(out, ": it fits, but nth:, times: or when: kept it out\n");
		else
			buf_printf(out, ": the rule in line %u took it\n",
				   s->sc->rules[ev->rule].loc.line);
		n++;
	}
}

static void print_rule(const struct snapshot *s, int index, struct buf *out)
{
	const struct rule *rule = &s->sc->rules[index];
	size_t i = 0, taken = count_taken(s, index);

	buf_printf(out, "rule in line %u, %s, took ", rule->loc.line, rule->text);
	if (!taken)
		buf_puts(out, "no request");
	else
		buf_printf(out, "%zu request%s", taken, taken == 1 ? "" : "s");
	buf_addc(out, '\n');
	do {
		struct pattern p = {
			.kind = PAT_REQUEST, .op = rule->n_ops ? rule->ops[i] : NULL,
			.file = rule->file, .where = rule->where,
			.n_where = rule->n_where, .actor = rule->actor,
		};

		print_passed(s, &p, index, out);
		near_misses(s->sc, &p, s->events, s->n, NEAR_MAX, out);
	} while (++i < rule->n_ops);
}

void gate_report_print(struct run *r, int gate, struct buf *out)
{
	struct snapshot s = { .sc = r->sc };
	size_t i;

	s.events = evlog_sorted(r->log, &s.n);
	for (i = 0; i < r->sc->n_rules; i++)
		if (r->sc->rules[i].gate == gate)
			print_rule(&s, (int)i, out);
	free(s.events);
}

struct loc gate_report_last(struct run *r, int gate)
{
	struct loc loc = { 0, 0, 0 };
	const struct event **events;
	size_t i, n;

	events = evlog_sorted(r->log, &n);
	for (i = n; i-- && !loc.line; )
		if (events[i]->kind == EV_HELD && events[i]->gate == gate &&
		    events[i]->rule != NONE)
			loc = r->sc->rules[events[i]->rule].loc;
	free(events);
	return loc;
}
