/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Main thread only. */
#include "config.h"

#include "fusescen/util/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/escape.h"
#include "base/units.h"

#define WIDTH	80
#define GUESS_AFTER_S	5	/* how long the rest takes */

static enum { WHEN_TERMINAL, ALWAYS, NEVER } when;
static bool has_status;

/* As select graphic rendition (ECMA-48) numbers them. */
static const char *const sequences[] = {
	[COLOUR_GOOD] = "\033[32m",
	[COLOUR_BAD] = "\033[1;31m",
	[COLOUR_DOUBT] = "\033[33m",
	[COLOUR_QUIET] = "\033[2m",
};

int colour_choose(const char *word)
{
	if (strcmp(word, "auto") == 0)
		when = WHEN_TERMINAL;
	else if (strcmp(word, "always") == 0)
		when = ALWAYS;
	else if (strcmp(word, "never") == 0)
		when = NEVER;
	else
		return -1;
	return 0;
}

static bool is_set(const char *variable)
{
	const char *value = getenv(variable);

	return value && *value;
}

bool is_terminal(FILE *f)
{
	const char *term = getenv("TERM");

	return isatty(fileno(f)) && term && *term && strcmp(term, "dumb") != 0;
}

/* NO_COLOR: https://no-color.org */
static bool has_colours(FILE *f)
{
	return when == ALWAYS ||
		(when == WHEN_TERMINAL && !is_set("NO_COLOR") && is_terminal(f));
}

void put_coloured(FILE *out, enum colour colour, const char *text)
{
	if (colour == COLOUR_NONE || !has_colours(out))
		fputs(text, out);
	else
		fprintf(out, "%s%s\033[0m", sequences[colour], text);
}

unsigned terminal_width(FILE *f)
{
	struct winsize size;

	if (ioctl(fileno(f), TIOCGWINSZ, &size) || size.ws_col == 0)
		return WIDTH;
	return size.ws_col;
}

/* Bytes of the first so many characters; text is valid UTF-8. */
static size_t bytes_of(const struct buf *text, unsigned characters)
{
	const char *s = buf_str(text);
	size_t n = 0;

	while (n < text->len && characters--)
		n += utf8_length(s + n, text->len - n);
	return n;
}

void status_show(const char *text)
{
	auto_buf struct buf b = BUF_INIT;

	if (!is_terminal(stderr))
		return;
	buf_shown(&b, text, strlen(text));
	fprintf(stderr, "\r\033[K%.*s",
		(int)bytes_of(&b, terminal_width(stderr) - 1), buf_str(&b));
	fflush(stderr);
	has_status = true;
}

/* "m:ss" */
static void put_clock(struct buf *b, uint64_t ns)
{
	unsigned s = (unsigned)(ns / NS_PER_S);

	buf_printf(b, "%u:%02u", s / 60, s % 60);
}

void status_progress(size_t done, size_t total, uint64_t began_ns, const char *text)
{
	auto_buf struct buf b = BUF_INIT;
	uint64_t elapsed = clock_ns() - began_ns;

	buf_printf(&b, "[%zu/%zu] ", done, total);
	put_clock(&b, elapsed);
	if (elapsed > GUESS_AFTER_S * NS_PER_S && done > total / 50 && done < total) {
		buf_puts(&b, ", ");
		put_clock(&b, elapsed / done * (total - done));
		buf_puts(&b, " left");
	}
	buf_printf(&b, "  %s", text);
	status_show(buf_str(&b));
}

void status_clear(void)
{
	if (!has_status)
		return;
	fputs("\r\033[K", stderr);
	fflush(stderr);
	has_status = false;
}
