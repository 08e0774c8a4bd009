/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The table has every system call that a C library may use for a call of the
 * language, on any architecture.  One that is missing would fail with ENOSYS,
 * which would be taken for the kernel's answer.  So tests make every call.
 */
#include "config.h"

#include "act/calls/syscalls.h"

#include <sys/syscall.h>

#include "base/mem.h"

/* Not everywhere. */
#ifndef SYS__llseek
#define SYS__llseek	-1
#endif
#ifndef SYS_access
#define SYS_access	-1
#endif
#ifndef SYS_chmod
#define SYS_chmod	-1
#endif
#ifndef SYS_chown
#define SYS_chown	-1
#endif
#ifndef SYS_chown32
#define SYS_chown32	-1
#endif
#ifndef SYS_clock_gettime
#define SYS_clock_gettime	-1
#endif
#ifndef SYS_clock_gettime64
#define SYS_clock_gettime64	-1
#endif
#ifndef SYS_close_range
#define SYS_close_range	-1
#endif
#ifndef SYS_creat
#define SYS_creat	-1
#endif
#ifndef SYS_dup2
#define SYS_dup2	-1
#endif
#ifndef SYS_fcntl64
#define SYS_fcntl64	-1
#endif
#ifndef SYS_fork
#define SYS_fork	-1
#endif
#ifndef SYS_fstat
#define SYS_fstat	-1
#endif
#ifndef SYS_fstat64
#define SYS_fstat64	-1
#endif
#ifndef SYS_fstatat64
#define SYS_fstatat64	-1
#endif
#ifndef SYS_ftruncate64
#define SYS_ftruncate64	-1
#endif
#ifndef SYS_futex
#define SYS_futex	-1
#endif
#ifndef SYS_futex_time64
#define SYS_futex_time64	-1
#endif
#ifndef SYS_getrlimit
#define SYS_getrlimit	-1
#endif
#ifndef SYS_io_getevents
#define SYS_io_getevents	-1
#endif
#ifndef SYS_link
#define SYS_link	-1
#endif
#ifndef SYS_lstat
#define SYS_lstat	-1
#endif
#ifndef SYS_lstat64
#define SYS_lstat64	-1
#endif
#ifndef SYS_mkdir
#define SYS_mkdir	-1
#endif
#ifndef SYS_mknod
#define SYS_mknod	-1
#endif
#ifndef SYS_mmap
#define SYS_mmap	-1
#endif
#ifndef SYS_mmap2
#define SYS_mmap2	-1
#endif
#ifndef SYS_newfstatat
#define SYS_newfstatat	-1
#endif
#ifndef SYS_open
#define SYS_open	-1
#endif
#ifndef SYS_poll
#define SYS_poll	-1
#endif
#ifndef SYS_ppoll
#define SYS_ppoll	-1
#endif
#ifndef SYS_ppoll_time64
#define SYS_ppoll_time64	-1
#endif
#ifndef SYS_readlink
#define SYS_readlink	-1
#endif
#ifndef SYS_rename
#define SYS_rename	-1
#endif
#ifndef SYS_renameat
#define SYS_renameat	-1
#endif
#ifndef SYS_rmdir
#define SYS_rmdir	-1
#endif
#ifndef SYS_rseq
#define SYS_rseq	-1
#endif
#ifndef SYS_sendfile64
#define SYS_sendfile64	-1
#endif
#ifndef SYS_setrlimit
#define SYS_setrlimit	-1
#endif
#ifndef SYS_sigreturn
#define SYS_sigreturn	-1
#endif
#ifndef SYS_stat
#define SYS_stat	-1
#endif
#ifndef SYS_stat64
#define SYS_stat64	-1
#endif
#ifndef SYS_statfs64
#define SYS_statfs64	-1
#endif
#ifndef SYS_symlink
#define SYS_symlink	-1
#endif
#ifndef SYS_sync_file_range
#define SYS_sync_file_range	-1
#endif
#ifndef SYS_sync_file_range2
#define SYS_sync_file_range2	-1
#endif
#ifndef SYS_truncate64
#define SYS_truncate64	-1
#endif
#ifndef SYS_ugetrlimit
#define SYS_ugetrlimit	-1
#endif
#ifndef SYS_umount
#define SYS_umount	-1
#endif
#ifndef SYS_unlink
#define SYS_unlink	-1
#endif
#ifndef SYS_utimensat
#define SYS_utimensat	-1
#endif
#ifndef SYS_utimensat_time64
#define SYS_utimensat_time64	-1
#endif
#ifndef SYS_wait4
#define SYS_wait4	-1
#endif
#ifndef SYS_waitpid
#define SYS_waitpid	-1
#endif

#ifndef SYS_fchown32
#define SYS_fchown32	-1
#endif
#ifndef SYS_fadvise64
#define SYS_fadvise64	-1
#endif
#ifndef SYS_fadvise64_64
#define SYS_fadvise64_64	-1
#endif
#ifndef SYS_arm_fadvise64_64
#define SYS_arm_fadvise64_64	-1
#endif
#ifndef SYS_socketcall
#define SYS_socketcall	-1
#endif
#ifndef SYS_socket
#define SYS_socket	-1
#endif
#ifndef SYS_bind
#define SYS_bind	-1
#endif
#ifndef SYS_listen
#define SYS_listen	-1
#endif
#ifndef SYS_connect
#define SYS_connect	-1
#endif

#define ROW_MAX		13
#define S(name)		((SYS_##name) + 2)	/* 0 ends a row, 1: not here */

/* For taking commands, reporting, memory, and being interrupted. */
static const int always[] = {
	SYS_read, SYS_write, SYS_close, SYS_futex, SYS_futex_time64, SYS_exit,
	SYS_exit_group, SYS_rt_sigreturn, SYS_sigreturn, SYS_rt_sigprocmask,
	SYS_rt_sigaction, SYS_restart_syscall, SYS_mmap, SYS_mmap2, SYS_munmap,
	SYS_mprotect, SYS_mremap, SYS_madvise, SYS_brk, SYS_clock_gettime,
	SYS_clock_gettime64, SYS_gettid, SYS_getpid, SYS_sched_yield,
	SYS_pipe2,	/* is a descriptor left? */
	SYS_sigaltstack,	/* AddressSanitizer's, at a siglongjmp(3) */
};

static const int of_call[N_CALLS][ROW_MAX + 1] = {
	[CALL_open] = { S(open), S(openat) },
	[CALL_openat] = { S(openat) },
	[CALL_creat] = { S(creat), S(open), S(openat) },
	[CALL_close] = { S(close) },
	[CALL_dup] = { S(dup) },
	[CALL_dup2] = { S(dup2), S(dup3), S(fcntl), S(fcntl64) },
	[CALL_read] = { S(read) },
	[CALL_write] = { S(write) },
	[CALL_pread] = { S(pread64) },
	[CALL_pwrite] = { S(pwrite64) },
	[CALL_readv] = { S(readv) },
	[CALL_writev] = { S(writev) },
	[CALL_preadv] = { S(preadv) },
	[CALL_pwritev] = { S(pwritev) },
	[CALL_preadv2] = { S(preadv2), S(preadv), S(readv) },
	[CALL_pwritev2] = { S(pwritev2), S(pwritev), S(writev) },
	[CALL_lseek] = { S(lseek), S(_llseek) },
	[CALL_ftruncate] = { S(ftruncate), S(ftruncate64) },
	[CALL_truncate] = { S(truncate), S(truncate64) },
	[CALL_fallocate] = { S(fallocate) },
	[CALL_fsync] = { S(fsync) },
	[CALL_fdatasync] = { S(fdatasync) },
	[CALL_sync_file_range] = { S(sync_file_range), S(sync_file_range2) },
	[CALL_syncfs] = { S(syncfs) },
	[CALL_sync] = { S(sync) },
	[CALL_posix_fadvise] = {
		S(fadvise64), S(fadvise64_64), S(arm_fadvise64_64),
	},
	[CALL_readahead] = { S(readahead) },
	[CALL_mmap] = { S(mmap), S(mmap2) },
	[CALL_munmap] = { S(munmap) },
	[CALL_msync] = { S(msync) },
	[CALL_madvise] = { S(madvise) },
	[CALL_pread_into] = { S(pread64) },
	[CALL_pwrite_from] = { S(pwrite64) },
	[CALL_stat] = {
		S(stat), S(stat64), S(newfstatat), S(fstatat64), S(statx),
	},
	[CALL_lstat] = {
		S(lstat), S(lstat64), S(newfstatat), S(fstatat64), S(statx),
	},
	[CALL_fstat] = {
		S(fstat), S(fstat64), S(newfstatat), S(fstatat64), S(statx),
	},
	[CALL_statx] = { S(statx) },
	[CALL_statfs] = { S(statfs), S(statfs64) },
	[CALL_access] = { S(access), S(faccessat) },
	[CALL_chmod] = { S(chmod), S(fchmodat) },
	[CALL_fchmod] = { S(fchmod) },
	[CALL_chown] = { S(chown), S(chown32), S(fchownat) },
	[CALL_fchown] = { S(fchown), S(fchown32) },
	[CALL_futimens] = { S(utimensat), S(utimensat_time64) },
	[CALL_utimensat] = { S(utimensat), S(utimensat_time64) },
	[CALL_mkdir] = { S(mkdir), S(mkdirat) },
	[CALL_rmdir] = { S(rmdir), S(unlinkat) },
	[CALL_unlink] = { S(unlink), S(unlinkat) },
	[CALL_rename] = { S(rename), S(renameat), S(renameat2) },
	[CALL_renameat2] = { S(renameat2), S(renameat), S(rename) },
	[CALL_link] = { S(link), S(linkat) },
	[CALL_symlink] = { S(symlink), S(symlinkat) },
	[CALL_readlink] = { S(readlink), S(readlinkat) },
	[CALL_mknod] = { S(mknod), S(mknodat) },
	[CALL_readdir] = { S(open), S(openat), S(getdents64) },
	[CALL_getdents] = { S(getdents64) },
	[CALL_chdir] = { S(chdir) },
	[CALL_fchdir] = { S(fchdir) },
	[CALL_bind] = { S(socket), S(bind), S(listen), S(socketcall) },
	[CALL_connect] = { S(socket), S(connect), S(socketcall) },
	[CALL_inotify] = { S(inotify_init1), S(inotify_add_watch) },
	[CALL_inotify_read] = { S(read) },
	[CALL_fanotify] = { S(fanotify_init), S(fanotify_mark) },
	[CALL_fanotify_read] = { S(read) },
	[CALL_getxattr] = { S(getxattr) },
	[CALL_setxattr] = { S(setxattr) },
	[CALL_listxattr] = { S(listxattr) },
	[CALL_removexattr] = { S(removexattr) },
	[CALL_setlk] = { S(fcntl), S(fcntl64) },
	[CALL_setlkw] = { S(fcntl), S(fcntl64) },
	[CALL_getlk] = { S(fcntl), S(fcntl64) },
	[CALL_flock] = { S(flock) },
	[CALL_lease] = { S(fcntl), S(fcntl64) },
	[CALL_fcntl_setfl] = { S(fcntl), S(fcntl64) },
	[CALL_copy_file_range] = { S(copy_file_range) },
	[CALL_sendfile] = { S(sendfile), S(sendfile64) },
	[CALL_splice] = { S(splice), S(pipe2) },
	[CALL_ioctl] = { S(ioctl) },
	[CALL_ioctl_int] = { S(ioctl) },
	[CALL_poll] = { S(poll), S(ppoll), S(ppoll_time64) },
	[CALL_umount] = { S(umount), S(umount2) },
	[CALL_remount] = { S(mount) },
	[CALL_mount_tmpfs] = { S(mount) },
	[CALL_mount_bind] = { S(mount) },
	[CALL_mount_move] = { S(mount) },
	[CALL_mount_overlay] = { S(mount) },
	[CALL_mount_idmapped] = {
		S(open_tree), S(mount_setattr), S(move_mount),
	},
	[CALL_mountinfo] = { S(pread64) },
	[CALL_drop_caches] = { S(pwrite64) },
	[CALL_reclaim] = { S(pwrite64) },
	[CALL_suspend] = { S(pwrite64) },
	[CALL_name_to_handle] = { S(name_to_handle_at) },
	[CALL_open_by_handle] = { S(open), S(openat), S(open_by_handle_at) },
	[CALL_setrlimit_fsize] = {
		S(prlimit64), S(setrlimit), S(getrlimit), S(ugetrlimit),
	},
	[CALL_aio_write] = { S(io_setup), S(io_submit), S(io_destroy) },
	[CALL_aio_read] = { S(io_setup), S(io_submit), S(io_destroy) },
	[CALL_aio_fsync] = { S(io_setup), S(io_submit), S(io_destroy) },
	[CALL_aio_fdsync] = { S(io_setup), S(io_submit), S(io_destroy) },
	[CALL_aio_wait] = { S(io_getevents), S(io_destroy) },
	[CALL_exec] = {
		S(fork), S(clone), S(wait4), S(waitpid), S(waitid),
		S(set_robust_list), S(rseq), S(getppid), S(prctl),
		S(close_range), S(fcntl), S(fcntl64), S(execve),
	},
	[CALL_fexecve] = {
		S(fork), S(clone), S(wait4), S(waitpid), S(waitid),
		S(set_robust_list), S(rseq), S(getppid), S(prctl),
		S(close_range), S(fcntl), S(fcntl64), S(execveat),
	},
	[CALL_fork] = {
		S(fork), S(clone), S(wait4), S(waitpid), S(waitid),
		S(set_robust_list), S(rseq), S(getppid), S(prctl),
	},
};

size_t syscalls_of(const bool made[N_CALLS], int numbers[SYSCALLS_MAX])
{
	size_t n = 0, i, k;

	for (i = 0; i < ARRAY_SIZE(always); i++)
		numbers[n++] = always[i];
	for (i = 0; i < N_CALLS; i++)
		for (k = 0; made[i] && of_call[i][k]; k++)
			numbers[n++] = of_call[i][k] - 2;
	return n;
}
