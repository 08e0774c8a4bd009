/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which capabilities (capabilities(7)) the processes of a run keep, and for what
 * in its scenario: one table.  What no row asks for is dropped, also by root.
 * Pure functions on const data.
 */
#ifndef MODEL_PRIVILEGES_H
#define MODEL_PRIVILEGES_H

#include "model/scenario.h"

enum holder {
	HOLDER_ACTOR,		/* while it makes the scenario's calls */
	HOLDER_SERVER,		/* the conductor's process, from its mounts on */
};

struct privilege {
	unsigned capability;	/* CAP_MKNOD */
	enum holder holder;
	const char *what;	/* "mknod of a device": for what */
	/* When: for a call, or for another part of the scenario; a row that has
	 * neither is for every scenario. */
	bool (*of_call)(const struct call_use *use);
	bool (*of_scenario)(const struct scenario *sc);
};

/* Bit n: capability n. */
uint64_t privileges_kept(const struct scenario *sc, enum holder who);

/* The row by which actors keep, for this call, a capability with which whoever
 * takes over such a process may get out of its chroot; NULL: none. */
const struct privilege *privilege_of_call(const struct call_use *use);

/* "CAP_MKNOD"; NULL: no row names it. */
const char *privilege_name(unsigned capability);

#endif
