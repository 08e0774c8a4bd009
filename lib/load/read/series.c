/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One name that stands for a series of them.  Braces around anything but two
 * numbers are characters of the name.  One thread at a time.
 */
#include "config.h"

#include "load/read/series.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "base/units.h"

/* "0..300", without letters: a size is no number of a name. */
static bool is_range(const char *text, size_t len)
{
	size_t i, dots = 0;

	for (i = 0; i < len; i++) {
		if (text[i] == '.')
			dots++;
		else if (!isdigit((unsigned char)text[i]))
			return false;
	}
	return dots == 2;
}

int series_of(struct loader *ld, struct loc loc, const char *text, size_t len,
	      struct series *out)
{
	const char *open = memchr(text, '{', len), *close;
	uint64_t last;

	*out = (struct series){ .text = text, .len = len, .n = 1 };
	close = open ? memchr(open, '}', len - (size_t)(open - text)) : NULL;
	if (!close || !is_range(open + 1, (size_t)(close - open - 1)))
		return 0;
	if (parse_range(open + 1, (size_t)(close - open - 1), &out->first,
			&last) || last == out->first ||
	    last - out->first > SERIES_MAX)
		return diag(ld->dg, loc, "\"%.*s\": a range of names has an "
			    "end, and 1 to %d names", (int)len, text,
			    SERIES_MAX);
	out->at = (size_t)(open - text);
	out->end = (size_t)(close + 1 - text);
	out->n = last - out->first;
	return 0;
}

char *series_name(struct arena *a, const struct series *s, uint64_t i)
{
	if (!s->end)
		return arena_strndup(a, s->text, s->len);
	return arena_printf(a, "%.*s%" PRIu64 "%.*s", (int)s->at, s->text,
			    s->first + i, (int)(s->len - s->end),
			    s->text + s->end);
}
