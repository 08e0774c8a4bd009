/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is behind the public handles that more than one file makes or reads. */
#ifndef RUN_HANDLES_H
#define RUN_HANDLES_H

#include "fusescen.h"
#include "run/run.h"
#include "run/transport.h"

struct fusescen_file {
	struct scenario_file *loaded;
	char *errors;		/* NULL: none */
};

struct fusescen_report {
	struct transported got;
};

/* Options of a caller that may be older or newer than this library. */
struct run_options run_options(const struct fusescen_options *opts);

#endif
