/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Decides who owns the files that the mirror makes. fsuid, fsgid, capabilities
 * and, after unshare(2), the umask belong to a thread.  The system calls are
 * made directly, because those of glibc would change all threads.
 */
#include "config.h"

#include "backend/mirror/mirror_impl.h"

#include <linux/capability.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/mem.h"

/* Does this thread have a umask of its own? */
static _Thread_local bool has_umask;

/* Each request brings a mode, from which the umask has been taken off or not,
 * as was agreed. */
static void clear_umask(void)
{
	if (has_umask)
		return;
	if (unshare(CLONE_FS))
		die_bug("mirror: unshare");
	umask(0);
	has_umask = true;
}

/* setfsuid(2) to a user other than root dropped all capabilities about files.
 * CAP_FSETID stays dropped: with it, writing would not clear setuid. */
static void keep_access(void)
{
	struct __user_cap_header_struct h = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct caps[2];

	if (syscall(SYS_capget, &h, caps))
		return;
	caps[0].effective |= caps[0].permitted &
		(1u << CAP_DAC_OVERRIDE | 1u << CAP_DAC_READ_SEARCH);
	syscall(SYS_capset, &h, caps);
}

static struct mirror_role become(uid_t uid, gid_t gid)
{
	syscall(SYS_setfsgid, gid);
	syscall(SYS_setfsuid, uid);
	if (uid)
		keep_access();
	return (struct mirror_role){ .changed = true };
}

struct mirror_role mirror_become(fuse_req_t req)
{
	const struct fuse_ctx *ctx = fuse_req_ctx(req);

	clear_umask();
	if (!mirror_of(req)->is_root || (!ctx->uid && !ctx->gid))
		return (struct mirror_role){ .changed = false };
	return become(ctx->uid, ctx->gid);
}

struct mirror_role mirror_become_writer(fuse_req_t req)
{
	const struct fuse_ctx *ctx = fuse_req_ctx(req);

	return mirror_become_writer_as(mirror_of(req), ctx->uid, ctx->gid);
}

struct mirror_role mirror_become_writer_as(const struct mirror *m, uid_t uid,
					   gid_t gid)
{
	if (!m->is_root || !uid)
		return (struct mirror_role){ .changed = false };
	return become(uid, gid);
}

void mirror_return(struct mirror_role role)
{
	if (!role.changed)
		return;
	/* The capabilities come back when root does. */
	syscall(SYS_setfsuid, 0);
	syscall(SYS_setfsgid, 0);
}
