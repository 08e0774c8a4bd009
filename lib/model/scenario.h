/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A loaded scenario: pure data.  The loader builds one struct scenario per
 * case, all in the arena of their struct scenario_file; after loading it is
 * const for everybody and may be read from any thread and, after fork, any
 * process.
 *
 * Names are resolved while loading: mounts, actors, gates, notifications,
 * states and variables are indexes into the arrays here; NONE means absent.
 *
 *	values.h	data, files, conditions, words: what the others consist of
 *	mounts.h	mounts, devices, the files on them
 *	rules.h		rules, replies, notifications
 *	clients.h	actors, calls, what is expected of a call
 *	stress.h	what a stress step repeats
 *	explore.h	what an explore step puts into different orders
 *	patterns.h	events in words
 *	checks.h	checks
 *	steps.h		steps
 *	settings.h	settings of the kernel
 */
#ifndef MODEL_SCENARIO_H
#define MODEL_SCENARIO_H

#include "base/mem.h"
#include "model/mounts.h"
#include "model/settings.h"
#include "model/steps.h"

/* fails: a known kernel failure, verified by running. */
struct known_failure {
	struct loc loc;
	const char *case_name;		/* NULL: every case */
	const char *kernel;		/* "< 6.12", ">= 6.18, < 7.2", "any" */
	enum transport transport;	/* ANY: by any of them */
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
	int *others;			/* values it may get from outside the script, or
					 * has at first in other cases */
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
	const struct protocol *protocol;	/* whose rows all below points to */
	const char **tags;		size_t n_tags;
	uint64_t timeout_ns;		/* for the whole run */
	uint64_t seed;
	const char *hazard;		/* NULL, or one of hazard_keywords */
	const char *hazard_shape;	/* what it is, where the file does not say that
					 * it is one (model/hazards.h); else NULL */
	struct loc hazard_loc;		/* ... and where */
	struct need *needs;		size_t n_needs;
	const char *kernel_args;	/* the kernel was booted with these; NULL: any */
	struct loc kernel_args_loc;
	struct setting *machine;	size_t n_machine;
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
	/* Bytes that the log has to keep because something compares them: of
	 * the data of a request, and of what a call read. */
	size_t request_data, result_data;
	struct diags *diags;		/* for messages with a place in this file */
};

/* Let it reach these directories of the host, in its own paths and as a mirror;
 * borrowed for as long as the scenario is used.  NULL: none. */
void scenario_allow_host(struct scenario *sc, const char *const *dirs);

/* Does a rule decide about INIT?  Then there may be no reply, or another than
 * the mount's own. */
bool scenario_names_init(const struct scenario *sc);

/* Is a rule, step or check about FORGET, INTERRUPT or another request that waits
 * for no reply?  The kernel does not count these among those that are waiting. */
bool scenario_names_unanswered(const struct scenario *sc);

/* See every call that its actors are to make, those of stress and
 * explore steps too, with the place of its step. */
void scenario_each_call(const struct scenario *sc,
			void (*see)(void *ctx, struct loc loc,
				    const struct call_use *use), void *ctx);

/* Does an actor make this call? */
bool scenario_calls(const struct scenario *sc, enum call_id id);

/* What is expected of the call that the step makes: if it only starts the call, the
 * step that takes the result says it.  step: one of sc's, or NULL. */
const struct expectation *expectation_of(const struct scenario *sc,
					 const struct step *step,
					 const struct call_use *use);

/* NS_*: those that its mounts and actors are in beside the run's. */
unsigned scenario_namespaces(const struct scenario *sc);

/* Does it freeze actors?  Does it say how much memory they have, or take some from
 * them?  Then their processes are in control groups of their own. */
bool scenario_freezes(const struct scenario *sc);
bool scenario_limits_memory(const struct scenario *sc);

/* Does it look at what the kernel records of itself?  The kernel numbers tasks there
 * as the initial pid namespace does, and so its run has to stay there. */
bool scenario_watches_kernel(const struct scenario *sc);
/* Does its run have to stay in the caller's pid namespace?  For that reason, or
 * because a process has to outlive it. */
bool scenario_stays_outside(const struct scenario *sc);

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

extern const struct keyword hazard_keywords[];	/* all of one kind */
extern const struct words hazard_words;

/* Capabilities a scenario can need, beside INIT flags: root, fusectl, ... */
enum capability {
	CAP_ROOT, CAP_DEV_FUSE, CAP_FUSECTL, CAP_OTHER_UIDS, CAP_KERNEL_STACK,
	CAP_KERNEL_LOG, CAP_CUSE, CAP_TRACING, CAP_TRACEPOINTS,
	CAP_DROP_CACHES, CAP_CLONE_FD, CAP_OVERLAY, CAP_FUSEBLK,
	CAP_SYNC_INIT, CAP_NAMESPACES, CAP_URING, CAP_FREEZER,
	CAP_MEMORY_LIMITS, CAP_SUSPEND,
	N_CAPABILITIES
};
extern const struct keyword capability_keywords[];	/* enum capability */

#endif
