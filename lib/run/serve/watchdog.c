/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The watchdog reads texts from a pipe, and then the end of the file.  If the
 * text that says that all is well has not come by then, the server has died.
 * The kernel has closed its /dev/fuse by that time, so unmounting cannot block.
 */
#include "config.h"

#include "run/serve/watchdog.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "base/buf.h"
#include "base/mem.h"
#include "server/mount.h"

/* What a text is about is its first byte. */
#define ABOUT_SOCKET	'S'	/* its path */
#define ABOUT_MOUNT	'M'	/* connection, space, directory */
#define ALL_IS_WELL	'!'

static void unmount(const char *text)
{
	const char *dir = strchr(text, ' ');
	uint32_t connection;

	if (dir && !mount_connection(dir + 1, &connection) &&
	    connection == (uint32_t)strtoul(text, NULL, 10))
		umount2(dir + 1, MNT_DETACH);
}

/* Texts that came whole; each ends in NUL. */
static void take_away(const char *message, size_t len)
{
	const char *end = message + len, *text;

	for (text = message; text < end && memchr(text, '\0', (size_t)(end - text));
	     text += strlen(text) + 1) {
		if (*text == ABOUT_MOUNT)
			unmount(text + 1);
		else if (*text == ABOUT_SOCKET)
			unlink(text + 1);
	}
}

static bool is_well(const char *message, size_t len)
{
	return len > 1 && message[len - 1] == '\0' && message[len - 2] == ALL_IS_WELL &&
		(len == 2 || message[len - 3] == '\0');
}

/* Nothing else may be kept open: least of all /dev/fuse, whose end is what the
 * mount waits for. */
static void close_others(int fd)
{
	if (dup2(fd, 0) < 0)
		_exit(1);
	close_range(1, ~0u, 0);
}

static _Noreturn void watchdog_child(int fd)
{
	struct buf message = BUF_INIT;
	sigset_t all;
	ssize_t n;

	/* Only SIGKILL ends it before the server does. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	prctl(PR_SET_PDEATHSIG, 0);
	prctl(PR_SET_NAME, "fusescen-watch");
	close_others(fd);
	do {
		n = read(0, buf_reserve(&message, 4096), 4096);
		if (n > 0)
			message.len += (size_t)n;
	} while (n > 0 || (n < 0 && errno == EINTR));
	if (message.len && !is_well(message.data, message.len))
		take_away(message.data, message.len);
	_exit(0);
}

int watchdog_start(struct watchdog *w)
{
	int ends[2], err;

	if (pipe2(ends, O_CLOEXEC))
		return errno;
	w->pid = fork();
	if (w->pid == 0)
		watchdog_child(ends[0]);
	err = errno;
	close(ends[0]);
	w->fd = ends[1];
	if (w->pid > 0)
		return 0;
	close(steal_fd(&w->fd));
	return err;
}

/* A pipe takes so little at once; without a reader there is nobody to be told. */
static void send_text(const struct watchdog *w, const char *s)
{
	if (w->fd >= 0 && s && write(w->fd, s, strlen(s) + 1) < 0)
		return;
}

void watchdog_tell_socket(struct watchdog *w, const char *path)
{
	free(w->socket);
	w->socket = xasprintf("%c%s", ABOUT_SOCKET, path);
	send_text(w, w->socket);
}

void watchdog_tell_mount(struct watchdog *w, const char *dir, uint32_t connection)
{
	free(w->mount);
	w->mount = xasprintf("%c%u %s", ABOUT_MOUNT, (unsigned)connection, dir);
	send_text(w, w->mount);
}

void watchdog_renew(struct watchdog *w)
{
	if (w->fd < 0)
		return;
	close(steal_fd(&w->fd));
	waitpid(w->pid, NULL, 0);
	if (watchdog_start(w))
		return;
	send_text(w, w->socket);
	send_text(w, w->mount);
}

void watchdog_dismiss(struct watchdog *w)
{
	static const char well[] = { ALL_IS_WELL, '\0' };

	send_text(w, well);
	free(w->socket);
	free(w->mount);
	if (w->fd < 0)
		return;
	close(steal_fd(&w->fd));
	waitpid(w->pid, NULL, 0);
}
