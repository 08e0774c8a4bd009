/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* /dev/kmsg: one record per read(2), never blocking.  Used by the conductor. */
#include "config.h"

#include "run/conduct/kmsg.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/units.h"

#define SPLATS_SHOWN	3
#define LINES_AFTER	12	/* of a splat's report */

/* What the kernel prints when something is wrong with it (lib/bug.c,
 * kernel/hung_task.c, kernel/watchdog.c, kernel/locking/lockdep.c, mm/kasan). */
static const char *const splats[] = {
	"WARNING: ", "BUG: ", "kernel BUG at", "INFO: task ", "Oops",
	"general protection fault", "soft lockup", "hard LOCKUP",
	"rcu_sched detected", "rcu_preempt detected", "self-detected stall",
	"trying to register non-static key",
	"possible circular locking", "possible recursive locking",
	"KASAN: ", "UBSAN: ", "refcount_t: ",
};

int kmsg_open(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0)
		lseek(fd, 0, SEEK_END);
	return fd;
}

/* A program's own fault is in the log as well (arch/x86/kernel/traps.c,
 * show_signal()), and in such words. */
#define ABOUT_PROGRAM	"traps: "

static bool is_splat(const char *line)
{
	size_t i;

	if (!strncmp(line, ABOUT_PROGRAM, strlen(ABOUT_PROGRAM)))
		return false;
	for (i = 0; i < ARRAY_SIZE(splats); i++)
		if (strstr(line, splats[i]))
			return true;
	return false;
}

/* kernel/hung_task.c: whoever has slept for longer than the run is old is no task of
 * the run. */
static bool is_older(const char *line, uint64_t age_ns)
{
	static const char words[] = "blocked for more than ";
	const char *at = strstr(line, words);

	return at && strtoull(at + strlen(words), NULL, 10) * NS_PER_S > age_ns;
}

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* Records have backslashes and what is not printable as "\xHH"
 * (kernel/printk/printk.c, msg_add_ext_text()): some reports have all of their
 * lines in one of them. */
static void unescape(char *text)
{
	char *to = text;
	int high, low;

	while (*text) {
		high = low = -1;
		if (text[0] == '\\' && text[1] == 'x') {
			high = hex_digit(text[2]);
			low = high < 0 ? -1 : hex_digit(text[3]);
		}
		*to++ = low < 0 ? *text : (char)(high << 4 | low);
		text += low < 0 ? 1 : 4;
	}
	*to = '\0';
}

/* The next of its lines; NULL: there is none. */
static char *next_line(char **rest)
{
	char *line = strsep(rest, "\n");

	while (line && !*line)
		line = strsep(rest, "\n");
	return line;
}

unsigned kmsg_collect(int fd, uint64_t age_ns, struct buf *out)
{
	char record[8192];
	unsigned found = 0, show = 0;
	ssize_t n;

	if (fd < 0)
		return 0;
	for (;;) {
		char *text, *nl, *line;

		n = read(fd, record, sizeof(record) - 1);
		if (n < 0 && errno == EPIPE)
			continue;	/* overwritten meanwhile: the next one */
		if (n <= 0)
			return found;
		record[n] = '\0';
		text = strchr(record, ';');	/* "prio,seq,usec,flags;text" */
		if (!text)
			continue;
		nl = strchr(++text, '\n');
		if (nl)
			*nl = '\0';
		if (is_older(text, age_ns)) {
			show = 0;
		} else if (is_splat(text)) {
			found++;
			show = found <= SPLATS_SHOWN ? LINES_AFTER : 0;
		}
		unescape(text);
		for (; show && (line = next_line(&text)); show--)
			buf_printf(out, "%s\n", line);
	}
}
