/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What can be asked of a server while it runs.  These functions neither wait
 * nor change anything.  Called by the conductor.
 */
#include "config.h"

#include "server/server_impl.h"

#include <errno.h>

#include "transport/uring.h"

int server_waiting(struct server *s, int mount, uint64_t *out)
{
	const struct control_files *control = mount_control(mount_of(s, mount));

	return control ? control_waiting(control, out) : ENOENT;
}

bool server_connection(struct server *s, int mount, uint32_t *out)
{
	*out = mount_of(s, mount)->connection;
	return *out != 0;
}

/* Somebody else may have unmounted it, and mounted something of theirs. */
bool mount_is_there(const struct served_mount *m)
{
	uint32_t number;

	return !mount_connection(m->dir, &number) && number == m->connection;
}

bool server_is_mounted(struct server *s, int mount)
{
	return mount_is_there(mount_of(s, mount));
}

bool server_readable(struct server *s, int mount)
{
	const struct served_mount *m = mount_of(s, mount);

	return m->n_channels && (channel_readable(m->channels[0]) ||
		(m->ring && uring_readable(m->ring)));
}

unsigned server_worker_tids(struct server *s, int mount, pid_t *tids, unsigned max)
{
	return workers_tids(mount_of(s, mount), tids, max);
}

unsigned server_ring_tids(struct server *s, int mount, pid_t *tids, unsigned max)
{
	return mount_of(s, mount)->ring ?
		jobs_tids(&s->jobs, JOB_RING, mount, tids, max) : 0;
}

unsigned server_handlers(struct server *s, int mount)
{
	unsigned n = workers_running(mount_of(s, mount));

	return n && mount_of(s, mount)->ring ? n - 1 : n;
}

int server_ring_state(struct server *s, int mount, struct ring_state *out)
{
	struct served_mount *m = mount_of(s, mount);

	if (!m->ring || atomic_load(&m->ring_ended))
		return -1;
	*out = (struct ring_state){
		.by_hand = m->spec->ring_by_hand,
		.queues = uring_queues(m->ring), .err = atomic_load(&m->ring_err),
		.refused = atomic_load(&m->ring_refused),
		.strays = atomic_load(&m->strays),
		.stray = op_by_code(s->sc->protocol, atomic_load(&m->stray_opcode)),
	};
	return 0;
}

bool server_is_ending(struct server *s)
{
	return atomic_load(&s->endings) > 0;
}

unsigned server_backend_waiting(struct server *s, int mount)
{
	struct backend *b = mount_of(s, mount)->backend;

	return b && b->ops->waiting ? b->ops->waiting(b) : 0;
}

const struct limit *server_limit_reached(struct server *s, int mount)
{
	struct backend *b = mount_of(s, mount)->backend;

	return b && b->ops->limit_reached ? b->ops->limit_reached(b) : NULL;
}

ssize_t server_peek(struct server *s, int mount, const char *path,
		    uint64_t offset, void *p, size_t len, uint64_t *size)
{
	struct backend *b = mount_of(s, mount)->backend;

	return b->ops->peek(b, path, offset, p, len, size);
}
