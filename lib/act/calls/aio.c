/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Asynchronous I/O by the kernel's own calls, because libaio only wraps them.
 * Each request has a context and a buffer of its own, which live until aio_wait
 * has taken the result.  Runs on the actors' threads.
 */
#include "config.h"

#include "act/calls/calls.h"

#include <errno.h>
#include <linux/aio_abi.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/mem.h"

struct aio {
	aio_context_t ctx;
	struct iocb cb;
	struct io io;
	bool reads;
};

static void aio_free(struct aio *a)
{
	syscall(SYS_io_destroy, a->ctx);
	io_unmap(&a->io);
	free(a);
}

/* io_submit(2) may block, or even do all the work.  The script can see that. */
static void submit(struct call_cx *cx, struct aio *a, uint16_t opcode, size_t size)
{
	struct var v = { .kind = VAR_AIO, .aio = a };
	struct iocb *list[1] = { &a->cb };
	long ret;

	a->reads = opcode == IOCB_CMD_PREAD;
	a->cb.aio_lio_opcode = opcode;
	a->cb.aio_fildes = (uint32_t)arg_fd(cx, 0);
	a->cb.aio_buf = (uintptr_t)a->io.p;
	a->cb.aio_nbytes = size;
	a->cb.aio_offset = cx->use->call->params[1].name ? arg_num(cx, 2) : 0;
	ret = syscall(SYS_io_setup, 1, &a->ctx);
	if (ret == 0)
		ret = syscall(SYS_io_submit, a->ctx, 1, list);
	give(cx, ret);
	if (ret == 1)
		give_var(cx, &v);
	else
		aio_free(a);
}

void run_aio_write(struct call_cx *cx)
{
	const struct data_spec *spec = &cx->use->args[1].data;
	struct aio *a = xcalloc(1, sizeof(*a));

	if (io_map(cx, &a->io, spec->len, spec))
		submit(cx, a, IOCB_CMD_PWRITE, spec->len);
	else
		free(a);
}

void run_aio_read(struct call_cx *cx)
{
	size_t size = arg_size(cx, 1);
	struct aio *a = xcalloc(1, sizeof(*a));

	if (io_map(cx, &a->io, size, NULL))
		submit(cx, a, IOCB_CMD_PREAD, size);
	else
		free(a);
}

void run_aio_fsync(struct call_cx *cx)
{
	submit(cx, xcalloc(1, sizeof(struct aio)), IOCB_CMD_FSYNC, 0);
}

void run_aio_fdsync(struct call_cx *cx)
{
	submit(cx, xcalloc(1, sizeof(struct aio)), IOCB_CMD_FDSYNC, 0);
}

/* If a signal ends the wait, the script can wait again. */
void run_aio_wait(struct call_cx *cx)
{
	int var = cx->use->args[0].var;
	struct io_event ev;
	struct var v;
	long n;

	vars_take(cx->vars, var, &v);
	if (v.kind != VAR_AIO) {
		vars_set(cx->vars, var, &v);
		give_errno(cx, EINVAL);
		return;
	}
	n = syscall(SYS_io_getevents, v.aio->ctx, 1, 1, &ev, NULL);
	if (n != 1) {
		give(cx, -1);
		vars_set(cx->vars, var, &v);
		return;
	}
	if (ev.res < 0) {
		give_errno(cx, (int)-ev.res);
	} else {
		give(cx, ev.res);
		if (v.aio->reads)
			give_data(cx, v.aio->io.p, (size_t)ev.res);
	}
	aio_free(v.aio);
}
