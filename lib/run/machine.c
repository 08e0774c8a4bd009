/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Two locks on /dev/fuse, which every process that can run a scenario can open and
 * which is the same file for all of them.  They belong to the open file, and so end
 * with the process that has it, whatever ends that.
 *
 *	PLACE		held by each run; for writing by one that has to be alone
 *	DOOR		taken before that, so that those who come later wait behind
 *			one that wants to be alone, and it gets its turn
 */
#include "config.h"

#include "run/machine.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/units.h"

#define AGAIN_NS	(2 * NS_PER_MS)

enum { DOOR, PLACE };

bool machine_is_touched(const struct scenario *sc)
{
	return sc->n_machine || scenario_calls(sc, CALL_drop_caches) ||
		scenario_calls(sc, CALL_sync) || scenario_calls(sc, CALL_suspend);
}

static bool lock(int fd, int which, short type, uint64_t deadline_ns)
{
	struct flock l = {
		.l_type = type, .l_whence = SEEK_SET, .l_start = which, .l_len = 1,
	};

	while (fcntl(fd, F_OFD_SETLK, &l)) {
		/* No locks there: then nobody has any. */
		if (errno != EAGAIN && errno != EACCES && errno != EINTR)
			return true;
		if (clock_ns() >= deadline_ns)
			return false;
		sleep_ns(AGAIN_NS);
	}
	return true;
}

bool machine_enter(bool alone, uint64_t deadline_ns, int *fd)
{
	short type = alone ? F_WRLCK : F_RDLCK;

	*fd = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	if (*fd < 0)
		return true;
	if (!lock(*fd, DOOR, type, deadline_ns) ||
	    !lock(*fd, PLACE, type, deadline_ns))
		return false;
	return alone || lock(*fd, DOOR, F_UNLCK, deadline_ns);
}
