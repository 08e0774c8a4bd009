/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel that sends what no kernel would send: requests made of a fuzzer's
 * input.  Most have a good header, so that they get beyond the first look at
 * them; a fuzzer would seldom find that out by itself.
 *
 *	how  row  node  length (2 bytes)  [what HOW_* asks for]  body
 *
 * tests/fuzz/make_seeds.c writes the same form.
 */
#ifndef TESTS_FUZZ_HOSTILE_H
#define TESTS_FUZZ_HOSTILE_H

#include "tests/fuzz/input.h"
#include "wire/message.h"

enum {
	HOW_BARE	= 1 << 0,	/* the body is all of it, header included */
	HOW_REPEAT	= 1 << 1,	/* the unique of the one before */
	HOW_LENGTH	= 1 << 2,	/* 4 bytes: the length in the header */
	HOW_NODE	= 1 << 3,	/* 8 bytes: the nodeid */
	HOW_OPCODE	= 1 << 4,	/* 4 bytes: the opcode */
	HOW_EXTENSIONS	= 1 << 5,	/* 2 bytes: the length of extensions */
	HOW_MUCH	= 1 << 6,	/* a lot of data behind the body */
	HOW_UNIQUE	= 1 << 7,	/* 8 bytes: the unique */
};

#define HOSTILE_BODY	1024u
#define HOSTILE_MUCH	(60u << 10)
#define HOSTILE_MAX	(sizeof(struct wire_in_header) + HOSTILE_BODY + HOSTILE_MUCH)

struct hostile {
	uint64_t unique;
};

static inline struct wire_in_header hostile_header(struct hostile *k,
						   struct input *in,
						   unsigned how, unsigned row,
						   unsigned node)
{
	struct wire_in_header h = {
		.opcode = builtin_ops[row % N_BUILTIN_OPS].opcode, .nodeid = node,
		.unique = how & HOW_REPEAT ? k->unique : (k->unique += 2),
		.pid = 4711,
	};

	if (how & HOW_NODE)
		h.nodeid = take_u64(in);
	if (how & HOW_OPCODE)
		h.opcode = take_u32(in);
	if (how & HOW_EXTENSIONS)
		h.total_extlen = (uint16_t)take_u16(in);
	if (how & HOW_UNIQUE)
		h.unique = take_u64(in);
	return h;
}

/* The next request, into msg of HOSTILE_MAX bytes; its length, 0 if none is
 * left. */
static inline size_t hostile_next(struct hostile *k, struct input *in, uint8_t *msg)
{
	unsigned how = take_byte(in), row = take_byte(in), node = take_byte(in);
	size_t len = take_u16(in) % (HOSTILE_BODY + 1), at = 0;
	struct wire_in_header h;

	if (!in->left)
		return 0;
	if (how & HOW_BARE)
		return take(in, msg, len);
	h = hostile_header(k, in, how, row, node);
	if (how & HOW_LENGTH)
		h.len = take_u32(in);
	at = sizeof(h);
	at += take(in, msg + at, len);
	if (how & HOW_MUCH) {
		memset(msg + at, 'A', HOSTILE_MUCH);
		at += HOSTILE_MUCH;
	}
	if (!(how & HOW_LENGTH))
		h.len = (uint32_t)at;
	memcpy(msg, &h, sizeof(h));
	return at;
}

#endif
