/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A line says whose it is, by a hash of the story's text; then a line for each
 * schedule: its cost, and the schedule as schedule_print() writes it.  A file that is
 * to be read may have been written by anybody.
 */
#include "config.h"

#include "run/explore/state.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/random.h"

#define FIRST_LINE	"fusescen explore 1 %016" PRIx64 "\n"

static uint64_t hash_of(const struct search *s, const char *story)
{
	const char *name = s->sc->case_name ? s->sc->case_name : "";
	uint64_t h = 1;

	for (; *story; story++)
		h = random_mix(h ^ (uint8_t)*story);
	for (; *name; name++)
		h = random_mix(h ^ (uint8_t)*name);
	return h;
}

/* ---- writing ---------------------------------------------------------------------- */

struct writing {
	const struct search *s;
	FILE *out;
};

static void write_one(void *ctx, const struct schedule *schedule)
{
	struct writing *w = ctx;
	auto_buf struct buf b = BUF_INIT;

	schedule_print(&b, w->s->sc, schedule);
	fprintf(w->out, "%u %s\n", schedule->cost, buf_str(&b));
}

int state_save(const struct search *s, const char *path, const char *story)
{
	auto_free char *new = xasprintf("%s.new", path);
	struct writing w = { .s = s };
	int err = 0;

	if (!frontier_queued(s->frontier) && !s->places)
		return unlink(path) && errno != ENOENT ? errno : 0;
	w.out = fopen(new, "we");
	if (!w.out)
		return errno;
	fprintf(w.out, FIRST_LINE, hash_of(s, story));
	search_each_left(s, write_one, &w);
	if (ferror(w.out))
		err = EIO;
	if (fclose(w.out) && !err)
		err = errno;
	if (!err && rename(new, path))
		err = errno;
	if (err)
		unlink(new);
	return err;
}

/* ---- reading ---------------------------------------------------------------------- */

static bool read_one(struct search *s, char *line)
{
	struct schedule schedule;
	unsigned cost;
	int at = 0;

	if (sscanf(line, "%u %n", &cost, &at) != 1 || !at ||
	    !schedule_parse(s->sc, line + at, &schedule))
		return false;
	schedule.cost = cost;
	frontier_add(s->frontier, &schedule);
	return true;
}

static char *read_all(struct search *s, FILE *in, const char *path, const char *story)
{
	auto_free char *line = NULL;
	size_t room = 0;
	unsigned n = 1;
	uint64_t hash;

	if (getline(&line, &room, in) < 0 || sscanf(line, FIRST_LINE, &hash) != 1)
		return xasprintf("%s: no file of a search", path);
	if (hash != hash_of(s, story))
		return xasprintf("%s: the search of another story, or case", path);
	while (n++, getline(&line, &room, in) >= 0) {
		if (!read_one(s, line))
			return xasprintf("%s:%u: no schedule of this story", path, n);
	}
	return NULL;
}

int state_load(struct search *s, const char *path, const char *story, char **why)
{
	FILE *in = fopen(path, "re");

	*why = NULL;
	if (!in && errno == ENOENT) {
		frontier_add(s->frontier, &(struct schedule){ 0 });
		return 0;
	}
	if (!in) {
		*why = xasprintf("%s: %s", path, strerror(errno));
		return -1;
	}
	*why = read_all(s, in, path, story);
	fclose(in);
	return *why ? -1 : 0;
}
