/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Words that the language used before its first release.  Pure functions. */
#include "config.h"

#include "load/read/former.h"

#include <string.h>

#include "base/mem.h"

static const struct {
	const char *was, *now;
} former[] = {
	{ "in", "when" },
	{ "close", "rearm" },
	{ "done", "notified" },
	{ "pause", "sleep" },
	{ "lock", "inode_lock" },
	{ "together", "max_in_flight" },
	{ "between", "elapsed" },
};

const char *former_word(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(former); i++)
		if (strlen(former[i].was) == len &&
		    !memcmp(former[i].was, text, len))
			return former[i].now;
	return NULL;
}
