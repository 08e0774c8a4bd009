/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any text as a scenario.  It has errors or cases, never both; a case loads
 * alone as it does with the others.
 */
#include "config.h"

#include "base/mem.h"
#include "fusescen.h"
#include "load/load.h"
#include "model/scenario.h"
#include "tests/fuzz/input.h"

#define CASES_TRIED	4	/* each is a load of its own */

static void try_public(const char *text, size_t size)
{
	fusescen_file *file = fusescen_load_text("x.yaml", text, size);
	const char *errors = fusescen_errors(file);
	size_t n = fusescen_cases(file), i;

	if (!errors != (n > 0))
		die_bug("%zu cases, and errors: %s", n, errors ? errors : "none");
	if (errors && !*errors)
		die_bug("errors without a word");
	fusescen_title(file);
	for (i = 0; i < n && i < CASES_TRIED; i++) {
		fusescen_case_name(file, i);
		fusescen_hazard(file, i);
		free(fusescen_asks(file, i));
		free(fusescen_crash(file, i, "6.18.0",
				    "kernel BUG at fs/fuse/dir.c:1\n"));
	}
	fusescen_free(file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct scenario_file *all = load_text("x.yaml", text, size);
	size_t i;

	try_public(text, size);
	for (i = 0; i < all->n_cases && i < CASES_TRIED; i++) {
		struct scenario_file *one =
			load_text_case("x.yaml", text, size, i);

		if (one->n_cases != 1)
			die_bug("case %zu does not load alone", i);
		scenario_file_free(one);
	}
	scenario_file_free(all);
	return 0;
}
