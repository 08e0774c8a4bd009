/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the parts of the loader share while one case is built: where things
 * go, the case's variables, and what is known on the way but not kept.  One
 * thread at a time.
 */
#ifndef LOAD_READ_LOADER_H
#define LOAD_READ_LOADER_H

#include "model/scenario.h"
#include "load/yaml/ytree.h"

/* What a client's variable is, by the call that assigned it. */
enum var_is { VAR_IS_FD, VAR_IS_MAP, VAR_IS_HANDLE, VAR_IS_AIO };

/* A variable some process has; scenario.vars has only names. */
struct var_known {
	int process;
	int var;
	enum var_is is;
};

/* The call an actor is in, as the steps are read from top to bottom. */
struct running {
	bool in_call;
	struct loc loc;
	struct call_use call;
};

/* Somebody wants a state to have a value: is it ever given? */
struct state_use {
	struct loc loc;
	struct assign assign;
	bool gives;
};

struct sketch;

struct loader {
	struct arena *arena;
	struct diags *dg;
	struct scenario *sc;
	const struct ynode *vars;	/* this case's row; NULL: no cases */
	const struct ynode *cases;	/* all rows; NULL: no cases */
	struct running *running;	/* by actor */
	uint64_t files_data;		/* bytes in the files of all mounts */
	bool repeats;			/* in a stress step: numbers may be drawn */
	struct var_known *known;
	size_t n_known;
	struct state_use *state_uses;
	size_t n_state_uses;
	struct sketch *sketch;		/* read/sketch.h; NULL: none is drawn */
};

/* NONE if it is not there. */
int names_find(const char *const *names, size_t n, const char *text, size_t len);
struct words names_words(struct arena *a, const char *const *names, size_t n);
/* Its index; added if it is new.  NONE after a message. */
int names_intern(struct loader *ld, struct loc loc, const char ***names,
		 size_t *n, const char *text, size_t len);

/* What a word of ours looks like: letters, digits, _ and -, a letter first. */
bool is_name(const char *text, size_t len);

int mount_find(const struct scenario *sc, const char *text, size_t len);
int actor_find(const struct scenario *sc, const char *text, size_t len);
int state_find(const struct scenario *sc, const char *text, size_t len);
struct words mount_words(const struct scenario *sc);
struct words actor_words(const struct scenario *sc);
/* The same for a schema whose other keys are actors. */
struct words actors_as_keys(struct loader *ld, void *out);
struct words state_words(const struct scenario *sc);

/* An actor that is not there: a message.  If no other one is meant, it is taken as
 * declared from now on, so that one mistake has one message.  Returns -1. */
int actor_unknown(struct loader *ld, struct loc loc, const char *text, size_t len);

/* Errors are kept up to DIAG_MAX and counted for a while: is it enough? */
bool loader_is_enough(const struct loader *ld);

/* Nobody's scenario needs more than LIMIT_FILE_MEMORY. */
bool loader_is_out_of_memory(const struct loader *ld);
/* The same; one item of a list at a time asks.  -1 after a message. */
int loader_check_size(struct loader *ld, struct loc loc);

#endif
