/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls that open files, and that change or sync what a descriptor stands for.
 * Flags go to the kernel as the script has them.  O_CLOEXEC is not added,
 * because OPEN would carry it to the server.  Runs on the actors' threads. */
#include "config.h"

#include "act/calls/calls.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

void run_open(struct call_cx *cx)
{
	give_fd(cx, open(arg_path(cx, 0), arg_int(cx, 1),
			 (mode_t)arg_num(cx, 2)));
}

void run_openat(struct call_cx *cx)
{
	give_fd(cx, openat(arg_fd(cx, 0), arg_text(cx, 1), arg_int(cx, 2),
			   (mode_t)arg_num(cx, 3)));
}

void run_creat(struct call_cx *cx)
{
	give_fd(cx, creat(arg_path(cx, 0), (mode_t)arg_num(cx, 1)));
}

/* The variable keeps its number, so a second close() of it gets EBADF.  */
void run_close(struct call_cx *cx)
{
	give(cx, close(arg_fd(cx, 0)));
}

void run_dup(struct call_cx *cx)
{
	give_fd(cx, dup(arg_fd(cx, 0)));
}

void run_dup2(struct call_cx *cx)
{
	give_fd(cx, dup2(arg_fd(cx, 0), arg_fd(cx, 1)));
}

void run_lseek(struct call_cx *cx)
{
	give(cx, lseek(arg_fd(cx, 0), arg_num(cx, 1), arg_int(cx, 2)));
}

void run_ftruncate(struct call_cx *cx)
{
	give(cx, ftruncate(arg_fd(cx, 0), arg_num(cx, 1)));
}

void run_truncate(struct call_cx *cx)
{
	give(cx, truncate(arg_path(cx, 0), arg_num(cx, 1)));
}

void run_fallocate(struct call_cx *cx)
{
	give(cx, fallocate(arg_fd(cx, 0), arg_int(cx, 1), arg_num(cx, 2),
			   arg_num(cx, 3)));
}

void run_fsync(struct call_cx *cx)
{
	give(cx, fsync(arg_fd(cx, 0)));
}

void run_fdatasync(struct call_cx *cx)
{
	give(cx, fdatasync(arg_fd(cx, 0)));
}

void run_sync_file_range(struct call_cx *cx)
{
	give(cx, sync_file_range(arg_fd(cx, 0), arg_num(cx, 1),
				 arg_num(cx, 2), (unsigned)arg_num(cx, 3)));
}

void run_syncfs(struct call_cx *cx)
{
	give(cx, syncfs(arg_fd(cx, 0)));
}

void run_sync(struct call_cx *cx)
{
	sync();
	give(cx, 0);
}

void run_posix_fadvise(struct call_cx *cx)
{
	int err = posix_fadvise(arg_fd(cx, 0), arg_num(cx, 1), arg_num(cx, 2),
				arg_int(cx, 3));

	if (err)
		give_errno(cx, err);
	else
		give(cx, 0);
}

void run_readahead(struct call_cx *cx)
{
	give(cx, readahead(arg_fd(cx, 0), arg_num(cx, 1), arg_size(cx, 2)));
}

void run_fcntl_setfl(struct call_cx *cx)
{
	give(cx, fcntl(arg_fd(cx, 0), F_SETFL, arg_int(cx, 1)));
}
