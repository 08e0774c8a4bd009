/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which cases of the files are run, and in which order. */
#ifndef FUSESCEN_CMD_CASES_H
#define FUSESCEN_CMD_CASES_H

#include <stdbool.h>
#include <stdint.h>

#include "fusescen/report/batch.h"
#include "fusescen/report/failed.h"
#include "fusescen/util/walk.h"

struct case_filter {
	const char **cases;		/* globs of names; NULL: all */
	const char **exclude;		/* globs of paths, or of PATH:CASE */
	const char **tags;		/* one of these, none of those with a "!" */
	const char *shard;		/* "K/N": the Kth of N parts */
	uint64_t shuffle;		/* the seed; 0: in the order of the list */
	bool last_failed;		/* what failed last time, or all */
};

struct tasks {
	struct task *at;
	size_t n;
};

/* Adds the cases of a file that the filter lets through, --last-failed apart. */
void tasks_add(struct tasks *tasks, const struct case_filter *filter,
	       const struct path *path, const fusescen_file *file);
/* Keeps what failed last time, or everything if none of it did. */
void tasks_keep_failed(struct tasks *tasks, const struct failed *failed);
/* Keeps the part that --shard asks for.  Returns -1 after a message if that is no
 * part. */
int tasks_shard(struct tasks *tasks, const char *shard);
/* The cases of a file stay together. */
void tasks_shuffle(struct tasks *tasks, uint64_t seed);

#endif
