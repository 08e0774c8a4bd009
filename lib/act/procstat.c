/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A thread seen from outside through /proc: /proc/TID/... names any thread,
 * also one that is not its process's first.  Nothing here keeps state.
 */
#include "config.h"

#include "act/procstat.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

/* Enough for /proc/TID/status and for a stack of 64 frames (the most the
 * kernel shows) with long names. */
#define PROC_FILE_MAX	8192

/* All of the file as a string: 0, or errno.  A thread that ends between open and
 * read gives ESRCH by itself. */
static int read_path(const char *path, char text[PROC_FILE_MAX])
{
	auto_close int fd = -1;
	size_t len = 0;
	ssize_t n;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? ESRCH : errno;
	while (len < PROC_FILE_MAX - 1) {
		n = read(fd, text + len, PROC_FILE_MAX - 1 - len);
		if (n < 0)
			return errno;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	text[len] = '\0';
	return 0;
}

static int read_proc(pid_t tid, const char *name, char text[PROC_FILE_MAX])
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)tid, name);
	return read_path(path, text);
}

/* What follows "key:" and blanks at the beginning of a line, or NULL. */
static const char *status_value(const char *text, const char *key)
{
	size_t len = strlen(key);
	const char *line = text;

	while (line) {
		if (!strncmp(line, key, len) && line[len] == ':')
			return line + len + 1 + strspn(line + len + 1, " \t");
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
	return NULL;
}

bool procstat_is_ours(void)
{
	char text[16];
	ssize_t n = readlink("/proc/self", text, sizeof(text) - 1);

	if (n <= 0)
		return false;
	text[n] = '\0';
	return strtol(text, NULL, 10) == getpid();
}

unsigned machine_runnable(void)
{
	int fd = open("/proc/loadavg", O_RDONLY | O_CLOEXEC);
	char text[128];
	unsigned n = 0;
	ssize_t len;

	if (fd < 0)
		return 0;
	len = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[len > 0 ? len : 0] = '\0';
	/* "0.20 0.18 0.12 1/80 11206": how many run, of how many threads */
	return sscanf(text, "%*s %*s %*s %u/", &n) == 1 ? n : 0;
}

int thread_look(pid_t tid, struct thread_look *out)
{
	char text[PROC_FILE_MAX];
	const char *state, *by_itself, *by_force;
	int err = read_proc(tid, "status", text);

	out->state = 0;
	out->switches = 0;
	if (err)
		return err;
	state = status_value(text, "State");
	by_itself = status_value(text, "voluntary_ctxt_switches");
	by_force = status_value(text, "nonvoluntary_ctxt_switches");
	if (!state || !by_itself || !by_force)
		return EIO;
	out->state = *state;
	out->switches = strtoull(by_itself, NULL, 10) +
			strtoull(by_force, NULL, 10);
	return 0;
}

bool self_is_traced(void)
{
	char text[PROC_FILE_MAX];
	const char *tracer = NULL;

	if (!read_path("/proc/self/status", text))
		tracer = status_value(text, "TracerPid");
	return tracer && *tracer != '0';
}

/*
 * Frames that say nothing about what a thread waits for: how it got into the
 * kernel, and how it gave up the processor.  A row that ends in * is a prefix.
 */
static const char *const dull_frames[] = {
	/* entry */
	"do_syscall_64", "entry_SYSCALL*", "x64_sys_call", "__x64_sys_*",
	"__ia32_sys_*", "__do_sys_*", "__se_sys_*", "__arm64_sys_*",
	"__riscv_sys_*", "asm_exc_*", "invoke_syscall*", "el0_svc*",
	"do_el0_svc*", "el0t_64_sync*", "el0_sync*", "ret_from_*",
	"system_call_*", "do_trap_ecall_u", "handle_exception",
	/* scheduler */
	"schedule*", "__schedule*", "io_schedule*", "preempt_schedule*",
	"context_switch*", "__switch_to*",
	NULL
};

static bool frame_is_dull(const char *name, size_t len)
{
	size_t i;

	for (i = 0; dull_frames[i]; i++) {
		size_t n = strlen(dull_frames[i]);
		bool prefix = dull_frames[i][n - 1] == '*';

		n -= prefix;
		if (prefix ? len >= n : len == n) {
			if (!memcmp(dull_frames[i], name, n))
				return true;
		}
	}
	return false;
}

/*
 * The function in one line of /proc/TID/stack, "[<0>] name+0x1b/0x40 [fuse]".
 * What compilers append to a part of a function (.part.0, .isra.0, .cold) is
 * cut off too, so that a script can name it.
 */
static const char *frame_name(const char *line, size_t *len)
{
	const char *p = strstr(line, "] ");

	p = p ? p + 2 : line;
	*len = strcspn(p, "+ .\n");
	return p;
}

static bool add_frames(char *text, struct buf *out)
{
	bool any = false;
	char *save = NULL;
	char *line;

	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		size_t len;
		const char *name = frame_name(line, &len);

		/* without kallsyms a frame is just a number */
		if (!len || !strncmp(name, "0x", 2) || frame_is_dull(name, len))
			continue;
		if (any)
			buf_puts(out, " < ");
		buf_add(out, name, len);
		any = true;
	}
	return any;
}

bool thread_stack(pid_t tid, struct buf *out)
{
	char text[PROC_FILE_MAX];
	size_t len;

	if (!read_proc(tid, "stack", text) && add_frames(text, out))
		return true;
	/* wchan is "0" for a thread that runs, and where we may not look */
	if (read_proc(tid, "wchan", text))
		return false;
	len = strcspn(text, ".\n");
	if (!len || isdigit((unsigned char)text[0]))
		return false;
	buf_add(out, text, len);
	return true;
}
