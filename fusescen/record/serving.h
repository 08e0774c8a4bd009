/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What happened on a served mount, by the server's own log.  Main thread only. */
#ifndef FUSESCEN_RECORD_SERVING_H
#define FUSESCEN_RECORD_SERVING_H

struct recorded_serving;

/* Before it is served: the scenario, its backing as the command line has it, and where the
 * log goes (NULL: nowhere else).  NULL after a message. */
struct recorded_serving *serving_record(const char *scenario, const char *backing,
					const char *log);
/* Where the server has to write its log. */
const char *serving_log(const struct recorded_serving *r);
/* After it has ended: writes the scenario that was made, and frees r.  -1 after a
 * message. */
int serving_write(struct recorded_serving *r, const char *output);
/* It is not served after all; NULL is fine. */
void serving_drop(struct recorded_serving *r);

#endif
