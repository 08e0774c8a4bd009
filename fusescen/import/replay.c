/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Follows descriptors and working directories of each process, so that a call can be
 * said with a path or a variable, and collects what the calls tell about the files that
 * were there.  One thread at a time.
 */
#include "config.h"

#include "fusescen/import/replay.h"

#include <string.h>

#include "fusescen/import/fit.h"
#include "fusescen/import/replay_impl.h"

/* Is it about one of our files, so that it is missed? */
static bool is_ours(struct replayer *r)
{
	for (size_t i = 0; i < r->c->n_args; i++)
		if (r->c->args[i][0] == '"' &&
		    fds_path(&r->fds, r->actor, NULL, r->c->args[i], r->under))
			return strchr(r->c->args[i], '/') != NULL;
	return r->c->n_args && fds_find(&r->fds, r->actor, r->c->args[0]);
}

void replay(struct story *s, const struct strace_log *log, const char *under)
{
	struct replayer r = { .s = s, .fds = { .s = s } };

	r.under = strcmp(under, "/") != 0 ? under : "";
	for (size_t i = 0; i < log->n_calls; i++) {
		r.c = &log->calls[i];
		r.actor = (size_t)(story_actor(s, r.c->pid) - s->actors);
		if (!s->actors[r.actor].name)
			s->actors[r.actor].name = fds_actor_name(s, "app");
		if (!replay_own(&r) && !replay_by_table(&r) && is_ours(&r))
			left_out(&r, "scenarios have no such call, or its log is not enough");
	}
	fit_actors(s, &r.fds);
}

/* ---- the directory -------------------------------------------------------------------------------- */

static const char *const system_places[] = {
	"/usr/", "/lib", "/etc/", "/proc/", "/sys/", "/dev/", "/bin/", "/sbin/", "/run/",
	"/var/lib/", "/opt/", NULL
};

static bool is_of_system(const char *path)
{
	for (size_t i = 0; system_places[i]; i++)
		if (!strncmp(path, system_places[i], strlen(system_places[i])))
			return true;
	return false;
}

static size_t common_directory(const char *a, const char *b, size_t n)
{
	size_t i = 0, slash = 0;

	while (i < n && a[i] && a[i] == b[i]) {
		slash = a[i] == '/' ? i : slash;
		i++;
	}
	return i == n && (b[i] == '/' || !b[i]) ? n : slash;
}

char *replay_guess_directory(struct arena *a, const struct strace_log *log)
{
	const char *first = NULL;
	size_t n = 0;

	for (size_t i = 0; i < log->n_calls; i++) {
		const struct traced *c = &log->calls[i];

		for (size_t k = 0; k < c->n_args && k < 2; k++) {
			bool is_whole;
			char *path;

			if (!strncmp(c->name, "exec", 4) ||
			    strace_text(a, c->args[k], &path, &is_whole) < 2 ||
			    path[0] != '/' || is_of_system(path))
				continue;
			if (!first) {
				first = path;
				n = (size_t)(strrchr(path, '/') - path);
			} else {
				n = common_directory(first, path, n);
			}
		}
	}
	return n ? arena_strndup(a, first, n) : NULL;
}
