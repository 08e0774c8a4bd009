/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The modules that a machine gets. */
#ifndef FUSESCEN_VM_MODULES_H
#define FUSESCEN_VM_MODULES_H

#include "fusescen/util/files.h"

/* Their directory in the machine, which loads them in the order of their
 * names. */
#define GUEST_MODULES	"fusescen/modules"

/*
 * Makes an archive of the modules that scenarios need and of those that they
 * depend on, unpacked; or takes it from the cache.  dir may be NULL.  What is not
 * a module is either built in or missing, which the scenarios notice. -1 after
 * a message.
 */
int modules_archive(const char *dir, struct buf *out);

/* What the kernel's command line says to a module, as "NAME.PARAMETER=VALUE" does,
 * is left to whoever loads it.  Returns "PARAMETER=VALUE ..." for the module in this
 * file of GUEST_MODULES; the caller frees it. */
char *module_params(const char *cmdline, const char *file);

#endif
