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

#include "run/evict.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>

#include "base/mem.h"

enum phase { PRUNES, DROPS_NAMES, ASKS };

struct eviction {
	atomic_uint users;
	int mount;
	char **paths;			/* below first */
	size_t n;
	struct file_ref *refs;
	struct notify_spec prune, *entries, *probes;
	struct field_set attributes_only;
	bool no_prune;			/* the kernel does not know it */
	enum phase phase;		/* of the round */
	size_t at;			/* DROPS_NAMES, ASKS: which one */
};

void eviction_hold(struct eviction *ev)
{
	atomic_fetch_add(&ev->users, 1);
}

void eviction_drop(struct eviction *ev)
{
	if (!ev || atomic_fetch_sub(&ev->users, 1) > 1)
		return;
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

struct eviction *eviction_new(struct engine *e, int mount, const char *path,
			      struct loc loc)
{
	struct eviction *ev = xcalloc(1, sizeof(*ev));
	size_t i;

	atomic_init(&ev->users, 1);
	ev->mount = mount;
	ev->n = engine_paths(e, mount, path, &ev->paths);
	ev->refs = xcalloc(ev->n, sizeof(*ev->refs));
	ev->entries = xcalloc(ev->n, sizeof(*ev->entries));
	ev->probes = xcalloc(ev->n, sizeof(*ev->probes));
	ev->attributes_only = (struct field_set){
		.f = note_arg(note_by_code(&protocol_builtin, NOTE_INVAL_INODE), "off", 3),
		.num = UINT64_MAX,
	};
	ev->prune = spec_of(ev, NOTE_PRUNE, loc);
	ev->prune.others = ev->refs;
	ev->prune.n_others = ev->n;
	for (i = 0; i < ev->n; i++) {
		ev->refs[i] = (struct file_ref){ .mount = ev->mount, .path = ev->paths[i] };
		ev->entries[i] = spec_of(ev, NOTE_INVAL_ENTRY, loc);
		set_entry(&ev->entries[i], ev->mount, ev->paths[i]);
		ev->probes[i] = spec_of(ev, NOTE_INVAL_INODE, loc);
		ev->probes[i].file = ev->refs[i];
		ev->probes[i].sets = &ev->attributes_only;
		ev->probes[i].n_sets = 1;
	}
	return ev;
}

size_t eviction_size(const struct eviction *ev)
{
	return ev->n;
}

const char *eviction_path(const struct eviction *ev, size_t i)
{
	return ev->paths[i];
}

static const struct notify_spec *ask(struct eviction *ev, size_t which)
{
	ev->phase = ASKS;
	ev->at = which;
	return which < ev->n ? &ev->probes[which] : NULL;
}

static const struct notify_spec *drop_name(struct eviction *ev, size_t which)
{
	ev->phase = DROPS_NAMES;
	ev->at = which;
	return which < ev->n ? &ev->entries[which] : ask(ev, 0);
}

const struct notify_spec *eviction_begin(struct eviction *ev)
{
	ev->phase = PRUNES;
	return ev->no_prune ? drop_name(ev, 0) : &ev->prune;
}

const struct notify_spec *eviction_next(struct eviction *ev, int err)
{
	switch (ev->phase) {
	case PRUNES:
		ev->no_prune = err == EINVAL;
		return ev->no_prune ? drop_name(ev, 0) : ask(ev, 0);
	case DROPS_NAMES:
		return drop_name(ev, ev->at + 1);
	case ASKS:
		return err == ENOENT ? ask(ev, ev->at + 1) : NULL;
	}
	return NULL;
}

size_t eviction_known(const struct eviction *ev)
{
	return ev->at;
}
