/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The names in one directory.  Each entry has a cookie that never changes and
 * is never used again: readdir goes on after a cookie whatever was added or
 * removed meanwhile.  Entries come in the order they were added.  The
 * filesystem's names lock serialises; nothing here locks.
 */
#ifndef BACKEND_MEMORY_DIRENTS_H
#define BACKEND_MEMORY_DIRENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"

struct inode;

struct dirent_row {
	struct hash_link link;		/* in by_name */
	uint64_t cookie;
	struct inode *inode;		/* may be replaced: rename onto a name */
	char name[];
};

struct dirents {
	struct dirent_row **rows;	/* by cookie, with holes */
	uint64_t *cookies;		/* of rows[i], also of a hole */
	size_t n_rows, cap_rows;
	struct hash_table by_name;	/* the entries that are there */
	uint64_t last_cookie;
};

/* 1 and 2 are "." and "..", which are not kept here. */
#define DIRENTS_FIRST_COOKIE	3

void dirents_init(struct dirents *d);
void dirents_fini(struct dirents *d);
struct dirent_row *dirents_find(const struct dirents *d, const char *name);
/* The name must not be there. */
void dirents_add(struct dirents *d, const char *name, struct inode *inode);
void dirents_remove(struct dirents *d, struct dirent_row *row);
/* The first entry with a cookie above this one, NULL at the end. */
struct dirent_row *dirents_after(const struct dirents *d, uint64_t cookie);

#endif
