/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of shapes.  doc/kernel-findings.md tells what they do to a kernel. */
#include "config.h"

#include "model/hazards.h"

#include <fnmatch.h>
#include <string.h>

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

/* Does a rule open it so?  (As a reply of its own, or as one that it changes.) */
static bool opens_parallel(const struct watched *w, const struct rule *r)
{
	size_t i;

	for (i = 0; i < r->reply.n_sets; i++)
		if (!strcmp(r->reply.sets[i].f->name, "open_flags") &&
		    is_parallel(r->reply.sets[i].num))
			return is_file(w, &r->file);
	return false;
}

static bool names_op(const struct rule *r, enum opcode opcode)
{
	size_t i;

	for (i = 0; i < r->n_ops; i++)
		if (r->ops[i]->opcode == (uint32_t)opcode)
			return true;
	return !r->n_ops;
}

/* The rule that keeps a READ waiting, and its page locked; NULL: none. */
static const struct rule *keeps_read(const struct watched *w)
{
	size_t i;

	for (i = 0; i < w->sc->n_rules; i++) {
		const struct rule *r = &w->sc->rules[i];

		if (names_op(r, OP_READ) && is_file(w, &r->file) &&
		    (r->gate != NONE || r->drop || r->stall || r->delay_max_ns ||
		     r->bandwidth))
			return r;
	}
	return NULL;
}

static void note_open(void *ctx, struct loc loc, const struct call_use *use)
{
	struct watched *w = ctx;
	const struct arg *path = &use->args[0];

	(void)loc;
	if ((use->call->id == CALL_open || use->call->id == CALL_creat) &&
	    use->result_var != NONE && path->mount == w->mount && path->str &&
	    !strcmp(path->str, w->path))
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
	const struct rule *keeping = keeps_read(&w);
	bool parallel = is_parallel(f->open_flags);
	size_t i;

	for (i = 0; i < sc->n_rules; i++)
		parallel |= opens_parallel(&w, &sc->rules[i]);
	if (!parallel || !keeping || !is_written_and_mapped(&w))
		return false;
	*at = keeping->loc;
	return true;
}

static bool find_locked_page(const struct scenario *sc, struct loc *at)
{
	size_t i, k;

	for (i = 0; i < sc->n_mounts; i++)
		for (k = 0; k < sc->mounts[i].n_files; k++)
			if (is_one(sc, (int)i, &sc->mounts[i].files[k], at))
				return true;
	return false;
}

/* ---- the table ---------------------------------------------------------------------- */

static const struct hazard_shape shapes[] = {
	{ "kernel_crash", "parallel direct writers, and a READ that keeps a mapped "
	  "page locked", find_locked_page },
};

const struct hazard_shape *hazard_find(const struct scenario *sc, struct loc *at)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(shapes); i++)
		if (shapes[i].find(sc, at))
			return &shapes[i];
	return NULL;
}
