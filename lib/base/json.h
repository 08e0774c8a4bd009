/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * JSON, written into a buffer.  All JSON of ours is written here, so commas,
 * quotes and escapes are right everywhere:
 *
 *	struct json_writer w = { .out = &buf };
 *
 *	json_begin(&w, NULL, '{');
 *	json_put_text(&w, "name", name);
 *	json_begin(&w, "sizes", '[');
 *	json_put_u64(&w, NULL, 4096);
 *	json_end(&w);
 *	json_end(&w);
 *
 * gives {"name":"...","sizes":[4096]}.  Keys are given in objects and are NULL
 * elsewhere.  One thread at a time.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct json_writer {
	struct buf *out;
	bool spaced;		/* a space behind commas and colons */
	/* What follows is the writer's own. */
	bool breaks;		/* the next item begins a line... */
	unsigned indent;	/* ...behind this many spaces */
	unsigned depth;
	uint32_t lists;		/* a bit for each depth: it is a list */
	uint32_t filled;	/* something is in it */
};

/* An object or a list, by its bracket: '{' or '['.  At most 31 deep. */
void json_begin(struct json_writer *w, const char *key, char bracket);
void json_end(struct json_writer *w);
/* The next item, or the closing bracket, begins a line. */
void json_break(struct json_writer *w, unsigned indent);

/* No text, no member. */
void json_put_text(struct json_writer *w, const char *key, const char *text);
void json_put_bytes(struct json_writer *w, const char *key, const char *at,
		    size_t n);
void json_put_u64(struct json_writer *w, const char *key, uint64_t v);
void json_put_i64(struct json_writer *w, const char *key, int64_t v);
void json_put_bool(struct json_writer *w, const char *key, bool v);
/* So that it reads back as the same number; null if it is none. */
void json_put_real(struct json_writer *w, const char *key, double v);
/* What is JSON already. */
void json_put_raw(struct json_writer *w, const char *key, const char *json);

/* A string with its quotes: bytes that are not UTF-8 and characters that a
 * terminal obeys become \u00XX. */
void buf_json(struct buf *b, const char *s, size_t n);

#endif
