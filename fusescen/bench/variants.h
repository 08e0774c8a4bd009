/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The variants of a bench file. */
#ifndef FUSESCEN_BENCH_VARIANTS_H
#define FUSESCEN_BENCH_VARIANTS_H

#include "fusescen/bench/bench.h"

/* -1 after messages. */
int variants_read(struct bench *b, const struct ynode *n);
/* The number of the one that a scalar names; -1 after a message. */
int variants_find(struct bench *b, const struct ynode *n, size_t *out);

#endif
