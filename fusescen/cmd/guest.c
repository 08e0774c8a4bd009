/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fusescen guest: the first process of a virtual machine.  It mounts
 * filesystems, loads modules, starts a child that does what the plan says, and
 * tells once a second that it is alive.  Both processes send whole frames
 * through the channel, each with one write(2), so that the terminal does not
 * mix them.
 */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "fusescen.h"
#include "fusescen/bench/run.h"
#include "fusescen/explore/machines.h"
#include "fusescen/mutate/job.h"
#include "fusescen/util/command.h"
#include "fusescen/util/errors.h"
#include "fusescen/vm/console.h"
#include "fusescen/vm/frame.h"
#include "fusescen/vm/initrd.h"
#include "fusescen/vm/modules.h"
#include "fusescen/vm/plan.h"

#define CHANNEL		"/dev/ttyS1"
#define CHANNEL_WAKES	"/sys/class/tty/ttyS1/power/wakeup"

static const struct option_row options[] = {
	{ NULL, 0, OPTION_FLAG, 0, NULL, NULL },
};

static const struct {
	const char *type, *at, *data;
	bool must;	/* nothing runs without it */
} mounts[] = {
	{ "devtmpfs", "/dev", "mode=0755", true },
	{ "proc", "/proc", NULL, true },
	{ "sysfs", "/sys", NULL, true },
	{ "tmpfs", "/tmp", "mode=1777", false },
	{ "tmpfs", "/run", "mode=0755", false },
	{ "fusectl", "/sys/fs/fuse/connections", NULL, false },
	{ "tracefs", "/sys/kernel/tracing", NULL, false },
	{ "debugfs", "/sys/kernel/debug", NULL, false },
	{ "cgroup2", "/sys/fs/cgroup", NULL, false },
	{ "devpts", "/dev/pts", "ptmxmode=0666,mode=620", false },
	{ "tmpfs", "/dev/shm", "mode=1777", false },
};

#define N_MOUNTS	(sizeof(mounts) / sizeof(mounts[0]))
#define N_EARLY		3	/* the channel and the modules need these */

static void send_text(int channel, enum frame_kind kind, const char *text)
{
	struct frame f;

	frame_begin(&f, kind);
	if (text)
		frame_text(&f, text);
	frame_send(&f, channel);
}

/* Takes text. */
static void note(int channel, char *text)
{
	send_text(channel, FRAME_NOTE, text);
	free(text);
}

static void mount_some(size_t from, size_t to)
{
	size_t i;

	for (i = from; i < to; i++) {
		mkdir(mounts[i].at, 0755);
		if (mount("none", mounts[i].at, mounts[i].type, 0, mounts[i].data) &&
		    mounts[i].must && errno != EBUSY)
			put_error("cannot mount %s: %s", mounts[i].at,
				  strerror(errno));
	}
}

/* A setting without which some scenarios are skipped. */
static void set(const char *path, const char *text)
{
	auto_close int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd >= 0 && write(fd, text, strlen(text)) < 0)
		put_error("%s: %s", path, strerror(errno));
}

static int open_channel(void)
{
	int fd = open(CHANNEL, O_WRONLY | O_NOCTTY | O_CLOEXEC);
	struct termios t;

	if (fd < 0 || tcgetattr(fd, &t))
		return -1;
	cfmakeraw(&t);
	cfsetspeed(&t, B115200);
	t.c_cflag |= CLOCAL;
	return tcsetattr(fd, TCSANOW, &t) ? -1 : fd;
}

static void load_module(int channel, const char *file, const char *cmdline)
{
	auto_free char *path = xasprintf("/" GUEST_MODULES "/%s", file);
	auto_free char *params = module_params(cmdline, file);
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (syscall(SYS_finit_module, fd, params, 0) && errno != EEXIST)
		note(channel, xasprintf("module %s: %s", file, strerror(errno)));
}

static void load_modules(int channel)
{
	auto_free char *cmdline = file_line("/proc/cmdline");
	struct dirent **entries;
	int n = scandir("/" GUEST_MODULES, &entries, NULL, alphasort), i;

	for (i = 0; i < n; i++)
		if (entries[i]->d_name[0] != '.')
			load_module(channel, entries[i]->d_name,
				    cmdline ? cmdline : "");
}

static void send_done(int channel, const struct plan *p, uint64_t point,
		      const fusescen_report *r)
{
	struct frame f;

	frame_begin(&f, FRAME_DONE);
	frame_number(&f, point);
	frame_number(&f, fusescen_verdict(r));
	frame_number(&f, fusescen_elapsed_ns(r));
	frame_text(&f, fusescen_summary(r));
	frame_text(&f, fusescen_text(r));
	frame_text(&f, p->wants_events ? fusescen_events(r) : "");
	frame_send(&f, channel);
}

/* Sends a result that does not come from the report of a run. */
static void send_made(int channel, uint64_t point, enum fusescen_verdict verdict,
		      const char *summary, const char *text)
{
	struct frame f;

	frame_begin(&f, FRAME_DONE);
	frame_number(&f, point);
	frame_number(&f, verdict);
	frame_number(&f, 0);
	frame_text(&f, summary);
	frame_text(&f, text);
	frame_text(&f, "");
	frame_send(&f, channel);
}

static void run_case(int channel, const struct plan *p, const struct plan_task *t,
		     const fusescen_file *file)
{
	fusescen_run *run = fusescen_start(file, t->index, &p->options);
	fusescen_report *r;
	char *why;

	if (!run) {
		why = fusescen_errors(file) || t->index >= fusescen_cases(file) ?
			xstrdup("the file is another one than was loaded") :
			why_no_start(errno);
		send_made(channel, t->point, FUSESCEN_ERROR, why, "");
		free(why);
		return;
	}
	r = fusescen_finish(run);
	send_done(channel, p, t->point, r);
	fusescen_report_free(r);
}

/* ---- jobs ---------------------------------------------------------------------- */

static char *doctor_job(const char *path, const char *text, const char *argument,
			enum fusescen_verdict *verdict)
{
	(void)path;
	(void)text;
	(void)argument;
	*verdict = FUSESCEN_PASS;
	return fusescen_list("doctor");
}

/* The words of struct guest_job.  path and text are those of the task's
 * file, or NULL.  What a function returns becomes the text of the result,
 * and is freed. */
static const struct {
	const char *word;
	char *(*run)(const char *path, const char *text, const char *argument,
		     enum fusescen_verdict *verdict);
} jobs[] = {
	{ "bench", bench_job },
	{ "doctor", doctor_job },
	{ "explore", explore_job },
	{ "mutant", mutant_job },
	{ "reach", reach_job },
};

static void run_job(int channel, const struct plan *p, const struct plan_task *t)
{
	bool has_file = t->file != NO_FILE;
	enum fusescen_verdict verdict = FUSESCEN_ERROR;
	char *text = NULL;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(jobs); i++)
		if (strcmp(jobs[i].word, t->word) == 0)
			text = jobs[i].run(has_file ? p->names[t->file] : NULL,
					   has_file ? p->texts[t->file] : NULL,
					   t->argument, &verdict);
	send_made(channel, t->point, verdict, "", text ? text : "no such job");
	free(text);
}

/* ---- the plan ------------------------------------------------------------------ */

/* Says on the channel and on the console that a run starts, so that the lines
 * on the console can be told apart by runs. */
static void send_start(int channel, uint64_t point)
{
	char *line = xasprintf("<4>" CONSOLE_MARKER "\n", (size_t)point);
	int kmsg = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
	struct frame f;

	if (kmsg < 0 || write(kmsg, line, strlen(line)) < 0)
		note(channel, xasprintf("/dev/kmsg: %s", strerror(errno)));
	close(kmsg);
	free(line);
	frame_begin(&f, FRAME_START);
	frame_number(&f, point);
	frame_send(&f, channel);
}

/* A file is loaded when it is needed, and kept while its cases follow one
 * another. */
static int run_plan(int channel)
{
	fusescen_file *file = NULL;
	uint64_t loaded = UINT64_MAX;
	struct plan p;
	size_t i;

	if (plan_read(&p, "/" GUEST_PLAN)) {
		note(channel, xstrdup("the plan is not readable"));
		plan_free(&p);
		return 1;
	}
	for (i = 0; i < p.n_tasks; i++) {
		const struct plan_task *t = &p.tasks[i];

		send_start(channel, t->point);
		if (t->word) {
			run_job(channel, &p, t);
			continue;
		}
		if (t->file != loaded) {
			fusescen_free(file);
			file = fusescen_load_text(p.names[t->file], p.texts[t->file],
						  strlen(p.texts[t->file]));
			loaded = t->file;
		}
		run_case(channel, &p, t, file);
	}
	fusescen_free(file);
	plan_free(&p);
	send_text(channel, FRAME_BYE, NULL);
	return 0;
}

static pid_t start_plan(int channel)
{
	const struct rlimit no_core = { 0, RLIM_INFINITY };
	sigset_t none;
	pid_t pid = fork();

	if (pid)
		return pid;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setsid();
	setrlimit(RLIMIT_CORE, &no_core);
	_exit(run_plan(channel));
}

/* Reaps every process that ends, and shows that this machine is alive.  When
 * the plan is done, the program outside ends the machine. */
static _Noreturn void watch(int channel, pid_t plan, const sigset_t *signals)
{
	const struct timespec second = { 1, 0 };
	int status;
	pid_t pid;

	for (;;) {
		sigtimedwait(signals, NULL, &second);
		send_text(channel, FRAME_ALIVE, NULL);
		while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
			if (pid != plan || status == 0)
				continue;
			note(channel, WIFSIGNALED(status) ?
			     xasprintf("the process that does the tasks died: %s",
				    strsignal(WTERMSIG(status))) :
			     xasprintf("the process that does the tasks gave up: %d",
				    WEXITSTATUS(status)));
			tcdrain(channel);
			reboot(RB_AUTOBOOT);
		}
	}
}

static int guest_main(const struct command *self, int argc, char **argv)
{
	struct utsname u;
	sigset_t signals;
	int channel;

	(void)argc;
	(void)argv;
	if (getpid() != 1) {
		put_error("%s is for the first process of a virtual machine: see "
			  "run --kernel", self->name);
		return STATUS_ERROR;
	}
	mount_some(0, N_EARLY);
	channel = open_channel();
	if (channel < 0) {
		put_error(CHANNEL ": %s", strerror(errno));
		reboot(RB_AUTOBOOT);
	}
	uname(&u);
	send_text(channel, FRAME_HELLO, u.release);
	load_modules(channel);
	mount_some(N_EARLY, N_MOUNTS);
	/* from suspend to idle (vm/worker.c) */
	set(CHANNEL_WAKES, "enabled");
	/* so that groups of actors can have limits (lib/run/groups.c) */
	set("/sys/fs/cgroup/cgroup.subtree_control", "+memory");
	setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
	setenv("HOME", "/root", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	sigfillset(&signals);
	sigprocmask(SIG_SETMASK, &signals, NULL);
	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	watch(channel, start_plan(channel), &signals);
}

const struct command command_guest = {
	"guest", NULL, "the first process of a virtual machine", options, guest_main,
};
