/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Actors as processes: how they start, what they share, how they are
 * interrupted and killed, and in which order the log hears of it. */
#include "config.h"

#include "act/actors.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include "act/procstat.h"
#include "act/actors_impl.h"
#include "base/lock.h"
#include "tests/unit/build_calls.h"
#include "tests/unit/unit.h"

enum { APP, BEN, CAT };		/* actors */
enum { FD, OTHER };		/* variables */

static void start(struct world *w)
{
	int err = 0;
	const char *what = world_start_error(w, &err);

	ck_assert_msg(!what, "%s: %s", what, strerror(err));
}

static struct world *started(size_t n_actors)
{
	struct world *w = world_new(n_actors);

	start(w);
	return w;
}

static void finish(struct world *w)
{
	ck_assert_uint_eq(world_free(w), 0);
}

static struct actor_look look(struct world *w, int actor)
{
	struct actor_look l;

	actor_look(w->as, actor, &l);
	return l;
}

/* The call has been made, and sleeps in the kernel. */
static void await_sleep(struct world *w, int actor)
{
	uint64_t deadline = clock_ns() + 30 * NS_PER_S;
	struct thread_look before = { 0 }, now = { 0 };
	auto_buf struct buf stack = BUF_INIT;

	while (clock_ns() < deadline) {
		ck_assert(look(w, actor).in_call);
		ck_assert_int_eq(thread_look(look(w, actor).tid, &now), 0);
		buf_clear(&stack);
		thread_stack(look(w, actor).tid, &stack);
		/* asleep in the call, not in what brings the command */
		if (now.state == 'S' && before.state == 'S' &&
		    now.switches == before.switches &&
		    !strstr(buf_str(&stack), "recv"))
			return;
		before = now;
		usleep(5000);
	}
	ck_abort_msg("state %c, %s", now.state, buf_str(&stack));
}

/* The i-th event of a kind about an actor, in order; NULL if there is none. */
static const struct event *find_event(struct world *w, enum event_kind kind,
				      int actor, unsigned i)
{
	size_t n;
	auto_free const struct event **all = evlog_sorted(w->log, &n);
	size_t k;

	for (k = 0; k < n; k++) {
		if (all[k]->kind == kind && all[k]->actor == actor && !i--)
			return all[k];
	}
	return NULL;
}

static const struct event *await_nth(struct world *w, enum event_kind kind,
				     int actor, unsigned i)
{
	uint64_t deadline = clock_ns() + 30 * NS_PER_S;
	size_t seen = 0;

	while (!find_event(w, kind, actor, i)) {
		ck_assert_msg(evlog_wait_news(w->log, &seen, deadline),
			      "no event %d of actor %d", kind, actor);
	}
	return find_event(w, kind, actor, i);
}

static const struct event *await_event(struct world *w, enum event_kind kind,
				       int actor)
{
	return await_nth(w, kind, actor, 0);
}

/* ---- start --------------------------------------------------------------------- */

START_TEST(processes_and_threads)
{
	struct world *w = world_new(3);

	w->specs[CAT].process = APP;
	start(w);
	ck_assert(look(w, APP).alive);
	ck_assert(look(w, BEN).alive);
	ck_assert(look(w, CAT).alive);
	ck_assert_int_eq(look(w, APP).tid, look(w, APP).pid);
	ck_assert_int_ne(look(w, BEN).pid, look(w, APP).pid);
	ck_assert_int_eq(look(w, CAT).pid, look(w, APP).pid);
	ck_assert_int_ne(look(w, CAT).tid, look(w, APP).tid);
	ck_assert(!look(w, APP).in_call);
	ck_assert_ptr_null(look(w, APP).step);
	ck_assert_uint_eq(look(w, APP).calls, 0);
	ck_assert_ptr_null(actor_outcome(w->as, APP));
	ck_assert_int_eq(getsid(look(w, APP).pid), look(w, APP).pid);
	finish(w);
}
END_TEST

START_TEST(nobody)
{
	finish(started(0));
}
END_TEST

START_TEST(letters)
{
	struct world *w = world_new(2);

	w->specs[BEN].name = "2nd";
	ck_assert_int_eq(actor_letter(&w->sc, APP), 'a');
	ck_assert_int_eq(actor_letter(&w->sc, BEN), 'n');
	w->specs[BEN].name = "17";
	ck_assert_int_eq(actor_letter(&w->sc, BEN), 'x');
	finish(w);
}
END_TEST

START_TEST(no_such_root)
{
	struct world *w = world_new(2);
	const char *what = NULL;
	int err = 0;

	ck_assert_ptr_null(actors_spawn(&w->sc, "/nowhere", world_limits(), NULL, -1, w->seq, &err,
					&what));
	ck_assert_str_eq(what, "chroot");
	ck_assert_int_eq(err, ENOENT);
	finish(w);
	/* nobody is left behind, not even as a zombie */
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
	ck_assert_int_eq(errno, ECHILD);
}
END_TEST

/* The second one fails; the first one had started. */
START_TEST(no_such_cpu)
{
	struct world *w = world_new(2);
	int err = 0;

	w->specs[BEN].cpu = CPU_SETSIZE - 1;
	ck_assert_str_eq(world_start_error(w, &err), "sched_setaffinity");
	ck_assert_int_eq(err, EINVAL);
	finish(w);
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
}
END_TEST

START_TEST(pinned)
{
	struct world *w = world_new(2);
	cpu_set_t set, own;
	int cpu = 0;

	ck_assert_int_eq(sched_getaffinity(0, sizeof(own), &own), 0);
	while (!CPU_ISSET(cpu, &own))
		cpu++;
	w->specs[BEN].process = APP;
	w->specs[BEN].cpu = cpu;
	start(w);
	ck_assert_int_eq(sched_getaffinity(look(w, BEN).tid, sizeof(set), &set), 0);
	ck_assert_int_eq(CPU_COUNT(&set), 1);
	ck_assert(CPU_ISSET(cpu, &set));
	ck_assert_int_eq(sched_getaffinity(look(w, APP).tid, sizeof(set), &set), 0);
	ck_assert(CPU_EQUAL(&set, &own));
	finish(w);
}
END_TEST

/* A thread has ids of its own; what it creates shows them.  In a user
 * namespace there are no other ids. */
START_TEST(ids)
{
	struct world *w = world_new(2);
	const char *what;
	struct stat st;
	int err = 0;

	w->specs[BEN].process = APP;
	w->specs[BEN].has_ids = true;
	w->specs[BEN].uid = 1234;
	w->specs[BEN].gid = 567;
	what = world_start_error(w, &err);
	if (what) {
		ck_assert_int_eq(err, EINVAL);
		finish(w);
		return;
	}
	CALL(w, APP, creat, NONE, P("/app"), N(0600));
	CALL(w, BEN, creat, NONE, P("/ben"), N(0600));
	ck_assert_int_eq(stat(world_path(w, "/app"), &st), 0);
	ck_assert_uint_eq(st.st_uid, 0);
	ck_assert_int_eq(stat(world_path(w, "/ben"), &st), 0);
	ck_assert_uint_eq(st.st_uid, 1234);
	ck_assert_uint_eq(st.st_gid, 567);
	ck_assert_int_eq(CALL(w, BEN, open, NONE, P("/app"), N(O_RDONLY))->err, EACCES);
	ck_assert_int_eq(CALL(w, APP, open, NONE, P("/ben"), N(O_RDONLY))->ret, 0);
	finish(w);
}
END_TEST

/* Nothing of what the conductor had open: an inherited end of a pipe would
 * keep it from ending. */
START_TEST(inherits_no_descriptor)
{
	struct world *w = world_new(2);
	struct pollfd p = { .events = POLLIN };
	int fds[2], high;

	ck_assert_int_eq(pipe(fds), 0);
	high = fcntl(fds[1], F_DUPFD, 700);
	ck_assert_int_ge(high, 700);
	start(w);
	close(fds[1]);
	close(high);
	p.fd = fds[0];
	ck_assert_int_eq(poll(&p, 1, 3000), 1);
	ck_assert_int_eq(p.revents, POLLHUP);
	close(fds[0]);
	finish(w);
}
END_TEST

/* The conductor was started with nothing open at all. */
START_TEST(without_stdio)
{
	struct world *w = world_new(2);
	int keep[3], i, err = 0;
	const char *what;

	for (i = 0; i < 3; i++) {
		keep[i] = fcntl(i, F_DUPFD, 10);
		close(i);
	}
	what = world_start_error(w, &err);
	if (!what)
		CALL(w, BEN, mkdir, NONE, P("/dir"), N(0755));
	for (i = 0; i < 3; i++) {
		if (keep[i] >= 0 && fcntl(i, F_GETFD) < 0)
			dup2(keep[i], i);
	}
	ck_assert_ptr_null(what);
	ck_assert_int_eq(access(world_path(w, "/dir"), F_OK), 0);
	finish(w);
}
END_TEST

START_TEST(usual_umask)
{
	struct world *w;
	struct stat st;

	umask(077);
	w = started(1);
	CALL(w, APP, mkdir, NONE, P("/dir"), N(0777));
	ck_assert_int_eq(stat(world_path(w, "/dir"), &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0755);
	finish(w);
}
END_TEST

/* The conductor is gone without a word: so are its actors. */
START_TEST(die_with_the_conductor)
{
	uint64_t deadline = clock_ns() + 30 * NS_PER_S;
	struct thread_look l;
	pid_t conductor, actor;
	int fds[2];

	ck_assert_int_eq(pipe(fds), 0);
	conductor = fork();
	if (conductor == 0) {
		struct world *w = started(2);

		actor = look(w, BEN).pid;
		nftw(w->root, world_rm, 16, FTW_DEPTH | FTW_PHYS);
		if (write(fds[1], &actor, sizeof(actor)) < 0)
			_exit(1);
		for (;;)
			pause();
	}
	ck_assert_int_eq(read(fds[0], &actor, sizeof(actor)), sizeof(actor));
	ck_assert_int_eq(thread_look(actor, &l), 0);
	ck_assert_int_eq(l.state, 'S');
	kill(conductor, SIGKILL);
	while (thread_look(actor, &l) == 0 && l.state != 'Z') {
		ck_assert(clock_ns() < deadline);
		usleep(1000);
	}
	ck_assert_int_eq(waitpid(conductor, NULL, 0), conductor);
}
END_TEST

/* ---- calls and the log ----------------------------------------------------------- */

START_TEST(a_call_and_its_events)
{
	struct world *w = started(2);
	const struct event *call, *ret;
	const struct outcome *o = CALL(w, BEN, mkdir, NONE, P("/dir"), N(0755));
	struct actor_look l = look(w, BEN);

	ck_assert_int_eq(o->ret, 0);
	ck_assert_uint_eq(l.calls, 1);
	ck_assert(!l.in_call);
	ck_assert_ptr_eq(l.step, &w->steps[0]);
	call = find_event(w, EV_CALL, BEN, 0);
	ret = find_event(w, EV_RETURN, BEN, 0);
	ck_assert_ptr_nonnull(call);
	ck_assert_ptr_nonnull(ret);
	ck_assert_uint_gt(call->seq, 0);
	ck_assert_uint_gt(ret->seq, call->seq);
	ck_assert_uint_ge(ret->at_ns, call->at_ns);
	ck_assert_ptr_eq(call->step, &w->steps[0]);
	ck_assert_ptr_eq(call->call, &w->steps[0].call);
	ck_assert_ptr_null(call->outcome);
	ck_assert_ptr_eq(ret->call, call->call);
	ck_assert_int_eq(ret->outcome->ret, 0);
	ck_assert_int_eq(call->mount, NONE);
	ck_assert_int_eq(call->gate, NONE);
	ck_assert_int_eq(call->note, NONE);
	ck_assert_int_eq((pid_t)call->pid, l.tid);
	ck_assert_ptr_null(find_event(w, EV_CALL, APP, 0));
	finish(w);
}
END_TEST

/* The log's outcome is its own: later calls do not change it. */
START_TEST(outcomes_stay)
{
	struct world *w = started(1);
	const struct event *ret;

	CALL(w, APP, symlink, NONE, T("first"), P("/l1"));
	CALL(w, APP, symlink, NONE, T("other"), P("/l2"));
	CALL(w, APP, readlink, NONE, P("/l1"));
	CALL(w, APP, readlink, NONE, P("/l2"));
	ret = find_event(w, EV_RETURN, APP, 2);
	ck_assert_uint_eq(ret->outcome->data_len, 5);
	ck_assert_mem_eq(ret->outcome->data, "first", 5);
	ck_assert_mem_eq(actor_outcome(w->as, APP)->data, "other", 5);
	finish(w);
}
END_TEST

START_TEST(threads_share_variables)
{
	struct world *w = world_new(3);

	w->specs[CAT].process = APP;
	start(w);
	ck_assert_int_eq(CALL(w, APP, creat, FD, P("/f"), N(0644))->ret, 0);
	ck_assert_int_eq(CALL(w, CAT, write, NONE, V(FD), B("hello"))->ret, 5);
	ck_assert_int_eq(CALL(w, BEN, write, NONE, V(FD), B("hello"))->err, EBADF);
	ck_assert_int_eq(CALL(w, CAT, close, NONE, V(FD))->ret, 0);
	ck_assert_int_eq(CALL(w, APP, close, NONE, V(FD))->err, EBADF);
	finish(w);
}
END_TEST

START_TEST(many_calls)
{
	struct world *w = started(2);
	unsigned i;

	for (i = 0; i < 200; i++) {
		ck_assert(START(w, APP, access, NONE, P("/"), N(R_OK)));
		ck_assert_int_eq(CALL(w, BEN, access, NONE, P("/no"), N(0))->err, ENOENT);
		ck_assert_int_eq(await_call(w, APP)->ret, 0);
	}
	ck_assert_uint_eq(look(w, APP).calls, 200);
	ck_assert_uint_eq(evlog_count(w->log), 800);
	finish(w);
}
END_TEST

/* ---- signals ------------------------------------------------------------------------ */

/* A world whose APP sits in open(2) of a FIFO that nobody writes to. */
static struct world *blocked(size_t n_actors)
{
	struct world *w = started(n_actors);

	ck_assert_int_eq(CALL(w, APP, mknod, NONE, P("/fifo"), N(S_IFIFO | 0644),
			      N(0))->ret, 0);
	ck_assert(START(w, APP, open, FD, P("/fifo"), N(O_RDONLY)));
	await_sleep(w, APP);
	return w;
}

START_TEST(one_call_at_a_time)
{
	struct world *w = blocked(1);

	ck_assert_uint_eq(look(w, APP).calls, 1);
	ck_assert(look(w, APP).in_call);
	ck_assert(!START(w, APP, access, NONE, P("/"), N(0)));
	ck_assert_ptr_eq(look(w, APP).step, &w->steps[1]);
	ck_assert_ptr_nonnull(await_nth(w, EV_CALL, APP, 1));
	ck_assert_ptr_null(find_event(w, EV_RETURN, APP, 1));
	finish(w);
}
END_TEST

START_TEST(interrupted)
{
	struct world *w = blocked(1);
	const int sigs[] = { SIGUSR1, SIGALRM, SIGHUP, SIGIO, SIGBUS, SIGSEGV };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sigs); i++) {
		ck_assert_int_eq(actor_signal(w->as, APP, sigs[i]), 0);
		ck_assert_int_eq(await_call(w, APP)->ret, -1);
		ck_assert_int_eq(actor_outcome(w->as, APP)->err, EINTR);
		ck_assert(START(w, APP, open, FD, P("/fifo"), N(O_RDONLY)));
		await_sleep(w, APP);
	}
	finish(w);
}
END_TEST

START_TEST(restarted)
{
	struct world *w = blocked(2);

	ck_assert_int_eq(actor_signal(w->as, APP, SIGUSR2), 0);
	await_sleep(w, APP);
	ck_assert_uint_eq(look(w, APP).calls, 1);
	ck_assert_int_eq(CALL(w, BEN, open, FD, P("/fifo"), N(O_WRONLY))->ret, 0);
	ck_assert_int_eq(await_call(w, APP)->ret, 0);
	finish(w);
}
END_TEST

/* Only the actor that is meant, not another thread of its process. */
START_TEST(one_thread_is_signalled)
{
	struct world *w = world_new(2);

	w->specs[BEN].process = APP;
	start(w);
	CALL(w, APP, mknod, NONE, P("/fifo"), N(S_IFIFO | 0644), N(0));
	START(w, APP, open, NONE, P("/fifo"), N(O_RDONLY));
	START(w, BEN, open, NONE, P("/fifo"), N(O_RDONLY));
	await_sleep(w, APP);
	await_sleep(w, BEN);
	ck_assert_int_eq(actor_signal(w->as, BEN, SIGUSR1), 0);
	ck_assert_int_eq(await_call(w, BEN)->err, EINTR);
	ck_assert(look(w, APP).in_call);
	finish(w);
}
END_TEST

/* An idle actor does not mind, and the next call is as ever. */
START_TEST(idle_and_signalled)
{
	struct world *w = started(1);

	ck_assert_int_eq(actor_signal(w->as, APP, SIGUSR1), 0);
	ck_assert_int_eq(actor_signal(w->as, APP, SIGBUS), 0);
	usleep(10000);
	ck_assert_int_eq(CALL(w, APP, access, NONE, P("/"), N(0))->ret, 0);
	ck_assert_int_eq(actor_signal(w->as, APP, 4711), EINVAL);
	finish(w);
}
END_TEST

/* The listener is kept from taking note of a return: somebody knows of it. */
START_TEST(said_and_not_heard)
{
	uint64_t deadline = clock_ns() + 30 * NS_PER_S;
	struct world *w = blocked(1);
	int fd;

	ck_assert(!actors_have_unread(w->as));
	mutex_lock(&w->as->lock);
	fd = open(world_path(w, "/fifo"), O_WRONLY);
	while (!actors_have_unread(w->as) && clock_ns() < deadline)
		usleep(1000);
	usleep(20000);
	ck_assert(actors_have_unread(w->as));
	mutex_unlock(&w->as->lock);
	await_call(w, APP);
	while (actors_have_unread(w->as) && clock_ns() < deadline)
		usleep(1000);
	ck_assert(!actors_have_unread(w->as));
	close(fd);
	finish(w);
}
END_TEST

/* ---- death --------------------------------------------------------------------------- */

START_TEST(killed_in_a_call)
{
	struct world *w = blocked(2);
	const struct event *exit_, *ret;

	ck_assert_int_eq(actor_signal(w->as, APP, SIGKILL), 0);
	ck_assert(await_call(w, APP)->killed);
	exit_ = await_event(w, EV_EXIT, APP);
	ck_assert_str_eq(exit_->text, "killed by SIGKILL");
	ret = find_event(w, EV_RETURN, APP, 1);
	ck_assert(ret->outcome->killed);
	ck_assert_ptr_eq(ret->step, &w->steps[1]);
	ck_assert_uint_lt(ret->seq, exit_->seq);
	ck_assert_uint_gt(ret->seq, find_event(w, EV_CALL, APP, 1)->seq);
	ck_assert(!look(w, APP).alive);
	ck_assert(!START(w, APP, access, NONE, P("/"), N(0)));
	ck_assert_int_eq(actor_signal(w->as, APP, SIGUSR1), ESRCH);
	ck_assert_int_eq(actor_signal(w->as, APP, SIGKILL), ESRCH);
	/* others live on */
	ck_assert_int_eq(CALL(w, BEN, access, NONE, P("/"), N(0))->ret, 0);
	finish(w);
}
END_TEST

START_TEST(killed_when_idle)
{
	struct world *w = started(1);

	CALL(w, APP, access, NONE, P("/"), N(0));
	ck_assert_int_eq(actor_signal(w->as, APP, SIGTERM), 0);
	ck_assert_str_eq(await_event(w, EV_EXIT, APP)->text, "killed by SIGTERM");
	ck_assert(!look(w, APP).alive);
	/* the last outcome is still that of the call it made */
	ck_assert(!actor_outcome(w->as, APP)->killed);
	ck_assert_ptr_null(find_event(w, EV_RETURN, APP, 1));
	finish(w);
}
END_TEST

/* A process dies with all its threads: both calls are over, one exit. */
START_TEST(threads_die_together)
{
	struct world *w = world_new(3);

	w->specs[CAT].process = APP;
	start(w);
	CALL(w, APP, mknod, NONE, P("/fifo"), N(S_IFIFO | 0644), N(0));
	START(w, CAT, open, NONE, P("/fifo"), N(O_RDONLY));
	START(w, APP, open, NONE, P("/fifo"), N(O_RDONLY));
	await_sleep(w, APP);
	await_sleep(w, CAT);
	ck_assert_int_eq(actor_signal(w->as, CAT, SIGKILL), 0);
	ck_assert(await_call(w, APP)->killed);
	ck_assert(await_call(w, CAT)->killed);
	await_event(w, EV_EXIT, APP);
	ck_assert_ptr_null(find_event(w, EV_EXIT, CAT, 0));
	ck_assert(!look(w, CAT).alive);
	ck_assert(look(w, BEN).alive);
	finish(w);
}
END_TEST

/* Idle, asleep in a call, stopped: actors_kill() ends them all. */
START_TEST(kill_leaves_nothing)
{
	struct world *w = blocked(3);
	pid_t pids[3];
	int i;

	for (i = 0; i < 3; i++)
		pids[i] = look(w, i).pid;
	kill(pids[BEN], SIGSTOP);
	ck_assert_uint_eq(actors_kill(w->as, clock_ns() + 30 * NS_PER_S, NULL, 0), 0);
	for (i = 0; i < 3; i++) {
		ck_assert_int_eq(kill(pids[i], 0), -1);
		ck_assert_int_eq(errno, ESRCH);
		ck_assert_ptr_nonnull(find_event(w, EV_EXIT, i, 0));
		ck_assert(!look(w, i).alive);
	}
	ck_assert(actor_outcome(w->as, APP)->killed);
	/* once more is no harm */
	ck_assert_uint_eq(actors_kill(w->as, clock_ns() + NS_PER_S, NULL, 0), 0);
	finish(w);
}
END_TEST

/* Who has not been reaped in time is named.  (One that cannot be killed needs
 * a server that does not answer; here the time is over before it began.) */
START_TEST(kill_says_who_stays)
{
	struct world *w = world_new(2);
	pid_t stuck[1] = { 0 };
	const char *what = NULL;
	int err = 0;
	unsigned n;

	/* no listener: nobody has reaped anything when the time is up */
	w->as = actors_spawn(&w->sc, w->root, world_limits(), NULL, -1, w->seq, &err, &what);
	ck_assert_ptr_nonnull(w->as);
	n = actors_kill(w->as, 0, stuck, 1);
	ck_assert_uint_eq(n, 2);
	ck_assert_int_eq(stuck[0], look(w, APP).pid);
	finish(w);
}
END_TEST

static Suite *actors_suite(void)
{
	Suite *s = suite_create("actors");
	TCase *tc = tcase_create("start");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, processes_and_threads);
	tcase_add_test(tc, nobody);
	tcase_add_test(tc, letters);
	tcase_add_test(tc, no_such_root);
	tcase_add_test(tc, no_such_cpu);
	tcase_add_test(tc, pinned);
	tcase_add_test(tc, ids);
	tcase_add_test(tc, inherits_no_descriptor);
	tcase_add_test(tc, without_stdio);
	tcase_add_test(tc, usual_umask);
	tcase_add_test(tc, die_with_the_conductor);
	suite_add_tcase(s, tc);

	tc = tcase_create("calls");
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, a_call_and_its_events);
	tcase_add_test(tc, outcomes_stay);
	tcase_add_test(tc, threads_share_variables);
	tcase_add_test(tc, many_calls);
	suite_add_tcase(s, tc);

	tc = tcase_create("signals");
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, one_call_at_a_time);
	tcase_add_test(tc, said_and_not_heard);
	tcase_add_test(tc, interrupted);
	tcase_add_test(tc, restarted);
	tcase_add_test(tc, one_thread_is_signalled);
	tcase_add_test(tc, idle_and_signalled);
	suite_add_tcase(s, tc);

	tc = tcase_create("death");
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, killed_in_a_call);
	tcase_add_test(tc, killed_when_idle);
	tcase_add_test(tc, threads_die_together);
	tcase_add_test(tc, kill_leaves_nothing);
	tcase_add_test(tc, kill_says_who_stays);
	suite_add_tcase(s, tc);
	return s;
}

int main(void)
{
	const char *why = world_may_chroot();

	if (why) {
		printf("1..0 # SKIP %s\n", why);
		return 0;
	}
	return unit_main(actors_suite());
}
