/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Everything that has run, kept until the end, for the forms that begin with how
 * many of what there are.  Each form is a function over the same records, and is
 * written into one file.
 */
#ifndef FUSESCEN_REPORT_RECORDS_H
#define FUSESCEN_REPORT_RECORDS_H

#include "base/buf.h"
#include "fusescen/report/output.h"

/* A point, or a file that cannot be loaded (an error without a case). */
struct record {
	char *file, *case_name, *kernel;	/* the last two may be NULL */
	const char *transport;	/* constant; NULL: the device */
	char *title, *summary, *text;
	char *events;		/* JSON, one a line, of whoever ran it; "" if not kept */
	unsigned round;
	enum fusescen_verdict verdict;
	uint64_t elapsed_ns;
	const char *given;	/* the text of standard input, borrowed; or NULL */
};

struct records {
	struct record *at;
	size_t n;
	unsigned rounds;
};

/* given: the text of its file, where there is none at its path. */
void records_add(struct records *r, const struct point *p, const char *given,
		 const char *events);
void records_add_broken(struct records *r, const char *file, const char *errors);
void records_fini(struct records *r);

/* JUnit's XML, one suite for each file, kernel and transport. */
void records_junit(struct buf *b, const struct records *r);
/* A text to be mailed: machine, then each file with a failure (or the only file)
 * with what it says, how often its cases failed on each kernel, and the first
 * failure of each. */
void records_mail(struct buf *b, const struct records *r);

/* A page that needs nothing else: the pictures of all runs whose events were kept. */
void records_page(struct buf *b, const struct records *r);

/* Trace events in JSON, of those runs. */
void records_perfetto(struct buf *b, const struct records *r);

/* What the file of a record says; -1: it cannot be read. */
int record_source(struct buf *b, const struct record *rec);
/* Returns -1 after a message if the file cannot be written.  NULL: nothing is. */
int records_write(const struct records *r, const char *path,
		  void (*form)(struct buf *b, const struct records *r));

#endif
