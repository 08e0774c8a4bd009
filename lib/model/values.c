/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tables of words, and the bytes that a script names. */
#include "config.h"

#include "model/values.h"

#include <string.h>

const char *keyword_at(const void *table, size_t i)
{
	return ((const struct keyword *)table)[i].name;
}

/* One period, from where it begins, then what is there copied behind itself. */
static void copy_part(const struct data_spec *d, uint64_t at, uint8_t *p, size_t n,
		      uint8_t letter)
{
	size_t done = 0, part;

	if (!d->period) {
		memset(p, letter, n);
		return;
	}
	for (; done < n && done < d->period; done++)
		p[done] = d->p[(at + done) % d->period];
	for (; done < n; done += part) {
		/* done is a multiple of the period here */
		part = done < n - done ? done : n - done;
		memcpy(p + done, p, part);
	}
}

void data_copy(const struct data_spec *d, uint64_t at, void *to, size_t n,
	       uint8_t letter)
{
	uint8_t *p = to;

	d = data_part(d, &at);
	while (n) {
		/* the last part goes on for as long as is asked */
		size_t part = d->next && data_own_len(d) - at < n ?
			(size_t)(data_own_len(d) - at) : n;

		copy_part(d, at, p, part, letter);
		p += part;
		n -= part;
		at = 0;
		d = d->next;
	}
}
