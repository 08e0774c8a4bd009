/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Ranges of kernel versions.  Pure functions, thread-safe. */
#include "config.h"

#include "model/kernel_range.h"

#include <ctype.h>
#include <string.h>

#include "base/mem.h"

#define PART_MAX	100000u

/* Two characters before one, so that "<=" is not read as "<". */
static const struct {
	const char *text;
	enum kernel_compare compare;
} compare_signs[] = {
	{ "<=", KERNEL_LE }, { ">=", KERNEL_GE },
	{ "<", KERNEL_LT }, { ">", KERNEL_GT }, { "=", KERNEL_IS },
};

static size_t skip_spaces(const char *text, size_t len, size_t at)
{
	while (at < len && text[at] == ' ')
		at++;
	return at;
}

/* "6.18.5" at *at; up to three parts. */
static int parse_version(const char *text, size_t len, size_t *at,
			 struct kernel_bound *b)
{
	b->n_parts = 0;
	for (;;) {
		unsigned v = 0;
		size_t start = *at;

		while (*at < len && isdigit((unsigned char)text[*at]) &&
		       v < PART_MAX)
			v = v * 10 + (unsigned)(text[(*at)++] - '0');
		if (*at == start || v >= PART_MAX)
			return -1;
		b->parts[b->n_parts++] = v;
		if (b->n_parts == 3 || *at >= len || text[*at] != '.')
			return 0;
		(*at)++;
	}
}

static int parse_bound(const char *text, size_t len, size_t *at,
		       struct kernel_bound *b)
{
	size_t i;

	b->compare = KERNEL_IS;
	for (i = 0; i < ARRAY_SIZE(compare_signs); i++) {
		size_t n = strlen(compare_signs[i].text);

		if (len - *at >= n &&
		    !memcmp(text + *at, compare_signs[i].text, n)) {
			b->compare = compare_signs[i].compare;
			*at = skip_spaces(text, len, *at + n);
			break;
		}
	}
	return parse_version(text, len, at, b);
}

/* -1, 0, 1: the release before, at or after the bound, as far as written. */
static int compare_parts(const unsigned *release, const struct kernel_bound *b)
{
	unsigned i;

	for (i = 0; i < b->n_parts; i++)
		if (release[i] != b->parts[i])
			return release[i] < b->parts[i] ? -1 : 1;
	return 0;
}

static bool bound_holds(const struct kernel_bound *b, const unsigned *release)
{
	int order = compare_parts(release, b);

	switch (b->compare) {
	case KERNEL_LT:
		return order < 0;
	case KERNEL_LE:
		return order <= 0;
	case KERNEL_GT:
		return order > 0;
	case KERNEL_GE:
		return order >= 0;
	case KERNEL_IS:
		return order == 0;
	}
	return false;
}

int kernel_range_parse(const char *text, size_t len, struct kernel_range *out,
		       size_t *bad_at)
{
	size_t at = skip_spaces(text, len, 0);

	memset(out, 0, sizeof(*out));
	if (len - at >= 3 && !memcmp(text + at, "any", 3) &&
	    skip_spaces(text, len, at + 3) == len)
		return 0;
	for (;;) {
		if (out->n_bounds == KERNEL_BOUNDS_MAX ||
		    parse_bound(text, len, &at, &out->bounds[out->n_bounds]))
			break;
		out->n_bounds++;
		at = skip_spaces(text, len, at);
		if (at == len)
			return 0;
		if (text[at] != ',')
			break;
		at = skip_spaces(text, len, at + 1);
	}
	*bad_at = at;
	return -1;
}

bool kernel_range_holds(const struct kernel_range *range, const char *release)
{
	struct kernel_bound is = { .compare = KERNEL_IS };
	size_t at = 0, len = strlen(release);
	unsigned i;

	/* what follows the numbers ("-rc3", "-arch1") is not looked at, but
	 * "6.18.y" still has its first two */
	if (parse_version(release, len, &at, &is) && is.n_parts == 0)
		return false;
	for (i = is.n_parts; i < 3; i++)
		is.parts[i] = 0;
	for (i = 0; i < range->n_bounds; i++)
		if (!bound_holds(&range->bounds[i], is.parts))
			return false;
	return true;
}

bool kernel_range_has(const char *text, const char *release)
{
	struct kernel_range range;
	size_t bad_at;

	return kernel_range_parse(text, strlen(text), &range, &bad_at) == 0 &&
	       kernel_range_holds(&range, release);
}
