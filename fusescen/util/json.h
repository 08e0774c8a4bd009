/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads JSON from files and machines that are not trusted. jansson does it,
 * within limits of ours, and a message on standard error says what is wrong. */
#ifndef FUSESCEN_UTIL_JSON_H
#define FUSESCEN_UTIL_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#define auto_json	__attribute__((cleanup(json_cleanup)))

/* Returns the tree of a text or of a file; NULL after a message that names it.
 * All numbers are doubles.  The caller releases the tree with json_decref().  */
json_t *json_read(const char *name, const char *text, size_t len);
json_t *json_read_file(const char *path);

/* Returns a member of that type; NULL if there is none, or if j is not an
 * object. */
const char *json_text_of(const json_t *j, const char *key);
json_t *json_list_of(const json_t *j, const char *key);
/* Is the member this number? */
bool json_is(const json_t *j, const char *key, double number);

static inline void json_cleanup(json_t **j)
{
	json_decref(*j);
}

#endif
