/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A subcommand is a row in main.c and a file of cmd/. */
#ifndef FUSESCEN_UTIL_COMMAND_H
#define FUSESCEN_UTIL_COMMAND_H

#include "base/verdict.h"
#include "fusescen/util/options.h"

struct command {
	const char *name;
	const char *args;	/* "FILE|DIR..."; NULL: --help does not show it */
	const char *help;
	const struct option_row *options;
	int (*main)(const struct command *self, int argc, char **argv);
};

/* All of them, with NULL behind them. */
extern const struct command *const commands[];
/* What may be given in place of a command. */
extern const struct option_row main_options[];

extern const struct command command_run, command_explore, command_check, command_list,
	command_doctor, command_matrix, command_serve, command_attach, command_ctl,
	command_minimize, command_export, command_import, command_record, command_bench, command_mutate, command_completion, command_schema,
	command_guest;

#endif
