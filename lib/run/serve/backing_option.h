/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The backing of a served mount, where the caller chooses it and not the
 * scenario.  Caller's thread.
 */
#ifndef RUN_SERVE_BACKING_OPTION_H
#define RUN_SERVE_BACKING_OPTION_H

#include "model/scenario.h"

/* Give the one mount of each case this backing: a word, or a directory.  NULL,
 * or a text that says why it cannot be done (the caller frees). */
char *backing_option_apply(struct scenario_file *f, const char *word);
/* The directories of the host that it may reach: those of allow_host (NULL-
 * terminated, or NULL), and the one that word names. */
void backing_option_allow(struct scenario_file *f,
			  const char *const *allow_host, const char *word);
/* Make the room in memory large enough for any program, rather than for a
 * scenario. */
void backing_option_make_room(struct scenario_file *f);
/* Refuse files that the mount's backing cannot have; for struct restrictions. */
void backing_option_refuse(struct diags *dg, const struct scenario *sc);

#endif
