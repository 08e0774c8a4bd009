/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A plan is a file of frames in the initial root. */
#include "config.h"

#include "fusescen/vm/plan.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/mem.h"
#include "fusescen/util/errors.h"

static int write_options(const struct batch *b, int fd)
{
	struct frame f;

	frame_begin(&f, FRAME_OPTIONS);
	frame_number(&f, b->options.timeout_ms);
	frame_number(&f, b->options.seed);
	frame_number(&f, (uint64_t)b->options.verbose);
	frame_number(&f, (uint64_t)b->options.allow_hazard);
	frame_number(&f, (uint64_t)b->wants_events);
	frame_number(&f, b->options.columns);
	frame_text(&f, b->options.transport ? b->options.transport : "dev");
	return frame_send(&f, fd);
}

static int write_file(const struct task *task, int fd)
{
	auto_buf struct buf b = BUF_INIT;
	struct frame f;

	if (!task->text && file_read(task->path, &b)) {
		put_error("%s: %s", task->path, strerror(errno));
		return -1;
	}
	frame_begin(&f, FRAME_FILE);
	frame_text(&f, task->path);
	frame_text(&f, task->text ? task->text : b.data);
	return frame_send(&f, fd);
}

static int write_case(const struct task *task, size_t point, size_t file, int fd)
{
	struct frame f;

	frame_begin(&f, FRAME_CASE);
	frame_number(&f, point);
	frame_number(&f, file);
	frame_number(&f, task->index);
	return frame_send(&f, fd);
}

static int write_job(const struct task *task, size_t point, size_t file, int fd)
{
	struct frame f;

	frame_begin(&f, FRAME_JOB);
	frame_number(&f, point);
	frame_text(&f, task->job->word);
	frame_text(&f, task->job->argument);
	frame_number(&f, task->job->takes_file ? file : NO_FILE);
	return frame_send(&f, fd);
}

static int write_task(const struct task *task, size_t point, size_t file, int fd)
{
	return task->job ? write_job(task, point, file, fd) :
		write_case(task, point, file, fd);
}

static bool takes_file(const struct task *task)
{
	return !task->job || task->job->takes_file;
}

/* Writes the files in the order of the list.  Cases of one file follow one
 * another there, so a file has the number of its first case. */
static int write_files(const struct batch *b, const bool *is_used,
		       size_t *number, int fd)
{
	size_t i, n = 0;
	int err = 0;

	for (i = 0; i < b->n_tasks && !err; i++) {
		const struct task *task = &b->tasks[i];

		if (!is_used[i] || !takes_file(task))
			continue;
		if (i && n && b->tasks[i - 1].file == task->file && task->file &&
		    is_used[i - 1]) {
			number[i] = n - 1;
			continue;
		}
		number[i] = n++;
		err = write_file(task, fd);
	}
	return err;
}

static int write_plan(const struct batch *b, size_t from, size_t to, int fd)
{
	bool *is_used = xcalloc(b->n_tasks + 1, sizeof(*is_used));
	size_t *number = xcalloc(b->n_tasks + 1, sizeof(*number));
	size_t i;
	int err;

	for (i = from; i < to && i < from + b->n_tasks; i++)
		is_used[i % b->n_tasks] = true;
	err = write_options(b, fd) || write_files(b, is_used, number, fd);
	for (i = from; i < to && !err; i++)
		err = write_task(&b->tasks[i % b->n_tasks], i,
				 number[i % b->n_tasks], fd);
	free(is_used);
	free(number);
	return err ? -1 : 0;
}

int plan_write(const struct batch *b, size_t from, size_t to, struct buf *out)
{
	int fd = memfd_create("plan", MFD_CLOEXEC), err;
	char *path;

	if (fd < 0) {
		put_error("cannot make a file in memory: %s", strerror(errno));
		return -1;
	}
	path = xasprintf("/proc/self/fd/%d", fd);
	err = write_plan(b, from, to, fd);
	if (!err)
		err = file_read(path, out);
	free(path);
	close(fd);
	return err;
}

static int read_options(struct plan *p, struct frame_view *v)
{
	/* A run may do what it likes with everything that is in the machine. */
	static const char *const everything[] = { "/", NULL };
	uint64_t timeout_ms, seed, verbose, allow_hazard, events, columns;
	const char *transport;

	if (frame_get_number(v, &timeout_ms) || frame_get_number(v, &seed) ||
	    frame_get_number(v, &verbose) || frame_get_number(v, &allow_hazard) ||
	    frame_get_number(v, &events) || frame_get_number(v, &columns) ||
	    frame_get_text(v, &transport) || frame_get_end(v))
		return -1;
	p->options = (struct fusescen_options){
		.size = sizeof(p->options),
		.timeout_ms = (unsigned)timeout_ms,
		.verbose = verbose != 0,
		.seed = seed,
		.allow_hazard = allow_hazard != 0,
		.allow_host = everything,
		.columns = (unsigned)columns,
		.transport = transport,
	};
	p->wants_events = events != 0;
	return 0;
}

static int read_file(struct plan *p, struct frame_view *v)
{
	p->names = xgrow(p->names, p->n_files, sizeof(*p->names));
	p->texts = xgrow(p->texts, p->n_files, sizeof(*p->texts));
	if (frame_get_text(v, &p->names[p->n_files]) ||
	    frame_get_text(v, &p->texts[p->n_files]) || frame_get_end(v))
		return -1;
	p->n_files++;
	return 0;
}

static int add_task(struct plan *p, const struct frame_view *v,
		    const struct plan_task *task)
{
	p->tasks = xgrow(p->tasks, p->n_tasks, sizeof(*p->tasks));
	p->tasks[p->n_tasks++] = *task;
	return frame_get_end(v);
}

static int read_case(struct plan *p, struct frame_view *v)
{
	struct plan_task task = { .word = NULL };

	if (frame_get_number(v, &task.point) || frame_get_number(v, &task.file) ||
	    task.file >= p->n_files || frame_get_number(v, &task.index))
		return -1;
	return add_task(p, v, &task);
}

static int read_job(struct plan *p, struct frame_view *v)
{
	struct plan_task task = { .index = 0 };

	if (frame_get_number(v, &task.point) || frame_get_text(v, &task.word) ||
	    frame_get_text(v, &task.argument) || frame_get_number(v, &task.file) ||
	    (task.file >= p->n_files && task.file != NO_FILE))
		return -1;
	return add_task(p, v, &task);
}

static int read_frame(struct plan *p, struct frame_view *v)
{
	switch (v->kind) {
	case FRAME_OPTIONS:
		return read_options(p, v);
	case FRAME_FILE:
		return read_file(p, v);
	case FRAME_CASE:
		return read_case(p, v);
	case FRAME_JOB:
		return read_job(p, v);
	case FRAME_HELLO:
	case FRAME_ALIVE:
	case FRAME_NOTE:
	case FRAME_START:
	case FRAME_DONE:
	case FRAME_BYE:
		break;
	}
	return -1;
}

int plan_read(struct plan *p, const char *path)
{
	struct frame_stream s = { BUF_INIT, 0 };
	struct frame_view v;
	int got;

	*p = (struct plan){ .n_files = 0 };
	if (file_read(path, &p->bytes))
		return -1;
	/* the views point into these bytes, so they are kept */
	s.bytes = p->bytes;
	while ((got = frames_next(&s, &v)) > 0)
		if (read_frame(p, &v))
			return -1;
	return got < 0 || s.used != s.bytes.len ? -1 : 0;
}

void plan_free(struct plan *p)
{
	buf_fini(&p->bytes);
	free(p->names);
	free(p->texts);
	free(p->tasks);
}
