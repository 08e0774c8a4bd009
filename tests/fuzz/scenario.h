/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scenarios that are part of a target, and are to load: once, at its start. */
#ifndef TESTS_FUZZ_SCENARIO_H
#define TESTS_FUZZ_SCENARIO_H

#include <string.h>

#include "base/mem.h"
#include "load/load.h"

static inline struct scenario_file *fuzz_scenario(const char *text)
{
	struct scenario_file *file = load_text("fuzz", text, strlen(text));
	auto_buf struct buf why = BUF_INIT;

	if (!file->n_cases) {
		diags_print(file->diags, &why);
		die_bug("%s", buf_str(&why));
	}
	return file;
}

#endif
