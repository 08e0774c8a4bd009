/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The text of "format" files. */
#include "config.h"

#include "trace/format.h"

#include <stdio.h>
#include <string.h>

bool format_id(const char *text, unsigned *id)
{
	const char *line = strstr(text, "\nID: ");

	return line && sscanf(line, "\nID: %u", id) == 1;
}

/* A field's name is the last word before the semicolon. */
static bool is_named(const char *decl, const char *end, const char *name)
{
	size_t len = strlen(name);

	return (size_t)(end - decl) > len && !memcmp(end - len, name, len) &&
		(end[-(ptrdiff_t)len - 1] == ' ' || end[-(ptrdiff_t)len - 1] == '*');
}

bool format_field(const char *text, const char *name, struct format_field *out)
{
	const char *decl = text, *end;
	int is_signed;

	while ((decl = strstr(decl, "field:"))) {
		decl += strlen("field:");
		end = strchr(decl, ';');
		if (!end)
			return false;
		if (!is_named(decl, end, name))
			continue;
		if (sscanf(end, "; offset:%u; size:%u; signed:%d;", &out->at,
			   &out->size, &is_signed) != 3)
			return false;
		out->is_signed = is_signed;
		return out->size == 1 || out->size == 2 || out->size == 4 ||
			out->size == 8;
	}
	return false;
}

bool format_value(const struct format_field *f, const void *record, size_t len,
		  uint64_t *value)
{
	const uint8_t *p = (const uint8_t *)record + f->at;
	uint8_t v8;
	uint16_t v16;
	uint32_t v32;

	if (f->size > len || f->at > len - f->size)
		return false;
	switch (f->size) {
	case 1:
		memcpy(&v8, p, 1);
		*value = f->is_signed ? (uint64_t)(int8_t)v8 : v8;
		break;
	case 2:
		memcpy(&v16, p, 2);
		*value = f->is_signed ? (uint64_t)(int16_t)v16 : v16;
		break;
	case 4:
		memcpy(&v32, p, 4);
		*value = f->is_signed ? (uint64_t)(int32_t)v32 : v32;
		break;
	default:
		memcpy(value, p, 8);
		break;
	}
	return true;
}
