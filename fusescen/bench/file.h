/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a bench file. */
#ifndef FUSESCEN_BENCH_FILE_H
#define FUSESCEN_BENCH_FILE_H

#include "fusescen/bench/bench.h"

/* Returns -1 after messages on standard error.  The caller calls bench_free()
 * in any case. */
int bench_load(struct bench *b, const char *path);
/* Does the same with a text that messages call path. */
int bench_load_text(struct bench *b, const char *path, const char *text);

#endif
