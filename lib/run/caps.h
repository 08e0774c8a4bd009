/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What this machine can do, found out by trying.  Thread-safe. */
#ifndef RUN_CAPS_H
#define RUN_CAPS_H

#include "model/scenario.h"

/* NULL: there.  Otherwise why not and what to do about it (constant text). */
const char *capability_missing(enum capability cap);

/* The first of these words that this command line of a kernel lacks, where - and _ are
 * the same in names; NULL: none.  The caller frees it. */
char *caps_missing_arg(const char *args, const char *cmdline);
/* The same of the kernel that runs. */
char *caps_lacks_args(const char *args);

/* Is a process with this uid_map in the initial user namespace?  That one maps
 * every uid onto itself; a kernel without user namespaces (CONFIG_USER_NS) has
 * no such file, and then there is no other. */
bool caps_is_initial_user_ns(const char *uid_map);

#endif
