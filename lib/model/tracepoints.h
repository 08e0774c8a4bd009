/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The kernel's own events (tracepoints) that patterns can name, with the fields
 * we read of each.  Constant tables, thread-safe.
 */
#ifndef MODEL_TRACEPOINTS_H
#define MODEL_TRACEPOINTS_H

#include "wire/ops.h"

#define TRACE_FIELDS_MAX	7

/* How we know that an event is one of ours. */
enum trace_scope {
	SCOPE_CONNECTION,	/* its field connection is a mount of ours */
	SCOPE_DEVICE,		/* its field s_dev is */
	SCOPE_TASK,		/* it happens in a thread of an actor */
};

struct tracepoint {
	const char *group, *name;	/* as tracefs has them */
	enum trace_scope scope;
	/* Where in a log's event its values are: field i at byte 8 * i. */
	const struct field *fields;
	const char *help;
};

extern const struct tracepoint tracepoints[];
extern const size_t n_tracepoints;

extern const struct flagset flags_trace_lock;	/* contention_begin */
extern const struct flagset flags_trace_type;	/* filelock: F_RDLCK, ... */
extern const struct flagset *const trace_flagsets[];	/* NULL at the end */

const struct tracepoint *tracepoint_by_name(const char *name, size_t len);
struct words tracepoint_words(void);

#endif
