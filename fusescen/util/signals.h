/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SIGINT, SIGTERM and SIGHUP by descriptor. */
#ifndef FUSESCEN_UTIL_SIGNALS_H
#define FUSESCEN_UTIL_SIGNALS_H

/* Blocks them for good: a second one must not cut off what is said of the
 * first.  Close it when done. */
int signals_open(void);
/* The number of one that came; 0: none. */
int signals_read(int fd);

#endif
