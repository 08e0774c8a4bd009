/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The loop around the lanes.  With more jobs than kernels the list of runs is
 * cut into as many parts as that makes machines per kernel.  Main thread only.
 */
#include "config.h"

#include "fusescen/vm/run.h"

#include <poll.h>
#include <stdbool.h>
#include <unistd.h>

#include "base/mem.h"
#include "fusescen/util/signals.h"
#include "fusescen/vm/accel.h"
#include "fusescen/vm/fio.h"
#include "fusescen/vm/image.h"
#include "fusescen/vm/initrd.h"
#include "fusescen/vm/lane.h"
#include "fusescen/vm/modules.h"

#define LOOK_MS		1000	/* at deadlines */
#define BENCH_MEMORY_MB	3072
#define PATIENCE_S	40	/* the kernel's own lockup watchdog takes 26 */

struct fleet {
	struct lane_config config;
	struct lane_kernel *kernels;
	size_t n_kernels;
	size_t total;		/* runs on each */
	struct lane *lanes;
	size_t n_lanes, n_started;
	size_t delivered;	/* of all kernels' */
	int signal_fd;
	struct pollfd *polled;
};

static int prepare_kernel(struct fleet *f, struct lane_kernel *k,
			  const struct vm_kernel *kernel)
{
	k->kernel = kernel;
	k->results = xcalloc(f->total + 1, sizeof(struct result *));
	if (modules_archive(kernel->modules, &k->modules))
		return -1;
	k->image = image_bootable(kernel->image);
	k->accel = accel_choose(f->config.qemu, k->image, &k->modules,
				&f->config.program, f->signal_fd);
	return 0;
}

static void add_lane(struct fleet *f, struct lane_kernel *k, size_t from, size_t to)
{
	f->lanes = xgrow(f->lanes, f->n_lanes, sizeof(*f->lanes));
	f->lanes[f->n_lanes++] = (struct lane){
		.config = &f->config, .on = k, .next = from, .to = to,
		.qemu = { 0, -1, -1 },
	};
}

/* Does it need a machine that nobody else is in? */
static bool is_hazard(const struct runner *r, size_t run)
{
	const struct work *w = &r->work[run % r->n_work];

	return r->options.allow_hazard && w->file &&
		fusescen_hazard(w->file, w->index);
}

static void add_part(struct fleet *f, struct lane_kernel *k, size_t from, size_t to)
{
	size_t i;

	for (i = from; i < to; i++) {
		if (!is_hazard(f->config.runner, i))
			continue;
		if (from < i)
			add_lane(f, k, from, i);
		add_lane(f, k, i, i + 1);
		from = i + 1;
	}
	if (from < to)
		add_lane(f, k, from, to);
}

/* A kernel's runs, in parts of about the same size. */
static void add_lanes(struct fleet *f, struct lane_kernel *k)
{
	size_t jobs = f->config.runner->jobs;
	size_t parts = (jobs + f->n_kernels - 1) / f->n_kernels, i;

	if (parts > f->total)
		parts = f->total;
	for (i = 0; i < parts; i++)
		add_part(f, k, f->total * i / parts, f->total * (i + 1) / parts);
}

static unsigned patience(void)
{
	const char *s = getenv("FUSESCEN_PATIENCE");
	int seconds = s ? atoi(s) : 0;

	return seconds > 0 && seconds < 86400 ? (unsigned)seconds : PATIENCE_S;
}

/* A bench file needs fio, whose libraries are many, and room for files. */
static int add_fio(struct lane_config *c)
{
	const struct runner *r = c->runner;
	size_t i;

	for (i = 0; i < r->n_work; i++) {
		if (!r->work[i].bench)
			continue;
		c->memory_mb = BENCH_MEMORY_MB;
		return initrd_add_fio(&c->program);
	}
	return 0;
}

static int fleet_init(struct fleet *f, const struct runner *r,
		      const struct vm_kernels *kernels, unsigned cpus)
{
	size_t i;

	*f = (struct fleet){
		.config = {
			.runner = r, .cpus = cpus, .patience_s = patience(),
			.memory_mb = QEMU_MEMORY_MB,
		},
		.n_kernels = kernels->n,
		.total = r->n_work * r->rounds,
		.signal_fd = signals_open(),
	};
	f->kernels = xcalloc(kernels->n, sizeof(*f->kernels));
	f->config.qemu = qemu_find();
	if (!f->config.qemu || initrd_program(&f->config.program) ||
	    add_fio(&f->config))
		return -1;
	for (i = 0; i < kernels->n; i++) {
		if (prepare_kernel(f, &f->kernels[i], &kernels->at[i]))
			return -1;
		add_lanes(f, &f->kernels[i]);
	}
	f->polled = xcalloc(2 * f->n_lanes + 1, sizeof(*f->polled));
	return 0;
}

static void fleet_fini(struct fleet *f)
{
	size_t i, j;

	for (i = 0; i < f->n_lanes; i++)
		lane_stop(&f->lanes[i]);
	for (i = 0; i < f->n_kernels; i++) {
		struct lane_kernel *k = &f->kernels[i];

		for (j = 0; k->results && j < f->total; j++)
			result_free(k->results[j]);
		free(k->results);
		free(k->image);
		buf_fini(&k->modules);
	}
	free(f->kernels);
	free(f->lanes);
	free(f->polled);
	free(f->config.qemu);
	buf_fini(&f->config.program);
	if (f->signal_fd >= 0)
		close(f->signal_fd);
}

static void deliver_one(const struct fleet *f, const struct lane_kernel *k,
			size_t run)
{
	const struct runner *r = f->config.runner;
	const struct work *w = &r->work[run % r->n_work];
	struct result *got = k->results[run];
	const struct point p = {
		.file = w->path,
		.case_name = w->file ? fusescen_case_name(w->file, w->index) : NULL,
		.kernel = k->kernel->name,
		.round = (unsigned)(run / r->n_work + 1),
		.verdict = got->verdict,
		.summary = got->summary,
		.text = got->text,
		.elapsed_ns = got->elapsed_ns,
	};

	r->deliver(r->ctx, &p, got->events);
	result_free(got);
	k->results[run] = NULL;
}

static void deliver_ready(struct fleet *f)
{
	while (f->delivered < f->total * f->n_kernels) {
		const struct lane_kernel *k = &f->kernels[f->delivered / f->total];
		size_t run = f->delivered % f->total;

		if (!k->results[run])
			return;
		deliver_one(f, k, run);
		f->delivered++;
	}
}

static unsigned n_running(const struct fleet *f)
{
	unsigned n = 0;
	size_t i;

	for (i = 0; i < f->n_started; i++)
		n += f->lanes[i].is_running;
	return n;
}

static void start_some(struct fleet *f)
{
	while (f->n_started < f->n_lanes &&
	       n_running(f) < f->config.runner->jobs)
		lane_start(&f->lanes[f->n_started++]);
}

/* Wait for news and take them; 0, or a signal's number. */
static int look_around(struct fleet *f)
{
	size_t i, n = 0;

	f->polled[n++] = (struct pollfd){ f->signal_fd, POLLIN, 0 };
	for (i = 0; i < f->n_started; i++) {
		const struct lane *l = &f->lanes[i];

		if (!l->is_running)
			continue;
		f->polled[n++] = (struct pollfd){ l->qemu.channel_fd, POLLIN, 0 };
		f->polled[n++] = (struct pollfd){ l->qemu.console_fd, POLLIN, 0 };
	}
	if (poll(f->polled, n, LOOK_MS) < 0)
		return 0;	/* interrupted: look again */
	if (f->polled[0].revents)
		return signals_read(f->signal_fd);
	for (i = 0; i < f->n_started; i++)
		if (f->lanes[i].is_running)
			lane_look(&f->lanes[i]);
	return 0;
}

int vm_run(const struct runner *r, const struct vm_kernels *kernels,
	   unsigned cpus)
{
	struct fleet f;
	int sig = fleet_init(&f, r, kernels, cpus);

	while (!sig && f.delivered < f.total * f.n_kernels) {
		start_some(&f);
		deliver_ready(&f);
		if (n_running(&f))
			sig = look_around(&f);
	}
	fleet_fini(&f);
	return sig;
}
