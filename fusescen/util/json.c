/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Main thread only. */
#include "config.h"

#include "fusescen/util/json.h"

#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "fusescen/util/errors.h"
#include "fusescen/util/files.h"

/* No format that is read here is nested deeper than 10, and the functions that
 * walk a tree are recursive. */
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

/* An integer may have more than 64 bits, so all numbers are read as doubles. */
json_t *json_read(const char *name, const char *text, size_t len)
{
	json_error_t err;
	json_t *j;

	j = json_loadb(text, len, JSON_DECODE_INT_AS_REAL, &err);
	if (!j) {
		put_error("%s:%d: this is not JSON: %s", name, err.line,
			  err.text);
		return NULL;
	}
	if (!is_too_deep(j, 0))
		return j;
	put_error("%s: the JSON is nested too deeply", name);
	json_decref(j);
	return NULL;
}

json_t *json_read_file(const char *path)
{
	auto_buf struct buf b = BUF_INIT;

	if (!file_read(path, &b))
		return json_read(path, b.data, b.len);
	put_error("%s: %s", path, strerror(errno));
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
