/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SIGINT, SIGTERM and SIGHUP are read from a descriptor. */
#ifndef FUSESCEN_UTIL_SIGNALS_H
#define FUSESCEN_UTIL_SIGNALS_H

/* Opens the descriptor, and blocks these signals for good, so that a second one
 * does not cut off the message about the first.  The caller closes it. */
int signals_open(void);
/* Returns the number of a signal that came; 0 if none did. */
int signals_read(int fd);

#endif
