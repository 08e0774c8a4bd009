/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Mappings. load and store touch them byte by byte, so that the bytes before
 * one that faults have been stored.  A fault leaves through call_run().  Runs
 * on the actors' threads.
 */
#include "config.h"

#include "act/calls/calls.h"

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

static void arg_map(const struct call_cx *cx, unsigned i, struct var *v)
{
	vars_get(cx->vars, cx->use->args[i].var, v);
	if (v->kind != VAR_MAP) {
		v->addr = NULL;
		v->len = 0;
	}
}

void run_mmap(struct call_cx *cx)
{
	struct var v = { .kind = VAR_MAP, .len = arg_size(cx, 1) };

	v.addr = mmap(NULL, v.len, arg_int(cx, 3), arg_int(cx, 4),
		      arg_fd(cx, 0), arg_num(cx, 2));
	give(cx, v.addr == MAP_FAILED ? -1 : 0);
	if (v.addr != MAP_FAILED)
		give_var(cx, &v);
}

/* A mapping that is gone has no length, so munmap() of it gets EINVAL.  */
void run_munmap(struct call_cx *cx)
{
	struct var v;

	arg_map(cx, 0, &v);
	give(cx, munmap(v.addr, v.len));
	if (cx->slot->outcome.ret == 0) {
		v.kind = VAR_UNSET;
		vars_set(cx->vars, cx->use->args[0].var, &v);
	}
}

void run_msync(struct call_cx *cx)
{
	struct var v;

	arg_map(cx, 0, &v);
	give(cx, msync(v.addr, v.len, arg_int(cx, 1)));
}

void run_madvise(struct call_cx *cx)
{
	size_t at = arg_size(cx, 2), length = arg_size(cx, 3);
	struct var v;

	arg_map(cx, 0, &v);
	if (at > v.len || length > v.len - at) {
		give_errno(cx, ENOMEM);
		return;
	}
	give(cx, madvise(v.addr + at, length ? length : v.len - at,
			 arg_int(cx, 1)));
}

/* Returns the address at in the mapping.  NULL, with SIGSEGV given, outside of its
 * pages, where something else of the process may be. */
static uint8_t *place(struct call_cx *cx, unsigned map, uint64_t at, uint64_t size)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE), end;
	struct var v;

	arg_map(cx, map, &v);
	end = (v.len + page - 1) / page * page;
	if (v.addr && at <= end && size <= end - at)
		return v.addr + at;
	give(cx, 0);
	cx->slot->outcome.signal = SIGSEGV;
	return NULL;
}

void run_load(struct call_cx *cx)
{
	size_t size = arg_size(cx, 2), i;
	const volatile uint8_t *from = place(cx, 0, (uint64_t)arg_num(cx, 1), size);
	uint8_t *io = from ? io_for_read(cx, size) : NULL;

	if (!io)
		return;
	for (i = 0; i < size; i++)
		io[i] = from[i];
	give(cx, (int64_t)size);
	give_data(cx, io, size);
}

void run_store(struct call_cx *cx)
{
	const struct data_spec *spec = &cx->use->args[2].data;
	volatile uint8_t *to = place(cx, 0, (uint64_t)arg_num(cx, 1), spec->len);
	uint64_t i;

	if (!to)
		return;
	for (i = 0; i < spec->len; i++)
		to[i] = data_at(spec, i, cx->letter);
	give(cx, (int64_t)spec->len);
}

/* Here it is the kernel that touches the mapping, so a fault is EFAULT. */
void run_pread_into(struct call_cx *cx)
{
	size_t size = arg_size(cx, 3);
	uint8_t *to = place(cx, 1, (uint64_t)arg_num(cx, 2), size);

	if (to)
		give(cx, pread(arg_fd(cx, 0), to, size, arg_num(cx, 4)));
}

void run_pwrite_from(struct call_cx *cx)
{
	size_t size = arg_size(cx, 3);
	const uint8_t *from = place(cx, 1, (uint64_t)arg_num(cx, 2), size);

	if (from)
		give(cx, pwrite(arg_fd(cx, 0), from, size, arg_num(cx, 4)));
}
