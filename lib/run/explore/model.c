/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is known is a tree: a node is a call, and the way to it the order of the calls
 * before it.  A run of one order makes all nodes of a way, so that most questions find
 * their answer.
 *
 * The files lie in the tmpfs that a sandbox has anyway, in a directory for each mount.
 */
#include "config.h"

#include "run/explore/model.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "act/actors.h"
#include "base/units.h"
#include "run/api/supervise.h"
#include "run/sandbox.h"

#define CALL_NS		NS_PER_S	/* a call that takes longer is blocked */
#define RUN_NS		(60 * NS_PER_S)

struct node {
	struct trail_call call;
	uint8_t *bytes;
	bool blocked;			/* the call did not return */
	struct trail_file *files;	/* NULL: not the last call of an order that was run */
	size_t n_files;
	uint8_t *file_bytes;
	struct node *next, *first;	/* another call instead; calls after it */
};

struct tmpfs_model {
	const struct scenario *sc;
	struct trail *trail;
	struct node root;
	const struct step *calls[TRAIL_CALLS];	/* all of the story */
	size_t n_calls;
	uint64_t runs;
	char *error;
};

/* ---- a run of one order --------------------------------------------------------- */

struct order {
	const struct scenario *sc;
	const struct step *calls[TRAIL_CALLS];
	size_t n;
	struct trail *trail;
};

static int make_file(const char *root, const struct mount_spec *m,
		     const struct file_spec *f)
{
	auto_free char *path = xasprintf("%s/%s%s", root, m->name, f->path);
	auto_free uint8_t *data = NULL;
	auto_close int fd = -1;

	if (f->type == NODE_DIR)
		return strcmp(f->path, "/") && mkdir(path, 0755) ? errno :
			chmod(path, f->mode) ? errno : 0;
	if (f->type == NODE_SYMLINK)
		return symlink(f->target, path) ? errno : 0;
	if (f->type == NODE_FIFO)
		return mkfifo(path, f->mode) ? errno : 0;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return errno;
	data = xmalloc(f->data.len + 1);
	data_copy(&f->data, 0, data, f->data.len, 0);
	if (pwrite(fd, data, f->data.len, 0) != (ssize_t)f->data.len ||
	    (f->size > f->data.len && ftruncate(fd, (off_t)f->size)) ||
	    fchmod(fd, f->mode))
		return errno ? errno : ENOSPC;
	return 0;
}

static bool make_files(const struct order *o, const struct sandbox *sb)
{
	for (size_t i = 0; i < o->sc->n_mounts; i++) {
		const struct mount_spec *m = &o->sc->mounts[i];
		auto_free char *dir = sandbox_mkdir(sb, m->name);

		for (size_t k = 0; dir && k < m->n_files; k++) {
			if (make_file(sb->root, m, &m->files[k]))
				return false;
		}
		if (!dir)
			return false;
	}
	return true;
}

static int write_data(const char *path, const struct file_change *c)
{
	auto_close int fd = open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK);
	auto_free uint8_t *data = xmalloc(c->data.len + 1);

	data_copy(&c->data, 0, data, c->data.len, 0);
	if (fd < 0 || pwrite(fd, data, c->data.len, (off_t)c->offset) !=
	    (ssize_t)c->data.len)
		return errno;
	return 0;
}

static int remove_file(const char *path)
{
	return unlink(path) && (errno != EISDIR || rmdir(path)) ? errno : 0;
}

/* What the server does to its files, done to those of the model.  Only kinds that
 * why_not_judged() lets pass. */
static int make_change(const struct order *o, const struct sandbox *sb,
		       const struct file_change *c)
{
	const char *mount = o->sc->mounts[c->mount].name;
	auto_free char *path = xasprintf("%s/%s%s", sb->root, mount, c->path);
	auto_free char *to = xasprintf("%s/%s%s", sb->root, mount, c->to ? c->to : "");

	switch (c->kind) {
	case CHANGE_WRITE:
		return write_data(path, c);
	case CHANGE_TRUNCATE:
		return truncate(path, (off_t)c->size) ? errno : 0;
	case CHANGE_REMOVE:
		return remove_file(path);
	case CHANGE_RENAME:
		return rename(path, to) ? errno : 0;
	case CHANGE_LINK:
		return link(path, to) ? errno : 0;
	default:
		die_bug("a change that the model does not know");
	}
}

/* False: it does not return. */
static bool make_call(struct actors *as, struct evlog *log, const struct order *o,
		      const struct step *step)
{
	uint64_t deadline = clock_ns() + CALL_NS;
	struct actor_look look;
	size_t seen;

	if (!actor_command(as, step))
		return false;
	for (;;) {
		seen = evlog_count(log);
		actor_look(as, step->call.actor, &look);
		if (!look.in_call)
			break;
		if (clock_ns() >= deadline)
			return false;
		evlog_wait_news(log, &seen, deadline);
	}
	trail_add_call(o->trail, step, 0, 1, actor_outcome(as, step->call.actor));
	return true;
}

static void keep_file(const struct order *o, const struct sandbox *sb,
		      const struct named_file *named)
{
	struct trail_file *f = trail_add_file(o->trail, named->mount, named->path);
	auto_free char *path = xasprintf("%s/%s%s", sb->root,
					 o->sc->mounts[named->mount].name, named->path);
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	auto_free uint8_t *data = xmalloc(TRAIL_FILE_DATA);
	struct stat st;
	ssize_t n;

	if (!f || fd < 0 || fstat(fd, &st) || !S_ISREG(st.st_mode))
		return;
	n = pread(fd, data, TRAIL_FILE_DATA, 0);
	if (n < 0)
		return;
	f->there = true;
	f->seen.has_size = true;
	f->seen.size = (uint64_t)st.st_size;
	f->seen.len = (uint32_t)n;
	f->seen.data = trail_put(o->trail, data, (size_t)n);
}

static void make_calls(const struct order *o, const struct sandbox *sb,
		       struct actors *as, struct evlog *log)
{
	struct named_file files[TRAIL_FILES];
	size_t n, i;

	for (i = 0; i < o->n; i++) {
		if (o->calls[i]->kind == STEP_SERVER) {
			trail_add_change(o->trail, o->calls[i], 0,
					 make_change(o, sb, &o->calls[i]->server));
		} else if (!make_call(as, log, o, o->calls[i])) {
			o->trail->end = TRAIL_STUCK;
			return;
		}
	}
	n = trail_named_files(o->sc, files);
	for (i = 0; i < n; i++)
		keep_file(o, sb, &files[i]);
	o->trail->end = o->trail->full ? TRAIL_FULL : TRAIL_WHOLE;
}

/* The body of its process.  All that is left goes with the process. */
static void run_order(void *ctx, int out_fd)
{
	const struct order *o = ctx;
	struct actor_limits limits;
	struct sandbox sb;
	_Atomic uint64_t *seq = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	const char *what;
	struct actors *as;
	struct evlog *log;
	char *why = NULL;
	int err;

	(void)out_fd;
	if (seq == MAP_FAILED || sandbox_enter(&sb, true, &why) ||
	    !make_files(o, &sb))
		return;
	actor_limits_of(o->sc, &limits);
	as = actors_spawn(o->sc, sb.root, &limits, NULL, -1, seq, &err, &what);
	if (!as)
		return;
	log = evlog_new(seq);
	actors_listen(as, log);
	make_calls(o, &sb, as, log);
	actors_kill(as, clock_ns() + CALL_NS, NULL, 0);
}

/* ---- the tree ---------------------------------------------------------------------- */

static struct node *find_child(const struct node *n, const struct step *step)
{
	struct node *c = n->first;

	while (c && c->call.step != step)
		c = c->next;
	return c;
}

static struct node *make_child(struct node *n, const struct step *step)
{
	struct node *c = find_child(n, step);

	if (c)
		return c;
	c = xcalloc(1, sizeof(*c));
	c->call.step = step;
	c->blocked = true;
	c->next = n->first;
	n->first = c;
	return c;
}

static void free_children(struct node *n)
{
	struct node *c, *next;

	for (c = n->first; c; c = next) {
		next = c->next;
		free_children(c);
		free(c->bytes);
		free(c->files);
		free(c->file_bytes);
		free(c);
	}
}

static void keep_call(struct node *n, const struct trail *t,
		      const struct trail_call *c)
{
	if (!n->blocked)
		return;
	n->blocked = false;
	n->call = *c;
	n->bytes = xmemdup(t->bytes + c->seen.data, c->seen.len);
	n->call.seen.data = 0;
}

static void keep_files(struct node *n, const struct trail *t)
{
	if (n->files || t->end != TRAIL_WHOLE)
		return;
	n->files = xmemdup(t->files, t->n_files * sizeof(*t->files));
	n->n_files = t->n_files;
	n->file_bytes = xmemdup(t->bytes, t->used);
}

/* ---- questions ---------------------------------------------------------------------- */

static bool has(const struct step *const *order, size_t n, const struct step *step)
{
	for (size_t i = 0; i < n; i++) {
		if (order[i] == step)
			return true;
	}
	return false;
}

/* Run the order, and behind it (whole) the calls that it lacks. */
static void ask(struct tmpfs_model *m, const struct step *const *order, size_t n,
		bool whole)
{
	struct order o = { .sc = m->sc, .n = n, .trail = m->trail };
	struct transported ignored;
	struct supervised process = { .uses_uring = false };
	struct node *at = &m->root;

	memcpy(o.calls, order, n * sizeof(*order));
	for (size_t i = 0; whole && i < m->n_calls; i++) {
		if (!has(order, n, m->calls[i]))
			o.calls[o.n++] = m->calls[i];
	}
	trail_clear(m->trail);
	sandbox_prepare();
	if (supervise_fork(&process, SIGKILL, sandbox_fork, run_order, &o)) {
		m->error = xasprintf("fork: %s", strerror(errno));
		return;
	}
	process.kill_at_ns = clock_ns() + RUN_NS;
	supervise_finish(&process, &ignored);
	transported_fini(&ignored);
	m->runs++;
	if (m->trail->end == TRAIL_NONE || m->trail->end == TRAIL_FULL) {
		m->error = xstrdup(m->trail->end == TRAIL_FULL ?
				   "the calls give more data than is compared" :
				   "the model could not be run");
		return;
	}
	for (size_t i = 0; i < o.n; i++) {
		at = make_child(at, o.calls[i]);
		if (i < m->trail->n_calls)
			keep_call(at, m->trail, &m->trail->calls[i]);
	}
	keep_files(at, m->trail);
}

static struct node *find(struct tmpfs_model *m, const struct step *const *order, size_t n)
{
	struct node *at = &m->root;

	for (size_t i = 0; at && i < n; i++)
		at = find_child(at, order[i]);
	return at;
}

static const struct trail_call *ask_call(void *ctx, const struct step *const *order,
					 size_t n, const uint8_t **bytes)
{
	struct tmpfs_model *m = ctx;
	struct node *node = find(m, order, n);

	if (!node && !m->error) {
		ask(m, order, n, true);
		node = find(m, order, n);
	}
	if (!node || node->blocked)
		return NULL;
	*bytes = node->bytes;
	return &node->call;
}

static const struct trail_file *ask_files(void *ctx, const struct step *const *order,
					  size_t n, size_t *n_files,
					  const uint8_t **bytes)
{
	struct tmpfs_model *m = ctx;
	struct node *node = find(m, order, n);

	if ((!node || !node->files) && !m->error) {
		ask(m, order, n, false);
		node = find(m, order, n);
	}
	if (!node || !node->files)
		return NULL;
	*n_files = node->n_files;
	*bytes = node->file_bytes;
	return node->files;
}

/* ---- public ------------------------------------------------------------------------- */

static void note_step(struct tmpfs_model *m, const struct step *step)
{
	if (m->n_calls == TRAIL_CALLS)
		m->error = xasprintf("more than %u calls", TRAIL_CALLS);
	else if (!m->error)
		m->calls[m->n_calls++] = step;
}

struct tmpfs_model *tmpfs_model_new(const struct scenario *sc)
{
	struct tmpfs_model *m = xcalloc(1, sizeof(*m));

	m->sc = sc;
	m->trail = trail_new();
	for (size_t i = 0; i < sc->n_steps; i++) {
		const struct step *step = &sc->steps[i];
		const struct explore *ex = step->explore;

		if (step->kind == STEP_CALL || step->kind == STEP_SERVER)
			note_step(m, step);
		for (size_t k = 0; step->kind == STEP_EXPLORE && k < ex->n_others; k++) {
			if (ex->others[k].kind == STEP_SERVER)
				note_step(m, &ex->others[k]);
		}
		for (size_t p = 0; step->kind == STEP_EXPLORE && p < ex->n_parts; p++)
			for (size_t c = 0; c < ex->parts[p].n_calls; c++)
				note_step(m, &ex->parts[p].calls[c]);
	}
	return m;
}

void tmpfs_model_free(struct tmpfs_model *m)
{
	free_children(&m->root);
	trail_free(m->trail);
	free(m->error);
	free(m);
}

struct model tmpfs_model_asked(struct tmpfs_model *m)
{
	return (struct model){ ask_call, ask_files, m };
}

uint64_t tmpfs_model_runs(const struct tmpfs_model *m)
{
	return m->runs;
}

const char *tmpfs_model_error(const struct tmpfs_model *m)
{
	return m->error;
}
