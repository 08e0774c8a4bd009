/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Backends: the code that keeps a mount's files.  There is a struct fs_kind for
 * each sort, and the server knows nothing else about a backend.
 *
 * A backend is either an ordinary libfuse filesystem (ops), whose replies come
 * through its session, or it answers by itself (answer).  Any number of threads
 * may ask it at once.
 */
#ifndef BACKEND_BACKEND_H
#define BACKEND_BACKEND_H

#include <sys/types.h>
#include <sys/uio.h>

#include "engine/engine.h"

struct session;
struct fuse_lowlevel_ops;

/* What every backend starts with; the userdata of its libfuse session. */
struct fs_end {
	const struct fs_kind *kind;	/* NULL: a device */
	struct session *session;
	const struct mount_spec *plain;	/* in a loop of libfuse's own: its mount */
};

/* A reply, which borrows from the backend. */
struct fs_answer {
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

struct fs_kind {
	/* NULL with a diagnostic when it cannot be made. */
	struct fs_end *(*make)(const struct mount_spec *spec, struct diags *dg);
	void (*free)(struct fs_end *fs);
	const struct fuse_lowlevel_ops *ops;	/* NULL: answer */
	/* False: the request needs none. */
	bool (*answer)(struct fs_end *fs, const void *msg, size_t len,
		       struct fs_answer *a);
	/* Before the first request: which rules there are.  May be NULL. */
	void (*begin)(struct fs_end *fs, struct engine *e, int mount);
	/* May answer() be asked without the tap, while the engine is quiet?
	 * NULL: never. */
	bool (*is_free)(const struct fs_end *fs, const struct wire_in_header *h);
	/* What the scenario says of a file, or NULL. */
	const struct file_spec *(*spec)(struct fs_end *fs, uint64_t nodeid);
	/* 0: no such file, or the wire never named it. */
	uint64_t (*find)(struct fs_end *fs, const char *path);
	/* Bytes copied or -errno; *size is the file's size. */
	ssize_t (*peek)(struct fs_end *fs, const char *path, uint64_t offset,
			void *p, size_t len, uint64_t *size);
	/* Answer all requests that wait in it (EINTR), now and in future. */
	void (*cancel)(struct fs_end *fs);
};

extern const struct fs_kind fs_memory, fs_null, fs_mirror;

/* The kind that keeps a mount's files. */
const struct fs_kind *fs_kind_of(enum backing_kind kind);

/* The owner of a file that the scenario gives to this uid or gid.  Root's files
 * become the server's: in a namespace that has no root, the kernel would let no
 * process write to a file of root. */
uint32_t fs_uid(uint32_t uid);
uint32_t fs_gid(uint32_t gid);

#endif
