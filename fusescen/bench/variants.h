/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the variants of a bench file. */
#ifndef FUSESCEN_BENCH_VARIANTS_H
#define FUSESCEN_BENCH_VARIANTS_H

#include "fusescen/bench/bench.h"

/* Returns -1 after messages. */
int variants_read(struct bench *b, const struct ynode *n);
/* Finds the number of the variant that a scalar names; -1 after a message. */
int variants_find(struct bench *b, const struct ynode *n, size_t *out);

#endif
