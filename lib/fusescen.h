/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libfusescen: run FUSE scenarios against the running kernel.
 *
 * A scenario file holds one or more cases.  Each case runs in processes of its
 * own (forked from the caller), so a caller may run several at once and nothing
 * of a run is left in the calling process; only fusescen_attach() works there.
 * No function prints or exits; text comes back as strings.  A handle may be NULL: it
 * has no cases, and its verdict is an error.  Functions may be
 * called from any thread, but one handle by one thread at a time;
 * fusescen_start() forks, so call it where fork is safe (single-threaded, or no
 * locks held by other threads).
 */
#ifndef FUSESCEN_H
#define FUSESCEN_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define FUSESCEN_API __attribute__((visibility("default")))

typedef struct fusescen_file fusescen_file;
typedef struct fusescen_run fusescen_run;
typedef struct fusescen_report fusescen_report;
typedef struct fusescen_attachment fusescen_attachment;

/* The verdict of one case.  XFAIL: failed as `fails:` says it does on this
 * kernel; XPASS: passed although `fails:` says it does not. */
enum fusescen_verdict {
	FUSESCEN_PASS = 0,
	FUSESCEN_FAIL = 1,
	FUSESCEN_SKIP = 2,	/* something is missing here; the summary says what */
	FUSESCEN_ERROR = 3,	/* could not run; the summary says why */
	FUSESCEN_XFAIL = 4,
	FUSESCEN_XPASS = 5,
};

struct fusescen_options {
	size_t size;		/* sizeof(struct fusescen_options), for growth */
	unsigned timeout_ms;	/* replaces the scenario's own; 0: keep it */
	int verbose;		/* ladder for passes too */
	uint64_t seed;		/* replaces the scenario's own; 0: keep it */
	int allow_hazard;	/* run scenarios that declare a hazard */
	/* Directories of the host that scenarios may name, or name files below
	 * (`mirror: DIR`, `{host: PATH}`), ended by NULL; NULL: none.  /proc, /sys,
	 * /dev and what else controls the kernel are never among them. */
	const char *const *allow_host;
	unsigned columns;	/* how wide ladders may be; 0: 72, as for a mail */
	/* For fusescen_attach() only: socket to be made, see fusescen-ctl(7), and file
	 * for every event as JSON, both by paths that hold where it is called; NULL:
	 * none. */
	const char *control;
	const char *log;
	/* "dev", or "uring" for io_uring: how requests come to mounts that do not say
	 * it themselves; NULL: dev. */
	const char *transport;
};

/* "1.2.3" of the library that is linked; constant. */
FUSESCEN_API const char *fusescen_version(void);

/*
 * Load a scenario file.  Always returns a handle (NULL only for a NULL path);
 * fusescen_errors() tells whether it can be run.  fusescen_load_text() takes
 * the text from memory (copied), name is what messages call it.
 * Free with fusescen_free(), after all runs of it have been finished.
 */
FUSESCEN_API fusescen_file *fusescen_load(const char *path);
FUSESCEN_API fusescen_file *fusescen_load_text(const char *name, const char *text,
					       size_t len);
FUSESCEN_API void fusescen_free(fusescen_file *file);

/* What is wrong with it, as file:line:column messages with carets: NULL if
 * nothing.  Borrowed from the handle. */
FUSESCEN_API const char *fusescen_errors(const fusescen_file *file);
/* Line 1: what the scenario shows.  "" if it does not say.  Borrowed. */
FUSESCEN_API const char *fusescen_title(const fusescen_file *file);
/* Its `tags:`, with NULL behind them.  Borrowed. */
FUSESCEN_API const char *const *fusescen_tags(const fusescen_file *file);
/* Number of cases (1 for a file without `cases`, 0 with errors), and the name
 * of one (NULL for a file without `cases`, or no such case).  Borrowed. */
FUSESCEN_API size_t fusescen_cases(const fusescen_file *file);
FUSESCEN_API const char *fusescen_case_name(const fusescen_file *file, size_t i);

/* The longest time that a run of case i may take, as its file says; 0: no such case. */
FUSESCEN_API unsigned fusescen_timeout_ms(const fusescen_file *file, size_t i);

/* What case i can do to the machine (kernel_crash), so that it runs only with
 * options.allow_hazard: NULL for nothing.  Borrowed. */
FUSESCEN_API const char *fusescen_hazard(const fusescen_file *file, size_t i);
/* What a kernel has to be booted with, so that case i is not skipped: words with
 * spaces between them; NULL for anything.  Borrowed. */
FUSESCEN_API const char *fusescen_kernel_args(const fusescen_file *file, size_t i);
/* What case i asks of the machine that runs it, beyond a mount of its own: paths
 * of the host, a hazard, capabilities, other users, devices, dropped caches.  A
 * line for each, "FILE:LINE: asks for ..."; "" for nothing.  The caller frees it
 * with free(); NULL: no such case. */
FUSESCEN_API char *fusescen_asks(const fusescen_file *file, size_t i);
/* What case i declares and does not use: a line for each, "FILE:LINE:COLUMN: note:
 * ...", "" for nothing.  What all cases of a file leave unused is a mistake; what
 * one of them leaves may be meant for another.  The caller frees it with free();
 * NULL: no such case. */
FUSESCEN_API char *fusescen_unused(const fusescen_file *file, size_t i);
/* For whoever ran case i in a virtual machine that broke down: does the text of
 * its console show a crash that `fails:` knows of, for a kernel of this release
 * (as uname -r has it)?  Then why it crashes, which the caller frees with
 * free(), else NULL. */
FUSESCEN_API char *fusescen_crash(const fusescen_file *file, size_t i,
				  const char *release, const char *console);

/*
 * Start case i.  NULL and errno when the process could not be made.  opts may
 * be NULL.  fusescen_fd() becomes readable when the run has ended;
 * fusescen_finish() waits for that (it is bounded: a run that outlives its
 * time limit is killed and its connections die with it), frees the run and
 * returns its report, never NULL.
 */
FUSESCEN_API fusescen_run *fusescen_start(const fusescen_file *file, size_t i,
					  const struct fusescen_options *opts);
FUSESCEN_API int fusescen_fd(const fusescen_run *run);
FUSESCEN_API fusescen_report *fusescen_finish(fusescen_run *run);

FUSESCEN_API enum fusescen_verdict fusescen_verdict(const fusescen_report *r);
/* One line: reason of a skip, first failure, what a stress step of a pass drove;
 * "" for a plain pass. */
FUSESCEN_API const char *fusescen_summary(const fusescen_report *r);
/* Failures with source lines, near misses and ladder (for a pass: the ladder,
 * if options.verbose); fit for a mail.  "" if there is nothing to say. */
FUSESCEN_API const char *fusescen_text(const fusescen_report *r);
/* Every event, one JSON object a line. */
FUSESCEN_API const char *fusescen_events(const fusescen_report *r);
/* What of the scenario this run did not use, in the form of fusescen_unused():
 * that, and rules that applied to nothing, and checks about paths that no file and
 * no request had.  "" unless the verdict is a pass. */
FUSESCEN_API const char *fusescen_report_unused(const fusescen_report *r);
/* Wall time of the run in nanoseconds. */
FUSESCEN_API uint64_t fusescen_elapsed_ns(const fusescen_report *r);
FUSESCEN_API void fusescen_report_free(fusescen_report *r);

/*
 * Run case i, which has a step "explore", in one order after another, the nearest to
 * the default first, until one gives what cannot be right.  Blocks, and forks as
 * fusescen_start() does.  Returns a report, never NULL: PASS if nothing was found;
 * FAIL, and its text then is a scenario for each finding ("---" between two), which
 * shows the order and says what would have been right; SKIP or ERROR as of a run.
 * Its summary says in any case how far it came.
 */
struct fusescen_explored {
	size_t size;		/* sizeof(struct fusescen_explored), for growth */
	uint64_t runs;		/* orders that were run and judged */
	uint64_t models;	/* orders that were run on a tmpfs to compare with */
	uint64_t diverged;	/* given up: the kernel did something else each time */
	uint64_t queued;	/* known, and still to be run */
	uint64_t dropped;	/* known, but there was no room to remember them */
	uint64_t findings;
	uint64_t repeated;	/* findings like an earlier one */
	unsigned cost;		/* everything nearer to the default was run */
	uint64_t elapsed_ns;
};
struct fusescen_explore_options {
	size_t size;		/* sizeof(struct fusescen_explore_options), for growth */
	uint64_t max_runs;	/* 0: no limit */
	unsigned time_ms;	/* the same */
	unsigned jobs;		/* runs at once; 0: two */
	unsigned max_findings;	/* stop after so many; 0: one */
	int allow_hazard;	/* as in struct fusescen_options */
	/* A file in which the search leaves what is still to be run, and from which
	 * it goes on if it is there; NULL: none. */
	const char *state;
	/* Called now and then; returns whether to stop.  May be NULL. */
	int (*progress)(void *ctx, const struct fusescen_explored *so_far);
	void *ctx;
	const char *transport;	/* as in struct fusescen_options */
	/* Orders are drawn from this seed, in place of the nearest ones, and there is no
	 * end of them.  0: the nearest come first. */
	uint64_t seed;
};
FUSESCEN_API fusescen_report *fusescen_explore(const fusescen_file *file, size_t i,
			const struct fusescen_explore_options *opts);

/*
 * Put the rules of case i under a libfuse low-level session of your own: from
 * now on they may delay, hold, alter, drop or answer what the kernel asks of
 * it.  Call it once the session has its descriptor (fuse_session_mount()), in
 * the process that will serve, and before its loop runs.  The handlers go on
 * being called by that loop alone.
 *
 * A scenario for this has one mount with nothing but a name, and no actors or
 * steps.  With a control socket, what is held may wait for a command.  NULL: it
 * cannot be; *error then has text that the caller frees with free() (error may be
 * NULL).  opts may be NULL; timeout_ms means nothing here.
 *
 * fusescen_detach() ends the rules, judges `expect`, and leaves the session as
 * it was, loop running or not.  Call it before fuse_session_unmount() or
 * fuse_session_destroy(), and before the file is freed.  Never NULL.
 */
struct fuse_session;
FUSESCEN_API fusescen_attachment *fusescen_attach(struct fuse_session *se,
						  const fusescen_file *file,
						  size_t i,
						  const struct fusescen_options *opts,
						  char **error);
FUSESCEN_API fusescen_report *fusescen_detach(fusescen_attachment *attachment);

/*
 * Serve case i to any program, at a mountpoint that exists.  A scenario for this
 * has one mount, and no actors or steps.  Returns when the mount is up; NULL: it
 * cannot be, and *error then has text that the caller frees with free() (error
 * may be NULL).
 *
 * The server is a process of its own, as a run is.  fusescen_fd() becomes readable
 * when it has ended: it was asked to by fusescen_stop(), or by its control socket,
 * or somebody unmounted it, or the thread that started it has ended.
 * fusescen_finish() stops it and judges `expect`.
 */
struct fusescen_serve_options {
	size_t size;		/* sizeof(struct fusescen_serve_options), for growth */
	const char *mountpoint;
	const char *control;	/* socket to be made, see fusescen-ctl(7); NULL: none */
	const char *log;	/* file for every event as JSON; NULL: none */
	int shared;		/* everybody sees the mount, else fusescen_spawn() only */
	int allow_hazard;	/* as in struct fusescen_options */
	uint64_t seed;		/* the same */
	const char *backing;	/* "memory", "null" or a directory; NULL: the scenario's */
	/* As in struct fusescen_options.  A directory given as backing is allowed by
	 * that. */
	const char *const *allow_host;
	/* By libfuse's own loop, to compare with: without rules, log, control
	 * socket and expect; shared, and to be unmounted by hand if its process
	 * is killed. */
	int plain;
	const char *transport;	/* as in struct fusescen_options */
};
FUSESCEN_API fusescen_run *fusescen_serve(const fusescen_file *file, size_t i,
					  const struct fusescen_serve_options *opts,
					  char **error);
FUSESCEN_API void fusescen_stop(fusescen_run *run);
/* Start a program where the server's mount is seen, found by PATH, with no signal
 * blocked.  It is the caller's child, and is killed if the thread that started it
 * ends.  -1 and errno. */
FUSESCEN_API pid_t fusescen_spawn(const fusescen_run *run, char *const *argv);

/* Case i as the text of a C file that needs the kernel's headers and a C library only: a
 * test by itself, which exits with 0 (pass), 1 (fail) or 4 (skip).  NULL: it cannot be;
 * *why then has a line for each reason, "FILE:LINE:COLUMN: note: ...".  The caller frees
 * either with free(); why may be NULL. */
FUSESCEN_API char *fusescen_export_c(const fusescen_file *file, size_t i, char **why);

/* Words of the language: topic is ops, calls, flags, notify, checks, steps, changes,
 * needs, hazards, trace, settings, limits or environment; or topics: these, and what
 * each has; or schema: a JSON Schema of scenarios; or doctor: what this machine can do,
 * and what that makes skip.
 * Returns text the caller frees with free(), NULL for no such topic. */
FUSESCEN_API char *fusescen_list(const char *topic);

#ifdef __cplusplus
}
#endif

#endif
