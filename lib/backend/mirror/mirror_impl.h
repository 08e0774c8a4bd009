/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The inside of the mirror, which passes a directory of the host through.  Only
 * the files of this folder include it.  Operations run on the session's threads
 * and answer before they return.
 *
 * Nothing leads out of the directory.  Names come one component at a time, are
 * refused if they are more, and are opened by openat2(2) in a way that follows
 * neither a link nor a mount.  A node is an O_PATH descriptor of the inode
 * itself, so no name is looked up twice.
 *
 * Numbers of nodes and handles are looked up and never trusted, because a
 * script may make the kernel send any number.  A function that gets a node or a
 * file holds a reference until it puts it.
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

/* Tells whether what the kernel has of a file's contents is still good.  The
 * ctime is needed because an mtime can be put back. */
struct mirror_stamp {
	bool valid;
	off_t size;
	struct timespec mtime, ctime;
};

struct mirror_node {
	struct mirror *mirror;
	struct hash_link by_id, by_key;
	uint64_t id;
	int fd;				/* O_PATH; pins the inode, so no other */
	dev_t dev;			/* ... one has these two */
	ino_t ino;
	mode_t type;			/* S_IFMT */
	uint64_t lookups;		/* what FORGET counts down; under lock */
	unsigned refs;			/* under lock */
	struct mirror_stamp stamp;	/* under lock */
	const struct file_spec *spec;	/* NULL: the scenario has no such file */
};

/* An open file or directory. */
struct mirror_file {
	struct mirror *mirror;
	struct hash_link by_id;
	uint64_t id;
	int fd;
	dev_t dev;			/* the node's */
	bool is_direct;			/* the client opened it with O_DIRECT */
	bool is_readonly;
	unsigned refs;			/* under the mirror's lock */
	pthread_mutex_t lock;		/* locks the rest, of a directory */
	char *entries;			/* NULL: none read yet */
	size_t at, len;			/* the next of them, and their end */
	off_t next_off;			/* where the kernel is to go on */
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
 * A reply ends the request, and nothing may look at req afterwards.  So only
 * the operations themselves reply, and do nothing after that.  The functions
 * that they call return an errno, and those that get a node or a file never
 * reply.
 */
static inline struct mirror *mirror_of(fuse_req_t req)
{
	return fuse_req_userdata(req);
}

/* ---- nodes.c: tables ---- */

/* Returns the node with a reference; NULL means ESTALE, because we never gave
 * the number out or have forgotten it. */
struct mirror_node *mirror_get(struct mirror *m, uint64_t id);
void mirror_put(struct mirror_node *node);	/* NULL is fine */
/* Takes over an O_PATH descriptor and returns its node, which may be new.  The
 * caller tells the kernel of it, which is counted.  Where fd is -1, only a
 * known node is returned, else NULL.  */
struct mirror_node *mirror_enter(struct mirror *m, int fd, const struct stat *st);
/* Returns the id of a node that is known, else 0.  */
uint64_t mirror_known(struct mirror *m, const struct stat *st);
void mirror_forget(struct mirror *m, uint64_t id, uint64_t n);
/* Takes over the descriptor.  flags are those with which the client opened the
 * node. */
struct mirror_file *mirror_file_new(const struct mirror_node *node, int fd,
				    int flags);
/* Returns the file with a reference; NULL means EBADF.  */
struct mirror_file *mirror_file_get(struct mirror *m, uint64_t id);
void mirror_file_put(struct mirror_file *f);	/* NULL is fine */
/* The kernel does not use it any more. */
void mirror_file_end(struct mirror *m, uint64_t id);
void mirror_tables_free(struct mirror *m);

/* These put the reference when the variable goes out of scope. */
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

/* Is the name a single component that does not lead up? */
bool mirror_is_name(const char *name);
/* Opens one component with openat2(2).  Returns an O_PATH descriptor, or -1 and
 * errno. */
int mirror_open_child(int dir, const char *name);
/* Returns a descriptor to read or write the file of an O_PATH descriptor; -1
 * and errno. */
int mirror_reopen(const struct mirror *m, int fd, int flags);
/* Follows an absolute path from the root, one component at a time.  Returns an
 * O_PATH descriptor, or -1 and errno. */
int mirror_walk(struct mirror *m, const char *path);
/* "/proc/self/fd/N", for calls that do not take a descriptor. */
struct mirror_path {
	char s[32];
};
struct mirror_path mirror_path(int fd);
/* The part of that path below mirror.proc. */
struct mirror_path mirror_number(int fd);

/* ---- cred.c: who acts ---- */

struct mirror_role {
	bool changed;
};

/* The thread acts for the sender of the request, who then owns new files.
 * Permissions are not checked again: the kernel has done so
 * (default_permissions) with all groups of the sender, which we do not know. */
struct mirror_role mirror_become(fuse_req_t req);
/* The same for a write, which clears setuid unless root made it. */
struct mirror_role mirror_become_writer(fuse_req_t req);
struct mirror_role mirror_become_writer_as(const struct mirror *m, uid_t uid,
					   gid_t gid);
void mirror_return(struct mirror_role role);

/* ---- names.c ---- */

/* Looks a name up and describes it; 0 or errno. */
int mirror_entry(struct mirror *m, int dir, const char *name,
		 struct fuse_entry_param *e);
void mirror_fill_entry(const struct mirror *m, const struct mirror_node *node,
		       const struct stat *st, struct fuse_entry_param *e);

/* ---- io.c ---- */

/* Returns the flags for the host's open(2), given those of OPEN, CREATE or
 * TMPFILE.  */
int mirror_open_flags(const struct mirror *m, int flags);
/* Is the file or directory as it was when it was last opened?  Then what the
 * kernel has of it is good. */
bool mirror_may_keep(struct mirror *m, struct mirror_node *node, int fd);
/* Numbers the open file, and says whether the kernel may keep what it has. */
void mirror_opened(struct mirror *m, struct mirror_node *node, int fd,
		   struct fuse_file_info *fi);

/* ---- the operations ---- */

/* They are in names.c, attr.c, io.c and dir.c. */
#define DECLARE(name, ...)	void mirror_op_##name(fuse_req_t req, __VA_ARGS__);
FILE_OP_LIST(DECLARE)
NEW_FILE_OP_LIST(DECLARE)
DECLARE(fsyncdir, fuse_ino_t ino, int datasync, struct fuse_file_info *fi)
#undef DECLARE

/* ---- change.c, mirror.c ---- */

int mirror_change(struct backend *b, const struct file_change *c);
/* Makes a file that the scenario names; 0 or errno. */
int mirror_make_file(struct mirror *m, const struct file_spec *spec);

/* Answers to operations that libfuse does not know (struct own_op).  */
int mirror_syncfs(struct backend *b, const struct wire_in_header *h,
		  const void *args, void *out);
int mirror_statx(struct backend *b, const struct wire_in_header *h,
		 const void *args, void *out);
int mirror_copy_64(struct backend *b, const struct wire_in_header *h,
		   const void *args, void *out);

#endif
