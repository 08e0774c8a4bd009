/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a call is to give: "4K", "-1 EIO", "5 \"hello\"", "{size: 64K}", "[a, b]",
 * "SIGBUS", "killed", "?".  One thread at a time. */
#ifndef LOAD_CALLS_EXPECT_H
#define LOAD_CALLS_EXPECT_H

#include "load/read/lex.h"

/* What follows "=", up to the end of the text; checked against what the call
 * can give. */
int load_expectation(struct lex *lx, const struct call *call,
		     struct expectation *out);

#endif
