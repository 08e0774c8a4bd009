/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bits of the protocol by name.  Constant tables, thread-safe. */
#ifndef WIRE_FLAGS_H
#define WIRE_FLAGS_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/diag.h"

struct flag {
	const char *name;	/* as in a scenario: writeback_cache, O_DIRECT */
	uint64_t bits;
	uint16_t minor;		/* introduced by protocol 7.minor; 0: always */
	uint64_t within;	/* the bits of which this row is one value: O_ACCMODE
				 * for O_RDONLY, all of them for SEEK_SET; 0: its
				 * bits stand for themselves */
};

/* A set of flags.  Rows with several bits (a mask such as O_ACCMODE values)
 * stand before the rows of their parts; the last row has no name. */
struct flagset {
	const char *name;	/* "init", "fopen", ... as `list flags` prints it */
	const char *what;	/* for messages: "open flag" */
	const struct flag *rows;
};

extern const struct flagset flags_init;		/* 64 bits: flags | flags2 << 32 */
extern const struct flagset flags_init_low;	/* the same, as the field flags has them */
extern const struct flagset flags_init_high;	/* ... and flags2; neither is in flagsets[] */
extern const struct flagset flags_fopen;	/* OPEN, CREATE, OPENDIR replies */
extern const struct flagset flags_open;		/* O_* as open(2) and OPEN carry them */
extern const struct flagset flags_openin;	/* OPEN's open_flags: kill_suidgid */
extern const struct flagset flags_setattr;	/* FATTR_* */
extern const struct flagset flags_getattr;
extern const struct flagset flags_write;	/* write_flags: cache, lockowner, kill_suidgid */
extern const struct flagset flags_read;
extern const struct flagset flags_release;
extern const struct flagset flags_fsync;	/* datasync */
extern const struct flagset flags_lk;
extern const struct flagset flags_ioctl;
extern const struct flagset flags_poll;		/* schedule_notify */
extern const struct flagset flags_attr;		/* submount, dax */
extern const struct flagset flags_setxattr;	/* XATTR_CREATE, XATTR_REPLACE */
extern const struct flagset flags_setxattr_ext;	/* setxattr_flags: acl_kill_sgid */
extern const struct flagset flags_rename;	/* RENAME_NOREPLACE, ... */
extern const struct flagset flags_fallocate;	/* FALLOC_FL_* */
extern const struct flagset flags_access;	/* R_OK W_OK X_OK */
extern const struct flagset flags_expire;	/* INVAL_ENTRY: expire_only */
extern const struct flagset flags_cuse;		/* CUSE_INIT: unrestricted_ioctl */
extern const struct flagset flags_statx;	/* STATX_* mask */
extern const struct flagset flags_statx_sync;	/* AT_STATX_FORCE_SYNC, ... */
extern const struct flagset flags_statx_attr;	/* STATX_ATTR_* */
extern const struct flagset flags_setupmapping;	/* read, write */
extern const struct flagset flags_poll_events;	/* POLLIN, ... */
extern const struct flagset flags_whence;	/* a choice: SEEK_SET, ... */
extern const struct flagset flags_locktype;	/* a choice: F_RDLCK, ... */

/* Every set of the built-in protocol, NULL at the end. */
extern const struct flagset *const flagsets[];

/* The row of one name, or NULL.  Its bits may be 0: O_RDONLY, SEEK_SET. */
const struct flag *flag_find(const struct flagset *set, const char *name,
			     size_t len);
/* The bits of one name, or 0. */
uint64_t flag_by_name(const struct flagset *set, const char *name, size_t len);
struct words flag_words(const struct flagset *set);
/* "O_RDWR|O_DIRECT", unknown bits as 0x...; none at all: the row without bits
 * if the set has one, else "0". */
void flags_print(struct buf *b, const struct flagset *set, uint64_t bits);
/* A condition: the names of the bits that must be set, and with "-" those of the
 * bits that must not be.  "0" if no bit may be set. */
void flags_print_cond(struct buf *b, const struct flagset *set, uint64_t on,
		      uint64_t off);

#endif
