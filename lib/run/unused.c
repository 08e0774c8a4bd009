/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a run did not use.  Conductor only. */
#include "config.h"

#include "run/unused.h"

#include <string.h>

#include "engine/match.h"
#include "model/unused.h"

struct finding_unused {
	struct run *r;
	const struct event **events;
	size_t n_events;
	struct buf *out;
};

void unused_print(struct buf *out, const struct scenario *sc, struct loc loc,
		  const char *what)
{
	buf_printf(out, "%s:%u:%u: note: %s\n", sc->path, loc.line, loc.col, what);
}

static void see_unused(void *ctx, struct loc loc, const char *what)
{
	struct finding_unused *f = ctx;

	unused_print(f->out, f->r->sc, loc, what);
}

/* ---- checks that something did not happen -------------------------------- */

static bool says_never(const struct check *c)
{
	return c->kind == CHECK_NEVER || (c->kind == CHECK_COUNT && !c->max);
}

static bool is_declared(const struct scenario *sc, const struct file_ref *file)
{
	for (size_t i = 0; i < sc->n_mounts; i++) {
		const struct mount_spec *m = &sc->mounts[i];

		if (match_file(file, (int)i, "/"))
			return true;
		for (size_t j = 0; j < m->n_files; j++) {
			if (match_file(file, (int)i, m->files[j].path))
				return true;
		}
	}
	return false;
}

static bool is_met(const struct finding_unused *f, const struct file_ref *file)
{
	for (size_t i = 0; i < f->n_events; i++) {
		const struct event *ev = f->events[i];

		if (ev->path && match_file(file, ev->mount, ev->path))
			return true;
	}
	return false;
}

/* "/dir" is on the way to "/dir/data", and "data" may be looked up in it. */
static bool leads_to(const char *path, const char *named)
{
	size_t len = strlen(path);

	if (*named != '/')
		return !strcmp(strrchr(path, '/') + 1, named);
	return !strncmp(path, named, len) && (!named[len] || named[len] == '/');
}

/* Does a call name the file?  Without it there may be no request about it. */
static bool is_named(const struct scenario *sc, const struct file_ref *file)
{
	for (size_t i = 0; i < sc->n_steps; i++) {
		const struct call_use *use = &sc->steps[i].call;

		if (sc->steps[i].kind != STEP_CALL || *file->path != '/')
			continue;
		for (unsigned j = 0; j < use->n_args; j++) {
			if (use->args[j].str && leads_to(file->path, use->args[j].str))
				return true;
		}
	}
	return false;
}

static void find_in_check(struct finding_unused *f, const struct check *c)
{
	for (size_t i = 0; says_never(c) && i < c->n_patterns; i++) {
		const struct file_ref *file = &c->patterns[i].file;
		auto_free char *what = NULL;

		if (!file->path || !*file->path || is_declared(f->r->sc, file) ||
		    is_met(f, file) || is_named(f->r->sc, file))
			continue;
		what = xasprintf("no file and no request had the path %s",
				 file->path);
		see_unused(f, c->patterns[i].loc, what);
	}
}

static void find_checks(struct finding_unused *f)
{
	const struct scenario *sc = f->r->sc;

	for (size_t i = 0; i < sc->n_steps; i++) {
		if (sc->steps[i].kind == STEP_CHECK)
			find_in_check(f, &sc->steps[i].check);
	}
	for (size_t i = 0; i < sc->n_expect; i++)
		find_in_check(f, &sc->expect[i]);
}

/* ---- rules -------------------------------------------------------------- */

static bool is_ruled_out(const struct rule *r, const struct check *c)
{
	const struct pattern *p = c->patterns;

	if (!says_never(c) || p->kind != PAT_REQUEST || p->n_where ||
	    (p->file.path && *p->file.path && (!r->file.path ||
					       strcmp(p->file.path, r->file.path))))
		return false;
	for (size_t i = 0; p->op && i < r->n_ops; i++) {
		if (r->ops[i] != p->op)
			return false;
	}
	return r->n_ops;
}

/* A rule may say what a kernel would get if it asked for what the checks say it
 * does not ask for. */
static bool is_for_what_never_comes(const struct scenario *sc, const struct rule *r)
{
	for (size_t i = 0; i < sc->n_expect; i++) {
		if (is_ruled_out(r, &sc->expect[i]))
			return true;
	}
	return false;
}

static void find_rules(struct finding_unused *f)
{
	const struct scenario *sc = f->r->sc;

	for (size_t i = 0; f->r->engine && i < sc->n_rules; i++) {
		unsigned matched = engine_rule_matches(f->r->engine, i);
		auto_free char *what = NULL;

		if (engine_rule_hits(f->r->engine, i) ||
		    is_for_what_never_comes(sc, &sc->rules[i]))
			continue;
		what = !matched ? xstrdup("this rule matched no request") :
			xasprintf("this rule matched %u request%s and applied to "
				  "none", matched, matched == 1 ? "" : "s");
		see_unused(f, sc->rules[i].loc, what);
	}
}

void unused_find(struct run *r, struct buf *out)
{
	struct finding_unused f = { .r = r, .out = out };

	scenario_unused(r->sc, see_unused, &f);
	find_rules(&f);
	if (!r->log)
		return;
	f.events = evlog_sorted(r->log, &f.n_events);
	find_checks(&f);
	free(f.events);
}
