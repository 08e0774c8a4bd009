/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Buffers of the calls that read and write.  Runs on the actors' threads. */
#include "config.h"

#include "act/calls/calls.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

bool io_map(struct call_cx *cx, struct io *io, size_t size,
	    const struct data_spec *spec)
{
	void *p;

	/* even for 0 bytes there is a valid address, or the result might be
	 * EFAULT */
	p = mmap(NULL, size ? size : 1, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (p == MAP_FAILED) {
		give_lack(cx, "no memory for its bytes");
		return false;
	}
	io->p = p;
	io->size = size ? size : 1;
	if (spec)
		data_copy(spec, 0, io->p, spec->len, cx->letter);
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
	if (size <= cx->slot->io_size)
		return cx->slot->io;
	give_lack(cx, "no room for so many bytes");
	return NULL;
}

uint8_t *io_for_write(struct call_cx *cx, unsigned i)
{
	const struct data_spec *spec = &cx->use->args[i].data;

	return io_map(cx, &cx->io, spec->len, spec) ? cx->io.p : NULL;
}
