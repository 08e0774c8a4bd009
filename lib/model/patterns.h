/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Events in words, as steps and checks have them.  Pure data. */
#ifndef MODEL_PATTERNS_H
#define MODEL_PATTERNS_H

#include "model/clients.h"
#include "model/tracepoints.h"

enum pattern_kind {
	PAT_REQUEST,			/* WRITE /data offset=0 */
	PAT_REPLY,			/* reply WRITE /data = EIO */
	PAT_CALL,			/* app fsync starts */
	PAT_RETURN,			/* app fsync = 0, app fsync returns */
	PAT_NOTE_START,			/* inval starts */
	PAT_NOTE_DONE,			/* inval returns, inval = ENOENT */
	PAT_TRACE,			/* trace fuse_request_send opcode=WRITE */
};

struct pattern {
	struct loc loc;
	const char *text;
	enum pattern_kind kind;
	const struct op *op;		/* NULL: any operation but noise ("*") */
	struct file_ref file;
	struct cond *where;
	size_t n_where;
	const char *field;		/* what a check compares; else NULL */
	int actor;
	const struct call *call;	/* NULL: any */
	bool has_error;			/* replies and notifications: = EIO, = 0 */
	int error;
	bool has_result;		/* returns */
	struct expectation result;
	int note;			/* index into scenario.notes */
	const struct tracepoint *tracepoint;	/* actor NONE: anybody; file: its mount */
};

#endif
