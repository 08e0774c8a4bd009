/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gates, rules, states and statistics in words and in JSON.  The names of the
 * members are an interface: fusescen-ctl(7) documents them. */
#include "config.h"

#include "run/serve/describe.h"

#include <inttypes.h>
#include <string.h>

#include "base/units.h"
#include "run/serve/ctl_reply.h"

/* ---- gates ------------------------------------------------------------------- */

static void put_lines(struct json_writer *w, const char *lines)
{
	const char *end;

	for (; (end = strchr(lines, '\n')); lines = end + 1)
		json_put_bytes(w, NULL, lines, (size_t)(end - lines));
}

static void put_gate(struct run *r, size_t i, struct json_writer *w)
{
	auto_buf struct buf lines = BUF_INIT;

	engine_print_held(r->engine, (int)i, HELD_PRINTED, &lines);
	json_begin(w, NULL, '{');
	json_put_text(w, "gate", r->sc->gates[i]);
	json_put_u64(w, "held", engine_held(r->engine, (int)i));
	json_begin(w, "requests", '[');
	put_lines(w, buf_str(&lines));
	json_end(w);
	json_end(w);
}

static void put_gate_text(struct run *r, size_t i, struct buf *b)
{
	buf_printf(b, "%s: %u held\n", r->sc->gates[i],
		   engine_held(r->engine, (int)i));
	engine_print_held(r->engine, (int)i, HELD_PRINTED, b);
}

/* ---- rules ------------------------------------------------------------------- */

static void put_rule(struct run *r, size_t i, struct json_writer *w)
{
	const struct rule *rule = &r->sc->rules[i];

	json_begin(w, NULL, '{');
	json_put_u64(w, "line", rule->loc.line);
	json_put_text(w, "name", rule->name);
	json_put_bool(w, "on", engine_rule_is_on(r->engine, i));
	json_put_u64(w, "applied", engine_rule_hits(r->engine, i));
	json_put_text(w, "text", rule->text);
	json_end(w);
}

static void put_rule_text(struct run *r, size_t i, struct buf *b)
{
	const struct rule *rule = &r->sc->rules[i];

	buf_printf(b, "%5u  %-3s  applied %u  %s\n", rule->loc.line,
		   engine_rule_is_on(r->engine, i) ? "on" : "off",
		   engine_rule_hits(r->engine, i), rule->text);
}

/* ---- states ------------------------------------------------------------------ */

static const char *state_word(struct run *r, size_t i)
{
	return r->sc->words[engine_state(r->engine, i)];
}

static void put_state(struct run *r, size_t i, struct json_writer *w)
{
	json_put_text(w, r->sc->states[i].name, state_word(r, i));
}

static void put_state_text(struct run *r, size_t i, struct buf *b)
{
	buf_printf(b, "%s = %s\n", r->sc->states[i].name, state_word(r, i));
}

/* ---- all of a kind ----------------------------------------------------------- */

struct listing {
	const char *key;
	char bracket;
	void (*put)(struct run *r, size_t i, struct json_writer *w);
	void (*put_text)(struct run *r, size_t i, struct buf *b);
};

static void describe(struct run *r, const struct listing *l, size_t n,
		     bool as_text, struct buf *out)
{
	auto_buf struct buf text = BUF_INIT;
	struct json_writer w;
	size_t i;

	if (as_text) {
		for (i = 0; i < n; i++)
			l->put_text(r, i, &text);
		ctl_reply_text(out, buf_str(&text));
		return;
	}
	w = ctl_reply_begin(out, true);
	json_begin(&w, l->key, l->bracket);
	for (i = 0; i < n; i++)
		l->put(r, i, &w);
	json_end(&w);
	ctl_reply_end(&w);
}

void describe_gates(struct run *r, bool as_text, struct buf *out)
{
	static const struct listing gates = {
		"gates", '[', put_gate, put_gate_text,
	};

	describe(r, &gates, r->sc->n_gates, as_text, out);
}

void describe_rules(struct run *r, bool as_text, struct buf *out)
{
	static const struct listing rules = {
		"rules", '[', put_rule, put_rule_text,
	};

	describe(r, &rules, r->sc->n_rules, as_text, out);
}

void describe_states(struct run *r, bool as_text, struct buf *out)
{
	static const struct listing states = {
		"states", '{', put_state, put_state_text,
	};

	describe(r, &states, r->sc->n_states, as_text, out);
}

/* ---- statistics --------------------------------------------------------------- */

static void put_op(const struct op_stats *o, struct json_writer *w)
{
	json_begin(w, NULL, '{');
	json_put_text(w, "op", o->op);
	json_put_u64(w, "count", o->count);
	json_put_u64(w, "errors", o->errors);
	json_put_u64(w, "in_flight", o->in_flight);
	json_put_u64(w, "in", o->in);
	json_put_u64(w, "out", o->out);
	json_put_u64(w, "p50_ns", o->p50_ns);
	json_put_u64(w, "p90_ns", o->p90_ns);
	json_put_u64(w, "p99_ns", o->p99_ns);
	json_put_u64(w, "max_ns", o->max_ns);
	json_end(w);
}

static void put_op_row(const struct op_stats *o, struct buf *b)
{
	buf_printf(b, "%-16s %10" PRIu64 " %8" PRIu64 " %8" PRIu64 " %12" PRIu64
		   " %12" PRIu64 " %10.1f %10.1f %10.1f %10.1f\n", o->op,
		   o->count, o->errors, o->in_flight, o->in, o->out,
		   (double)o->p50_ns / 1e3, (double)o->p90_ns / 1e3,
		   (double)o->p99_ns / 1e3, (double)o->max_ns / 1e3);
}

static void describe_stats_text(const struct stats *stats, struct buf *out)
{
	auto_buf struct buf b = BUF_INIT;
	struct op_stats o;
	size_t i;

	buf_printf(&b, "%-16s %10s %8s %8s %12s %12s %10s %10s %10s %10s\n",
		   "operation", "count", "errors", "open", "bytes in",
		   "bytes out", "p50 us", "p90 us", "p99 us", "max us");
	for (i = 0; !stats_get(stats, i, &o); i++)
		put_op_row(&o, &b);
	ctl_reply_text(out, buf_str(&b));
}

void describe_stats(struct run *r, const struct stats *stats, uint64_t start_ns,
		    bool as_text, struct buf *out)
{
	struct engine_load load;
	struct json_writer w;
	struct op_stats o;
	size_t i;

	if (as_text) {
		describe_stats_text(stats, out);
		return;
	}
	engine_load(r->engine, 0, &load);
	w = ctl_reply_begin(out, true);
	json_put_u64(&w, "ms", (clock_ns() - start_ns) / NS_PER_MS);
	json_put_u64(&w, "events", evlog_count(r->log));
	json_put_u64(&w, "open", load.open);
	json_put_u64(&w, "held", load.held);
	json_put_u64(&w, "delayed", load.delayed);
	json_put_u64(&w, "dropped", load.dropped);
	json_begin(&w, "operations", '[');
	for (i = 0; !stats_get(stats, i, &o); i++)
		put_op(&o, &w);
	json_end(&w);
	ctl_reply_end(&w);
}
