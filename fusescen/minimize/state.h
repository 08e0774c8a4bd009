/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file of --continue: what was found so far, and what need not be tried again. */
#ifndef FUSESCEN_MINIMIZE_STATE_H
#define FUSESCEN_MINIMIZE_STATE_H

#include <stddef.h>
#include <stdint.h>

struct state {
	const char *path;		/* NULL: it is kept nowhere */
	uint64_t key;			/* of what is looked for */
	char *text;			/* the smallest so far, without a title */
	uint64_t *refused;		/* hashes of texts that do not show it */
	size_t n_refused;
};

/* Takes text and refused from the file, if it is there; -1 after a message if it is no
 * such file, or of another search. */
int state_read(struct state *s);
/* Writes it, whole or not at all; -1 after a message. */
int state_write(const struct state *s);
void state_fini(struct state *s);

#endif
