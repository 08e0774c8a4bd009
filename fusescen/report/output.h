/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `run` prints, in one of several forms: one for people, and TAP and KTAP for
 * test drivers.  The caller counts in the tally. */
#ifndef FUSESCEN_REPORT_OUTPUT_H
#define FUSESCEN_REPORT_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/verdict.h"
#include "fusescen/report/recap.h"

struct tally {
	unsigned rounds;	/* as asked for */
	size_t planned;		/* runs, and files that cannot be loaded */
	size_t done;
	size_t count[N_VERDICTS];
	size_t broken;		/* files that cannot be loaded */
	uint64_t began_ns;
	uint64_t shuffle;	/* the seed; 0: not shuffled */
	struct recap recap;
	bool verbose;
	bool quiet;		/* nothing but what somebody has to look at */
};

/* One case that has run. */
struct point {
	const char *file;
	const char *case_name;	/* NULL: the file has none */
	const char *kernel;	/* NULL: the running one */
	const char *transport;	/* uring; NULL: the device */
	unsigned round;		/* from 1 */
	enum fusescen_verdict verdict;
	const char *summary;
	const char *text;
	const char *console;	/* of its virtual machine meanwhile; NULL: not kept */
	const char *title;	/* of the file; "" if it does not say */
	uint64_t elapsed_ns;
	const char *unused;	/* as fusescen_report_unused(); NULL: not known */
	size_t cases;		/* of the file */
	bool ends_file;		/* it is the last of the file in this round */
	const char *notes;	/* about the file, printed behind it; or NULL */
	bool again;		/* it failed in an earlier round, in just this way */
};

/* "FILE (CASE) on KERNEL by TRANSPORT"; the caller frees it. */
char *point_name(const struct point *p);

struct task;

struct output {
	void (*begin)(const struct tally *t);
	/* A file that cannot be loaded.  The tally has counted it already, as
	 * it has counted each point. */
	void (*broken)(const struct tally *t, const char *file, const char *errors);
	void (*point)(const struct tally *t, const struct point *p);
	/* Nothing has ended for a while.  NULL: it does not want to know. */
	void (*waiting)(const struct tally *t, const struct task *task,
			uint64_t running_ns);
	void (*end)(const struct tally *t);
};

extern const struct output output_human, output_tap, output_ktap;

#endif
