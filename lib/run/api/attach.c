/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A run without a conductor: only the tap, under a session that belongs to the
 * caller.  Everything here happens in the caller's process, on its thread.
 */
#include "config.h"

#include "fusescen.h"

#include "base/units.h"
#include "run/serve/restrictions.h"
#include "run/api/handles.h"
#include "run/environment.h"
#include "attach/attach.h"

struct fusescen_attachment {
	struct scenario_file *loaded;
	struct scenario sc;		/* with the caller's seed */
	struct run run;
	struct attachment *tap;
	_Atomic uint64_t seq;
	uint64_t start_ns;
	struct report_style style;
};

/* ---- what makes no sense here --------------------------------------------- */

static void refuse_mount(struct diags *dg, const struct mount_spec *m)
{
	if (m->n_files)
		diag(dg, m->files[0].loc, "an attached session has its own files");
	if (m->backing.kind != BACKING_MEMORY)
		diag(dg, m->loc, "an attached session is its own backing");
	if (m->init_on || m->init_off || m->n_init)
		diag(dg, m->loc, "an attached session answers INIT itself; a rule "
		     "can alter that");
}

static void refuse_rule(struct diags *dg, const struct rule *r)
{
	size_t i;

	if (r->reply.backing.path || r->answer.backing.path)
		diag(dg, r->loc, "an attached session has no backing files");
	if (r->busy || r->reply.by_other || r->answer.by_other)
		diag(dg, r->loc, "an attached session has its own threads");
	for (i = 0; i < r->n_notify_before; i++)
		if (r->notify_before[i].wait)
			diag(dg, r->notify_before[i].loc, "an attached session "
			     "has its own threads");
}

static void refuse(struct diags *dg, const struct scenario *sc)
{
	size_t i;

	if (sc->n_needs)
		diag(dg, sc->needs[0].loc, "an attached session's needs are not "
		     "looked at");
	refuse_mount(dg, &sc->mounts[0]);
	for (i = 0; i < sc->n_rules; i++)
		refuse_rule(dg, &sc->rules[i]);
	for (i = 0; i < sc->n_expect; i++)
		if (sc->expect[i].kind == CHECK_FILE)
			diag(dg, sc->expect[i].loc, "the files of an attached "
			     "session cannot be looked at");
}

static const struct restrictions attached = {
	"an attached session", "there are no steps", refuse,
};

/* ---- attaching ------------------------------------------------------------- */

/* Takes loaded if it can be attached; else NULL, and why as text. */
static fusescen_attachment *make(struct fuse_session *se,
				 struct scenario_file *loaded,
				 const struct run_options *opts, char **why)
{
	const struct scenario *sc = loaded->cases[0];
	auto_free char *lack = NULL;
	fusescen_attachment *at;
	const char *what;

	*why = restrictions_check(loaded, &attached, opts->allow_hazard);
	if (*why)
		return NULL;
	lack = environment_lack(sc, false);
	if (lack) {
		*why = xasprintf("%s\n", lack);
		return NULL;
	}
	at = xcalloc(1, sizeof(*at));
	at->loaded = loaded;
	at->sc = *sc;
	if (opts->seed)
		at->sc.seed = opts->seed;
	at->start_ns = clock_ns();
	at->style = opts->style;
	at->run.sc = &at->sc;
	at->run.kmsg = -1;
	at->run.log = evlog_new(&at->seq);
	at->tap = attachment_new(se, &at->sc, at->run.log, &what);
	if (!at->tap) {
		*why = xasprintf("%s\n", what);
		evlog_free(at->run.log);
		free(at);
		return NULL;
	}
	at->run.engine = attachment_engine(at->tap);
	/* Without checks, requests that match no rule are not worth logging. */
	engine_set_quiet(at->run.engine, !sc->n_expect && !opts->style.verbose);
	return at;
}

fusescen_attachment *fusescen_attach(struct fuse_session *se,
				     const fusescen_file *file, size_t i,
				     const struct fusescen_options *opts,
				     char **error)
{
	struct run_options ro = run_options(opts);
	fusescen_attachment *at = NULL;
	struct scenario_file *loaded;
	auto_free char *why = NULL;

	if (file->errors) {
		why = xstrdup(file->errors);
	} else if (i >= file->n_cases) {
		why = xstrdup("no such case\n");
	} else {
		loaded = reload_case(file, i);
		at = make(se, loaded, &ro, &why);
		if (!at)
			scenario_file_free(loaded);
	}
	if (error)
		*error = steal_ptr(&why);
	return at;
}

fusescen_report *fusescen_detach(fusescen_attachment *at)
{
	fusescen_report *r = xcalloc(1, sizeof(*r));
	struct buf parts[N_REPORT_PARTS];
	bool ended;

	attachment_settle(at->tap);
	evlog_begin_teardown(at->run.log);
	ended = attachment_end(at->tap);
	run_judge_log(&at->run);
	at->run.result.elapsed_ns = clock_ns() - at->start_ns;
	run_report(&at->run, &at->style, parts);
	r->got = (struct transported){
		.verdict = at->run.result.verdict,
		.elapsed_ns = at->run.result.elapsed_ns,
	};
	for (int i = 0; i < N_REPORT_PARTS; i++)
		r->got.parts[i] = buf_steal(&parts[i]);
	result_fini(&at->run.result);
	buf_fini(&at->run.unused);
	/* A notification that the kernel keeps may come back to all of this. */
	if (ended) {
		attachment_free(at->tap);
		evlog_free(at->run.log);
		scenario_file_free(at->loaded);
		free(at);
	}
	return r;
}
