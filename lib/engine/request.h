/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A request of the kernel, from the read(2) that brought it to the write(2) of
 * its reply, as a state machine.
 *
 * request_advance() takes it from its state to the next point where something
 * has to be done, and says what.  It looks at nothing but the request, does no
 * I/O and calls no hook.  pipeline.c does what it says: what makes the request
 * wait under the lock, the rest without.
 *
 * A request belongs to the thread that moves it.  Where it waits for something
 * (DELAYED, HELD, DROPPED, DELIVERED, MISSED ...) it belongs to nobody, and
 * whoever takes it out of that state owns it.
 *
 * All functions that change a state: under engine->lock.
 */
#ifndef ENGINE_REQUEST_H
#define ENGINE_REQUEST_H

#include "base/hash.h"
#include "engine/evlog.h"

/*
 *	engine_request()
 *	      |
 *	   ARRIVED <----> STALLED	its mount is stalled, its worker waits
 *	      |				its rule's first effects
 *	   PREPARED ----> DROPPED - - .	rule: drop
 *	      |---------> DELAYED     :	rule: delay
 *	     DUE <--time-----'	      :
 *	      |---------> HELD	      :	rule: gate
 *	   RELEASED <--release-' <- - +   engine_finish()
 *	      |   `---reply is known--:-----------.
 *	  DELIVERED		      :		  |	the backend has it
 *	      | engine_reply()	      :		  |
 *	   REPLIED ---> REPLY_DELAYED :		  |	rule: delay, after
 *	  REPLY_DUE <--time---'	      :		  |
 *	      |-------> REPLY_HELD    :		  |	rule: gate, after
 *	   SENDING <---release----' <-' <---------'
 *	      | write(2)
 *	      |-------> MISSED		the kernel did not take this for the reply
 *	    freed			and waits still: until engine_finish()
 *
 * engine_answer() takes what is held to SENDING where its reply is whole, else
 * to RELEASED.  What the kernel wants no reply to is freed where it is delivered.
 */
enum request_state {
	REQUEST_ARRIVED,
	REQUEST_STALLED,
	REQUEST_PREPARED,
	REQUEST_DROPPED,
	REQUEST_DELAYED,
	REQUEST_DUE,
	REQUEST_HELD,
	REQUEST_RELEASED,
	REQUEST_DELIVERED,
	REQUEST_REPLIED,
	REQUEST_REPLY_DELAYED,
	REQUEST_REPLY_DUE,
	REQUEST_REPLY_HELD,
	REQUEST_SENDING,
	REQUEST_MISSED,
	N_REQUEST_STATES
};

/* What is to be done with a request now. */
enum action {
	ACTION_NONE,		/* nothing: it waits */
	ACTION_EFFECTS,		/* what its rule does first (if it drops the
				 * request: all it does); then advance */
	ACTION_DELAY,		/* put it into the delay queue */
	ACTION_HOLD,		/* put it into its rule's gate */
	ACTION_DROP,		/* note that nobody will answer it */
	ACTION_DELIVER,		/* to the backend */
	ACTION_SEND,		/* its reply, to the kernel */
	ACTION_END,		/* nobody needs to hear of it */
};

struct request {
	struct hash_link link;		/* in the in-flight table */
	struct request *prev, *next;	/* in a gate, or in the delay queue */
	enum request_state state;
	uint64_t *counts;		/* of its mount's requests, by state */
	int mount;
	void *chan;			/* where its reply is to be written */
	int queue;			/* of a ring, by which it came; NONE: by none */
	const struct op *op;		/* NULL: unknown */
	uint32_t opcode, pid;
	uint64_t unique;
	int actor;			/* NONE: not one of the scenario's */
	bool *is_over;			/* to be set when it is over; may be NULL */
	bool resent;			/* the kernel knows it by another unique now */
	bool ask_backend;		/* ask the backend even if the reply is whole */
	bool no_backend;		/* no backend knows it: its reply is ours */
	bool skip_waits;		/* no more delays and gates */
	bool muted;			/* neither it nor what becomes of it is logged */
	const struct rule *rule;	/* that applies; NULL: none */
	const struct reply_spec *reply;	/* what the reply is to be; NULL: as it is */
	const struct rule *reply_rule;	/* whose reply; NULL: a step's, or ours */
	const struct event *ev;		/* NULL: not logged */
	const void *head;		/* fixed part and names, for reading */
	size_t head_len;
	void *own_head;			/* head, where the log does not keep it */
	void *msg;			/* all of it, until it is delivered */
	size_t msg_len;
	void *backend_reply;		/* the backend's, kept */
	size_t backend_reply_len;
	uint64_t due_ns;		/* in the delay queue */
};

/* ARRIVED, and in no table yet.  msg: at least a header. */
struct request *request_new(const struct protocol *p, int mount, void *chan,
			    const void *msg);
void request_free(struct request *r);

/* Does the kernel wait for a reply?  Not to an INTERRUPT, though one may be
 * given. */
bool request_wants_reply(const struct request *r);
/* Does the kernel wait for a reply under this unique?  Such requests are
 * counted. */
bool request_is_counted(const struct request *r);
/* Is it never to be answered, and is that no failure? */
bool request_drop_is_ok(const struct request *r);

void request_set_state(struct request *r, enum request_state state);
/* The rule that applies to it; may be NULL. */
void request_set_rule(struct request *r, const struct rule *rule);
/* script_over: rules have no say any more. */
enum action request_advance(struct request *r, bool script_over);
/* What the request waited for (a time, a release) has come.  Nothing happens if
 * it did not wait. */
void request_end_wait(struct request *r);
/* Give a held request this reply.  by: the rule that does so; NULL: a step. */
void request_answer(struct request *r, const struct reply_spec *reply,
		    const struct rule *by);
/* The script is over: the request waits for nothing more and is answered by the
 * backend if it can be.  failed: with EIO. */
void request_finish(struct request *r, bool failed);

/* Will its rule drop it, so that no reply has effects after it? */
bool request_is_to_drop(const struct request *r);
/* Does its rule make its reply wait? */
bool request_reply_may_wait(const struct request *r);

/* Just an error. */
extern const struct reply_spec reply_eio, reply_enosys;

#endif
