/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading a bench file. */
#ifndef FUSESCEN_BENCH_FILE_H
#define FUSESCEN_BENCH_FILE_H

#include "fusescen/bench/bench.h"

/* -1 after messages on standard error; bench_free() it in any case. */
int bench_load(struct bench *b, const char *path);
/* The same for a text that is here already, called path. */
int bench_load_text(struct bench *b, const char *path, const char *text);

#endif
