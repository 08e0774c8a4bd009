/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The step that waits for mount(2). */
#include "config.h"

#include "run/conduct/steps.h"

#include "act/procstat.h"
#include "run/conduct/wait.h"

static bool mount_is_back(struct run *r, const void *arg)
{
	return !server_is_mounting(r->server, *(const int *)arg);
}

/* Where it is, then how things stand. */
static char *mounting_situation(struct run *r)
{
	auto_free char *situation = run_situation(r);
	struct buf b = BUF_INIT;
	pid_t tid;

	if (server_mounting_tids(r->server, &tid, 1)) {
		buf_puts(&b, "mount(2) is at ");
		if (!thread_stack(tid, &b))
			buf_puts(&b, "an unreadable place");
		buf_addc(&b, '\n');
	}
	buf_puts(&b, situation);
	return buf_steal(&b);
}

bool step_mounted(struct run *r, const struct step *step)
{
	const struct mounted_step *m = &step->mounted;
	char *want = xasprintf("mount(2) returns %s", error_text(m->error));
	int err;

	if (!run_wait(r, step->timeout_ns, mount_is_back, &m->mount)) {
		run_fail(r, step->loc, xstrdup(step->text), want,
			 xstrdup("it has not returned"), mounting_situation(r));
		return false;
	}
	err = server_mount_error(r->server, m->mount);
	if (err != m->error)
		return step_fail(r, step, want,
				 xasprintf("mount(2) returns %s", error_text(err)));
	free(want);
	return true;
}
