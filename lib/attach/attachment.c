/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Attachments: reading for the session's loop, sending for the tap, and the
 * queue of what is delivered late.
 */
#include "config.h"

#include "attach/attach_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "base/lock.h"
#include "base/mem.h"
#include "base/units.h"
#include "attach/clones.h"
#include "transport/fuselib.h"
#include "attach/custom_io_slots.h"

/* Lock held. */
void attachment_wake(struct attachment *a)
{
	if (eventfd_write(a->wake, 1))
		die_bug("attach: eventfd");
}

/* ---- descriptors --------------------------------------------------------- */

static void set_nonblock(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags >= 0 && !(flags & O_NONBLOCK))
		fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

/* Close what nobody will be answered by. */
static void close_unused(struct attachment *a)
{
	struct engine_load load;
	struct worker_fd *w;

	engine_load(a->engine, ATTACHED_MOUNT, &load);
	if (load.open)
		return;
	auto_lock(&a->lock);
	for (w = a->workers; w; w = w->next)
		if (w->gone)
			channel_close(w->channel, NULL, NULL);
}

static void worker_gone(void *ctx, struct channel *c)
{
	struct attachment *a = ctx;
	struct worker_fd *w;

	mutex_lock(&a->lock);
	for (w = a->workers; w; w = w->next)
		w->gone |= w->channel == c;
	mutex_unlock(&a->lock);
	close_unused(a);
}

/* Where requests read from fd are answered; NULL and errno. */
static struct channel *channel_for(struct attachment *a, int fd)
{
	struct worker_fd *w;
	struct channel *c;

	if (fd == a->fd)
		return a->main;
	c = clone_find(a->tag, fd);
	if (c)
		return c;
	c = channel_of(fd);
	if (!c)
		return NULL;
	set_nonblock(fd);
	w = xcalloc(1, sizeof(*w));
	w->channel = c;
	mutex_lock(&a->lock);
	w->next = a->workers;
	a->workers = w;
	mutex_unlock(&a->lock);
	clone_remember(a->slot, a->tag, fd, c, worker_gone);
	return c;
}

/* ---- late deliveries ----------------------------------------------------- */

void attachment_refuse(struct attachment *a, const void *msg)
{
	const struct wire_in_header *in = msg;
	struct wire_out_header out = {
		.len = sizeof(out), .error = -EIO, .unique = in->unique,
	};
	const struct iovec iov = { .iov_base = &out, .iov_len = sizeof(out) };

	engine_reply(a->engine, ATTACHED_MOUNT, &iov, 1);
}

static void hook_deliver(void *ctx, int mount, void *msg, size_t len)
{
	struct attachment *a = ctx;
	struct late *l;

	(void)mount;
	mutex_lock(&a->lock);
	if (atomic_load(&a->ending)) {
		mutex_unlock(&a->lock);
		attachment_refuse(a, msg);
		return;
	}
	l = xmalloc(sizeof(*l) + len);
	l->next = NULL;
	l->len = len;
	memcpy(l->msg, msg, len);
	*a->last = l;
	a->last = &l->next;
	a->n_late++;
	atomic_store(&a->has_late, true);
	attachment_wake(a);
	mutex_unlock(&a->lock);
}

/* Lock held; there is a first. */
static struct late *take_first(struct attachment *a)
{
	struct late *l = a->first;
	eventfd_t n;

	a->first = l->next;
	a->n_late--;
	if (a->first)
		return l;
	a->last = &a->first;
	atomic_store(&a->has_late, false);
	if (!atomic_load(&a->ending) && !atomic_load(&a->dead) &&
	    !atomic_load(&a->quits))
		eventfd_read(a->wake, &n);
	return l;
}

/* 0: there is none; -1 and errno. */
static ssize_t read_late(struct attachment *a, void *buf, size_t size)
{
	struct late *l = NULL;
	ssize_t n = 0;

	if (!atomic_load(&a->has_late))
		return 0;
	mutex_lock(&a->lock);
	if (a->first && a->first->len > size) {
		/* libfuse comes again with a larger buffer. */
		errno = EINVAL;
		n = -1;
	} else if (a->first) {
		l = take_first(a);
	}
	mutex_unlock(&a->lock);
	if (l) {
		n = (ssize_t)l->len;
		memcpy(buf, l->msg, l->len);
		free(l);
	}
	return n;
}

/* ---- the loop reads ------------------------------------------------------ */

static ssize_t read_now(struct attachment *a, int fd, void *buf, size_t len)
{
	ssize_t n = a->is_socket ? recv(fd, buf, len, MSG_DONTWAIT)
				 : read(fd, buf, len);

	if (n == 0) {
		errno = ENODEV;		/* the other end is gone */
		n = -1;
	}
	return n;
}

/* The last descriptor of a connection ends it; the number stays libfuse's. */
static void put_null(int fd)
{
	auto_close int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null >= 0)
		dup3(null, fd, O_CLOEXEC);
}

static ssize_t read_request(void *ctx, int fd, void *buf, size_t len, int *wake)
{
	struct attachment *a = ctx;
	struct channel *c = channel_for(a, fd);
	ssize_t n;

	while (c) {
		if (atomic_load(&a->dead)) {
			/* A worker that end_connection() has not seen: its
			 * channel keeps the connection open, too. */
			channel_close(c, NULL, NULL);
			if (fd != a->fd)
				put_null(fd);
			errno = ENODEV;
			return -1;
		}
		if (atomic_load(&a->ending))
			return SLOT_PLAIN;
		if (atomic_load(&a->quits)) {
			errno = ENODEV;
			return -1;
		}
		n = read_late(a, buf, len);
		if (n)
			return n;
		n = read_now(a, fd, buf, len);
		if (n > 0)
			stats_request(a->stats, buf, (size_t)n);
		if (n > 0 && engine_request(a->engine, ATTACHED_MOUNT, c, buf, n))
			return n;
		if (n < 0 && (errno != EAGAIN || a->flags & O_NONBLOCK))
			return -1;
		if (n < 0) {
			*wake = a->wake;
			return SLOT_WAIT;
		}
	}
	return -1;
}

static ssize_t reply(void *ctx, const struct iovec *iov, int n)
{
	struct attachment *a = ctx;
	ssize_t done = engine_reply(a->engine, ATTACHED_MOUNT, iov, n);

	return done == ENGINE_NOT_READ ? SLOT_PLAIN : done;
}

static const struct slot_end slot_end = { read_request, reply };

/* ---- the tap's hooks ----------------------------------------------------- */

void attachment_notify(struct attachment *a, const struct notify_spec *spec,
		       void (*done)(void *ctx, int err), void *ctx)
{
	const struct note_way way = {
		.mount = ATTACHED_MOUNT, .engine = a->engine, .log = a->log,
		.channel = a->main, .done = done, .ctx = ctx,
	};

	notifier_start(&a->jobs, &way, spec);
}

/* For both every descriptor is closed: where the connection's control files are
 * cannot be known from a descriptor, and to clients it is the same. */
static void end_connection(struct attachment *a, bool dies)
{
	auto_free char *text = xasprintf("%s: %s", a->name, dies ?
					 "the server has died" : "aborted");
	struct event ev = event_of(EV_MOUNT);
	struct worker_fd *w;
	bool first;

	mutex_lock(&a->lock);
	first = !atomic_exchange(&a->dead, true);
	attachment_wake(a);
	mutex_unlock(&a->lock);
	if (!first)
		return;
	ev.mount = ATTACHED_MOUNT;
	ev.text = text;
	evlog_add(a->log, &ev);
	put_null(a->fd);
	channel_close(a->main, NULL, NULL);
	mutex_lock(&a->lock);
	for (w = a->workers; w; w = w->next)
		channel_close(w->channel, NULL, NULL);
	mutex_unlock(&a->lock);
}

static int hook_send(void *ctx, int mount, struct outgoing *out)
{
	struct attachment *a = ctx;
	int err;

	(void)mount;
	switch (out->kind) {
	case OUT_REPLY:
		err = channel_send(out->reply.chan ? out->reply.chan : a->main,
				   out->reply.iov, out->reply.n);
		stats_reply(a->stats, out->reply.iov, out->reply.n, err);
		return err;
	case OUT_NOTIFICATION:
		attachment_notify(a, out->notification, NULL, NULL);
		break;
	case OUT_BACKING:
		/* A scenario with backing files is not attached. */
		return EOPNOTSUPP;
	case OUT_ABORT:
	case OUT_CLOSE:
		end_connection(a, out->kind == OUT_CLOSE);
		break;
	}
	return 0;
}

static const struct engine_hooks hooks = {
	.deliver = hook_deliver,
	.send = hook_send,
};

/* ---- life ---------------------------------------------------------------- */

static const char *problem_with(int fd)
{
	socklen_t len = sizeof(int);
	struct stat st;
	int type;

	if (fd < 0 || fstat(fd, &st))
		return "the session has no descriptor yet: mount it first";
	if (!S_ISSOCK(st.st_mode))
		return S_ISCHR(st.st_mode) ? NULL :
			"the session's descriptor is no device and no socket";
	if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) ||
	    type == SOCK_STREAM)
		return "the session's socket does not keep messages apart";
	return NULL;
}

static struct attachment *make(int fd, const struct scenario *sc,
			       struct evlog *log)
{
	auto_close int wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	struct channel *c = wake < 0 ? NULL : channel_of(fd);
	struct attachment *a;

	if (!c)
		return NULL;
	a = xcalloc(1, sizeof(*a));
	a->log = log;
	a->name = sc->mounts[ATTACHED_MOUNT].name;
	a->fd = fd;
	a->flags = fcntl(fd, F_GETFL);
	a->is_socket = channel_is_sim(c);
	a->last = &a->first;
	a->main = c;
	a->wake = steal_fd(&wake);
	mutex_init(&a->lock);
	jobs_init(&a->jobs);
	a->engine = engine_new(sc, log, &hooks, a);
	engine_set_foreign(a->engine);
	return a;
}

struct attachment *attachment_new(struct fuse_session *se,
				  const struct scenario *sc, struct evlog *log,
				  const char **why)
{
	int slot, fd = fuse_session_fd(se);
	struct attachment *a;

	*why = problem_with(fd);
	if (*why)
		return NULL;
	*why = "no more descriptors";
	a = make(fd, sc, log);
	if (!a)
		return NULL;
	slot = slot_take(se, fd, &slot_end, a, &a->tag, why);
	if (slot < 0) {
		attachment_free(a);
		return NULL;
	}
	a->slot = (unsigned)slot;
	if (!a->is_socket)
		set_nonblock(fd);
	return a;
}

struct engine *attachment_engine(struct attachment *a)
{
	return a->engine;
}

void attachment_watch(struct attachment *a, struct stats *stats)
{
	a->stats = stats;
}

void attachment_abort(struct attachment *a)
{
	end_connection(a, false);
}

void attachment_quit(struct attachment *a)
{
	auto_lock(&a->lock);
	atomic_store(&a->quits, true);
	attachment_wake(a);
}

bool attachment_readable(struct attachment *a)
{
	return !atomic_load(&a->dead) && channel_readable(a->main);
}
