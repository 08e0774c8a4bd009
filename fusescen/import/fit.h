/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes a story as small as a scenario has to be.  One thread at a time. */
#ifndef FUSESCEN_IMPORT_FIT_H
#define FUSESCEN_IMPORT_FIT_H

#include "fusescen/import/fds.h"

/* More processes than a scenario may have actors: one of them is several processes, one
 * after another.  What a process has left open is closed where it ended.  The calls of
 * those for whom there is no room become remarks. */
void fit_actors(struct story *s, const struct fds *f);
/* More steps, or longer ones, than a scenario may have: the first of them.  The lines
 * are in order. */
void fit_lines(struct story *s);

#endif
