/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files that `run` writes beside its output, each in a form of its own. */
#ifndef FUSESCEN_REPORT_FORMS_H
#define FUSESCEN_REPORT_FORMS_H

#include "fusescen/report/records.h"

struct forms {
	const char *junit, *mail, *page, *perfetto;	/* paths; NULL: not wanted */
	const char *artifacts;	/* a directory */
	struct records records;
	bool has_all_events;	/* those of passes too */
	int err;		/* an artifact could not be written */
};

bool forms_are_wanted(const struct forms *f);
bool forms_want_events(const struct forms *f);
/* Can all of it be written?  Returns -1 after a message if not: it is better to know
 * before everything has run. */
int forms_try(const struct forms *f);
/* To be called before the others, when the tally knows what is planned. */
void forms_begin(struct forms *f, const struct tally *t);
/* given: as in records_add(); events may be "". */
void forms_add(struct forms *f, const struct point *p, const char *given,
	       const char *events);
void forms_add_broken(struct forms *f, const char *file, const char *errors);
/* Returns -1 after a message if something could not be written. */
int forms_write(const struct forms *f);
void forms_fini(struct forms *f);

/* A folder for a run in the directory, with all there is about it; -1 after a
 * message. */
int artifacts_write(const char *dir, const struct records *one, const char *console);

#endif
