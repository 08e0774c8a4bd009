/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory that does not fail: out of memory ends the program. */
#ifndef FUSESCEN_UTIL_MEMORY_H
#define FUSESCEN_UTIL_MEMORY_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline void *must(void *p)
{
	if (!p) {
		fputs("fusescen: out of memory\n", stderr);
		abort();
	}
	return p;
}

/* Room for one more at the end of an array that doubles. */
static inline void *grow(void *array, size_t n, size_t size)
{
	if (n & (n - 1))
		return array;
	return must(reallocarray(array, n ? n * 2 : 1, size));
}

/* Printed to a string of its own. */
__attribute__((format(printf, 1, 2)))
static inline char *format(const char *fmt, ...)
{
	va_list ap;
	char *s;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&s, fmt, ap);
	va_end(ap);
	return must(n < 0 ? NULL : s);
}

#endif
