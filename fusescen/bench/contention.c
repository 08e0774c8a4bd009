/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts the tracepoint lock:contention_begin by perf events, which have no
 * buffers that could overflow, and end with this process.  Main thread only. */
#include "config.h"

#include "fusescen/bench/contention.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/units.h"
#include "fusescen/bench/values.h"

/* include/trace/events/lock.h: a spinlock has LCB_F_SPIN alone, an rwsem
 * LCB_F_READ or LCB_F_WRITE alone. */
static const struct {
	enum value_id value;
	const char *filter;
} counted[] = {
	{ VALUE_CONTENTION, NULL },
	{ VALUE_CONTENTION_SPIN, "flags == 1" },
	{ VALUE_CONTENTION_RWSEM, "flags == 2 || flags == 4" },
};

#define N_COUNTED	(sizeof(counted) / sizeof(*counted))

struct contention {
	int *fds[N_COUNTED];
	size_t n[N_COUNTED];
	uint64_t begin_ns;
};

static int read_id(const char *tracefs, uint64_t *id)
{
	char *path = xasprintf("%s/events/lock/contention_begin/id", tracefs);
	FILE *f = fopen(path, "re");
	unsigned long v = 0;
	int ok = f && fscanf(f, "%lu", &v) == 1;

	if (f)
		fclose(f);
	free(path);
	*id = v;
	return ok ? 0 : -1;
}

static int open_one(uint64_t id, int cpu, const char *filter)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_TRACEPOINT, .size = sizeof(attr),
		.config = id, .disabled = 1,
	};
	int fd = (int)syscall(SYS_perf_event_open, &attr, -1, cpu, -1,
			      PERF_FLAG_FD_CLOEXEC);

	if (fd >= 0 && filter && ioctl(fd, PERF_EVENT_IOC_SET_FILTER, filter)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Opens a counter for each CPU that is online.  Others give ENODEV.  */
static int open_all(struct contention *c, size_t i, uint64_t id)
{
	long cpu, n = sysconf(_SC_NPROCESSORS_CONF);

	for (cpu = 0; cpu < n; cpu++) {
		int fd = open_one(id, (int)cpu, counted[i].filter);

		if (fd < 0 && errno == ENODEV)
			continue;
		if (fd < 0)
			return -1;
		c->fds[i] = xgrow(c->fds[i], c->n[i], sizeof(fd));
		c->fds[i][c->n[i]++] = fd;
	}
	return c->n[i] ? 0 : -1;
}

struct contention *contention_new(const char *tracefs, const char **why)
{
	struct contention *c;
	uint64_t id;
	size_t i;

	*why = "the kernel has no lock:contention_begin, or no tracefs";
	if (read_id(tracefs, &id))
		return NULL;
	c = xcalloc(1, sizeof(*c));
	for (i = 0; i < N_COUNTED; i++) {
		if (open_all(c, i, id) == 0)
			continue;
		*why = "perf events of tracepoints cannot be opened";
		contention_free(c);
		return NULL;
	}
	return c;
}

void contention_free(struct contention *c)
{
	size_t i, j;

	if (!c)
		return;
	for (i = 0; i < N_COUNTED; i++) {
		for (j = 0; j < c->n[i]; j++)
			close(c->fds[i][j]);
		free(c->fds[i]);
	}
	free(c);
}

static void tell_all(struct contention *c, unsigned long what)
{
	size_t i, j;

	for (i = 0; i < N_COUNTED; i++)
		for (j = 0; j < c->n[i]; j++)
			ioctl(c->fds[i][j], what, 0);
}

void contention_start(struct contention *c)
{
	c->begin_ns = clock_ns();
	tell_all(c, PERF_EVENT_IOC_RESET);
	tell_all(c, PERF_EVENT_IOC_ENABLE);
}

void contention_stop(struct contention *c, double *values)
{
	double seconds;
	size_t i, j;

	tell_all(c, PERF_EVENT_IOC_DISABLE);
	seconds = (double)(clock_ns() - c->begin_ns) / (double)NS_PER_S;
	for (i = 0; i < N_COUNTED; i++) {
		uint64_t sum = 0, v;

		for (j = 0; j < c->n[i]; j++)
			if (read(c->fds[i][j], &v, sizeof(v)) == sizeof(v))
				sum += v;
		values[counted[i].value] = (double)sum / seconds;
	}
}
