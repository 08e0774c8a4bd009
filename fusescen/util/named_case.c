/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks through the cases of a file, and through words. */
#include "config.h"

#include "fusescen/util/named_case.h"

#include <string.h>

#include "fusescen/util/errors.h"

int named_case(const fusescen_file *file, const char *path, const char *name,
	       size_t *out)
{
	size_t n = fusescen_cases(file), i;

	*out = 0;
	if (!name && n > 1) {
		put_error("%s has %zu cases; choose one with --case NAME", path, n);
		return -1;
	}
	for (i = 0; name && i < n; i++) {
		const char *is = fusescen_case_name(file, i);

		*out = i;
		if (is && strcmp(is, name) == 0)
			return 0;
	}
	if (name)
		put_error("no case is called \"%s\"", name);
	return name ? -1 : 0;
}

int command_behind_dashes(int argc, char **argv)
{
	int i = 0;

	while (i < argc && strcmp(argv[i], "--") != 0)
		i++;
	return i;
}
