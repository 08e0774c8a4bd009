/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words of expectations.  Constant tables, thread-safe. */
#include "config.h"

#include "model/clients.h"

const char *const trend_words[] = { "", "grows", "shrinks", NULL };
