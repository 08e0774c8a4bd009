/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads what a machine prints.  Main thread only. */
#include "config.h"

#include "fusescen/vm/console.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"

#define KEPT		(256u << 10)	/* bytes, at least */
#define LINES_SHOWN	40

/* The words that lib/run/conduct/kmsg.c looks for, and those of a kernel that
 * stops. */
static const char *const splats[] = {
	"WARNING: ", "BUG: ", "kernel BUG at", "INFO: task ", "Oops",
	"general protection fault", "soft lockup", "hard LOCKUP",
	"rcu_sched detected", "rcu_preempt detected", "self-detected stall",
	"trying to register non-static key",
	"possible circular locking", "possible recursive locking",
	"KASAN: ", "UBSAN: ", "refcount_t: ", "Kernel panic", "double fault",
	NULL,
};

void console_add(struct console *c, const char *bytes, size_t len)
{
	size_t i, n = c->len;

	if (n > 2 * KEPT) {
		memmove(c->text, c->text + n - KEPT, KEPT);
		n = KEPT;
	}
	c->text = xrealloc(c->text, n + len + 1);
	for (i = 0; i < len; i++)	/* lines end with "\r\n" */
		if (bytes[i] != '\r' && bytes[i])
			c->text[n++] = bytes[i];
	c->text[n] = '\0';
	c->len = n;
}

void console_drain(struct console *c, int fd)
{
	char bytes[4096];
	ssize_t n;

	while ((n = read(fd, bytes, sizeof(bytes))) > 0)
		console_add(c, bytes, (size_t)n);
}

void console_cut(struct console *c, size_t run, struct console *head)
{
	char *marker = xasprintf(CONSOLE_MARKER "\n", run), *at;
	size_t n = c->len;

	at = c->text ? memmem(c->text, c->len, marker, strlen(marker)) : NULL;
	free(marker);
	*head = *c;
	*c = (struct console){ NULL, 0 };
	if (!at)
		return;
	while (at > head->text && at[-1] != '\n')
		at--;
	head->len = (size_t)(at - head->text);
	console_add(c, at, n - head->len);
	*at = '\0';
}

void console_clear(struct console *c)
{
	free(c->text);
	*c = (struct console){ NULL, 0 };
}

static bool is_splat(const char *line, size_t len)
{
	const char *const *s;

	for (s = splats; *s; s++)
		if (memmem(line, len, *s, strlen(*s)))
			return true;
	return false;
}

const char *console_splat(const struct console *c)
{
	const char *line = c->text;

	while (line && *line) {
		size_t len = strcspn(line, "\n");

		if (is_splat(line, len))
			return line;
		line += len + (line[len] == '\n');
	}
	return NULL;
}

/* Returns where the last n lines of a text begin. */
static const char *last_lines(const char *text, size_t len, unsigned n)
{
	const char *at = text + len;

	if (at > text && at[-1] == '\n')
		at--;
	while (at > text && (at[-1] != '\n' || --n))
		at--;
	return at;
}

static void put_line(struct buf *out, const char *line, size_t len)
{
	size_t i;

	buf_puts(out, "    ");
	for (i = 0; i < len; i++)
		buf_addc(out, (unsigned char)line[i] < 0x20 && line[i] != '\t' ?
			 '?' : line[i]);
	buf_addc(out, '\n');
}

char *console_excerpt(const struct console *c)
{
	const char *at = console_splat(c);
	struct buf out = BUF_INIT;
	unsigned n;

	if (!at)
		at = c->text ? last_lines(c->text, c->len, LINES_SHOWN) : "";
	buf_puts(&out, *at ? "  console:\n" : "  the console said nothing\n");
	for (n = 0; *at && n < LINES_SHOWN; n++) {
		size_t len = strcspn(at, "\n");

		put_line(&out, at, len);
		at += len + (at[len] == '\n');
	}
	return buf_steal(&out);
}
