/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which path a nodeid has, learnt from the wire: replies to LOOKUP, CREATE,
 * MKDIR, ... add a name, RENAME moves it, UNLINK and RMDIR take it away.
 * A node keeps its last path when that name is taken away.
 * Works for any backend.  Callers hold engine->lock.
 */
#ifndef ENGINE_PATH_TABLE_H
#define ENGINE_PATH_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/message.h"

struct path_table;

/* Never 0. */
uint64_t path_hash(const char *path);

struct path_table *path_table_new(void);		/* knows the root: 1 is "/" */
void path_table_free(struct path_table *t);
/* NULL when not known; borrowed until the next change. */
const char *path_table_path(const struct path_table *t, uint64_t nodeid);
/* path_hash() of that; 0 when not known. */
uint64_t path_table_hash(const struct path_table *t, uint64_t nodeid);
/* 0 when not known. */
uint64_t path_table_find(const struct path_table *t, const char *path);
/* Names of a path and of all that is below it, but for the root, the longest
 * first: how many.  The caller frees each and the list. */
size_t path_table_below(const struct path_table *t, const char *path, char ***out);
/* The path a request is about: the node's, or its child's for OPF_PARENT.
 * Borrowed until the next change, or put together in out (PATH_MAX bytes);
 * NULL if the node is unknown. */
const char *path_table_request_path(const struct path_table *t, const struct decoded_request *req,
			       char *out, size_t size);
/* Whether a good reply to this operation can teach anything. */
bool path_table_learns_from(const struct op *op);
/* Learn from a request that was answered well (error 0). */
void path_table_learn(struct path_table *t, const struct decoded_request *req,
		 const void *reply, size_t reply_len);

#endif
