/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Threads as /proc shows them: a child that sleeps in a pipe, one that runs,
 * one that is gone. */
#include "config.h"

#include "act/procstat.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/units.h"
#include "tests/unit/unit.h"

/* A child that runs body() until it is killed. */
static pid_t child(void (*body)(int fd), int fd)
{
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		body(fd);
		_exit(0);
	}
	return pid;
}

static void read_byte(int fd)
{
	char c;

	while (read(fd, &c, 1) == 1)
		;
}

static void spin(int fd)
{
	(void)fd;
	for (;;)
		__asm__ volatile("" ::: "memory");
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
}

/* Until the thread is in this state; how it is then. */
static struct thread_look await_state(pid_t pid, char state)
{
	uint64_t deadline = clock_ns() + 30 * NS_PER_S;
	struct thread_look l;

	do {
		ck_assert_int_eq(thread_look(pid, &l), 0);
		if (l.state == state)
			return l;
		usleep(1000);
	} while (clock_ns() < deadline);
	ck_abort_msg("state %c instead of %c", l.state, state);
}

START_TEST(sleeping)
{
	struct thread_look before, after;
	int fds[2];
	pid_t pid;

	ck_assert_int_eq(pipe(fds), 0);
	pid = child(read_byte, fds[0]);
	before = await_state(pid, 'S');
	ck_assert_uint_gt(before.switches, 0);
	/* it sleeps on: no switch; it is woken: at least one */
	usleep(20000);
	after = await_state(pid, 'S');
	ck_assert_uint_eq(after.switches, before.switches);
	ck_assert_int_eq(write(fds[1], "x", 1), 1);
	do {
		after = await_state(pid, 'S');
	} while (after.switches == before.switches);
	ck_assert_uint_gt(after.switches, before.switches);
	end(pid);
}
END_TEST

START_TEST(running_and_stopped)
{
	pid_t pid = child(spin, -1);
	auto_buf struct buf b = BUF_INIT;

	await_state(pid, 'R');
	kill(pid, SIGSTOP);
	await_state(pid, 'T');
	kill(pid, SIGKILL);
	await_state(pid, 'Z');
	ck_assert(!thread_stack(pid, &b));
	ck_assert_str_eq(buf_str(&b), "");
	end(pid);
}
END_TEST

START_TEST(gone)
{
	struct thread_look l = { 'S', 7 };
	auto_buf struct buf b = BUF_INIT;
	pid_t pid = child(read_byte, -1);

	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	ck_assert_int_eq(thread_look(pid, &l), ESRCH);
	ck_assert_int_eq(l.state, 0);
	ck_assert_uint_eq(l.switches, 0);
	ck_assert(!thread_stack(pid, &b));
	ck_assert_str_eq(buf_str(&b), "");
}
END_TEST

/* Where the kernel shows stacks: it does to root, but not in a container. */
static bool stacks_are_shown(pid_t pid)
{
	auto_free char *path = xasprintf("/proc/%d/stack", (int)pid);
	auto_close int fd = open(path, O_RDONLY);
	char c;

	return fd >= 0 && read(fd, &c, 1) == 1;
}

/* Names only, the pipe's first, nothing of how it got there or sleeps. */
static void check_names(const char *text)
{
	static const char *const never[] = {
		"+0x", "[<", "]", "__x64_sys", "do_syscall", "entry_SYSCALL",
		"schedule", "\n",
	};
	size_t i;

	ck_assert_ptr_nonnull(strstr(text, "pipe"));
	for (i = 0; i < ARRAY_SIZE(never); i++)
		ck_assert_msg(!strstr(text, never[i]), "%s in %s", never[i], text);
}

START_TEST(stack)
{
	auto_buf struct buf b = BUF_INIT;
	int fds[2];
	pid_t pid;

	ck_assert_int_eq(pipe(fds), 0);
	pid = child(read_byte, fds[0]);
	await_state(pid, 'S');
	if (thread_stack(pid, &b))
		check_names(buf_str(&b));
	else
		ck_assert_str_eq(buf_str(&b), "");
	if (stacks_are_shown(pid))
		ck_assert_ptr_nonnull(strstr(buf_str(&b), " < vfs_read"));
	end(pid);
}
END_TEST

/* It adds to what is there, as every printer does. */
START_TEST(stack_appends)
{
	auto_buf struct buf b = BUF_INIT;
	int fds[2];
	pid_t pid;

	ck_assert_int_eq(pipe(fds), 0);
	pid = child(read_byte, fds[0]);
	await_state(pid, 'S');
	buf_puts(&b, "stack: ");
	thread_stack(pid, &b);
	ck_assert_int_eq(strncmp(buf_str(&b), "stack: ", 7), 0);
	end(pid);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("procstat");
	TCase *tc = tcase_create("procstat");

	tcase_add_test(tc, sleeping);
	tcase_add_test(tc, running_and_stopped);
	tcase_add_test(tc, gone);
	tcase_add_test(tc, stack);
	tcase_add_test(tc, stack_appends);
	suite_add_tcase(s, tc);
	return unit_main(s);
}
