/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Clients and their lines.  Each client has one command at a time: its next
 * line is read when the reply to the one before has been written.
 */
#include "config.h"

#include "run/serve/control.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "run/serve/ctl_reply.h"

#define BACKLOG		128
#define OUT_MAX		(64u << 10)	/* then no more events */
#define LOOK_MS		1		/* while a command is under way */
#define TAIL_MS		50		/* while somebody reads along */

struct client {
	int fd;			/* -1: this place is free */
	struct buf in, out;
	size_t sent;		/* of out */
	struct pending_command pending;
	bool eof;		/* nothing more comes from it */
	bool last;		/* to be closed once out is sent */
};

struct control_socket {
	int fd;			/* -1: none */
	struct commands *commands;
	struct client clients[LIMIT_CTL_CLIENTS];
};

/* ---- the socket -------------------------------------------------------------- */

static int bind_private(int fd, const struct sockaddr_un *at)
{
	mode_t old = umask(0177);
	int got = bind(fd, (const struct sockaddr *)at, sizeof(*at));
	int err = errno;

	umask(old);
	errno = err;
	return got;
}

/* Is it a socket whose server has gone? */
static bool is_stale(const struct sockaddr_un *at)
{
	auto_close int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct stat st;

	return !lstat(at->sun_path, &st) && S_ISSOCK(st.st_mode) &&
		connect(fd, (const struct sockaddr *)at, sizeof(*at)) &&
		errno == ECONNREFUSED;
}

int control_listen(const char *path, char **why)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	auto_close int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC |
				   SOCK_NONBLOCK, 0);

	if (!*path || strlen(path) >= sizeof(at.sun_path)) {
		*why = xasprintf("control socket \"%s\": a path of 1 to %zu bytes",
				 path, sizeof(at.sun_path) - 1);
		return -1;
	}
	memcpy(at.sun_path, path, strlen(path));
	if (fd >= 0 && (!bind_private(fd, &at) ||
			(errno == EADDRINUSE && is_stale(&at) &&
			 !unlink(path) && !bind_private(fd, &at))) &&
	    !listen(fd, BACKLOG))
		return steal_fd(&fd);
	*why = xasprintf("control socket \"%s\": %s", path, strerror(errno));
	return -1;
}

/* ---- clients ------------------------------------------------------------------ */

static void hang_up(struct client *cl)
{
	commands_forget(&cl->pending);
	buf_fini(&cl->in);
	buf_fini(&cl->out);
	close(cl->fd);
	*cl = (struct client){ .fd = -1 };
}

static void send_some(struct client *cl)
{
	while (cl->sent < cl->out.len) {
		ssize_t n = send(cl->fd, cl->out.data + cl->sent,
				 cl->out.len - cl->sent,
				 MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno != EAGAIN)
			hang_up(cl);
		if (n < 0)
			return;
		cl->sent += (size_t)n;
	}
	buf_clear(&cl->out);
	cl->sent = 0;
	if (cl->last)
		hang_up(cl);
}

static bool is_full(const struct client *cl)
{
	return cl->in.len > LIMIT_CTL_LINE;
}

static void receive(struct client *cl)
{
	char *to = buf_reserve(&cl->in, LIMIT_CTL_LINE + 1);
	ssize_t n = recv(cl->fd, to, LIMIT_CTL_LINE + 1 - cl->in.len,
			 MSG_DONTWAIT);

	if (n > 0) {
		cl->in.len += (size_t)n;
		cl->in.data[cl->in.len] = '\0';
	} else if (n == 0) {
		cl->eof = true;
	} else if (errno != EAGAIN && errno != EINTR) {
		hang_up(cl);
	}
}

/* The length of the next line with its newline; 0: it is not all there. */
static size_t next_line(const struct client *cl)
{
	const char *end = cl->in.len ?
		memchr(cl->in.data, '\n', cl->in.len) : NULL;

	if (end)
		return (size_t)(end - cl->in.data) + 1;
	return cl->eof ? cl->in.len : 0;
}

static bool is_blank(const char *line)
{
	return line[strspn(line, " \t\r")] == '\0';
}

static void take_line(struct control_socket *ctl, struct client *cl, size_t len)
{
	auto_buf struct buf line = BUF_INIT;

	buf_add(&line, cl->in.data, len);
	cl->in.len -= len;
	memmove(cl->in.data, cl->in.data + len, cl->in.len);
	if (line.data[len - 1] == '\n')
		line.data[--line.len] = '\0';
	if (strlen(line.data) != line.len)
		ctl_reply_refuse(&cl->out, "a NUL in a command");
	else if (!is_blank(line.data))
		commands_execute(ctl->commands, line.data, line.len, &cl->pending,
			      &cl->out);
}

/* At most one command, so that every client has its turn. */
static void serve(struct control_socket *ctl, struct client *cl)
{
	auto_buf struct buf why = BUF_INIT;
	size_t len;

	if (cl->pending.waits != WAITS_NOTHING)
		commands_poll(ctl->commands, &cl->pending, &cl->out);
	if (cl->pending.left)
		commands_tail(ctl->commands, &cl->pending, &cl->out, OUT_MAX);
	if (cl->pending.waits != WAITS_NOTHING || cl->pending.left || cl->out.len ||
	    cl->last)
		return;
	len = next_line(cl);
	if (len) {
		take_line(ctl, cl, len);
	} else if (is_full(cl)) {
		limit_print(&why, LIMIT_OF(CTL_LINE));
		ctl_reply_refuse(&cl->out, "%s", buf_str(&why));
		cl->last = true;
	} else if (cl->eof) {
		hang_up(cl);
	}
}

static void welcome(struct control_socket *ctl)
{
	auto_buf struct buf full = BUF_INIT, why = BUF_INIT;
	int fd = accept4(ctl->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	size_t i;

	if (fd < 0)
		return;
	for (i = 0; i < LIMIT_CTL_CLIENTS && ctl->clients[i].fd >= 0; i++)
		;
	if (i < LIMIT_CTL_CLIENTS) {
		ctl->clients[i].fd = fd;
		return;
	}
	limit_print(&why, LIMIT_OF(CTL_CLIENTS));
	ctl_reply_refuse(&full, "%s", buf_str(&why));
	send(fd, full.data, full.len, MSG_NOSIGNAL | MSG_DONTWAIT);
	close(fd);
}

/* ---- public -------------------------------------------------------------------- */

struct control_socket *control_new(int fd, struct commands *c)
{
	struct control_socket *ctl = xcalloc(1, sizeof(*ctl));
	size_t i;

	ctl->fd = fd;
	ctl->commands = c;
	for (i = 0; i < LIMIT_CTL_CLIENTS; i++)
		ctl->clients[i].fd = -1;
	return ctl;
}

void control_free(struct control_socket *ctl)
{
	size_t i;

	if (!ctl)
		return;
	for (i = 0; i < LIMIT_CTL_CLIENTS; i++) {
		struct client *cl = &ctl->clients[i];

		if (cl->fd < 0)
			continue;
		if (cl->pending.waits == WAITS_QUIT)
			ctl_reply_ok(&cl->out);
		else if (cl->pending.waits != WAITS_NOTHING)
			ctl_reply_refuse(&cl->out, "the server has ended");
		cl->last = true;
		send_some(cl);
		if (cl->fd >= 0)
			hang_up(cl);
	}
	if (ctl->fd >= 0)
		close(ctl->fd);
	free(ctl);
}

/* The server does not read from a client that does not read its replies, but
 * still notices when that client closes the connection. */
static short events_of(const struct client *cl)
{
	short events = cl->out.len ? POLLOUT : 0;

	if (!cl->eof && !cl->last && !cl->out.len && !is_full(cl))
		events |= POLLIN;
	return events;
}

size_t control_poll(struct control_socket *ctl, struct pollfd *out)
{
	size_t i;

	out[0] = (struct pollfd){ ctl->fd, POLLIN, 0 };
	for (i = 0; i < LIMIT_CTL_CLIENTS; i++)
		out[i + 1] = (struct pollfd){
			ctl->clients[i].fd, events_of(&ctl->clients[i]), 0,
		};
	return 1 + LIMIT_CTL_CLIENTS;
}

int control_timeout(const struct control_socket *ctl)
{
	int ms = -1;
	size_t i;

	for (i = 0; i < LIMIT_CTL_CLIENTS; i++) {
		const struct client *cl = &ctl->clients[i];

		if (cl->fd < 0 || cl->out.len)
			continue;
		if (cl->pending.waits == WAITS_LET_GO ||
		    cl->pending.waits == WAITS_NOTIFY ||
		    cl->pending.waits == WAITS_EVICT)
			ms = LOOK_MS;
		else if (cl->pending.left && ms < 0)
			ms = TAIL_MS;
		else if (cl->pending.waits == WAITS_NOTHING &&
			 (next_line(cl) || cl->eof))
			return 0;
	}
	return ms;
}

void control_turn(struct control_socket *ctl, const struct pollfd *polled)
{
	size_t i;

	for (i = 0; i < LIMIT_CTL_CLIENTS; i++) {
		struct client *cl = &ctl->clients[i];
		short got = polled[i + 1].revents;

		if (cl->fd < 0)
			continue;
		if (got & POLLIN)
			receive(cl);
		else if (got & (POLLERR | POLLHUP))
			hang_up(cl);
		if (cl->fd >= 0)
			serve(ctl, cl);
		if (cl->fd >= 0)
			send_some(cl);
	}
	if (polled[0].revents & POLLIN)
		welcome(ctl);
}
