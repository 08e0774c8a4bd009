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
/* Keeps what failed last time, or everything if none of it did.  is_known: a file that
 * cannot be loaded could not be then either. */
void tasks_keep_failed(struct tasks *tasks, const struct failed *failed, bool is_known);
/* Says what was asked for, and what there is. */
void tasks_explain_none(const struct case_filter *filter, const struct paths *paths,
			fusescen_file *const *files);
/* Keeps the part that --shard asks for.  Returns -1 after a message if that is no
 * part. */
int tasks_shard(struct tasks *tasks, const char *shard);
/* In the form that the command line takes; with_titles: and what each shows. */
void tasks_print(const struct tasks *tasks, bool with_titles);
/* The cases of a file stay together. */
void tasks_shuffle(struct tasks *tasks, uint64_t seed);

#endif
