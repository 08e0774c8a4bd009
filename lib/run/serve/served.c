/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What commands do to a server of ours, which has one mount.  Main thread of the
 * server. */
#include "config.h"

#include "run/serve/served.h"

#include <errno.h>

#include "server/server.h"

static void notify_then(void *of, const struct notify_spec *spec,
			void (*done)(void *ctx, int err), void *ctx)
{
	server_notify_then(of, spec, done, ctx);
}

static int abort_it(void *of)
{
	return server_abort(of, 0);
}

static bool readable(void *of)
{
	return server_readable(of, 0);
}

static int stall(void *of)
{
	return server_stall(of, 0);
}

static int change(void *of, const struct file_change *c)
{
	return server_change(of, c);
}

static bool has_file(void *of, const char *path)
{
	uint64_t size;

	return server_peek(of, 0, path, 0, NULL, 0, &size) != -ENOENT;
}

const struct serve_ops server_ops = {
	.who = "a server",
	.notify_then = notify_then,
	.abort = abort_it,
	.readable = readable,
	.stall = stall,
	.change = change,
	.has_file = has_file,
};
