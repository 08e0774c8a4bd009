/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Each notification is written by a thread of its own, because write(2) may
 * block until a request that we hold is answered (fs/fuse/inode.c:
 * fuse_reverse_inval_inode waits for folios).  Only where a rule says that the
 * handler of a request writes it, is that the worker's thread, as in a real server.
 */
#include "config.h"

#include "backend/notifier.h"

#include <errno.h>
#include <string.h>

#include "model/transport.h"

/* A bare size as data: this letter. */
#define LETTER		'n'
#define SETS_MAX	8u
/* Of a message, for the log: all but most of its data. */
#define HEAD		16384u

struct notifying {
	struct note_way way;
	const struct notify_spec *spec;
};

/* The nodeid that the wire has shown, or else the backend's: after a rename,
 * the kernel may know a path that the backend does not have. */
static uint64_t nodeid_of(const struct note_way *way, const char *path)
{
	uint64_t id = engine_nodeid(way->engine, way->mount, path);

	return id || !way->backend ? id : backend_find(way->backend, path);
}

/* The fields that follow from file, child, others and data, then those given
 * by hand (which are later, and so win). */
struct filling {
	const struct note *note;
	struct field_set *sets;
	size_t n;
};

static void fill(struct filling *f, const char *name, uint64_t num,
		 const void *p, size_t len)
{
	const struct field *at = note_arg(f->note, name, strlen(name));

	if (at)
		f->sets[f->n++] = (struct field_set){ at, num, p, len };
}

static uint64_t child_id(const struct note_way *way,
			 const struct notify_spec *spec)
{
	auto_free char *path = xasprintf("%s/%s",
		strcmp(spec->file.path, "/") ? spec->file.path : "",
		spec->child);

	return nodeid_of(way, path);
}

static void add_nodes(const struct note_way *way,
		      const struct notify_spec *spec, struct buf *out)
{
	size_t i;

	for (i = 0; i < spec->n_others; i++) {
		uint64_t id = nodeid_of(way, spec->others[i].path);

		buf_add(out, &id, sizeof(id));
	}
}

static void add_data(const struct data_spec *data, struct buf *out)
{
	data_copy(data, 0, buf_reserve(out, data->len), data->len, LETTER);
	out->len += data->len;
}

static void encode(const struct note_way *way, const struct notify_spec *spec,
		   struct buf *msg)
{
	struct filling f = { .note = spec->note };
	auto_free struct field_set *sets =
		xcalloc(spec->n_sets + SETS_MAX, sizeof(*sets));
	auto_buf struct buf data = BUF_INIT;

	f.sets = sets;
	add_nodes(way, spec, &data);
	if (spec->has_data)
		add_data(&spec->data, &data);
	if (!spec->note) {
		note_encode_raw(msg, spec->code, buf_str(&data), data.len);
		return;
	}
	if (spec->file.path) {
		uint64_t id = nodeid_of(way, spec->file.path);

		fill(&f, "nodeid", id, NULL, 0);
		fill(&f, "parent", id, NULL, 0);
	}
	if (spec->child) {
		fill(&f, "name", 0, spec->child, strlen(spec->child));
		if (spec->file.path)
			fill(&f, "child", child_id(way, spec), NULL, 0);
	}
	if (data.len)
		fill(&f, "data", 0, data.data, data.len);
	if (spec->n_sets)
		memcpy(sets + f.n, spec->sets, spec->n_sets * sizeof(*sets));
	note_encode(msg, spec->note, sets, f.n + spec->n_sets);
}

static int write_out(struct channel *c, const struct buf *msg)
{
	const struct iovec iov = { .iov_base = msg->data, .iov_len = msg->len };
	auto_close int fd = -1;

	if (!c)
		return ENODEV;
	if (channel_is_sim(c))
		return channel_send(c, &iov, 1);
	fd = channel_dup(c);
	if (fd < 0)
		return ENODEV;
	return write(fd, msg->data, msg->len) < 0 ? errno : 0;
}

/* Nothing was given to the kernel, so the log has no notification. */
static int log_refusal(const struct note_way *way)
{
	auto_free char *text = xasprintf("notification not written: %s",
					 uring_retrieve_warning);
	struct event ev = event_of(EV_INFO);

	ev.mount = way->mount;
	ev.text = text;
	evlog_add(way->log, &ev);
	return NOTE_REFUSED;
}

static int write_and_log(const struct note_way *way, const struct notify_spec *spec,
			 const struct buf *msg)
{
	struct event ev = event_of(EV_NOTE_START);

	ev.mount = way->mount;
	ev.note = spec->name;
	ev.notify = spec;
	ev.msg = msg->data;
	ev.msg_len = msg->len < HEAD ? msg->len : HEAD;
	evlog_add(way->log, &ev);
	ev.error = write_out(way->channel, msg);
	ev.write_errno = ev.error;
	ev.kind = EV_NOTE_DONE;
	evlog_add(way->log, &ev);
	return ev.error;
}

static void notify(void *arg)
{
	const struct notifying *n = arg;
	const struct note_way *way = &n->way;
	auto_buf struct buf msg = BUF_INIT;
	int err;

	encode(way, n->spec, &msg);
	err = way->spares_uring && note_warns_by_uring(msg.data, msg.len) ?
		log_refusal(way) : write_and_log(way, n->spec, &msg);
	if (way->done)
		way->done(way->ctx, err);
}

int notifier_mount(const struct notify_spec *spec)
{
	return spec->mount != NONE ? spec->mount : spec->file.mount;
}

void notifier_start(struct jobs *js, const struct note_way *way,
		    const struct notify_spec *spec)
{
	struct notifying *n = xcalloc(1, sizeof(*n));

	n->way = *way;
	n->spec = spec;
	jobs_start(js, JOB_NOTIFICATION, spec->name, notify, n);
}

void notifier_run(struct jobs *js, const struct note_way *way,
		  const struct notify_spec *spec)
{
	struct notifying n = { .way = *way, .spec = spec };
	struct job_guest guest;

	jobs_enter(js, &guest, JOB_NOTIFICATION, spec->name);
	notify(&n);
	jobs_leave(js, &guest);
}

pid_t notifier_tid(struct jobs *js, int note)
{
	pid_t tid = 0;

	jobs_tids(js, JOB_NOTIFICATION, note, &tid, 1);
	return tid;
}

unsigned notifier_tids(struct jobs *js, pid_t *tids, unsigned max)
{
	return jobs_tids(js, JOB_NOTIFICATION, JOB_ANY, tids, max);
}

unsigned notifiers_running(struct jobs *js)
{
	return jobs_running(js, JOB_NOTIFICATION, JOB_ANY);
}
