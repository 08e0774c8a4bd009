/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Instead of fexit.c in a build without libbpf: nothing can be watched. */
#include "config.h"

#include "trace/fexit.h"

#define BUILT_WITHOUT	"this fusescen was built without libbpf"

struct fexit *fexit_new(struct fexit_error *e)
{
	*e = (struct fexit_error){ .what = BUILT_WITHOUT };
	return NULL;
}

void fexit_free(struct fexit *f)
{
	(void)f;
}

int fexit_attach(struct fexit *f, const char *function, struct fexit_error *e)
{
	(void)f;
	(void)function;
	*e = (struct fexit_error){ .what = BUILT_WITHOUT };
	return -1;
}

struct fexit_return *fexit_drain(struct fexit *f, size_t *n, bool *lost)
{
	(void)f;
	*n = 0;
	*lost = false;
	return NULL;
}

const char *fexit_missing(void)
{
	return BUILT_WITHOUT ": install libbpf 1.0 or later with its headers, "
	       "and build it again";
}
