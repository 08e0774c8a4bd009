/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What commands that serve one case take: its name, and a command behind "--". */
#ifndef FUSESCEN_UTIL_NAMED_CASE_H
#define FUSESCEN_UTIL_NAMED_CASE_H

#include <stddef.h>

#include "fusescen.h"

/* The number of the case with this name, or of the only one (NULL).  Returns -1 after
 * a message if there is none. */
int named_case(const fusescen_file *file, const char *path, const char *name,
	       size_t *out);
/* Returns the place in argv of "--"; argc if there is none. */
int command_behind_dashes(int argc, char **argv);

#endif
