/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The two ways between a server's mounts and the engine.  Outward: deliver and
 * send, the engine's only hooks.  Back: the reply of a backend.  Called by
 * workers and the engine's own threads; notifications also by the conductor.
 */
#include "config.h"

#include "server/server_impl.h"

#include <linux/capability.h>

#include "backend/notifier.h"
#include "base/confine.h"

/* ---- to the kernel ---- */

/*
 * The first thing a device's kernel side takes is the reply to CUSE_INIT.  It
 * makes the device inside of that write, or ends the connection
 * (fs/fuse/cuse.c, cuse_process_init_reply()), perhaps because the name
 * belongs to another device: so look at the connection, not only for a node.
 */
static void show_device(struct served_mount *m)
{
	if (!m->dir || !channel_connected(m->channels[0]) ||
	    atomic_exchange(&m->device_made, true))
		return;
	device_show(m);
}

/* fs/fuse/inode.c, process_init_limits(): the kernel looks at whoever writes. */
static int send_as_server(struct served_mount *m, struct channel *chan,
			  uint64_t unique, const struct iovec *iov, int n)
{
	uint64_t had;
	int err;

	if (!m->spec->unprivileged)
		return channel_reply(chan, unique, iov, n);
	had = confine_pause(CAPABILITY(CAP_SYS_ADMIN));
	err = channel_reply(chan, unique, iov, n);
	confine_resume(had);
	return err;
}

int mount_send(struct served_mount *m, struct channel *chan, uint64_t unique,
	       const struct iovec *iov, int n)
{
	int err = send_as_server(m, chan ? chan : m->channels[0], unique, iov, n);

	stats_reply(m->server->stats, iov, n, err);
	if (!err && m->spec->kind == MOUNT_CUSE && !atomic_load(&m->device_made))
		show_device(m);
	return err;
}

/* ---- notifications ---- */

static struct note_way way_of(struct server *s, const struct notify_spec *spec)
{
	struct served_mount *m = mount_of(s, notifier_mount(spec));

	return (struct note_way){
		.mount = m->index, .engine = s->engine, .log = s->log,
		.backend = m->backend,
		.channel = m->n_channels ? m->channels[0] : NULL,
		.spares_uring = m->spec->transport == TRANSPORT_URING &&
			!s->allows_hazards,
	};
}

void server_notify_then(struct server *s, const struct notify_spec *spec,
			void (*done)(void *ctx, int err), void *ctx)
{
	struct note_way way = way_of(s, spec);

	way.done = done;
	way.ctx = ctx;
	notifier_start(&s->jobs, &way, spec);
}

void server_notify(struct server *s, const struct notify_spec *spec)
{
	server_notify_then(s, spec, NULL, NULL);
}

pid_t server_note_tid(struct server *s, int note)
{
	return notifier_tid(&s->jobs, note);
}

unsigned server_note_tids(struct server *s, pid_t *tids, unsigned max)
{
	return notifier_tids(&s->jobs, tids, max);
}

unsigned server_notes_running(struct server *s)
{
	return notifiers_running(&s->jobs);
}

/* From a handler: its thread writes it if the rule says so. */
static void notify_by_rule(struct server *s, const struct notify_spec *spec)
{
	const struct note_way way = way_of(s, spec);

	if (spec->wait)
		notifier_run(&s->jobs, &way, spec);
	else
		server_notify(s, spec);
}

/* ---- hooks ---- */

static void hook_deliver(void *ctx, int mount, void *msg, size_t len)
{
	session_deliver(mount_of(ctx, mount)->session, msg, len);
}

/*
 * Closing a descriptor first ends the requests that were read from it, then, if
 * it was the last one, the connection (fs/fuse/dev.c, fuse_dev_release()).
 * Between the two a caller is back whose next request would be aborted too.
 */
static void end_connection(struct server *s, int mount, bool dies)
{
	atomic_fetch_add(&s->endings, 1);
	if (dies)
		server_die(s, mount);
	else
		server_abort(s, mount);
	atomic_fetch_sub(&s->endings, 1);
}

/* Where only one worker reads, there is no other.  Requests of a ring are not the
 * device's, whoever took them. */
static struct channel *reply_channel(struct served_mount *m,
				     const struct outgoing *out)
{
	unsigned i = 0;

	if (!out->reply.by_other)
		return out->reply.chan;
	if (m->ring)
		return m->channels[0];
	while (i < m->n_channels && m->channels[i] != out->reply.chan)
		i++;
	return m->channels[(i + 1) % m->n_channels];
}

static int send_reply(struct served_mount *m, const struct outgoing *out)
{
	int err = mount_send(m, reply_channel(m, out), out->reply.unique,
			     out->reply.iov, out->reply.n);

	if (!err && out->reply.opcode == OP_INIT && m->ring)
		ring_begin(m, out->reply.iov, out->reply.n);
	return err;
}

static int hook_send(void *ctx, int mount, struct outgoing *out)
{
	struct served_mount *m = mount_of(ctx, mount);

	switch (out->kind) {
	case OUT_REPLY:
		return send_reply(m, out);
	case OUT_NOTIFICATION:
		notify_by_rule(ctx, out->notification);
		break;
	case OUT_BACKING:
		return backing_register(m, out->backing.file, &out->backing.id);
	case OUT_ABORT:
	case OUT_CLOSE:
		end_connection(ctx, mount, out->kind == OUT_CLOSE);
		break;
	}
	return 0;
}

static void hook_begin(void *ctx)
{
	const struct server *s = ctx;

	jobs_confine_self(&s->jobs);
}

const struct engine_hooks server_hooks = {
	.deliver = hook_deliver,
	.send = hook_send,
	.begin = hook_begin,
};

/* ---- from the backend ---- */

ssize_t mount_reply(void *mount, const struct iovec *iov, int n)
{
	struct served_mount *m = mount;
	struct engine *e = m->server->engine;

	/* Before and after the engine's life nobody waits for the reply. */
	return e ? engine_reply(e, m->index, iov, n) : 0;
}
