/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a run of a story leaves behind for whoever explores.  Conductor only. */
#include "config.h"

#include "run/conduct/explore.h"

static void record_change(struct run *r, const struct event *ev)
{
	const struct step *explore = schedule_step(r->sc);
	const struct step *others = explore ? explore->explore->others : NULL;
	size_t n = explore ? explore->explore->n_others : 0;
	bool is_other = ev->step >= others && ev->step < others + n;

	trail_add_change(r->trail, ev->step, ev->seq,
			 is_other ? r->trail->other_errs[ev->step - others] : 0);
}

static void record_calls(struct run *r)
{
	const struct event **events;
	size_t n, i, k;

	events = evlog_sorted(r->log, &n);
	for (i = 0; i < n; i++) {
		const struct event *end = NULL;

		if (events[i]->kind == EV_STEP && events[i]->step->kind == STEP_SERVER)
			record_change(r, events[i]);
		if (events[i]->kind != EV_CALL)
			continue;
		for (k = i + 1; k < n && !end; k++)
			if (events[k]->kind == EV_RETURN &&
			    events[k]->actor == events[i]->actor)
				end = events[k];
		trail_add_call(r->trail, events[i]->step, events[i]->seq,
			       end ? end->seq : 0, end ? end->outcome : NULL);
	}
	free(events);
}

static void record_file(struct run *r, const struct named_file *named)
{
	struct trail_file *f = trail_add_file(r->trail, named->mount, named->path);
	auto_free uint8_t *data = xmalloc(TRAIL_FILE_DATA);
	uint64_t size;
	ssize_t n = f ? server_peek(r->server, named->mount, named->path, 0, data,
				    TRAIL_FILE_DATA, &size) : -1;

	if (n < 0)
		return;
	f->there = true;
	f->seen.has_size = true;
	f->seen.size = size;
	f->seen.len = (uint32_t)n;
	f->seen.data = trail_put(r->trail, data, (size_t)n);
}

void explore_record(struct run *r)
{
	struct named_file files[TRAIL_FILES];
	size_t n, i;

	if (!r->trail || !r->log)
		return;
	record_calls(r);
	n = trail_named_files(r->sc, files);
	for (i = 0; i < n; i++)
		record_file(r, &files[i]);
	if (r->trail->full)
		r->trail->end = TRAIL_FULL;
}
