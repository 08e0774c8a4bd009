/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The limits of ours, one table: what the loader refuses to take more of, and
 * what a run or a server holds.  A row gives LIMIT_X, the constant for the code,
 * and limit_rows[], from which messages, `fusescen list limits` and the manual's
 * test have the same words.  Limits of the kernel (PATH_MAX, XATTR_SIZE_MAX) are
 * not here, nor is how much of a text a message shows.
 *
 * A limit of ours must never look like an answer of the kernel.  The loader
 * refuses what is more, with the place, wherever the scenario says how much it
 * is; what shows only in a run makes it an error and not a failure.
 *
 * Constant tables and pure functions, thread-safe.
 */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"
#include "base/units.h"

enum limit_unit {
	LIMIT_IN_NUMBERS,	/* "too many WORDS: at most 16" */
	LIMIT_IN_BYTES,		/* the same: "256M" */
	LIMIT_IN_TIME,		/* "too long a WORDS: at most 1min" */
};

#define KIB	(1024ull)
#define MIB	(1024 * KIB)
#define TIB	(MIB * MIB)

/* X(LIMIT_..., name, value, unit, words) */
#define LIMIT_LIST(X)							\
	/* a file */							\
	X(FILE_BYTES, "file_bytes", MIB, BYTES,				\
	  "bytes of a scenario file")					\
	X(FILE_CASES, "file_cases", 1000, NUMBERS,			\
	  "cases in a file")						\
	X(FILE_VALUES, "file_values", 50000, NUMBERS,			\
	  "values in a file")						\
	X(FILE_DEPTH, "file_depth", 32, NUMBERS,			\
	  "lists and mappings in one another")				\
	X(FILE_MEMORY, "file_memory", 128 * MIB, BYTES,			\
	  "bytes of memory for all cases of a file")			\
	X(NAMES, "names", 1000, NUMBERS,				\
	  "different names of one kind")				\
	X(LAYOUT, "layout", 4 * KIB, BYTES,				\
	  "bytes in the layout of a message")				\
	X(NAME_BYTES, "name_bytes", 32, BYTES,				\
	  "bytes in the name of a mount or device")			\
	X(TEXT_BYTES, "text_bytes", 64 * KIB, BYTES,			\
	  "bytes in a text with its variables filled in")		\
	X(PATH_DEPTH, "path_depth", 64, NUMBERS,			\
	  "names in a path")						\
	/* what a scenario is made of */				\
	X(KERNEL_ARGS, "kernel_args", 512, BYTES,			\
	  "bytes of arguments of the kernel")				\
	X(GROUPS, "groups", 32, NUMBERS,				\
	  "supplementary groups of an actor")				\
	X(MOUNTS, "mounts", 16, NUMBERS,				\
	  "mounts and devices")						\
	X(WORKERS, "workers", 16, NUMBERS,				\
	  "workers of a mount")						\
	X(RING_DEPTH, "ring_depth", 1024, NUMBERS,			\
	  "entries in a queue of io_uring")				\
	X(ACTORS, "actors", 64, NUMBERS,				\
	  "actors")							\
	X(CPUS, "cpus", 4096, NUMBERS,					\
	  "processors")							\
	X(ERRNOS, "errnos", 4, NUMBERS,					\
	  "errnos that a call may return")				\
	X(STRESS_CALLS, "stress_calls", 64, NUMBERS,			\
	  "calls in one stress step")					\
	X(STRESS_ROUNDS, "stress_rounds", 1000000, NUMBERS,		\
	  "rounds of a stress step")					\
	X(EXPLORE_ACTORS, "explore_actors", 12, NUMBERS,		\
	  "actors in one explore step")					\
	X(EXPLORE_CALLS, "explore_calls", 32, NUMBERS,			\
	  "calls in one explore step")					\
	X(REPLY_COPIES, "reply_copies", 16, NUMBERS,			\
	  "copies of a reply")						\
	X(REPLY_CUT, "reply_cut", MIB, BYTES,				\
	  "bytes by which a reply is short or long")			\
	/* data */							\
	X(CALL_DATA, "call_data", 256 * MIB, BYTES,			\
	  "bytes of data in one call or message")	\
	X(FILES_DATA, "files_data", 256 * MIB, BYTES,			\
	  "bytes of data in the files of all mounts")			\
	X(FILE_SIZE, "file_size", 4 * TIB, BYTES,			\
	  "bytes in a file of a mount, holes included")			\
	X(TMPFS_SIZE, "tmpfs_size", TIB, BYTES,				\
	  "bytes in a tmpfs")						\
	X(CALL_NAMES, "call_names", 2 * MIB, BYTES,			\
	  "bytes in the names that a call lists")			\
	X(IOCTL_DATA, "ioctl_data", 2 * MIB, BYTES,			\
	  "bytes of data in an ioctl")					\
	X(DEVICE_DATA, "device_data", MIB, BYTES,			\
	  "bytes in the content of a device")				\
	X(MEMORY_DATA, "memory_data", 256 * MIB, BYTES,			\
	  "bytes of data in a mount that is kept in memory")		\
	X(MEMORY_INODES, "memory_inodes", 1 << 20, NUMBERS,		\
	  "inodes in a mount that is kept in memory")			\
	X(MEMORY_XATTRS, "memory_xattrs", MIB, BYTES,			\
	  "bytes in the extended attributes of a file in memory")	\
	/* times */							\
	X(RUN_TIME, "run_time", 600 * NS_PER_S, TIME,			\
	  "run")							\
	X(DELAY, "delay", 60 * NS_PER_S, TIME,				\
	  "delay of a rule")						\
	X(SLEEP, "sleep", 5 * NS_PER_S, TIME,				\
	  "sleep")							\
	X(STRESS_TIME, "stress_time", 60 * NS_PER_S, TIME,		\
	  "stress step")						\
	/* what a run keeps */						\
	X(LOG_EVENTS, "log_events", 200000, NUMBERS,			\
	  "events in a run")						\
	X(LOG_BYTES, "log_bytes", 64 * MIB, BYTES,			\
	  "bytes in the events of a run")				\
	X(LOG_DATA, "log_data", 256, BYTES,				\
	  "bytes of a request's data in an event, where no check names more") \
	X(LOG_RESULT, "log_result", 64 * KIB, BYTES,			\
	  "bytes of a call's data in an event, where no check names more") \
	/* serve and ctl */						\
	X(SERVED_EVENTS, "served_events", 65536, NUMBERS,		\
	  "events that a server remembers")				\
	X(SERVED_BYTES, "served_bytes", 32 * MIB, BYTES,		\
	  "bytes in the events that a server remembers")		\
	X(CTL_CLIENTS, "ctl_clients", 32, NUMBERS,			\
	  "clients of a server's control socket")			\
	X(CTL_LINE, "ctl_line", 64 * KIB, BYTES,			\
	  "bytes in a command of a control socket")			\
	X(CTL_TEXTS, "ctl_texts", 1000, NUMBERS,			\
	  "different notifications and rules by command")		\
	X(CTL_DATA, "ctl_data", LIMIT_LOG_DATA, BYTES,			\
	  "bytes of a request's data in a command")			\
	X(CTL_TAIL, "ctl_tail", 10000, NUMBERS,				\
	  "events that one command asks for")				\
	X(ATTACHED, "attached", 64, NUMBERS,				\
	  "sessions that are attached in one process")			\
	/* bench */							\
	X(BENCH_BYTES, "bench_bytes", 4 * MIB, BYTES,			\
	  "bytes of a benchmark file")					\
	X(BENCH_TIME, "bench_time", 3600 * NS_PER_S, TIME,		\
	  "measurement")						\
	X(BENCH_ROUNDS, "bench_rounds", 1000, NUMBERS,			\
	  "rounds of a benchmark")					\
	X(BENCH_FILE, "bench_file", TIB, BYTES,				\
	  "bytes in a file of a benchmark")

/* One enum each: the type of every constant is then its own. */
#define LIMIT_VALUE(id, name, value, unit, words)	\
	enum { LIMIT_##id = value };
LIMIT_LIST(LIMIT_VALUE)
#undef LIMIT_VALUE

enum limit_row {
#define LIMIT_ROW(id, name, value, unit, words)	LIMIT_ROW_##id,
	LIMIT_LIST(LIMIT_ROW)
#undef LIMIT_ROW
	N_LIMITS
};

struct limit {
	const char *name;
	uint64_t value;
	enum limit_unit unit;
	const char *words;
};

extern const struct limit limit_rows[N_LIMITS];

#define LIMIT_OF(id)	(&limit_rows[LIMIT_ROW_##id])

/* "256M", "1min", "16" */
void limit_print_value(struct buf *b, const struct limit *l);
/* "too many mounts and devices: at most 16 (limit mounts)" */
void limit_print(struct buf *b, const struct limit *l);
/* The same as a diagnostic: always -1. */
int diag_limit(struct diags *dg, struct loc loc, const struct limit *l);

#endif
