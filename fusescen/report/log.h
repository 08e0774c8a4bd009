/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --log: every event of every run as JSON lines. */
#ifndef FUSESCEN_REPORT_LOG_H
#define FUSESCEN_REPORT_LOG_H

#include "fusescen/report/output.h"

struct run_log;

/* NULL for a NULL path; *err is -1 after a message if it cannot be opened. */
struct run_log *log_open(const char *path, int *err);
/* One line that says which run it is, then its events. */
void log_run(struct run_log *log, const struct point *p, const char *events);
/* -1 after a message if something could not be written. */
int log_close(struct run_log *log);

#endif
