/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Buffers of the calls that read and write.  Runs on the actors' threads. */
#include "config.h"

#include "act/calls/calls.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

/* The bytes of spec at p: one period, then what is there copied behind
 * itself until it is full. */
static void fill(uint8_t *p, const struct data_spec *spec, uint8_t letter)
{
	size_t len = spec->len, done;

	if (!spec->period) {
		memset(p, letter, len);
		return;
	}
	done = spec->period < len ? spec->period : len;
	memcpy(p, spec->p, done);
	while (done < len) {
		size_t n = done < len - done ? done : len - done;

		/* done is a multiple of the period here */
		memcpy(p + done, p, n);
		done += n;
	}
}

bool io_map(struct call_cx *cx, struct io *io, size_t size,
	    const struct data_spec *spec)
{
	void *p = MAP_FAILED;

	if (spec ? spec->len <= IO_WRITE_MAX : size <= IO_READ_MAX) {
		/* also for nothing a valid address: EFAULT is no result */
		p = mmap(NULL, size ? size : 1, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	}
	if (p == MAP_FAILED) {
		give_errno(cx, ENOMEM);
		return false;
	}
	io->p = p;
	io->size = size ? size : 1;
	if (spec)
		fill(io->p, spec, cx->letter);
	return true;
}

void io_unmap(struct io *io)
{
	if (io->size)
		munmap(io->p, io->size);
	io->size = 0;
}

uint8_t *io_for_read(struct call_cx *cx, size_t size)
{
	if (size <= SLOT_IO_SIZE)
		return slot_io(cx->slot);
	return io_map(cx, &cx->io, size, NULL) ? cx->io.p : NULL;
}

uint8_t *io_for_write(struct call_cx *cx, unsigned i)
{
	const struct data_spec *spec = &cx->use->args[i].data;

	return io_map(cx, &cx->io, spec->len, spec) ? cx->io.p : NULL;
}
