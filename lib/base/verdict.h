/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What verdicts mean: how one becomes another, how they are written, and which exit
 * status they give.  This is decided nowhere else.  Constant tables and pure
 * functions.
 */
#ifndef BASE_VERDICT_H
#define BASE_VERDICT_H

#include <stdbool.h>
#include <stddef.h>

#include "fusescen.h"

#define N_VERDICTS	(FUSESCEN_XPASS + 1)

enum exit_status {
	STATUS_PASS = 0,
	STATUS_FAIL = 1,
	STATUS_SKIP = 77,	/* nothing could run here */
	STATUS_ERROR = 99,	/* not able to tell */
	STATUS_SIGNAL = 128,	/* and its number */
};

struct verdict_traits {
	const char *word;	/* "xpass", in JSON */
	const char *mark;	/* "XPASS", at the beginning of a line of `run` */
	const char *name;	/* "unexpected pass", in the tables of `matrix` */
	const char *label;	/* "x.yaml:12:5: LABEL: ..." */
	char letter;		/* in a cell of `matrix` */
	bool is_ok;		/* "ok" in TAP, else "not ok" */
	const char *directive;	/* "SKIP" or "TODO" in TAP; NULL: none */
	bool is_news;		/* somebody has to look at it */
	unsigned rank;		/* the higher, the worse */
	enum exit_status status;	/* if all of them are this one */
};

extern const struct verdict_traits verdicts[N_VERDICTS];

/* What can decide about a run.  The first two come from its conductor. */
enum verdict_cause {
	CAUSE_ALL_HELD,		/* every step and check went as the file says */
	CAUSE_FAILED,		/* one did not, or the kernel log has a complaint */
	CAUSE_TOOL,		/* a limit of the tool, or a fault of it */
	CAUSE_UNUSED,		/* --strict: no case used some part of the file */
	CAUSE_WARNING,		/* the virtual machine's console has a warning */
	CAUSE_MACHINE_DIED,	/* the virtual machine died, or hangs */
	N_CAUSES
};

/* Returns what a verdict becomes.  is_known means that `fails:` of the scenario says
 * that this happens on this kernel. */
enum fusescen_verdict verdict_after(enum fusescen_verdict before,
				    enum verdict_cause cause, bool is_known);

/* Returns the exit status for many runs, given how often each verdict came.  With
 * is_tap, failures and skips do not count, because the reader of the TAP counts
 * them. */
enum exit_status verdicts_status(const size_t count[N_VERDICTS],
				 size_t files_not_loaded, bool is_tap);
/* Returns that of a server.  If it needed something that is missing, it has not
 * served, which is an error. */
enum exit_status verdict_status_of_server(enum fusescen_verdict v);
/* Returns the verdict of something that ended with this exit status. */
enum fusescen_verdict verdict_of_status(int status);

#endif
