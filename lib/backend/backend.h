/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Backends: the code that keeps a mount's files or a device's bytes.  Each sort
 * has a folder beside this file and one struct backend_ops, and the server knows
 * nothing else about it.
 *
 * A backend is either served by libfuse, and its replies come through its
 * session (session.h), or it answers by itself (answer).  Any number of threads
 * may ask it at once.
 */
#ifndef BACKEND_BACKEND_H
#define BACKEND_BACKEND_H

#include <sys/types.h>
#include <sys/uio.h>

#include "engine/engine.h"
#include "model/changes.h"

struct session;
struct fuse_lowlevel_ops;

/* What every backend starts with; the userdata of its libfuse session. */
struct backend {
	const struct backend_ops *ops;
	struct session *session;
	/* The mount that a loop of libfuse's own serves (server/baseline.h);
	 * NULL: the tap is in front. */
	const struct mount_spec *baseline;
};

/* A backend's own reply, which borrows from the backend. */
struct backend_reply {
	struct wire_out_header h;
	union {
		struct wire_entry_out entry;
		struct wire_attr_out attr;
		struct wire_open_out open;
		struct wire_create_out create;
		struct wire_write_out written;
		struct wire_statfs_out statfs;
		struct wire_init_out init;
		uint8_t entries[4096];	/* READDIR, READDIRPLUS */
	} body;
	struct iovec iov[2];
	int n;
};

/* An operation that libfuse does not know, or an older one does not, so that the
 * session asks the backend itself. */
struct own_op {
	uint32_t opcode;
	/* args: the request's fixed part.  out: the fixed part of a good reply,
	 * zeros before.  0 or errno. */
	int (*answer)(struct backend *b, const struct wire_in_header *h,
		      const void *args, void *out);
};

struct backend_ops {
	/* NULL with a diagnostic when it cannot be made. */
	struct backend *(*make)(const struct mount_spec *spec, struct diags *dg);
	/* Another mount of the same files; NULL: there is no such thing. */
	struct backend *(*share)(struct backend *of, const struct mount_spec *spec,
				 struct diags *dg);
	/* Change the files behind the kernel's back: 0 or errno.  NULL: they do
	 * not change. */
	int (*change)(struct backend *b, const struct file_change *c);
	void (*free)(struct backend *b);
	/* An ordinary libfuse filesystem; NULL: a device, or answer. */
	const struct fuse_lowlevel_ops *lowlevel;
	/* Ends with an opcode of 0; NULL: there are none. */
	const struct own_op *own_ops;
	/* NULL: libfuse calls the backend.  False: the request needs no reply. */
	bool (*answer)(struct backend *b, const void *msg, size_t len,
		       struct backend_reply *reply);
	/* Called before the first request: which rules there are.  May be NULL. */
	void (*begin)(struct backend *b, struct engine *e, int mount);
	/* May answer() be asked without the tap, while the engine is quiet?
	 * NULL: never. */
	bool (*is_free)(const struct backend *b, const struct wire_in_header *h);
	/* What the scenario says of a file, or NULL.  NULL: a device has none. */
	const struct file_spec *(*spec)(struct backend *b, uint64_t nodeid);
	/* The nodeid of a path; 0: no such file, or the kernel never heard of it.
	 * NULL: a device has no paths. */
	uint64_t (*find)(struct backend *b, const char *path);
	/* Bytes copied or -errno; *size is the file's size.  A device has one
	 * file, whatever the path. */
	ssize_t (*peek)(struct backend *b, const char *path, uint64_t offset,
			void *p, size_t len, uint64_t *size);
	/* The directory of the host that has its files, as a descriptor that stays
	 * the backend's.  NULL: it has none. */
	int (*directory)(struct backend *b);
	/* The limit of ours by which the backend has refused something, or NULL.
	 * NULL: it has none. */
	const struct limit *(*limit_reached)(struct backend *b);
	/* How many requests wait in the backend until another one, or cancel, lets
	 * them go on.  NULL: none ever waits. */
	unsigned (*waiting)(struct backend *b);
	/* Answer all requests that wait in the backend (EINTR), now and in future.
	 * NULL: none ever waits. */
	void (*cancel)(struct backend *b);
};

/* The owner of a file that the scenario gives to this uid or gid.  Root's files
 * become the server's: in a namespace that has no root, the kernel would let no
 * process write to a file of root. */
uint32_t backend_uid(uint32_t uid);
uint32_t backend_gid(uint32_t gid);

/* For how long the kernel may cache attributes, as STATX says it. */
void backend_put_valid(struct wire_statx_out *out, double seconds);

/* As in backend_ops, for any backend. */
const struct file_spec *backend_spec(struct backend *b, uint64_t nodeid);
uint64_t backend_find(struct backend *b, const char *path);
void backend_cancel(struct backend *b);	/* NULL is fine */

#endif
