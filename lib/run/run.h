/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One run of one scenario: everything that the conductor (the main thread of
 * the run's own process) uses while it prepares, walks the steps, judges and
 * cleans up.
 */
#ifndef RUN_RUN_H
#define RUN_RUN_H

#include "act/actors.h"
#include "base/namespaces.h"
#include "explore/trail.h"
#include "report/report.h"
#include "run/groups.h"
#include "run/report_file.h"
#include "run/sandbox.h"
#include "run/settings.h"
#include "server/server.h"

struct returns;
struct traces;

/* How a report says it. */
struct report_style {
	bool verbose;		/* with the ladder of a pass */
	unsigned columns;	/* of the ladder; 0: as many as a mail has */
};

struct run_options {
	uint64_t timeout_ns;	/* of the caller; 0: the scenario's */
	uint64_t seed;		/* 0: the scenario's */
	uint64_t quiet_ns;	/* run_wait() gives up after; 0: a second */
	struct report_style style;
	bool allow_hazard;
	enum transport transport;	/* of mounts that do not say */
	const char *const *allow_host;	/* NULL-terminated; NULL: none */
	const struct schedule *schedule;	/* of the explore step; NULL: the default */
	struct trail *trail;		/* what that step leaves behind; NULL */
	const char *control, *log;	/* of an attached session; NULL: none */
};

struct run {
	const struct scenario *sc;
	struct sandbox sandbox;
	struct namespaces namespaces;
	struct evlog *log;
	struct engine *engine;
	struct server *server;
	struct actors *actors;
	int kmsg;			/* -1: not readable */
	uint64_t kmsg_ns;		/* when it was opened */
	struct returns *returns;	/* NULL: no check asks for them */
	struct traces *traces;		/* NULL: nobody asks for any */
	struct evictions *evictions;	/* run/conduct/evict.h */
	struct keeper settings;
	struct groups groups;
	struct result result;
	struct stress_count stressed;	/* all stress steps together */
	struct buf unused;		/* set by run_judge(): see run/unused.h */
	const struct schedule *schedule;	/* see struct run_options */
	struct trail *trail;
	uint64_t deadline_ns;
	uint64_t quiet_ns;		/* so long: nothing more will happen */
	bool gave_up;			/* the last wait: nothing more would happen */
	bool has_stacks;		/* /proc/PID/stack may be read */
	bool names_unanswered;		/* scenario_names_unanswered() */
	bool is_traced;			/* and so are its actors */
	bool leaves_to_tracer;		/* it has sent one a signal */
};

/* ---- run/run.c: what steps and judges share ---- */

/* Note a failure; takes copies of nothing: what/expected/actual/note are heap
 * strings it owns from now on, any may be NULL. */
void run_fail(struct run *r, struct loc loc, char *what, char *expected,
	      char *actual, char *note);

/* It could not be run or judged, for this reason, which r owns from now on. */
void run_error(struct run *r, char *reason);
/* It is not to be run here, for this reason. */
void run_skip(struct run *r, char *reason);
/* Of a run that has ended: if something went wrong, and something of ours had
 * run out (a limit, memory), then it was that and not the kernel. */
void run_blame(struct run *r);

/* Does the scenario say that it needs this? */
bool run_needs(const struct scenario *sc, enum capability cap);

/* run/conduct/steps.c: walk all steps; false at the first that fails. */
bool run_steps(struct run *r);
/* run/judge.c */
void run_judge(struct run *r);
bool run_check(struct run *r, const struct check *check);
/* The same for a run that is only a tap: its checks, replies and log.  The log
 * is in its teardown already. */
void run_judge_log(struct run *r);

/* ---- run/verdict.c ---- */

/* The known crash that the text of a console shows, if the kernel of that release
 * has one.  Pure. */
const struct known_failure *known_crash(const struct scenario *sc,
					const char *release, const char *console);

/* The verdict goes into r->result, the texts to the caller; their room is made
 * here. */
void run_report(struct run *r, const struct report_style *style,
		struct buf parts[N_REPORT_PARTS]);
void run_report_fini(struct buf parts[N_REPORT_PARTS]);

/* run/conduct/conductor.c: the whole run, in a process of its own. */
void conduct(const struct scenario *sc, const struct run_options *opts,
	     int out_fd);
/* run/needs.c: does this machine have what the scenario needs, and does the kernel
 * offer the flags that it asks for?  If not, the result says what is missing. */
bool run_has_needs(struct run *r, bool allow_hazard);
/* Does this process have what the tool takes (run/environment.h)?  inside: what is
 * looked for once the run has surroundings of its own.  run_has_needs() asks for
 * the rest. */
bool run_has_environment(struct run *r, bool inside);
bool run_offers_all(struct run *r);

#endif
