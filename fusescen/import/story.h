/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is known of a recorded program: who there was, which files there were, and what
 * was done with them.  It becomes the text of a scenario. */
#ifndef FUSESCEN_IMPORT_STORY_H
#define FUSESCEN_IMPORT_STORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/mem.h"

#define STORY_DATA_MAX	256u		/* bytes of a file or a call that are written down */

struct story_actor {
	unsigned long pid;
	char *name;
	size_t process;			/* the actor whose process it shares; or itself */
	char *cwd;			/* where its paths begin; NULL: not known */
	bool makes_calls;
};

/* A path below the directory, as the scenario has it. */
struct story_file {
	char *path;
	bool was_there, is_dir, is_gone;
	bool is_known;			/* whether it was there */
	bool is_changed;		/* by a call of the log ... */
	bool is_blurred;		/* ... that does not say all of the bytes */
	char *target;
	uint64_t size;			/* at the beginning, as far as it is known */
	unsigned mode;
	char *data;			/* of the first bytes ... */
	size_t n_data;			/* ... so many of them */
};

/* A line of the script: a step, or a remark. */
struct story_line {
	unsigned at;			/* line of the log, which gives the order ... */
	size_t seq;			/* ... and the one between those of a line */
	bool is_remark;
	bool is_read;			/* what it gives is up to calls beside it */
	char *text;
};

struct story {
	struct arena *arena;
	const char *title;
	struct story_actor *actors;	size_t n_actors;
	struct story_file *files;	size_t n_files;
	struct story_line *lines;	size_t n_lines;
	unsigned calls, left_out, guesses;	/* for the account */
};

struct story_actor *story_actor(struct story *s, unsigned long pid);
struct story_file *story_file(struct story *s, const char *path);
/* What the log says about a file's beginning: that it is there or not. */
struct story_file *story_saw(struct story *s, const char *path, bool is_there);
void story_step(struct story *s, unsigned at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* The result of a read, which is certain only if nothing came in between. */
void story_read(struct story *s);
void story_remark(struct story *s, unsigned at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* A remark that says what the log leaves open, and what was assumed.  It is counted. */
void story_guess(struct story *s, unsigned at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Does the language take it as the name of an actor? */
bool story_takes_name(const char *name);
/* The scenario.  A step that the loader does not take becomes a remark and is counted;
 * *errors is what else it says, or NULL.  The caller frees both. */
char *story_text(struct story *s, char **errors);

#endif
