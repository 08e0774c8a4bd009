/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which path a nodeid has, learnt from the wire: replies to LOOKUP, CREATE,
 * MKDIR, ... add a name, RENAME moves it, UNLINK and RMDIR take it away.
 * A node keeps its last path when that name is taken away.
 * Works for any filesystem end.  Callers hold engine->lock.
 */
#ifndef ENGINE_NODES_H
#define ENGINE_NODES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/message.h"

struct nodes;

/* Never 0. */
uint64_t nodes_hash_path(const char *path);

struct nodes *nodes_new(void);		/* knows the root: 1 is "/" */
void nodes_free(struct nodes *t);
/* NULL when not known; borrowed until the next change. */
const char *nodes_path(const struct nodes *t, uint64_t nodeid);
/* nodes_hash_path() of that; 0 when not known. */
uint64_t nodes_path_hash(const struct nodes *t, uint64_t nodeid);
/* 0 when not known. */
uint64_t nodes_find(const struct nodes *t, const char *path);
/* The path a request is about: the node's, or its child's for OPF_PARENT.
 * Borrowed until the next change, or put together in out (PATH_MAX bytes);
 * NULL if the node is unknown. */
const char *nodes_request_path(const struct nodes *t, const struct request *req,
			       char *out, size_t size);
/* Whether a good reply to this operation can teach anything. */
bool nodes_learns_from(uint32_t opcode);
/* Learn from a request that was answered well (error 0). */
void nodes_learn(struct nodes *t, const struct request *req,
		 const void *reply, size_t reply_len);

#endif
