/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Plans are frames in a file of the initial root. */
#include "config.h"

#include "fusescen/vm/plan.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/mem.h"
#include "fusescen/util/errors.h"

static int write_options(const struct runner *r, int fd)
{
	struct frame f;

	frame_begin(&f, FRAME_OPTIONS);
	frame_number(&f, r->options.timeout_ms);
	frame_number(&f, r->options.seed);
	frame_number(&f, (uint64_t)r->options.verbose);
	frame_number(&f, (uint64_t)r->options.allow_hazard);
	frame_number(&f, (uint64_t)r->events);
	return frame_send(&f, fd);
}

static int write_file(const char *path, int fd)
{
	struct buf b;
	struct frame f;

	if (file_read(path, &b)) {
		put_error("%s: %s", path, strerror(errno));
		return -1;
	}
	frame_begin(&f, FRAME_FILE);
	frame_text(&f, path);
	frame_text(&f, b.data);
	buf_fini(&b);
	return frame_send(&f, fd);
}

static enum frame_kind kind_of(const struct work *w)
{
	return w->file ? FRAME_CASE : w->bench ? FRAME_BENCH : FRAME_DOCTOR;
}

static int write_case(const struct work *w, size_t point, size_t file, int fd)
{
	enum frame_kind kind = kind_of(w);
	struct frame f;

	frame_begin(&f, kind);
	frame_number(&f, point);
	if (kind != FRAME_DOCTOR)
		frame_number(&f, file);
	if (kind == FRAME_CASE)
		frame_number(&f, w->index);
	if (kind == FRAME_BENCH) {
		frame_number(&f, w->bench->rounds);
		frame_number(&f, w->bench->seconds);
		frame_number(&f, w->bench->ramp);
	}
	return frame_send(&f, fd);
}

/* Files in the order of the list, where a file's cases follow one another; so
 * the number of a file is that of its first case among such. */
static int write_files(const struct runner *r, const char *is_used,
		       size_t *number, int fd)
{
	size_t i, n = 0;
	int err = 0;

	for (i = 0; i < r->n_work && !err; i++) {
		const struct work *w = &r->work[i];

		if (!is_used[i] || kind_of(w) == FRAME_DOCTOR)
			continue;
		if (i && n && r->work[i - 1].file == w->file && w->file &&
		    is_used[i - 1]) {
			number[i] = n - 1;
			continue;
		}
		number[i] = n++;
		err = write_file(w->path, fd);
	}
	return err;
}

static int write_plan(const struct runner *r, size_t from, size_t to, int fd)
{
	char *is_used = xcalloc(r->n_work + 1, 1);
	size_t *number = xcalloc(r->n_work + 1, sizeof(*number));
	size_t i;
	int err;

	for (i = from; i < to && i < from + r->n_work; i++)
		is_used[i % r->n_work] = 1;
	err = write_options(r, fd) || write_files(r, is_used, number, fd);
	for (i = from; i < to && !err; i++)
		err = write_case(&r->work[i % r->n_work], i,
				 number[i % r->n_work], fd);
	free(is_used);
	free(number);
	return err ? -1 : 0;
}

int plan_write(const struct runner *r, size_t from, size_t to, struct buf *out)
{
	int fd = memfd_create("plan", MFD_CLOEXEC), err;
	char *path;

	if (fd < 0) {
		put_error("no memory file: %s", strerror(errno));
		return -1;
	}
	path = xasprintf("/proc/self/fd/%d", fd);
	err = write_plan(r, from, to, fd);
	if (!err)
		err = file_read(path, out);
	free(path);
	close(fd);
	return err;
}

static int read_options(struct plan *p, struct frame_view *v)
{
	/* There is nothing in the machine but what a run may do as it likes with. */
	static const char *const everything[] = { "/", NULL };
	uint64_t timeout_ms, seed, verbose, allow_hazard, events;

	if (frame_get_number(v, &timeout_ms) || frame_get_number(v, &seed) ||
	    frame_get_number(v, &verbose) || frame_get_number(v, &allow_hazard) ||
	    frame_get_number(v, &events) || frame_get_end(v))
		return -1;
	p->options = (struct fusescen_options){
		.size = sizeof(p->options),
		.timeout_ms = (unsigned)timeout_ms,
		.verbose = verbose != 0,
		.seed = seed,
		.allow_hazard = allow_hazard != 0,
		.allow_host = everything,
	};
	p->events = events != 0;
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

static int read_case(struct plan *p, struct frame_view *v)
{
	struct plan_case c = { .kind = v->kind };

	if (frame_get_number(v, &c.point))
		return -1;
	if (c.kind != FRAME_DOCTOR &&
	    (frame_get_number(v, &c.file) || c.file >= p->n_files))
		return -1;
	if (c.kind == FRAME_CASE && frame_get_number(v, &c.index))
		return -1;
	if (c.kind == FRAME_BENCH && (frame_get_number(v, &c.rounds) ||
				      frame_get_number(v, &c.seconds) ||
				      frame_get_number(v, &c.ramp)))
		return -1;
	p->cases = xgrow(p->cases, p->n_cases, sizeof(*p->cases));
	p->cases[p->n_cases++] = c;
	return frame_get_end(v);
}

static int read_frame(struct plan *p, struct frame_view *v)
{
	switch (v->kind) {
	case FRAME_OPTIONS:
		return read_options(p, v);
	case FRAME_FILE:
		return read_file(p, v);
	case FRAME_CASE:
	case FRAME_DOCTOR:
	case FRAME_BENCH:
		return read_case(p, v);
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
	/* the views point into these bytes, which are kept */
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
	free(p->cases);
}
