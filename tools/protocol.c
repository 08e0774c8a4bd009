/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes fusescen-protocol(7) to stdout:
 *
 *	protocol doc/fusescen-protocol.7.in
 *
 * The page is written by hand, except that lines which begin with "@" become tables
 * of the rows of lib/wire/.  So the page cannot differ from the program.
 */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "wire/protocol.h"

#define LINE_MAX_CHARS	512

#define SINCE_ALWAYS	0

/* ---- mdoc ---------------------------------------------------------------------- */

/* The text of the tables is printed as it is, because none of it has a
 * backslash or could be taken for a macro. */
static void put_column_head(const char *widths, const char *heads)
{
	printf(".Bl -column %s -compact\n.It %s\n", widths, heads);
}

static void put_since(unsigned minor)
{
	if (minor > SINCE_ALWAYS)
		printf(" Ta 7.%u", minor);
	else
		fputs(" Ta", stdout);
	putchar('\n');
}

/* ---- fields -------------------------------------------------------------------- */

static const char *type_name(const struct field *f)
{
	switch (f->type) {
	case FT_U16: return "u16";
	case FT_U32: return "u32";
	case FT_U64: return "u64";
	case FT_S32: return "s32";
	case FT_S64: return "s64";
	case FT_NAME: return "text";
	case FT_DATA: return "bytes";
	}
	return "?";
}

static bool is_fixed(const struct field *f)
{
	return f->type != FT_NAME && f->type != FT_DATA;
}

/* A field as old as its message does not need a remark. */
static void put_field(const struct field *f, unsigned message_minor)
{
	if (is_fixed(f))
		printf(".It %u Ta %s Ta", f->at, type_name(f));
	else
		printf(".It Ta %s Ta", type_name(f));
	printf(" Cm %s", f->name);
	fputs(" Ta", stdout);
	if (f->flags)
		printf(" %s", f->flags->what);
	put_since(f->minor > message_minor ? f->minor : SINCE_ALWAYS);
}

static void put_fields(const struct field *fields, unsigned message_minor)
{
	put_column_head("\"at\" \"bytes\" \"congestion_threshold\" "
			"\"open flag of a request\" \"since\"",
			"at Ta type Ta field Ta flags Ta since");
	for (; fields->name; fields++)
		put_field(fields, message_minor);
	puts(".El");
}

/* ---- operations ------------------------------------------------------------------ */

/* Returns the first operation with this list in its requests, or in its
 * replies. */
static const struct op *first_with(const struct field *fields, bool in_reply)
{
	size_t i;

	for (i = 0; i < N_BUILTIN_OPS; i++)
		if ((in_reply ? builtin_ops[i].reply_fields : builtin_ops[i].args) == fields)
			return &builtin_ops[i];
	return NULL;
}

static void put_layout(const struct op *op, const struct field *fields,
		       const char *what, bool in_reply)
{
	const struct op *first = first_with(fields, in_reply);

	if (first != op)
		printf("The fields of the %s are those of\n.Ic %s .\n", what,
		       first->name);
	else
		put_fields(fields, op->minor);
}

static void put_request(const struct op *op)
{
	puts(".Pp");
	if (!op->args->name && !op->args_size) {
		puts("The request has no body.");
		return;
	}
	if (op->args_size && op->args_min && op->args_min != op->args_size)
		printf("The request has a fixed part of %u bytes; a kernel of an "
		       "older minor sends %u.\n", op->args_size, op->args_min);
	else if (op->args_size && !op->args_min)
		printf("The request has a fixed part of %u bytes; a kernel of an "
		       "older minor sends none.\n", op->args_size);
	else if (op->args_size)
		printf("The request has a fixed part of %u bytes.\n",
		       op->args_size);
	else
		puts("The request has no fixed part.");
	if (op->args->name)
		put_layout(op, op->args, "request", false);
}

static void put_reply(const struct op *op)
{
	puts(".Pp");
	switch (op->reply) {
	case REPLY_NONE:
		puts("There is no reply.");
		return;
	case REPLY_EMPTY:
		puts("The reply has no body.");
		return;
	case REPLY_DATA:
		puts("The body of the reply is data, as much as was asked for at most.");
		return;
	case REPLY_FIXED:
		printf("The body of the reply has %u bytes.\n", op->reply_size);
		break;
	case REPLY_FIXED_DATA:
		printf("The body of the reply has %u bytes, and data behind them.\n",
		       op->reply_size);
		break;
	case REPLY_SIZED:
		printf("The body of the reply has %u bytes if the request's\n"
		       ".Cm size\nwas 0, and else is data.\n", op->reply_size);
		break;
	}
	put_layout(op, op->reply_fields, "reply", true);
}

static void put_op(const struct op *op)
{
	printf(".Ss %s\n", op->name);
	printf("Opcode %" PRIu32, op->opcode);
	if (op->minor)
		printf(", since 7.%u", op->minor);
	printf(": %s.\n", op->help);
	put_request(op);
	put_reply(op);
}

static void put_ops(void)
{
	size_t i;

	for (i = 0; i < N_BUILTIN_OPS; i++)
		put_op(&builtin_ops[i]);
}

/* ---- notifications, headers ------------------------------------------------------- */

static void put_notes(void)
{
	const struct note *n;

	for (n = builtin_notes; n < builtin_notes + N_BUILTIN_NOTES; n++) {
		printf(".Ss %s\nCode %" PRIu32 ", since 7.%u: %s.\n.Pp\n",
		       n->name, n->code, n->minor, n->help);
		if (!n->args->name) {
			puts("It has no body.");
			continue;
		}
		printf("Its body has a fixed part of %u bytes.\n", n->args_size);
		put_fields(n->args, n->minor);
	}
}

/* ---- flags --------------------------------------------------------------------------- */

static void put_flag(const struct flag *f)
{
	printf(".It 0x%" PRIx64 " Ta Cm %s Ta", f->bits, f->name);
	if (f->minor)
		printf(" 7.%u", f->minor);
	putchar('\n');
}

static void put_flagset(const struct flagset *set)
{
	const struct flag *f;

	printf(".Ss %c%s\n", set->what[0] & ~0x20, set->what + 1);
	put_column_head("\"0x0000000000\" \"parallel_direct_writes\" \"since\"",
			"value Ta word Ta since");
	for (f = set->rows; f->name; f++)
		put_flag(f);
	puts(".El");
}

static void put_flags(void)
{
	size_t i;

	for (i = 0; flagsets[i]; i++)
		put_flagset(flagsets[i]);
}

/* ---- what came when -------------------------------------------------------------------- */

static void add_words(struct buf *b, const char *kind, const char *words)
{
	if (*words)
		buf_printf(b, "%s %s.\n", kind, words);
}

/* fmt takes both words. */
static void add_word(struct buf *b, const char *fmt, const char *one,
		     const char *two)
{
	if (b->len)
		buf_puts(b, ", ");
	buf_printf(b, fmt, one, two);
}

static void add_ops_of(struct buf *b, unsigned minor)
{
	auto_buf struct buf words = BUF_INIT;
	size_t i;

	for (i = 0; i < N_BUILTIN_OPS; i++)
		if (builtin_ops[i].minor == minor)
			add_word(&words, "%s%s", builtin_ops[i].name, "");
	add_words(b, "Operations:", buf_str(&words));
}

static void add_notes_of(struct buf *b, unsigned minor)
{
	auto_buf struct buf words = BUF_INIT;
	size_t i;

	for (i = 0; i < N_BUILTIN_NOTES; i++)
		if (builtin_notes[i].minor == minor)
			add_word(&words, "%s%s", builtin_notes[i].name, "");
	add_words(b, "Notifications:", buf_str(&words));
}

/* of is "%s of %s", for the field and the message. */
static void add_new_fields(struct buf *words, const char *of, const char *name,
			   unsigned message_minor, const struct field *f,
			   unsigned minor)
{
	for (; f->name; f++)
		if (f->minor == minor && f->minor > message_minor)
			add_word(words, of, f->name, name);
}

static void add_fields_of(struct buf *b, unsigned minor)
{
	auto_buf struct buf words = BUF_INIT;
	size_t i;

	for (i = 0; i < N_BUILTIN_OPS; i++) {
		const struct op *op = &builtin_ops[i];

		if (first_with(op->args, false) == op)
			add_new_fields(&words, "%s of %s", op->name, op->minor,
				       op->args, minor);
		if (first_with(op->reply_fields, true) == op)
			add_new_fields(&words, "%s of %s's reply", op->name,
				       op->minor, op->reply_fields, minor);
	}
	for (i = 0; i < N_BUILTIN_NOTES; i++)
		add_new_fields(&words, "%s of %s", builtin_notes[i].name,
			       builtin_notes[i].minor, builtin_notes[i].args, minor);
	add_words(b, "Fields:", buf_str(&words));
}

static void add_flags_of(struct buf *b, unsigned minor)
{
	size_t i;

	for (i = 0; flagsets[i]; i++) {
		auto_buf struct buf words = BUF_INIT, kind = BUF_INIT;
		const struct flag *f;

		for (f = flagsets[i]->rows; f->name; f++)
			if (f->minor == minor)
				add_word(&words, "%s%s", f->name, "");
		buf_printf(&kind, "%c%s:", flagsets[i]->what[0] & ~0x20,
			   flagsets[i]->what + 1);
		add_words(b, buf_str(&kind), buf_str(&words));
	}
}

static void put_history(void)
{
	unsigned minor;

	puts(".Bl -tag -width 7.00 -compact");
	for (minor = 1; minor <= WIRE_MINOR; minor++) {
		auto_buf struct buf b = BUF_INIT;

		add_ops_of(&b, minor);
		add_notes_of(&b, minor);
		add_fields_of(&b, minor);
		add_flags_of(&b, minor);
		if (b.len)
			printf(".It 7.%u\n%s", minor, buf_str(&b));
	}
	puts(".El");
}

static void put_minor(void)
{
	printf("The tables end with protocol 7.%u.\n", WIRE_MINOR);
}

/* ---- the page ------------------------------------------------------------------------------ */

static const struct {
	const char *line;
	void (*put)(void);
} parts[] = {
	{ "@minor\n", put_minor },
	{ "@operations\n", put_ops },
	{ "@notifications\n", put_notes },
	{ "@flags\n", put_flags },
	{ "@history\n", put_history },
};

/* Returns 0, or -1 if there is no such part. */
static int put_line(const char *line)
{
	size_t i;

	if (line[0] != '@') {
		fputs(line, stdout);
		return 0;
	}
	for (i = 0; i < ARRAY_SIZE(parts); i++)
		if (strcmp(line, parts[i].line) == 0) {
			parts[i].put();
			return 0;
		}
	fprintf(stderr, "protocol: there is no part %s", line);
	return -1;
}

int main(int argc, char **argv)
{
	char line[LINE_MAX_CHARS];
	int status = 0;
	FILE *page;

	if (argc != 2) {
		fputs("usage: protocol PAGE.in\n", stderr);
		return 2;
	}
	page = fopen(argv[1], "re");
	if (!page) {
		fprintf(stderr, "%s: %s\n", argv[1], strerror(errno));
		return 1;
	}
	puts(".\\\" Written by tools/protocol; do not edit.");
	while (fgets(line, sizeof(line), page))
		status |= put_line(line);
	fclose(page);
	return status || fflush(stdout) ? 1 : 0;
}
