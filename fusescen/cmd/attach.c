/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fusescen attach: starts a server of somebody else with a library before its libfuse
 * (lib/preload/), which puts the rules under it.  This process waits for the server,
 * also for one that goes to the background, and for signals.  Main thread only.
 */
#include "config.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>

#include "base/attach_talk.h"
#include "base/mem.h"
#include "base/units.h"
#include "fusescen.h"
#include "fusescen/attach/diagnose.h"
#include "fusescen/cmd/attach_page.h"
#include "fusescen/util/command.h"
#include "fusescen/util/errors.h"
#include "fusescen/util/escape.h"
#include "fusescen/util/files.h"
#include "fusescen/util/named_case.h"
#include "fusescen/util/signals.h"

#define STATUS_NOT_EXECUTABLE	126
#define STATUS_NOT_FOUND	127

#define PRELOAD		"attach.so"
#define LOOK_MS		100
#define MOUNT_MS	30000	/* --timeout */
#define END_NS		(3 * NS_PER_S)	/* then SIGKILL */

struct settings {
	const char *control;
	const char *log;
	const char *html;
	const char *case_name;
	uint64_t seed;
	unsigned timeout_ms;
	bool allow_hazard;
	bool verbose;
};

#define AT(member)	offsetof(struct settings, member)

static const struct option_row options[] = {
	{ "control", 's', OPTION_TEXT, AT(control), "SOCKET",
	  "make a socket for fusescen ctl" },
	{ "log", 'l', OPTION_TEXT, AT(log), "FILE",
	  "write every event as JSON lines" },
	{ "html", 0, OPTION_TEXT, AT(html), "FILE",
	  "write a page with a picture of it" },
	{ "case", 'c', OPTION_TEXT, AT(case_name), "NAME",
	  "attach the case of this name" },
	{ "seed", 0, OPTION_SEED, AT(seed), "N",
	  "seed of random choices, instead of the scenario's own" },
	{ "timeout", 't', OPTION_TIME, AT(timeout_ms), "TIME",
	  "how long the server may take until it serves (30s)" },
	{ "allow-hazard", 0, OPTION_FLAG, AT(allow_hazard), NULL,
	  "also attach what can crash this kernel" },
	{ "verbose", 'v', OPTION_FLAG, AT(verbose), NULL,
	  "show the events of a pass" },
	{ NULL, 0, OPTION_FLAG, 0, NULL, NULL },
};

struct attaching {
	const struct settings *set;
	char *preload;			/* paths of our libraries */
	char *library;
	enum fusescen_verdict verdict;	/* what was reported; text NULL: nothing */
	char *summary, *text;
	const char *go[ATTACH_GO_PARTS];
	char name[64];			/* of the socket */
	int listen_fd, signal_fd;
	int talk;			/* to the server; -1: nobody has come yet */
	pid_t server;			/* who has come */
	pid_t pid;			/* of the command; 0: it has ended */
	int command_status;		/* as a shell has it */
	bool attached, reported, alone;	/* alone: no child is left */
	int status;			/* ours */
};

/* ---- the libraries ------------------------------------------------------------ */

/* Installed, ours is in a directory of its own beside libfusescen; built, beside
 * it. */
static int find_libraries(struct attaching *a)
{
	static const char *const dirs[] = { "/" PACKAGE, "", NULL };
	Dl_info info;
	const char *slash;
	size_t i;

	if (!dladdr((void *)fusescen_version, &info) ||
	    !strstr(info.dli_fname, ".so")) {
		put_error("attach: this program was built without a shared libfusescen");
		return -1;
	}
	a->library = realpath(info.dli_fname, NULL);
	slash = strrchr(info.dli_fname, '/');
	for (i = 0; a->library && slash && dirs[i]; i++) {
		auto_free char *path = xasprintf("%.*s%s/" PRELOAD,
						 (int)(slash - info.dli_fname),
						 info.dli_fname, dirs[i]);

		a->preload = realpath(path, NULL);
		if (a->preload)
			return 0;
	}
	put_error("attach: there is no " PRELOAD " beside %s", info.dli_fname);
	return -1;
}

/* ---- the socket ---------------------------------------------------------------- */

static int open_socket(struct attaching *a)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	struct timespec now;
	socklen_t len;

	clock_gettime(CLOCK_REALTIME, &now);
	snprintf(a->name, sizeof(a->name), "fusescen-attach-%d-%lx", (int)getpid(),
		 (unsigned long)now.tv_nsec);
	memcpy(at.sun_path + 1, a->name, strlen(a->name));
	len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
			  strlen(a->name));
	a->listen_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (a->listen_fd >= 0 && !bind(a->listen_fd, (struct sockaddr *)&at, len) &&
	    !listen(a->listen_fd, 16))
		return 0;
	put_error("attach: socket: %s", strerror(errno));
	return -1;
}

/* Only our user, and root, have business here. */
static void welcome(struct attaching *a)
{
	auto_close int fd = accept4(a->listen_fd, NULL, NULL, SOCK_CLOEXEC);
	struct ucred who = { 0 };
	socklen_t len = sizeof(who);

	if (fd < 0 || getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) ||
	    (who.uid != geteuid() && who.uid != 0))
		return;
	if (a->talk >= 0 || a->attached) {
		attach_send(fd, ATTACH_NO, NULL, 0);
		put_error("attach: process %d has a session too, which stays without "
			  "rules", (int)who.pid);
		return;
	}
	if (attach_send(fd, ATTACH_GO, a->go, ATTACH_GO_PARTS))
		return;
	a->talk = fd;
	a->server = who.pid;
	fd = -1;
}

static void take_report(struct attaching *a, const char *const *texts)
{
	enum fusescen_verdict verdict = (enum fusescen_verdict)(texts[0][0] - '0');

	a->reported = true;
	if ((unsigned)verdict >= N_VERDICTS)
		return;
	a->status = verdict_status_of_server(verdict);
	a->verdict = verdict;
	a->summary = xstrdup(texts[1]);
	a->text = xstrdup(texts[2]);
	if (a->status == STATUS_ERROR)
		put_error("%s", texts[1]);
	else if (verdict == FUSESCEN_XPASS)
		put_error("passed, but %s", texts[1]);
	if (verdict != FUSESCEN_XFAIL)
		put_report(stderr, texts[2]);
}

/* False: the server has gone, or nothing was put under it. */
static bool listen_to(struct attaching *a)
{
	const char *texts[3];
	enum attach_kind kind;
	auto_free char *all = attach_receive(a->talk, &kind, texts, 3);

	if (all && kind == ATTACH_DONE) {
		a->attached = true;
		/* A process of its own that serves, after it has gone to the
		 * background. */
		return true;
	}
	if (all && kind == ATTACH_REPORT)
		take_report(a, texts);
	if (all && kind == ATTACH_CANNOT)
		put_error_text(texts[0]);
	close(a->talk);
	a->talk = -1;
	/* A mount that failed may be tried again. */
	return all ? kind != ATTACH_CANNOT : !a->attached;
}

/* ---- processes ------------------------------------------------------------------- */

static _Noreturn void command_child(const struct attaching *a, char **argv,
				    int error_fd, pid_t parent)
{
	const char *others = getenv("LD_PRELOAD");
	auto_free char *preload = xasprintf("%s%s%s", a->preload,
					    others && *others ? ":" : "",
					    others ? others : "");
	sigset_t none;
	int err;

	setenv("LD_PRELOAD", preload, 1);
	setenv(ATTACH_ENV, a->name, 1);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	/* Not SIGKILL: it is to unmount. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() == parent)
		execvp(argv[0], argv);
	err = errno;
	if (write(error_fd, &err, sizeof(err)) < 0)
		_exit(STATUS_NOT_EXECUTABLE);
	_exit(STATUS_NOT_FOUND);
}

static int start_command(struct attaching *a, char **argv)
{
	int ends[2], err = 0;
	pid_t parent = getpid();

	if (pipe2(ends, O_CLOEXEC)) {
		put_error("attach: pipe: %s", strerror(errno));
		return STATUS_ERROR;
	}
	/* What goes to the background stays ours to wait for. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	a->pid = fork();
	if (a->pid == 0)
		command_child(a, argv, ends[1], parent);
	if (a->pid < 0)
		err = errno;
	close(ends[1]);
	while (a->pid > 0 && read(ends[0], &err, sizeof(err)) < 0 && errno == EINTR)
		;
	close(ends[0]);
	if (!err)
		return 0;
	if (a->pid > 0)
		waitpid(a->pid, NULL, 0);
	a->pid = 0;
	put_error("%s: %s", argv[0], strerror(err));
	return err == ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_EXECUTABLE;
}

static void reap(struct attaching *a)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid == a->pid) {
			a->command_status = signals_status(status);
			a->pid = 0;
		}
	}
	a->alone = pid < 0;
}

/* The terminal has sent its signals to who is in front, and not to a server in the
 * background, which has a session of its own. */
static void pass_on(struct attaching *a, const struct signalfd_siginfo *info)
{
	if (info->ssi_code != SI_KERNEL)
		signal_descendants(getpid(), (int)info->ssi_signo);
	else if (a->server && getsid(a->server) != getsid(0))
		kill(a->server, SIGTERM);
}

static void look_at_signals(struct attaching *a)
{
	struct signalfd_siginfo info;

	while (read(a->signal_fd, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGCHLD)
			reap(a);
		else
			pass_on(a, &info);
	}
}

/* Nothing that we have started is left behind. */
static void end_all(struct attaching *a)
{
	uint64_t until = clock_ns() + END_NS;

	signal_descendants(getpid(), SIGTERM);
	for (reap(a); !a->alone && clock_ns() < until; reap(a))
		sleep_ns(10 * NS_PER_MS);
	if (a->alone)
		return;
	signal_descendants(getpid(), SIGKILL);
	until = clock_ns() + END_NS;
	for (reap(a); !a->alone && clock_ns() < until; reap(a))
		sleep_ns(10 * NS_PER_MS);
}

/* ---- the course ------------------------------------------------------------------- */

#define INSTEAD	"; \"fusescen serve --backing DIR\" puts rules over what it has "	\
	"mounted at DIR, whatever it is made of"

static bool complain(const char *why)
{
	put_error("attach: %s" INSTEAD, why);
	return false;
}

/* While nothing is attached: true as long as that may still come. */
static bool may_come(struct attaching *a, uint64_t since)
{
	unsigned ms = a->set->timeout_ms ? a->set->timeout_ms : MOUNT_MS;
	auto_free char *why = NULL;

	if (a->alone) {
		put_error("attach: the command ended with status %d, and had not served "
			  "anything", a->command_status);
		return false;
	}
	if (a->talk < 0)
		why = diagnose_processes(getpid(), a->preload);
	if (why)
		return complain(why);
	if (clock_ns() - since < ms * NS_PER_MS)
		return true;
	why = xasprintf("after %.1f seconds, %s", ms / 1e3, a->talk >= 0 ?
			"the server has a session but does not serve" :
			"nothing was mounted by libfuse 3");
	return complain(why);
}

/* The end is when the server has ended and the command has, in whichever order. */
static bool is_over(const struct attaching *a)
{
	return a->alone || (a->talk < 0 && !a->pid &&
			    (kill(a->server, 0) || a->reported));
}

static void wait_for_end(struct attaching *a)
{
	uint64_t since = clock_ns();
	bool lost = false;

	while (!lost) {
		struct pollfd p[] = {
			{ a->signal_fd, POLLIN, 0 },
			{ a->listen_fd, POLLIN, 0 },
			{ a->talk, POLLIN, 0 },
		};

		poll(p, ARRAY_SIZE(p), a->attached ? 10 * LOOK_MS : LOOK_MS);
		look_at_signals(a);
		if (p[1].revents)
			welcome(a);
		else if (p[2].revents)
			lost = !listen_to(a) && !a->attached;
		else if (a->attached && a->talk < 0 && is_over(a))
			break;
		else if (!a->attached)
			lost = !may_come(a, since);
	}
	if (lost)
		end_all(a);
	else if (!a->reported)
		put_error("attach: the server died before it could report");
}

static int attach(struct attaching *a, char **command)
{
	auto_free char *why = diagnose_program(command[0]);
	int status;

	if (why) {
		complain(why);
		return STATUS_ERROR;
	}
	if (find_libraries(a) || open_socket(a))
		return STATUS_ERROR;
	a->go[GO_LIBRARY] = a->library;
	a->signal_fd = signals_open_command();
	status = start_command(a, command);
	if (status)
		return status;
	a->status = STATUS_ERROR;
	wait_for_end(a);
	return a->status;
}

/* ---- what it was told -------------------------------------------------------------- */

static int attach_case(const char *path, const fusescen_file *file, size_t i,
		       const struct settings *set, char **command)
{
	auto_free char *number = xasprintf("%zu", i);
	auto_free char *seed = xasprintf("%" PRIu64, set->seed);
	/* the server may be elsewhere when it opens them */
	auto_free char *control = path_absolute(set->control);
	bool lends = set->html && !set->log;	/* the page its log */
	auto_free char *log = NULL;
	uint64_t since = clock_ns();
	struct attaching a = {
		.set = set, .listen_fd = -1, .signal_fd = -1, .talk = -1,
	};
	auto_buf struct buf text = BUF_INIT;
	int status = STATUS_ERROR;

	if (file_read(path, &text))
		return put_error("%s: %s", path, strerror(errno)), STATUS_ERROR;
	log = lends ? attach_page_log() : path_absolute(set->log);
	if (!log)
		return STATUS_ERROR;
	a.go[GO_NAME] = path;
	a.go[GO_TEXT] = buf_str(&text);
	a.go[GO_CASE] = number;
	a.go[GO_SEED] = seed;
	a.go[GO_HAZARD] = set->allow_hazard ? "1" : "";
	a.go[GO_VERBOSE] = set->verbose ? "1" : "";
	a.go[GO_CONTROL] = control;
	a.go[GO_LOG] = log;
	status = attach(&a, command);
	if (attach_page(set->html, log, &(struct point){
			.file = path, .case_name = fusescen_case_name(file, i),
			.round = 1, .verdict = a.text ? a.verdict : FUSESCEN_ERROR,
			.summary = a.summary ? a.summary : "it has not reported",
			.text = a.text ? a.text : "", .title = fusescen_title(file),
			.elapsed_ns = clock_ns() - since }))
		status = STATUS_ERROR;
	if (lends)
		unlink(log);
	if (a.talk >= 0)
		close(a.talk);
	if (a.listen_fd >= 0)
		close(a.listen_fd);
	if (a.signal_fd >= 0)
		close(a.signal_fd);
	free(a.preload);
	free(a.library);
	free(a.summary);
	free(a.text);
	return status;
}

static int attach_main(const struct command *self, int argc, char **argv)
{
	struct settings set = { 0 };
	int dashes = command_behind_dashes(argc, argv), n, status = STATUS_ERROR;
	char **command = argv + dashes + (dashes < argc);
	fusescen_file *file;
	size_t i;

	n = options_parse(options, dashes, argv, &set);
	if (n < 0)
		return STATUS_ERROR;
	if (n != 1 || dashes == argc || !command[0]) {
		put_error("%s needs a scenario, \"--\" and the command that starts a "
			  "server", self->name);
		return STATUS_ERROR;
	}
	file = fusescen_load(argv[0]);
	if (fusescen_errors(file))
		put_error_text(fusescen_errors(file));
	else if (named_case(file, argv[0], set.case_name, &i) == 0)
		status = attach_case(argv[0], file, i, &set, command);
	fusescen_free(file);
	return status;
}

const struct command command_attach = {
	"attach", "FILE -- SERVER...",
	"put rules under a FUSE server", options, attach_main,
};
