/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What all backends share.  Any thread. */
#include "config.h"

#include "backend/backend.h"

#include <unistd.h>

uint32_t backend_uid(uint32_t uid)
{
	return uid ? uid : geteuid();
}

uint32_t backend_gid(uint32_t gid)
{
	return gid ? gid : getegid();
}

/* As libfuse does it for other replies (lib/fuse_lowlevel.c: calc_timeout_*). */
void backend_put_valid(struct wire_statx_out *out, double seconds)
{
	const double max = UINT32_MAX;
	double s = seconds < 0 ? 0 : seconds > max ? max : seconds;

	out->attr_valid = (uint64_t)s;
	out->attr_valid_nsec = (uint32_t)((s - (double)out->attr_valid) * 1e9);
}

const struct file_spec *backend_spec(struct backend *b, uint64_t nodeid)
{
	return b->ops->spec ? b->ops->spec(b, nodeid) : NULL;
}

uint64_t backend_find(struct backend *b, const char *path)
{
	return b->ops->find ? b->ops->find(b, path) : 0;
}

void backend_cancel(struct backend *b)
{
	if (b && b->ops->cancel)
		b->ops->cancel(b);
}
