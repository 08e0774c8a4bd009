/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The tap: what happens to a request between the kernel and the backend, and
 * to the reply on its way back (engine/request.h has its states).
 *
 *	channel ──msg──► engine_request() ──┬─► deliver now  ──► backend
 *	                                    ├─► hold at a gate / delay, deliver later
 *	                                    └─► answer, drop, abort, die ...
 *	channel ◄─send── engine_reply() ◄── altered, held, delayed ◄── its reply
 *
 * One engine serves all mounts of a scenario, so that rules, gates, states and
 * counters are common to them.  It owns no descriptor: whoever owns the
 * channels gives hooks.  It runs one thread per mount for what happens later
 * (delays, releases), so that a delivery that blocks on another mount's server
 * stops nobody else.
 *
 * Thread-safe: workers, the conductor, notifiers and the delay threads all
 * come here.  engine->lock is never held while a hook runs.
 */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include <sys/types.h>
#include <sys/uio.h>

#include "engine/evlog.h"

enum outgoing_kind {
	OUT_REPLY, OUT_NOTIFICATION, OUT_BACKING, OUT_ABORT, OUT_CLOSE
};

/* What goes to the kernel.  The hook returns 0 or an errno. */
struct outgoing {
	enum outgoing_kind kind;
	union {
		/* A whole message.  chan is what engine_request() was given, or
		 * NULL if the message answers no request. */
		struct {
			void *chan;
			const struct iovec *iov;
			int n;
			bool by_other;	/* by the channel of another worker */
			/* Of the request; 0, 0: it answers none. */
			uint64_t unique;
			uint32_t opcode;
		} reply;
		/* Begin to write the notification, on a thread of its own; or, if
		 * it says so, write it on this one. */
		const struct notify_spec *notification;
		/* Register the file, if it is not registered yet, and put its
		 * id here.  May block. */
		struct {
			const struct file_ref *file;
			int32_t id;
		} backing;
		/* OUT_ABORT: the connection.  OUT_CLOSE: every descriptor, as when
		 * a server dies. */
	};
};

struct engine_hooks {
	/* Give a request to the backend, which replies by engine_reply(), now
	 * or later, and may change msg. */
	void (*deliver)(void *ctx, int mount, void *msg, size_t len);
	/* Give a message to the kernel. */
	int (*send)(void *ctx, int mount, struct outgoing *out);
	/* A thread of the engine's begins, that will call these.  May be NULL. */
	void (*begin)(void *ctx);
};

struct engine;

/* sc and log are borrowed. */
struct engine *engine_new(const struct scenario *sc, struct evlog *log,
			  const struct engine_hooks *hooks, void *ctx);
/* Joins its threads.  Nothing may be in a call any more. */
void engine_free(struct engine *e);

/* The backend is somebody else's server and not made from the scenario: its
 * reply to INIT stays as it is, and it gets operations that the protocol does not
 * have.  To be called before the first request. */
void engine_set_foreign(struct engine *e);

/* Which actor has this pid (a thread id, as it stands in requests), for rules
 * and patterns that name an actor.  own: the same in the actor's pid namespace, which
 * is what stands in requests of a mount of that namespace; 0: it has none. */
void engine_set_actor_pid(struct engine *e, int actor, uint32_t pid, uint32_t own);

/*
 * A worker has read a message of len bytes.  True: the caller delivers msg to
 * the backend itself, now, on this thread (and the answer comes by
 * engine_reply() as ever).  False: it is taken care of; msg may be reused.
 * A stalled worker blocks in here until engine_resume() or engine_finish().
 */
bool engine_request(struct engine *e, int mount, void *chan, void *msg, size_t len);
/* The same of one that came by this queue of io_uring; NONE: by the device. */
bool engine_request_by(struct engine *e, int mount, void *chan, int queue,
		       void *msg, size_t len);

/* The backend's reply (libfuse's custom_io writev): bytes "written",
 * or -errno as write(2) gave.  Answers to requests already answered by a rule
 * are swallowed and count as written.  ENGINE_NOT_READ: a foreign backend answers
 * a request that was not read by engine_request(), and writes that itself where it
 * has read it. */
#define ENGINE_NOT_READ	(-4096)		/* no errno */
ssize_t engine_reply(struct engine *e, int mount, const struct iovec *iov, int n);

/* ---- the conductor's side ---- */

unsigned engine_held(struct engine *e, int gate);
/* The mount's connection is over: nobody waits for its requests any more. */
void engine_set_over(struct engine *e, int mount);
/* How many requests a gate holds for which somebody still waits. */
unsigned engine_owed(struct engine *e, int gate);
/* What a gate holds, oldest first, at most max: printed, one a line. */
#define HELD_PRINTED	100u
void engine_print_held(struct engine *e, int gate, unsigned max, struct buf *out);
/* The same of requests that rules have dropped, with the rules. */
void engine_print_dropped(struct engine *e, int mount, unsigned max, struct buf *out);

/* Let requests go: those that match (NULL: any), from the nth held (1 =
 * oldest; 0: oldest first), at most max.  open: also let later ones pass.
 * match is borrowed for the run.  Returns how many went. */
unsigned engine_release(struct engine *e, int gate, const struct pattern *match,
			unsigned nth, uint64_t max, bool open);
/* The gate holds again: every request that comes from now on. */
void engine_rearm(struct engine *e, int gate);
/* Answer one held request; false when there is no such one.  The reply (borrowed
 * for the run) is written by the mount's delay thread; fields alone are put
 * into what the backend answers. */
bool engine_answer(struct engine *e, int gate, const struct pattern *match,
		   unsigned nth, const struct reply_spec *reply);
void engine_set_state(struct engine *e, const struct assign *set, size_t n);
/* Index of its value in scenario.words. */
int engine_state(struct engine *e, size_t state);
/* Rules apply until they are switched off.  A request that a rule has already
 * held or delayed stays so. */
void engine_switch_rule(struct engine *e, size_t rule, bool on);
bool engine_rule_is_on(struct engine *e, size_t rule);
/*
 * What engine_release() and engine_answer() let go is handed on by the mount's
 * delay thread, in that order.  How many of a mount's requests have been let go
 * so far, and how many of these have been handed on: delivered to the backend, or
 * their reply written.
 */
void engine_let_go(struct engine *e, int mount, uint64_t *go, uint64_t *handed);
/* Stop reading: every worker of the mount that comes to engine_request() or
 * engine_may_read() waits until resumed.  One that sleeps in read(2) must be
 * woken by its owner (server_stall()). */
void engine_stall(struct engine *e, int mount);
void engine_resume(struct engine *e, int mount);
/* A worker asks before each read(2) of the channel; blocks while stalled.
 * False: the run has failed (engine_finish() with fail), stop.  After a good
 * end workers read on, because clients still close their files. */
bool engine_may_read(struct engine *e, int mount);
/* How many workers of a stalled mount wait before their next read. */
unsigned engine_parked(struct engine *e, int mount);
/* engine_load() does not count the unread requests of a stalled mount. */
bool engine_is_stalled(struct engine *e, int mount);

/* How many requests of a mount are where. */
struct engine_load {
	uint64_t open;		/* read, need an answer, not answered (no FORGET, no INTERRUPT) */
	uint64_t held;		/* of these: at gates */
	uint64_t dropped;	/* of these: never to be answered by rule: drop, or
				 * a reply the kernel could not take for theirs */
	uint64_t dropped_ok;	/* of the dropped: nobody minds (drop: ok, such a reply) */
	uint64_t delayed;	/* of these: waiting for their time */
	uint64_t stalled;	/* of these: read, but their worker is stalled */
	uint64_t notifying;	/* of these: their worker writes a notification */
	uint64_t occupied;	/* workers that wait for their own request to be over,
				 * or write a notification */
	uint64_t busy;		/* of these: none of the above: on their way somewhere */
};
/* Exact: a request is counted from when engine_request() is entered until
 * its reply's write(2) has returned.  One that the kernel has sent again (see
 * WIRE_UNIQUE_RESEND) is no longer counted under its old unique. */
void engine_load(struct engine *e, int mount, struct engine_load *out);
/* Is a request of this pid held now (at any gate, on any mount)? */
bool engine_holds_pid(struct engine *e, uint32_t pid);
/* Has the backend a request of this pid, on any mount? */
bool engine_serves_pid(struct engine *e, uint32_t pid);
/* Flags the kernel offered in INIT (flags | flags2 << 32), its minor; false before INIT. */
bool engine_offered(struct engine *e, int mount, uint64_t *flags, uint32_t *minor);
/* Of the flags `init:` asks for: those the kernel did not offer (left out of
 * the reply); 0 before INIT. */
uint64_t engine_missing_flags(struct engine *e, int mount);
/* Has a good reply to INIT been written? */
bool engine_ready(struct engine *e, int mount);
/* 0 if the wire never named that path. */
uint64_t engine_nodeid(struct engine *e, int mount, const char *path);
/* The names that the wire has shown of a file and of what is below it, but for the
 * root, the lowest first: how many.  The caller frees each and the list. */
size_t engine_paths(struct engine *e, int mount, const char *path, char ***out);
/* How often each rule applied, and how many requests its conditions met. */
unsigned engine_rule_hits(struct engine *e, size_t rule);
unsigned engine_rule_matches(struct engine *e, size_t rule);

enum violation_kind {
	/* A reply's write(2) gave another errno than its expect_write: says; if
	 * there is none, EINVAL. */
	VIOLATION_WRITE,
	/* Registering the reply's backing file gave another errno than its
	 * expect_backing: says, or (got is NONE) the reply had no backing
	 * file. */
	VIOLATION_BACKING,
	/* Fields or data of a reply did not get into it: the backend answered
	 * with an error, got, or (got is NONE) the field has no place there. */
	VIOLATION_DISCARDED,
	/* The reply was to come by another worker, and the mount has only one. */
	VIOLATION_WORKER,
};
struct engine_violation {
	enum violation_kind kind;
	struct loc loc;			/* of the reply in the scenario; line 0: none */
	const struct rule *rule;	/* whose reply; NULL: a step's or the backend's */
	const struct event *request;	/* NULL: not logged */
	uint64_t seq;			/* of the reply's event; 0: not logged */
	int expected, got;		/* errno */
	const char *field;		/* VIOLATION_DISCARDED: that has no place */
};
/* The i-th so far; false: there are no more. */
bool engine_get_violation(struct engine *e, size_t i, struct engine_violation *out);

/* Log neither requests that match no rule nor their replies: for serving rather
 * than judging.  To be called at any time. */
void engine_set_quiet(struct engine *e, bool quiet);
bool engine_is_quiet(const struct engine *e);
/* Can any rule ever be about this operation on this file?  Says yes too often
 * rather than too seldom, and always the same. */
bool engine_concerns(const struct engine *e, uint32_t opcode, const char *path);

/* Stop or resume the logging of requests, replies and delays.  What a rule
 * holds at a gate is logged all the same, because gates refer to events. */
void engine_set_mute(struct engine *e, bool mute);

/* The script is over: rules no longer apply, gates open, delays end; what was
 * dropped or held is given to the backend, or answered with EIO where
 * `fail` is true.  It happens on the delay threads: engine_load() tells.
 * Idempotent. */
void engine_finish(struct engine *e, bool fail);
/* Each request that the backend has and has not answered.  fn is called under the
 * engine's lock. */
void engine_each_delivered(struct engine *e, int mount,
			   void (*fn)(void *ctx, uint64_t unique, void *chan), void *ctx);

#endif
