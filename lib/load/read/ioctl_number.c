/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Numbers of ioctl commands.  One thread at a time. */
#include "config.h"

#include "load/read/ioctl_number.h"

#include <linux/ioctl.h>

#include "base/units.h"

static const struct direction {
	const char *name;
	unsigned dir;
} directions[] = {
	{ "_IO", _IOC_NONE },
	{ "_IOR", _IOC_READ },
	{ "_IOW", _IOC_WRITE },
	{ "_IOWR", _IOC_READ | _IOC_WRITE },
};

static const struct direction *find_direction(struct tok word)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(directions); i++)
		if (tok_is(word, directions[i].name))
			return &directions[i];
	return NULL;
}

/* What a part of the number must be; max is its last good value. */
static int read_part(struct lex *lx, const char *what, uint64_t max,
		     uint64_t *out)
{
	struct tok tok = lex_token(lx, ",)");

	if (!parse_size(tok.s, tok.len, out) && *out <= max)
		return 0;
	return diag(lx->ld->dg, lex_loc(lx, tok), "expected %s, 0 to %llu, got "
		    "\"%.*s\"", what, (unsigned long long)max, (int)tok.len,
		    tok.s);
}

/* A character, as drivers have it, or a number. */
static int read_type(struct lex *lx, uint64_t *out)
{
	struct loc loc = lex_here(lx);
	uint8_t *text;
	size_t len;

	if (!lex_next_is(lx, '\''))
		return read_part(lx, "a type", _IOC_TYPEMASK, out);
	if (lex_string(lx, &text, &len))
		return -1;
	if (len != 1)
		return diag(lx->ld->dg, loc, "expected one character");
	*out = text[0];
	return 0;
}

static int read_macro(struct lex *lx, unsigned dir, int64_t *out)
{
	uint64_t type, nr, size = 0;

	if (!lex_accept(lx, "("))
		return lex_expected(lx, "\"(\"");
	if (read_type(lx, &type))
		return -1;
	if (!lex_accept(lx, ","))
		return lex_expected(lx, "\",\" and a number");
	if (read_part(lx, "a number", _IOC_NRMASK, &nr))
		return -1;
	if (dir != _IOC_NONE && !lex_accept(lx, ","))
		return lex_expected(lx, "\",\" and a size");
	if (dir != _IOC_NONE && read_part(lx, "a size", _IOC_SIZEMASK, &size))
		return -1;
	if (!lex_accept(lx, ")"))
		return lex_expected(lx, "\")\"");
	*out = (int64_t)_IOC((uint64_t)dir, type, nr, size);
	return 0;
}

int lex_ioctl_number(struct lex *lx, const char *stops, int64_t *out)
{
	struct tok tok = lex_peek(lx, "(,)");
	const struct direction *d = find_direction(tok);

	if (d) {
		lex_word(lx);
		return read_macro(lx, d->dir, out);
	}
	tok = lex_token(lx, stops);
	if (!parse_int(tok.s, tok.len, out))
		return 0;
	return diag(lx->ld->dg, lex_loc(lx, tok), "expected a command (0x6601, "
		    "_IO('f', 1), _IOWR('f', 1, 8)), got \"%.*s\"",
		    (int)tok.len, tok.s);
}
