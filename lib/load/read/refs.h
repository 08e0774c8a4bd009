/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How a scenario names files: "/path" where there is one mount, "mount:/path",
 * "mount:" for any file of it, a device's name.  One thread at a time.
 */
#ifndef LOAD_READ_REFS_H
#define LOAD_READ_REFS_H

#include "load/read/lex.h"

enum ref_flag {
	REF_GLOB = 1,		/* * and ? are wildcards */
	REF_ANY = 2,		/* "mount:" and devices are fine */
	REF_DEVICE = 4,		/* devices are fine */
};

/* Does it look like a file at all ("/", ":" or a device)? */
bool ref_is(const struct loader *ld, struct tok tok);
int ref_from_tok(struct loader *ld, const struct text *t, struct tok tok,
		 unsigned flags, struct file_ref *out);
int ref_value(struct loader *ld, const struct ynode *n, unsigned flags,
	      struct file_ref *out);

/* A backing file: one of a mount, or {host: /PATH}. */
int ref_backing(struct loader *ld, const struct ynode *n, void *out);

/* A path as a call gives it, which need not be a proper one ("/dir/../x"), but
 * stays below its mount; at: where messages point.  A device's is "". */
int ref_call_path(struct loader *ld, struct loc at, const char *text,
		  struct arg *out);

/* The same rule for what is no whole path. */
int ref_stays_below(struct loader *ld, struct loc at, const char *path);

/* A mount or device by name. */
int mount_value(struct loader *ld, const struct ynode *n, int *out);
/* The scenario's only mount that is no device; says which there are if it is
 * not clear. */
int mount_only(struct loader *ld, struct loc loc, const char *path, size_t len,
	       int *out);
/* Is this a path of plain components, from the root?  Says why not. */
const char *path_fault(const char *path, size_t len);

#endif
