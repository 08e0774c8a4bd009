/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The thread that serves the control socket, and the life of socket and log. */
#include "config.h"

#include "run/serve/attended.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>

#include "base/mem.h"
#include "run/serve/commands.h"
#include "run/serve/control.h"
#include "run/serve/logger.h"

struct attended {
	struct attachment *tap;
	char *socket;			/* absolute, or NULL */
	char *log;
	int control_fd, log_fd, wake_fd;
	struct stats *stats;
	struct logger *logger;
	struct commands *commands;
	struct control_socket *control;
	atomic_bool stop;
	bool runs;
	pthread_t thread;
};

/* ---- what commands do ------------------------------------------------------ */

static void notify_then(void *of, const struct notify_spec *spec,
			void (*done)(void *ctx, int err), void *ctx)
{
	attachment_notify(of, spec, done, ctx);
}

static int abort_it(void *of)
{
	attachment_abort(of);
	return 0;
}

static bool readable(void *of)
{
	return attachment_readable(of);
}

static void quit(void *of)
{
	attachment_quit(of);
}

/* Which files there are, only the session knows. */
static const struct serve_ops attached_ops = {
	.who = "an attached session",
	.notify_then = notify_then,
	.abort = abort_it,
	.readable = readable,
	.quit = quit,
};

/* ---- the thread ------------------------------------------------------------ */

static void *attend(void *arg)
{
	struct pollfd polled[2 + LIMIT_CTL_CLIENTS];
	struct attended *at = arg;
	eventfd_t n;

	while (!atomic_load(&at->stop)) {
		size_t count = 1 + control_poll(at->control, polled + 1);

		polled[0] = (struct pollfd){ at->wake_fd, POLLIN, 0 };
		if (poll(polled, count, control_timeout(at->control)) < 0)
			continue;
		if (polled[0].revents && eventfd_read(at->wake_fd, &n) &&
		    errno != EAGAIN)
			die_bug("attended: eventfd");
		control_turn(at->control, polled + 1);
	}
	return NULL;
}

/* Signals are the business of the session's own threads. */
static void start_thread(struct attended *at)
{
	sigset_t all, old;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	if (pthread_create(&at->thread, NULL, attend, at))
		die_bug("attended: thread");
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	at->runs = true;
}

/* ---- life ------------------------------------------------------------------ */

static char *open_both(struct attended *at, const char *control, const char *log)
{
	char *why = NULL;

	if (log)
		at->log_fd = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC |
				  O_NOCTTY, 0644);
	if (log && at->log_fd < 0)
		return xasprintf("log \"%s\": %s", log, strerror(errno));
	if (control) {
		at->control_fd = control_listen(control, &why);
		if (at->control_fd >= 0)
			at->socket = realpath(control, NULL);
	}
	return why;
}

struct attended *attended_new(const char *control, const char *log, char **why)
{
	struct attended *at = xcalloc(1, sizeof(*at));

	at->control_fd = at->log_fd = -1;
	at->log = log ? xstrdup(log) : NULL;
	at->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	*why = at->wake_fd < 0 ? xstrdup("no more descriptors") :
		open_both(at, control, log);
	if (!*why)
		return at;
	attended_free(at);
	return NULL;
}

void attended_start(struct attended *at, struct run *r, struct attachment *tap,
		    uint64_t start_ns)
{
	at->tap = tap;
	if (at->log_fd >= 0)
		at->logger = logger_start(steal_fd(&at->log_fd), r->sc, r->log,
					  start_ns);
	if (at->control_fd < 0)
		return;
	at->stats = stats_new(r->sc->protocol);
	attachment_watch(tap, at->stats);
	at->commands = commands_new(&(struct commands_for){
		.run = r, .served = { &attached_ops, tap }, .stats = at->stats,
		.start_ns = start_ns, .wake_fd = at->wake_fd,
	});
	at->control = control_new(steal_fd(&at->control_fd), at->commands);
	start_thread(at);
}

void attended_stop(struct attended *at)
{
	if (at->socket)
		unlink(at->socket);
	free(steal_ptr(&at->socket));
	if (!at->runs)
		return;
	atomic_store(&at->stop, true);
	if (eventfd_write(at->wake_fd, 1) && errno != EAGAIN)
		die_bug("attended: eventfd");
	if (pthread_join(at->thread, NULL))
		die_bug("attended: join");
	at->runs = false;
	control_free(at->control);
	at->control = NULL;
}

char *attended_close_log(struct attended *at)
{
	int err = logger_stop(at->logger);

	at->logger = NULL;
	return err ? xasprintf("log \"%s\": %s", at->log, strerror(err)) : NULL;
}

void attended_free(struct attended *at)
{
	if (!at)
		return;
	attended_stop(at);
	free(attended_close_log(at));
	commands_free(at->commands);
	stats_free(at->stats);
	if (at->control_fd >= 0)
		close(at->control_fd);
	if (at->log_fd >= 0)
		close(at->log_fd);
	if (at->wake_fd >= 0)
		close(at->wake_fd);
	free(at->log);
	free(at);
}
