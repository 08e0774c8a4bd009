/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bench and the keeper share the lock of the directory.  It belongs to an
 * open file, which both of them have. */
#include "config.h"

#include "fusescen/bench/rawdir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"

#define NAME	"fusescen-bench-"

/* ---- the keeper -------------------------------------------------------------- */

/* Removes the directory and the files in it.  It has no directories. */
static void remove_dir(int parent, const char *name, int fd)
{
	int list = dup(fd);
	DIR *dir = list < 0 ? NULL : fdopendir(list);
	struct dirent *e;

	while (dir && (e = readdir(dir)))
		unlinkat(fd, e->d_name, 0);
	if (dir)
		closedir(dir);
	unlinkat(parent, name, AT_REMOVEDIR);
}

static int open_locked(int parent, const char *name)
{
	auto_close int fd = openat(parent, name, O_RDONLY | O_DIRECTORY |
				   O_NOFOLLOW | O_CLOEXEC);

	return fd < 0 || flock(fd, LOCK_EX | LOCK_NB) ? -1 : steal_fd(&fd);
}

/* Removes directories that another bench has left, and that nobody holds any
 * more. */
static void sweep(int parent)
{
	int list = openat(parent, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = list < 0 ? NULL : fdopendir(list);
	struct dirent *e;
	struct stat st;

	while (dir && (e = readdir(dir))) {
		auto_close int fd = -1;

		if (strncmp(e->d_name, NAME, strlen(NAME)) != 0)
			continue;
		fd = open_locked(parent, e->d_name);
		if (fd >= 0 && !fstat(fd, &st) && st.st_uid == geteuid())
			remove_dir(parent, e->d_name, fd);
	}
	if (dir)
		closedir(dir);
}

/* Both are done under the lock of the directory above.  Otherwise another
 * keeper might take a directory that was just made for one that was left. */
static int sweep_and_make(int parent, const char *name)
{
	int fd = -1, err;

	if (flock(parent, LOCK_EX))
		return -1;
	sweep(parent);
	if (!mkdirat(parent, name, 0700))
		fd = open_locked(parent, name);
	err = errno;
	flock(parent, LOCK_UN);
	errno = err;
	return fd;
}

/* Sends a descriptor, or the errno that says why there is none. */
static void send_fd(int to, int fd, int err)
{
	union {
		char room[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { 0 };
	struct iovec text = { &err, sizeof(err) };
	struct msghdr m = { .msg_iov = &text, .msg_iovlen = 1 };
	struct cmsghdr *c;

	if (fd >= 0) {
		m.msg_control = control.room;
		m.msg_controllen = sizeof(control.room);
		c = CMSG_FIRSTHDR(&m);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	}
	sendmsg(to, &m, MSG_NOSIGNAL);
}

static int receive_fd(int from)
{
	union {
		char room[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { 0 };
	int err = ECHILD, fd = -1;
	struct iovec text = { &err, sizeof(err) };
	struct msghdr m = { .msg_iov = &text, .msg_iovlen = 1,
			    .msg_control = control.room,
			    .msg_controllen = sizeof(control.room) };
	struct cmsghdr *c;

	if (recvmsg(from, &m, MSG_CMSG_CLOEXEC) > 0 && (c = CMSG_FIRSTHDR(&m)))
		memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	errno = err;
	return fd;
}

static _Noreturn void be_the_keeper(int sock, const struct rawdir *r)
{
	sigset_t all;
	char byte;
	int fd;

	/* Nothing but SIGKILL ends the keeper before the bench ends. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	prctl(PR_SET_NAME, "fusescen-keep");
	fd = sweep_and_make(r->parent, r->name);
	send_fd(sock, fd, errno);
	while (fd >= 0 && recv(sock, &byte, 1, 0) < 0 && errno == EINTR)
		;
	if (fd >= 0)
		remove_dir(r->parent, r->name, fd);
	_exit(0);
}

/* ---- the bench ---------------------------------------------------------------- */

int rawdir_open(struct rawdir *r, const char *parent)
{
	int ends[2], err;

	r->parent = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (r->parent < 0)
		return -1;
	snprintf(r->name, sizeof(r->name), NAME "%d", (int)getpid());
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		return -1;
	r->keeper = fork();
	if (r->keeper == 0) {
		close(ends[0]);
		be_the_keeper(ends[1], r);
	}
	close(ends[1]);
	r->keeper_fd = ends[0];
	r->fd = r->keeper < 0 ? -1 : receive_fd(ends[0]);
	if (r->fd >= 0)
		return 0;
	err = errno;
	rawdir_close(r);
	errno = err;
	return -1;
}

void rawdir_close(struct rawdir *r)
{
	int status = 0;

	if (r->keeper_fd >= 0)
		close(steal_fd(&r->keeper_fd));
	if (r->keeper > 0)
		waitpid(r->keeper, &status, 0);
	/* The keeper was killed. */
	if (r->fd >= 0 && status)
		remove_dir(r->parent, r->name, r->fd);
	if (r->fd >= 0)
		close(steal_fd(&r->fd));
	if (r->parent >= 0)
		close(steal_fd(&r->parent));
}
