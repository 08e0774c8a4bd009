/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Making and removing an instance of tracefs. */
#include "config.h"

#include "trace/instance.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/units.h"

#define TEXT_MAX	(256u << 10)	/* of a file of tracefs */
#define REMOVE_TRIES	500		/* of 10 ms */

/* ---- the remover ---------------------------------------------------------------- */

/* The dead let go of their descriptors one after the other, the pipe perhaps
 * first; as long as others are open, the instance is busy. */
static _Noreturn void remove_when_alone(int instances, const char *name,
					int pipe)
{
	char c;
	int i;

	while (read(pipe, &c, 1) < 0 && errno == EINTR)
		;
	for (i = 0; i < REMOVE_TRIES; i++) {
		if (!unlinkat(instances, name, AT_REMOVEDIR) || errno != EBUSY)
			_exit(0);
		sleep_ns(10 * NS_PER_MS);
	}
	_exit(1);
}

/* A session of its own: what kills our process group leaves it be. */
static _Noreturn void remover_child(int instances, const char *name, int pipe)
{
	sigset_t all;

	setsid();
	prctl(PR_SET_NAME, "fusescen-trace");
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	if (dup2(instances, 0) < 0 || dup2(pipe, 1) < 0)
		_exit(1);
	syscall(SYS_close_range, 2u, ~0u, 0u);
	remove_when_alone(0, name, 1);
}

static int start_remover(struct instance *in, int instances, const char *name)
{
	/* remover_child() uses 0 and 1 for its own */
	int low = fcntl(instances, F_DUPFD_CLOEXEC, 3), ends[2], err;

	if (low < 0)
		return errno;
	if (pipe2(ends, O_CLOEXEC)) {
		err = errno;
		close(low);
		return err;
	}
	in->remover = fork();
	err = errno;
	if (in->remover == 0) {
		close(ends[1]);
		remover_child(low, name, ends[0]);
	}
	close(low);
	close(ends[0]);
	in->alive = ends[1];
	return in->remover < 0 ? err : 0;
}

/* ---- making ----------------------------------------------------------------------- */

/* A mount that is in no tree: it is there as long as a descriptor is. */
static int mount_tracefs(void)
{
	auto_close int fs = fsopen("tracefs", FSOPEN_CLOEXEC);

	if (fs < 0 || fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		return -1;
	return fsmount(fs, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID |
		       MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
}

static int make_dir(int instances, char **name)
{
	unsigned i;

	for (i = 0; i < 1000; i++) {
		free(*name);
		*name = xasprintf("fusescen-%d-%u", (int)getpid(), i);
		if (!mkdirat(instances, *name, 0700))
			return 0;
		if (errno != EEXIST)
			break;
	}
	return errno;
}

int instance_make(struct instance *in, const char **what)
{
	auto_close int tracefs = -1;
	auto_close int instances = -1;
	auto_free char *name = NULL;
	int err;

	*in = (struct instance){ -1, -1, -1 };
	*what = "tracefs cannot be mounted";
	tracefs = mount_tracefs();
	if (tracefs < 0)
		return errno;
	*what = "no instances in tracefs";
	instances = openat(tracefs, "instances", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (instances < 0)
		return errno;
	*what = "no instance of tracefs";
	err = make_dir(instances, &name);
	if (err)
		return err;
	err = start_remover(in, instances, name);
	if (!err) {
		in->dir = openat(instances, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		err = in->dir < 0 ? errno : 0;
	} else {
		unlinkat(instances, name, AT_REMOVEDIR);
	}
	if (err)
		instance_remove(in);
	return err;
}

void instance_remove(struct instance *in)
{
	if (in->dir >= 0)
		close(in->dir);
	if (in->alive >= 0)
		close(in->alive);
	if (in->remover > 0)
		while (waitpid(in->remover, NULL, 0) < 0 && errno == EINTR)
			;
	*in = (struct instance){ -1, -1, -1 };
}

/* ---- files ------------------------------------------------------------------------- */

int instance_write(const struct instance *in, const char *file,
		   const char *text)
{
	auto_close int fd = openat(in->dir, file, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return errno;
	return write(fd, text, strlen(text)) == (ssize_t)strlen(text) ? 0 : errno;
}

int instance_read(const struct instance *in, const char *file, char **text)
{
	auto_close int fd = openat(in->dir, file, O_RDONLY | O_CLOEXEC);
	struct buf b = BUF_INIT;
	char part[4096];
	ssize_t n = -1;
	int err;

	if (fd < 0)
		return errno;
	while (b.len < TEXT_MAX && (n = read(fd, part, sizeof(part))) > 0)
		buf_add(&b, part, (size_t)n);
	err = n < 0 ? errno : 0;
	*text = buf_steal(&b);
	return err;
}
