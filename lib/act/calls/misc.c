/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls that belong nowhere else.  Runs on the actors' threads. */
#include "config.h"

#include "act/calls/calls.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/units.h"

/* The number of a command says how much it copies, in 14 bits (_IOC_SIZE).
 * There must be room for that, even if the script gave fewer bytes. */
#define IOCTL_ROOM	16384u

void run_ioctl(struct call_cx *cx)
{
	const struct data_spec *spec = &cx->use->args[2].data;
	bool has_bytes = cx->use->n_args > 2;
	uint8_t *arg = cx->slot->io;
	int ret;

	if (has_bytes && spec->len > cx->slot->io_size) {
		give_lack(cx, "no room for so many bytes");
		return;
	}
	memset(arg, 0, IOCTL_ROOM);
	if (has_bytes)
		data_copy(spec, 0, arg, spec->len, cx->letter);
	ret = ioctl(arg_fd(cx, 0), (unsigned long)arg_num(cx, 1),
		    has_bytes ? arg : NULL);
	give(cx, ret);
	if (ret >= 0 && has_bytes)
		give_data(cx, arg, spec->len);
}

void run_ioctl_int(struct call_cx *cx)
{
	give(cx, ioctl(arg_fd(cx, 0), (unsigned long)arg_num(cx, 1),
		       (unsigned long)arg_num(cx, 2)));
}

void run_poll(struct call_cx *cx)
{
	struct pollfd p = { .fd = arg_fd(cx, 0), .events = (short)arg_num(cx, 1) };
	int64_t ns = arg_num(cx, 2);
	struct timespec ts = {
		.tv_sec = ns / (int64_t)NS_PER_S,
		.tv_nsec = ns % (int64_t)NS_PER_S,
	};
	int ret;

	/* poll(2) would ignore it */
	if (p.fd < 0) {
		give_errno(cx, EBADF);
		return;
	}
	ret = ppoll(&p, 1, ns < 0 ? NULL : &ts, NULL);
	give(cx, ret > 0 ? p.revents : ret);
}

void run_drop_caches(struct call_cx *cx)
{
	char text[24];
	int len = snprintf(text, sizeof(text), "%lld\n",
			   (long long)arg_num(cx, 0));
	ssize_t n;

	if (cx->drop_caches_fd < 0) {
		give_errno(cx, EACCES);
		return;
	}
	n = pwrite(cx->drop_caches_fd, text, (size_t)len, 0);
	give(cx, n < 0 ? -1 : 0);
}

void run_reclaim(struct call_cx *cx)
{
	char text[24];
	int len = snprintf(text, sizeof(text), "%lld\n",
			   (long long)arg_num(cx, 0));

	if (cx->reclaim_fd < 0)
		give_errno(cx, ENOENT);
	else
		give(cx, pwrite(cx->reclaim_fd, text, (size_t)len, 0) < 0 ? -1 : 0);
}

static bool put(int fd, const char *text)
{
	return pwrite(fd, text, strlen(text), 0) > 0;
}

/* drivers/rtc/sysfs.c, wakealarm_store(): an alarm is taken back before another is
 * set.  The machine's clocks stand still meanwhile. */
void run_suspend(struct call_cx *cx)
{
	if (cx->power_fd < 0) {
		give_lack(cx, "the machine cannot be suspended");
		return;
	}
	put(cx->alarm_fd, "0");
	if (cx->alarm_fd >= 0 && !put(cx->alarm_fd, "+2")) {
		give_lack(cx, "there is no alarm to wake up by");
		return;
	}
	give(cx, put(cx->power_fd, "freeze") ? 0 : -1);
	put(cx->alarm_fd, "0");
}

/* The limit is that of all threads of the process.  A write beyond it gets
 * EFBIG (SIGXFSZ is caught).  */
void run_setrlimit_fsize(struct call_cx *cx)
{
	struct rlimit rl;
	int ret = getrlimit(RLIMIT_FSIZE, &rl);

	rl.rlim_cur = (rlim_t)arg_num(cx, 0);
	give(cx, ret ? ret : setrlimit(RLIMIT_FSIZE, &rl));
}
