/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The actors' beginning and end: their channels are opened, they are forked,
 * all are waited for until they are ready, and everything is freed after
 * actors_kill().  Runs in the conductor's main thread.
 */
#include "config.h"

#include "act/actors.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "act/child.h"
#include "act/actors_impl.h"
#include "act/stress.h"
#include "base/limits.h"
#include "base/lock.h"
#include "base/namespaces.h"
#include "base/units.h"

/* How long a process may take to say that it is ready, and how long those that
 * were started die when one could not be. */
#define START_TIMEOUT_NS	(10 * NS_PER_S)
#define GIVE_UP_NS		(2 * NS_PER_S)

_Static_assert(sizeof(struct slot) <= SLOT_SEAT_AT, "a slot fits its head");
_Static_assert(SLOT_SEAT_AT + sizeof(struct stress_seat) <= SLOT_SIZE,
	       "so does a seat");
_Static_assert(sizeof(struct msg) <= 512, "POSIX's PIPE_BUF");

static struct actors *actors_new(const struct scenario *sc, _Atomic uint64_t *seq)
{
	struct actors *as = xcalloc(1, sizeof(*as));
	size_t i;

	as->sc = sc;
	as->seq = seq;
	as->actors = xcalloc(sc->n_actors + 1, sizeof(*as->actors));
	as->procs = xcalloc(sc->n_actors + 1, sizeof(*as->procs));
	as->slots = as->io = MAP_FAILED;
	as->events_fd = -1;
	as->stop_fd = -1;
	for (i = 0; i < sc->n_actors; i++)
		as->actors[i].command_fd = -1;
	mutex_init(&as->lock);
	cond_init(&as->changed);
	return as;
}

/* An actor's end, out of the way of the standard descriptors it will have,
 * should we have been started without them.  -1 with errno. */
static int above_stdio(int fd)
{
	int up;

	if (fd > STDERR_FILENO)
		return fd;
	up = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	close(fd);
	return up;
}

/* How much a call reads at most: what it says or draws as its "size". */
static void see_read(void *ctx, struct loc loc, const struct call_use *use)
{
	size_t *most = ctx, i;

	(void)loc;
	for (i = 0; use->call->params[i].name; i++) {
		const struct draw *d = &use->args[i].draw;
		uint64_t size = (uint64_t)use->args[i].num;

		if (strcmp(use->call->params[i].name, "size"))
			continue;
		if (d->n)
			size = (uint64_t)d->start + (d->n - 1) * (uint64_t)d->step;
		*most = size > *most ? size : *most;
	}
}

/* The most that any call of the scenario reads. */
static size_t largest_read(const struct scenario *sc)
{
	size_t most = SLOT_IO_LEAST;

	scenario_each_call(sc, see_read, &most);
	return (most + 4095) & ~(size_t)4095;
}

size_t actors_memory(const struct scenario *sc)
{
	return slots_size(sc->n_actors) + sc->n_actors * largest_read(sc);
}

/* The slots, and a buffer for each; all of it is mapped, and what no call
 * touches takes no memory. */
static int map_slots(struct actors *as)
{
	size_t i, n = as->sc->n_actors, each = largest_read(as->sc);

	as->slots = mmap(NULL, slots_size(n), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (as->slots == MAP_FAILED)
		return -1;
	as->io_size = n * each + 4096;
	as->io = mmap(NULL, as->io_size, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	for (i = 0; i < n && as->io != MAP_FAILED; i++) {
		slot_at(as->slots, i)->io = (uint8_t *)as->io + i * each;
		slot_at(as->slots, i)->io_size = each;
	}
	return as->io == MAP_FAILED ? -1 : 0;
}

/* What exists before the first fork.  ends[]: the actors' side, -1 where there
 * is none yet; *events: the write end.  NULL, or which call failed. */
static const char *open_channels(struct actors *as, int *ends, int *events)
{
	size_t i, n = as->sc->n_actors;
	int fds[2];

	if (map_slots(as))
		return "mmap";
	as->stop_fd = eventfd(0, EFD_CLOEXEC);
	if (as->stop_fd < 0)
		return "eventfd";
	if (pipe2(fds, O_CLOEXEC))
		return "pipe2";
	as->events_fd = fds[0];
	*events = above_stdio(fds[1]);
	if (*events < 0)
		return "fcntl";
	if (fcntl(as->events_fd, F_SETFL, O_NONBLOCK))
		return "fcntl";
	for (i = 0; i < n; i++) {
		if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds))
			return "socketpair";
		as->actors[i].command_fd = fds[0];
		ends[i] = above_stdio(fds[1]);
		if (ends[i] < 0)
			return "fcntl";
	}
	return NULL;
}

/* One process; its actors point to it from now on. */
static const char *start_process(struct actors *as, struct child_setup *setup,
				 int first)
{
	const struct actor_spec *spec = &as->sc->actors[first];
	struct proc *p = &as->procs[as->n_procs];
	size_t i;

	setup->first = first;
	p->first = first;
	setup->parent = spec->namespaces & NS_PID ? 0 : getpid();
	p->pid = namespaces_fork(setup->ns, spec->namespaces);
	if (p->pid == 0)
		child_main(setup);
	if (p->pid < 0)
		return "fork";
	as->n_procs++;
	p->pidfd = (int)syscall(SYS_pidfd_open, p->pid, 0);
	/* valgrind does not know it; then the listener polls (listen.c) */
	if (p->pidfd < 0 && errno != ENOSYS)
		return "pidfd_open";
	for (i = 0; i < as->sc->n_actors; i++) {
		if (as->sc->actors[i].process != first)
			continue;
		as->actors[i].proc = p;
		atomic_store(&slot_at(as->slots, i)->pid, p->pid);
	}
	return NULL;
}

static const char *start_all(struct actors *as, struct child_setup *setup)
{
	const char *what = NULL;
	size_t i;

	for (i = 0; i < as->sc->n_actors && !what; i++) {
		if (as->sc->actors[i].process == (int)i)
			what = start_process(as, setup, (int)i);
	}
	return what;
}

static bool all_ready(const struct actors *as)
{
	size_t i;

	for (i = 0; i < as->sc->n_actors; i++) {
		if (!as->actors[i].ready)
			return false;
	}
	return true;
}

static bool any_dead(const struct actors *as)
{
	size_t i;

	for (i = 0; i < as->n_procs; i++) {
		if (as->procs[i].dead)
			return true;
	}
	return false;
}

/* Errors of the children as errno and which call. */
static const char *await_ready(struct actors *as)
{
	uint64_t deadline = clock_ns() + START_TIMEOUT_NS;

	while (!all_ready(as) && !as->fail_what) {
		if (any_dead(as) || clock_ns() >= deadline) {
			errno = any_dead(as) ? ECHILD : ETIMEDOUT;
			return "start of the actors";
		}
		listen_once(as, deadline);
	}
	if (as->fail_what)
		errno = as->fail_err;
	return as->fail_what;
}

static const char *start(struct actors *as, const char *root,
			 const struct actor_limits *limits,
			 const struct namespaces *ns, int groups)
{
	int *ends = xcalloc(as->sc->n_actors + 1, sizeof(*ends));
	struct child_setup setup = {
		.sc = as->sc, .root = root, .limits = limits, .seq = as->seq,
		.commands = ends, .events_fd = -1, .ns = ns, .groups = groups,
	};
	const char *what;
	size_t i;
	int err;

	memset(ends, -1, as->sc->n_actors * sizeof(*ends));
	what = open_channels(as, ends, &setup.events_fd);
	if (!what) {
		setup.slots = as->slots;
		what = start_all(as, &setup);
	}
	err = errno;
	/* From here on only actors have these: the pipe ends with them. */
	for (i = 0; i < as->sc->n_actors; i++) {
		if (ends[i] >= 0)
			close(ends[i]);
	}
	if (setup.events_fd >= 0)
		close(setup.events_fd);
	free(ends);
	errno = err;
	return what ? what : await_ready(as);
}

struct actors *actors_spawn(const struct scenario *sc, const char *root,
			    const struct actor_limits *limits,
			    const struct namespaces *ns, int groups,
			    _Atomic uint64_t *seq, int *err, const char **what)
{
	struct actors *as = actors_new(sc, seq);

	*what = start(as, root, limits, ns, groups);
	if (!*what)
		return as;
	*err = errno;
	actors_kill(as, clock_ns() + GIVE_UP_NS, NULL, 0);
	actors_free(as);
	return NULL;
}

void actors_listen(struct actors *as, struct evlog *log)
{
	as->log = log;
	if (pthread_create(&as->listener, NULL, listen_main, as))
		die_bug("actors: listener");
	as->listening = true;
}

static void close_all(struct actors *as)
{
	size_t i;

	for (i = 0; i < as->sc->n_actors; i++) {
		if (as->actors[i].command_fd >= 0)
			close(as->actors[i].command_fd);
	}
	for (i = 0; i < as->n_procs; i++) {
		if (as->procs[i].pidfd >= 0)
			close(as->procs[i].pidfd);
	}
	if (as->events_fd >= 0)
		close(as->events_fd);
	if (as->stop_fd >= 0)
		close(as->stop_fd);
}

void actors_free(struct actors *as)
{
	if (!as)
		return;
	if (as->listening) {
		const uint64_t one = 1;

		if (write(as->stop_fd, &one, sizeof(one)) < 0 ||
		    pthread_join(as->listener, NULL))
			die_bug("actors: stop the listener");
	}
	close_all(as);
	if (as->slots != MAP_FAILED)
		munmap(as->slots, slots_size(as->sc->n_actors));
	if (as->io != MAP_FAILED)
		munmap(as->io, as->io_size);
	pthread_cond_destroy(&as->changed);
	pthread_mutex_destroy(&as->lock);
	free(as->actors);
	free(as->procs);
	free(as);
}
