/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fusescen doctor: what this machine can do.  Main thread only. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "fusescen.h"
#include "fusescen/command.h"

static const struct option_row options[] = {
	{ NULL, 0, OPTION_FLAG, 0, NULL, NULL },
};

static int doctor_main(const struct command *self, int argc, char **argv)
{
	int n = options_parse(options, argc, argv, NULL);
	char *text;

	if (n < 0)
		return STATUS_ERROR;
	if (n > 0) {
		fprintf(stderr, "fusescen: %s takes no arguments\n", self->name);
		return STATUS_ERROR;
	}
	text = fusescen_list("doctor");
	fputs(text, stdout);
	free(text);
	return STATUS_PASS;
}

const struct command command_doctor = {
	"doctor", "", "what this machine can do, and what that makes skip",
	options, doctor_main,
};
