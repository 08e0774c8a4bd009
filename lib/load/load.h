/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * YAML to scenarios.  load_file() never prints: what is wrong is in
 * file->diags, and the return value says whether there is anything to run.
 * One call at a time per file; different files may be loaded by different
 * threads.
 */
#ifndef LOAD_LOAD_H
#define LOAD_LOAD_H

#include "model/scenario.h"

/* Always returns a file (free with scenario_file_free()); it can be run only
 * if diags_count(file->diags) is 0.  "-" is not special; path is opened
 * without following it into devices or FIFOs (regular files only). */
struct scenario_file *load_file(const char *path);
/* From memory; name is what messages call it. */
struct scenario_file *load_text(const char *name, const char *text, size_t len);

/* Case i alone, of a text that was loaded before without errors: cases[0]. */
struct scenario_file *load_text_case(const char *name, const char *text,
				     size_t len, size_t i);

/* All of it, and the sketch (read/sketch.h) gets what is seen on the way. */
struct sketch;
struct scenario_file *load_sketched(const char *name, const char *text,
				    struct sketch *sketch);

#endif
