/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What this machine can do, found out by trying.  Thread-safe. */
#ifndef RUN_CAPS_H
#define RUN_CAPS_H

#include "model/scenario.h"

/* NULL: there.  Otherwise why not and what to do about it (constant text). */
const char *capability_missing(enum capability cap);

#endif
