/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The log of a server as a file, while it serves: a thread follows the event
 * log and writes JSON lines in the order in which events were recorded.  It
 * never makes the server wait.  If it cannot keep up, events are left out, and
 * a line says how many.
 */
#ifndef RUN_SERVE_LOGGER_H
#define RUN_SERVE_LOGGER_H

#include "engine/evlog.h"

struct logger;

/* fd becomes the logger's; sc and log are borrowed. */
struct logger *logger_start(int fd, const struct scenario *sc, struct evlog *log,
			    uint64_t start_ns);
/* Writes what there is, joins the thread and frees: 0, or the first errno that
 * writing gave. */
int logger_stop(struct logger *l);

/* A line that says how many events are missing here. */
void logger_put_missed(struct buf *b, size_t n);

#endif
