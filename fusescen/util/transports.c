/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "fusescen/util/transports.h"

#include <stddef.h>
#include <string.h>

#include "fusescen/util/errors.h"

static int refuse(const char *word, const char *expected)
{
	put_error("--transport: \"%s\" is not %s", word, expected);
	return -1;
}

int transports_parse(struct transports *t, const char *word)
{
	if (!word || !strcmp(word, "dev"))
		*t = (struct transports){ { "dev", NULL }, 1 };
	else if (!strcmp(word, "uring"))
		*t = (struct transports){ { "uring", NULL }, 1 };
	else if (!strcmp(word, "both"))
		*t = (struct transports){ { "dev", "uring" }, 2 };
	else
		return refuse(word, "dev, uring or both");
	return 0;
}

int transports_check_one(const char *word)
{
	return !word || !strcmp(word, "dev") || !strcmp(word, "uring") ? 0 :
		refuse(word, "dev or uring");
}

const char *transport_label(const char *transport)
{
	return transport && !strcmp(transport, "uring") ? transport : NULL;
}
