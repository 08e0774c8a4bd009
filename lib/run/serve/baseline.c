/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A server that is libfuse's own loop, for comparison: mount, wait for SIGTERM,
 * unmount.  A process of its own, forked by run/serve.c; its main thread.
 */
#include "config.h"

#include "run/serve/serving.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/units.h"
#include "run/report_file.h"
#include "server/baseline.h"

#define TEARDOWN_NS	(3 * NS_PER_S)

static void report(int out_fd, const char *why)
{
	struct buf parts[N_REPORT_PARTS] = { [REPORT_SUMMARY] = BUF_INIT };

	buf_puts(&parts[REPORT_SUMMARY], why ? why : "");
	transport_write(out_fd, why ? FUSESCEN_ERROR : FUSESCEN_PASS, 0, parts);
	buf_fini(&parts[REPORT_SUMMARY]);
}

void baseline_main(const struct scenario *sc, const char *mountpoint,
		   int ready_fd, int out_fd)
{
	auto_free char *why = NULL;
	struct baseline *bl;
	sigset_t all, term;
	int sig;

	setsid();
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	bl = baseline_start(sc, mountpoint, &why);
	serving_tell_ready(ready_fd, bl ? "" : why);
	if (bl) {
		sigemptyset(&term);
		sigaddset(&term, SIGTERM);
		sigwait(&term, &sig);
		/* Processes that still use the mount find it not connected. */
		baseline_stop(bl, clock_ns() + TEARDOWN_NS);
	}
	report(out_fd, why);
}
