/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an explore step puts into different orders.  Pure data. */
#ifndef MODEL_EXPLORE_H
#define MODEL_EXPLORE_H

#include "model/clients.h"

struct step;
struct op;

/* A request of this operation may be refused once. */
struct explore_fault {
	const struct op *op;
	int error;
	bool is_short;			/* WRITE: taken, but not a byte of it */
};

/* The calls of one actor, each of them a step of the kind STEP_CALL. */
struct explore_part {
	int actor;
	struct step *calls;
	size_t n_calls;
};

struct explore {
	struct explore_part *parts;	/* one per actor */
	size_t n_parts;
	struct step *others;		/* notify, server, set: in this order */
	size_t n_others;
	struct explore_fault *faults;
	size_t n_faults;
	bool torn_pages, io_modes;	/* what is allowed */
};

#endif
