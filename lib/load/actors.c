/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Actors: names first, then who shares a process with whom.  One thread. */
#include "config.h"

#include "load/actors.h"

#include <string.h>

#include "base/limits.h"
#include "load/read/schema.h"
#include "load/read/values.h"

#define AT(member)	offsetof(struct actor_spec, member)
#define END		{ NULL, NULL, 0, false }

static bool is_taken(const struct loader *ld, const char *name)
{
	const struct keyword *k;

	for (k = step_keywords; k->name; k++)
		if (!strcmp(k->name, name))
			return true;
	return !strcmp(name, "reply") ||
	       op_by_name(ld->sc->protocol, name, strlen(name)) ||
	       actor_find(ld->sc, name, strlen(name)) != NONE;
}

static int add_actor(struct loader *ld, const struct ynode *name)
{
	struct scenario *sc = ld->sc;
	struct actor_spec actor = { .process = (int)sc->n_actors,
				    .cpu = NONE };
	struct text t;

	if (value_name(ld, name, "the name of an actor", &t))
		return -1;
	if (is_taken(ld, t.s))
		return diag(ld->dg, name->loc, "\"%s\" has another meaning "
			    "already; choose another name", t.s);
	if (sc->n_actors == LIMIT_ACTORS)
		return diag_limit(ld->dg, name->loc, LIMIT_OF(ACTORS));
	actor.loc = name->loc;
	actor.name = t.s;
	ARENA_PUSH(ld->arena, sc->actors, sc->n_actors, actor);
	return 0;
}

/* NAME, or NAME: {...} */
static int read_name(struct loader *ld, const struct ynode *n, void *unused)
{
	(void)unused;
	if (n->kind == Y_SCALAR)
		return add_actor(ld, n);
	if (n->kind != Y_MAP || n->n_items != 2)
		return diag(ld->dg, n->loc, "expected an actor (name, or "
			    "{name: {...}}), got %s", ynode_describe(n));
	return add_actor(ld, n->items[0]);
}

static int read_process(struct loader *ld, const struct ynode *n, void *p)
{
	struct actor_spec *actor = p;
	struct text t;
	int other;

	if (value_text(ld, n, "the name of an actor", &t))
		return -1;
	other = actor_find(ld->sc, t.s, t.len);
	if (other == NONE)
		return diag_unknown(ld->dg, text_loc(&t, 0, t.len), "actor",
				    t.s, t.len, actor_words(ld->sc));
	/* whose own process is known: itself, or an actor further up */
	if (&ld->sc->actors[other] >= actor)
		return diag(ld->dg, n->loc, "the actor whose process is shared "
			    "comes first in the list");
	actor->process = ld->sc->actors[other].process;
	return 0;
}

static int read_cpu(struct loader *ld, const struct ynode *n, void *p)
{
	struct actor_spec *actor = p;
	uint64_t v;

	if (value_count(ld, n, 0, LIMIT_CPUS - 1, &v))
		return -1;
	actor->cpu = (int)v;
	return 0;
}

static int read_group(struct loader *ld, const struct ynode *n, void *p)
{
	struct actor_spec *actor = p;
	uint32_t group;

	if (value_u32(ld, n, &group))
		return -1;
	if (actor->n_groups == LIMIT_GROUPS)
		return diag_limit(ld->dg, n->loc, LIMIT_OF(GROUPS));
	ARENA_PUSH(ld->arena, actor->groups, actor->n_groups, group);
	return 0;
}

static int read_groups(struct loader *ld, const struct ynode *n, void *p)
{
	return n->kind == Y_SCALAR && n->len ? read_group(ld, n, p) :
		schema_each(ld, n, "a list of groups", read_group, p);
}

static int read_memory(struct loader *ld, const struct ynode *n, void *u64)
{
	if (value_size(ld, n, u64))
		return -1;
	return *(uint64_t *)u64 >= ACTOR_MEMORY_LEAST ? 0 :
		diag(ld->dg, n->loc, "the process of an actor takes 4M itself");
}

static int read_details(struct loader *ld, const struct ynode *n,
			struct actor_spec *actor)
{
	static const struct key keys[] = {
		{ "process", read_process, 0, false },
		{ "uid", value_u32, AT(uid), false },
		{ "gid", value_u32, AT(gid), false },
		{ "groups", read_groups, 0, false },
		{ "cpu", read_cpu, 0, false },
		{ "namespaces", value_namespaces, AT(namespaces), false },
		{ "memory_max", read_memory, AT(memory_max), false },
		{ "memory_high", read_memory, AT(memory_high), false },
		END
	};
	static const struct schema schema = { "an actor", keys, NULL, NULL };
	const struct ynode *groups;
	bool has_uid, has_gid;

	if (schema_read(ld, n, &schema, actor))
		return -1;
	has_uid = ynode_get(n, "uid");
	has_gid = ynode_get(n, "gid");
	if (actor->namespaces && ynode_get(n, "process"))
		return diag(ld->dg, ynode_get(n, "namespaces")->loc, "threads of a "
			    "process are in the namespaces of the process");
	if ((actor->memory_max || actor->memory_high) && ynode_get(n, "process"))
		return diag(ld->dg, n->loc, "threads of a process share the memory of "
			    "the process");
	actor->has_ids = has_uid || has_gid;
	if (has_uid && !has_gid)
		actor->gid = actor->uid;
	groups = ynode_get(n, "groups");
	if (groups && !actor->has_ids)
		return diag(ld->dg, groups->loc, "groups are for an actor with a "
			    "\"uid\" or \"gid\" of its own");
	return 0;
}

int load_actors(struct loader *ld, const struct ynode *n)
{
	struct scenario *sc = ld->sc;
	int bad = 0, names_bad;
	size_t i;

	if (n)
		bad = schema_each(ld, n, "a list of actors", read_name, NULL);
	names_bad = bad;	/* then actors and items do not pair up */
	for (i = 0; !names_bad && i < sc->n_actors; i++)
		if (n->items[i]->kind == Y_MAP)
			bad |= read_details(ld, n->items[i]->items[1],
					    &sc->actors[i]);
	ld->running = ARENA_ARRAY(ld->arena, struct running, sc->n_actors);
	return bad;
}
