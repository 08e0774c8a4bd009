/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The requests of one mount between being read and being answered, found by
 * their unique, and how many of them are where.
 *
 *	read ─► delay ─► gate ─► filesystem end ─► delay ─► gate ─► write
 *
 * Callers hold engine->lock.  A request belongs to whoever took it from where
 * it waited; nobody else touches it until it waits again.
 */
#ifndef ENGINE_INFLIGHT_H
#define ENGINE_INFLIGHT_H

#include "engine/evlog.h"

/* Where a request is, as engine_load() counts it. */
enum stage {
	STAGE_BUSY, STAGE_STALLED, STAGE_DELAYED, STAGE_HELD, STAGE_DROPPED,
	N_STAGES
};

/* Where it goes next. */
enum station {
	AT_DELAY, AT_GATE, AT_SERVER, AT_DELAY_AFTER, AT_GATE_AFTER, AT_WRITE
};

struct request {
	struct request *hash_next;
	struct request *prev, *next;	/* in a gate, or in the later-queue */
	int mount;
	void *chan;			/* to be written to */
	const struct op *op;		/* NULL: unknown */
	uint32_t opcode, pid;
	uint64_t unique;
	int actor;
	bool counted;			/* the kernel waits for an answer */
	bool stale;			/* sent again: no longer under this unique */
	enum stage stage;
	enum station station;
	const struct rule *rule;	/* that applies; NULL: none */
	const struct reply_spec *reply;	/* what the reply is to be; NULL: as it is */
	const struct rule *reply_rule;	/* whose reply; NULL: a step's, or ours */
	bool ask_backend;			/* ask the filesystem end even for an error */
	bool skip_waits;			/* no more delays and gates */
	bool delivered;			/* the filesystem end has seen it */
	bool answered;			/* ... and answered */
	bool drop_ok;			/* dropped, and nobody minds */
	bool muted;			/* neither it nor what becomes of it is logged */
	bool let_go;			/* on its way from a gate */
	const struct event *ev;		/* NULL: not logged */
	const void *head;		/* fixed part and names, for reading */
	size_t head_len;
	void *own_head;			/* head, where the log does not keep it */
	void *msg;			/* all of it, to be delivered later */
	size_t msg_len;
	void *backend_reply;			/* the filesystem end's, kept */
	size_t backend_reply_len;
	uint64_t due_ns;
};

struct inflight {
	struct request **buckets;
	uint64_t counts[N_STAGES];	/* of those the kernel waits for */
};

void inflight_init(struct inflight *t);
void inflight_fini(struct inflight *t);		/* and all that is in it */

/* p comes in, busy. */
void inflight_add(struct inflight *t, struct request *p);
void inflight_move(struct inflight *t, struct request *p, enum stage to);
/* p is over: takes it out and frees it. */
void inflight_end(struct inflight *t, struct request *p);
/* The one the kernel waits for under this unique, or NULL. */
struct request *inflight_find(const struct inflight *t, uint64_t unique);
/* The kernel has sent p again under another unique. */
void inflight_set_stale(struct inflight *t, struct request *p);
void inflight_each(struct inflight *t, enum stage stage,
		   void (*fn)(void *ctx, struct request *p), void *ctx);

#endif
