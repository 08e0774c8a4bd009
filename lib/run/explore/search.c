/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Running schedules and judging what they leave.  One thread at a time. */
#include "config.h"

#include "run/explore/search.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

#include "base/units.h"
#include "model/scenario.h"
#include "run/api/supervise.h"
#include "run/explore/draw.h"
#include "run/explore/model.h"

#define MAX_JOBS	16
#define MAX_QUEUED	200000u
#define TRIES		4		/* of a schedule that the run did not keep to */
#define LOOK_MS		500
#define SAVE_NS		(5 * NS_PER_S)

/* A place where a schedule is run. */
struct place {
	bool busy;
	unsigned tries;
	struct schedule schedule;
	struct trail *trail;
	struct supervised process;
};

void search_init(struct search *s, const struct scenario *sc)
{
	memset(s, 0, sizeof(*s));
	s->sc = sc;
	s->frontier = frontier_new(MAX_QUEUED);
	s->model = tmpfs_model_new(sc);
	s->jobs = 2;
	s->max_findings = 1;
	s->count.size = sizeof(s->count);
	s->verdict = FUSESCEN_PASS;
}

void search_fini(struct search *s)
{
	for (size_t i = 0; i < s->n_findings; i++)
		search_free_order(&s->findings[i]);
	free(s->findings);
	free(s->reason);
	frontier_free(s->frontier);
	draw_free(s->draw);
	tmpfs_model_free(s->model);
}

void search_free_order(struct wrong_order *w)
{
	trail_free(w->trail);
	free(w->summary);
	if (w->own) {
		search_fini(w->own);
		free(w->own);
	}
	if (w->arena)
		arena_free(w->arena);
}

/* ---- one schedule ------------------------------------------------------------------ */

static const struct scenario *its_scenario(void *ctx)
{
	return ((struct search *)ctx)->sc;
}

void search_end(struct search *s, enum fusescen_verdict verdict, char *reason)
{
	if (s->reason) {
		free(reason);
		return;
	}
	s->verdict = verdict;
	s->reason = reason;
}

static void start(struct search *s, struct place *p)
{
	struct run_options opts = s->options;

	opts.schedule = &p->schedule;
	opts.trail = p->trail;
	trail_clear(p->trail);
	if (supervise_start(&p->process, &opts, !scenario_stays_outside(s->sc),
			    its_scenario, s))
		search_end(s, FUSESCEN_ERROR, xasprintf("fork: %s", strerror(errno)));
	else
		p->busy = true;
}

/* Was the request there that the fault is about? */
static bool brings(const struct trail *t, const struct hold *h)
{
	for (unsigned i = 0; i < t->n_requests; i++) {
		if (t->requests[i].move == h->move &&
		    request_names_same(&t->requests[i].name, &h->name))
			return true;
	}
	return false;
}

/* Did each hold take what it was to take, when it was to, and can it be compared? */
static bool kept_to(const struct schedule *s, const struct trail *t)
{
	if (t->end == TRAIL_DIVERGED || t->n_moves < s->n_moves || took_a_part(t))
		return false;
	for (unsigned i = 0; i < s->n_holds; i++) {
		const struct hold *h = &s->holds[i];

		if (h->fault ? !brings(t, h) : !(t->moves[h->move].held & 1u << i))
			return false;
	}
	return true;
}

/* ---- judging ------------------------------------------------------------------------ */

/* What is held, and what differs: findings for which that is the same are one. */
static char *signature(const struct wrong_order *f, const struct trail *t)
{
	struct buf b = BUF_INIT;
	unsigned i;

	for (i = 0; i < f->schedule.n_holds; i++)
		buf_printf(&b, "%s %s, ", f->schedule.holds[i].name.op,
			   f->schedule.holds[i].fault ? "refused" :
			   f->schedule.holds[i].after ? "after" : "before");
	if (f->summary)
		buf_puts(&b, f->summary);
	for (i = 0; i < t->n_calls && !f->summary; i++) {
		if (f->linear.calls[i] == DIFFERS)
			buf_printf(&b, "%s, ", t->calls[i].step->text);
	}
	for (i = 0; i < t->n_files && !f->summary; i++) {
		if (f->linear.file_differs[i])
			buf_printf(&b, "%s, ", t->files[i].path);
	}
	return buf_steal(&b);
}

/* A call that a tmpfs refuses for good cannot be compared. */
static bool is_comparable(struct search *s, const struct wrong_order *w,
			  const struct trail *t)
{
	const struct model model = tmpfs_model_asked(s->model);

	for (size_t i = 0; i < w->linear.n; i++) {
		const uint8_t *bytes;
		const struct trail_call *c = model.call(model.ctx, w->linear.order,
							i + 1, &bytes);

		if (!c || c->seen.err != EOPNOTSUPP)
			continue;
		for (unsigned k = 0; k < t->n_calls; k++) {
			if (t->calls[k].step != c->step || t->calls[k].seen.err)
				continue;
			search_end(s, FUSESCEN_ERROR,
				   xasprintf("%s: a tmpfs has no such call, so there is "
					     "nothing to compare with", c->step->text));
			return false;
		}
	}
	return true;
}

/* Is what the run left wrong?  Then *out says how. */
static bool is_wrong(struct search *s, const struct place *p,
		     const struct transported *got, struct wrong_order *out)
{
	const struct explore *ex = schedule_step(s->sc)->explore;
	const struct model model = tmpfs_model_asked(s->model);

	memset(out, 0, sizeof(*out));
	out->schedule = p->schedule;
	out->times = 1;
	if (got->verdict == FUSESCEN_FAIL) {
		out->summary = xstrdup(got->parts[REPORT_SUMMARY]);
		return true;
	}
	linear_judge(p->trail, &model,
		     &(struct allowed){ ex->torn_pages, ex->io_modes }, &out->linear);
	s->count.models = tmpfs_model_runs(s->model);
	if (tmpfs_model_error(s->model)) {
		search_end(s, FUSESCEN_ERROR, xstrdup(tmpfs_model_error(s->model)));
		return false;
	}
	for (int i = 0; i < N_RELAXATIONS && !out->linear.differences; i++)
		s->relaxed[i] += out->linear.used[i];
	return out->linear.differences > 0 && is_comparable(s, out, p->trail);
}

/* Run it once more: is it wrong?  Then *out says how. */
static bool run_again(struct search *s, struct place *p, struct wrong_order *out)
{
	struct transported got;
	bool wrong;

	start(s, p);
	if (!p->busy)
		return false;
	supervise_finish(&p->process, &got);
	p->busy = false;
	wrong = got.verdict <= FUSESCEN_FAIL && kept_to(&p->schedule, p->trail) &&
		is_wrong(s, p, &got, out);
	transported_fini(&got);
	return wrong;
}

/* ... and in the same way? */
static bool is_wrong_again(struct search *s, struct place *p,
			   const struct wrong_order *w, const struct trail *t)
{
	auto_free char *before = signature(w, t);
	auto_free char *now = NULL;
	struct wrong_order again;

	if (!run_again(s, p, &again))
		return false;
	now = signature(&again, p->trail);
	free(again.summary);
	return !strcmp(now, before);
}

bool search_try(struct search *s, struct wrong_order *w, unsigned times)
{
	struct place p = { .schedule = w->schedule, .trail = w->trail };
	struct wrong_order out;

	while (times--) {
		if (!run_again(s, &p, &out))
			return false;
		if (out.summary) {
			free(out.summary);
			return false;
		}
		w->linear = out.linear;
	}
	return true;
}

/* How often of TIMES it is wrong.  A schedule leaves it to the kernel which of two
 * goes on that a release has woken. */
static void count_times(struct search *s, struct wrong_order *w, const struct trail *t)
{
	struct place p = { .schedule = w->schedule, .trail = trail_new() };

	while (w->times < WRONG_TIMES && is_wrong_again(s, &p, w, t))
		w->times++;
	trail_free(p.trail);
}

/* One that is wrong each time takes the place of one that is so by chance. */
static struct wrong_order *place_of(struct search *s, const struct wrong_order *w,
				    const struct trail *t)
{
	auto_free char *mine = signature(w, t);

	for (size_t i = 0; i < s->n_findings; i++) {
		auto_free char *other = signature(&s->findings[i], s->findings[i].trail);

		if (!strcmp(mine, other))
			return &s->findings[i];
	}
	return NULL;
}

static void keep(struct search *s, struct wrong_order *w, const struct trail *t)
{
	struct wrong_order *old = place_of(s, w, t);

	count_times(s, w, t);
	if (old && old->times >= w->times) {
		s->count.repeated++;
		free(w->summary);
		return;
	}
	w->trail = old ? old->trail : trail_new();
	memcpy(w->trail, t, sizeof(*t));
	if (old) {
		free(old->summary);
	} else {
		s->findings = xgrow(s->findings, s->n_findings, sizeof(*s->findings));
		old = &s->findings[s->n_findings++];
	}
	*old = *w;
	s->count.findings += w->times == WRONG_TIMES;
}

static bool has_fault(const struct schedule *s)
{
	for (unsigned i = 0; i < s->n_holds; i++) {
		if (s->holds[i].fault)
			return true;
	}
	return false;
}

/* A race that the schedule does not decide: perhaps another time. */
static void diverged(struct search *s, struct place *p)
{
	if (++p->tries < TRIES)
		start(s, p);
	else
		s->count.diverged++;
}

static void judge(struct search *s, struct place *p, const struct transported *got)
{
	const char *summary = got->parts[REPORT_SUMMARY];
	struct wrong_order wrong;

	if (s->draw)
		draw_saw(s->draw, p->trail);
	if (p->schedule.seed &&
	    !draw_settle(&p->schedule, p->trail, schedule_step(s->sc)->explore)) {
		s->count.diverged++;
		return;
	}

	/* a call that was refused may leave others without what they need */
	if (got->verdict == FUSESCEN_ERROR && has_fault(&p->schedule)) {
		s->count.diverged++;
		return;
	}
	if (got->verdict == FUSESCEN_SKIP ||
	    (got->verdict == FUSESCEN_ERROR && p->trail->end != TRAIL_DIVERGED)) {
		search_end(s, got->verdict, xstrdup(summary));
		return;
	}
	if (!kept_to(&p->schedule, p->trail)) {
		diverged(s, p);
		return;
	}
	if (p->trail->end == TRAIL_FULL) {
		search_end(s, FUSESCEN_ERROR,
			   xstrdup("there is more in a run than can be compared"));
		return;
	}
	s->count.runs++;
	if (!s->draw)
		frontier_expand(s->frontier, schedule_step(s->sc)->explore, &p->schedule,
				p->trail);
	if (is_wrong(s, p, got, &wrong) && s->count.findings < s->max_findings)
		keep(s, &wrong, p->trail);
}

static void finish(struct search *s, struct place *p)
{
	struct transported got;

	supervise_finish(&p->process, &got);
	p->busy = false;
	judge(s, p, &got);
	transported_fini(&got);
}

/* ---- all of them --------------------------------------------------------------------- */

static bool is_over(struct search *s, uint64_t start_ns)
{
	uint64_t now = clock_ns();

	s->count.elapsed_ns = now - start_ns;
	s->count.queued = frontier_queued(s->frontier);
	s->count.cost = frontier_cost(s->frontier);
	if (s->progress && s->progress(s->ctx, &s->count))
		return true;
	return s->reason || s->count.findings >= s->max_findings ||
		(s->max_runs && s->count.runs >= s->max_runs) ||
		(s->end_ns && now >= s->end_ns);
}

void search_each_left(const struct search *s,
		      void (*see)(void *ctx, const struct schedule *s), void *ctx)
{
	for (unsigned i = 0; s->places && i < s->jobs; i++) {
		if (s->places[i].busy)
			see(ctx, &s->places[i].schedule);
	}
	frontier_each(s->frontier, see, ctx);
}

static void save(struct search *s, bool now)
{
	if (!s->save || s->reason || (!now && clock_ns() < s->save_ns))
		return;
	s->save(s, s->save_ctx);
	s->save_ns = clock_ns() + SAVE_NS;
}

static bool take(struct search *s, struct schedule *out)
{
	return s->draw ? draw_next(s->draw, out) : frontier_take(s->frontier, out);
}

static unsigned start_all(struct search *s, struct place *places)
{
	unsigned busy = 0;

	for (unsigned i = 0; i < s->jobs; i++) {
		struct place *p = &places[i];

		if (!p->busy && !s->reason && take(s, &p->schedule)) {
			p->tries = 0;
			start(s, p);
		}
		busy += p->busy;
	}
	return busy;
}

static void finish_some(struct search *s, struct place *places)
{
	struct pollfd fds[MAX_JOBS];

	for (unsigned i = 0; i < s->jobs; i++)
		fds[i] = (struct pollfd){
			.fd = places[i].busy ? places[i].process.pidfd : -1,
			.events = POLLIN,
		};
	if (poll(fds, s->jobs, LOOK_MS) <= 0)
		return;
	for (unsigned i = 0; i < s->jobs; i++) {
		if (fds[i].revents)
			finish(s, &places[i]);
	}
}

void search_run(struct search *s)
{
	struct place places[MAX_JOBS];
	uint64_t start_ns = clock_ns();
	unsigned i;

	memset(places, 0, sizeof(places));
	s->jobs = s->jobs > MAX_JOBS ? MAX_JOBS : s->jobs;
	for (i = 0; i < s->jobs; i++)
		places[i].trail = trail_new();
	s->places = places;
	while (!is_over(s, start_ns) && start_all(s, places)) {
		finish_some(s, places);
		save(s, false);
	}
	for (i = 0; i < s->jobs; i++) {
		while (places[i].busy)
			finish(s, &places[i]);
		trail_free(places[i].trail);
	}
	s->places = NULL;
	is_over(s, start_ns);
	save(s, true);
	s->count.dropped = frontier_dropped(s->frontier);
	if (s->n_findings && !s->reason)
		s->verdict = FUSESCEN_FAIL;
}
