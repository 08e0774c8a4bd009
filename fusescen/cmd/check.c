/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fusescen check: loads scenarios without running them.  Main thread only. */
#include "config.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fusescen.h"
#include "fusescen/report/unused.h"
#include "fusescen/util/command.h"
#include "fusescen/util/errors.h"
#include "fusescen/util/escape.h"
#include "fusescen/util/walk.h"

struct settings {
	bool verbose;
	bool strict;
	bool untrusted;
};

enum found { NOTHING, UNUSED, ERRORS };

static const struct option_row options[] = {
	{ "verbose", 'v', OPTION_FLAG, offsetof(struct settings, verbose), NULL,
	  "also print a line for each good file" },
	{ "strict", 0, OPTION_FLAG, offsetof(struct settings, strict), NULL,
	  "fail if a file declares something and does not use it" },
	{ "untrusted", 0, OPTION_FLAG, offsetof(struct settings, untrusted), NULL,
	  "refuse files that ask anything of the machine" },
	{ NULL, 0, OPTION_FLAG, 0, NULL, NULL },
};

/* Prints what the file asks of the machine, which its user may want to know
 * before running it.  Most cases of a file ask for the same, so repetitions are
 * left out.  Returns whether there is anything. */
static bool print_asks(const fusescen_file *file)
{
	char *last = NULL, *asks;
	bool any = false;
	size_t i;

	for (i = 0; (asks = fusescen_asks(file, i)); i++) {
		if (!last || strcmp(last, asks))
			fputs(asks, stdout);
		any |= *asks;
		free(last);
		last = asks;
	}
	free(last);
	return any;
}

static void print_ok(const char *path, size_t n)
{
	put_plain(stdout, path);
	printf(": ok, %zu %s\n", n, n == 1 ? "case" : "cases");
}

/* Returns whether the file has a part that none of its cases uses. */
static bool print_unused(const fusescen_file *file)
{
	struct unused unused = { NULL, 0, 0 };
	char *lines;
	size_t i;

	for (i = 0; (lines = fusescen_unused(file, i)); i++) {
		unused_add(&unused, lines);
		free(lines);
	}
	lines = unused_take(&unused, i);
	if (!lines)
		return false;
	put_lines(stdout, lines);
	free(lines);
	return true;
}

static enum found check_one(const struct path *path, const struct settings *settings)
{
	enum found found = NOTHING;
	fusescen_file *file = path_load(path);
	const char *errors = fusescen_errors(file);
	size_t n = fusescen_cases(file);
	bool refused = false;

	if (errors)
		put_error_text(errors);
	else if (settings->verbose)
		print_ok(path->name, n);
	if (errors)
		found = ERRORS;
	else if (print_unused(file))
		found = UNUSED;
	if (!errors)
		refused = print_asks(file) && settings->untrusted;
	if (refused) {
		found = ERRORS;
		fflush(stdout);
		put_error("%s: refused, because an untrusted file must not ask for anything", path->name);
	}
	fusescen_free(file);
	return found;
}

static int check_main(const struct command *self, int argc, char **argv)
{
	struct settings settings = { 0 };
	int n = options_parse(options, argc, argv, &settings);
	enum found worst = NOTHING, found;
	struct paths paths;
	size_t i;
	int err;

	if (n < 0)
		return STATUS_ERROR;
	if (n == 0) {
		put_error("%s needs files or directories", self->name);
		return STATUS_ERROR;
	}
	err = paths_collect(&paths, argv, n);
	for (i = 0; i < paths.n; i++) {
		found = check_one(&paths.at[i], &settings);
		if (found > worst)
			worst = found;
	}
	paths_free(&paths);
	if (err || worst == ERRORS)
		return STATUS_ERROR;
	return worst == UNUSED && settings.strict ? STATUS_FAIL : STATUS_PASS;
}

const struct command command_check = {
	"check", "FILE|DIR...", "load scenarios and report errors in them",
	options, check_main,
};
