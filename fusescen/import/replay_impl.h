/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of replay() share.  One thread at a time. */
#ifndef FUSESCEN_IMPORT_REPLAY_IMPL_H
#define FUSESCEN_IMPORT_REPLAY_IMPL_H

#include "fusescen/import/fds.h"
#include "fusescen/import/strace.h"

struct replayer {
	struct story *s;
	struct fds fds;
	const char *under;
	const struct traced *c;		/* the present call */
	size_t actor;
	bool is_full;			/* nothing more becomes a step */
};

/* What a call says about files (replay_seen.c).  The directories above were there, too,
 * unless the log says otherwise. */
void saw_parents(struct story *s, const char *path);
struct story_file *saw(struct replayer *r, const char *path, bool is_there);
/* A call that could also have met a file of that name did not, as far as is known. */
void guess_absent(struct replayer *r, const char *path);
/* "5, ..." behind "st_size="; NULL: there is no such member. */
const char *member(const char *attr, const char *name);
/* Attributes as a result, and what they say about the file (NULL: nothing). */
void put_attributes(struct buf *b, struct story_file *f, const char *attr);

/* The present call is a step with this result, or cannot be one. */
void step(struct replayer *r, const char *call, const char *result);
void left_out(struct replayer *r, const char *why);
/* " = -1 EIO", which the caller frees; NULL: it has not failed. */
char *failed(struct replayer *r);

/* Calls whose arguments are what a scenario has (replay_table.c).  False: it is none. */
bool replay_by_table(struct replayer *r);
/* Those that need more (replay_calls.c).  False: it is none. */
bool replay_own(struct replayer *r);

#endif
