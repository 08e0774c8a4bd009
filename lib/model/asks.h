/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a scenario asks of the machine that runs it, beyond a mount of its own
 * with files of its own: what somebody wants to know before running a stranger's
 * file.  Pure functions on const data.
 */
#ifndef MODEL_ASKS_H
#define MODEL_ASKS_H

#include "model/scenario.h"

enum ask_kind {
	ASK_HOST_PATH,		/* what: the path */
	ASK_HAZARD,		/* what: its word, "kernel_crash" */
	ASK_HAZARD_SHAPE,	/* what: why it is one, which the file does not say */
	ASK_CAPABILITY,		/* what: its name, "root" */
	ASK_OTHER_UIDS,		/* what: the actor */
	ASK_DEVICE,		/* what: its name under /dev */
	ASK_BLOCK_DEVICE,	/* what: the mount that is on it */
	ASK_PRIVILEGE,		/* what: what a capability is kept for */
	ASK_SYNC,		/* what: the actor that writes back the whole machine */
	ASK_KERNEL_ARGS,	/* what: all of them */
	ASK_SETTING,		/* what: its name */
	ASK_DROP_CACHES,	/* what: the actor that drops the machine's caches */
};

struct ask {
	struct loc loc;		/* line 0: of the whole file */
	enum ask_kind kind;
	const char *what;
};

/* Calls see(ctx, ask) for each, in the order of the file's sections.  Strings are
 * the scenario's. */
void scenario_asks(const struct scenario *sc,
		   void (*see)(void *ctx, const struct ask *ask), void *ctx);

/* "the path /etc of the host", to be read after "asks for ". */
void ask_print(struct buf *b, const struct ask *ask);

#endif
