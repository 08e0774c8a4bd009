/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Probes for what the tool needs.  Each tries the thing itself.  Thread-safe. */
#include "config.h"

#include "run/environment.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "act/actors.h"
#include "act/procstat.h"

#define DESCRIPTORS_BASE	24	/* report, pipes, log, probes */
#define DESCRIPTORS_ACTOR	3	/* both ends of a socket, a pidfd */
#define DESCRIPTORS_MOUNT	6	/* device, fusectl, directories */
#define DESCRIPTORS_WISHED	65536u

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

const struct environment_need environment_needs[] = {
	{ "descriptors", "open files for mounts, workers and actors", false,
	  lack_descriptors },
	{ "memory", "addresses for threads and buffers", false, lack_memory },
	{ "file_size", "files of any size", false, lack_file_size },
	{ "proc", "threads can be looked at in /proc", true, lack_proc },
	{ NULL, NULL, false, NULL },
};

void environment_raise_limits(void)
{
	static const int resources[] = { RLIMIT_NOFILE, RLIMIT_FSIZE };
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
