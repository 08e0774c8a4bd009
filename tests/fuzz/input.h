/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a fuzzer makes up, taken from the front piece by piece.  At its end there
 * are zeros, so that every input means something.
 */
#ifndef TESTS_FUZZ_INPUT_H
#define TESTS_FUZZ_INPUT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct input {
	const uint8_t *at;
	size_t left;
};

/* What libFuzzer calls; the programs have no other interface. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* At most n bytes; returns how many there were. */
static inline size_t take(struct input *in, void *to, size_t n)
{
	if (n > in->left)
		n = in->left;
	if (n)
		memcpy(to, in->at, n);
	in->at += n;
	in->left -= n;
	return n;
}

static inline unsigned take_byte(struct input *in)
{
	uint8_t v = 0;

	take(in, &v, sizeof(v));
	return v;
}

static inline unsigned take_u16(struct input *in)
{
	unsigned low = take_byte(in);

	return low | take_byte(in) << 8;
}

static inline uint32_t take_u32(struct input *in)
{
	uint32_t low = take_u16(in);

	return low | (uint32_t)take_u16(in) << 16;
}

static inline uint64_t take_u64(struct input *in)
{
	uint64_t low = take_u32(in);

	return low | (uint64_t)take_u32(in) << 32;
}

#endif
