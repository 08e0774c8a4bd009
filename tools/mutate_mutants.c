/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes each kind of expectation wrong.  A change must leave the acts of the
 * script alone, so that nothing but the expectation can fail.  Where there is a
 * choice, the change is one that an expectation survives if it means nothing.
 * One thread at a time.
 */
#include "config.h"

#include "tools/mutate_mutants.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "act/actors.h"
#include "base/units.h"

#define MANY		(1u << 20)		/* more than a gate ever holds */
#define BLOCKED_NS	(200 * NS_PER_MS)	/* for a proof that cannot come */
#define EXPAND_MAX	(1u << 20)

/* What is being built. */
struct maker {
	struct mutants *ms;
	struct scenario *sc;
	const struct mutant_sight *sight;
};

static struct mutant mutant(struct loc loc, const char *flip)
{
	return (struct mutant){ .loc = loc, .flip = flip };
}

static void add_change(struct maker *mk, struct mutant *m, void *at,
		       const void *other, size_t len)
{
	if (m->n_changes == MUTANT_CHANGES)
		die_bug("a mutant of more than %d changes", MUTANT_CHANGES);
	m->changes[m->n_changes++] = (struct change){
		at, arena_memdup(mk->ms->arena, other, len), len,
	};
}

#define SET(mk, m, lvalue, value)					\
	add_change(mk, m, &(lvalue), &(__typeof__(lvalue)){ value },	\
		   sizeof(lvalue))

static void keep(struct maker *mk, const struct mutant *m)
{
	ARENA_PUSH(mk->ms->arena, mk->ms->at, mk->ms->n, *m);
}

/* ---- values ---------------------------------------------------------------- */

static int other_errno(const struct expectation *e)
{
	static const int others[] = { EXDEV, ENOTUNIQ, ENOANO, EBADSLT, EL2HLT };
	size_t i, k;

	for (i = 0; i < ARRAY_SIZE(others); i++) {
		for (k = 0; k < ARRAY_SIZE(e->errnos); k++)
			if (e->errnos[k] == others[i])
				break;
		if (k == ARRAY_SIZE(e->errnos))
			break;
	}
	return others[i];
}

static void flip_errno(struct maker *mk, struct loc loc, const char *flip,
		       int *error)
{
	struct mutant m = mutant(loc, flip);

	SET(mk, &m, *error, *error ? 0 : ENOENT);
	keep(mk, &m);
}

/* Changes the last byte; in very long data, one byte in each period. */
static void flip_data(struct maker *mk, struct loc loc, struct data_spec *d,
		      uint8_t letter)
{
	struct mutant m = mutant(loc, "data");
	size_t len = d->len <= EXPAND_MAX ? d->len : d->period ? d->period : 1;
	uint8_t *p = arena_alloc(mk->ms->arena, len + 1);
	size_t i;

	for (i = 0; i < len; i++)
		p[i] = data_at(d, i, letter);
	if (len)
		p[len - 1] ^= 1;
	SET(mk, &m, d->p, p);
	SET(mk, &m, d->period, len ? len : 1);
	SET(mk, &m, d->len, len ? d->len : 1);
	SET(mk, &m, d->next, NULL);
	keep(mk, &m);
}

static void flip_field(struct maker *mk, struct loc loc, const struct call *call,
		       struct field_expect *fe)
{
	const char *flip = arena_printf(mk->ms->arena, "field-%s",
					call->fields[fe->field].name);
	struct mutant m = mutant(loc, flip);
	uint64_t width = fe->hi - fe->lo;
	bool above = fe->hi <= UINT64_MAX - width - 1;

	/* "0.." means nothing, so there is nothing to change, and it
	 * survives. */
	if (above || fe->lo) {
		SET(mk, &m, fe->lo, above ? fe->hi : 0);
		SET(mk, &m, fe->hi, above ? fe->hi + width : fe->lo);
	}
	keep(mk, &m);
}

static void flip_names(struct maker *mk, struct expectation *e)
{
	struct mutant m = mutant(e->loc, "names+1");
	const char **names = ARENA_ARRAY(mk->ms->arena, const char *,
					 e->n_names + 1);

	if (e->n_names)
		memcpy(names, e->names, e->n_names * sizeof(*names));
	names[e->n_names] = "no-such-name";
	SET(mk, &m, e->names, names);
	SET(mk, &m, e->n_names, e->n_names + 1);
	keep(mk, &m);
}

/* ---- results of calls --------------------------------------------------------- */

static void flip_value(struct maker *mk, struct mutant *m, struct expectation *e)
{
	bool above = e->hi < INT64_MAX / 2;
	int64_t width = above ? e->hi - e->lo + 1 : 0;

	SET(mk, m, e->lo, above ? e->lo + width : INT64_MIN);
	SET(mk, m, e->hi, above ? e->hi + width : e->lo - 1);
}

/* Where several results are right, the mutant accepts none of them. */
static void flip_all(struct maker *mk, struct loc loc, struct expectation *e)
{
	struct mutant m = mutant(loc, "none");

	SET(mk, &m, e->kind, EXPECT_KILLED);
	SET(mk, &m, e->alt, NULL);
	keep(mk, &m);
}

static void flip_trend(struct maker *mk, struct loc loc, struct expectation *e)
{
	struct mutant m = mutant(loc, "trend");
	SET(mk, &m, e->trend, e->trend == TREND_GROWS ? TREND_SHRINKS :
	    TREND_GROWS);
	keep(mk, &m);
}

/* The mutant expects multiples of an odd number, which few results are. */
static void flip_step_of(struct maker *mk, struct loc loc, struct expectation *e)
{
	struct mutant m = mutant(loc, "step");
	SET(mk, &m, e->step, e->step * 5 + 1);
	SET(mk, &m, e->lo, e->lo + 1);
	keep(mk, &m);
}

static void flip_kind(struct maker *mk, struct loc loc, struct expectation *e)
{
	static const int eio[ARRAY_SIZE(e->errnos)] = { EIO };
	struct mutant m = mutant(loc, "value");

	switch (e->kind) {
	case EXPECT_OK:
		m.flip = "success";
		SET(mk, &m, e->kind, EXPECT_ERRNO);
		add_change(mk, &m, e->errnos, eio, sizeof(eio));
		break;
	case EXPECT_ANY:
		return;
	case EXPECT_VALUE:
		flip_value(mk, &m, e);
		break;
	case EXPECT_ERRNO:
		m.flip = "errno";
		if (e->errnos[0])
			SET(mk, &m, e->errnos[0], other_errno(e));
		else
			SET(mk, &m, e->kind, EXPECT_OK);
		/* all of several */
		if (e->errnos[0] && e->errnos[1])
			SET(mk, &m, e->errnos[1], 0);
		break;
	case EXPECT_SIGNAL:
		m.flip = "signal";
		SET(mk, &m, e->signal, e->signal == SIGBUS ? SIGSEGV : SIGBUS);
		break;
	case EXPECT_KILLED:
		m.flip = "killed";
		SET(mk, &m, e->kind, EXPECT_OK);
		break;
	}
	keep(mk, &m);
}

/* e is the expectation of a call by that actor.  loc is where messages point if
 * there is no better place. */
static void flip_expectation(struct maker *mk, struct expectation *e,
			     const struct call *call, int actor, struct loc loc)
{
	size_t i;

	if (e->loc.line)
		loc = e->loc;
	if (e->alt) {
		flip_all(mk, loc, e);
		return;
	}
	if (e->trend)
		flip_trend(mk, loc, e);
	else
		flip_kind(mk, loc, e);
	if (e->step)
		flip_step_of(mk, loc, e);
	if (e->kind != EXPECT_OK && e->kind != EXPECT_VALUE)
		return;
	if (e->has_data)
		flip_data(mk, loc, &e->data, actor_letter(mk->sc, actor));
	for (i = 0; i < e->n_fields; i++)
		if (!e->trend || e->trend_field != e->fields[i].field)
			flip_field(mk, loc, call, &e->fields[i]);
	if (e->has_names)
		flip_names(mk, e);
}

/* ---- steps ------------------------------------------------------------------------ */

static void flip_held(struct maker *mk, struct step *step)
{
	bool exactly = step->held.min == step->held.max;
	struct mutant m = mutant(step->loc, exactly ? "held+1" : "held-min");

	SET(mk, &m, step->held.min, exactly ? step->held.min + 1 : MANY);
	if (exactly)
		SET(mk, &m, step->held.max, step->held.max + 1);
	keep(mk, &m);
}

/* Nothing can be blocked in a function that does not exist. */
static void flip_blocked(struct maker *mk, struct step *step, struct subject *who)
{
	static const char *nowhere[] = { "no_such_function" };
	struct mutant m = mutant(who->loc.line ? who->loc : step->loc, "blocked");

	if (!mk->sight->stacks)
		return;
	SET(mk, &m, who->in, nowhere);
	SET(mk, &m, who->n_in, 1);
	SET(mk, &m, step->timeout_ns, BLOCKED_NS);
	keep(mk, &m);
}

static void flip_lock(struct maker *mk, struct step *step)
{
	struct mutant m = mutant(step->loc, "inode_lock");

	SET(mk, &m, step->inode_lock.mode, step->inode_lock.mode == LOCK_SHARED ?
	    LOCK_EXCLUSIVE : LOCK_SHARED);
	keep(mk, &m);
}

static void flip_release(struct maker *mk, struct step *step)
{
	struct mutant m = mutant(step->loc, "release+1");
	struct release_step *rel = &step->release;

	if (rel->open || rel->which.nth || rel->max == COUNT_ALL)
		return;
	m.acts = true;
	SET(mk, &m, rel->max, rel->max + 1);
	keep(mk, &m);
}

static void flip_backing(struct maker *mk, struct reply_spec *r)
{
	struct mutant m = mutant(r->loc, "expect-backing");

	if (!r->has_expect_backing)
		return;
	SET(mk, &m, r->expect_backing, r->expect_backing == EXDEV ? EIO : EXDEV);
	keep(mk, &m);
}

static void flip_write(struct maker *mk, struct reply_spec *r)
{
	struct mutant m = mutant(r->loc, "expect-write");

	if (r->expect_write <= 0)
		return;
	SET(mk, &m, r->expect_write, r->expect_write == EXDEV ? EIO : EXDEV);
	keep(mk, &m);
}

/* ---- checks ------------------------------------------------------------------------- */

static void flip_limits(struct maker *mk, struct check *c, const char *flip,
			uint64_t min, uint64_t max)
{
	struct mutant m = mutant(c->loc, flip);

	SET(mk, &m, c->min, min);
	SET(mk, &m, c->max, max);
	keep(mk, &m);
}

/* Takes the numbers just outside.  If no event comes near a "max", that makes
 * it no wrong one.  Then it has to notice that there is any event at all. */
static void flip_number(struct maker *mk, struct check *c)
{
	if (c->min == c->max) {
		flip_limits(mk, c, "is+1", c->min + 1, c->max + 1);
		return;
	}
	if (c->min)
		flip_limits(mk, c, "min", 0, c->min - 1);
	if (c->max != UINT64_MAX)
		flip_limits(mk, c, "max", c->max + 1, UINT64_MAX);
	else if (!c->min)	/* it means nothing, and survives */
		flip_limits(mk, c, "min", c->min, c->max);
	if (c->max != UINT64_MAX && !c->min && c->kind != CHECK_ELAPSED)
		flip_limits(mk, c, "max-0", 0, 0);
}

static void flip_order(struct maker *mk, struct check *c)
{
	struct pattern pair[2];
	size_t i;

	for (i = 0; i + 1 < c->n_patterns; i++) {
		const char *flip = arena_printf(mk->ms->arena, "swap-%zu", i + 1);
		struct mutant m = mutant(c->loc, flip);

		if (!strcmp(c->patterns[i].text, c->patterns[i + 1].text))
			continue;
		pair[0] = c->patterns[i + 1];
		pair[1] = c->patterns[i];
		add_change(mk, &m, &c->patterns[i], pair, sizeof(pair));
		keep(mk, &m);
	}
}

static void flip_never(struct maker *mk, struct check *c)
{
	struct mutant m = mutant(c->loc, "never");

	SET(mk, &m, c->kind, CHECK_COUNT);
	SET(mk, &m, c->min, 1);
	SET(mk, &m, c->max, UINT64_MAX);
	keep(mk, &m);
}

static void flip_values(struct maker *mk, struct check *c)
{
	bool same = c->kind == CHECK_SAME;
	struct mutant m = mutant(c->loc, same ? "differ" : "same");

	SET(mk, &m, c->kind, same ? CHECK_DIFFER : CHECK_SAME);
	keep(mk, &m);
}

static void flip_file(struct maker *mk, struct check *c)
{
	struct file_check *f = &c->file;
	struct mutant m = mutant(c->loc, f->has_size ? "size+1" : "exists");

	if (f->has_data)
		flip_data(mk, c->loc, &f->data, 0);
	if (f->has_size)
		SET(mk, &m, f->size, f->size + 1);
	else if (!f->has_data)
		SET(mk, &m, f->file.path, "/no-such-file");
	if (m.n_changes)
		keep(mk, &m);
}

static void flip_returns(struct maker *mk, struct check *c)
{
	struct mutant m = mutant(c->loc, "returns");

	if (!mk->sight->tracing)
		return;
	SET(mk, &m, c->kernel.returns, c->kernel.returns + 1);
	keep(mk, &m);
}

static void flip_check(struct maker *mk, struct check *c)
{
	switch (c->kind) {
	case CHECK_ORDER:
	case CHECK_BEFORE:
		flip_order(mk, c);
		break;
	case CHECK_COUNT:
	case CHECK_MAX_IN_FLIGHT:
	case CHECK_ELAPSED:
		flip_number(mk, c);
		break;
	case CHECK_NEVER:
		flip_never(mk, c);
		break;
	case CHECK_SAME:
	case CHECK_DIFFER:
		flip_values(mk, c);
		break;
	case CHECK_FILE:
		flip_file(mk, c);
		break;
	case CHECK_KERNEL:
		flip_returns(mk, c);
		break;
	}
}

/* ---- the whole ------------------------------------------------------------------------ */

static void flip_stress(struct maker *mk, struct step *step)
{
	struct stress *st = step->stress;
	struct mutant m = mutant(step->loc, "overlaps");
	size_t first, i;

	if (st->overlaps) {
		SET(mk, &m, st->overlaps, UINT64_MAX);
		keep(mk, &m);
	}
	first = mk->ms->n;
	for (i = 0; i < st->n_sites; i++) {
		struct call_use *use = &st->sites[i]->use;

		flip_expectation(mk, &use->expect, use->call, use->actor, step->loc);
	}
	for (i = first; i < mk->ms->n; i++)
		mk->ms->at[i].by_chance = true;
}

static void flip_explore(struct maker *mk, struct explore *ex)
{
	size_t i, k;

	for (i = 0; i < ex->n_parts; i++)
		for (k = 0; k < ex->parts[i].n_calls; k++) {
			struct step *call = &ex->parts[i].calls[k];

			flip_expectation(mk, &call->call.expect, call->call.call,
					 call->call.actor, call->loc);
		}
}

static void flip_step(struct maker *mk, struct step *step)
{
	struct call_use *use = &step->call;
	struct result_step *result = &step->result;
	size_t i;

	switch (step->kind) {
	case STEP_CALL:
		if (!use->async)
			flip_expectation(mk, &use->expect, use->call, use->actor,
					 step->loc);
		break;
	case STEP_RESULT:
		flip_expectation(mk, &result->expect, result->call, result->actor,
				 step->loc);
		break;
	case STEP_STRESS:
		flip_stress(mk, step);
		break;
	case STEP_EXPLORE:
		flip_explore(mk, step->explore);
		break;
	case STEP_HELD:
		flip_held(mk, step);
		break;
	case STEP_BLOCKED:
		for (i = 0; i < step->blocked.n; i++)
			flip_blocked(mk, step, &step->blocked.list[i]);
		break;
	case STEP_INODE_LOCK:
		flip_lock(mk, step);
		break;
	case STEP_RELEASE:
		flip_release(mk, step);
		break;
	case STEP_ANSWER:
		flip_write(mk, &step->answer.reply);
		flip_backing(mk, &step->answer.reply);
		break;
	case STEP_NOTIFY:
		if (step->notify.wait || step->notify.expect)
			flip_errno(mk, step->loc, "notify", &step->notify.expect);
		break;
	case STEP_NOTIFIED:
		flip_errno(mk, step->loc, "notified", &step->notified.error);
		break;
	case STEP_MOUNTED:
		flip_errno(mk, step->loc, "mounted", &step->mounted.error);
		break;
	case STEP_CONTROL:
		flip_errno(mk, step->loc, "control", &step->control.result);
		break;
	case STEP_DEVICE:
		flip_errno(mk, step->loc, "device", &step->device.result);
		break;
	case STEP_RING:
		flip_errno(mk, step->loc, "ring", &step->ring.result);
		break;
	case STEP_CHECK:
		flip_check(mk, &step->check);
		break;
	case STEP_QUIET: case STEP_WAIT: case STEP_REARM: case STEP_SIGNAL: case STEP_SERVER:
	case STEP_SET: case STEP_ABORT: case STEP_DIE: case STEP_UMOUNT:
	case STEP_FREEZE: case STEP_FROZEN: case STEP_THAW:
	case STEP_STALL: case STEP_RESUME: case STEP_SLEEP: case STEP_EVICT:
		break;
	}
}

static void flip_steps(struct maker *mk)
{
	size_t i;

	for (i = 0; i < mk->sc->n_steps; i++)
		flip_step(mk, &mk->sc->steps[i]);
}

/* The return of a rule's notification is expected only where the scenario has
 * it. */
static void flip_notes(struct maker *mk, struct notify_spec *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (list[i].expect)
			flip_errno(mk, list[i].loc, "notify", &list[i].expect);
}

/* A rule with a typo in its path matches nothing.  That has to be noticed,
 * whether it changes the verdict or not. */
static void flip_path(struct maker *mk, struct rule *r)
{
	struct mutant m = mutant(r->loc, "path");

	if (!r->file.path || !*r->file.path)
		return;
	m.acts = true;
	m.is_unused = true;
	SET(mk, &m, r->file.path, "/no-such-path");
	keep(mk, &m);
}

static void flip_rules(struct maker *mk)
{
	size_t i;

	for (i = 0; i < mk->sc->n_rules; i++) {
		struct rule *r = &mk->sc->rules[i];

		flip_path(mk, r);
		flip_write(mk, &r->reply);
		flip_write(mk, &r->answer);
		flip_backing(mk, &r->reply);
		flip_backing(mk, &r->answer);
		flip_notes(mk, r->notify_before, r->n_notify_before);
		flip_notes(mk, r->notify_after, r->n_notify_after);
	}
}

void mutants_init(struct mutants *out, struct scenario *sc,
		  const struct mutant_sight *sight)
{
	struct maker mk = { out, sc, sight };
	size_t i;

	*out = (struct mutants){ .arena = arena_new() };
	flip_rules(&mk);
	flip_steps(&mk);
	for (i = 0; i < sc->n_expect; i++)
		flip_check(&mk, &sc->expect[i]);
}

void mutants_fini(struct mutants *ms)
{
	arena_free(ms->arena);
	*ms = (struct mutants){ 0 };
}

void mutant_swap(const struct mutant *m)
{
	unsigned i;
	size_t k;

	for (i = 0; i < m->n_changes; i++) {
		unsigned char *a = m->changes[i].at, *b = m->changes[i].other;

		for (k = 0; k < m->changes[i].len; k++) {
			unsigned char c = a[k];

			a[k] = b[k];
			b[k] = c;
		}
	}
}
