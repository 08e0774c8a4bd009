/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signals are read from a descriptor. */
#ifndef FUSESCEN_UTIL_SIGNALS_H
#define FUSESCEN_UTIL_SIGNALS_H

/* Opens the descriptor for SIGINT, SIGTERM and SIGHUP, and blocks them for good, so
 * that a second one does not cut off the message about the first.  The caller closes
 * it. */
int signals_open(void);
/* The same, and for SIGQUIT and SIGCHLD: for a command that runs another one. */
int signals_open_command(void);
/* What a shell says of a command with this status of wait(2). */
int signals_status(int status);
/* Returns the number of a signal that came; 0 if none did. */
int signals_read(int fd);

#endif
