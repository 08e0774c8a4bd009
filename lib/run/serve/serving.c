/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A server from its first to its last breath:
 *
 *	files and socket → namespace → watchdog → mount → INIT → "ready"
 *	→ commands until the end → unmount → judge → report
 *
 * The server ends when it is told to (by SIGTERM from its starter, or by the
 * command `quit`), when its starter has died (which sends the same signal), and
 * when it is unmounted and no longer in use.  It does not end when its
 * connection is aborted: programs that use the mount must see that, and not the
 * directory below.  For the same reason, a private mount is never taken away
 * from a command that still runs; it disappears with its namespace.
 *
 * The server is in a session of its own, so that signals of the terminal reach
 * the command that uses the mount, and not the server.
 */
#include "config.h"

#include "run/serve/serving.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mount.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "backend/host_paths.h"
#include "base/units.h"
#include "run/serve/control.h"
#include "run/serve/logger.h"
#include "run/report_file.h"
#include "run/serve/watchdog.h"
#include "server/mount.h"

#define INIT_NS		(5 * NS_PER_S)
#define DEAD_NS		NS_PER_S
#define TEARDOWN_NS	(6 * NS_PER_S)	/* half of it for who still uses the mount */

struct serving {
	struct run run;
	const struct serving_options *opts;
	char *dir;			/* the mountpoint, without links */
	char *socket;			/* the control socket's, absolute */
	int log_fd, control_fd, signal_fd, wake_fd;
	int mounts_fd;			/* tells when something is (un)mounted */
	_Atomic uint64_t seq;
	uint64_t start_ns;
	atomic_bool ended;		/* the kernel's side has */
	struct stats *stats;
	struct logger *logger;
	struct commands *commands;
	struct control_socket *control;
	struct watchdog watchdog;
};

/* Takes the text. */
static bool cannot(struct serving *s, char *why)
{
	s->run.result.verdict = FUSESCEN_ERROR;
	free(s->run.result.reason);
	s->run.result.reason = why;
	return false;
}

/* ---- before the mount ---------------------------------------------------------- */

static bool open_log(struct serving *s)
{
	const char *path = s->opts->log;

	if (!path)
		return true;
	s->log_fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY,
			 0644);
	return s->log_fd >= 0 ||
		cannot(s, xasprintf("log \"%s\": %s", path, strerror(errno)));
}

static bool open_control(struct serving *s)
{
	char *why = NULL;

	if (!s->opts->control)
		return true;
	s->control_fd = control_listen(s->opts->control, &why);
	if (s->control_fd < 0)
		return cannot(s, why);
	s->socket = realpath(s->opts->control, NULL);
	if (s->socket)
		watchdog_tell_socket(&s->watchdog, s->socket);
	return true;
}

static void take_signals(struct serving *s)
{
	sigset_t all, term;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	s->signal_fd = signalfd(-1, &term, SFD_CLOEXEC | SFD_NONBLOCK);
	s->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (s->signal_fd < 0 || s->wake_fd < 0)
		die_bug("serving: signalfd or eventfd");
}

/* A server that was killed together with its watchdog has left its mount: then
 * the kernel answers at once that nobody is connected.  A living server may
 * take its time, so a child asks. */
static bool is_dead(const char *dir)
{
	uint64_t until = clock_ns() + DEAD_NS;
	pid_t pid = fork(), ended = 0;
	struct stat st;
	int status = 0;

	if (pid == 0)
		_exit(stat(dir, &st) && errno == ENOTCONN);
	while (pid > 0 && !(ended = waitpid(pid, &status, WNOHANG)) &&
	       clock_ns() < until)
		sleep_ns(5 * NS_PER_MS);
	if (pid > 0 && !ended)
		kill(pid, SIGKILL);
	return ended == pid && WIFEXITED(status) && WEXITSTATUS(status) == 1;
}

static bool sweep_mount(const char *dir)
{
	uint32_t number;

	return is_dead(dir) && !umount2(dir, MNT_DETACH) &&
		mount_connection(dir, &number) == ENOENT;
}

/* The path is looked up without asking a filesystem that may be mounted there
 * and not answer. */
static bool find_mountpoint(struct serving *s)
{
	const char *path = s->opts->mountpoint;
	uint32_t number;

	s->dir = host_directory(path);
	if (!s->dir)
		return cannot(s, xasprintf("mountpoint \"%s\": %s", path,
					   strerror(errno)));
	if (mount_connection(s->dir, &number) == ENOENT || sweep_mount(s->dir))
		return true;
	return cannot(s, xasprintf("mountpoint \"%s\": in use, something is "
				   "mounted there", path));
}

static bool enter_namespace(struct serving *s)
{
	struct sandbox *sb = &s->run.sandbox;
	char *why = NULL;

	if (!s->opts->shared &&
	    sandbox_unshare(geteuid(), getegid(), MS_SLAVE, &why))
		return cannot(s, why);
	sb->fusectl = sandbox_fusectl(!s->opts->shared);
	return true;
}

/* ---- the mount ------------------------------------------------------------------- */

static void on_ended(void *ctx)
{
	struct serving *s = ctx;
	const uint64_t one = 1;

	atomic_store(&s->ended, true);
	if (write(s->wake_fd, &one, sizeof(one)) < 0 && errno != EAGAIN)
		die_bug("eventfd: %s", strerror(errno));
}

/* Checks judge the whole log.  Without checks, recent events are enough, and
 * requests that no rule matches are recorded only if there is a log file. */
static bool build(struct serving *s)
{
	struct run *r = &s->run;

	r->log = r->sc->n_expect ? evlog_new(&s->seq) :
		evlog_new_recent(&s->seq);
	r->server = server_new(r->sc, r->log);
	if (!r->server) {
		struct buf b = BUF_INIT;

		diags_print(r->sc->diags, &b);
		return cannot(s, buf_steal(&b));
	}
	server_confine(r->server, NULL);
	r->engine = engine_new(r->sc, r->log, &server_hooks, r->server);
	engine_set_quiet(r->engine, !r->sc->n_expect && !s->opts->log);
	server_set_engine(r->server, r->engine);
	server_set_fusectl(r->server, r->sandbox.fusectl);
	if (s->opts->allow_hazard)
		server_allow_hazards(r->server);
	s->stats = stats_new(r->sc->protocol);
	server_watch(r->server, s->stats, on_ended, s);
	if (s->log_fd >= 0)
		s->logger = logger_start(steal_fd(&s->log_fd), r->sc, r->log,
					 s->start_ns);
	return true;
}

static bool mount_it(struct serving *s)
{
	uint32_t number = 0;
	const char *what;
	int err = server_mount(s->run.server, 0, s->dir, &what);

	if (!err) {
		if (s->opts->shared && server_connection(s->run.server, 0, &number))
			watchdog_tell_mount(&s->watchdog, s->dir, number);
		return true;
	}
	return cannot(s, xasprintf("%s: %s%s", what, strerror(err),
				   err == EPERM && s->opts->shared ?
				   " (a shared mount needs root)" : ""));
}

/* Until the kernel has asked for the attributes of the mount's root directory,
 * it believes that root owns it, and in a namespace without root, no process
 * could create a file there.  So ask, unless a rule could make us wait for the
 * reply. */
static void show_owner(struct serving *s)
{
	struct stat st;

	if (geteuid() && !engine_concerns(s->run.engine, OP_GETATTR, "/"))
		stat(s->dir, &st);
}

static bool wait_init(struct serving *s)
{
	uint64_t until = clock_ns() + INIT_NS;
	struct run *r = &s->run;

	if (scenario_names_init(r->sc))
		return true;
	while ((!engine_ready(r->engine, 0) || server_is_mounting(r->server, 0)) &&
	       clock_ns() < until)
		sleep_ns(NS_PER_MS);
	if (server_mount_error(r->server, 0))
		return cannot(s, xasprintf("mount: %s",
					   strerror(server_mount_error(r->server, 0))));
	if (!engine_ready(r->engine, 0))
		return cannot(s, xstrdup("INIT was not answered"));
	show_owner(s);
	return run_offers_all(r);
}

static bool prepare(struct serving *s)
{
	int err = watchdog_start(&s->watchdog);

	if (err)
		return cannot(s, xasprintf("watchdog: %s", strerror(err)));
	if (!run_has_needs(&s->run, s->opts->allow_hazard) ||
	    !find_mountpoint(s) || !open_log(s) || !open_control(s) ||
	    !enter_namespace(s) || !run_has_environment(&s->run, true))
		return false;
	/* Our working directory must not keep a filesystem mounted. */
	if (chdir("/"))
		return cannot(s, xasprintf("/: %s", strerror(errno)));
	s->mounts_fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
	return build(s) && mount_it(s) && wait_init(s);
}

/* ---- while it serves --------------------------------------------------------------- */

static bool is_over(struct serving *s)
{
	struct signalfd_siginfo info;
	uint64_t n;

	if (read(s->wake_fd, &n, sizeof(n)) < 0 && errno != EAGAIN)
		die_bug("serving: eventfd");
	return read(s->signal_fd, &info, sizeof(info)) > 0 ||
		commands_quit(s->commands) ||
		(atomic_load(&s->ended) &&
		 !server_is_mounted(s->run.server, 0));
}

static void serve(struct serving *s)
{
	struct pollfd polled[5 + LIMIT_CTL_CLIENTS];
	size_t n;

	while (!is_over(s)) {
		polled[0] = (struct pollfd){ s->signal_fd, POLLIN, 0 };
		polled[1] = (struct pollfd){ s->wake_fd, POLLIN, 0 };
		polled[2] = (struct pollfd){ s->mounts_fd, POLLPRI, 0 };
		polled[3] = (struct pollfd){ s->watchdog.fd, 0, 0 };
		n = 4 + control_poll(s->control, polled + 4);
		if (poll(polled, (nfds_t)n, control_timeout(s->control)) < 0)
			continue;
		if (polled[3].revents & POLLERR)
			watchdog_renew(&s->watchdog);
		control_turn(s->control, polled + 4);
	}
}

void serving_tell_ready(int fd, const char *why)
{
	if (write(fd, why, strlen(why) + 1) < 0)
		return;		/* our starter has gone; so does the server */
}

/* ---- the end ------------------------------------------------------------------------- */

/* Gates open and delays end, and processes that still use a shared mount have
 * some time to finish.  (Those of a private mount keep it, so that they do not
 * see the directory below.)  False: a thread of ours still runs. */
static bool teardown(struct serving *s)
{
	bool gently = s->opts->shared || !s->commands ||
		!commands_quit(s->commands);
	struct run *r = &s->run;

	if (r->log)
		evlog_begin_teardown(r->log);
	if (r->engine)
		engine_finish(r->engine, false);
	if (r->server && !gently)
		server_abandon(r->server, 0);
	if (r->server &&
	    server_stop(r->server, gently, clock_ns() + TEARDOWN_NS)) {
		run_fail(r, (struct loc){ 0, 0, 0 },
			 xstrdup("server threads do not end"), NULL, NULL, NULL);
		return false;
	}
	return true;
}

static void report(struct serving *s, int out_fd)
{
	struct run *r = &s->run;
	struct buf parts[N_REPORT_PARTS];
	int err = logger_stop(s->logger);

	if (err)
		cannot(s, xasprintf("log \"%s\": %s", s->opts->log,
				    strerror(err)));
	if (r->engine && r->result.verdict != FUSESCEN_ERROR)
		run_judge_log(r);
	if (!r->sc->n_expect)
		r->log = NULL;		/* recent events are not for reports */
	r->result.elapsed_ns = clock_ns() - s->start_ns;
	run_report(r, &(struct report_style){ false, 0 }, parts);
	transport_write(out_fd, r->result.verdict, r->result.elapsed_ns,
			parts);
	run_report_fini(parts);
}

static void free_all(struct serving *s)
{
	struct run *r = &s->run;

	engine_free(r->engine);
	server_free(r->server);
	stats_free(s->stats);
	commands_free(s->commands);
	result_fini(&r->result);
}

static void serve_to_the_end(struct serving *s, int ready_fd, int out_fd)
{
	struct run *r = &s->run;
	struct evlog *log;
	bool ended;

	if (prepare(s)) {
		s->commands = commands_new(&(struct commands_for){
			.run = r, .served = { &server_ops, r->server },
			.stats = s->stats, .start_ns = s->start_ns,
			.wake_fd = s->wake_fd,
		});
		s->control = control_new(steal_fd(&s->control_fd), s->commands);
		serving_tell_ready(ready_fd, "");
		serve(s);
		ended = teardown(s);
	} else {
		ended = teardown(s);
		serving_tell_ready(ready_fd, r->result.reason ? r->result.reason :
			   "it cannot be served");
	}
	if (s->socket)
		unlink(s->socket);
	control_free(s->control);
	watchdog_dismiss(&s->watchdog);
	log = r->log;
	report(s, out_fd);
	if (ended) {
		free_all(s);
		evlog_free(log);
	}
}

void serving_main(const struct scenario *sc, const struct serving_options *opts,
		  int ready_fd, int out_fd)
{
	struct scenario own = *sc;	/* with the caller's options */
	struct serving s = {
		.run = { .sc = &own, .kmsg = -1 }, .opts = opts,
		.log_fd = -1, .control_fd = -1, .mounts_fd = -1, .watchdog = WATCHDOG_INIT,
		.start_ns = clock_ns(),
	};

	setsid();
	take_signals(&s);
	if (opts->seed)
		own.seed = opts->seed;
	serve_to_the_end(&s, ready_fd, out_fd);
	free(s.dir);
	free(s.socket);
}
