/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Changes of a server's files behind the kernel's back.  Pure data. */
#ifndef MODEL_CHANGES_H
#define MODEL_CHANGES_H

#include "model/mounts.h"

/* What a change says besides which file. */
enum change_key {
	CHANGE_OFFSET	= 1 << 0,
	CHANGE_SIZE	= 1 << 1,
	CHANGE_DATA	= 1 << 2,
	CHANGE_TO	= 1 << 3,
	CHANGE_MODE	= 1 << 4,
	CHANGE_UID	= 1 << 5,
	CHANGE_GID	= 1 << 6,
	CHANGE_ATIME	= 1 << 7,
	CHANGE_MTIME	= 1 << 8,
	CHANGE_NAME	= 1 << 9,
	CHANGE_VALUE	= 1 << 10,
	CHANGE_MOUNT	= 1 << 11,
};

/* One row each: CHANGE_KIND, the word, the keys that it needs, those of which it
 * needs one, those that it can have, and what it is for. */
#define CHANGE_LIST(X)							\
	X(MAKE, make, 0, 0, CHANGE_MOUNT,				\
	  "make files, directories and links, as under files:")		\
	X(WRITE, write, CHANGE_DATA, 0, CHANGE_OFFSET,			\
	  "write bytes")						\
	X(TRUNCATE, truncate, CHANGE_SIZE, 0, 0, "set the size")	\
	X(REMOVE, remove, 0, 0, 0,					\
	  "remove a name, or an empty directory")			\
	X(RENAME, rename, CHANGE_TO, 0, 0,				\
	  "give a file another name, in place of what has that name")	\
	X(LINK, link, CHANGE_TO, 0, 0, "give a file one more name")	\
	X(CHMOD, chmod, CHANGE_MODE, 0, 0, "set permission bits")	\
	X(CHOWN, chown, 0, CHANGE_UID | CHANGE_GID, 0,			\
	  "set owner, group or both")					\
	X(UTIMES, utimes, 0, CHANGE_ATIME | CHANGE_MTIME, 0,		\
	  "set times, since 1970")					\
	X(SETXATTR, setxattr, CHANGE_NAME | CHANGE_VALUE, 0, 0,		\
	  "set an extended attribute")					\
	X(REMOVEXATTR, removexattr, CHANGE_NAME, 0, 0,			\
	  "remove an extended attribute")

enum change_kind {
#define KIND(kind, word, needs, any, can, help)	CHANGE_##kind,
	CHANGE_LIST(KIND)
#undef KIND
};

struct change_row {
	const char *word;
	unsigned needs, any, can;	/* enum change_key */
};

extern const struct change_row change_rows[];	/* by enum change_kind */
extern const struct keyword change_keywords[];

struct file_change {
	enum change_kind kind;
	int mount;
	const char *path;		/* but for MAKE */
	const char *to;			/* RENAME, LINK */
	const struct file_spec *files;	/* MAKE: parents before children */
	size_t n_files;
	uint64_t offset, size;
	struct data_spec data;
	uint32_t mode, uid, gid;	/* UINT32_MAX: is kept */
	uint64_t atime_ns, mtime_ns;	/* UINT64_MAX: is kept */
	const char *name;		/* of an xattr */
	struct data_spec value;
};

#endif
