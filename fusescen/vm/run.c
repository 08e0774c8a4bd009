/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The loop around the workers.  With more jobs than kernels, each kernel has
 * several machines, and the list of runs is cut into a part for each of them.
 * Main thread only.
 */
#include "config.h"

#include "fusescen/vm/run.h"

#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/units.h"
#include "fusescen/util/signals.h"
#include "fusescen/vm/accel.h"
#include "fusescen/vm/image.h"
#include "fusescen/vm/initrd.h"
#include "fusescen/vm/worker.h"
#include "fusescen/vm/modules.h"

#define LOOK_MS		1000	/* at deadlines */
#define PATIENCE_S	40	/* the kernel's own lockup watchdog takes 26 */

struct fleet {
	struct vm_worker_config config;
	struct qemu_machine machine;
	bool is_bad;		/* a machine cannot be what it is to be */
	struct vm_target *kernels;
	size_t n_kernels;
	size_t total;		/* runs on each */
	struct vm_worker *workers;
	size_t n_workers, n_started;
	size_t delivered;	/* of all kernels' */
	uint64_t last_news_ns;	/* the last of these, or the start */
	int signal_fd;
	struct pollfd *polled;
};

static int prepare_kernel(struct fleet *f, struct vm_target *k,
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

/* What a run's scenario wants its kernel to be booted with. */
static const char *args_of(const struct batch *b, size_t run)
{
	const struct task *task = &b->tasks[run % b->n_tasks];
	const char *args = task->file ?
		fusescen_kernel_args(task->file, task->index) : NULL;

	return args ? args : "";
}

/* All of its runs want the same arguments. */
static void add_worker(struct fleet *f, struct vm_target *k, size_t from, size_t to)
{
	const char *args = args_of(f->config.batch, from);
	char *append = xasprintf("%s%s%s", f->machine.append,
				 *args && *f->machine.append ? " " : "", args);

	f->workers = xgrow(f->workers, f->n_workers, sizeof(*f->workers));
	f->workers[f->n_workers++] = (struct vm_worker){
		.config = &f->config, .on = k, .next = from, .to = to,
		.machine = f->machine, .append = append,
		.qemu = { 0, -1, -1 },
	};
	f->workers[f->n_workers - 1].machine.append = append;
	if (qemu_check_append(append))
		f->is_bad = true;
}

/* Does this run need a machine of its own? */
static bool is_hazard(const struct batch *b, size_t run)
{
	const struct task *task = &b->tasks[run % b->n_tasks];

	return b->options.allow_hazard && task->file &&
		fusescen_hazard(task->file, task->index);
}

static void add_part(struct fleet *f, struct vm_target *k, size_t from, size_t to)
{
	size_t i;

	for (i = from; i < to; i++) {
		if (from < i && strcmp(args_of(f->config.batch, i),
				       args_of(f->config.batch, from))) {
			add_worker(f, k, from, i);
			from = i;
		}
		if (!is_hazard(f->config.batch, i))
			continue;
		if (from < i)
			add_worker(f, k, from, i);
		add_worker(f, k, i, i + 1);
		from = i + 1;
	}
	if (from < to)
		add_worker(f, k, from, to);
}

/* Adds workers for all runs on a kernel, in parts of about the same size. */
static void add_workers(struct fleet *f, struct vm_target *k)
{
	size_t jobs = f->config.batch->jobs;
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

static int fleet_init(struct fleet *f, const struct batch *b,
		      const struct vm_kernels *kernels,
		      const struct vm_machine *machine)
{
	size_t i;

	*f = (struct fleet){
		.config = {
			.batch = b, .patience_s = patience(),
			.is_broken = machine->is_broken,
			.task_limit_s = machine->task_limit_s,
		},
		.machine = {
			.cpus = machine->cpus,
			.memory_mb = machine->memory_mb ? machine->memory_mb :
				QEMU_MEMORY_MB,
			.append = machine->append ? machine->append : "",
		},
		.n_kernels = kernels->n,
		.total = b->n_tasks * b->rounds,
		.signal_fd = signals_open(),
		.last_news_ns = clock_ns(),
	};
	f->kernels = xcalloc(kernels->n, sizeof(*f->kernels));
	f->config.qemu = qemu_find();
	if (qemu_check_append(f->machine.append) || !f->config.qemu ||
	    initrd_program(&f->config.program) ||
	    (machine->equip && machine->equip(&f->config.program,
						  machine->equip_ctx)))
		return -1;
	for (i = 0; i < kernels->n; i++) {
		if (prepare_kernel(f, &f->kernels[i], &kernels->at[i]))
			return -1;
		add_workers(f, &f->kernels[i]);
	}
	f->polled = xcalloc(2 * f->n_workers + 1, sizeof(*f->polled));
	return f->is_bad ? -1 : 0;
}

static void fleet_fini(struct fleet *f)
{
	size_t i, j;

	for (i = 0; i < f->n_workers; i++)
		vm_worker_stop(&f->workers[i]);
	for (i = 0; i < f->n_workers; i++)
		free(f->workers[i].append);
	for (i = 0; i < f->n_kernels; i++) {
		struct vm_target *k = &f->kernels[i];

		for (j = 0; k->results && j < f->total; j++)
			result_free(k->results[j]);
		free(k->results);
		free(k->image);
		buf_fini(&k->modules);
	}
	free(f->kernels);
	free(f->workers);
	free(f->polled);
	free(f->config.qemu);
	buf_fini(&f->config.program);
	if (f->signal_fd >= 0)
		close(f->signal_fd);
}

static void deliver_one(const struct fleet *f, const struct vm_target *k,
			size_t run)
{
	const struct batch *b = f->config.batch;
	const struct task *task = &b->tasks[run % b->n_tasks];
	struct result *got = k->results[run];
	const struct point p = {
		.file = task->path,
		.case_name = task->file ? fusescen_case_name(task->file, task->index) : NULL,
		.kernel = k->kernel->name,
		.round = (unsigned)(run / b->n_tasks + 1),
		.verdict = got->verdict,
		.summary = got->summary,
		.text = got->text,
		.console = got->console,
		.title = task->file ? fusescen_title(task->file) : "",
		.elapsed_ns = got->elapsed_ns,
	};

	b->deliver(b->ctx, &p, got->events);
	result_free(got);
	k->results[run] = NULL;
}

static void deliver_ready(struct fleet *f)
{
	while (f->delivered < f->total * f->n_kernels &&
	       !batch_is_over(f->config.batch)) {
		const struct vm_target *k = &f->kernels[f->delivered / f->total];
		size_t run = f->delivered % f->total;

		if (!k->results[run])
			return;
		deliver_one(f, k, run);
		f->delivered++;
		f->last_news_ns = clock_ns();
	}
}

static unsigned n_running(const struct fleet *f)
{
	unsigned n = 0;
	size_t i;

	for (i = 0; i < f->n_started; i++)
		n += f->workers[i].is_running;
	return n;
}

static void start_some(struct fleet *f)
{
	while (f->n_started < f->n_workers &&
	       n_running(f) < f->config.batch->jobs)
		vm_worker_start(&f->workers[f->n_started++]);
}

/* The run whose result is wanted next has begun, or its machine boots. */
static void tell_waiting(const struct fleet *f)
{
	const struct batch *b = f->config.batch;
	uint64_t now = clock_ns();

	if (b->waiting && f->delivered < f->total * f->n_kernels)
		b->waiting(b->ctx, &b->tasks[f->delivered % f->total % b->n_tasks],
			   now - f->last_news_ns);
}

/* Waits for news and handles it.  Returns 0, or the number of a signal. */
static int look_around(struct fleet *f)
{
	size_t i, n = 0;

	f->polled[n++] = (struct pollfd){ f->signal_fd, POLLIN, 0 };
	for (i = 0; i < f->n_started; i++) {
		const struct vm_worker *w = &f->workers[i];

		if (!w->is_running)
			continue;
		f->polled[n++] = (struct pollfd){ w->qemu.channel_fd, POLLIN, 0 };
		f->polled[n++] = (struct pollfd){ w->qemu.console_fd, POLLIN, 0 };
	}
	if (poll(f->polled, n, LOOK_MS) < 0)
		return 0;	/* interrupted: look again */
	tell_waiting(f);
	if (f->polled[0].revents)
		return signals_read(f->signal_fd);
	for (i = 0; i < f->n_started; i++)
		if (f->workers[i].is_running)
			vm_worker_look(&f->workers[i]);
	return 0;
}

int vm_run(const struct batch *b, const struct vm_kernels *kernels,
	   const struct vm_machine *machine)
{
	struct fleet f;
	int sig = fleet_init(&f, b, kernels, machine);

	while (!sig && f.delivered < f.total * f.n_kernels && !batch_is_over(b)) {
		start_some(&f);
		deliver_ready(&f);
		if (n_running(&f))
			sig = look_around(&f);
	}
	fleet_fini(&f);
	return sig;
}
