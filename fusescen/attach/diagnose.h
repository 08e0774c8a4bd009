/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why nothing can be put under a program: what its file says before it runs, and
 * what its processes show while they do.  Looks, and changes nothing. */
#ifndef FUSESCEN_ATTACH_DIAGNOSE_H
#define FUSESCEN_ATTACH_DIAGNOSE_H

#include <sys/types.h>

/* Of a program as execvp(3) finds it: NULL, or why no library can be loaded before
 * it (the caller frees). */
char *diagnose_program(const char *name);
/* NULL, or why a process of those that descend from this one and has /dev/fuse open
 * does without the library that we have loaded (the caller frees). */
char *diagnose_processes(pid_t root, const char *library);
/* Send a signal to all that descend from this process. */
void signal_descendants(pid_t root, int sig);

#endif
