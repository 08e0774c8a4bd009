/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One watch per function, however many checks name it.  Records wait in the
 * kernel until the conductor comes for them, so that they get their numbers
 * late; the log puts them where their times say (engine/evlog.h).
 */
#include "config.h"

#include "run/conduct/returns.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/errnos.h"
#include "engine/print.h"
#include "trace/fexit.h"

#define VALUES_MAX	8	/* different ones told apart */
#define NO_CALL		"no call of it was seen"

struct watch {
	const char *function;
	int number;		/* fexit's; NONE: why not */
	char *why;
};

struct returns {
	struct evlog *log;
	struct fexit *fexit;	/* NULL: nothing can be watched */
	struct watch *watches;
	size_t n;
	bool lost;		/* some returns are not in the log */
};

/* ---- watching ------------------------------------------------------------------ */

static const struct watch *find_watch(const struct returns *w, const char *function)
{
	size_t i;

	for (i = 0; i < w->n; i++)
		if (strcmp(w->watches[i].function, function) == 0)
			return &w->watches[i];
	return NULL;
}

static void add_check(struct returns *w, const struct check *c)
{
	if (c->kind != CHECK_KERNEL || find_watch(w, c->kernel.function))
		return;
	w->watches = xrealloc(w->watches, (w->n + 1) * sizeof(*w->watches));
	w->watches[w->n++] = (struct watch){ c->kernel.function, NONE, NULL };
}

static void add_checks(struct returns *w, const struct scenario *sc)
{
	size_t i;

	for (i = 0; i < sc->n_steps; i++)
		if (sc->steps[i].kind == STEP_CHECK)
			add_check(w, &sc->steps[i].check);
	for (i = 0; i < sc->n_expect; i++)
		add_check(w, &sc->expect[i]);
}

static char *say_why(const struct fexit_error *e)
{
	const char *name = e->err ? errno_name(e->err) : NULL;
	struct buf b = BUF_INIT;

	buf_puts(&b, e->what);
	if (name)
		buf_printf(&b, ": %s", name);
	else if (e->err)
		buf_printf(&b, ": errno %d", e->err);
	if (e->complaint[0])
		buf_printf(&b, " (%s)", e->complaint);
	return buf_steal(&b);
}

static void note_unseen(struct returns *w, const struct watch *one)
{
	auto_free char *text = xasprintf("%s is not seen: %s", one->function,
					 one->why);
	struct event ev = event_of(EV_INFO);

	ev.text = text;
	evlog_add(w->log, &ev);
}

static void attach(struct returns *w)
{
	struct fexit_error e;
	size_t i;

	w->fexit = fexit_new(&e);
	for (i = 0; i < w->n; i++) {
		struct watch *one = &w->watches[i];

		if (w->fexit)
			one->number = fexit_attach(w->fexit, one->function, &e);
		if (one->number != NONE)
			continue;
		one->why = say_why(&e);
		note_unseen(w, one);
	}
}

struct returns *returns_watch(const struct scenario *sc, struct evlog *log)
{
	struct returns *w = xcalloc(1, sizeof(*w));

	w->log = log;
	add_checks(w, sc);
	if (!w->n) {
		returns_free(w);
		return NULL;
	}
	attach(w);
	return w;
}

char *returns_missing(const struct returns *w)
{
	size_t i;

	for (i = 0; w && i < w->n; i++)
		if (w->watches[i].why)
			return xasprintf("%s is not seen: %s", w->watches[i].function,
					 w->watches[i].why);
	return NULL;
}

void returns_free(struct returns *w)
{
	size_t i;

	if (!w)
		return;
	fexit_free(w->fexit);
	for (i = 0; i < w->n; i++)
		free(w->watches[i].why);
	free(w->watches);
	free(w);
}

/* ---- collecting ---------------------------------------------------------------- */

/* Threads are numbered here as in the initial pid namespace, or nobody is
 * recognized. */
static int actor_of(const struct scenario *sc, struct actors *as, pid_t tid)
{
	struct actor_look look;
	size_t i;

	for (i = 0; i < sc->n_actors; i++) {
		actor_look(as, (int)i, &look);
		if (look.tid == tid)
			return (int)i;
	}
	return NONE;
}

static const char *function_of(const struct returns *w, unsigned number)
{
	size_t i;

	for (i = 0; i < w->n; i++)
		if (w->watches[i].number == (int)number)
			return w->watches[i].function;
	return "?";
}

void returns_collect(struct returns *w, const struct scenario *sc,
		     struct actors *as)
{
	struct fexit_return *items;
	bool lost;
	size_t n, i;

	if (!w || !w->fexit)
		return;
	items = fexit_drain(w->fexit, &n, &lost);
	w->lost |= lost;
	for (i = 0; i < n; i++) {
		struct event ev = event_of(EV_KERNEL_RETURN);

		ev.at_ns = items[i].at_ns;
		ev.actor = actor_of(sc, as, items[i].tid);
		ev.pid = (uint32_t)items[i].tid;
		ev.text = function_of(w, items[i].function);
		ev.value = items[i].value;
		evlog_add(w->log, &ev);
	}
	free(items);
}

/* ---- judging --------------------------------------------------------------------- */

struct tally {
	struct { int64_t value; size_t times; } values[VALUES_MAX];
	size_t n, others;
	uint64_t last_seq;
};

static void count_value(struct tally *t, int64_t value)
{
	size_t i;

	for (i = 0; i < t->n && t->values[i].value != value; i++)
		;
	if (i == VALUES_MAX) {
		t->others++;
		return;
	}
	t->values[i].value = value;
	t->values[i].times++;
	t->n += i == t->n;
}

/* "returned 0 (3 times), -EBUSY (once)" */
static char *say_tally(const struct tally *t)
{
	struct buf b = BUF_INIT;
	size_t i;

	for (i = 0; i < t->n; i++) {
		buf_puts(&b, i ? ", " : "returned ");
		print_kernel_value(&b, t->values[i].value);
		if (t->values[i].times == 1)
			buf_puts(&b, " (once)");
		else
			buf_printf(&b, " (%zu times)", t->values[i].times);
	}
	if (t->others)
		buf_printf(&b, ", other values (%zu times)", t->others);
	return buf_steal(&b);
}

static char *say_expected(const struct check *c)
{
	struct buf b = BUF_INIT;

	buf_printf(&b, "%s returns ", c->kernel.function);
	print_kernel_value(&b, c->kernel.returns);
	return buf_steal(&b);
}

bool returns_hold(const struct event *const *events, size_t n,
		  const struct check *c, struct finding *out)
{
	struct tally t = { .n = 0 };
	size_t i;

	for (i = 0; i < n; i++) {
		const struct event *ev = events[i];

		if (ev->kind != EV_KERNEL_RETURN || ev->teardown ||
		    strcmp(ev->text, c->kernel.function) != 0)
			continue;
		if (ev->value == c->kernel.returns)
			return true;
		count_value(&t, ev->value);
		t.last_seq = ev->seq;
	}
	*out = (struct finding){
		.expected = say_expected(c),
		.actual = t.n ? say_tally(&t) : xstrdup(NO_CALL),
		.at_seq = t.last_seq,
	};
	return false;
}

enum judgement returns_judge(const struct returns *w, const struct check *c,
			     bool must_see, struct finding *out, char **why)
{
	const struct watch *one = find_watch(w, c->kernel.function);
	const struct event **events;
	size_t n;
	bool holds;

	if (one->why) {
		*why = xstrdup(one->why);
		return CANNOT_SAY;
	}
	events = evlog_sorted(w->log, &n);
	holds = returns_hold(events, n, c, out);
	free(events);
	if (holds)
		return HOLDS;
	if (w->lost)
		*why = xstrdup("it returned more often than could be recorded");
	else if (!out->at_seq && !must_see)
		*why = xstrdup(NO_CALL);	/* its caller may have inlined it */
	if (!*why)
		return HOLDS_NOT;
	finding_fini(out);
	return CANNOT_SAY;
}
