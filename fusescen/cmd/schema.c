/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fusescen schema: the language as a JSON Schema. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "fusescen.h"
#include "fusescen/util/command.h"
#include "fusescen/util/errors.h"

static const struct option_row options[] = {
	{ NULL, 0, OPTION_FLAG, 0, NULL, NULL },
};

static int schema_main(const struct command *self, int argc, char **argv)
{
	int n = options_parse(options, argc, argv, NULL);
	char *text;

	if (n != 0) {
		if (n > 0)
			put_error("%s takes no arguments", self->name);
		return STATUS_ERROR;
	}
	text = fusescen_list("schema");
	fputs(text, stdout);
	free(text);
	return STATUS_PASS;
}

const struct command command_schema = {
	"schema", "", "print a JSON Schema, for editors", options,
	schema_main,
};
