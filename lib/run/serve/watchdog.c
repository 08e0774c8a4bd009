/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The watchdog reads a pipe: three texts, and then the end of the file.  If the
 * text that says that all is well has not arrived by then, the server has died.
 * The kernel has closed its /dev/fuse by that time, so unmounting cannot block.
 */
#include "config.h"

#include "run/serve/watchdog.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "base/buf.h"
#include "base/mem.h"
#include "server/mount.h"

#define ALL_IS_WELL	"!"

/* The n-th text of what came, each ends in NUL; NULL: it has not come. */
static const char *text_at(const struct buf *b, unsigned n)
{
	const char *p = b->data, *end = p + b->len;

	while (n-- && p < end)
		p += strlen(p) + 1;
	return p && p < end ? p : NULL;
}

static void take_away(const struct buf *message)
{
	const char *dir = text_at(message, 0), *number = text_at(message, 1);
	const char *socket = text_at(message, 2), *well = text_at(message, 3);
	uint32_t connection;

	if (!dir || !number || !socket || well)
		return;
	if (*dir && !mount_connection(dir, &connection) &&
	    connection == (uint32_t)strtoul(number, NULL, 10))
		umount2(dir, MNT_DETACH);
	if (*socket)
		unlink(socket);
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
	do {
		n = read(fd, buf_reserve(&message, 4096), 4096);
		if (n > 0)
			message.len += (size_t)n;
	} while (n > 0 || (n < 0 && errno == EINTR));
	*(char *)buf_reserve(&message, 1) = '\0';
	if (message.len)
		take_away(&message);
	_exit(0);
}

int watchdog_start(struct watchdog *w, int close_fd)
{
	int ends[2];

	*w = (struct watchdog){ -1, -1 };
	if (pipe2(ends, O_CLOEXEC))
		return errno;
	w->pid = fork();
	if (w->pid == 0) {
		close(ends[1]);
		if (close_fd >= 0)
			close(close_fd);
		watchdog_child(ends[0]);
	}
	close(ends[0]);
	if (w->pid < 0) {
		int err = errno;

		close(ends[1]);
		return err;
	}
	w->fd = ends[1];
	return 0;
}

static void send_text(const struct watchdog *w, const char *s)
{
	/* A pipe takes so little at once; without a reader there is nobody to
	 * be told. */
	if (w->fd >= 0 && write(w->fd, s, strlen(s) + 1) < 0)
		return;
}

void watchdog_tell(struct watchdog *w, const char *dir, uint32_t connection,
		   const char *socket)
{
	auto_free char *number = xasprintf("%u", (unsigned)connection);

	send_text(w, dir ? dir : "");
	send_text(w, number);
	send_text(w, socket ? socket : "");
}

void watchdog_dismiss(struct watchdog *w)
{
	send_text(w, ALL_IS_WELL);
	if (w->fd < 0)
		return;
	close(w->fd);
	w->fd = -1;
	waitpid(w->pid, NULL, 0);
}
