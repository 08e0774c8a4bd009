/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of a command are a table.  The parser and --help read the same
 * rows. */
#ifndef FUSESCEN_UTIL_OPTIONS_H
#define FUSESCEN_UTIL_OPTIONS_H

#include <stddef.h>

enum option_kind {
	OPTION_FLAG,	/* bool, set to true */
	OPTION_TEXT,	/* const char * */
	OPTION_TEXTS,	/* const char **: a list with NULL behind it, or NULL */
	OPTION_COUNT,	/* unsigned, at least 1 */
	OPTION_TIME,	/* unsigned, milliseconds, at least 1 */
	OPTION_SEED,	/* uint64_t, not 0 */
	OPTION_SHUFFLE,	/* the same, and may be left out: then by chance */
};

struct option_row {
	const char *name;	/* "jobs" for --jobs; NULL ends a table */
	char letter;		/* 'j' for -j; 0: none */
	enum option_kind kind;
	size_t at;		/* offset of the value in the settings */
	const char *arg;	/* "N"; NULL for flags */
	const char *help;
};

/*
 * Reads the options of argv[0..argc) into *settings, and moves the other words
 * to the front of argv.  Returns how many these are, or -1 after a message on
 * standard error. "--" ends the options.
 */
int options_parse(const struct option_row *rows, int argc, char **argv,
		  void *settings);

/* Frees the lists of OPTION_TEXTS. */
void options_free(const struct option_row *rows, void *settings);

/* Prints a line for each option to standard output. */
void options_print(const struct option_row *rows);

#endif
