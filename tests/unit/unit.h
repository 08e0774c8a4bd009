/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every unit test program ends with: run the suite, TAP if asked for
 * (CK_TAP_LOG_FILE_NAME=-, as tests/unit.mk sets), 0 unless something failed. */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

#include <check.h>
#include <stdlib.h>

static inline int unit_main(Suite *s)
{
	SRunner *sr = srunner_create(s);
	int failed;

	srunner_run_all(sr, getenv("CK_TAP_LOG_FILE_NAME") ? CK_SILENT : CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? 1 : 0;
}

#endif
