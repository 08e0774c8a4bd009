/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The step "evict": rounds of an eviction (run/evict.h), until the kernel has
 * forgotten everything, or nothing moves any more. */
#include "config.h"

#include "run/conduct/evict.h"

#include <errno.h>
#include <string.h>

#include "base/units.h"
#include "run/conduct/proof.h"
#include "run/conduct/wait.h"
#include "run/evict.h"

#define AGAIN_NS	(5 * NS_PER_MS)

/* Those of the run, to be freed at its end: a notification may be under way. */
struct evictions {
	struct evictions *next;
	struct eviction *one;
};

void evictions_free(struct evictions *list)
{
	while (list) {
		struct evictions *first = list;

		list = first->next;
		eviction_drop(first->one);
		free(first);
	}
}

static struct eviction *prepare(struct run *r, const struct step *step)
{
	struct evictions *first = xcalloc(1, sizeof(*first));

	first->one = eviction_new(r->engine, step->evict.mount, step->evict.path,
				  step->loc);
	first->next = r->evictions;
	r->evictions = first;
	return first->one;
}

/* ---- one notification ---- */

struct writing {
	size_t since;			/* in the log */
	struct loc loc;			/* the step's, and of no other notification */
	int error;
};

static bool loc_is(struct loc a, struct loc b)
{
	return a.line == b.line && a.col == b.col;
}

static bool is_written(struct run *r, const void *arg)
{
	struct writing *w = (struct writing *)arg;
	const struct event *events[64];
	size_t i, n;

	while ((n = evlog_more(r->log, &w->since, events, ARRAY_SIZE(events))))
		for (i = 0; i < n; i++)
			if (events[i]->kind == EV_NOTE_DONE &&
			    loc_is(events[i]->notify->loc, w->loc)) {
				w->error = events[i]->error;
				return true;
			}
	return false;
}

/* Its errno; NONE: it does not return. */
static int tell(struct run *r, const struct step *step, const struct notify_spec *spec)
{
	struct writing w = { .since = evlog_count(r->log), .loc = spec->loc };

	server_notify(r->server, spec);
	return run_wait(r, step->timeout_ns, is_written, &w) ? w.error : NONE;
}

/* The first that the kernel still knows; the size: none.  NONE: a notification does
 * not return. */
static int go_round(struct run *r, const struct step *step, struct eviction *ev)
{
	const struct notify_spec *spec = eviction_begin(ev);

	while (spec) {
		int err = tell(r, step, spec);

		if (err == NONE)
			return NONE;
		spec = eviction_next(ev, err);
	}
	return (int)eviction_known(ev);
}

static bool all_read(struct run *r, const void *mount)
{
	return proof_all_read(r, *(const int *)mount);
}

/* ---- what is in the way ---- */

/* How often the file was opened and not released. */
static unsigned count_open(struct run *r, int mount, const char *path)
{
	const struct event **events;
	unsigned opened = 0, released = 0;
	size_t i, n;

	events = evlog_sorted(r->log, &n);
	for (i = 0; i < n; i++) {
		const struct event *ev = events[i];
		bool opens = ev->op && ev->op->flags & OPF_OPEN;

		if (ev->mount != mount || !ev->path || strcmp(ev->path, path))
			continue;
		opened += ev->kind == EV_REPLY && opens && !ev->error &&
			!ev->write_errno;
		released += ev->kind == EV_REQUEST && (ev->opcode == OP_RELEASE ||
						       ev->opcode == OP_RELEASEDIR);
	}
	free(events);
	return opened > released ? opened - released : 0;
}

static char *reason(struct run *r, const struct step *step, const struct eviction *ev,
		    int known)
{
	const char *path;
	unsigned open;

	if (known == NONE)
		return xstrdup("a notification for it does not return");
	path = eviction_path(ev, (size_t)known);
	open = count_open(r, step->evict.mount, path);
	if (open)
		return xasprintf("the kernel keeps %s: it is open (%u not released)",
				 path, open);
	return xasprintf("the kernel keeps %s: something uses it (a mapping, a "
			 "working directory, a request, a name below it)", path);
}

/* ---- the step ---- */

static bool fail_step(struct run *r, const struct step *step, char *why)
{
	run_fail(r, step->loc, xstrdup(step->text),
		 xstrdup("the kernel forgets all of it"), why, run_situation(r));
	return false;
}

static bool exists(struct run *r, const struct step *step)
{
	uint64_t size;

	return server_peek(r->server, step->evict.mount, step->evict.path, 0, NULL, 0,
			   &size) != -ENOENT;
}

bool evict_run(struct run *r, const struct step *step)
{
	struct patience patience = { 0 };
	struct eviction *ev = prepare(r, step);
	int known;

	/* What the wire never named, the kernel does not know. */
	if (!eviction_size(ev))
		return exists(r, step) ||
			fail_step(r, step, xstrdup("there is no such file"));
	for (;;) {
		known = go_round(r, step, ev);
		/* Two FORGETs that nobody has read yet become one request. */
		if (known == (int)eviction_size(ev))
			return run_wait(r, step->timeout_ns, all_read, &step->evict.mount) ||
				fail_step(r, step, xstrdup("the server does not read the FORGET"));
		/* The threads of the notifications are gone by then. */
		sleep_ns(AGAIN_NS);
		if (known == NONE || clock_ns() >= r->deadline_ns ||
		    patience_ends(r, &patience))
			return fail_step(r, step, reason(r, step, ev, known));
	}
}
