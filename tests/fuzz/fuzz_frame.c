/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a virtual machine may send: any bytes through its two serial ports, as
 * the results of some runs; and any bytes as the plan that a guest reads.  No
 * machine is started: what fusescen/vm/ has for that is left out, and is here.
 *
 *	which  {port and length (1 byte)  bytes}    or    which  plan
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/units.h"
#include "fusescen/vm/initrd.h"
#include "fusescen/vm/worker.h"
#include "fusescen/vm/plan.h"
#include "tests/fuzz/input.h"

#define RUNS	4u

static const char crashing[] =
	"fusescen: 1\n"
	"mounts: {fs: {}}\n"
	"hazard: kernel_crash\n"
	"fails: [{because: \"it is so\", crash: \"KASAN\", kernel: \">= 6.1\"}]\n"
	"actors: [app]\n"
	"steps: [{app: 'statfs(\"/\") = 0'}]\n";

static fusescen_file *file;
static int channel[2], console[2];	/* pipes; ours is [1] */

static void make_pipe(int *fds)
{
	if (pipe2(fds, O_CLOEXEC | O_NONBLOCK))
		die_bug("pipe: %s", strerror(errno));
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	file = fusescen_load_text("crash.yaml", crashing, strlen(crashing));
	if (fusescen_errors(file))
		die_bug("%s", fusescen_errors(file));
	return 0;
}

/* ---- in the place of fusescen/vm/qemu.c and initrd.c ------------------------- */

int qemu_start(struct qemu *q, const char *program, const char *image,
	       int initrd_fd, enum accel accel, const struct qemu_machine *m)
{
	(void)program;
	(void)image;
	(void)initrd_fd;
	(void)accel;
	(void)m;
	make_pipe(channel);
	make_pipe(console);
	*q = (struct qemu){ 1, console[0], channel[0] };
	return 0;
}

void qemu_end(struct qemu *q)
{
	if (!q->pid)
		return;
	close(channel[0]);
	close(channel[1]);
	close(console[0]);
	close(console[1]);
	q->pid = 0;
}

int initrd_make(const struct buf *modules, const struct buf *program,
		const struct buf *plan)
{
	(void)modules;
	(void)program;
	(void)plan;
	return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

/* ---- from the guest -------------------------------------------------------------- */

/* One write of at most 127 bytes to one of the ports. */
static void say(struct input *in)
{
	unsigned what = take_byte(in);
	uint8_t bytes[128];
	size_t n = take(in, bytes, what & 0x7f);
	int fd = what & 0x80 ? console[1] : channel[1];

	if (n && write(fd, bytes, n) < 0 && errno != EAGAIN)
		die_bug("write: %s", strerror(errno));
}

static void watch(struct input *in)
{
	const struct guest_job doctor = { .word = "doctor", .argument = "" };
	const struct task tasks[] = {
		{ .path = "doctor", .job = &doctor },
		{ .path = "crash.yaml", .file = file },
	};
	const struct batch batch = { .tasks = tasks, .n_tasks = ARRAY_SIZE(tasks),
				     .rounds = RUNS / ARRAY_SIZE(tasks) };
	char name[] = "fuzz";
	const struct vm_kernel kernel = { .name = name };
	const struct vm_worker_config config = { .batch = &batch, .patience_s = 60 };
	struct result *results[RUNS] = { NULL };
	struct vm_target on = { .kernel = &kernel, .results = results };
	struct vm_worker worker = { .config = &config, .on = &on, .to = RUNS };

	vm_worker_start(&worker);
	while (worker.is_running && in->left) {
		say(in);
		vm_worker_look(&worker);
	}
	vm_worker_stop(&worker);
	for (size_t i = 0; i < RUNS; i++)
		result_free(results[i]);
}

/* ---- to the guest ---------------------------------------------------------------- */

static void read_plan(struct input *in)
{
	int fd = memfd_create("plan", MFD_CLOEXEC);
	auto_free char *path = xasprintf("/proc/self/fd/%d", fd);
	struct plan p;

	if (fd < 0 || write(fd, in->at, in->left) != (ssize_t)in->left)
		die_bug("memfd: %s", strerror(errno));
	if (!plan_read(&p, path)) {
		for (size_t i = 0; i < p.n_tasks; i++)
			if (p.tasks[i].file >= p.n_files &&
			    (!p.tasks[i].word || p.tasks[i].file != NO_FILE))
				die_bug("a task of no file");
	}
	plan_free(&p);
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };

	if (take_byte(&in) & 1)
		read_plan(&in);
	else
		watch(&in);
	return 0;
}
