/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Evictions on the command of a client. */
#include "config.h"

#include "run/serve/evicting.h"

#include "base/units.h"
#include "run/evict.h"
#include "run/serve/ctl_reply.h"
#include "run/serve/note_wait.h"

#define EVICT_NS	NS_PER_S	/* then the kernel keeps it */
#define AGAIN_NS	(5 * NS_PER_MS)

struct evicting {
	const struct served *served;
	int wake_fd;
	struct eviction *eviction;
	struct note_wait *note;		/* being written; NULL: a pause */
	uint64_t until_ns;		/* the whole */
	uint64_t deadline_ns;		/* of the notification, or of the pause */
};

uint64_t evicting_deadline(const struct evicting *e)
{
	return e->deadline_ns;
}

void evicting_drop(struct evicting *e)
{
	if (e->note)
		note_wait_drop(e->note);
	eviction_drop(e->eviction);
	free(e);
}

/* False: the round is over. */
static bool write_next(struct evicting *e, const struct notify_spec *spec)
{
	e->note = NULL;
	if (!spec)
		return false;
	e->note = note_wait_start(e->served, spec, e->wake_fd, NULL, e->eviction);
	e->deadline_ns = e->until_ns;
	return true;
}

static bool is_forgotten(const struct evicting *e)
{
	return eviction_known(e->eviction) == eviction_size(e->eviction);
}

/* The kernel has forgotten everything when the FORGETs have been read, too. */
static bool poll_pause(struct evicting *e, bool late, struct buf *out)
{
	bool forgotten = is_forgotten(e);

	if (forgotten && !e->served->ops->readable(e->served->of)) {
		ctl_reply_ok(out);
		return false;
	}
	if (clock_ns() >= e->until_ns) {
		ctl_reply_refuse(out, forgotten ? "the server does not read the FORGET" :
				 "the kernel keeps %s: it is open, or something uses it",
				 eviction_path(e->eviction, forgotten ? 0 :
					       eviction_known(e->eviction)));
		return false;
	}
	if (late && !forgotten)
		return write_next(e, eviction_begin(e->eviction));
	if (late)
		e->deadline_ns = clock_ns() + AGAIN_NS;
	return true;
}

bool evicting_poll(struct evicting *e, bool late, struct buf *out)
{
	int err;

	if (!e->note)
		return poll_pause(e, late, out);
	if (!note_wait_done(e->note, &err)) {
		if (late)
			ctl_reply_refuse(out, "a notification for it does not return");
		return !late;
	}
	note_wait_drop(e->note);
	if (write_next(e, eviction_next(e->eviction, err)))
		return true;
	e->deadline_ns = clock_ns() + AGAIN_NS;
	return poll_pause(e, false, out);
}

/* What the wire never named, the kernel does not know. */
static void reply_unknown(const struct served *s, const struct step *step,
			  struct buf *out)
{
	if (s->ops->has_file && !s->ops->has_file(s->of, step->evict.path))
		ctl_reply_refuse(out, "there is no such file");
	else
		ctl_reply_ok(out);
}

struct evicting *evicting_start(struct run *r, const struct served *served, int wake_fd,
				const struct step *step, struct buf *out)
{
	struct evicting *e = xcalloc(1, sizeof(*e));

	e->served = served;
	e->wake_fd = wake_fd;
	e->eviction = eviction_new(r->engine, 0, step->evict.path, step->loc);
	e->until_ns = clock_ns() + EVICT_NS;
	if (eviction_size(e->eviction) && write_next(e, eviction_begin(e->eviction)))
		return e;
	reply_unknown(served, step, out);
	evicting_drop(e);
	return NULL;
}
