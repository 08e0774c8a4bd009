/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A scenario's server for any program, on the side of the caller.  The server
 * is a process of its own.  Programs that use a private mount are started here,
 * because they must enter the namespaces of the server.
 */
#include "config.h"

#include "fusescen.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "base/child.h"
#include "run/serve/restrictions.h"
#include "run/serve/backing_option.h"
#include "model/transport.h"
#include "run/api/handles.h"
#include "run/host_objections.h"
#include "run/serve/serving.h"
#include "server/baseline.h"

/* ---- the server ----------------------------------------------------------------- */

static struct fusescen_serve_options whole_options(
				const struct fusescen_serve_options *opts)
{
	struct fusescen_serve_options o = { 0 };

	if (opts)
		memcpy(&o, opts, opts->size < sizeof(o) ? opts->size : sizeof(o));
	return o;
}

struct forked {
	const struct scenario *sc;
	struct serving_options opts;
	int ready[2];
};

static void server_child(void *ctx, int out_fd)
{
	const struct forked *f = ctx;

	close(f->ready[0]);
	if (f->opts.plain)
		baseline_main(f->sc, f->opts.mountpoint, f->ready[1], out_fd);
	else
		serving_main(f->sc, &f->opts, f->ready[1], out_fd);
}

/* What the server says: NULL if it is ready, else why not. */
static char *hear(int fd)
{
	struct buf b = BUF_INIT;
	ssize_t n;

	do {
		n = read(fd, buf_reserve(&b, 4096), 4096);
		if (n > 0)
			b.len += (size_t)n;
	} while ((n > 0 && b.data[b.len - 1]) || (n < 0 && errno == EINTR));
	*(char *)buf_reserve(&b, 1) = '\0';
	if (b.len == 1 && !b.data[0]) {
		buf_fini(&b);
		return NULL;
	}
	return b.len ? buf_steal(&b) : xstrdup("the server has died");
}

static fusescen_run *start(const struct forked *f, char **why)
{
	fusescen_run *run = xcalloc(1, sizeof(*run));

	run->process.uses_uring = scenario_uses_uring(f->sc);
	run->is_server = true;
	run->is_private = !f->opts.shared;
	if (supervise_fork(&run->process, SIGTERM, fork, server_child, (void *)f)) {
		*why = xasprintf("cannot start the server: %s", strerror(errno));
		close(f->ready[0]);
		close(f->ready[1]);
		free(run);
		return NULL;
	}
	close(f->ready[1]);
	*why = hear(f->ready[0]);
	close(f->ready[0]);
	if (!*why)
		return run;
	fusescen_report_free(fusescen_finish(run));
	return NULL;
}

static void refuse_baseline(struct diags *dg, const struct scenario *sc)
{
	backing_option_refuse(dg, sc);
	baseline_refuse(dg, sc);
}

fusescen_run *fusescen_serve(const fusescen_file *file, size_t i,
			     const struct fusescen_serve_options *opts,
			     char **error)
{
	struct fusescen_serve_options o = whole_options(opts);
	const struct restrictions served = {
		.who = "a served mount",
		.nobody = o.control ? NULL : "there is no control socket",
		.refuse = o.plain ? refuse_baseline : backing_option_refuse,
	};
	struct scenario_file *loaded = NULL;
	enum transport transport;
	fusescen_run *run = NULL;
	char *why = NULL;
	struct forked f = {
		.opts = {
			.mountpoint = o.mountpoint, .control = o.control,
			.log = o.log, .shared = o.shared,
			.allow_hazard = o.allow_hazard, .seed = o.seed,
			.plain = o.plain,
		},
	};

	if (!file)
		why = xstrdup("no scenario");
	else if (file->errors)
		why = xstrdup(file->errors);
	else if (i >= file->n_cases)
		why = xstrdup("no such case");
	else if (!o.mountpoint)
		why = xstrdup("no mountpoint");
	else if (!transport_of_word(o.transport, &transport))
		why = xasprintf("no such transport: \"%s\"", o.transport);
	else if (o.plain && (!o.shared || o.control || o.log))
		why = xstrdup("libfuse's own loop is shared, and has no control "
			      "socket and no log");
	else
		loaded = reload_case(file, i);
	if (loaded)
		scenario_choose_transport(loaded->cases[0], transport);
	if (loaded && scenario_uses_uring(loaded->cases[0]))
		why = o.plain ? xstrdup("libfuse's own loop does not use io_uring") :
			uring_objection(loaded->cases[0], transport == TRANSPORT_URING,
					o.allow_hazard);
	if (loaded && o.backing && !why)
		why = backing_option_apply(loaded, o.backing);
	if (loaded) {
		backing_option_make_room(loaded);
		backing_option_allow(loaded, o.allow_host, o.backing);
	}
	if (loaded && !why)
		why = host_objections(loaded->cases[0]);
	if (loaded && !why)
		why = restrictions_check(loaded, &served, o.allow_hazard);
	if (!why && pipe2(f.ready, O_CLOEXEC))
		why = xasprintf("pipe: %s", strerror(errno));
	if (!why) {
		f.sc = loaded->cases[0];
		run = start(&f, &why);
	}
	scenario_file_free(loaded);
	if (error)
		*error = why;
	else
		free(why);
	return run;
}

void fusescen_stop(fusescen_run *run)
{
	if (run && run->is_server)
		supervise_end_soon(&run->process);
}

/* ---- programs that use it ---------------------------------------------------------- */

/* Into the mount's namespaces, and back to where we were. */
static int enter_namespaces(const fusescen_run *run)
{
	auto_free char *cwd = getcwd(NULL, 0);
	int pidfd = run->process.pidfd;

	if (!run->is_private)
		return 0;
	if (!cwd)
		return -1;
	if (setns(pidfd, CLONE_NEWNS) && setns(pidfd, CLONE_NEWUSER | CLONE_NEWNS))
		return -1;
	return chdir(cwd);
}

static _Noreturn void program_child(const fusescen_run *run, char *const *argv,
				    pid_t parent, int error_fd)
{
	sigset_t none;
	int err;

	if (enter_namespaces(run) == 0) {
		/* After the namespaces, which change its rights. */
		die_with(parent);
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		execvp(argv[0], argv);
	}
	err = errno;
	if (write(error_fd, &err, sizeof(err)) < 0)
		_exit(126);
	_exit(127);
}

pid_t fusescen_spawn(const fusescen_run *run, char *const *argv)
{
	pid_t parent = getpid(), pid;
	int ends[2], err = 0;

	if (!run || !argv || !argv[0]) {
		errno = EINVAL;
		return -1;
	}
	if (pipe2(ends, O_CLOEXEC))
		return -1;
	pid = fork();
	if (pid == 0)
		program_child(run, argv, parent, ends[1]);
	if (pid < 0)
		err = errno;
	close(ends[1]);
	/* Its end closes with exec. */
	while (pid > 0 && read(ends[0], &err, sizeof(err)) < 0 && errno == EINTR)
		;
	close(ends[0]);
	if (!err)
		return pid;
	if (pid > 0)
		waitpid(pid, NULL, 0);
	errno = err;
	return -1;
}
