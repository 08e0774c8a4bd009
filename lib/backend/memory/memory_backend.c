/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The memory filesystem as one of the server's backends.  Called by the
 * conductor; spec by workers. */
#include "config.h"

#include "backend/memory/memory.h"


static struct memfs *memory(struct backend *b)
{
	return (struct memfs *)b;	/* which starts with it */
}

static void memory_free(struct backend *b)
{
	memfs_free(memory(b));
}

static struct backend *memory_make(const struct mount_spec *spec,
				   struct diags *dg)
{
	uint64_t room = spec->backing.size ? spec->backing.size : LIMIT_MEMORY_DATA;
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
	return (struct backend *)fs;
}

static struct backend *memory_share(struct backend *of,
				    const struct mount_spec *spec,
				    struct diags *dg)
{
	(void)dg;
	return (struct backend *)memfs_share(memory(of), mount_entry_ns(spec),
					     mount_attr_ns(spec),
					     mount_negative_ns(spec));
}

static int memory_change(struct backend *b, const struct file_change *c)
{
	return memfs_change(memory(b), c);
}

static const struct file_spec *memory_spec(struct backend *b, uint64_t nodeid)
{
	return memfs_spec(memory(b), nodeid);
}

static uint64_t memory_find(struct backend *b, const char *path)
{
	return memfs_find(memory(b), path);
}

static ssize_t memory_peek(struct backend *b, const char *path, uint64_t offset,
			   void *p, size_t len, uint64_t *size)
{
	return memfs_peek(memory(b), path, offset, p, len, size);
}

static unsigned memory_waiting(struct backend *b)
{
	return memfs_waiting(memory(b));
}

static void memory_cancel(struct backend *b)
{
	memfs_cancel(memory(b));
}

static const struct limit *memory_limit_reached(struct backend *b)
{
	return memfs_limit_reached(memory(b));
}

const struct backend_ops memory_backend = {
	.make = memory_make,
	.share = memory_share,
	.change = memory_change,
	.free = memory_free,
	.lowlevel = &memfs_ops,
	.own_ops = memfs_own_ops,
	.spec = memory_spec,
	.find = memory_find,
	.peek = memory_peek,
	.limit_reached = memory_limit_reached,
	.waiting = memory_waiting,
	.cancel = memory_cancel,
};
