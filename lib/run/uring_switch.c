/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Two locks on /dev/fuse, beside those of run/machine.c, tell the keepers of several
 * programs of each other:
 *
 *	RING_DOOR	held while one looks at the parameter and changes it
 *	RING_USERS	held by each that needs it, if it was off before the first came
 *
 * The last that leaves RING_USERS switches it off.
 */
#include "config.h"

#include "run/uring_switch.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/lock.h"
#include "transport/uring.h"

#define PARAMETER	"/sys/module/fuse/parameters/enable_uring"

enum { RING_DOOR = 2, RING_USERS };
enum { KEEPER_UNTIL, KEEPER_READY };	/* the keeper's descriptors */

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static unsigned holders;	/* under mutex, as are the others */
static pid_t keeper;		/* 0: there is none */
static int alive = -1;		/* a socket: the keeper waits for its end */

/* Y, N, or -1. */
static int parameter(void)
{
	auto_close int fd = open(PARAMETER, O_RDONLY | O_CLOEXEC);
	char c;

	return fd >= 0 && read(fd, &c, 1) == 1 ? c : -1;
}

static void set_parameter(const char *value)
{
	auto_close int fd = open(PARAMETER, O_WRONLY | O_CLOEXEC);

	if (fd >= 0 && write(fd, value, 1) != 1)
		return;		/* whoever needs it will see that it is off */
}

static int lock(int fd, int cmd, short type, short which)
{
	struct flock l = {
		.l_type = type, .l_whence = SEEK_SET, .l_start = which, .l_len = 1,
	};

	while (fcntl(fd, cmd, &l))
		if (errno != EINTR)
			return -1;
	return l.l_type;
}

/* Has somebody else that lock? */
static bool is_used(int fd)
{
	return lock(fd, F_OFD_GETLK, F_WRLCK, RING_USERS) == F_RDLCK;
}

/* False: it was on before anybody came, and stays so. */
static bool begin_use(int fd)
{
	bool is_off, is_ours;

	lock(fd, F_OFD_SETLKW, F_WRLCK, RING_DOOR);
	is_off = parameter() == 'N';
	is_ours = is_off || is_used(fd);
	if (is_ours)
		lock(fd, F_OFD_SETLK, F_RDLCK, RING_USERS);
	if (is_off)
		set_parameter("Y");
	lock(fd, F_OFD_SETLK, F_UNLCK, RING_DOOR);
	return is_ours;
}

static void end_use(int fd)
{
	lock(fd, F_OFD_SETLKW, F_WRLCK, RING_DOOR);
	if (!is_used(fd))
		set_parameter("N");
}

/* It outlives what it was forked from, and must not keep open what that had, such as
 * a mount's device, or a pipe that somebody reads to its end. */
static void close_others(int until, int ready)
{
	/* where the caller has no 0 or 1, they may be one of these */
	int low = fcntl(until, F_DUPFD_CLOEXEC, 3), other = fcntl(ready, F_DUPFD_CLOEXEC, 3);

	if (dup2(low, KEEPER_UNTIL) < 0 || dup2(other, KEEPER_READY) < 0)
		_exit(1);
	close_range(KEEPER_READY + 1, ~0u, 0);
}

static _Noreturn void keep(void)
{
	int fd = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	sigset_t all;
	bool is_ours;
	char c = 0;

	setsid();
	prctl(PR_SET_NAME, "fusescen-keeper");
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	is_ours = begin_use(fd);
	if (write(KEEPER_READY, &c, 1) == 1)
		while (read(KEEPER_UNTIL, &c, 1) < 0 && errno == EINTR)
			;
	if (is_ours)
		end_use(fd);
	_exit(0);
}

static void start_keeper(void)
{
	int ends[2], ready[2];
	char c;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		return;
	if (pipe2(ready, O_CLOEXEC)) {
		close(ends[0]);
		close(ends[1]);
		return;
	}
	keeper = fork();
	if (keeper == 0) {
		close_others(ends[0], ready[1]);
		keep();
	}
	close(ends[0]);
	close(ready[1]);
	if (keeper > 0)
		while (read(ready[0], &c, 1) < 0 && errno == EINTR)
			;
	close(ready[0]);
	if (keeper > 0)
		alive = ends[1];
	else
		close(ends[1]);
}

static bool may_switch(void)
{
	return access(PARAMETER, W_OK) == 0;
}

void uring_switch_hold(void)
{
	auto_lock(&mutex);
	if (!holders++ && may_switch())
		start_keeper();
}

void uring_switch_release(void)
{
	auto_lock(&mutex);
	if (--holders || keeper <= 0)
		return;
	/* Runs that go on, and need no io_uring, may have been forked meanwhile and have
	 * it open: to close our own would not end it. */
	shutdown(alive, SHUT_RDWR);
	close(alive);
	while (waitpid(keeper, NULL, 0) < 0 && errno == EINTR)
		;
	keeper = 0;
	alive = -1;
}

const char *uring_switch_missing(bool is_root)
{
	const char *why = uring_missing();

	if (why)
		return why;
	switch (parameter()) {
	case 'Y':
		return NULL;
	case 'N':
		return is_root && may_switch() ? NULL :
			"FUSE over io_uring is switched off: as root, echo Y "
			">" PARAMETER;
	default:
		return "no FUSE over io_uring: Linux 6.14 brought it, as "
			"CONFIG_FUSE_IO_URING";
	}
}
