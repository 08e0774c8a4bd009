/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Evicting files.  drop_caches is about the whole machine, and leaves what it
 * likes; this is about the nodes that are meant and no others, and says when it is
 * done:
 *
 *	PRUNE		drops unused names of the nodes, and with the last one the
 *			kernel forgets the node (fs/fuse/inode.c:
 *			fuse_try_prune_one_inode()).  A kernel that does not know
 *			it (EINVAL) is told INVAL_ENTRY for each name.
 *	INVAL_INODE	asks whether it has: ENOENT (fuse_reverse_inval_inode()).
 *			fuse_ilookup() waits for an inode that is being freed,
 *			so its FORGET is queued by then.
 *
 * Both again until all nodes are forgotten, or nothing moves any more.
 */
#include "config.h"

#include "run/conduct/evict.h"

#include <errno.h>
#include <string.h>

#include "base/units.h"
#include "run/conduct/proof.h"
#include "run/conduct/wait.h"

#define AGAIN_NS	(5 * NS_PER_MS)

struct eviction {
	struct eviction *next;		/* of the run, to be freed at its end */
	int mount;
	char **paths;			/* below first */
	size_t n;
	struct file_ref *refs;
	struct notify_spec prune, *entries, *probes;
	struct field_set attributes_only;
	bool no_prune;			/* the kernel does not know it */
};

void evictions_free(struct eviction *list)
{
	while (list) {
		struct eviction *ev = list;

		list = ev->next;
		for (size_t i = 0; i < ev->n; i++) {
			free(ev->paths[i]);
			free((char *)ev->entries[i].file.path);
		}
		free(ev->paths);
		free(ev->refs);
		free(ev->entries);
		free(ev->probes);
		free(ev);
	}
}

static struct notify_spec spec_of(const struct eviction *ev, enum note_code code,
				  struct loc loc)
{
	return (struct notify_spec){
		.loc = loc, .note = note_by_code(&protocol_builtin, code), .name = NONE,
		.mount = ev->mount, .file = { .mount = NONE },
	};
}

/* A name in its directory. */
static void set_entry(struct notify_spec *spec, int mount, const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t len = slash == path ? 1 : (size_t)(slash - path);

	spec->file = (struct file_ref){ .mount = mount, .path = xasprintf("%.*s", (int)len, path) };
	spec->child = slash + 1;
}

static struct eviction *prepare(struct run *r, const struct step *step)
{
	struct eviction *ev = xcalloc(1, sizeof(*ev));
	size_t i;

	ev->mount = step->evict.mount;
	ev->n = engine_paths(r->engine, ev->mount, step->evict.path, &ev->paths);
	ev->refs = xcalloc(ev->n, sizeof(*ev->refs));
	ev->entries = xcalloc(ev->n, sizeof(*ev->entries));
	ev->probes = xcalloc(ev->n, sizeof(*ev->probes));
	ev->attributes_only = (struct field_set){
		.f = note_arg(note_by_code(&protocol_builtin, NOTE_INVAL_INODE), "off", 3),
		.num = UINT64_MAX,
	};
	ev->prune = spec_of(ev, NOTE_PRUNE, step->loc);
	ev->prune.others = ev->refs;
	ev->prune.n_others = ev->n;
	for (i = 0; i < ev->n; i++) {
		ev->refs[i] = (struct file_ref){ .mount = ev->mount, .path = ev->paths[i] };
		ev->entries[i] = spec_of(ev, NOTE_INVAL_ENTRY, step->loc);
		set_entry(&ev->entries[i], ev->mount, ev->paths[i]);
		ev->probes[i] = spec_of(ev, NOTE_INVAL_INODE, step->loc);
		ev->probes[i].file = ev->refs[i];
		ev->probes[i].sets = &ev->attributes_only;
		ev->probes[i].n_sets = 1;
	}
	ev->next = r->evictions;
	r->evictions = ev;
	return ev;
}

/* ---- one notification ---- */

struct writing {
	size_t since;			/* in the log */
	struct loc loc;			/* the step's, and of no other notification */
	int error;
};

static bool loc_is(struct loc a, struct loc b)
{
	return a.line == b.line && a.col == b.col;
}

static bool is_written(struct run *r, const void *arg)
{
	struct writing *w = (struct writing *)arg;
	const struct event *events[64];
	size_t i, n;

	while ((n = evlog_more(r->log, &w->since, events, ARRAY_SIZE(events))))
		for (i = 0; i < n; i++)
			if (events[i]->kind == EV_NOTE_DONE &&
			    loc_is(events[i]->notify->loc, w->loc)) {
				w->error = events[i]->error;
				return true;
			}
	return false;
}

/* Its errno; NONE: it does not return. */
static int tell(struct run *r, const struct step *step, const struct notify_spec *spec)
{
	struct writing w = { .since = evlog_count(r->log), .loc = spec->loc };

	server_notify(r->server, spec);
	return run_wait(r, step->timeout_ns, is_written, &w) ? w.error : NONE;
}

static int drop_names(struct run *r, const struct step *step, struct eviction *ev)
{
	int err = 0;
	size_t i;

	if (!ev->no_prune) {
		err = tell(r, step, &ev->prune);
		ev->no_prune = err == EINVAL;
	}
	for (i = 0; i < ev->n && ev->no_prune && err != NONE; i++)
		err = tell(r, step, &ev->entries[i]);
	return err;
}

/* The first that the kernel still knows; n: none.  NONE: a notification does not
 * return. */
static int find_known(struct run *r, const struct step *step,
		      const struct eviction *ev)
{
	size_t i;
	int err;

	for (i = 0; i < ev->n; i++) {
		err = tell(r, step, &ev->probes[i]);
		if (err == NONE)
			return NONE;
		if (err != ENOENT)
			break;
	}
	return (int)i;
}

static bool all_read(struct run *r, const void *mount)
{
	return proof_all_read(r, *(const int *)mount);
}

/* ---- what is in the way ---- */

/* How often the file was opened and not released. */
static unsigned count_open(struct run *r, int mount, const char *path)
{
	const struct event **events;
	unsigned opened = 0, released = 0;
	size_t i, n;

	events = evlog_sorted(r->log, &n);
	for (i = 0; i < n; i++) {
		const struct event *ev = events[i];
		bool opens = ev->op && ev->op->flags & OPF_OPEN;

		if (ev->mount != mount || !ev->path || strcmp(ev->path, path))
			continue;
		opened += ev->kind == EV_REPLY && opens && !ev->error &&
			!ev->write_errno;
		released += ev->kind == EV_REQUEST && (ev->opcode == OP_RELEASE ||
						       ev->opcode == OP_RELEASEDIR);
	}
	free(events);
	return opened > released ? opened - released : 0;
}

static char *reason(struct run *r, const struct eviction *ev, int known)
{
	const char *path;
	unsigned open;

	if (known == NONE)
		return xstrdup("a notification for it does not return");
	path = ev->paths[known];
	open = count_open(r, ev->mount, path);
	if (open)
		return xasprintf("the kernel keeps %s: it is open (%u not released)",
				 path, open);
	return xasprintf("the kernel keeps %s: something uses it (a mapping, a "
			 "working directory, a request, a name below it)", path);
}

/* ---- the step ---- */

static bool fail_step(struct run *r, const struct step *step, char *why)
{
	run_fail(r, step->loc, xstrdup(step->text),
		 xstrdup("the kernel forgets all of it"), why, run_situation(r));
	return false;
}

static bool exists(struct run *r, const struct step *step)
{
	uint64_t size;

	return server_peek(r->server, step->evict.mount, step->evict.path, 0, NULL, 0,
			   &size) != -ENOENT;
}

bool evict_run(struct run *r, const struct step *step)
{
	struct patience patience = { 0 };
	struct eviction *ev = prepare(r, step);
	int known;

	/* What the wire never named, the kernel does not know. */
	if (!ev->n)
		return exists(r, step) ||
			fail_step(r, step, xstrdup("there is no such file"));
	for (;;) {
		known = drop_names(r, step, ev) == NONE ? NONE :
			find_known(r, step, ev);
		/* Two FORGETs that nobody has read yet become one request. */
		if (known == (int)ev->n)
			return run_wait(r, step->timeout_ns, all_read, &ev->mount) ||
				fail_step(r, step, xstrdup("the server does not read the FORGET"));
		/* The threads of the notifications are gone by then. */
		sleep_ns(AGAIN_NS);
		if (known == NONE || clock_ns() >= r->deadline_ns ||
		    patience_ends(r, &patience))
			return fail_step(r, step, reason(r, ev, known));
	}
}
