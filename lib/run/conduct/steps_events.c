/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Steps that wait for events of the log, returns of notifications among them. */
#include "config.h"

#include "run/conduct/steps.h"

#include <stdlib.h>

#include "engine/match.h"
#include "run/conduct/wait.h"

/* How far a wait has read the log.  It is woken by each event, and an event
 * does not change: so it looks at each once. */
struct log_scan {
	size_t next;			/* number of the first event not read */
	uint64_t found;			/* events that match */
	const struct event *last;	/* the last of them */
};

struct event_wait {
	bool (*matches)(struct run *r, const struct event_wait *w,
			const struct event *ev);
	uint64_t min;			/* so many must match */
	const struct step *step;
	const struct notify_spec *spec;	/* a notification: this one, or ... */
	int note;			/* ... the one of this name */
	struct log_scan *scan;
};

static bool log_has(struct run *r, const void *arg)
{
	const struct event_wait *w = arg;
	struct log_scan *scan = w->scan;
	const struct event *events[64];
	size_t i, n;

	while ((n = evlog_more(r->log, &scan->next, events, ARRAY_SIZE(events))))
		for (i = 0; i < n; i++)
			if (w->matches(r, w, events[i])) {
				scan->found++;
				scan->last = events[i];
			}
	return scan->found >= w->min;
}

static bool is_awaited(struct run *r, const struct event_wait *w,
		       const struct event *ev)
{
	return match_event(r->sc, &w->step->wait.match, ev);
}

bool step_wait(struct run *r, const struct step *step)
{
	struct finding f = { 0 };
	struct check count = {
		.loc = step->loc, .kind = CHECK_COUNT, .text = step->text,
		.patterns = (struct pattern *)&step->wait.match, .n_patterns = 1,
		.min = step->wait.min, .max = UINT64_MAX,
	};
	struct log_scan scan = { 0 };
	const struct event_wait w = {
		.matches = is_awaited, .min = step->wait.min, .step = step,
		.scan = &scan,
	};
	const struct event **events;
	struct failure failure = { 0 };
	size_t n;

	if (run_wait(r, step->timeout_ns, log_has, &w))
		return true;
	events = evlog_sorted(r->log, &n);
	if (!check_holds(r->sc, &count, events, n, &f)) {
		failure = (struct failure){
			.loc = step->loc, .what = xstrdup(step->text),
			.finding = f, .note = run_situation(r),
		};
		result_add(&r->result, &failure);
	}
	free(events);
	return false;
}

/* The log has copies of notifications, which keep their place in the file. */
static bool is_note_done(struct run *r, const struct event_wait *w,
			 const struct event *ev)
{
	(void)r;
	if (ev->kind != EV_NOTE_DONE)
		return false;
	return w->spec ? ev->notify->loc.line == w->spec->loc.line &&
			 ev->notify->loc.col == w->spec->loc.col :
			 ev->note == w->note;
}

/* A notification has returned, with what it should: spec's, or (NULL) the one of
 * the step's name.  since: where in the log it is looked for.  name: as the script
 * calls it. */
static bool note_result(struct run *r, const struct step *step,
			const struct notify_spec *spec, size_t since,
			const char *name, int expected)
{
	char *want = xasprintf("%s returns %s", name, error_text(expected));
	struct log_scan scan = { .next = since };
	const struct event_wait w = {
		.matches = is_note_done, .min = 1, .spec = spec,
		.note = spec ? NONE : step->notified.note, .scan = &scan,
	};
	int error;

	if (!run_wait(r, step->timeout_ns, log_has, &w))
		return step_stuck(r, step, want, xstrdup("it has not returned"));
	error = scan.last->error;
	if (error != expected)
		return step_fail(r, step, want,
				 xasprintf("%s returns %s", name, error_text(error)));
	free(want);
	return true;
}

bool step_notify(struct run *r, const struct step *step)
{
	size_t since = evlog_count(r->log);

	server_notify(r->server, &step->notify);
	return !step->notify.wait ||
	       note_result(r, step, &step->notify, since, "the notification",
			   step->notify.expect);
}

bool step_notified(struct run *r, const struct step *step)
{
	return note_result(r, step, NULL, 0, r->sc->notes[step->notified.note],
			   step->notified.error);
}
