/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Paths as texts.  Pure functions. */
#ifndef FUSESCEN_IMPORT_PATHS_H
#define FUSESCEN_IMPORT_PATHS_H

#include "base/mem.h"

/* An absolute path without ".", ".." and doubled slashes.  In the arena. */
char *path_cleaned(struct arena *a, const char *path);

#endif
