/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * strace and the server write to pipes with names, which this end has open for writing
 * too, so that neither waits for the other to come, and reading never ends before we
 * end it.  Main thread only.
 */
#include "config.h"

#include "fusescen/record/traced.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/units.h"
#include "fusescen/record/kin.h"
#include "fusescen/util/errors.h"
#include "fusescen/util/signals.h"

#define CALLS_MAX	((size_t)64 << 20)	/* bytes of strace's lines that are kept */
#define CHUNK		65536u
#define GRACE_NS	NS_PER_S		/* between SIGTERM and SIGKILL */
#define LATE_MAX	3u
#define STOP_NS		(10 * NS_PER_S)
#define TEXT_BYTES	"1024"			/* more than a scenario has of data */

struct recorder {
	int calls, requests, signals;
	char *calls_path;
	struct buf partial;		/* of a line of the server's log */
	struct kin spared;		/* the server, and then strace */
	pid_t pid;			/* of strace; 0: it has ended */
	pid_t parent;
	unsigned asked, late;		/* how often the program was told to end, and by us */
	uint64_t deadline;		/* 0: none */
	struct recorded *out;
};

char *recorder_log(const char *dir)
{
	return xasprintf("%s/requests", dir);
}

static int open_pipe(const char *path)
{
	int fd = mkfifo(path, 0600) ? -1 : open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		put_error("%s: %s", path, strerror(errno));
	return fd;
}

struct recorder *recorder_new(const char *dir)
{
	struct recorder *r = xcalloc(1, sizeof(*r));
	auto_free char *log = recorder_log(dir);

	r->calls_path = xasprintf("%s/calls", dir);
	r->calls = open_pipe(r->calls_path);
	r->requests = r->calls < 0 ? -1 : open_pipe(log);
	if (r->requests < 0) {
		free(r->calls_path);
		free(r);
		return NULL;
	}
	r->signals = signals_open_command();
	r->parent = getppid();
	return r;
}

/* ---- what comes in -------------------------------------------------------------------- */

static void take_calls(struct recorder *r, const char *data, size_t n)
{
	struct recorded *out = r->out;

	if (out->calls_dropped || out->calls.len + n > CALLS_MAX)
		out->calls_dropped += n;
	else
		buf_add(&out->calls, data, n);
}

static void count_request(struct recorded *out, const char *line)
{
	const char *pid = strstr(line, "\"pid\":");
	unsigned long n = pid ? strtoul(pid + 6, NULL, 10) : 0;
	size_t i = 0;

	out->requests++;
	while (i < out->n_by && out->by[i].pid != n)
		i++;
	if (i == out->n_by) {
		out->by = xgrow(out->by, out->n_by, sizeof(*out->by));
		out->by[out->n_by++] = (struct requests_of){ .pid = n };
	}
	out->by[i].n++;
}

static void take_requests(struct recorder *r, const char *data, size_t n)
{
	const char *end;

	for (; (end = memchr(data, '\n', n)); n -= (size_t)(end + 1 - data), data = end + 1) {
		buf_add(&r->partial, data, (size_t)(end - data));
		if (strstr(buf_str(&r->partial), "\"event\":\"request\""))
			count_request(r->out, buf_str(&r->partial));
		buf_clear(&r->partial);
	}
	buf_add(&r->partial, data, n);
}

static void drain(struct recorder *r, int fd,
		  void (*take)(struct recorder *r, const char *data, size_t n))
{
	char chunk[CHUNK];
	ssize_t n;

	while ((n = read(fd, chunk, sizeof(chunk))) > 0)
		take(r, chunk, (size_t)n);
}

/* ---- how it ends ------------------------------------------------------------------------ */

static void tell_to_end(struct recorder *r, int signal)
{
	kin_signal(&r->spared, r->asked ? SIGKILL : signal);
	r->asked++;
}

static void reap(struct recorder *r)
{
	int status;

	if (!r->pid || waitpid(r->pid, &status, WNOHANG) != r->pid)
		return;
	r->out->status = signals_status(status);
	r->pid = 0;
}

/* The program decides what a signal means, and the terminal has sent its own to it
 * already.  The second one that is not the terminal's is SIGKILL, and so is the first
 * if nobody waits for us any more. */
static void look_at_signals(struct recorder *r)
{
	struct signalfd_siginfo info;

	while (read(r->signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGCHLD) {
			reap(r);
		} else if (info.ssi_code != SI_KERNEL || getppid() != r->parent) {
			r->asked += getppid() != r->parent;
			tell_to_end(r, (int)info.ssi_signo);
		}
	}
}

static int time_left(const struct recorder *r)
{
	uint64_t now = clock_ns();

	if (!r->deadline)
		return -1;
	return now >= r->deadline ? 0 : (int)((r->deadline - now) / NS_PER_MS + 1);
}

static void look_at_time(struct recorder *r)
{
	if (!r->deadline || clock_ns() < r->deadline)
		return;
	r->out->was_late = true;
	r->late++;
	/* if no program is there any more, strace hangs */
	if (r->late > LATE_MAX)
		kill(r->pid, SIGKILL);
	else
		tell_to_end(r, SIGTERM);
	r->deadline = clock_ns() + GRACE_NS;
}

/* ---- the course ------------------------------------------------------------------------- */

/* Returns -1 after a message. */
static int start(struct recorder *r, fusescen_run *server, char **command)
{
	static const char *const words[] = {
		"strace", "-f", "-y", "-qq", "-s", TEXT_BYTES, "--seccomp-bpf", "-e",
		"trace=%file,%desc,%process,msync,munmap,sync", "-e", "signal=none", "-o",
	};
	const char **argv = NULL;
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		argv = xgrow(argv, n, sizeof(*argv));
		argv[n++] = words[i];
	}
	argv = xreallocarray(argv, n + 2, sizeof(*argv));
	argv[n++] = r->calls_path;
	argv[n++] = "--";
	for (; *command; command++) {
		argv = xreallocarray(argv, n + 2, sizeof(*argv));
		argv[n++] = *command;
	}
	argv[n] = NULL;
	/* whom a parent of its own has left alone comes to us, and not out of reach */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	r->spared = kin_list();
	r->pid = fusescen_spawn(server, (char *const *)argv);
	if (r->pid < 0)
		put_error("strace: %s", strerror(errno));
	free(argv);
	if (r->pid < 0)
		return -1;
	r->spared.at = xgrow(r->spared.at, r->spared.n, sizeof(*r->spared.at));
	r->spared.at[r->spared.n++] = r->pid;
	return 0;
}

int recorder_run(struct recorder *r, fusescen_run *server, char **command,
		 unsigned time_ms, struct recorded *out)
{
	struct pollfd p[] = {
		{ r->signals, POLLIN, 0 }, { r->calls, POLLIN, 0 }, { r->requests, POLLIN, 0 },
	};

	r->out = out;
	if (start(r, server, command))
		return -1;
	r->deadline = time_ms ? clock_ns() + time_ms * NS_PER_MS : 0;
	while (r->pid) {
		poll(p, ARRAY_SIZE(p), time_left(r));
		drain(r, r->calls, take_calls);
		drain(r, r->requests, take_requests);
		look_at_signals(r);
		look_at_time(r);
	}
	return 0;
}

/* The server writes its log to the end before it ends, so that is read meanwhile. */
static void stop(struct recorder *r, fusescen_run *server)
{
	struct pollfd p[] = { { fusescen_fd(server), POLLIN, 0 }, { r->requests, POLLIN, 0 } };
	uint64_t deadline = clock_ns() + STOP_NS;

	fusescen_stop(server);
	while (clock_ns() < deadline && !(p[0].revents & POLLIN)) {
		poll(p, ARRAY_SIZE(p), 100);
		drain(r, r->requests, take_requests);
	}
}

void recorder_finish(struct recorder *r, fusescen_run *server, struct recorded *out)
{
	r->out = out;
	if (server)
		stop(r, server);
	drain(r, r->calls, take_calls);
	drain(r, r->requests, take_requests);
	close(r->calls);
	close(r->requests);
	close(r->signals);
	buf_fini(&r->partial);
	free(r->spared.at);
	free(r->calls_path);
	free(r);
}
