/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a process that has given up rights can still do: nothing else.  And which
 * rights a scenario leaves to whom. */
#include "config.h"

#include "base/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "act/actors.h"
#include "act/calls/syscalls.h"
#include "base/mem.h"
#include "load/load.h"
#include "model/privileges.h"
#include "tests/unit/unit.h"

/* The status of a child that does this. */
static int in_child(int (*body)(void))
{
	pid_t pid = fork();
	int status;

	ck_assert_int_ge(pid, 0);
	if (pid == 0)
		_exit(body());
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return status;
}

/* ---- system calls ------------------------------------------------------------ */

/* What a way out would need.  Arguments are such that none would do harm. */
static const struct {
	const char *name;
	long nr;
	long args[4];
} ways_out[] = {
	{ "socket", SYS_socket, { 2, 1 } },
	{ "kill", SYS_kill, { 0, 0 } },
	{ "tgkill", SYS_tgkill, { 1, 1, 0 } },
	{ "ptrace", SYS_ptrace, { 0 } },
	{ "bpf", SYS_bpf, { -1 } },
	{ "unshare", SYS_unshare, { 0 } },
	{ "setns", SYS_setns, { -1, 0 } },
	{ "mount", SYS_mount, { 0, 0, 0, 0 } },
	{ "pivot_root", SYS_pivot_root, { 0, 0 } },
	{ "chroot", SYS_chroot, { 0 } },
	{ "fchdir", SYS_fchdir, { 0 } },
	{ "setresuid", SYS_setresuid, { -1, -1, -1 } },
	{ "process_vm_readv", SYS_process_vm_readv, { 1 } },
	{ "pidfd_open", SYS_pidfd_open, { 1 } },
	{ "open_by_handle_at", SYS_open_by_handle_at, { -1, 0, 0 } },
	{ "mknodat", SYS_mknodat, { -1, 0, 0 } },
	{ "init_module", SYS_init_module, { 0, 0, 0 } },
	{ "reboot", SYS_reboot, { 0, 0, 0 } },
	{ "clone3", SYS_clone3, { 0, 0 } },
	{ "execve", SYS_execve, { 0, 0, 0 } },
};

static int try_ways_out(void)
{
	static const bool made[N_CALLS] = { [CALL_open] = true };
	int numbers[SYSCALLS_MAX];
	size_t n = syscalls_of(made, numbers), i;

	if (confine_calls(numbers, n, DENIED_ENOSYS))
		return 77;
	for (i = 0; i < sizeof(ways_out) / sizeof(ways_out[0]); i++) {
		const long *a = ways_out[i].args;

		if (syscall(ways_out[i].nr, a[0], a[1], a[2], a[3]) != -1 ||
		    errno != ENOSYS)
			return (int)i + 1;
	}
	return 0;
}

START_TEST(an_actor_makes_its_calls_only)
{
	int status = in_child(try_ways_out);

	ck_assert(WIFEXITED(status));
	status = WEXITSTATUS(status);
	if (status != 77)
		ck_assert_msg(!status, "%s is let through",
			      ways_out[status - 1].name);
}
END_TEST

static int fork_into_namespace(void)
{
	static const bool made[N_CALLS] = { [CALL_fork] = true };
	int numbers[SYSCALLS_MAX];
	size_t n = syscalls_of(made, numbers);
	pid_t pid;

	if (confine_calls(numbers, n, DENIED_ENOSYS))
		return 77;
	if (syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0) != -1 ||
	    errno != EPERM)
		return 1;
	pid = fork();
	if (pid == 0)
		_exit(0);
	return pid > 0 && waitpid(pid, NULL, 0) == pid ? 0 : 2;
}

START_TEST(a_fork_makes_no_namespace)
{
	int status = in_child(fork_into_namespace);

	ck_assert(WIFEXITED(status));
	if (WEXITSTATUS(status) != 77)
		ck_assert_int_eq(WEXITSTATUS(status), 0);
}
END_TEST

/* ---- files ------------------------------------------------------------------- */

static bool refuses(int result)
{
	return result == -1 && errno == EACCES;
}

/* In a directory that has the directories "in" and "out", and the file "in/f". */
static int stay_inside(void)
{
	int set = confine_files_new();
	int in = open("in", O_PATH | O_DIRECTORY);
	int before = open("out", O_RDONLY | O_DIRECTORY);

	if (set < 0)
		return 77;
	if (confine_files_allow(set, in) || confine_files(set))
		return 1;
	if (!refuses(open("out", O_RDONLY)) || !refuses(open("/etc/passwd", O_RDONLY)))
		return 2;
	if (!refuses(openat(before, "f", O_WRONLY | O_CREAT, 0600)))
		return 3;
	if (open("in/f", O_RDWR) < 0 || mkdir("in/d", 0700) ||
	    link("in/f", "in/d/g") || rename("in/d/g", "in/h"))
		return 4;
	if (rename("in/f", "out/f") != -1 || link("in/f", "out/f") != -1)
		return 5;
	/* beneath it is where it is, and not how it is named */
	if (symlink("../out", "in/l") || !refuses(open("in/l", O_RDONLY)))
		return 6;
	return syscall(SYS_mount, "in", "in", "", MS_BIND, NULL) != -1 ? 7 : 0;
}

START_TEST(a_server_stays_in_its_directory)
{
	char dir[] = "/tmp/fusescen-confine-XXXXXX";
	auto_free char *clean = NULL;
	int status;

	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(chdir(dir) | mkdir("in", 0700) | mkdir("out", 0700), 0);
	ck_assert_int_eq(close(open("in/f", O_WRONLY | O_CREAT, 0600)), 0);
	status = in_child(stay_inside);
	clean = xasprintf("rm -rf %s", dir);
	ck_assert_int_eq(system(clean), 0);
	ck_assert(WIFEXITED(status));
	if (WEXITSTATUS(status) != 77)
		ck_assert_int_eq(WEXITSTATUS(status), 0);
}
END_TEST

/* ---- capabilities ---------------------------------------------------------------- */

static int keep_one(void)
{
	uint64_t before = confine_capabilities_now();
	uint64_t one = CAPABILITY(CAP_DAC_OVERRIDE);

	if (confine_capabilities(one) || confine_capabilities_now() != (before & one))
		return 1;
	/* and none comes back */
	if (confine_capabilities(UINT64_MAX) ||
	    confine_capabilities_now() != (before & one))
		return 2;
	return syscall(SYS_chroot, "/") == -1 && errno == EPERM ? 0 : 3;
}

START_TEST(capabilities_do_not_come_back)
{
	int status = in_child(keep_one);

	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 0);
}
END_TEST

#define FILES	(CAPABILITY(CAP_CHOWN) | CAPABILITY(CAP_DAC_OVERRIDE) |	\
		 CAPABILITY(CAP_FOWNER) | CAPABILITY(CAP_FSETID))

static const struct {
	const char *steps;
	uint64_t more;
} kept_for[] = {
	{ "app: stat(\"/data\")", 0 },
	{ "app: mknod(\"/p\", 0010644)", 0 },
	{ "app: mknod(\"/d\", 0060644, 1)", CAPABILITY(CAP_MKNOD) },
	{ "app: mknod(\"/d\", 0020644, 1)", CAPABILITY(CAP_MKNOD) },
	{ "app: renameat2(\"/a\", \"/b\", RENAME_NOREPLACE)", 0 },
	{ "app: renameat2(\"/a\", \"/b\", RENAME_WHITEOUT)", CAPABILITY(CAP_MKNOD) },
	{ "app: m = mmap(f, 4K, 0, PROT_READ, MAP_SHARED)", 0 },
	{ "app: m = mmap(f, 4K, 0, PROT_READ, MAP_SHARED|MAP_LOCKED)",
	  CAPABILITY(CAP_IPC_LOCK) },
	{ "app: umount(\"/\")", CAPABILITY(CAP_SYS_ADMIN) },
	{ "app: remount(\"/\", MS_RDONLY)", CAPABILITY(CAP_SYS_ADMIN) },
	{ "app: mount_idmapped(\"/\", \"/d\", 0, 1)", CAPABILITY(CAP_SYS_ADMIN) },
	{ "app: setxattr(\"/a\", \"user.x\", \"y\")", 0 },
	{ "app: setxattr(\"/a\", \"trusted.x\", \"y\")", CAPABILITY(CAP_SYS_ADMIN) },
	{ "app: setxattr(\"/a\", \"security.capability\", \"y\")",
	  CAPABILITY(CAP_SETFCAP) },
	{ "stress: {rounds: 1, time: 1ms, app: 'umount(\"/\")', ben: 'stat(\"/\")'}",
	  CAPABILITY(CAP_SYS_ADMIN) },
};

static uint64_t kept_with(const char *mount, const char *steps, enum holder who)
{
	auto_free char *text = xasprintf(
		"# t\nfusescen: 1\nmounts: {fs: {%s}}\nactors: [app, ben]\n"
		"steps:\n  - app: f = open(\"/f\", O_RDONLY)\n  - %s\n", mount, steps);
	struct scenario_file *f = load_text("t.yaml", text, strlen(text));
	uint64_t kept;

	ck_assert_msg(f->n_cases == 1, "%s", text);
	kept = privileges_kept(f->cases[0], who);
	scenario_file_free(f);
	return kept;
}

START_TEST(a_call_keeps_what_it_needs)
{
	ck_assert_uint_eq(kept_with("", kept_for[_i].steps, HOLDER_ACTOR),
			  FILES | kept_for[_i].more);
}
END_TEST

START_TEST(a_server_keeps_what_it_needs)
{
	uint64_t plain = kept_with("", kept_for[0].steps, HOLDER_SERVER);
	uint64_t mirror = kept_with("backing: {tmpfs: 1M}", kept_for[0].steps,
				    HOLDER_SERVER);
	uint64_t device = kept_with("backing: {tmpfs: 1M}", kept_for[2].steps,
				    HOLDER_SERVER);
	const uint64_t never = CAPABILITY(CAP_SYS_MODULE) | CAPABILITY(CAP_NET_ADMIN) |
		CAPABILITY(CAP_SYS_BOOT) | CAPABILITY(CAP_SYS_RAWIO) |
		CAPABILITY(CAP_SYS_TIME) | CAPABILITY(CAP_AUDIT_CONTROL);

	ck_assert_uint_eq(plain & FILES, 0);
	ck_assert_uint_eq(mirror & FILES, FILES);
	ck_assert_uint_eq(mirror & CAPABILITY(CAP_MKNOD), 0);
	ck_assert_uint_ne(device & CAPABILITY(CAP_MKNOD), 0);
	ck_assert_uint_eq((plain | mirror | device) & never, 0);
}
END_TEST

START_TEST(every_row_has_a_name)
{
	unsigned cap;
	size_t i;

	for (i = 0; i < sizeof(kept_for) / sizeof(kept_for[0]); i++)
		for (cap = 0; cap < 64; cap++)
			if (kept_for[i].more >> cap & 1)
				ck_assert_ptr_nonnull(privilege_name(cap));
	for (cap = 0; cap < 64; cap++)
		if (kept_with("backing: {tmpfs: 1M}", kept_for[2].steps,
			      HOLDER_SERVER) >> cap & 1)
			ck_assert_ptr_nonnull(privilege_name(cap));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("confine");
	TCase *tc = tcase_create("core");

	tcase_add_test(tc, an_actor_makes_its_calls_only);
	tcase_add_test(tc, a_fork_makes_no_namespace);
	tcase_add_test(tc, a_server_stays_in_its_directory);
	tcase_add_test(tc, capabilities_do_not_come_back);
	tcase_add_loop_test(tc, a_call_keeps_what_it_needs, 0,
			    sizeof(kept_for) / sizeof(kept_for[0]));
	tcase_add_test(tc, a_server_keeps_what_it_needs);
	tcase_add_test(tc, every_row_has_a_name);
	suite_add_tcase(s, tc);
	return unit_main(s);
}
