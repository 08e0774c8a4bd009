/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A JSON text as a tree. */
#ifndef FUSESCEN_UTIL_JSON_H
#define FUSESCEN_UTIL_JSON_H

#include <stddef.h>

enum json_kind { JSON_WORD, JSON_NUMBER, JSON_TEXT, JSON_LIST, JSON_OBJECT };

struct json {
	enum json_kind kind;
	char *key;		/* in an object */
	char *text;		/* of what has no parts: "true", "1", a text */
	struct json *first;	/* its parts */
	struct json *next;	/* behind it in what it is part of */
};

/* NULL if it is none; then *line is where.  Free with json_free(). */
struct json *json_parse(const char *text, size_t len, size_t *line);
void json_free(struct json *j);
/* NULL: there is none of this name and kind, or j is no object. */
const struct json *json_member(const struct json *j, const char *key,
			       enum json_kind kind);
/* The text of a member, NULL if there is none. */
const char *json_text(const struct json *j, const char *key);

#endif
