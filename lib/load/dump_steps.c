/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Steps and checks as YAML.  Pure functions. */
#include "config.h"

#include <inttypes.h>

#include "base/errnos.h"
#include "base/units.h"
#include "load/dump.h"

static void dump_pattern_pair(struct buf *b, const struct scenario *sc,
			      const char *before, const char *key,
			      const struct pattern *p)
{
	auto_buf struct buf t = BUF_INIT;

	dump_pattern(&t, sc, p);
	dump_pair(b, before, key, buf_str(&t));
}

/* ---- checks ------------------------------------------------------------- */

static void dump_patterns(struct buf *b, const struct scenario *sc,
			  const char *key, const struct check *c)
{
	auto_buf struct buf t = BUF_INIT;
	size_t i;

	buf_printf(b, "{%s: [", key);
	for (i = 0; i < c->n_patterns; i++) {
		buf_clear(&t);
		dump_pattern(&t, sc, &c->patterns[i]);
		buf_puts(b, i ? ", " : "");
		dump_scalar(b, buf_str(&t));
	}
	buf_addc(b, ']');
}

static void dump_bounds(struct buf *b, const struct check *c, const char *unit)
{
	buf_printf(b, ", min: %" PRIu64 "%s", c->min, unit);
	if (c->max != UINT64_MAX)
		buf_printf(b, ", max: %" PRIu64 "%s", c->max, unit);
}

static void dump_file_check(struct buf *b, const struct scenario *sc,
			    const struct check *c)
{
	auto_buf struct buf t = BUF_INIT;

	dump_file(&t, sc, &c->file);
	dump_pair(b, "{", "file", buf_str(&t));
	if (c->has_size)
		dump_number(b, ", ", "size", c->size);
	dump_number(b, ", ", "at", c->at);
	if (!c->has_data)
		return;
	buf_clear(&t);
	dump_data(&t, &c->data);
	dump_pair(b, ", ", "data", buf_str(&t));
}

void dump_check(struct buf *b, const struct scenario *sc, const struct check *c)
{
	switch (c->kind) {
	case CHECK_ORDER:
		dump_patterns(b, sc, "order", c);
		break;
	case CHECK_BEFORE:
		dump_patterns(b, sc, "before", c);
		break;
	case CHECK_COUNT:
		dump_pattern_pair(b, sc, "{", "count", &c->patterns[0]);
		dump_bounds(b, c, "");
		break;
	case CHECK_NEVER:
		dump_pattern_pair(b, sc, "{", "never", &c->patterns[0]);
		break;
	case CHECK_TOGETHER:
		dump_pattern_pair(b, sc, "{", "together", &c->patterns[0]);
		dump_bounds(b, c, "");
		break;
	case CHECK_BETWEEN:
		dump_patterns(b, sc, "between", c);
		dump_bounds(b, c, "ns");
		break;
	case CHECK_FILE:
		dump_file_check(b, sc, c);
		break;
	case CHECK_KERNEL:
		buf_printf(b, "{kernel: %s, returns: %" PRId64, c->function,
			   c->returns);
		break;
	}
	buf_addc(b, '}');
}

/* ---- steps -------------------------------------------------------------- */

static void dump_timeout(struct buf *b, const struct step *s)
{
	if (s->timeout_ns)
		buf_printf(b, ", timeout: %" PRIu64 "ns", s->timeout_ns);
}

static void dump_call_step(struct buf *b, const struct scenario *sc,
			   const struct step *s)
{
	auto_buf struct buf t = BUF_INIT;

	if (s->kind == STEP_CALL) {
		dump_call(&t, sc, &s->call);
	} else {
		buf_puts(&t, "...");
		dump_expectation(&t, s->call.call, &s->call.expect);
	}
	dump_pair(b, "", sc->actors[s->call.actor].name, buf_str(&t));
}

static void dump_held(struct buf *b, const struct scenario *sc,
		      const struct step *s)
{
	buf_printf(b, "held: {gate: %s, %s: %" PRIu64, sc->gates[s->gate],
		   s->max == s->min ? "count" : "min", s->min);
	dump_timeout(b, s);
	buf_addc(b, '}');
}

static const char *subject_name(const struct scenario *sc,
				const struct subject *who)
{
	return who->actor != NONE ? sc->actors[who->actor].name :
	       sc->notes[who->note];
}

static void dump_blocked(struct buf *b, const struct scenario *sc,
			 const struct step *s)
{
	size_t i, j;

	buf_puts(b, "blocked: {");
	for (i = 0; i < s->n_subjects; i++) {
		const struct subject *who = &s->subjects[i];

		buf_printf(b, "%s%s: [", i ? ", " : "", subject_name(sc, who));
		for (j = 0; j < who->n_in; j++)
			buf_printf(b, "%s%s", j ? ", " : "", who->in[j]);
		buf_addc(b, ']');
	}
	dump_timeout(b, s);
	buf_addc(b, '}');
}

static void dump_lock(struct buf *b, const struct scenario *sc,
		      const struct step *s)
{
	size_t i;

	buf_puts(b, "lock: {calls: [");
	for (i = 0; i < s->n_subjects; i++)
		buf_printf(b, "%s%s", i ? ", " : "",
			   subject_name(sc, &s->subjects[i]));
	buf_printf(b, "], is: %s",
		   s->lock == LOCK_SHARED ? "shared" : "exclusive");
	dump_timeout(b, s);
	buf_addc(b, '}');
}

static void dump_wait(struct buf *b, const struct scenario *sc,
		      const struct step *s)
{
	buf_puts(b, "wait: {");
	dump_pattern_pair(b, sc, "", "for", &s->match);
	dump_number(b, ", ", "count", s->min);
	dump_timeout(b, s);
	buf_addc(b, '}');
}

static void dump_which(struct buf *b, const struct scenario *sc,
		       const struct step *s)
{
	if (s->nth)
		dump_number(b, ", ", "nth", s->nth);
	if (s->has_match)
		dump_pattern_pair(b, sc, ", ", "only", &s->match);
}

static void dump_release(struct buf *b, const struct scenario *sc,
			 const struct step *s)
{
	buf_printf(b, "release: {gate: %s", sc->gates[s->gate]);
	if (s->open)
		buf_puts(b, ", until: done");
	else if (s->max == COUNT_ALL)
		buf_puts(b, ", count: all");
	else
		dump_number(b, ", ", "count", s->max);
	dump_which(b, sc, s);
	dump_timeout(b, s);
	buf_addc(b, '}');
}

static void dump_answer(struct buf *b, const struct scenario *sc,
			const struct step *s)
{
	buf_printf(b, "answer: {gate: %s", sc->gates[s->gate]);
	dump_which(b, sc, s);
	dump_reply_keys(b, sc, &s->reply, ", ");
	dump_timeout(b, s);
	buf_addc(b, '}');
}

/* The notification's mapping, with one more key. */
static void dump_notify_step(struct buf *b, const struct scenario *sc,
			     const struct step *s)
{
	buf_puts(b, "notify: ");
	dump_notify(b, sc, &s->notify, false);
	if (!s->timeout_ns)
		return;
	b->len--;
	dump_timeout(b, s);
	buf_addc(b, '}');
}

static void dump_done(struct buf *b, const struct scenario *sc,
		      const struct step *s)
{
	buf_printf(b, "done: {%s: ", sc->notes[s->note]);
	dump_error(b, s->error);
	dump_timeout(b, s);
	buf_addc(b, '}');
}

static void dump_mount_step(struct buf *b, const struct scenario *sc,
			    const struct step *s)
{
	const struct keyword *k;

	for (k = step_keywords; k->kind != (int)s->kind; k++)
		;
	dump_pair(b, "", k->name, sc->mounts[s->mount].name);
}

static void dump_quiet(struct buf *b, const struct scenario *sc,
		       const struct step *s)
{
	(void)sc;
	(void)s;
	buf_puts(b, "quiet");
}

static void dump_close(struct buf *b, const struct scenario *sc,
		       const struct step *s)
{
	dump_pair(b, "", "close", sc->gates[s->gate]);
}

static void dump_signal(struct buf *b, const struct scenario *sc,
			const struct step *s)
{
	buf_printf(b, "signal: {%s: %s}", sc->actors[s->actor].name,
		   signal_name(s->signal));
}

static void dump_set(struct buf *b, const struct scenario *sc,
		     const struct step *s)
{
	buf_puts(b, "set: ");
	dump_assigns(b, sc, s->set, s->n_set);
}

static void dump_check_step(struct buf *b, const struct scenario *sc,
			    const struct step *s)
{
	buf_puts(b, "check: ");
	dump_check(b, sc, &s->check);
}

static void dump_pause(struct buf *b, const struct scenario *sc,
		       const struct step *s)
{
	(void)sc;
	buf_puts(b, "pause: ");
	print_time(b, s->pause_ns);
}

/* "- [call, call]", or the only call of a way. */
static void dump_way(struct buf *b, const struct scenario *sc,
		     const struct stress_way *way)
{
	auto_buf struct buf t = BUF_INIT;
	size_t i;

	buf_puts(b, way->n_calls > 1 ? "[" : "");
	for (i = 0; i < way->n_calls; i++) {
		buf_clear(&t);
		dump_call(&t, sc, &way->calls[i].use);
		buf_puts(b, i ? ", " : "");
		dump_scalar(b, buf_str(&t));
	}
	buf_puts(b, way->n_calls > 1 ? "]" : "");
}

static void dump_turn(struct buf *b, const struct scenario *sc,
		      const struct stress_turn *turn)
{
	size_t i;

	buf_puts(b, turn->n_ways > 1 ? "{any: [" : "");
	for (i = 0; i < turn->n_ways; i++) {
		buf_puts(b, i ? ", " : "");
		dump_way(b, sc, &turn->ways[i]);
	}
	buf_puts(b, turn->n_ways > 1 ? "]}" : "");
}

static void dump_stress(struct buf *b, const struct scenario *sc,
			const struct step *s)
{
	const struct stress *st = s->stress;
	size_t i, t;

	buf_printf(b, "stress: {rounds: %" PRIu64 ", time: %" PRIu64 "ns, "
		   "overlaps: %" PRIu64, st->rounds, st->time_ns, st->overlaps);
	dump_timeout(b, s);
	for (i = 0; i < st->n_parts; i++) {
		const struct stress_part *part = &st->parts[i];

		buf_printf(b, ", %s: [", sc->actors[part->actor].name);
		for (t = 0; t < part->n_turns; t++) {
			buf_puts(b, t ? ", " : "");
			dump_turn(b, sc, &part->turns[t]);
		}
		buf_addc(b, ']');
	}
	buf_addc(b, '}');
}

static void (*const dumps[])(struct buf *b, const struct scenario *sc,
			     const struct step *s) = {
	[STEP_CALL] = dump_call_step,
	[STEP_RESULT] = dump_call_step,
	[STEP_HELD] = dump_held,
	[STEP_BLOCKED] = dump_blocked,
	[STEP_QUIET] = dump_quiet,
	[STEP_LOCK] = dump_lock,
	[STEP_WAIT] = dump_wait,
	[STEP_RELEASE] = dump_release,
	[STEP_CLOSE] = dump_close,
	[STEP_ANSWER] = dump_answer,
	[STEP_NOTIFY] = dump_notify_step,
	[STEP_DONE] = dump_done,
	[STEP_SIGNAL] = dump_signal,
	[STEP_SET] = dump_set,
	[STEP_CHECK] = dump_check_step,
	[STEP_ABORT] = dump_mount_step,
	[STEP_DIE] = dump_mount_step,
	[STEP_UMOUNT] = dump_mount_step,
	[STEP_STALL] = dump_mount_step,
	[STEP_RESUME] = dump_mount_step,
	[STEP_STRESS] = dump_stress,
	[STEP_PAUSE] = dump_pause,
};

void dump_step(struct buf *b, const struct scenario *sc, const struct step *s)
{
	dumps[s->kind](b, sc, s);
}
