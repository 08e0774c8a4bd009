/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a machine's kernel printed. */
#ifndef FUSESCEN_VM_CONSOLE_H
#define FUSESCEN_VM_CONSOLE_H

#include <stddef.h>

struct console {
	char *text;	/* NUL-terminated; NULL before anything came */
	size_t len;
};

void console_add(struct console *c, const char *bytes, size_t len);
/* All that is there to read from a descriptor that does not block. */
void console_drain(struct console *c, int fd);
/*
 * The guest prints a line with a marker when it starts a run.  Move what was
 * printed before that line to *head; all, if there is no such line.
 */
#define CONSOLE_MARKER	"fusescen: run %zu"
void console_cut(struct console *c, size_t run, struct console *head);
void console_clear(struct console *c);

/* The first line that says that something is wrong with the kernel, from where
 * its report begins to the end of the text; NULL: none. */
const char *console_splat(const struct console *c);
/* The kernel's last words, for a report: from the first splat on if there is
 * one, else the last lines; indented, bounded.  To be freed. */
char *console_excerpt(const struct console *c);

#endif
