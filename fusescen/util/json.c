/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Main thread only. */
#include "config.h"

#include "fusescen/util/json.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "fusescen/util/escape.h"
#include "fusescen/util/files.h"

/* No format that is read here nests deeper than 10, and what walks a tree
 * calls itself. */
#define DEPTH_MAX	32

static bool is_too_deep(const json_t *j, unsigned depth)
{
	const char *key;
	json_t *part;
	size_t i;

	if (depth > DEPTH_MAX)
		return true;
	json_object_foreach((json_t *)j, key, part)
		if (is_too_deep(part, depth + 1))
			return true;
	json_array_foreach(j, i, part)
		if (is_too_deep(part, depth + 1))
			return true;
	return false;
}

/* "line" is 0 where the whole is meant. */
static void complain(const char *name, int line, const char *what,
		     const char *why)
{
	fprintf(stderr, "fusescen: %s:", name);
	if (line > 0)
		fprintf(stderr, "%d:", line);
	fprintf(stderr, " %s", what);
	if (why[0])
		fputs(": ", stderr);
	put_plain(stderr, why);
	putc('\n', stderr);
}

/* Integers beyond 64 bits are numbers as well, so all are read as doubles. */
json_t *json_read(const char *name, const char *text, size_t len)
{
	json_error_t err;
	json_t *j;

	j = json_loadb(text, len, JSON_DECODE_INT_AS_REAL, &err);
	if (!j) {
		complain(name, err.line, "this is not JSON", err.text);
		return NULL;
	}
	if (!is_too_deep(j, 0))
		return j;
	complain(name, 0, "this is nested too deeply", "");
	json_decref(j);
	return NULL;
}

json_t *json_read_file(const char *path)
{
	auto_buf struct buf b = BUF_INIT;

	if (!file_read(path, &b))
		return json_read(path, b.data, b.len);
	fprintf(stderr, "fusescen: %s: %s\n", path, strerror(errno));
	return NULL;
}

const char *json_text_of(const json_t *j, const char *key)
{
	return json_string_value(json_object_get(j, key));
}

json_t *json_list_of(const json_t *j, const char *key)
{
	json_t *list = json_object_get(j, key);

	return json_is_array(list) ? list : NULL;
}

bool json_is(const json_t *j, const char *key, double number)
{
	json_t *n = json_object_get(j, key);

	return json_is_number(n) && json_number_value(n) == number;
}
