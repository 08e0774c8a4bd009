/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The public function that explores: fusescen.h says what it promises. */
#include "config.h"

#include "fusescen.h"

#include <limits.h>
#include <string.h>

#include "base/units.h"
#include "model/transport.h"
#include "run/api/handles.h"
#include "run/explore/draw.h"
#include "run/explore/judged.h"
#include "run/explore/search.h"
#include "run/explore/shrink.h"
#include "run/explore/state.h"
#include "run/explore/tell.h"
#include "run/uring_switch.h"

/* A run takes milliseconds, and what is stuck in one is found at once. */
#define SCHEDULE_NS	(20 * NS_PER_S)

static fusescen_report *make_report(enum fusescen_verdict verdict, char *summary,
				    char *text)
{
	fusescen_report *r = xcalloc(1, sizeof(*r));

	r->got.verdict = verdict;
	r->got.parts[REPORT_SUMMARY] = summary;
	r->got.parts[REPORT_TEXT] = text;
	r->got.parts[REPORT_EVENTS] = xstrdup("");
	r->got.parts[REPORT_UNUSED] = xstrdup("");
	return r;
}

static fusescen_report *report_of(struct search *s, const char *file_text)
{
	struct buf summary = BUF_INIT, text = BUF_INIT;
	fusescen_report *r;

	tell_summary(&summary, s);
	for (size_t i = 0; i < s->n_findings; i++) {
		struct wrong_order *w = &s->findings[i];

		if (i)
			buf_puts(&text, "---\n");
		shrink(s, w);
		tell_finding(&text, w->own ? w->own : s, w, file_text);
	}
	r = make_report(s->verdict, s->reason ? xstrdup(s->reason) : buf_steal(&summary),
			text.len ? buf_steal(&text) : xstrdup(""));
	r->got.elapsed_ns = s->count.elapsed_ns;
	buf_fini(&summary);
	buf_fini(&text);
	return r;
}

/* What a search goes on from. */
struct kept {
	const char *path, *story;
};

static void save(struct search *s, void *ctx)
{
	const struct kept *kept = ctx;
	int err = state_save(s, kept->path, kept->story);

	if (err)
		search_end(s, FUSESCEN_ERROR, xasprintf("%s: %s", kept->path, strerror(err)));
}

/* Where an earlier search ended, or with the default. */
static void begin(struct search *s, struct kept *kept)
{
	char *why;

	if (!kept->path) {
		frontier_add(s->frontier, &(struct schedule){ 0 });
		return;
	}
	if (state_load(s, kept->path, kept->story, &why))
		search_end(s, FUSESCEN_ERROR, why);
	s->save = save;
	s->save_ctx = kept;
}

fusescen_report *fusescen_explore(const fusescen_file *file, size_t i,
				  const struct fusescen_explore_options *opts)
{
	struct fusescen_explore_options o = { 0 };
	struct scenario_file *loaded;
	struct kept kept;
	enum transport transport;
	struct search s;
	fusescen_report *r;
	const char *why;
	bool uses_uring;

	if (opts)
		memcpy(&o, opts, opts->size < sizeof(o) ? opts->size : sizeof(o));
	if (i >= fusescen_cases(file))
		return make_report(FUSESCEN_ERROR, xstrdup("no such case"), xstrdup(""));
	if (!transport_of_word(o.transport, &transport))
		return make_report(FUSESCEN_ERROR, xstrdup("no such transport"), xstrdup(""));
	loaded = reload_case(file, i);
	why = why_not_judged(loaded->cases[0]);
	if (why) {
		scenario_file_free(loaded);
		return make_report(FUSESCEN_ERROR, xstrdup(why), xstrdup(""));
	}
	kept = (struct kept){ o.state, loaded->text };
	search_init(&s, loaded->cases[0]);
	s.options = (struct run_options){
		.timeout_ns = loaded->cases[0]->timeout_ns < SCHEDULE_NS ?
			loaded->cases[0]->timeout_ns : SCHEDULE_NS,
		.allow_hazard = o.allow_hazard,
		.transport = transport,
	};
	uses_uring = scenario_uses_uring(loaded->cases[0]) ||
		s.options.transport == TRANSPORT_URING;
	if (uses_uring)
		uring_switch_hold();
	s.jobs = o.jobs ? o.jobs : s.jobs;
	s.max_runs = o.max_runs;
	s.end_ns = o.time_ms ? clock_ns() + o.time_ms * NS_PER_MS : 0;
	s.max_findings = o.max_findings ? o.max_findings : 1;
	s.progress = o.progress;
	s.ctx = o.ctx;
	if (o.seed)
		s.draw = draw_new(o.seed, schedule_step(s.sc)->explore);
	else
		begin(&s, &kept);
	if (!s.reason)
		search_run(&s);
	r = report_of(&s, loaded->text);
	search_fini(&s);
	scenario_file_free(loaded);
	if (uses_uring)
		uring_switch_release();
	return r;
}
