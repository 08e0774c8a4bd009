/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The descriptors of the processes of a log, the paths that they stand for, and the
 * variables that a scenario has for them.  One thread at a time. */
#ifndef FUSESCEN_IMPORT_FDS_H
#define FUSESCEN_IMPORT_FDS_H

#include "fusescen/import/story.h"

struct fd {
	size_t process;			/* whose it is: an actor */
	size_t owner;			/* the process that has the variable */
	int number;
	char *path, *flags;
	char *var;
	uint64_t pos;
	bool is_open, is_listed;
};

struct fds {
	struct story *s;
	struct fd *at;
	size_t n;
};

/* What "3" or "3</path>" means to an actor; NULL: nothing that is known. */
struct fd *fds_find(struct fds *f, size_t actor, const char *arg);
struct fd *fds_add(struct fds *f, size_t actor, int number, const char *path,
		   const char *flags);
void fds_close(struct fd *fd);
/* The child has copies, and whoever had its number before is over. */
void fds_fork(struct fds *f, size_t parent, size_t child);
/* A variable belongs to one process.  Another one that has inherited the descriptor has
 * to open the file itself, which is a guess. */
void fds_own(struct fds *f, struct fd *fd, size_t actor, unsigned at);
/* The path of an argument below the directory, beginning with "/": relative to a
 * directory (NULL: the working directory).  NULL: it is elsewhere.  In the arena. */
char *fds_path(struct fds *f, size_t actor, const char *dir, const char *arg,
	       const char *under);
/* A name for an actor that no other has, and that the language takes. */
char *fds_actor_name(struct story *s, const char *like);

#endif
