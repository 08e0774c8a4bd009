/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel of a machine printed. */
#ifndef FUSESCEN_VM_CONSOLE_H
#define FUSESCEN_VM_CONSOLE_H

#include <stddef.h>

struct console {
	char *text;	/* NUL-terminated; NULL before anything came */
	size_t len;
};

void console_add(struct console *c, const char *bytes, size_t len);
/* Reads all that a descriptor has, which does not block. */
void console_drain(struct console *c, int fd);
/*
 * The guest prints a line with this marker when it starts a run. console_cut()
 * moves what was printed before that line to *head, or everything if there is
 * no such line.
 */
#define CONSOLE_MARKER	"fusescen: run %zu"
void console_cut(struct console *c, size_t run, struct console *head);
void console_clear(struct console *c);

/* Returns the first line that says that something is wrong with the kernel, and
 * what follows it; NULL if there is none. */
const char *console_splat(const struct console *c);
/* Returns the kernel's last words for a report, indented and of bounded length:
 * what follows the first such line, or the last lines if there is none.  The
 * caller frees it. */
char *console_excerpt(const struct console *c);

#endif
