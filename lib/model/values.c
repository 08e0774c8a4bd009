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
void data_copy(const struct data_spec *d, uint64_t at, void *to, size_t n,
	       uint8_t letter)
{
	uint8_t *p = to;
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
