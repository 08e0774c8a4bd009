/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which kind keeps what, and the memory filesystem as one of them.  Called by
 * the conductor; spec by workers. */
#include "config.h"

#include "backend/backend.h"

#include <unistd.h>

#include "backend/memory/memory.h"

#define DATA_LIMIT	(256ull << 20)	/* bytes of file data, if nothing is said */

static struct memfs *memory(struct fs_end *fs)
{
	return (struct memfs *)fs;	/* which starts with it */
}

static void memory_free(struct fs_end *fs)
{
	memfs_free(memory(fs));
}

static struct fs_end *memory_make(const struct mount_spec *spec,
				  struct diags *dg)
{
	uint64_t room = spec->backing.size ? spec->backing.size : DATA_LIMIT;
	struct memfs *fs = memfs_new(mount_entry_ns(spec), mount_attr_ns(spec),
				     mount_negative_ns(spec), room);
	size_t i;

	for (i = 0; i < spec->n_files; i++) {
		const struct file_spec *f = &spec->files[i];
		int err = memfs_add(fs, f);

		if (!err)
			continue;
		diag_errno(dg, f->loc, err, "make \"%s\" on %s", f->path,
			   spec->name);
		memfs_free(fs);
		return NULL;
	}
	return (struct fs_end *)fs;
}

static const struct file_spec *memory_spec(struct fs_end *fs, uint64_t nodeid)
{
	return memfs_spec(memory(fs), nodeid);
}

static uint64_t memory_find(struct fs_end *fs, const char *path)
{
	return memfs_find(memory(fs), path);
}

static ssize_t memory_peek(struct fs_end *fs, const char *path, uint64_t offset,
			   void *p, size_t len, uint64_t *size)
{
	return memfs_peek(memory(fs), path, offset, p, len, size);
}

static void memory_cancel(struct fs_end *fs)
{
	memfs_cancel(memory(fs));
}

const struct fs_kind fs_memory = {
	.make = memory_make,
	.free = memory_free,
	.ops = &memfs_ops,
	.spec = memory_spec,
	.find = memory_find,
	.peek = memory_peek,
	.cancel = memory_cancel,
};

const struct fs_kind *fs_kind_of(enum backing_kind kind)
{
	switch (kind) {
	case BACKING_MEMORY:
		return &fs_memory;
	case BACKING_NULL:
		return &fs_null;
	case BACKING_MIRROR:
	case BACKING_TMPFS:
		return &fs_mirror;
	}
	return NULL;
}

uint32_t fs_uid(uint32_t uid)
{
	return uid ? uid : geteuid();
}

uint32_t fs_gid(uint32_t gid)
{
	return gid ? gid : getegid();
}
