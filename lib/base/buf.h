/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A growing byte buffer: text for people, JSON, and wire messages.  The data
 * is always followed by a NUL that is not counted.  One thread at a time.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stddef.h>

struct buf {
	char *data;	/* NULL until something is added */
	size_t len;
	size_t cap;
};

#define BUF_INIT	{ NULL, 0, 0 }
#define auto_buf	__attribute__((cleanup(buf_fini)))

void buf_fini(struct buf *b);
void buf_clear(struct buf *b);
/* Make room for n more bytes and return where they start (not counted yet). */
void *buf_reserve(struct buf *b, size_t n);
void buf_add(struct buf *b, const void *p, size_t n);
void buf_addc(struct buf *b, char c);
void buf_fill(struct buf *b, char c, size_t n);
void buf_puts(struct buf *b, const char *s);
void buf_printf(struct buf *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *b, const char *fmt, va_list ap);
/* The text so far, never NULL. */
const char *buf_str(const struct buf *b);
/* Take the text; the caller frees it; the buffer is empty again. */
char *buf_steal(struct buf *b);

#endif
