/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The groups are right below the highest one that we may see, where nobody's processes
 * are in the way of giving memory to them (cgroups(7), "no internal processes"). */
#include "config.h"

#include "run/groups.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cgroups.h"
#include "base/mem.h"
#include "base/units.h"

#define LEAVE_NS	(10 * NS_PER_S)
#define AGAIN_NS	(5 * NS_PER_MS)
#define NAMES_MAX	1000

static bool has_group(const struct scenario *sc, size_t actor)
{
	return sc->actors[actor].process == (int)actor;
}

static int open_group(const struct groups *g, const struct scenario *sc, int actor)
{
	const char *name = sc->actors[sc->actors[actor].process].name;

	return openat(g->dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* ---- the end ---------------------------------------------------------------------- */

struct made {
	int top, dir;
	const char *name;
	const struct scenario *sc;
};

/* A group whose processes are not quite gone cannot be removed; what is frozen can be
 * killed. */
static void take_away(const void *what)
{
	const struct made *m = what;
	uint64_t deadline = clock_ns() + LEAVE_NS;
	size_t i;

	do {
		for (i = 0; i < m->sc->n_actors; i++)
			unlinkat(m->dir, m->sc->actors[i].name, AT_REMOVEDIR);
		if (!unlinkat(m->top, m->name, AT_REMOVEDIR) || errno == ENOENT)
			return;
		sleep_ns(AGAIN_NS);
	} while (clock_ns() < deadline);
}

void groups_remove(struct groups *g)
{
	if (g->dir >= 0)
		close(g->dir);
	keeper_end(&g->keeper);
	*g = (struct groups)GROUPS_NONE;
}

/* ---- the beginning ---------------------------------------------------------------- */

static int make_dir(int top, char **name)
{
	unsigned i;
	int dir = -1;

	for (i = 0; i < NAMES_MAX && dir < 0; i++) {
		free(*name);
		*name = xasprintf("fusescen-%d-%u", (int)getpid(), i);
		dir = cgroup_make(top, *name);
		if (dir < 0 && errno != EEXIST)
			break;
	}
	return dir;
}

static int limit(int group, const char *file, uint64_t bytes)
{
	auto_free char *text = xasprintf("%llu", (unsigned long long)bytes);

	return bytes ? cgroup_put(group, file, text) : 0;
}

static int limit_memory(int group, const struct actor_spec *a)
{
	int err = limit(group, "memory.max", a->memory_max);

	/* where there is no swap, there is no such file */
	cgroup_put(group, "memory.swap.max", "0");
	return err ? err : limit(group, "memory.high", a->memory_high);
}

static int fill(int dir, const struct scenario *sc)
{
	bool with_memory = scenario_limits_memory(sc);
	int err = with_memory ? cgroup_put(dir, "cgroup.subtree_control", "+memory") : 0;
	size_t i;

	for (i = 0; i < sc->n_actors && !err; i++) {
		auto_close int group = -1;

		if (!has_group(sc, i))
			continue;
		group = cgroup_make(dir, sc->actors[i].name);
		if (group < 0)
			return errno;
		if (with_memory)
			err = limit_memory(group, &sc->actors[i]);
	}
	return err;
}

char *groups_make(struct groups *g, const struct scenario *sc)
{
	auto_free char *name = NULL;
	auto_close int top = -1;
	struct made made = { .sc = sc };
	int err;

	if (!scenario_freezes(sc) && !scenario_limits_memory(sc))
		return NULL;
	top = cgroup_top();
	g->dir = top < 0 ? -1 : make_dir(top, &name);
	if (g->dir < 0)
		return xasprintf("no control group: %s", strerror(errno));
	made.top = top;
	made.dir = g->dir;
	made.name = name;
	if (keeper_start(&g->keeper, take_away, &made)) {
		err = errno;
		take_away(&made);
	} else {
		err = fill(g->dir, sc);
	}
	if (!err)
		return NULL;
	groups_remove(g);
	return xasprintf("no control groups for the actors: %s", strerror(err));
}

const char *groups_missing(bool with_memory)
{
	static const struct scenario nobody;
	auto_close int top = cgroup_top();
	auto_free char *name = NULL;
	struct made made = { .top = top, .dir = -1, .sc = &nobody };
	const char *why = NULL;

	if (top < 0)
		return "no control groups: run as root on a kernel with CONFIG_CGROUPS";
	if (with_memory && !cgroup_says(top, "cgroup.subtree_control", "memory"))
		return "no memory in control groups of version 2: as root, echo "
			"+memory >/sys/fs/cgroup/cgroup.subtree_control; it cannot "
			"be where version 1 has it";
	made.dir = make_dir(top, &name);
	if (made.dir < 0)
		return "no permission to make control groups: give the container "
			"cgroup2 to write to";
	made.name = name;
	if (faccessat(made.dir, "cgroup.freeze", W_OK, 0))
		why = "no cgroup.freeze: Linux 5.2 brought it";
	else if (with_memory && faccessat(made.dir, "memory.reclaim", W_OK, 0))
		why = "no memory.reclaim: Linux 5.19 brought it";
	take_away(&made);
	close(made.dir);
	return why;
}

/* ---- the actors ------------------------------------------------------------------- */

int groups_freeze(const struct groups *g, const struct scenario *sc, int actor, bool freeze)
{
	auto_close int group = open_group(g, sc, actor);

	return group < 0 ? errno : cgroup_put(group, "cgroup.freeze", freeze ? "1" : "0");
}

bool groups_is_frozen(const struct groups *g, const struct scenario *sc, int actor)
{
	auto_close int group = open_group(g, sc, actor);

	return group >= 0 && cgroup_says(group, "cgroup.events", "frozen 1");
}

const char *groups_out_of_memory(const struct groups *g, const struct scenario *sc)
{
	size_t i;

	for (i = 0; g->dir >= 0 && i < sc->n_actors; i++) {
		auto_close int group = has_group(sc, i) ? open_group(g, sc, (int)i) : -1;

		if (group >= 0 && cgroup_says(group, "memory.events", "oom_kill") &&
		    !cgroup_says(group, "memory.events", "oom_kill 0"))
			return sc->actors[i].name;
	}
	return NULL;
}
