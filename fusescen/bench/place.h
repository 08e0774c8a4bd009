/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Benchmarks work in /mnt, in a mount namespace of this process and its children.
 * Nobody else sees a mount, and none is left, whatever becomes of these processes.
 *
 *	/mnt/raw	the directory of --dir, or a tmpfs
 *	/mnt/tmpfs	a tmpfs
 *	/mnt/NAME	what a variant serves
 */
#ifndef FUSESCEN_BENCH_PLACE_H
#define FUSESCEN_BENCH_PLACE_H

#include <stdbool.h>

#include "fusescen/bench/bench.h"
#include "fusescen/bench/rawdir.h"

#define PLACE		"/mnt"
#define PLACE_TRACEFS	PLACE "/.tracing"

struct place {
	struct rawdir raw;	/* below --dir */
	char raw_type[32];	/* of the filesystem */
};

/* Enters it for good.  dir may be NULL.  Returns an exit status, which is 77 if
 * this machine does not allow it, after a message if it is not 0.  */
int place_open(struct place *p, const char *dir, const struct bench *b);
/* Removes what fio has made in the directories that always exist. */
void place_clean(const struct bench *b);
void place_close(struct place *p);

#endif
