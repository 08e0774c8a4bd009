/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Mounts and devices of a scenario, and the files on them.  Pure data. */
#ifndef MODEL_MOUNTS_H
#define MODEL_MOUNTS_H

#include "model/values.h"
#include "wire/message.h"

struct xattr_spec {
	const char *name;
	const void *value;
	size_t len;
};

enum node_type { NODE_FILE, NODE_DIR, NODE_SYMLINK, NODE_FIFO };

struct file_spec {
	struct loc loc;
	const char *path;
	enum node_type type;
	uint64_t size;			/* sparse beyond data */
	struct data_spec data;		/* first bytes; len 0: none */
	const char *target;		/* NODE_SYMLINK */
	uint32_t mode, uid, gid;	/* mode: permission bits only */
	struct xattr_spec *xattrs;
	size_t n_xattrs;
	uint32_t open_flags;		/* FOPEN_* put into every OPEN/CREATE reply */
	struct file_ref backing;	/* FOPEN_PASSTHROUGH: path NULL if none */
	uint64_t entry_ns, attr_ns;	/* timeouts; UINT64_MAX: the mount's */
};

/* How a server moves messages through pipes. */
enum splice_use {
	SPLICE_READ = 1,
	SPLICE_WRITE = 2,
	SPLICE_MOVE = 4,		/* and the kernel may take the pages */
};

/* How requests come to the server. */
enum transport {
	TRANSPORT_ANY,			/* as whoever runs it says: else by the device */
	TRANSPORT_DEV,			/* read(2) and write(2) */
	TRANSPORT_URING,		/* io_uring */
};
extern const struct keyword transport_keywords[];	/* without ANY */
/* NULL: DEV.  False: no such word. */
bool transport_of_word(const char *word, enum transport *out);

enum mount_kind { MOUNT_FUSE, MOUNT_CUSE };

/* What keeps the files of a mount. */
enum backing_kind {
	BACKING_MEMORY,			/* a filesystem in memory */
	BACKING_NULL,			/* zeros; what is written is dropped */
	BACKING_MIRROR,			/* a directory of the host */
	BACKING_TMPFS,			/* the same on a tmpfs made for it */
};

struct backing_spec {
	enum backing_kind kind;
	const char *dir;		/* MIRROR; not relative to the scenario */
	uint64_t size;			/* TMPFS: bytes; MEMORY: the same, or 0 */
	/* The files are those of an earlier mount, and so is all of the above:
	 * its index, counted from 1; 0: they are its own. */
	unsigned shared;
	/* MIRROR: dir is one of these or below one; NULL-terminated.  Set by
	 * scenario_allow_host(). */
	const char *const *allowed;
};

struct mount_spec {
	struct loc loc;
	const char *name;
	enum mount_kind kind;
	uint64_t init_on, init_off;	/* INIT flags to add to / take from the default */
	struct field_set *init;		/* numeric fields of the INIT reply given by hand */
	size_t n_init;
	bool sync_init;			/* mount(2) waits for INIT */
	uint32_t splice;		/* SPLICE_* */
	bool unprivileged;		/* the server has no CAP_SYS_ADMIN */
	uint32_t namespaces;		/* NS_*: made in others than the run's */
	unsigned workers;		/* >= 1; each has its own (cloned) channel */
	enum transport transport;
	unsigned ring_depth;		/* entries of each queue of io_uring */
	bool ring_by_hand;		/* the script registers them, or does not */
	uint32_t options;		/* MOPT_* */
	struct backing_spec backing;
	/* Default timeouts; UINT64_MAX: the backing's.  See mount_entry_ns(). */
	uint64_t entry_ns, attr_ns, negative_ns;
	uint64_t max_read;		/* mount option; 0: none */
	const char *fsname, *subtype;	/* NULL: the mount's name; none */
	/* A mount of type fuseblk, on a device of this size; 0: it is none. */
	uint64_t device_size, block_size;
	struct file_spec *files;	/* parents before children */
	size_t n_files;
	/* MOUNT_CUSE */
	const char *dev_name;
	struct data_spec content;
	struct data_spec info;		/* in CUSE_INIT's reply, before DEVNAME */
};

/* The timeouts that hold: where others may change the files too (a mirror), a
 * second, else an hour; for names that are not there none. */
uint64_t mount_entry_ns(const struct mount_spec *m);
uint64_t mount_attr_ns(const struct mount_spec *m);
uint64_t mount_negative_ns(const struct mount_spec *m);
/* It is to use io_uring, so INIT has to agree on that. */
void mount_use_uring(struct mount_spec *m);
/* The backing that a word of the command line means: memory, null, or a
 * directory, which is borrowed. */
struct backing_spec backing_of_word(const char *word);
/* Why a file of the scenario's cannot be kept in it; NULL: it can. */
const char *backing_refuses(enum backing_kind kind, const struct file_spec *f);

#define MOPT_DEFAULT_PERMISSIONS	1u
#define MOPT_NO_ALLOW_OTHER		2u	/* allow_other is given unless this is set */
#define MOPT_RO				4u
#define MOPT_SYNC			8u
#define MOPT_NOATIME			16u
#define MOPT_DIRSYNC			32u
extern const struct flagset flags_mount;	/* the words for "options:" */
extern const struct flagset flags_splice;
extern const struct flagset flags_namespaces;	/* NS_* */

#endif
