/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The built-in notifications: what a server may tell the kernel unasked.
 * Constant data.
 */
#include "config.h"

#include "base/mem.h"
#include "wire/fields.h"

static const struct field poll_fields[] = {
	NUM(note_poll, kh),
	END
};

/* The kernel's header calls the first one ino, but it is compared with nodeids
 * (fs/fuse/inode.c: fuse_ilookup). */
static const struct field inval_inode_fields[] = {
	FIELD_AS("nodeid", note_inval_inode, ino, FD_NUM, 0, NULL),
	SIZE(note_inval_inode, off),
	SIZE(note_inval_inode, len),
	END
};

static const struct field inval_entry_fields[] = {
	NUM(note_inval_entry, parent),
	NUM(note_inval_entry, namelen),
	FLAGS_NEW(note_inval_entry, flags, &flags_expire, 38),
	NAME("name", 0),
	END
};

static const struct field store_fields[] = {
	NUM(note_store, nodeid),
	SIZE(note_store, offset),
	SIZE(note_store, size),
	DATA,
	END
};

static const struct field retrieve_fields[] = {
	NUM(note_retrieve, notify_unique),
	NUM(note_retrieve, nodeid),
	SIZE(note_retrieve, offset),
	SIZE(note_retrieve, size),
	END
};

static const struct field delete_fields[] = {
	NUM(note_delete, parent),
	NUM(note_delete, child),
	NUM(note_delete, namelen),
	NAME("name", 0),
	END
};

/* data: count times a nodeid of 64 bits */
static const struct field prune_fields[] = {
	NUM(note_prune, count),
	DATA,
	END
};

static const struct field no_fields[] = { END };

#define ARGS(st, list)	sizeof(struct wire_##st), list

const struct note builtin_notes[] = {
	{ .code = NOTE_POLL, "poll", 11, ARGS(note_poll, poll_fields),
	  "wake whoever polls the file that has this kh" },
	{ .code = NOTE_INVAL_INODE, "inval_inode", 12,
	  ARGS(note_inval_inode, inval_inode_fields),
	  "forget cached attributes, and pages from off on (len 0: all)" },
	{ .code = NOTE_INVAL_ENTRY, "inval_entry", 12,
	  ARGS(note_inval_entry, inval_entry_fields),
	  "forget a name in a directory, or let it expire" },
	{ .code = NOTE_STORE, "store", 15, ARGS(note_store, store_fields),
	  "put data into the page cache" },
	{ .code = NOTE_RETRIEVE, "retrieve", 15, ARGS(note_retrieve, retrieve_fields),
	  "ask for cached data, which arrives as NOTIFY_REPLY" },
	{ .code = NOTE_DELETE, "delete", 18, ARGS(note_delete, delete_fields),
	  "a name has been removed from its directory" },
	{ .code = NOTE_RESEND, "resend", 40, 0, no_fields,
	  "send every request again that was read and not answered" },
	{ .code = NOTE_INC_EPOCH, "inc_epoch", 44, 0, no_fields,
	  "look up every cached name again before it is used" },
	{ .code = NOTE_PRUNE, "prune", 45, ARGS(note_prune, prune_fields),
	  "drop the cached names of these nodes" },
};
_Static_assert(ARRAY_SIZE(builtin_notes) == N_BUILTIN_NOTES,
	       "N_BUILTIN_NOTES counts builtin_notes");
