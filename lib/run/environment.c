/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Probes for what the tool needs.  Each tries the thing itself.  Thread-safe. */
#include "config.h"

#include "run/environment.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "act/actors.h"
#include "act/procstat.h"
#include "base/lock.h"
#include "run/caps.h"

#define DESCRIPTORS_BASE	24	/* report, pipes, log, probes */
#define DESCRIPTORS_ACTOR	3	/* both ends of a socket, a pidfd */
#define DESCRIPTORS_MOUNT	6	/* device, fusectl, directories */
#define DESCRIPTORS_WISHED	65536u

#define TASKS_BASE	4	/* conductor, listener, a notification, a job */
#define TASKS_MOUNT	2	/* delays, unmount */

#define PIPE_USUAL	(64 << 10)

#define MEMORY_BASE		(16u << 20)	/* log, scenario, libraries */
#define STACK_LEAST		(8u << 20)

/* Of a scenario, or of a small one. */
struct extent {
	size_t actors, mounts, workers;
};

static struct extent extent_of(const struct scenario *sc)
{
	struct extent e = { 1, 1, 1 };
	size_t i;

	if (!sc)
		return e;
	e = (struct extent){ sc->n_actors, sc->n_mounts, 0 };
	for (i = 0; i < sc->n_mounts; i++)
		e.workers += sc->mounts[i].workers;
	return e;
}

static char *lack_descriptors(const struct scenario *sc)
{
	struct extent e = extent_of(sc);
	size_t n = DESCRIPTORS_BASE + e.actors * DESCRIPTORS_ACTOR +
		e.mounts * DESCRIPTORS_MOUNT + e.workers;
	auto_close int fd = eventfd(0, EFD_CLOEXEC);
	auto_close int high = -1;

	if (fd < 0)
		return xasprintf("no descriptors: %s (ulimit -n)",
				 strerror(errno));
	high = fcntl(fd, F_DUPFD_CLOEXEC, (int)n);
	return high >= 0 ? NULL :
		xasprintf("too few descriptors: about %zu are needed "
			  "(ulimit -n)", n);
}

/* Stacks of threads and buffers of actors: what has addresses, used or not. */
static char *lack_memory(const struct scenario *sc)
{
	struct extent e = extent_of(sc);
	size_t threads = 1 + 2 * e.mounts + e.workers;
	size_t n = MEMORY_BASE + threads * STACK_LEAST +
		(sc ? actors_memory(sc) : 0);
	void *p = mmap(NULL, n, PROT_NONE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		return xasprintf("too little memory: about %zuM of addresses "
				 "are needed (ulimit -v)", n >> 20);
	munmap(p, n);
	return NULL;
}

/* A write beyond it would be refused by the kernel, on any filesystem. */
static char *lack_file_size(const struct scenario *sc)
{
	struct rlimit rl;

	(void)sc;
	if (getrlimit(RLIMIT_FSIZE, &rl) || rl.rlim_max == RLIM_INFINITY)
		return NULL;
	return xasprintf("the size of files is limited to %llu bytes "
			 "(ulimit -f)", (unsigned long long)rl.rlim_max);
}

static char *lack_proc(const struct scenario *sc)
{
	(void)sc;
	return procstat_is_ours() ? NULL :
		xstrdup("no /proc of this pid namespace: mount -t proc proc /proc");
}

/* ---- tasks ---- */

#define TASKS_PLENTY	4096u	/* whoever may have more of them has room */
#define TASK_STACK	(64u << 10)

static bool is_unlimited_in_tasks(rlim_t limit)
{
	/* kernel/fork.c, copy_process(): the machine's root is not asked */
	return limit == RLIM_INFINITY || limit > TASKS_PLENTY ||
		(getuid() == 0 && caps_is_initial_user_ns("/proc/self/uid_map"));
}

static void *wait_for_end(void *barrier)
{
	mutex_lock(barrier);
	mutex_unlock(barrier);
	return NULL;
}

/* How many of n threads there can be at the same time. */
static size_t try_threads(size_t n)
{
	auto_free pthread_t *threads = xcalloc(n, sizeof(*threads));
	pthread_mutex_t until;
	pthread_attr_t attr;
	size_t i, made = 0;

	mutex_init(&until);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, TASK_STACK);
	mutex_lock(&until);
	while (made < n && !pthread_create(&threads[made], &attr, wait_for_end, &until))
		made++;
	mutex_unlock(&until);
	for (i = 0; i < made; i++)
		pthread_join(threads[i], NULL);
	pthread_attr_destroy(&attr);
	pthread_mutex_destroy(&until);
	return made;
}

/* Tasks of all of a user's programs count, and nothing tells how many there are. */
static char *lack_tasks(const struct scenario *sc)
{
	struct extent e = extent_of(sc);
	size_t n = TASKS_BASE + e.actors + e.mounts * TASKS_MOUNT + e.workers;
	struct rlimit rl;

	if (getrlimit(RLIMIT_NPROC, &rl) || is_unlimited_in_tasks(rl.rlim_cur) ||
	    try_threads(n) == n)
		return NULL;
	return xasprintf("too few processes: about %zu more are needed (ulimit -u)", n);
}

/* ---- pipes ---- */

/* A user who has many gets small ones (fs/pipe.c, alloc_pipe_info()). */
static char *lack_pipes(const struct scenario *sc)
{
	int fds[2], size;

	(void)sc;
	if (pipe2(fds, O_CLOEXEC))
		return xasprintf("no pipe: %s (/proc/sys/fs/pipe-user-pages-hard)",
				 strerror(errno));
	size = fcntl(fds[0], F_GETPIPE_SZ);
	close(fds[0]);
	close(fds[1]);
	return size >= PIPE_USUAL ? NULL :
		xasprintf("pipes of %d bytes only, as this user has so many "
			  "(/proc/sys/fs/pipe-user-pages-soft)", size);
}

const struct environment_need environment_needs[] = {
	{ "descriptors", "open files for mounts, workers and actors", false,
	  lack_descriptors },
	{ "memory", "addresses for threads and buffers", false, lack_memory },
	{ "tasks", "processes and threads for actors and workers", false,
	  lack_tasks },
	{ "pipes", "pipes of the usual size", false, lack_pipes },
	{ "file_size", "files of any size", false, lack_file_size },
	{ "proc", "threads can be looked at in /proc", true, lack_proc },
	{ NULL, NULL, false, NULL },
};

char *environment_lack(const struct scenario *sc, bool inside)
{
	const struct environment_need *need;
	char *why = NULL;

	for (need = environment_needs; need->name && !why; need++)
		if (need->inside == inside)
			why = need->lack(sc);
	return why;
}

void environment_raise_limits(void)
{
	static const int resources[] = {
		RLIMIT_NOFILE, RLIMIT_FSIZE, RLIMIT_NPROC,
	};
	struct rlimit rl;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(resources); i++) {
		if (getrlimit((unsigned)resources[i], &rl))
			continue;
		rl.rlim_cur = rl.rlim_max;
		if (resources[i] == RLIMIT_NOFILE &&
		    rl.rlim_cur > DESCRIPTORS_WISHED)
			rl.rlim_cur = DESCRIPTORS_WISHED;
		setrlimit((unsigned)resources[i], &rl);
	}
}
