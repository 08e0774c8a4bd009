/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks: what must come out.  One thread at a time. */
#ifndef LOAD_CHECKS_CHECKS_H
#define LOAD_CHECKS_CHECKS_H

#include "load/read/loader.h"

int load_check(struct loader *ld, const struct ynode *n, struct check *out);
/* "expect:", may be NULL. */
int load_checks(struct loader *ld, const struct ynode *n);

#endif
