/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a run did not use of its scenario.  A rule that applied to nothing and a
 * check about a path that nothing had hold whatever the kernel does.
 */
#ifndef RUN_UNUSED_H
#define RUN_UNUSED_H

#include "run/run.h"

/* One line: "FILE:LINE:COLUMN: note: WHAT". */
void unused_print(struct buf *out, const struct scenario *sc, struct loc loc,
		  const char *what);
/* All of it, once the run has been judged.  Conductor only. */
void unused_find(struct run *r, struct buf *out);

#endif
