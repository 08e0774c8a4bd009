/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The table of capabilities.  A row names the check in the kernel that asks for
 * it, because nobody else can say what a capability is good for.
 */
#include "config.h"

#include "model/privileges.h"

#include <linux/capability.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/confine.h"

/* ---- what a scenario has in it ------------------------------------------------ */

/* A choice that a stress step makes anew for each call may come out so. */
static bool may_have(const struct arg *a, bool has)
{
	return a->draw.n || has;
}

static bool makes_device(const struct call_use *use)
{
	const struct arg *mode = &use->args[1];

	return use->call->id == CALL_mknod &&
		may_have(mode, S_ISCHR(mode->num) || S_ISBLK(mode->num));
}

static bool makes_whiteout(const struct call_use *use)
{
	return use->call->id == CALL_renameat2 &&
		use->args[2].num & RENAME_WHITEOUT;
}

static bool is_xattr_call(const struct call_use *use)
{
	enum call_id id = use->call->id;

	return id == CALL_getxattr || id == CALL_setxattr || id == CALL_removexattr;
}

static bool has_prefix(const char *s, const char *prefix)
{
	return s && !strncmp(s, prefix, strlen(prefix));
}

static bool names_capability(const struct call_use *use)
{
	return is_xattr_call(use) && use->args[1].str &&
		!strcmp(use->args[1].str, "security.capability");
}

static bool names_root_xattr(const struct call_use *use)
{
	return is_xattr_call(use) && !names_capability(use) &&
		(has_prefix(use->args[1].str, "trusted.") ||
		 has_prefix(use->args[1].str, "security."));
}

static bool sets_attributes(const struct call_use *use)
{
	unsigned long command = (unsigned long)use->args[1].num;

	return use->call->id == CALL_ioctl &&
		(command == FS_IOC_SETFLAGS || command == FS_IOC_FSSETXATTR);
}

static bool freezes(const struct call_use *use)
{
	unsigned long command = (unsigned long)use->args[1].num;

	return use->call->id == CALL_ioctl &&
		(command == FIFREEZE || command == FITHAW);
}

static bool maps_blocks(const struct call_use *use)
{
	return use->call->id == CALL_ioctl && use->args[1].num == FIBMAP;
}

static bool locks_memory(const struct call_use *use)
{
	return use->call->id == CALL_mmap && use->args[4].num & MAP_LOCKED;
}

static bool goes_through_pipe(const struct call_use *use)
{
	enum call_id id = use->call->id;

	return id == CALL_splice || id == CALL_sendfile ||
		id == CALL_copy_file_range;
}

static bool is_umount(const struct call_use *use)
{
	return use->call->id == CALL_umount;
}

static bool mounts(const struct call_use *use)
{
	enum call_id id = use->call->id;

	return id == CALL_remount || id == CALL_mount_tmpfs ||
		id == CALL_mount_bind || id == CALL_mount_move ||
		id == CALL_mount_overlay || id == CALL_mount_idmapped;
}

static bool is_lease(const struct call_use *use)
{
	return use->call->id == CALL_lease;
}

static bool is_open_by_handle(const struct call_use *use)
{
	return use->call->id == CALL_open_by_handle;
}

/* The mirror's code keeps files for others, on the host or on a tmpfs. */
static bool has_mirror(const struct scenario *sc)
{
	size_t i;

	for (i = 0; i < sc->n_mounts; i++)
		if (sc->mounts[i].backing.kind == BACKING_MIRROR ||
		    sc->mounts[i].backing.kind == BACKING_TMPFS)
			return true;
	return false;
}

static void note_device(void *ctx, struct loc loc, const struct call_use *use)
{
	(void)loc;
	*(bool *)ctx |= makes_device(use) || makes_whiteout(use);
}

static bool has_mirrored_device(const struct scenario *sc)
{
	bool any = false;

	scenario_each_call(sc, note_device, &any);
	return any && has_mirror(sc);
}

static void note_root_xattr(void *ctx, struct loc loc, const struct call_use *use)
{
	(void)loc;
	*(bool *)ctx |= names_capability(use);
}

static bool has_mirrored_capability(const struct scenario *sc)
{
	bool any = false;

	scenario_each_call(sc, note_root_xattr, &any);
	return any && has_mirror(sc);
}

/* ---- the table -------------------------------------------------------------------- */

#define ACTOR(cap, what)		{ cap, HOLDER_ACTOR, what, NULL, NULL }
#define ACTOR_CALL(cap, what, when)	{ cap, HOLDER_ACTOR, what, when, NULL }
#define SERVER(cap, what)		{ cap, HOLDER_SERVER, what, NULL, NULL }
#define SERVER_FOR(cap, what, when)	{ cap, HOLDER_SERVER, what, NULL, when }

static const struct privilege privileges[] = {
	/* A client that is root may do with files what root may: fs/namei.c,
	 * generic_permission(), check_sticky(), may_linkat(); fs/attr.c,
	 * setattr_prepare(), setattr_should_drop_suidgid().  It has no files but
	 * those of its mounts. */
	ACTOR(CAP_CHOWN, "root's access to files"),
	ACTOR(CAP_DAC_OVERRIDE, "root's access to files"),
	ACTOR(CAP_FOWNER, "root's access to files"),
	ACTOR(CAP_FSETID, "root's access to files"),
	/* fs/namei.c, vfs_mknod(), and vfs_rename() */
	ACTOR_CALL(CAP_MKNOD, "mknod of a device", makes_device),
	ACTOR_CALL(CAP_MKNOD, "renameat2 with RENAME_WHITEOUT", makes_whiteout),
	/* fs/fhandle.c, may_decode_fh() */
	ACTOR_CALL(CAP_DAC_READ_SEARCH, "open_by_handle", is_open_by_handle),
	/* fs/namespace.c, ksys_umount() */
	ACTOR_CALL(CAP_SYS_ADMIN, "umount", is_umount),
	/* fs/namespace.c, path_mount() and do_mount_setattr() */
	ACTOR_CALL(CAP_SYS_ADMIN, "mounting", mounts),
	/* fs/xattr.c, xattr_permission(); security/commoncap.c */
	ACTOR_CALL(CAP_SYS_ADMIN, "a trusted. or security. attribute",
		   names_root_xattr),
	ACTOR_CALL(CAP_SETFCAP, "security.capability", names_capability),
	/* fs/locks.c, generic_setlease() */
	ACTOR_CALL(CAP_LEASE, "lease", is_lease),
	/* fs/file_attr.c, fileattr_set_prepare() */
	ACTOR_CALL(CAP_LINUX_IMMUTABLE, "an ioctl that sets attributes",
		   sets_attributes),
	/* fs/ioctl.c, ioctl_fsfreeze() and ioctl_fibmap() */
	ACTOR_CALL(CAP_SYS_ADMIN, "FIFREEZE and FITHAW", freezes),
	ACTOR_CALL(CAP_SYS_RAWIO, "FIBMAP", maps_blocks),
	/* mm/mmap.c, mlock_future_ok() */
	ACTOR_CALL(CAP_IPC_LOCK, "mmap with MAP_LOCKED", locks_memory),
	/* fs/pipe.c: the user's soft limit counts pipes of everybody's */
	ACTOR_CALL(CAP_SYS_RESOURCE, "pipes of full size", goes_through_pipe),

	/* fs/namespace.c; fs/fuse/inode.c, process_init_limits(), and
	 * fs/fuse/backing.c; fs/proc/base.c, proc_pid_stack(); kernel/bpf */
	SERVER(CAP_SYS_ADMIN, "mounts, backing files and kernel stacks"),
	/* kernel/ptrace.c, __ptrace_may_access(): actors have rights of theirs */
	SERVER(CAP_SYS_PTRACE, "the actors' kernel stacks"),
	SERVER(CAP_KILL, "signals to actors of other users"),
	/* fs/pipe.c, pipe_set_size() */
	SERVER(CAP_SYS_RESOURCE, "pipes for large requests"),
	SERVER_FOR(CAP_CHOWN, "a mirror", has_mirror),
	SERVER_FOR(CAP_DAC_OVERRIDE, "a mirror", has_mirror),
	SERVER_FOR(CAP_DAC_READ_SEARCH, "a mirror", has_mirror),
	SERVER_FOR(CAP_FOWNER, "a mirror", has_mirror),
	SERVER_FOR(CAP_FSETID, "a mirror", has_mirror),
	SERVER_FOR(CAP_LINUX_IMMUTABLE, "a mirror", has_mirror),
	/* it acts for who asks (setfsuid) */
	SERVER_FOR(CAP_SETUID, "a mirror", has_mirror),
	SERVER_FOR(CAP_SETGID, "a mirror", has_mirror),
	SERVER_FOR(CAP_SETFCAP, "security.capability on a mirror",
		   has_mirrored_capability),
	SERVER_FOR(CAP_MKNOD, "mknod of a device on a mirror", has_mirrored_device),
};

struct keeping {
	uint64_t mask;
};

static void keep_for_call(void *ctx, struct loc loc, const struct call_use *use)
{
	struct keeping *k = ctx;
	size_t i;

	(void)loc;
	for (i = 0; i < ARRAY_SIZE(privileges); i++)
		if (privileges[i].of_call && privileges[i].of_call(use))
			k->mask |= CAPABILITY(privileges[i].capability);
}

uint64_t privileges_kept(const struct scenario *sc, enum holder who)
{
	struct keeping k = { 0 };
	size_t i;

	if (who == HOLDER_ACTOR)
		scenario_each_call(sc, keep_for_call, &k);
	for (i = 0; i < ARRAY_SIZE(privileges); i++) {
		const struct privilege *p = &privileges[i];

		if (p->holder == who && !p->of_call &&
		    (!p->of_scenario || p->of_scenario(sc)))
			k.mask |= CAPABILITY(p->capability);
	}
	return k.mask;
}

const struct privilege *privilege_of_call(const struct call_use *use)
{
	/* whoever has these makes a device of the disk, mounts it, or opens
	 * any file of a filesystem by its number */
	const uint64_t mighty = CAPABILITY(CAP_SYS_ADMIN) | CAPABILITY(CAP_MKNOD) |
		CAPABILITY(CAP_SYS_RAWIO) | CAPABILITY(CAP_DAC_READ_SEARCH);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(privileges); i++)
		if (privileges[i].of_call && privileges[i].of_call(use) &&
		    mighty & CAPABILITY(privileges[i].capability))
			return &privileges[i];
	return NULL;
}

#define NAME(cap)	{ cap, #cap }

const char *privilege_name(unsigned capability)
{
	static const struct {
		unsigned capability;
		const char *name;
	} names[] = {
		NAME(CAP_CHOWN), NAME(CAP_DAC_OVERRIDE), NAME(CAP_DAC_READ_SEARCH),
		NAME(CAP_FOWNER), NAME(CAP_FSETID), NAME(CAP_KILL), NAME(CAP_SETGID),
		NAME(CAP_SETUID), NAME(CAP_LINUX_IMMUTABLE), NAME(CAP_SYS_PTRACE),
		NAME(CAP_SYS_ADMIN), NAME(CAP_SYS_RESOURCE), NAME(CAP_MKNOD),
		NAME(CAP_LEASE), NAME(CAP_SETFCAP), NAME(CAP_IPC_LOCK),
		NAME(CAP_SYS_RAWIO),
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].capability == capability)
			return names[i].name;
	return NULL;
}
