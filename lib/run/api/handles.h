/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is behind the public handles that more than one file makes or reads. */
#ifndef RUN_API_HANDLES_H
#define RUN_API_HANDLES_H

#include "fusescen.h"
#include "load/load.h"
#include "run/api/supervise.h"

/*
 * A file that was found good is kept as its text, and read again by each run in
 * the run's own process: fork(2) costs what the caller holds, and a caller with
 * thousands of scenarios would pay for all of them at every run.
 */
struct fusescen_file {
	char *path, *title;
	char **tags;		/* NULL behind them */
	char *text;
	size_t text_len;
	char *errors;		/* NULL: none */
	struct case_brief {
		char *name;	/* NULL: the file has no cases */
		uint64_t timeout_ns;
		const char *hazard;	/* a constant word, or NULL */
		char *kernel_args;	/* NULL: none */
		bool uses_uring;
		bool watches;		/* what the kernel records of itself */
	} *cases;
	size_t n_cases;		/* 0 with errors */
};

/* The scenario of case i; free with scenario_file_free(). */
struct scenario_file *reload_case(const fusescen_file *file, size_t i);

struct fusescen_run {
	struct supervised process;
	bool is_server;		/* it ends when it is asked to */
	bool is_private;	/* its mount is in its namespaces only */
};

struct fusescen_report {
	struct transported got;
};

/* Options of a caller that may be older or newer than this library.  -1: they name
 * no transport that there is. */
int run_options(struct run_options *ro, const struct fusescen_options *opts);

#endif
