/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tracepoints of the kernel and their fields: constant tables.  A name is the
 * kernel's own, without a leading "fl_" (which it dropped in 6.9). */
#include "config.h"

#include "model/tracepoints.h"

#include <string.h>

/* include/trace/events/lock.h; a lock without READ, WRITE or MUTEX is a
 * spinlock or the like */
static const struct flag lock_rows[] = {
	{ "SPIN", 1 << 0, 0, 0 }, { "READ", 1 << 1, 0, 0 }, { "WRITE", 1 << 2, 0, 0 },
	{ "RT", 1 << 3, 0, 0 }, { "PERCPU", 1 << 4, 0, 0 }, { "MUTEX", 1 << 5, 0, 0 },
	{ .name = NULL },
};
const struct flagset flags_trace_lock = { "contention", "lock flag", lock_rows };

/* <asm-generic/fcntl.h> */
static const struct flag type_rows[] = {
	{ "F_RDLCK", 0, 0, ~0ull }, { "F_WRLCK", 1, 0, ~0ull },
	{ "F_UNLCK", 2, 0, ~0ull },
	{ .name = NULL },
};
const struct flagset flags_trace_type = { "filelock", "lock type", type_rows };

const struct flagset *const trace_flagsets[] = {
	&flags_trace_lock, &flags_trace_type, NULL,
};

#define FIELD(i, name, type, dim)	{ name, type, dim, 8 * (i), 0, NULL }
#define WORDS(i, name, dim, set)	{ name, FT_U64, dim, 8 * (i), 0, set }
#define END				{ NULL, FT_U64, FD_NUM, 0, 0, NULL }

static const struct field send_fields[] = {
	FIELD(0, "opcode", FT_U64, FD_OPCODE), FIELD(1, "unique", FT_U64, FD_NUM),
	FIELD(2, "len", FT_U64, FD_SIZE), END
};
static const struct field end_fields[] = {
	FIELD(0, "unique", FT_U64, FD_NUM), FIELD(1, "len", FT_U64, FD_SIZE),
	FIELD(2, "error", FT_S64, FD_RESULT), END
};
static const struct field lock_fields_traced[] = {
	WORDS(0, "type", FD_CHOICE, &flags_trace_type),
	FIELD(1, "start", FT_S64, FD_SIZE), FIELD(2, "end", FT_S64, FD_SIZE),
	FIELD(3, "ret", FT_S64, FD_RESULT), END
};
static const struct field lease_fields[] = {
	WORDS(0, "type", FD_CHOICE, &flags_trace_type), END
};
static const struct field begin_fields[] = {
	WORDS(0, "flags", FD_FLAGS, &flags_trace_lock), END
};
static const struct field ret_fields[] = {
	FIELD(0, "ret", FT_S64, FD_RESULT), END
};

const struct tracepoint tracepoints[] = {
	{ "fuse", "fuse_request_send", SCOPE_CONNECTION, send_fields,
	  "the kernel queues a request for the server" },
	{ "fuse", "fuse_request_end", SCOPE_CONNECTION, end_fields,
	  "a request is over: answered, aborted or never sent" },
	{ "filelock", "posix_lock_inode", SCOPE_DEVICE, lock_fields_traced,
	  "the kernel's own table of record locks changes, or refuses" },
	{ "filelock", "flock_lock_inode", SCOPE_DEVICE, lock_fields_traced,
	  "the same for flock(2)" },
	{ "filelock", "fcntl_setlk", SCOPE_DEVICE, lock_fields_traced,
	  "fcntl(2) with F_SETLK or F_SETLKW returns" },
	{ "filelock", "locks_remove_posix", SCOPE_DEVICE, lock_fields_traced,
	  "a close drops the record locks of its process" },
	{ "filelock", "generic_add_lease", SCOPE_DEVICE, lease_fields,
	  "a lease is requested" },
	{ "filelock", "break_lease_noblock", SCOPE_DEVICE, lease_fields,
	  "a lease is broken by a task that does not wait" },
	{ "lock", "contention_begin", SCOPE_TASK, begin_fields,
	  "a task begins to wait for a lock of the kernel" },
	{ "lock", "contention_end", SCOPE_TASK, ret_fields,
	  "the task has the lock, or has given up" },
};
const size_t n_tracepoints = sizeof(tracepoints) / sizeof(tracepoints[0]);

const struct tracepoint *tracepoint_by_name(const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < n_tracepoints; i++)
		if (strlen(tracepoints[i].name) == len &&
		    !memcmp(tracepoints[i].name, name, len))
			return &tracepoints[i];
	return NULL;
}

static const char *name_at(const void *ctx, size_t i)
{
	(void)ctx;
	return i < n_tracepoints ? tracepoints[i].name : NULL;
}

struct words tracepoint_words(void)
{
	return (struct words){ name_at, NULL };
}
