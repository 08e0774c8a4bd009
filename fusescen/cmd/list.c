/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fusescen list: prints the words of the language.  Main thread only. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "fusescen.h"
#include "fusescen/util/command.h"
#include "fusescen/util/errors.h"

static const struct option_row options[] = {
	{ NULL, 0, OPTION_FLAG, 0, NULL, NULL },
};

static int list_main(const struct command *self, int argc, char **argv)
{
	int n = options_parse(options, argc, argv, NULL);
	char *text;

	if (n < 0)
		return STATUS_ERROR;
	if (n > 1) {
		put_error("%s takes one topic at a time", self->name);
		return STATUS_ERROR;
	}
	text = fusescen_list(n == 1 ? argv[0] : "topics");
	if (!text) {
		put_error("unknown topic \"%s\"; \"fusescen list\" lists them",
			  argv[0]);
		return STATUS_ERROR;
	}
	fputs(text, stdout);
	free(text);
	return STATUS_PASS;
}

const struct command command_list = {
	"list", "[TOPIC]", "print the words of the language",
	options, list_main,
};
