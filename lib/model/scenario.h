/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A loaded scenario: pure data.  The loader builds one struct scenario per
 * case, all in the arena of their struct scenario_file; after loading it is
 * const for everybody and may be read from any thread and, after fork, any
 * process.
 *
 * Names are resolved while loading: mounts, actors, gates, notifications,
 * states and variables are indexes into the arrays here; NONE means absent.
 */
#ifndef MODEL_SCENARIO_H
#define MODEL_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"
#include "base/mem.h"
#include "model/calls.h"
#include "model/tracepoints.h"
#include "wire/message.h"

#define NONE	(-1)

/* ---- values ---------------------------------------------------------- */

/*
 * Bytes a script names: "text", 'c'*4K, "ab"*4K (repeated to a length), or a
 * bare size, which means that many bytes of the actor's own letter.
 */
struct data_spec {
	const uint8_t *p;	/* one period */
	size_t period;		/* 0: the writer's letter (bare size) */
	uint64_t len;		/* total length */
};
/* Byte i of the data; letter is used for a bare size. */
static inline uint8_t data_at(const struct data_spec *d, uint64_t i, uint8_t letter)
{
	return d->period ? d->p[i % d->period] : letter;
}

#define HOST	(-2)		/* instead of a mount: what is mounted outside */

/* A file of a mount: "/data" on mounts[mount]; path NULL: any file. */
struct file_ref {
	int mount;		/* NONE: any mount; HOST: only of backing files */
	const char *path;	/* may hold * and ? (fnmatch) where is_glob */
	bool is_glob;
};

/* ---- mounts and what is on them ---------------------------------------- */

struct xattr_spec {
	const char *name;
	const void *value;
	size_t len;
};

enum node_type { NODE_FILE, NODE_DIR, NODE_SYMLINK, NODE_FIFO };

struct file_spec {
	struct loc loc;
	const char *path;
	enum node_type type;
	uint64_t size;			/* sparse beyond data */
	struct data_spec data;		/* first bytes; len 0: none */
	const char *target;		/* NODE_SYMLINK */
	uint32_t mode, uid, gid;	/* mode: permission bits only */
	struct xattr_spec *xattrs;
	size_t n_xattrs;
	uint32_t open_flags;		/* FOPEN_* put into every OPEN/CREATE reply */
	struct file_ref backing;	/* FOPEN_PASSTHROUGH: path NULL if none */
	uint64_t entry_ns, attr_ns;	/* timeouts; UINT64_MAX: the mount's */
};

enum mount_kind { MOUNT_FUSE, MOUNT_CUSE };

/* What keeps the files of a mount. */
enum backing_kind {
	BACKING_MEMORY,			/* a filesystem in memory */
	BACKING_NULL,			/* zeros; what is written is dropped */
	BACKING_MIRROR,			/* a directory of the host */
	BACKING_TMPFS,			/* the same on a tmpfs made for it */
};

struct backing_spec {
	enum backing_kind kind;
	const char *dir;		/* MIRROR; not relative to the scenario */
	uint64_t size;			/* TMPFS: bytes; MEMORY: the same, or 0 */
	/* MIRROR: dir is one of these or below one; NULL-terminated.  Set by
	 * scenario_allow_host(). */
	const char *const *allowed;
};

struct mount_spec {
	struct loc loc;
	const char *name;
	enum mount_kind kind;
	uint64_t init_on, init_off;	/* INIT flags to add to / take from the default */
	struct field_set *init;		/* numeric fields of the INIT reply given by hand */
	size_t n_init;
	unsigned workers;		/* >= 1; each has its own (cloned) channel */
	uint32_t options;		/* MOPT_* */
	struct backing_spec backing;
	/* Default timeouts; UINT64_MAX: the backing's.  See mount_entry_ns(). */
	uint64_t entry_ns, attr_ns, negative_ns;
	uint64_t max_read;		/* mount option; 0: none */
	struct file_spec *files;	/* parents before children */
	size_t n_files;
	/* MOUNT_CUSE */
	const char *dev_name;
	struct data_spec content;
	struct data_spec info;		/* in CUSE_INIT's reply, before DEVNAME */
};

/* The timeouts that hold: where others may change the files too (a mirror), a
 * second, else an hour; for names that are not there none. */
uint64_t mount_entry_ns(const struct mount_spec *m);
uint64_t mount_attr_ns(const struct mount_spec *m);
uint64_t mount_negative_ns(const struct mount_spec *m);
/* The backing that a word of the command line means: memory, null, or a
 * directory, which is borrowed. */
struct backing_spec backing_of_word(const char *word);
/* Why a file of the scenario's cannot be kept in it; NULL: it can. */
const char *backing_refuses(enum backing_kind kind, const struct file_spec *f);

#define MOPT_DEFAULT_PERMISSIONS	1u
#define MOPT_NO_ALLOW_OTHER		2u	/* allow_other is given unless this is set */
#define MOPT_RO				4u
#define MOPT_SYNC			8u
#define MOPT_NOATIME			16u
#define MOPT_DIRSYNC			32u
extern const struct flagset flags_mount;	/* the words for "options:" */

/* ---- rules -------------------------------------------------------------- */

enum cond_kind { COND_RANGE, COND_FLAGS, COND_STR, COND_BYTES };

/* One condition on a field, by name because a rule may cover several
 * operations; a request without the field does not match. */
struct cond {
	struct loc loc;
	const char *field;
	enum cond_kind kind;
	bool negate;
	uint64_t lo, hi;		/* COND_RANGE: lo <= v < hi; hi == UINT64_MAX: no end */
	uint64_t set, unset;		/* COND_FLAGS */
	const void *p;			/* COND_STR, COND_BYTES (a prefix of the data) */
	size_t len;
};

/* Memory of the caller of an ioctl that a RETRY asks for: from its argument. */
struct retry_area {
	uint64_t lo, hi;
};

/* What a reply is to be.  Fields not given stay what the backend
 * answers; with error, raw or a reply that must not be asked for (answered),
 * the backend is not asked. */
struct reply_spec {
	struct loc loc;
	bool present;
	bool has_error;
	int error;			/* errno, put on the wire as -error */
	bool has_raw;			/* body bytes as they are */
	const uint8_t *raw;
	size_t raw_len;
	bool has_data;			/* READ, READLINK, GETXATTR, READDIR data */
	struct data_spec data;
	struct field_set *sets;		/* fields of a good reply */
	size_t n_sets;
	struct file_ref backing;	/* OPEN/CREATE: register and put its id */
	bool has_retry;			/* IOCTL: ask for memory */
	struct retry_area *retry_in, *retry_out;
	size_t n_retry_in, n_retry_out;
	bool has_cut;			/* short: / long: bytes of body to drop / add */
	int64_t cut;
	bool has_unique;		/* answer under another unique */
	uint64_t unique;
	int64_t header_len;		/* lie in out_header.len; 0: do not */
	unsigned copies;		/* 0 or 1: once; 2: a duplicate, ... */
	int expect_write;		/* errno the reply's write(2) must give; NONE: 0 */
	bool has_expect_backing;
	int expect_backing;		/* errno that registering its backing file must give */
};

struct notify_spec {
	struct loc loc;
	const struct note *note;	/* NULL: raw */
	uint32_t code;			/* raw */
	int name;			/* index into scenario.notes, or NONE */
	int mount;
	struct file_ref file;		/* whose nodeid goes into nodeid/parent; path NULL: none */
	struct file_ref *others;	/* PRUNE: the nodes */
	size_t n_others;
	const char *child;		/* INVAL_ENTRY, DELETE: name in file's directory */
	struct field_set *sets;		/* fields given by hand, over what file gave */
	size_t n_sets;
	bool has_data;
	struct data_spec data;		/* STORE; raw payload too */
	bool wait;			/* as a step: wait for its return */
	int expect;			/* errno its write(2) must give, 0 = success */
};

struct assign {
	int state;			/* index into scenario.states */
	int value;			/* index into scenario.words */
};

struct rule {
	struct loc loc;
	const char *name;		/* NULL: none */
	const char *text;		/* how to print it: "{op: WRITE, file: /data, ...}" */
	/* what it matches */
	const struct op **ops;		/* n_ops == 0: any operation */
	size_t n_ops;
	struct file_ref file;
	struct cond *where;
	size_t n_where;
	int actor;			/* NONE: anybody */
	unsigned nth_from, nth_to;	/* 1-based among its matches; 0,0: all */
	unsigned times;			/* applies at most so often; 0: no limit */
	struct assign *when;		/* when: {state: value}: all must hold */
	size_t n_when;
	/* what it does, in this order */
	struct assign *set;
	size_t n_set;
	struct notify_spec *notify_before;
	size_t n_notify_before;
	bool drop;			/* never answered */
	bool drop_ok;			/* teardown does not complain of it */
	bool stall;			/* its worker stops reading until `resume` */
	bool abort;			/* abort the connection (fusectl) */
	bool die;			/* close every descriptor of the channel */
	int gate;			/* hold: NONE or index into scenario.gates */
	bool hold_after;		/* after the backend answered */
	uint64_t delay_min_ns, delay_max_ns;
	bool delay_after;
	uint64_t bandwidth;		/* bytes per second of data; 0: none */
	struct reply_spec reply;
	int answer_gate;		/* also answer what this gate holds; NONE */
	struct reply_spec answer;
	bool answer_first;		/* before this request's own reply */
	struct notify_spec *notify_after;
	size_t n_notify_after;
};

/* ---- clients ------------------------------------------------------------ */

struct actor_spec {
	struct loc loc;
	const char *name;
	int process;			/* index of the actor whose process it shares (itself) */
	bool has_ids;
	uint32_t uid, gid;
	int cpu;			/* NONE, or pinned */
};

/* A number that a stress step draws anew for each call: start + i * step for
 * one i < n.  n == 0: nothing to draw. */
struct draw {
	int64_t start, step;
	uint64_t n;
	bool in_order;			/* one after the other; else at random */
	size_t at, len;			/* where it stands in call_use.text */
};

struct arg {
	struct loc loc;
	int64_t num;
	struct draw draw;
	const char *str;
	int mount;			/* ARG_PATH */
	int var;			/* ARG_VAR: index into scenario.vars */
	struct data_spec data;
};

enum expect_kind {
	EXPECT_OK,			/* nothing written: any value >= 0 */
	EXPECT_ANY,			/* = ? */
	EXPECT_VALUE,			/* = 4K */
	EXPECT_ERRNO,			/* = -1 EIO, = -1 EIO|ENOTCONN */
	EXPECT_SIGNAL,			/* = SIGBUS */
	EXPECT_KILLED,			/* = killed: the process died in the call */
};

struct field_expect {
	int field;			/* index into call->fields */
	uint64_t lo, hi;		/* lo <= v < hi */
	uint64_t step;			/* v is lo plus a multiple; 0: any */
};

/* In a stress step: how a number is to stand to those before it. */
enum trend { TREND_NONE, TREND_GROWS, TREND_SHRINKS };
extern const char *const trend_words[];	/* by enum trend; NULL at the end */

struct expectation {
	struct loc loc;
	const char *text;		/* as written: "-1 EIO" */
	enum expect_kind kind;
	int64_t lo, hi;			/* EXPECT_VALUE: lo <= v <= hi */
	int64_t step;			/* ... and v is lo plus a multiple; 0: any */
	enum trend trend;		/* of the value, or of ... */
	int trend_field;		/* ... a field; NONE */
	int errnos[4];			/* EXPECT_ERRNO; 0 ends */
	int signal;
	bool has_data;			/* = 5 "hello" */
	struct data_spec data;
	struct field_expect *fields;	/* = {size=64K, mode=0644} */
	size_t n_fields;
	const char **names;		/* readdir = [a, b]: exactly these, any order */
	size_t n_names;
	bool has_names;
	struct expectation *alt;	/* "or": this will do as well; NULL */
};

struct call_use {
	int actor;
	const struct call *call;
	const char *text;		/* "pwrite(fd, 4K, 0)" */
	struct arg args[CALL_PARAMS_MAX];
	unsigned n_args;		/* given; the rest have their defaults filled in */
	int result_var;			/* NONE or index into scenario.vars */
	bool async;			/* ends in " ..." */
	struct expectation expect;
};

/* ---- calls in a storm ------------------------------------------------------ */

/*
 * What a stress step repeats.  A round of an actor goes through its turns; a
 * turn takes one of its ways at random, and a way is calls one after the other.
 * site: the number of the call in the whole step.
 */
#define STRESS_SITES_MAX	64u	/* bits of a word: see act/stress.h */

struct stress_call {
	unsigned site;
	struct call_use use;
};

struct stress_way {
	struct stress_call *calls;
	size_t n_calls;
};

struct stress_turn {
	struct stress_way *ways;
	size_t n_ways;
};

struct stress_part {
	int actor;
	struct stress_turn *turns;
	size_t n_turns;
};

struct stress {
	uint64_t rounds;		/* of each actor, at most */
	uint64_t time_ns;		/* no round begins later */
	uint64_t overlaps;		/* so many calls must overlap others */
	struct stress_part *parts;	/* one per actor */
	size_t n_parts;
	struct stress_call **sites;	/* by number; set when all is read */
	size_t n_sites;
};

/* What one or several stress steps did. */
struct stress_count {
	uint64_t rounds, calls;
	uint64_t overlaps;		/* calls begun while another actor's was under way */
	uint64_t pairs, all_pairs;	/* (call, call it overlapped): seen, possible */
};

/* ---- events in words ------------------------------------------------------ */

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
	int actor;
	const struct call *call;	/* NULL: any */
	bool has_error;			/* replies and notifications: = EIO, = 0 */
	int error;
	bool has_result;		/* returns */
	struct expectation result;
	int note;			/* index into scenario.notes */
	const struct tracepoint *tracepoint;	/* actor NONE: anybody; file: its mount */
};

/* ---- steps and checks ------------------------------------------------------ */

/*
 * The steps that have a word, one row each: STEP_KIND, the word, its reader
 * (load_step_X), how others treat it, and what it is for.  The enum, the table
 * of words, the loader's table of readers and the conductor's table of
 * functions (step_WORD) are made of these rows.
 */
#define STEP_SHOWN	1u	/* in the ladder: it shows nowhere else */
#define STEP_SERVED	2u	/* a command of `fusescen ctl` too */

#define STEP_LIST(X)							\
	X(HELD, held, held, 0,						\
	  "wait until requests are held at a gate")			\
	X(BLOCKED, blocked, blocked, 0,					\
	  "an actor or notification sleeps in the kernel and cannot continue") \
	X(QUIET, quiet, quiet, 0,					\
	  "every actor is idle or blocked and nothing is in transit")	\
	X(INODE_LOCK, inode_lock, inode_lock, 0,			\
	  "two calls on one inode: side by side (shared) or in turn (exclusive)") \
	X(WAIT, wait, wait, 0, "wait until the log has an event")	\
	X(RELEASE, release, release, STEP_SHOWN | STEP_SERVED,		\
	  "release held requests")					\
	X(REARM, rearm, rearm, STEP_SHOWN | STEP_SERVED,		\
	  "close a gate again, so that it holds")			\
	X(ANSWER, answer, answer, STEP_SHOWN | STEP_SERVED,		\
	  "answer a held request from the script")			\
	X(NOTIFY, notify, notify, STEP_SERVED,				\
	  "write a notification to the kernel")				\
	X(NOTIFIED, notified, notified, 0,				\
	  "a notification has returned, with this result")		\
	X(SIGNAL, signal, signal, STEP_SHOWN, "send an actor a signal")	\
	X(SET, set, set, STEP_SHOWN | STEP_SERVED,			\
	  "change state variables")					\
	X(CHECK, check, check, 0,					\
	  "judge a check now instead of at the end")			\
	X(ABORT, abort, mount, STEP_SHOWN, "abort a mount's connection") \
	X(DIE, die, mount, STEP_SHOWN,					\
	  "close the device, as a server does that dies")		\
	X(UMOUNT, umount, umount, STEP_SHOWN, "unmount")		\
	X(STALL, stall, mount, STEP_SHOWN | STEP_SERVED,		\
	  "a mount's workers stop reading requests")			\
	X(RESUME, resume, mount, STEP_SHOWN | STEP_SERVED,		\
	  "stalled workers read again")					\
	X(STRESS, stress, stress, 0,					\
	  "actors repeat calls at the same time, many times")		\
	X(SLEEP, sleep, sleep, STEP_SHOWN,				\
	  "let real time pass (for cache timeouts)")

enum step_kind {
#define STEP_KIND(kind, word, reader, flags, help)	STEP_##kind,
	STEP_LIST(STEP_KIND)
#undef STEP_KIND
	STEP_CALL, STEP_RESULT,		/* these have an actor's name instead */
};

bool step_is_shown(enum step_kind kind);
bool step_is_served(enum step_kind kind);

enum lock_mode { LOCK_SHARED, LOCK_EXCLUSIVE };

#define COUNT_ALL	UINT64_MAX

enum check_kind {
	/* about the log */
	CHECK_ORDER,			/* order: [P, P, ...]: in this order, others between */
	CHECK_BEFORE,			/* before: [P, Q]: every P before every Q, both seen */
	CHECK_COUNT,			/* count: P, is|min|max: n */
	CHECK_NEVER,			/* never: P */
	CHECK_MAX_IN_FLIGHT,			/* max_in_flight: P, is|min|max: n: most open at once */
	CHECK_ELAPSED,			/* elapsed: [P, Q], min|max: time, first to first after it */
	/* about something else */
	CHECK_FILE,			/* file: /data, size:, data:, at: what the server has */
	CHECK_KERNEL,			/* kernel: function, returns: -EBUSY */
};

/* Does the server have this in a file? */
struct file_check {
	struct file_ref file;
	bool has_size, has_data;
	uint64_t size, at;		/* at: where data begins */
	struct data_spec data;
};

/* Has a function of the kernel returned this? */
struct kernel_check {
	const char *function;
	int64_t returns;
};

struct check {
	struct loc loc;
	const char *text;
	enum check_kind kind;
	/* of those about the log; the others have none */
	struct pattern *patterns;
	size_t n_patterns;
	uint64_t min, max;		/* counts or ns; max UINT64_MAX: none */
	union {
		struct file_check file;
		struct kernel_check kernel;
	};
};

/* Somebody a step can call blocked: an actor or a running notification. */
struct subject {
	struct loc loc;
	int actor;			/* NONE: */
	int note;			/* a notification */
	const char **in;		/* kernel functions, one of which must be on its stack */
	size_t n_in;
};

struct subjects {
	struct subject *list;
	size_t n;
};

/* "... = RESULT": of the call the actor is in. */
struct result_step {
	int actor;
	const struct call *call;
	struct expectation expect;
};

struct held_step {
	int gate;
	uint64_t min, max;		/* so many; max UINT64_MAX: or more */
};

/* Which of the requests that a gate holds, from the oldest on. */
struct held_choice {
	int gate;
	unsigned nth;			/* this one alone, 1 = oldest; 0: in order */
	bool has_match;			/* only those that match */
	struct pattern match;
};

struct release_step {
	struct held_choice which;
	uint64_t max;			/* how many, or COUNT_ALL */
	bool open;			/* and let later ones pass */
};

struct answer_step {
	struct held_choice which;
	struct reply_spec reply;
};

struct inode_lock_step {
	struct subjects calls;		/* actors only; the first one's request is held */
	enum lock_mode mode;
};

struct wait_step {
	struct pattern match;
	uint64_t min;			/* so many events */
};

struct notified_step {
	int note;
	int error;			/* errno expected, 0 = success */
};

struct signal_step {
	int actor;
	int signal;
};

struct set_step {
	struct assign *list;
	size_t n;
};

struct step {
	struct loc loc;
	const char *text;		/* as in the file, one line */
	uint64_t timeout_ns;		/* 0: the scenario's */
	enum step_kind kind;
	union {				/* by kind; QUIET has nothing */
		struct call_use call;
		struct result_step result;
		struct held_step held;
		struct subjects blocked;
		struct inode_lock_step inode_lock;
		struct wait_step wait;
		struct release_step release;
		int gate;		/* REARM */
		struct answer_step answer;
		struct notify_spec notify;
		struct notified_step notified;
		struct signal_step signal;
		struct set_step set;
		struct check check;	/* judged at this point */
		int mount;		/* ABORT, DIE, UMOUNT, STALL, RESUME */
		struct stress *stress;
		uint64_t sleep_ns;
	};
};

/* fails: a known kernel failure, verified by running. */
struct known_failure {
	struct loc loc;
	const char *case_name;		/* NULL: every case */
	const char *kernel;		/* "< 6.12", ">= 6.18, < 7.2", "any" */
	const char *because;
	const char *crash;		/* NULL, or what the console then says */
};

struct need {
	struct loc loc;
	const char *name;		/* an INIT flag or a capability (run/caps.h) */
};

struct state_var {
	struct loc loc;
	const char *name;
	int initial;			/* index into words */
	int *others;			/* values it may get from outside the script */
	size_t n_others;
};

/* A variable of the cases that no text of the file has. */
struct unused_var {
	struct loc loc;
	const char *name;
};

struct scenario {
	const char *path;		/* as given */
	const char *title;		/* line 1 of the file without "# " */
	const char *case_name;		/* NULL when the file has no cases */
	uint64_t timeout_ns;		/* for the whole run */
	uint64_t seed;
	const char *hazard;		/* NULL, or one of hazard_keywords */
	struct need *needs;		size_t n_needs;
	/* of the kernel's own events: all that are to be seen */
	const struct tracepoint **traced;	size_t n_traced;
	struct mount_spec *mounts;	size_t n_mounts;
	struct rule *rules;		size_t n_rules;
	struct actor_spec *actors;	size_t n_actors;
	struct step *steps;		size_t n_steps;
	struct check *expect;		size_t n_expect;
	struct known_failure *fails;	size_t n_fails;
	const char **gates;		size_t n_gates;
	const char **notes;		size_t n_notes;	/* names given by `as:` */
	struct state_var *states;	size_t n_states;
	const char **words;		size_t n_words;	/* values of states */
	const char **vars;		size_t n_vars;	/* of all actors */
	struct unused_var *unused_vars;	size_t n_unused_vars;
	/* Directories of the host that it may reach; NULL-terminated, NULL: none.
	 * The word of whoever runs it, not the file's. */
	const char *const *allow_host;
	struct diags *diags;		/* for messages with a place in this file */
};

/* Let it reach these directories of the host, in its own paths and as a mirror;
 * borrowed for as long as the scenario is used.  NULL: none. */
void scenario_allow_host(struct scenario *sc, const char *const *dirs);

/* Does a rule decide about INIT?  Then there may be no reply, or another than
 * the mount's own. */
bool scenario_names_init(const struct scenario *sc);

/* See every call that its actors are to make, those of stress steps too, with the
 * place of its step. */
void scenario_each_call(const struct scenario *sc,
			void (*see)(void *ctx, struct loc loc,
				    const struct call_use *use), void *ctx);

/* A file: its text, its arena, and one scenario per case (one if none). */
struct scenario_file {
	struct arena *arena;
	char *path;
	char *text;
	size_t text_len;
	struct diags *diags;
	struct scenario **cases;
	size_t n_cases;
};

void scenario_file_free(struct scenario_file *f);

/* The words of the language that more than one floor needs. */
extern const struct words step_words;	/* held, blocked, quiet, ... */
extern const struct words check_words;	/* order, before, count, ... */
extern const struct words hazard_words;
struct keyword {
	const char *name;
	int kind;
	const char *help;
};
extern const struct keyword step_keywords[];	/* enum step_kind; NULL name ends */
extern const struct keyword check_keywords[];	/* enum check_kind */

extern const struct keyword hazard_keywords[];	/* all of one kind */

/* Capabilities a scenario can need, beside INIT flags: root, fusectl, ... */
extern const struct keyword capability_keywords[];	/* enum capability */
enum capability {
	CAP_ROOT, CAP_DEV_FUSE, CAP_FUSECTL, CAP_OTHER_UIDS, CAP_KERNEL_STACK,
	CAP_KERNEL_LOG, CAP_CUSE, CAP_TRACING, CAP_TRACEPOINTS,
	CAP_DROP_CACHES, CAP_CLONE_FD,
	N_CAPABILITIES
};

#endif
