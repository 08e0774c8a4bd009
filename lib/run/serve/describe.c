/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gates, rules, states and statistics in words and in JSON.  The names of the
 * members are an interface: fusescen-ctl(7) documents them. */
#include "config.h"

#include "run/serve/describe.h"

#include <inttypes.h>
#include <string.h>

#include "base/units.h"

static void say_text(struct buf *out, const struct buf *text)
{
	buf_puts(out, "{\"ok\":true,\"text\":");
	buf_json(out, buf_str(text), text->len);
	buf_puts(out, "}\n");
}

static void put_string(struct buf *b, const char *before, const char *s)
{
	buf_puts(b, before);
	buf_json(b, s, strlen(s));
}

/* ---- gates ------------------------------------------------------------------- */

static void put_lines(struct buf *b, const char *lines)
{
	const char *end, *comma = "";

	for (; (end = strchr(lines, '\n')); lines = end + 1) {
		buf_puts(b, comma);
		buf_json(b, lines, (size_t)(end - lines));
		comma = ",";
	}
}

static void put_gate(struct run *r, size_t i, bool as_text, struct buf *b)
{
	unsigned held = engine_held(r->engine, (int)i);
	auto_buf struct buf lines = BUF_INIT;

	engine_print_held(r->engine, (int)i, HELD_PRINTED, &lines);
	if (as_text) {
		buf_printf(b, "%s: %u held\n%s", r->sc->gates[i], held,
			   buf_str(&lines));
		return;
	}
	put_string(b, i ? ",{\"gate\":" : "{\"gate\":", r->sc->gates[i]);
	buf_printf(b, ",\"held\":%u,\"requests\":[", held);
	put_lines(b, buf_str(&lines));
	buf_puts(b, "]}");
}

void describe_gates(struct run *r, bool as_text, struct buf *out)
{
	auto_buf struct buf b = BUF_INIT;
	size_t i;

	for (i = 0; i < r->sc->n_gates; i++)
		put_gate(r, i, as_text, &b);
	if (as_text)
		say_text(out, &b);
	else
		buf_printf(out, "{\"ok\":true,\"gates\":[%s]}\n", buf_str(&b));
}

/* ---- rules ------------------------------------------------------------------- */

static void put_rule(struct run *r, size_t i, bool as_text, struct buf *b)
{
	const struct rule *rule = &r->sc->rules[i];
	unsigned applied = engine_rule_hits(r->engine, i);
	bool on = engine_rule_is_on(r->engine, i);

	if (as_text) {
		buf_printf(b, "%5u  %-3s  applied %u  %s\n", rule->loc.line,
			   on ? "on" : "off", applied, rule->text);
		return;
	}
	buf_printf(b, "%s{\"line\":%u", i ? "," : "", rule->loc.line);
	if (rule->name)
		put_string(b, ",\"name\":", rule->name);
	buf_printf(b, ",\"on\":%s,\"applied\":%u", on ? "true" : "false",
		   applied);
	put_string(b, ",\"text\":", rule->text);
	buf_addc(b, '}');
}

void describe_rules(struct run *r, bool as_text, struct buf *out)
{
	auto_buf struct buf b = BUF_INIT;
	size_t i;

	for (i = 0; i < r->sc->n_rules; i++)
		put_rule(r, i, as_text, &b);
	if (as_text)
		say_text(out, &b);
	else
		buf_printf(out, "{\"ok\":true,\"rules\":[%s]}\n", buf_str(&b));
}

/* ---- states ------------------------------------------------------------------ */

void describe_states(struct run *r, bool as_text, struct buf *out)
{
	const struct scenario *sc = r->sc;
	auto_buf struct buf b = BUF_INIT;
	size_t i;

	for (i = 0; i < sc->n_states; i++) {
		const char *name = sc->states[i].name;
		const char *word = sc->words[engine_state(r->engine, i)];

		if (as_text) {
			buf_printf(&b, "%s = %s\n", name, word);
			continue;
		}
		put_string(&b, i ? "," : "", name);
		put_string(&b, ":", word);
	}
	if (as_text)
		say_text(out, &b);
	else
		buf_printf(out, "{\"ok\":true,\"states\":{%s}}\n", buf_str(&b));
}

/* ---- statistics --------------------------------------------------------------- */

static void put_op(const struct op_stats *o, struct buf *b)
{
	put_string(b, "{\"op\":", o->op);
	buf_printf(b, ",\"count\":%" PRIu64 ",\"errors\":%" PRIu64
		   ",\"in_flight\":%" PRIu64 ",\"in\":%" PRIu64 ",\"out\":%" PRIu64
		   ",\"p50_ns\":%" PRIu64 ",\"p90_ns\":%" PRIu64
		   ",\"p99_ns\":%" PRIu64 ",\"max_ns\":%" PRIu64 "}",
		   o->count, o->errors, o->in_flight, o->in, o->out, o->p50_ns,
		   o->p90_ns, o->p99_ns, o->max_ns);
}

static void put_op_row(const struct op_stats *o, struct buf *b)
{
	buf_printf(b, "%-16s %10" PRIu64 " %8" PRIu64 " %8" PRIu64 " %12" PRIu64
		   " %12" PRIu64 " %10.1f %10.1f %10.1f %10.1f\n", o->op,
		   o->count, o->errors, o->in_flight, o->in, o->out,
		   (double)o->p50_ns / 1e3, (double)o->p90_ns / 1e3,
		   (double)o->p99_ns / 1e3, (double)o->max_ns / 1e3);
}

void describe_stats(struct run *r, const struct stats *stats, uint64_t start_ns,
		    bool as_text, struct buf *out)
{
	uint64_t ms = (clock_ns() - start_ns) / NS_PER_MS;
	auto_buf struct buf b = BUF_INIT;
	struct engine_load load;
	struct op_stats o;
	size_t i;

	engine_load(r->engine, 0, &load);
	if (as_text)
		buf_printf(&b, "%-16s %10s %8s %8s %12s %12s %10s %10s %10s "
			   "%10s\n", "operation", "count", "errors", "open",
			   "bytes in", "bytes out", "p50 us", "p90 us",
			   "p99 us", "max us");
	for (i = 0; !stats_get(stats, i, &o); i++) {
		if (as_text) {
			put_op_row(&o, &b);
			continue;
		}
		buf_puts(&b, i ? "," : "");
		put_op(&o, &b);
	}
	if (as_text) {
		say_text(out, &b);
		return;
	}
	buf_printf(out, "{\"ok\":true,\"ms\":%" PRIu64 ",\"events\":%zu,"
		   "\"open\":%" PRIu64 ",\"held\":%" PRIu64 ",\"delayed\":%" PRIu64
		   ",\"dropped\":%" PRIu64 ",\"operations\":[%s]}\n", ms,
		   evlog_count(r->log), load.open, load.held, load.delayed,
		   load.dropped, buf_str(&b));
}
