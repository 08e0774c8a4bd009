/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether KVM works is found out by booting a machine with an empty plan, which
 * must get to its end.  Main thread only. */
#include "config.h"

#include "fusescen/vm/accel.h"

#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "fusescen/vm/frame.h"
#include "fusescen/vm/initrd.h"

#define DEVICE		"/dev/kvm"
#define TRIAL_MS	5000	/* one second is enough where it works */
#define STEP_MS		100

/* Read what the guest sends until it says goodbye. */
static bool says_bye(const struct qemu *q, int signal_fd)
{
	struct frame_stream s = { BUF_INIT, 0 };
	struct pollfd fds[2] = {
		{ q->channel_fd, POLLIN, 0 }, { signal_fd, POLLIN, 0 },
	};
	struct frame_view v;
	char bytes[4096];
	bool is_done = false;
	int ms, got = 0;
	ssize_t n = 1;

	for (ms = 0; ms < TRIAL_MS && n && got >= 0 && !is_done; ms += STEP_MS) {
		if (poll(fds, 2, STEP_MS) > 0 && fds[1].revents)
			break;
		n = read(q->channel_fd, bytes, sizeof(bytes));
		if (n > 0)
			frames_add(&s, bytes, (size_t)n);
		/* nobody else reads the console, and a full socket would stop
		 * the machine */
		while (read(q->console_fd, bytes, sizeof(bytes)) > 0)
			;
		while ((got = frames_next(&s, &v)) > 0)
			if (v.kind == FRAME_BYE)
				is_done = true;
	}
	frames_fini(&s);
	return is_done;
}

static bool boots_on_kvm(const char *qemu, const char *image, int initrd,
			int signal_fd)
{
	const struct qemu_machine small = { 1, QEMU_MEMORY_MB, "" };
	struct qemu q;
	bool works;

	if (qemu_start(&q, qemu, image, initrd, ACCEL_KVM, &small))
		return false;
	works = says_bye(&q, signal_fd);
	qemu_end(&q);
	return works;
}

static bool try_kvm(const char *qemu, const char *image,
		   const struct buf *modules, const struct buf *program,
		   int signal_fd)
{
	const struct buf no_plan = BUF_INIT;
	int initrd = initrd_make(modules, program, &no_plan);
	bool works;

	if (initrd < 0)
		return false;
	works = boots_on_kvm(qemu, image, initrd, signal_fd);
	close(initrd);
	return works;
}

enum accel accel_choose(const char *qemu, const char *image,
			const struct buf *modules, const struct buf *program,
			int signal_fd)
{
	const char *const files[] = { qemu, image, DEVICE };
	char *name, *path, *known = NULL;
	bool works;

	if (access(DEVICE, R_OK | W_OK))
		return ACCEL_TCG;
	name = xasprintf("kvm-%016" PRIx64, files_key(files, 3));
	path = cache_path("boot", name);
	free(name);
	known = path ? file_line(path) : NULL;
	if (known) {
		works = strcmp(known, "yes") == 0;
	} else {
		works = try_kvm(qemu, image, modules, program, signal_fd);
		if (path)
			(void)cache_write(path, works ? "yes\n" : "no\n",
					  works ? 4 : 3);
	}
	free(known);
	free(path);
	return works ? ACCEL_KVM : ACCEL_TCG;
}
