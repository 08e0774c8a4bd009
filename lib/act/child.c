/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The actor process: shut itself into the sandbox, then one thread per actor
 * that gives up what no call of the scenario needs, takes a command, makes the
 * call, and says so.  It never ends by itself except when the conductor is gone.
 *
 * How signals act here (what `signal:` in a scenario counts on):
 *   SIGUSR1, SIGALRM, SIGHUP, SIGIO	interrupt a call (EINTR)
 *   SIGUSR2				interrupt it, and it is restarted
 *   SIGXFSZ				caught: the write gives EFBIG
 *   SIGPIPE				ignored: the write gives EPIPE
 *   SIGBUS, SIGSEGV			of an access: the call's result
 * All others do what they do to a program that knows nothing of them.
 */
#include "config.h"

#include "act/child.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "act/actors.h"
#include "act/stress.h"
#include "act/calls/calls.h"
#include "act/calls/idmaps.h"
#include "act/calls/syscalls.h"
#include "act/calls/vars.h"
#include "base/cgroups.h"
#include "base/child.h"
#include "base/confine.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/namespaces.h"
#include "base/units.h"

/* On these architectures the plain numbers are still those for ids of 16
 * bits. */
#ifdef SYS_setresuid32
#define SYS_SETGROUPS	SYS_setgroups32
#define SYS_SETRESGID	SYS_setresgid32
#define SYS_SETRESUID	SYS_setresuid32
#else
#define SYS_SETGROUPS	SYS_setgroups
#define SYS_SETRESGID	SYS_setresgid
#define SYS_SETRESUID	SYS_setresuid
#endif

/* What all threads of the process have in common. */
struct process {
	const struct child_setup *setup;
	struct vars *vars;
	int drop_caches_fd, reclaim_fd, power_fd, alarm_fd;
	struct idmaps *idmaps;
	int mountinfo_fd;
};

struct thread_start {
	const struct process *p;
	int actor;
};

/* Only a whole message is ever written (it is below PIPE_BUF). */
static void send_msg(const struct child_setup *s, const struct msg *m)
{
	while (write(s->events_fd, m, sizeof(*m)) < 0) {
		if (errno != EINTR)
			_exit(0);	/* the conductor is gone */
	}
}

/* Tell why this actor cannot start, and wait to be killed. */
_Noreturn static void fail(const struct child_setup *s, int actor,
			   const char *what, int err)
{
	struct msg m = { .kind = MSG_FAILED, .actor = actor, .what = what,
			 .err = err };

	send_msg(s, &m);
	for (;;)
		pause();
}

/* ---- a thread ------------------------------------------------------------------ */

/*
 * Raw calls, because libc's change the ids of all threads of a process, and
 * actors of one process may have different ones.
 */
static void take_ids(const struct child_setup *s, int actor)
{
	const struct actor_spec *spec = &s->sc->actors[actor];

	if (!spec->has_ids && !(spec->namespaces & NS_USER))
		return;
	/* in a user namespace there may be no groups to give up */
	if (syscall(SYS_SETGROUPS, spec->n_groups, spec->groups) &&
	    (errno != EPERM || spec->n_groups))
		fail(s, actor, "setgroups", errno);
	if (syscall(SYS_SETRESGID, spec->gid, spec->gid, spec->gid))
		fail(s, actor, "setresgid", errno);
	if (syscall(SYS_SETRESUID, spec->uid, spec->uid, spec->uid))
		fail(s, actor, "setresuid", errno);
}

static void pin(const struct child_setup *s, int actor)
{
	int cpu = s->sc->actors[actor].cpu;
	const size_t size = CPU_ALLOC_SIZE(LIMIT_CPUS);
	auto_free cpu_set_t *set = NULL;

	if (cpu == NONE)
		return;
	/* a cpu_set_t of libc's ends at 1024 */
	set = xcalloc(1, size);
	CPU_SET_S((unsigned)cpu, size, set);
	if (sched_setaffinity(0, size, set))
		fail(s, actor, "sched_setaffinity", errno);
}

/* False: the conductor is gone. */
static bool next_command(int fd)
{
	char c;
	ssize_t n;

	do {
		n = read(fd, &c, 1);
	} while (n < 0 && errno == EINTR);
	return n == 1;
}

/* One call, or a stress step's many. */
static void obey(const struct process *p, int actor)
{
	const struct child_setup *s = p->setup;
	struct slot *slot = slot_at(s->slots, (size_t)actor);
	const struct step *step = slot->step;
	struct call_cx cx = {
		.sc = s->sc,
		.use = &step->call,
		.vars = p->vars,
		.slot = slot,
		.slots = s->slots,
		.seq = s->seq,
		.letter = actor_letter(s->sc, actor),
		.drop_caches_fd = p->drop_caches_fd,
		.reclaim_fd = p->reclaim_fd,
		.power_fd = p->power_fd,
		.alarm_fd = p->alarm_fd,
		.idmaps = p->idmaps,
		.root = s->root,
		.mountinfo_fd = p->mountinfo_fd,
		.alive_fd = s->events_fd,
	};
	struct msg m = { .kind = MSG_CALL, .actor = actor };

	m.at_ns = clock_ns();
	m.seq = atomic_fetch_add(s->seq, 1) + 1;
	send_msg(s, &m);
	if (step->kind == STEP_STRESS)
		stress_run(&cx, s->slots, s->sc->n_actors, actor, step);
	else
		call_run(&cx);
	m.kind = MSG_RETURN;
	m.at_ns = cx.end_ns;
	m.seq = cx.end_seq;
	send_msg(s, &m);
}

/* For good, before the first call.  Where the kernel has no seccomp, which only
 * makes it harder to do harm, the actor goes on without. */
static void confine(const struct child_setup *s, int actor)
{
	int numbers[SYSCALLS_MAX];
	size_t n = syscalls_of(s->limits->calls, numbers);
	int err = confine_capabilities(s->limits->capabilities);

	if (err)
		fail(s, actor, "capset", err);
	confine_calls(numbers, n, DENIED_ENOSYS);
}

_Noreturn static void serve(const struct process *p, int actor)
{
	const struct child_setup *s = p->setup;
	struct msg m = { .kind = MSG_READY, .actor = actor,
			 .tid = (pid_t)syscall(SYS_gettid) };

	confine(s, actor);
	send_msg(s, &m);
	while (next_command(s->commands[actor]))
		obey(p, actor);
	_exit(0);
}

static void *thread_main(void *arg)
{
	struct thread_start start = *(struct thread_start *)arg;

	free(arg);
	pin(start.p->setup, start.actor);
	take_ids(start.p->setup, start.actor);
	serve(start.p, start.actor);
}

/* ---- the process --------------------------------------------------------------- */

static void nothing(int sig)
{
	(void)sig;
}

static void catch(int sig, int flags)
{
	struct sigaction sa = { .sa_handler = nothing, .sa_flags = flags };

	sigemptyset(&sa.sa_mask);
	sigaction(sig, &sa, NULL);
}

static void set_signals(void)
{
	static const int interrupting[] = {
		SIGUSR1, SIGALRM, SIGHUP, SIGIO, SIGXFSZ,
	};
	sigset_t none;
	size_t i;
	int sig;

	for (sig = 1; sig < NSIG; sig++)
		signal(sig, SIG_DFL);
	for (i = 0; i < ARRAY_SIZE(interrupting); i++)
		catch(interrupting[i], 0);
	catch(SIGUSR2, SA_RESTART);
	signal(SIGPIPE, SIG_IGN);
	call_catch_faults();
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void null_stdio(const struct child_setup *s)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	int i;

	if (fd < 0)
		fail(s, s->first, "open /dev/null", errno);
	for (i = 0; i <= 2; i++) {
		if (dup2(fd, i) < 0)
			fail(s, s->first, "dup2", errno);
	}
}

/* -1: it is in no other one. */
static int user_ns(const struct child_setup *s)
{
	return s->sc->actors[s->first].namespaces & NS_USER ? s->ns->user_fd : -1;
}

static bool is_ours(const struct process *p, int fd)
{
	const struct child_setup *s = p->setup;
	size_t i;

	if (fd <= 2 || fd == s->events_fd || fd == p->drop_caches_fd ||
	    fd == s->groups || fd == user_ns(s))
		return true;
	for (i = 0; i < s->sc->n_actors; i++) {
		if (s->sc->actors[i].process == s->first && fd == s->commands[i])
			return true;
	}
	return false;
}

/* Close every descriptor but those that this process needs: an inherited one
 * would keep a mount busy or a pipe from ending. */
static void close_others(const struct process *p)
{
	const struct child_setup *s = p->setup;
	int top = p->drop_caches_fd, fd;
	size_t i;

	top = s->events_fd > top ? s->events_fd : top;
	top = user_ns(s) > top ? user_ns(s) : top;
	top = s->groups > top ? s->groups : top;
	for (i = 0; i < s->sc->n_actors; i++)
		top = s->commands[i] > top ? s->commands[i] : top;
	for (fd = 3; fd <= top; fd++) {
		if (!is_ours(p, fd))
			close(fd);
	}
	if (syscall(SYS_close_range, (unsigned)top + 1, ~0u, 0))
		fail(s, s->first, "close_range", errno);
}

static void enter_sandbox(const struct child_setup *s)
{
	const struct rlimit no_core = { 0, 0 };

	if (chroot(s->root))
		fail(s, s->first, "chroot", errno);
	if (chdir("/"))
		fail(s, s->first, "chdir", errno);
	if (user_ns(s) >= 0) {
		if (namespaces_enter(s->ns, NS_USER))
			fail(s, s->first, "setns", errno);
		close(user_ns(s));
	}
	setrlimit(RLIMIT_CORE, &no_core);
	/* the usual one, whatever the user's is: CREATE carries it */
	umask(022);
}

/* From here on the process can be frozen, and its memory be taken. */
static void join_group(struct process *p)
{
	const struct child_setup *s = p->setup;
	const char *name = s->sc->actors[s->first].name;
	auto_free char *reclaim = xasprintf("%s/memory.reclaim", name);
	int err;

	if (s->groups < 0)
		return;
	err = cgroup_join(s->groups, name);
	if (err)
		fail(s, s->first, "cgroup.procs", err);
	if (s->limits->calls[CALL_reclaim])
		p->reclaim_fd = openat(s->groups, reclaim, O_WRONLY | O_CLOEXEC);
	close(s->groups);
}

/* The machine's files that its calls are about: ways out of the sandbox, which
 * take a number or a word. */
static void open_machine(struct process *p)
{
	const bool *may = p->setup->limits->calls;

	if (may[CALL_mountinfo])
		p->mountinfo_fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
	if (!may[CALL_suspend])
		return;
	p->power_fd = open(SUSPEND_FILE, O_WRONLY | O_CLOEXEC);
	p->alarm_fd = open(SUSPEND_ALARM, O_WRONLY | O_CLOEXEC);
}

static void start_threads(const struct process *p)
{
	const struct child_setup *s = p->setup;
	size_t i;

	for (i = 0; i < s->sc->n_actors; i++) {
		struct thread_start *start;
		pthread_t thread;
		int err;

		if (s->sc->actors[i].process != s->first || (int)i == s->first)
			continue;
		start = xcalloc(1, sizeof(*start));
		*start = (struct thread_start){ p, (int)i };
		err = pthread_create(&thread, NULL, thread_main, start);
		if (err)
			fail(s, (int)i, "pthread_create", err);
	}
}

_Noreturn void child_main(const struct child_setup *setup)
{
	struct process p = { .setup = setup, .drop_caches_fd = -1,
			     .mountinfo_fd = -1, .reclaim_fd = -1, .power_fd = -1,
			     .alarm_fd = -1 };

	die_with(setup->parent);
	setsid();
	set_signals();
	null_stdio(setup);
	p.drop_caches_fd = setup->limits->calls[CALL_drop_caches] ?
		open("/proc/sys/vm/drop_caches", O_WRONLY | O_CLOEXEC) : -1;
	close_others(&p);
	p.idmaps = idmaps_new(setup->sc);
	open_machine(&p);
	join_group(&p);
	enter_sandbox(setup);
	atomic_store(&slot_at(setup->slots, (size_t)setup->first)->own_pid, getpid());
	p.vars = vars_new(setup->sc->n_vars);
	/* before this thread gives up the right to have other ids */
	start_threads(&p);
	pin(setup, setup->first);
	take_ids(setup, setup->first);
	/* a change of ids takes the first one back (kernel/cred.c) */
	die_with(setup->parent);
	serve(&p, setup->first);
}
