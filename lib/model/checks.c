/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words of checks.  Constant tables, thread-safe. */
#include "config.h"

#include "model/checks.h"

const struct keyword check_keywords[] = {
	{ "order", CHECK_ORDER, "events in this order, others between them" },
	{ "before", CHECK_BEFORE, "every event of one kind before every other" },
	{ "count", CHECK_COUNT, "how many events there are" },
	{ "never", CHECK_NEVER, "no such event" },
	{ "max_in_flight", CHECK_MAX_IN_FLIGHT, "most requests open at one time" },
	{ "elapsed", CHECK_ELAPSED, "time from one event to another" },
	{ "same", CHECK_SAME, "fields of several events have one value" },
	{ "differ", CHECK_DIFFER, "no two events have the same value in a field" },
	{ "file", CHECK_FILE, "size and data of a file as the server has it" },
	{ "kernel", CHECK_KERNEL, "what a function of the kernel returned" },
	{ NULL, 0, NULL },
};

const struct words check_words = { keyword_at, check_keywords };
