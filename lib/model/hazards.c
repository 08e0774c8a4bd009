/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of shapes.  doc/kernel-findings.md tells what they do to a kernel. */
#include "config.h"

#include "model/hazards.h"

#include <fnmatch.h>
#include <string.h>

#include "wire/proto.h"

/* One file of a mount, and what is done to it. */
struct watched {
	const struct scenario *sc;
	int mount;
	const char *path;
	bool *vars;		/* of sc->n_vars: descriptors of it */
	bool is_mapped;
	unsigned writers;
	const struct call_use *last;	/* that wrote */
};

static bool is_file(const struct watched *w, const struct file_ref *ref)
{
	if (ref->mount != NONE && ref->mount != w->mount)
		return false;
	if (!ref->path)
		return true;
	return ref->is_glob ? !fnmatch(ref->path, w->path, FNM_PATHNAME) :
		!strcmp(ref->path, w->path);
}

/* ---- parallel direct writers onto a page that a READ locks ----------------------- */

#define PARALLEL	(FOPEN_DIRECT_IO | FOPEN_PARALLEL_DIRECT_WRITES)

static bool is_parallel(uint64_t open_flags)
{
	return (open_flags & PARALLEL) == PARALLEL;
}

static bool names_op(const struct rule *r, enum opcode opcode)
{
	size_t i;

	for (i = 0; i < r->n_ops; i++)
		if (r->ops[i]->opcode == (uint32_t)opcode)
			return true;
	return !r->n_ops;
}

/* Where the low byte of open_flags is, which has both flags, in replies that open
 * a file.  By offset: a scenario may have declared other names for the bytes. */
static const struct opening {
	enum opcode opcode;
	size_t at;
} openings[] = {
	{ OP_OPEN, offsetof(struct wire_open_out, open_flags) },
	{ OP_CREATE, sizeof(struct wire_entry_out) +
		offsetof(struct wire_open_out, open_flags) },
	{ OP_TMPFILE, sizeof(struct wire_entry_out) +
		offsetof(struct wire_open_out, open_flags) },
};

static bool sets_parallel(const struct field_set *set, size_t at)
{
	size_t width = field_width(set->f);

	return at >= set->f->at && at < set->f->at + width &&
		is_parallel(set->num >> 8 * (at - set->f->at));
}

static bool says_parallel(const struct reply_spec *reply, size_t at)
{
	size_t i;

	/* The body as bytes; or bytes behind the fields, with which they go on. */
	if (reply->has_raw)
		return at < reply->raw_len && is_parallel(reply->raw[at]);
	if (reply->has_data)
		return true;
	for (i = 0; i < reply->n_sets; i++)
		if (sets_parallel(&reply->sets[i], at))
			return true;
	return false;
}

/* Does the reply open a file so, if it is one to a request that the rule matches? */
static bool opens_parallel(const struct rule *r, const struct reply_spec *reply)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(openings); i++)
		if (names_op(r, openings[i].opcode) &&
		    says_parallel(reply, openings[i].at))
			return true;
	return false;
}

/* Do replies to what the gate holds of the file's requests open it so? */
static bool answered_parallel(const struct watched *w, int gate,
			      const struct reply_spec *reply)
{
	size_t i;

	for (i = 0; i < w->sc->n_rules; i++)
		if (w->sc->rules[i].gate == gate &&
		    is_file(w, &w->sc->rules[i].file) &&
		    opens_parallel(&w->sc->rules[i], reply))
			return true;
	return false;
}

/* Is it opened so, by the filesystem, a rule or a step? */
static bool is_opened_parallel(const struct watched *w, uint32_t open_flags)
{
	const struct scenario *sc = w->sc;
	size_t i;

	if (is_parallel(open_flags))
		return true;
	for (i = 0; i < sc->n_rules; i++) {
		const struct rule *r = &sc->rules[i];

		if (is_file(w, &r->file) && opens_parallel(r, &r->reply))
			return true;
		if (r->answer_gate != NONE &&
		    answered_parallel(w, r->answer_gate, &r->answer))
			return true;
	}
	for (i = 0; i < sc->n_steps; i++) {
		const struct step *step = &sc->steps[i];

		if (step->kind == STEP_ANSWER &&
		    answered_parallel(w, step->answer.which.gate,
				      &step->answer.reply))
			return true;
	}
	return false;
}

/* Does it keep a READ of the file waiting: itself, or since nobody reads it? */
static bool keeps_waiting(const struct watched *w, const struct rule *r)
{
	if (r->stall || r->busy)
		return true;
	return names_op(r, OP_READ) && is_file(w, &r->file) &&
		(r->gate != NONE || r->drop || r->delay_max_ns || r->bandwidth ||
		 r->n_notify_before);
}

/* Where a READ is kept waiting, and its page locked; false: nowhere. */
static bool keeps_read(const struct watched *w, struct loc *at)
{
	size_t i;

	for (i = 0; i < w->sc->n_rules; i++)
		if (keeps_waiting(w, &w->sc->rules[i])) {
			*at = w->sc->rules[i].loc;
			return true;
		}
	for (i = 0; i < w->sc->n_steps; i++)
		/* an explore step holds every request in one order or another */
		if (w->sc->steps[i].kind == STEP_STALL ||
		    w->sc->steps[i].kind == STEP_EXPLORE) {
			*at = w->sc->steps[i].loc;
			return true;
		}
	return false;
}

static bool opens(const struct call_use *use)
{
	return use->call->id == CALL_open || use->call->id == CALL_creat;
}

static void note_open(void *ctx, struct loc loc, const struct call_use *use)
{
	struct watched *w = ctx;
	const struct arg *path = &use->args[0];

	(void)loc;
	if (opens(use) && use->result_var != NONE && path->mount == w->mount &&
	    path->str && !strcmp(path->str, w->path))
		w->vars[use->result_var] = true;
}

static bool is_of(const struct watched *w, const struct arg *fd)
{
	return fd->var >= 0 && (size_t)fd->var < w->sc->n_vars && w->vars[fd->var];
}

static bool is_write(enum call_id id)
{
	return id == CALL_write || id == CALL_pwrite || id == CALL_writev ||
		id == CALL_pwritev || id == CALL_pwritev2 || id == CALL_aio_write;
}

/* Two calls of one actor are at the same time only if they are asynchronous. */
static void note_use(void *ctx, struct loc loc, const struct call_use *use)
{
	struct watched *w = ctx;

	(void)loc;
	if (!is_of(w, &use->args[0]))
		return;
	if (use->call->id == CALL_mmap)
		w->is_mapped = true;
	if (!is_write(use->call->id))
		return;
	w->writers += !w->last || w->last->actor != use->actor ||
		use->call->id == CALL_aio_write;
	w->last = use;
}

static bool is_written_and_mapped(struct watched *w)
{
	bool yes;

	w->vars = xcalloc(w->sc->n_vars + 1, sizeof(*w->vars));
	scenario_each_call(w->sc, note_open, w);
	scenario_each_call(w->sc, note_use, w);
	yes = w->is_mapped && w->writers > 1;
	free(w->vars);
	return yes;
}

static bool is_one(const struct scenario *sc, int mount, const struct file_spec *f,
		   struct loc *at)
{
	struct watched w = { .sc = sc, .mount = mount, .path = f->path };

	return is_opened_parallel(&w, f->open_flags) && keeps_read(&w, at) &&
		is_written_and_mapped(&w);
}

/* A file that a call may make, or that only a reply says is there. */
struct called_search {
	const struct scenario *sc;
	struct loc *at;
	bool found;
};

static void try_call(void *ctx, struct loc loc, const struct call_use *use)
{
	struct called_search *s = ctx;
	const struct arg *path = &use->args[0];
	const struct file_spec file = { .path = path->str };

	(void)loc;
	if (opens(use) && path->mount != NONE && path->str && !s->found)
		s->found = is_one(s->sc, path->mount, &file, s->at);
}

static bool find_locked_page(const struct scenario *sc, struct loc *at)
{
	struct called_search called = { .sc = sc, .at = at };
	size_t i, k;

	for (i = 0; i < sc->n_mounts; i++)
		for (k = 0; k < sc->mounts[i].n_files; k++)
			if (is_one(sc, (int)i, &sc->mounts[i].files[k], at))
				return true;
	scenario_each_call(sc, try_call, &called);
	return called.found;
}

/* ---- the machine sleeps ----------------------------------------------------------- */

struct suspend_search {
	struct loc *at;
	bool found;
};

static void note_suspend(void *ctx, struct loc loc, const struct call_use *use)
{
	struct suspend_search *s = ctx;

	if (use->call->id == CALL_suspend && !s->found) {
		s->found = true;
		*s->at = loc;
	}
}

static bool find_suspend(const struct scenario *sc, struct loc *at)
{
	struct suspend_search s = { at, false };

	scenario_each_call(sc, note_suspend, &s);
	return s.found;
}

/* ---- the table ---------------------------------------------------------------------- */

static const struct hazard_shape shapes[] = {
	{ "kernel_crash", "parallel direct writers, and a READ that keeps a mapped "
	  "page locked", find_locked_page },
	{ "suspend", "the machine is suspended", find_suspend },
};

const struct hazard_shape *hazard_find(const struct scenario *sc, struct loc *at)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(shapes); i++)
		if (shapes[i].find(sc, at))
			return &shapes[i];
	return NULL;
}
