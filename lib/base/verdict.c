/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tables of the policy.  Constant data, any thread. */
#include "config.h"

#include "base/verdict.h"

/* First the texts and the letter, in the order of the struct; then is_ok, directive,
 * is_news, rank and status. */
const struct verdict_traits verdicts[N_VERDICTS] = {
	[FUSESCEN_PASS] = {
		"pass", "pass", "pass", "note", '.',
		true, NULL, false, 0, STATUS_PASS,
	},
	[FUSESCEN_FAIL] = {
		"fail", "fail", "fail", "fail", 'F',
		false, NULL, true, 4, STATUS_FAIL,
	},
	[FUSESCEN_SKIP] = {
		"skip", "skip", "skip", "skip", 's',
		true, "SKIP", false, 1, STATUS_SKIP,
	},
	[FUSESCEN_ERROR] = {
		"error", "error", "could not run", "error", 'E',
		false, NULL, true, 5, STATUS_ERROR,
	},
	[FUSESCEN_XFAIL] = {
		"xfail", "xfail", "known failure", "known failure", 'x',
		false, "TODO", false, 2, STATUS_PASS,
	},
	[FUSESCEN_XPASS] = {
		"xpass", "XPASS", "unexpected pass", "unexpected pass", 'X',
		true, "TODO", true, 3, STATUS_FAIL,
	},
};

#define PASS	FUSESCEN_PASS
#define FAIL	FUSESCEN_FAIL
#define SKIP	FUSESCEN_SKIP
#define ERR	FUSESCEN_ERROR
#define XFAIL	FUSESCEN_XFAIL
#define XPASS	FUSESCEN_XPASS

/*
 * A column is for a verdict before.  The first row of a cause is for what `fails:`
 * does not know, and the second for what it knows.
 *
 * When the conductor begins to judge, the verdict is PASS, SKIP or ERROR, and only a
 * PASS is judged.  A warning spoils what was good.  It does not change a failure, and
 * a known failure may have been this warning.  When a machine dies, it does not matter
 * what the run had reported before.
 */
static const enum fusescen_verdict after[N_CAUSES][2][N_VERDICTS] = {
	/*                       pass   fail   skip   error  xfail  xpass */
	[CAUSE_ALL_HELD] =     { { PASS,  FAIL,  SKIP,  ERR,   XFAIL, XPASS },
				 { XPASS, XFAIL, SKIP,  ERR,   XFAIL, XPASS } },
	[CAUSE_FAILED] =       { { FAIL,  FAIL,  SKIP,  ERR,   XFAIL, FAIL },
				 { XFAIL, XFAIL, SKIP,  ERR,   XFAIL, XFAIL } },
	[CAUSE_TOOL] =         { { ERR,   ERR,   ERR,   ERR,   ERR,   ERR },
				 { ERR,   ERR,   ERR,   ERR,   ERR,   ERR } },
	[CAUSE_UNUSED] =       { { FAIL,  FAIL,  SKIP,  ERR,   XFAIL, XPASS },
				 { FAIL,  FAIL,  SKIP,  ERR,   XFAIL, XPASS } },
	[CAUSE_WARNING] =      { { FAIL,  FAIL,  FAIL,  ERR,   XFAIL, FAIL },
				 { XFAIL, FAIL,  XFAIL, ERR,   XFAIL, XFAIL } },
	[CAUSE_MACHINE_DIED] = { { FAIL,  FAIL,  FAIL,  FAIL,  FAIL,  FAIL },
				 { XFAIL, XFAIL, XFAIL, XFAIL, XFAIL, XFAIL } },
};

enum fusescen_verdict verdict_after(enum fusescen_verdict before,
				    enum verdict_cause cause, bool is_known)
{
	return after[cause][is_known][before];
}

static bool any(const size_t count[N_VERDICTS], enum exit_status status)
{
	for (int v = 0; v < N_VERDICTS; v++)
		if (count[v] && verdicts[v].status == status)
			return true;
	return false;
}

/* The worst wins; a skip counts if there is nothing else. */
enum exit_status verdicts_status(const size_t count[N_VERDICTS],
				 size_t files_not_loaded, bool is_tap)
{
	bool has_run = any(count, STATUS_PASS) || any(count, STATUS_FAIL);

	if (files_not_loaded || any(count, STATUS_ERROR) ||
	    (!has_run && !any(count, STATUS_SKIP)))
		return STATUS_ERROR;
	if (is_tap)
		return STATUS_PASS;
	if (any(count, STATUS_FAIL))
		return STATUS_FAIL;
	return has_run ? STATUS_PASS : STATUS_SKIP;
}

enum exit_status verdict_status_of_server(enum fusescen_verdict v)
{
	enum exit_status status = verdicts[v].status;

	return status == STATUS_SKIP ? STATUS_ERROR : status;
}

enum fusescen_verdict verdict_of_status(int status)
{
	switch (status) {
	case STATUS_PASS:
		return FUSESCEN_PASS;
	case STATUS_FAIL:
		return FUSESCEN_FAIL;
	case STATUS_SKIP:
		return FUSESCEN_SKIP;
	}
	return FUSESCEN_ERROR;
}
