/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Switching events on, and reading what the processors have recorded. */
#include "config.h"

#include "trace/tracefs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "trace/format.h"
#include "trace/instance.h"
#include "trace/page.h"
#include "trace/pids.h"

#define BUFFER_KB	"512"		/* of each processor */
#define PAGE_MAX	(64u << 10)	/* a sub-buffer may be larger than a page */

struct seen {
	unsigned id;			/* the kernel's number for it */
	struct format_field pid;
	struct format_field fields[TRACEFS_VALUES_MAX];
	size_t n_fields;
};

struct tracefs {
	struct instance instance;
	struct seen *seen;
	unsigned n;
	int *pipes;			/* trace_pipe_raw of each processor */
	size_t n_pipes;
};

/* ---- beginning and end ---------------------------------------------------------- */

static int open_pipe(struct tracefs *t, const char *cpu)
{
	auto_free char *path = xasprintf("per_cpu/%s/trace_pipe_raw", cpu);
	int fd = openat(t->instance.dir, path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return errno;
	t->pipes = xrealloc(t->pipes, (t->n_pipes + 1) * sizeof(*t->pipes));
	t->pipes[t->n_pipes++] = fd;
	return 0;
}

/* Of every processor that can ever be there: what one of them has recorded may
 * not be missing unnoticed.  0 or errno. */
static int open_pipes(struct tracefs *t)
{
	int fd = openat(t->instance.dir, "per_cpu",
			O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	int err = 0;

	if (!dir) {
		err = errno;
		if (fd >= 0)
			close(fd);
		return err;
	}
	while (!err && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			err = open_pipe(t, entry->d_name);
	closedir(dir);
	return err || t->n_pipes ? err : ENOENT;
}

static int set_up(struct tracefs *t, const char **what)
{
	int err = instance_make(&t->instance, what);

	if (err)
		return err;
	*what = "its clock cannot be CLOCK_MONOTONIC";
	err = instance_write(&t->instance, "trace_clock", "mono");
	if (err)
		return err;
	*what = "its buffer has no size";
	err = instance_write(&t->instance, "buffer_size_kb", BUFFER_KB);
	if (err)
		return err;
	*what = "its buffer cannot be read";
	return open_pipes(t);
}

struct tracefs *tracefs_new(int *err, const char **what)
{
	struct tracefs *t;

	*err = 0;
	*what = pids_are_others();
	if (*what)
		return NULL;
	t = xcalloc(1, sizeof(*t));
	*err = set_up(t, what);
	if (!*err)
		return t;
	tracefs_free(t);
	return NULL;
}

void tracefs_free(struct tracefs *t)
{
	size_t i;

	if (!t)
		return;
	for (i = 0; i < t->n_pipes; i++)
		close(t->pipes[i]);
	instance_remove(&t->instance);
	free(t->pipes);
	free(t->seen);
	free(t);
}

/* ---- events ------------------------------------------------------------------------ */

static bool find_field(const char *format, const char *name,
		       struct format_field *out)
{
	auto_free char *older = xasprintf("fl_%s", name);

	return format_field(format, name, out) || format_field(format, older, out);
}

static bool read_format(const char *format, const struct tracefs_wish *wish,
			struct seen *s)
{
	if (!format_id(format, &s->id) ||
	    !format_field(format, "common_pid", &s->pid))
		return false;
	for (s->n_fields = 0; wish->fields[s->n_fields]; s->n_fields++)
		if (!find_field(format, wish->fields[s->n_fields],
				&s->fields[s->n_fields]))
			return false;
	return true;
}

static int write_event_file(struct tracefs *t, const struct tracefs_wish *wish,
			    const char *file, const char *text)
{
	auto_free char *path = xasprintf("events/%s/%s/%s", wish->group,
					 wish->name, file);

	return instance_write(&t->instance, path, text);
}

int tracefs_enable(struct tracefs *t, const struct tracefs_wish *wish, int *err,
		   const char **what)
{
	auto_free char *path = xasprintf("events/%s/%s/format", wish->group,
					 wish->name);
	auto_free char *format = NULL;
	struct seen s = { .id = 0 };

	*what = "this kernel has no such tracepoint";
	*err = instance_read(&t->instance, path, &format);
	if (*err)
		return -1;
	*what = "its fields are unknown";
	if (!read_format(format, wish, &s))
		return -1;
	*what = "no filter for it";
	*err = write_event_file(t, wish, "filter", wish->filter);
	if (*err)
		return -1;
	t->seen = xrealloc(t->seen, (t->n + 1) * sizeof(*t->seen));
	t->seen[t->n++] = s;
	*what = "it cannot be enabled";
	*err = write_event_file(t, wish, "enable", "1");
	return *err ? -1 : (int)t->n - 1;
}

/* ---- records ------------------------------------------------------------------------- */

struct batch {
	const struct tracefs *t;
	struct tracefs_event *items;
	size_t n, cap;
};

/* The kernel's number of an event is the first thing in its record. */
static const struct seen *find_seen(const struct tracefs *t, const void *record,
				    size_t len)
{
	uint16_t id;
	unsigned i;

	if (len < sizeof(id))
		return NULL;
	memcpy(&id, record, sizeof(id));
	for (i = 0; i < t->n; i++)
		if (t->seen[i].id == id)
			return &t->seen[i];
	return NULL;
}

static void take_record(void *ctx, uint64_t at_ns, const void *record, size_t len)
{
	struct batch *b = ctx;
	const struct seen *s = find_seen(b->t, record, len);
	struct tracefs_event ev = { .at_ns = at_ns };
	uint64_t tid = 0;
	size_t i;

	if (!s || !format_value(&s->pid, record, len, &tid))
		return;
	ev.number = (unsigned)(s - b->t->seen);
	ev.tid = (pid_t)tid;
	for (i = 0; i < s->n_fields; i++)
		if (!format_value(&s->fields[i], record, len, &ev.values[i]))
			return;
	if (b->n == b->cap) {
		b->cap = b->cap ? b->cap * 2 : 64;
		b->items = xrealloc(b->items, b->cap * sizeof(*b->items));
	}
	b->items[b->n++] = ev;
}

static int by_time(const void *a, const void *b)
{
	const struct tracefs_event *x = a, *y = b;

	return x->at_ns < y->at_ns ? -1 : x->at_ns > y->at_ns;
}

struct tracefs_event *tracefs_drain(struct tracefs *t, size_t *n, bool *lost)
{
	auto_free void *page = xmalloc(PAGE_MAX);
	struct batch b = { .t = t };
	size_t i;
	ssize_t got;

	*lost = false;
	for (i = 0; i < t->n_pipes; i++)
		while ((got = read(t->pipes[i], page, PAGE_MAX)) > 0)
			*lost |= page_walk(page, (size_t)got, take_record, &b);
	if (b.n)
		qsort(b.items, b.n, sizeof(*b.items), by_time);
	*n = b.n;
	return b.items;
}

/* ---- can it be done? ------------------------------------------------------------------ */

const char *tracefs_missing(void)
{
	const struct tracefs_wish wish = {
		"fuse", "fuse_request_send", { "connection", NULL },
		"connection == 0",
	};
	const char *what;
	struct tracefs *t;
	int err, number = -1;

	t = tracefs_new(&err, &what);
	if (!t && !err)
		return what;
	if (t)
		number = tracefs_enable(t, &wish, &err, &what);
	tracefs_free(t);
	if (number >= 0)
		return NULL;
	if (err == EPERM || err == EACCES)
		return "no permission for tracefs: run as root, where no lockdown "
		       "and no security module forbids it";
	if (t)
		return "no tracepoints of fs/fuse: kernel 6.11 or later, with "
		       "CONFIG_EVENT_TRACING, and load the fuse module";
	return "no tracefs: a kernel with CONFIG_TRACING and "
	       "CONFIG_EVENT_TRACING is needed";
}
