/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What failed last time.  It is in a file of the user's cache, and has a line for
 * each case: the whole path, a tab, and the name of the case, if it has one.
 * Without a cache nothing is remembered.
 */
#ifndef FUSESCEN_REPORT_FAILED_H
#define FUSESCEN_REPORT_FAILED_H

#include <stdbool.h>
#include <stddef.h>

struct failed;

/* In place of a case, which cannot have this name: the file could not be loaded. */
#define NOT_LOADED	":"

/* Never NULL.  Files that are gone are forgotten. */
struct failed *failed_load(void);
bool failed_has(const struct failed *f, const char *path, const char *case_name);
/* Call this for each case that has run, as often as it has run. */
void failed_note(struct failed *f, const char *path, const char *case_name,
		 bool has_failed);
/* Writes the file again if something in it has changed. */
void failed_save(const struct failed *f);
void failed_free(struct failed *f);

#endif
