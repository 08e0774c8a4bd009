/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Before a run: are the paths of the host that it names allowed?  Whatever opens
 * one later asks again (backend/host_paths.h), for paths change. */
#include "config.h"

#include "run/host_objections.h"

#include <errno.h>

#include "backend/host_paths.h"
#include "model/asks.h"

/* A path that is not there is no secret, and is missed where it is used. */
static void look_at(void *ctx, const struct ask *ask)
{
	const struct scenario *sc = ctx;
	auto_close int fd = -1;

	if (ask->kind != ASK_HOST_PATH)
		return;
	errno = 0;
	fd = host_path_open(sc->allow_host, ask->what, 0);
	if (fd < 0 && errno == EPERM)
		diag(sc->diags, ask->loc, "\"%s\" is a path of the host, which nobody "
		     "has allowed: --allow-host DIR does, but for /proc, /sys "
		     "and /dev", ask->what);
}

char *host_objections(const struct scenario *sc)
{
	struct buf b = BUF_INIT;

	scenario_asks(sc, look_at, (void *)sc);
	if (diags_count(sc->diags))
		diags_print(sc->diags, &b);
	return b.len ? buf_steal(&b) : NULL;
}
