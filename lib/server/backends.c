/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of backends. */
#include "config.h"

#include "server/backends.h"

#include "backend/cuse/device.h"
#include "backend/memory/memory.h"
#include "backend/mirror/mirror.h"
#include "backend/null/null.h"

static const struct backend_ops *const backends[] = {
	[BACKING_MEMORY] = &memory_backend,
	[BACKING_NULL] = &null_backend,
	[BACKING_MIRROR] = &mirror_backend,
	[BACKING_TMPFS] = &mirror_backend,
};

const struct backend_ops *backend_for(const struct mount_spec *spec)
{
	return spec->kind == MOUNT_CUSE ? &cuse_backend
					: backends[spec->backing.kind];
}
