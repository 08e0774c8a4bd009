/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Command-line options as a table: parsing and --help read the same rows.
 */
#ifndef FUSESCEN_UTIL_OPTIONS_H
#define FUSESCEN_UTIL_OPTIONS_H

#include <stddef.h>

enum option_kind {
	OPTION_FLAG,	/* bool, set to true */
	OPTION_TEXT,	/* const char * */
	OPTION_TEXTS,	/* const char **: each that is given, then NULL; NULL: none */
	OPTION_COUNT,	/* unsigned, at least 1 */
	OPTION_TIME,	/* unsigned, milliseconds, at least 1 */
	OPTION_SEED,	/* uint64_t, not 0 */
};

struct option_row {
	const char *name;	/* "jobs" for --jobs; NULL ends a table */
	char letter;		/* 'j' for -j; 0: none */
	enum option_kind kind;
	size_t at;		/* where in the settings the value goes */
	const char *arg;	/* "N"; NULL for flags */
	const char *help;
};

/*
 * Read the options of argv[0..argc) into *settings and move what is no option
 * to the front of argv: returns how many these are, or -1 after a message on
 * standard error.  "--" ends the options.
 */
int options_parse(const struct option_row *rows, int argc, char **argv,
		  void *settings);

/* One line per option to standard output. */
void options_print(const struct option_row *rows);

#endif
