/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hand-made scenarios for tests of the actors: one mount "fs" (a plain
 * directory below a root of our own), actors, and steps made one by one.
 *
 * An actor gets a pointer to a step, so steps must be in memory that both
 * processes see: a shared page taken before the fork.  Strings are literals.
 */
#ifndef TESTS_UNIT_BUILD_CALLS_H
#define TESTS_UNIT_BUILD_CALLS_H

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "act/actors.h"
#include "base/units.h"

#define WORLD_VARS	16
#define WORLD_STEPS	512

struct world {
	char root[64];			/* the sandbox; "fs" in it is the mount */
	struct mount_spec mount;
	struct actor_spec specs[4];
	struct scenario sc;
	_Atomic uint64_t *seq;
	struct step *steps;		/* shared with the actors */
	size_t n_steps;
	struct evlog *log;
	struct actors *as;
};

/* ---- arguments -------------------------------------------------------------- */

#define P(path)		((struct arg){ .str = (path) })
#define T(text)		((struct arg){ .str = (text) })
#define N(n)		((struct arg){ .num = (n) })
#define V(i)		((struct arg){ .var = (i) })
#define B(text)		((struct arg){ .data = {			\
	(const uint8_t *)(text), sizeof(text) - 1, sizeof(text) - 1, NULL } })
/* a bare size: the actor's letter */
#define L(n)		((struct arg){ .data = { NULL, 0, (n), NULL } })
#define REPEAT(text, n)	((struct arg){ .data = {			\
	(const uint8_t *)(text), sizeof(text) - 1, (n), NULL } })

/* ---- the world ---------------------------------------------------------------- */

static inline void write_text(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (f) {
		fputs(text, f);
		fclose(f);
	}
}

/* Root may lack the right to, in a container. */
static inline bool can_chroot(void)
{
	int status = 1;
	pid_t pid = fork();

	if (pid == 0)
		_exit(chroot("/") != 0);
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

/* NULL, or why there can be no actors here: they need chroot(2). */
static inline const char *world_may_chroot(void)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();
	char map[64];

	if (uid == 0)
		return can_chroot() ? NULL : "root may not chroot here";
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS))
		return "neither root nor user namespaces";
	write_text("/proc/self/setgroups", "deny\n");
	snprintf(map, sizeof(map), "0 %u 1\n", (unsigned)uid);
	write_text("/proc/self/uid_map", map);
	snprintf(map, sizeof(map), "0 %u 1\n", (unsigned)gid);
	write_text("/proc/self/gid_map", map);
	return can_chroot() ? NULL : "no chroot in a user namespace";
}

static inline void *world_shared(size_t n)
{
	void *p = mmap(NULL, n, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		die_bug("mmap");
	return p;
}

/* Tests make up their calls later: so all calls, under the filter. */
static inline const struct actor_limits *world_limits(void)
{
	static struct actor_limits limits = { .capabilities = UINT64_MAX };

	memset(limits.calls, true, sizeof(limits.calls));
	return &limits;
}

/* Actors app, ben, cat, dog; change their specs before world_start(). */
static inline struct world *world_new(size_t n_actors)
{
	static const char *const names[] = { "app", "ben", "cat", "dog" };
	struct world *w = xcalloc(1, sizeof(*w));
	const char *tmp = getenv("TMPDIR");
	char fs[80];
	size_t i;

	snprintf(w->root, sizeof(w->root), "%s/fusescen-unit-XXXXXX",
		 tmp && strlen(tmp) < 32 ? tmp : "/tmp");
	if (!mkdtemp(w->root))
		die_bug("mkdtemp");
	snprintf(fs, sizeof(fs), "%s/fs", w->root);
	if (chmod(w->root, 0755) || mkdir(fs, 0755) || chmod(fs, 0777))
		die_bug("mkdir");
	for (i = 0; i < n_actors; i++)
		w->specs[i] = (struct actor_spec){
			.name = names[i], .process = (int)i, .cpu = NONE,
		};
	w->mount = (struct mount_spec){ .name = "fs" };
	w->sc = (struct scenario){
		.protocol = &protocol_builtin,
		.mounts = &w->mount, .n_mounts = 1,
		.actors = w->specs, .n_actors = n_actors,
		.n_vars = WORLD_VARS,
	};
	w->seq = world_shared(4096);
	w->steps = world_shared(WORLD_STEPS * sizeof(struct step));
	return w;
}

/* A path on the mount as the test itself sees it; good until the next one. */
static inline const char *world_path(const struct world *w, const char *path)
{
	static char text[256];

	snprintf(text, sizeof(text), "%s/fs%s", w->root, path);
	return text;
}

static inline const char *world_start_error(struct world *w, int *err)
{
	const char *what = NULL;

	w->as = actors_spawn(&w->sc, w->root, world_limits(), NULL, -1, w->seq, err, &what);
	if (!w->as)
		return what;
	w->log = evlog_new(w->seq);
	actors_listen(w->as, w->log);
	return NULL;
}

static inline int world_rm(const char *path, const struct stat *st, int type,
			   struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

/* How many actors stayed: 0. */
static inline unsigned world_free(struct world *w)
{
	unsigned stuck = 0;

	if (w->as)
		stuck = actors_kill(w->as, clock_ns() + 5 * NS_PER_S, NULL, 0);
	actors_free(w->as);
	evlog_free(w->log);
	nftw(w->root, world_rm, 16, FTW_DEPTH | FTW_PHYS);
	munmap(w->steps, WORLD_STEPS * sizeof(struct step));
	munmap(w->seq, 4096);
	free(w);
	return stuck;
}

/* ---- calls --------------------------------------------------------------------- */

static inline struct step *step_new(struct world *w, int actor, enum call_id id,
				    int var, const struct arg *args, unsigned n)
{
	struct step *s = &w->steps[w->n_steps++];
	unsigned i;

	s->kind = STEP_CALL;
	s->call = (struct call_use){
		.actor = actor, .call = &calls[id], .text = calls[id].name,
		.n_args = n, .result_var = var,
	};
	for (i = 0; i < CALL_PARAMS_MAX; i++) {
		s->call.args[i].num = calls[id].params[i].dflt;
		if (i < n)
			s->call.args[i] = args[i];
		if (!calls[id].params[i].name)
			break;
	}
	return s;
}

/* Start a call; the arguments are P(), N(), V() ... */
#define START(w, actor, call, var, ...)						\
	start_call(w, actor, CALL_##call, var,					\
		   (const struct arg[]){ { .num = 0 }, ##__VA_ARGS__ },		\
		   sizeof((const struct arg[]){ { .num = 0 }, ##__VA_ARGS__ }) /	\
		   sizeof(struct arg) - 1)

static inline bool start_call(struct world *w, int actor, enum call_id id,
			      int var, const struct arg *args, size_t n)
{
	struct step *s = step_new(w, actor, id, var, args + 1, (unsigned)n);

	return actor_command(w->as, s);
}

/* Wait until the actor is back; what its call gave, NULL if it is not. */
static inline const struct outcome *await_call(struct world *w, int actor)
{
	uint64_t deadline = clock_ns() + 10 * NS_PER_S;
	struct actor_look look;
	size_t seen = 0;

	for (;;) {
		actor_look(w->as, actor, &look);
		if (!look.in_call)
			return actor_outcome(w->as, actor);
		if (clock_ns() >= deadline)
			return NULL;
		seen = evlog_count(w->log);
		evlog_wait_news(w->log, &seen, clock_ns() + 20 * NS_PER_MS);
	}
}

/* Start it and take its result. */
#define CALL(w, actor, call, var, ...)						\
	(START(w, actor, call, var, ##__VA_ARGS__) ? await_call(w, actor) : NULL)

#endif
