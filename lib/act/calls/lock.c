/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Record locks, flock and leases.  Runs on the actors' threads. */
#include "config.h"

#include "act/calls/calls.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/namespaces.h"

enum lock_field { LOCK_TYPE, LOCK_START, LOCK_LEN, LOCK_PID };

/* All three calls have the parameters fd, type, start, length, owner and
 * whence. */
static struct flock arg_flock(const struct call_cx *cx)
{
	return (struct flock){
		.l_type = (short)arg_num(cx, 1),
		.l_whence = (short)arg_num(cx, 5),
		.l_start = arg_num(cx, 2),
		.l_len = arg_num(cx, 3),
	};
}

static bool is_ofd(const struct call_cx *cx)
{
	return arg_num(cx, 4) != 0;
}

void run_setlk(struct call_cx *cx)
{
	struct flock fl = arg_flock(cx);

	give(cx, fcntl(arg_fd(cx, 0), is_ofd(cx) ? F_OFD_SETLK : F_SETLK, &fl));
}

void run_setlkw(struct call_cx *cx)
{
	struct flock fl = arg_flock(cx);

	give(cx, fcntl(arg_fd(cx, 0), is_ofd(cx) ? F_OFD_SETLKW : F_SETLKW, &fl));
}

/* The pid of an actor's process, as the caller sees it. */
static pid_t pid_of(const struct call_cx *cx, int actor)
{
	const struct actor_spec *all = cx->sc->actors;
	struct slot *slot = slot_at(cx->slots, (size_t)all[actor].process);

	if (!(all[all[cx->use->actor].process].namespaces & NS_PID))
		return atomic_load(&slot->pid);
	return all[all[actor].process].namespaces & NS_PID ?
		atomic_load(&slot->own_pid) : 0;
}

static uint64_t holder_of(const struct call_cx *cx, const struct flock *fl)
{
	size_t i;

	if (fl->l_type == F_UNLCK || fl->l_pid <= 0)
		return PROCESS_NONE;
	for (i = 0; i < cx->sc->n_actors; i++)
		if (pid_of(cx, (int)i) == fl->l_pid)
			return PROCESS_ACTOR + (uint64_t)cx->sc->actors[i].process;
	return PROCESS_OTHER;
}

void run_getlk(struct call_cx *cx)
{
	uint64_t *f = cx->slot->outcome.fields;
	struct flock fl = arg_flock(cx);
	int ret = fcntl(arg_fd(cx, 0), is_ofd(cx) ? F_OFD_GETLK : F_GETLK, &fl);

	give(cx, ret);
	if (ret)
		return;
	f[LOCK_TYPE] = (uint64_t)fl.l_type;
	f[LOCK_START] = (uint64_t)fl.l_start;
	f[LOCK_LEN] = (uint64_t)fl.l_len;
	f[LOCK_PID] = holder_of(cx, &fl);
}

void run_flock(struct call_cx *cx)
{
	give(cx, flock(arg_fd(cx, 0), arg_int(cx, 1)));
}

/* When the lease is broken, the kernel sends SIGIO, which interrupts like
 * SIGUSR1.  */
void run_lease(struct call_cx *cx)
{
	give(cx, fcntl(arg_fd(cx, 0), F_SETLEASE, arg_int(cx, 1)));
}
