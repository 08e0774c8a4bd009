/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A report on its way from the run's process to its supervisor: one file in
 * memory, written once, read after the writer has gone.  Thread-safe. */
#ifndef RUN_REPORT_FILE_H
#define RUN_REPORT_FILE_H

#include "report/report.h"

struct transported {
	enum verdict verdict;
	uint64_t elapsed_ns;
	char *summary, *text, *events;	/* heap strings */
};

void transport_write(int fd, enum verdict verdict, uint64_t elapsed_ns,
		     const struct buf *summary, const struct buf *text,
		     const struct buf *events);
/* False when the writer did not finish (then nothing is set). */
bool transport_read(int fd, struct transported *out);

#endif
