/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Raw system calls: libc's would take locks, and change all threads where
 * the rights are a thread's own.  Any thread.
 */
#include "config.h"

#include "base/confine.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#if __has_include(<linux/landlock.h>)
#include <linux/landlock.h>
#endif
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/mem.h"

#if defined(__x86_64__)
#define OUR_ARCH	AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OUR_ARCH	AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define OUR_ARCH	AUDIT_ARCH_RISCV64
#elif defined(__powerpc64__) && defined(__LITTLE_ENDIAN__)
#define OUR_ARCH	AUDIT_ARCH_PPC64LE
#elif defined(__s390x__)
#define OUR_ARCH	AUDIT_ARCH_S390X
#elif defined(__i386__)
#define OUR_ARCH	AUDIT_ARCH_I386
#elif defined(__arm__)
#define OUR_ARCH	AUDIT_ARCH_ARM
#endif

/* ---- capabilities ---------------------------------------------------------- */

static const struct __user_cap_header_struct whoever_calls = {
	.version = _LINUX_CAPABILITY_VERSION_3,
};

static int get(struct __user_cap_data_struct caps[2])
{
	struct __user_cap_header_struct h = whoever_calls;

	memset(caps, 0, 2 * sizeof(*caps));
	return syscall(SYS_capget, &h, caps) ? errno : 0;
}

int confine_capabilities(uint64_t keep)
{
	struct __user_cap_header_struct h = whoever_calls;
	struct __user_cap_data_struct caps[2];
	int i, err = get(caps);

	for (i = 0; i < 2 && !err; i++) {
		caps[i].permitted &= (uint32_t)(keep >> (32 * i));
		caps[i].effective = caps[i].permitted;
		caps[i].inheritable = 0;
	}
	if (!err && syscall(SYS_capset, &h, caps))
		err = errno;
	return err;
}

uint64_t confine_capabilities_now(void)
{
	struct __user_cap_data_struct caps[2];

	get(caps);
	return caps[0].effective | (uint64_t)caps[1].effective << 32;
}

void confine_resume(uint64_t effective)
{
	struct __user_cap_header_struct h = whoever_calls;
	struct __user_cap_data_struct caps[2];
	int i;

	get(caps);
	for (i = 0; i < 2; i++)
		caps[i].effective = caps[i].permitted & (uint32_t)(effective >> (32 * i));
	/* less than what is permitted is never refused */
	syscall(SYS_capset, &h, caps);
}

uint64_t confine_pause(uint64_t capabilities)
{
	struct __user_cap_data_struct caps[2];
	uint64_t had;

	get(caps);
	had = caps[0].effective | (uint64_t)caps[1].effective << 32;
	confine_resume(had & ~capabilities);
	return had;
}

/* ---- system calls ------------------------------------------------------------ */

#ifdef OUR_ARCH

#define STATEMENT(code, k)	((struct sock_filter)BPF_STMT(code, k))
#define JUMP(code, k, t, f)	((struct sock_filter)BPF_JUMP(code, k, t, f))
#define LOAD(what)							\
	STATEMENT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, what))

/* kernel/fork.c: with any of these, the child is in a namespace of its own */
#define NAMESPACES	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS |	\
			 CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID |	\
			 CLONE_NEWNET)

/* The lower half of the flags is the word that has them (on s390x they are the
 * second argument, and the machine is big-endian). */
#if defined(__s390x__)
#define LOAD_CLONE_FLAGS						\
	STATEMENT(BPF_LD | BPF_W | BPF_ABS,				\
		  offsetof(struct seccomp_data, args[1]) + 4)
#else
#define LOAD_CLONE_FLAGS	LOAD(args[0])
#endif

#define CODE_MAX(n)	(2 * (n) + 12)

/* A list, and not a tree: for what such a filter allows without a look at
 * arguments, the kernel keeps a bitmap (kernel/seccomp.c, since 5.11). */
static size_t write_filter(struct sock_filter *code, const int *allowed, size_t n,
			   uint32_t otherwise)
{
	size_t i, k = 0;

	code[k++] = LOAD(arch);
	code[k++] = JUMP(BPF_JMP | BPF_JEQ | BPF_K, OUR_ARCH, 1, 0);
	code[k++] = STATEMENT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
	code[k++] = LOAD(nr);
	for (i = 0; i < n; i++) {
		if (allowed[i] < 0 || allowed[i] == SYS_clone)
			continue;
		code[k++] = JUMP(BPF_JMP | BPF_JEQ | BPF_K,
				 (uint32_t)allowed[i], 0, 1);
		code[k++] = STATEMENT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	}
	for (i = 0; i < n && allowed[i] != SYS_clone; i++)
		;
	if (i < n) {
		code[k++] = JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 4);
		code[k++] = LOAD_CLONE_FLAGS;
		code[k++] = JUMP(BPF_JMP | BPF_JSET | BPF_K, NAMESPACES, 1, 0);
		code[k++] = STATEMENT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
		code[k++] = STATEMENT(BPF_RET | BPF_K,
				      SECCOMP_RET_ERRNO | EPERM);
	}
	code[k++] = STATEMENT(BPF_RET | BPF_K, otherwise);
	return k;
}

int confine_calls(const int *allowed, size_t n, enum confine_denied denied)
{
	struct sock_filter code[CODE_MAX(n)];
	struct sock_fprog prog = { .filter = code };

	prog.len = (unsigned short)write_filter(code, allowed, n,
		denied == DENIED_KILLS ? SECCOMP_RET_KILL_PROCESS :
		SECCOMP_RET_ERRNO | ENOSYS);
	if (syscall(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return errno;
	if (syscall(SYS_prctl, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog, 0, 0))
		return errno;
	return 0;
}

#else

int confine_calls(const int *allowed, size_t n, enum confine_denied denied)
{
	(void)allowed;
	(void)n;
	(void)denied;
	return ENOSYS;
}

#endif

/* ---- files ------------------------------------------------------------------- */

#if defined(LANDLOCK_CREATE_RULESET_VERSION) && defined(SYS_landlock_create_ruleset)

/* The last right that each version of the ABI knows, for headers older than the
 * kernel (security/landlock/limits.h). */
static const uint64_t last_right[] = {
	[1] = UINT64_C(1) << 12,	/* MAKE_SYM */
	[2] = UINT64_C(1) << 13,	/* REFER: to another directory */
	[3] = UINT64_C(1) << 14,	/* TRUNCATE */
	[4] = UINT64_C(1) << 14,
	[5] = UINT64_C(1) << 15,	/* IOCTL_DEV */
};

/* All rights about files that this kernel can take away; 0 and errno. */
static uint64_t all_rights(void)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0,
			   LANDLOCK_CREATE_RULESET_VERSION);

	if (abi < 1)
		return 0;
	if (abi >= (long)ARRAY_SIZE(last_right))
		abi = (long)ARRAY_SIZE(last_right) - 1;
	return 2 * last_right[abi] - 1;
}

/* Without REFER nothing could be renamed or linked from one directory to another,
 * which is what mirrors are for. */
int confine_files_new(void)
{
	const struct landlock_ruleset_attr attr = {
		.handled_access_fs = all_rights(),
	};

	if (!attr.handled_access_fs)
		return -1;
	if (attr.handled_access_fs < last_right[2]) {
		errno = EOPNOTSUPP;
		return -1;
	}
	/* only of this field does every version know */
	return (int)syscall(SYS_landlock_create_ruleset, &attr,
			    sizeof(attr.handled_access_fs), 0);
}

/* Those that a file can have, too (security/landlock/fs.c, ACCESS_FILE). */
#define FILE_RIGHTS							\
	(LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE |	\
	 LANDLOCK_ACCESS_FS_READ_FILE | last_right[3] | last_right[5])

int confine_files_allow(int set, int fd)
{
	struct landlock_path_beneath_attr beneath = {
		.allowed_access = all_rights(), .parent_fd = fd,
	};
	struct stat st;

	if (fstat(fd, &st))
		return errno;
	if (!S_ISDIR(st.st_mode))
		beneath.allowed_access &= FILE_RIGHTS;
	return syscall(SYS_landlock_add_rule, set, LANDLOCK_RULE_PATH_BENEATH,
		       &beneath, 0) ? errno : 0;
}

int confine_files(int set)
{
	if (syscall(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return errno;
	return syscall(SYS_landlock_restrict_self, set, 0) ? errno : 0;
}

#else

int confine_files_new(void)
{
	errno = ENOSYS;
	return -1;
}

int confine_files_allow(int set, int fd)
{
	(void)set;
	(void)fd;
	return ENOSYS;
}

int confine_files(int set)
{
	(void)set;
	return ENOSYS;
}

#endif
