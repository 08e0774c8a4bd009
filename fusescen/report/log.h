/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --log: writes every event of every run as JSON lines. */
#ifndef FUSESCEN_REPORT_LOG_H
#define FUSESCEN_REPORT_LOG_H

#include "fusescen/report/output.h"

struct run_log;

/* Returns NULL for a NULL path.  *err is -1 after a message if the file cannot
 * be opened. */
struct run_log *log_open(const char *path, int *err);
/* Writes a line that says which run this is, and its events. */
void log_run(struct run_log *log, const struct point *p, const char *events);
/* Returns -1 after a message if something could not be written. */
int log_close(struct run_log *log);

#endif
