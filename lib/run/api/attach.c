/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A run without a conductor: only the tap, under a session that belongs to the
 * caller.  Everything here happens in the caller's process, on its thread.
 */
#include "config.h"

#include "fusescen.h"

#include "base/units.h"
#include "run/serve/attended.h"
#include "run/serve/restrictions.h"
#include "run/api/handles.h"
#include "run/environment.h"
#include "attach/attach.h"

struct fusescen_attachment {
	struct scenario_file *loaded;
	struct scenario sc;		/* with the caller's seed */
	struct run run;
	struct attachment *tap;
	struct attended *attended;
	_Atomic uint64_t seq;
	uint64_t start_ns;
	struct report_style style;
	bool is_endless;		/* the log has recent events only */
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
	if (r->busy || r->stall || r->reply.by_other || r->answer.by_other)
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
	else if (sc->kernel_args)
		diag(dg, sc->kernel_args_loc, "an attached session's needs are not "
		     "looked at");
	refuse_mount(dg, &sc->mounts[0]);
	for (i = 0; i < sc->n_rules; i++)
		refuse_rule(dg, &sc->rules[i]);
	for (i = 0; i < sc->n_expect; i++)
		if (sc->expect[i].kind == CHECK_FILE)
			diag(dg, sc->expect[i].loc, "the files of an attached "
			     "session cannot be looked at");
}


/* ---- attaching ------------------------------------------------------------- */

static char *add_newline(char *text)
{
	char *line = xasprintf("%s\n", text);

	free(text);
	return line;
}

/* Takes loaded if it can be attached; else NULL, and why as text. */
static fusescen_attachment *make(struct fuse_session *se,
				 struct scenario_file *loaded,
				 const struct run_options *opts, char **why)
{
	const struct restrictions attached = {
		.who = "an attached session",
		.nobody = opts->control ? NULL : "there is no control socket",
		.refuse = refuse,
	};
	const struct scenario *sc = loaded->cases[0];
	auto_free char *lack = NULL;
	struct attended *attended;
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
	attended = attended_new(opts->control, opts->log, why);
	if (!attended) {
		*why = add_newline(*why);
		return NULL;
	}
	at = xcalloc(1, sizeof(*at));
	at->attended = attended;
	at->loaded = loaded;
	at->sc = *sc;
	if (opts->seed)
		at->sc.seed = opts->seed;
	at->start_ns = clock_ns();
	at->style = opts->style;
	at->run.sc = &at->sc;
	at->run.kmsg = -1;
	/* With one of these, it may be there for long. */
	at->is_endless = !sc->n_expect && !at->style.verbose && (opts->control || opts->log);
	at->run.log = at->is_endless ? evlog_new_recent(&at->seq) :
		evlog_new(&at->seq);
	at->tap = attachment_new(se, &at->sc, at->run.log, &what);
	if (!at->tap) {
		*why = xasprintf("%s\n", what);
		attended_free(attended);
		evlog_free(at->run.log);
		free(at);
		return NULL;
	}
	at->run.engine = attachment_engine(at->tap);
	/* Without checks, requests that match no rule are not worth logging. */
	engine_set_quiet(at->run.engine, !sc->n_expect && !opts->style.verbose &&
			 !opts->log);
	attended_start(attended, &at->run, at->tap, at->start_ns);
	return at;
}

fusescen_attachment *fusescen_attach(struct fuse_session *se,
				     const fusescen_file *file, size_t i,
				     const struct fusescen_options *opts,
				     char **error)
{
	fusescen_attachment *at = NULL;
	struct run_options ro;
	struct scenario_file *loaded;
	auto_free char *why = NULL;

	if (!file) {
		why = xstrdup("no scenario\n");
	} else if (!se) {
		why = xstrdup("no session\n");
	} else if (file->errors) {
		why = xstrdup(file->errors);
	} else if (i >= file->n_cases) {
		why = xstrdup("no such case\n");
	} else if (run_options(&ro, opts)) {
		why = xstrdup("no such transport\n");
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
	struct evlog *log;
	char *why;
	bool ended;

	if (!at) {
		r->got.verdict = FUSESCEN_ERROR;
		return r;
	}
	log = at->run.log;
	attended_stop(at->attended);
	attachment_settle(at->tap);
	evlog_begin_teardown(at->run.log);
	ended = attachment_end(at->tap);
	why = attended_close_log(at->attended);
	if (why)
		run_error(&at->run, why);
	else
		run_judge_log(&at->run);
	if (at->is_endless)
		at->run.log = NULL;		/* recent events are not for reports */
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
		attended_free(at->attended);
		evlog_free(log);
		scenario_file_free(at->loaded);
		free(at);
	}
	return r;
}
