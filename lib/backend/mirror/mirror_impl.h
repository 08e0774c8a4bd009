/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The inside of the mirror: a directory of the host, passed through.  Only the files of
 * this folder include it.  Operations run on the session's threads and answer
 * before they return.
 *
 * Nothing leads out of the directory: names come one component at a time, are
 * refused where they are more, and are opened by openat2(2) so that neither a
 * link nor a mount is followed.  A node is an O_PATH descriptor of the inode
 * itself, so that no name is looked up twice.
 *
 * Node and handle numbers are looked up, never trusted: a script may make the
 * kernel send any.  Whoever has got one holds a reference until it is put.
 */
#ifndef BACKEND_MIRROR_MIRROR_IMPL_H
#define BACKEND_MIRROR_MIRROR_IMPL_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "backend/backend.h"
#include "backend/file_ops.h"
#include "base/hash.h"
#include "transport/fuselib.h"
#include "backend/session.h"

/* What of a file's content the kernel may still have.  The ctime too: a mtime
 * can be put back. */
struct mirror_stamp {
	bool valid;
	off_t size;
	struct timespec mtime, ctime;
};

struct mirror_node {
	struct mirror *mirror;
	struct hash_link by_id, by_key;
	uint64_t id;
	int fd;				/* O_PATH; pins the inode, so that */
	dev_t dev;			/* ... these two are its alone */
	ino_t ino;
	mode_t type;			/* S_IFMT */
	uint64_t lookups;		/* what FORGET counts down; under lock */
	unsigned refs;			/* under lock */
	struct mirror_stamp stamp;	/* under lock */
	const struct file_spec *spec;	/* NULL: not the scenario's */
};

/* An open file or directory. */
struct mirror_file {
	struct mirror *mirror;
	struct hash_link by_id;
	uint64_t id;
	int fd;
	dev_t dev;			/* the node's */
	bool is_direct;			/* opened with O_DIRECT, by the client */
	bool is_readonly;
	unsigned refs;			/* under the mirror's lock */
	pthread_mutex_t lock;		/* the rest: directories */
	char *entries;			/* NULL: none read yet */
	size_t at, len;			/* what of them is next, and their end */
	off_t next_off;			/* where the kernel will go on */
};

struct mirror {
	struct backend backend;		/* first */
	const struct mount_spec *spec;
	int proc;			/* /proc/self/fd */
	bool is_root;			/* may act for others */
	bool writeback;
	double entry_timeout, attr_timeout, negative_timeout;
	pthread_mutex_t lock;		/* the tables; nothing blocks under it */
	struct hash_table nodes_by_id, nodes_by_key, files;
	uint64_t last_id, last_file;
};

/*
 * A reply ends the request: nothing may look at req afterwards.  So only the
 * operations themselves reply, as the last thing they do; what they call says
 * with an errno how it went, and getting a node or a file answers nothing.
 */
static inline struct mirror *mirror_of(fuse_req_t req)
{
	return fuse_req_userdata(req);
}

/* ---- nodes.c: tables ---- */

/* With a reference; or NULL, which is ESTALE: a number we never gave out, or
 * have forgotten. */
struct mirror_node *mirror_get(struct mirror *m, uint64_t id);
void mirror_put(struct mirror_node *node);	/* NULL is fine */
/* The node of an O_PATH descriptor, which is taken over: known already, or new.
 * The kernel learns of it once more.  With -1 only what is known: else NULL. */
struct mirror_node *mirror_enter(struct mirror *m, int fd, const struct stat *st);
/* The id of a node that is known, else 0. */
uint64_t mirror_known(struct mirror *m, const struct stat *st);
void mirror_forget(struct mirror *m, uint64_t id, uint64_t n);
/* Takes the descriptor over; flags are those the client opened the node with. */
struct mirror_file *mirror_file_new(const struct mirror_node *node, int fd,
				    int flags);
/* With a reference; or NULL, which is EBADF. */
struct mirror_file *mirror_file_get(struct mirror *m, uint64_t id);
void mirror_file_put(struct mirror_file *f);	/* NULL is fine */
/* The kernel has no use for it any more. */
void mirror_file_end(struct mirror *m, uint64_t id);
void mirror_tables_free(struct mirror *m);

/* Put back when the variable goes. */
static inline void mirror_put_node_at(struct mirror_node **node)
{
	mirror_put(*node);
}

static inline void mirror_put_file_at(struct mirror_file **f)
{
	mirror_file_put(*f);
}

#define auto_node	__attribute__((cleanup(mirror_put_node_at)))
#define auto_file	__attribute__((cleanup(mirror_put_file_at)))

/* ---- walk.c: from names to descriptors ---- */

/* A name that is one component, and no way up. */
bool mirror_is_name(const char *name);
/* openat2(2) of one component: an O_PATH descriptor, or -1 and errno. */
int mirror_open_child(int dir, const char *name);
/* A descriptor to read or write what an O_PATH one is of; -1 and errno. */
int mirror_reopen(const struct mirror *m, int fd, int flags);
/* Along an absolute path from the root, one component at a time. */
int mirror_walk(struct mirror *m, const char *path);
/* "/proc/self/fd/N", for calls that take no descriptor. */
struct mirror_path {
	char s[32];
};
struct mirror_path mirror_path(int fd);
/* The part of it that is below mirror.proc. */
struct mirror_path mirror_number(int fd);

/* ---- cred.c: who acts ---- */

struct mirror_role {
	bool changed;
};

/* Act for who asks: new files are theirs.  The
 * kernel has checked what they may do (default_permissions), with all their
 * groups, which we do not know: so permissions are not asked again. */
struct mirror_role mirror_become(fuse_req_t req);
/* Writes end setuid, unless root made them. */
struct mirror_role mirror_become_writer(fuse_req_t req);
struct mirror_role mirror_become_writer_as(const struct mirror *m, uid_t uid,
					   gid_t gid);
void mirror_return(struct mirror_role role);

/* ---- names.c ---- */

/* Look a name up and tell of it; 0 or errno. */
int mirror_entry(struct mirror *m, int dir, const char *name,
		 struct fuse_entry_param *e);
void mirror_fill_entry(const struct mirror *m, const struct mirror_node *node,
		       const struct stat *st, struct fuse_entry_param *e);

/* ---- io.c ---- */

/* Of what OPEN, CREATE and TMPFILE ask, what the host is to be asked. */
int mirror_open_flags(const struct mirror *m, int flags);
/* Is the file or directory as it was when it was last opened?  Then what the
 * kernel has of it is good. */
bool mirror_may_keep(struct mirror *m, struct mirror_node *node, int fd);
/* Number it, and say whether the kernel may keep what it has. */
void mirror_opened(struct mirror *m, struct mirror_node *node, int fd,
		   struct fuse_file_info *fi);

/* ---- the operations ---- */

/* names.c, attr.c, io.c and dir.c have them. */
#define DECLARE(name, ...)	void mirror_op_##name(fuse_req_t req, __VA_ARGS__);
FILE_OP_LIST(DECLARE)
NEW_FILE_OP_LIST(DECLARE)
DECLARE(fsyncdir, fuse_ino_t ino, int datasync, struct fuse_file_info *fi)
#undef DECLARE

/* ---- change.c, mirror.c ---- */

int mirror_change(struct backend *b, const struct file_change *c);
/* Make a file of the scenario's; 0 or errno. */
int mirror_make_file(struct mirror *m, const struct file_spec *spec);

/* The answers to what libfuse does not know (struct own_op). */
int mirror_statx(struct backend *b, const struct wire_in_header *h,
		 const void *args, void *out);
int mirror_copy_64(struct backend *b, const struct wire_in_header *h,
		   const void *args, void *out);

#endif
