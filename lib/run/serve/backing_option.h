/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a served mount's files are kept in, where the caller decides that and not
 * the scenario.  Caller's thread.
 */
#ifndef RUN_SERVE_BACKING_OPTION_H
#define RUN_SERVE_BACKING_OPTION_H

#include "model/scenario.h"

/* Give the one mount of a case this backing: a word, or a directory.  Why not, as
 * text that is the caller's; NULL: done. */
char *backed_by(struct scenario_file *f, const char *word);
/* Memory has room for what programs do, not for what a scenario needs. */
void backed_make_room(struct scenario_file *f);
/* Refuse files that the mount's backing cannot have; for struct alone. */
void backed_refuse(struct diags *dg, const struct scenario *sc);

#endif
