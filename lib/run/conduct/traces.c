/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One instance of tracefs for a run, with a filter for each event, so that the
 * kernel keeps what others do out of our buffers.  Events of requests may happen
 * in anybody's thread (a worker answers, the flusher writes back), and are told
 * by their connection; only where nothing but the task tells whose an event is,
 * it is the task: an actor's thread, not its children.
 */
#include "config.h"

#include "run/conduct/traces.h"

#include <string.h>

#include "base/errnos.h"
#include "trace/tracefs.h"

_Static_assert(TRACE_FIELDS_MAX == TRACEFS_VALUES_MAX - 1,
	       "one value more, for whose it is");

struct traces {
	const struct scenario *sc;
	struct tracefs *tracefs;
	struct server *server;
	struct actors *actors;
	struct evlog *log;
	bool lost;
};

static char *say_why(const char *name, const char *what, int err)
{
	const char *word = err ? errno_name(err) : NULL;

	return xasprintf("%s: %s%s%s", name, what, word ? ": " : "",
			 word ? word : "");
}

struct traces *traces_new(const struct scenario *sc, char **why)
{
	struct traces *t;
	const char *what;
	int err;

	*why = NULL;
	if (!sc->n_traced)
		return NULL;
	t = xcalloc(1, sizeof(*t));
	t->sc = sc;
	t->tracefs = tracefs_new(&err, &what);
	if (t->tracefs)
		return t;
	*why = say_why("events of the kernel", what, err);
	free(t);
	return NULL;
}

void traces_free(struct traces *t)
{
	if (!t)
		return;
	tracefs_free(t->tracefs);
	free(t);
}

/* ---- which are ours ---------------------------------------------------------------- */

/* The field that tells whose an event is; its value follows the others'. */
static const char *owner_field(enum trace_scope scope)
{
	switch (scope) {
	case SCOPE_CONNECTION:
		return "connection";
	case SCOPE_DEVICE:
		return "s_dev";
	case SCOPE_TASK:
		return "common_pid";
	}
	return "common_pid";
}

static void add_owner(struct buf *b, const char *field, uint32_t value)
{
	buf_printf(b, "%s%s == %u", b->len ? " || " : "", field, value);
}

/* "s_dev == 51 || s_dev == 52" */
static char *make_filter(const struct traces *t, enum trace_scope scope)
{
	const char *field = owner_field(scope);
	struct buf b = BUF_INIT;
	struct actor_look look;
	uint32_t number;
	size_t i;

	for (i = 0; scope == SCOPE_TASK && i < t->sc->n_actors; i++) {
		actor_look(t->actors, (int)i, &look);
		add_owner(&b, field, (uint32_t)look.tid);
	}
	for (i = 0; scope != SCOPE_TASK && i < t->sc->n_mounts; i++)
		if (server_connection(t->server, (int)i, &number))
			add_owner(&b, field, number);
	if (!b.len)
		add_owner(&b, field, 0);
	return buf_steal(&b);
}

static int mount_of(const struct traces *t, uint64_t owner)
{
	uint32_t number;
	size_t i;

	for (i = 0; i < t->sc->n_mounts; i++)
		if (server_connection(t->server, (int)i, &number) && number == owner)
			return (int)i;
	return NONE;
}

/* Threads are numbered here as in the initial pid namespace, or nobody is
 * recognized. */
static int actor_of(const struct traces *t, pid_t tid)
{
	struct actor_look look;
	size_t i;

	for (i = 0; i < t->sc->n_actors; i++) {
		actor_look(t->actors, (int)i, &look);
		if (look.tid == tid)
			return (int)i;
	}
	return NONE;
}

/* ---- seeing ------------------------------------------------------------------------- */

static size_t count_fields(const struct tracepoint *tp)
{
	size_t n = 0;

	while (tp->fields[n].name)
		n++;
	return n;
}

char *traces_start(struct traces *t, struct server *server, struct actors *as,
		   struct evlog *log)
{
	size_t i, k;

	if (!t)
		return NULL;
	t->server = server;
	t->actors = as;
	t->log = log;
	for (i = 0; i < t->sc->n_traced; i++) {
		const struct tracepoint *tp = t->sc->traced[i];
		auto_free char *filter = make_filter(t, tp->scope);
		struct tracefs_wish wish = { tp->group, tp->name, { NULL }, filter };
		const char *what;
		int err;

		for (k = 0; tp->fields[k].name; k++)
			wish.fields[k] = tp->fields[k].name;
		wish.fields[k] = owner_field(tp->scope);
		if (tracefs_enable(t->tracefs, &wish, &err, &what) < 0)
			return say_why(tp->name, what, err);
	}
	return NULL;
}

static void log_event(struct traces *t, const struct tracefs_event *got)
{
	const struct tracepoint *tp = t->sc->traced[got->number];
	size_t n = count_fields(tp);
	struct event ev = event_of(EV_TRACE);

	ev.at_ns = got->at_ns;
	ev.tracepoint = tp;
	if (tp->scope != SCOPE_TASK)
		ev.mount = mount_of(t, got->values[n]);
	ev.actor = actor_of(t, got->tid);
	ev.pid = (uint32_t)got->tid;
	ev.msg = got->values;
	ev.msg_len = n * sizeof(got->values[0]);
	evlog_add(t->log, &ev);
}

void traces_collect(struct traces *t)
{
	struct tracefs_event *items;
	bool lost;
	size_t n, i;

	if (!t || !t->log)
		return;
	items = tracefs_drain(t->tracefs, &n, &lost);
	t->lost |= lost;
	for (i = 0; i < n; i++)
		log_event(t, &items[i]);
	free(items);
}

bool traces_lost(const struct traces *t)
{
	return t && t->lost;
}
