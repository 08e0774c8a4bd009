/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Write inputs to begin with for those targets whose inputs are no text: what the
 * tables of the wire know, in the form of tests/fuzz/hostile.h, and frames.
 *
 *	make_seeds DIR	DIR/TARGET/NAME; the directories are there
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "fusescen/vm/frame.h"
#include "tests/fuzz/hostile.h"

#define N_SCENARIOS	5	/* of fuzz_tap.c */
#define N_REPLIES	6	/* of fuzz_attach.c */

static const char *dir;

static void put_file(const char *target, const char *name, const struct buf *b)
{
	auto_free char *path = xasprintf("%s/%s/%s", dir, target, name);
	FILE *f = fopen(path, "we");

	if (!f || fwrite(b->data, 1, b->len, f) != b->len || fclose(f)) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		exit(1);
	}
}

static void put_u16(struct buf *b, size_t v)
{
	buf_addc(b, (char)v);
	buf_addc(b, (char)(v >> 8));
}

/* ---- requests -------------------------------------------------------------------- */

/* Which number of a fixed part says how much follows: one byte does. */
static void announce(const struct op *op, uint8_t *fixed, size_t len)
{
	static const char *const names[] = { "size", "in_size", "count", NULL };
	const struct field *f;

	for (size_t i = 0; names[i]; i++) {
		f = op_arg(op, names[i], strlen(names[i]));
		if (f && !field_in_header(f))
			field_set(f, fixed, op->args_size, len);
	}
}

/* A good body: zeros, one byte of data, the name of a file that there is. */
static void add_body(struct buf *b, const struct op *op)
{
	uint8_t fixed[256] = { 0 };
	const struct field *f;
	bool has_data = false;

	for (f = op->args; f->name; f++)
		has_data |= f->type == FT_DATA;
	announce(op, fixed, has_data ? 1 : 64);
	buf_add(b, fixed, op->args_size);
	for (f = op->args; f->name; f++) {
		if (f->type == FT_NAME)
			buf_add(b, "data", sizeof("data"));
		if (f->type == FT_DATA)
			buf_add(b, "user.x\0y", 8);
	}
}

static void add_request(struct buf *b, size_t row, unsigned how, unsigned node)
{
	auto_buf struct buf body = BUF_INIT;

	add_body(&body, &builtin_ops[row]);
	buf_addc(b, (char)how);
	buf_addc(b, (char)row);
	buf_addc(b, (char)node);
	put_u16(b, body.len);
	buf_add(b, body.data, body.len);
}

static void put_message(size_t row)
{
	auto_buf struct buf b = BUF_INIT;
	struct wire_in_header h = { .opcode = builtin_ops[row].opcode, .unique = 2 };

	buf_add(&b, &h, sizeof(h));
	add_body(&b, &builtin_ops[row]);
	h.len = (uint32_t)b.len;
	memcpy(b.data, &h, sizeof(h));
	put_file("wire", builtin_ops[row].name, &b);
}

/* To the root directory, and to what LOOKUP has just found. */
static void put_conversation(size_t row, unsigned scenario)
{
	auto_free char *name = xasprintf("%s-%u", builtin_ops[row].name, scenario);
	auto_buf struct buf b = BUF_INIT;

	buf_addc(&b, (char)scenario);
	buf_addc(&b, 0);
	for (unsigned node = 1; node <= 2; node++) {
		buf_addc(&b, 0);
		add_request(&b, 0, 0, 1);
		buf_addc(&b, 0);
		add_request(&b, row, 0, node);
	}
	put_file("tap", name, &b);
}

static void put_answer(size_t row, unsigned kind)
{
	auto_free char *name = xasprintf("%s-%u", builtin_ops[row].name, kind);
	auto_buf struct buf b = BUF_INIT;

	buf_addc(&b, (char)(row & 1));
	add_request(&b, row, 0, 1);
	buf_addc(&b, (char)kind);
	for (unsigned i = 0; i < 80; i++)
		buf_addc(&b, 0);
	put_file("attach", name, &b);
}

/* ---- frames ---------------------------------------------------------------------- */

static void add_frame(struct buf *b, struct frame *f)
{
	int fds[2];
	char bytes[4096];
	ssize_t n;

	if (pipe2(fds, O_CLOEXEC) || frame_send(f, fds[1]))
		die_bug("pipe");
	n = read(fds[0], bytes, 127);	/* what one byte can announce */
	buf_addc(b, (char)n);
	buf_add(b, bytes, (size_t)n);
	close(fds[0]);
	close(fds[1]);
}

static void add_start(struct buf *b, uint64_t run)
{
	auto_free char *line = xasprintf("fusescen: run %u\nKASAN: bad\n",
					 (unsigned)run);
	struct frame f;

	buf_addc(b, (char)(0x80 | strlen(line)));
	buf_puts(b, line);
	frame_begin(&f, FRAME_START);
	frame_number(&f, run);
	add_frame(b, &f);
}

static void put_results(void)
{
	auto_buf struct buf b = BUF_INIT;
	struct frame f;

	buf_addc(&b, 0);
	frame_begin(&f, FRAME_HELLO);
	frame_text(&f, "6.18.0");
	add_frame(&b, &f);
	for (uint64_t run = 0; run < 2; run++) {
		add_start(&b, run);
		frame_begin(&f, FRAME_DONE);
		frame_number(&f, run);
		frame_number(&f, 0);
		frame_number(&f, 1);
		for (unsigned i = 0; i < 3; i++)
			frame_text(&f, "text");
		add_frame(&b, &f);
	}
	frame_begin(&f, FRAME_BYE);
	add_frame(&b, &f);
	put_file("frame", "results", &b);
}

static void put_plan(void)
{
	auto_buf struct buf b = BUF_INIT, one = BUF_INIT;
	struct frame f;

	buf_addc(&b, 1);
	frame_begin(&f, FRAME_FILE);
	frame_text(&f, "x.yaml");
	frame_text(&f, "fusescen: 1\n");
	add_frame(&one, &f);
	frame_begin(&f, FRAME_CASE);
	for (unsigned i = 0; i < 3; i++)
		frame_number(&f, 0);
	add_frame(&one, &f);
	frame_begin(&f, FRAME_JOB);
	frame_number(&f, 1);
	frame_text(&f, "doctor");
	frame_text(&f, "");
	frame_number(&f, NO_FILE);
	add_frame(&one, &f);
	/* Without the lengths, which are of the other form. */
	for (size_t at = 0; at < one.len; at += 1 + (uint8_t)one.data[at])
		buf_add(&b, one.data + at + 1, (uint8_t)one.data[at]);
	put_file("frame", "plan", &b);
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: make_seeds DIR\n");
		return 2;
	}
	dir = argv[1];
	for (size_t row = 0; row < N_BUILTIN_OPS; row++) {
		put_message(row);
		for (unsigned i = 0; i < N_SCENARIOS; i++)
			put_conversation(row, i);
		for (unsigned i = 0; i < N_REPLIES; i++)
			put_answer(row, i);
	}
	put_results();
	put_plan();
	return 0;
}
