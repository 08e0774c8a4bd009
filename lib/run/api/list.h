/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The language's tables as text.  Thread-safe. */
#ifndef RUN_API_LIST_H
#define RUN_API_LIST_H

#include <stdbool.h>

#include "base/buf.h"

/* False: no such topic. */
bool list_topic(const char *topic, struct buf *out);

#endif
