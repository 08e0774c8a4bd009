/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A report on its way from the run's process to its supervisor: one file in
 * memory, written once, read after the writer has gone.  Thread-safe. */
#ifndef RUN_REPORT_FILE_H
#define RUN_REPORT_FILE_H

#include "report/report.h"

/* The texts of a report: heap strings, in the order of enum report_part. */
enum report_part {
	REPORT_SUMMARY, REPORT_TEXT, REPORT_EVENTS, REPORT_UNUSED,
	N_REPORT_PARTS
};

struct transported {
	enum fusescen_verdict verdict;
	uint64_t elapsed_ns;
	char *parts[N_REPORT_PARTS];
};

void transport_write(int fd, enum fusescen_verdict verdict, uint64_t elapsed_ns,
		     const struct buf parts[N_REPORT_PARTS]);
/* False when the writer did not finish (then nothing is set). */
bool transport_read(int fd, struct transported *out);
void transported_fini(struct transported *t);

#endif
