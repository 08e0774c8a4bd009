/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Changes of a server's files.  One thread at a time. */
#ifndef LOAD_STEPS_CHANGES_H
#define LOAD_STEPS_CHANGES_H

#include "load/read/loader.h"

int load_step_server(struct loader *ld, const struct ynode *n, struct step *out);

#endif
