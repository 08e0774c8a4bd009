/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One case of a file: everything there is in a scenario, in the order in which
 * the parts need each other.  One thread at a time. */
#ifndef LOAD_CASE_H
#define LOAD_CASE_H

#include "load/read/loader.h"

/* cases: the whole list, for "fails"; NULL if the file has none.  Fills in
 * ld->sc. */
int load_case(struct loader *ld, const struct ynode *root,
	      const struct ynode *cases);

#endif
