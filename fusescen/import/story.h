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
	unsigned over;			/* line where it ended; 0: not known */
};

/* A path below the directory, as the scenario has it. */
struct story_file {
	char *path;
	bool was_there, is_dir, is_gone;
	bool is_known;			/* whether it was there */
	bool is_given;			/* the scenario has it already */
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
	uint64_t bytes;			/* of data that was written, those twice, too */
	/* What else tells of the beginning; all may be NULL.  look() is called once for each
	 * path that is heard of, and put_head() writes what stands before the actors, with
	 * these lines under "files:". */
	void (*look)(void *of, struct story_file *f);
	void (*put_head)(void *of, struct buf *b, const char *files);
	void *of;
	bool has_timeout;		/* put_head() writes it */
	char *rules;			/* lines below "rules:"; NULL: none */
	unsigned n_rules;
};

struct story_actor *story_actor(struct story *s, unsigned long pid);
struct story_file *story_file(struct story *s, const char *path);
/* The path of the same file without the symbolic links that are known to have been there
 * (the last name counts only if it is followed).  In the arena. */
const char *story_resolved(struct story *s, const char *path, bool follows);
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

#endif
