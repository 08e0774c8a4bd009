/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A run from beginning to end, in a process of its own:
 *
 *	needs → sandbox → fork actors → mount → INIT → steps → judge → teardown → report
 *
 * Actors are forked before any thread exists and before /dev/fuse is open.
 * The conductor never makes a call that the kernel under test could block; the
 * supervisor (run/api/supervise.c) kills it if it ever fails to return.
 */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include "act/procstat.h"
#include "base/confine.h"
#include "base/errnos.h"
#include "base/units.h"
#include "model/privileges.h"
#include "model/transport.h"
#include "run/caps.h"
#include "run/conduct/accounts.h"
#include "run/conduct/evict.h"
#include "run/conduct/explore.h"
#include "run/conduct/kmsg.h"
#include "run/conduct/proof.h"
#include "run/conduct/returns.h"
#include "run/conduct/wait.h"
#include "run/host_objections.h"
#include "run/machine.h"
#include "run/run.h"
#include "run/conduct/traces.h"
#include "run/report_file.h"

#define QUIET_NS	NS_PER_S	/* then nothing more will happen */
#define TEARDOWN_NS	(10 * NS_PER_S)
#define STUCK_MAX	16
/* What supervise.c grants for it (PLACE_NS): longer than most runs take that may be
 * in the way. */
#define MACHINE_NS	(60 * NS_PER_S)

/* ---- before the first step ------------------------------------------------- */

/* Before threads: namespaces, shared memory, actors. */
static bool enter(struct run *r, _Atomic uint64_t **seq)
{
	struct actor_limits limits;
	const char *what = "";
	char *why = NULL;
	int err = 0;

	*seq = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (*seq == MAP_FAILED)
		die_bug("mmap: %s", strerror(errno));
	if (sandbox_enter(&r->sandbox, !scenario_stays_outside(r->sc), &why)) {
		run_skip(r, why);
		return false;
	}
	err = namespaces_make(&r->namespaces, scenario_namespaces(r->sc));
	if (err) {
		run_skip(r, xasprintf("no namespaces: %s", strerror(err)));
		return false;
	}
	actor_limits_of(r->sc, &limits);
	r->actors = actors_spawn(r->sc, r->sandbox.root, &limits, &r->namespaces,
				 r->groups.dir, *seq, &err, &what);
	if (!r->actors && err == EINVAL && !strcmp(what, "sched_setaffinity")) {
		run_skip(r, xstrdup("an actor asks for a processor that this machine "
				    "does not have"));
		return false;
	}
	if (!r->actors) {
		run_error(r, xasprintf("cannot start the actors: %s: %s", what,
				       strerror(err)));
		return false;
	}
	r->traces = traces_new(r->sc, &why);
	if (why) {
		run_skip(r, why);
		return false;
	}
	/* All that needs more is over, or has its own process. */
	err = confine_capabilities(privileges_kept(r->sc, HOLDER_SERVER));
	if (err)
		run_error(r, xasprintf("cannot give up capabilities: %s",
				       strerror(err)));
	return !err;
}

static void tell_actor_pids(struct run *r)
{
	struct actor_look look;
	size_t i;

	for (i = 0; i < r->sc->n_actors; i++) {
		actor_look(r->actors, (int)i, &look);
		engine_set_actor_pid(r->engine, (int)i, (uint32_t)look.tid,
				     (uint32_t)look.own_pid);
	}
}

static bool build(struct run *r, const struct run_options *opts,
		  _Atomic uint64_t *seq)
{
	/* Naps as long as they say, not 50 us more; the actors, forked before
	 * this, have what every program has. */
	prctl(PR_SET_TIMERSLACK, 1UL);
	r->log = evlog_new(seq);
	evlog_keep_data(r->log, r->sc->result_data);
	r->server = server_new(r->sc, r->log);
	if (!r->server) {
		struct buf b = BUF_INIT;

		diags_print(r->sc->diags, &b);
		run_error(r, buf_steal(&b));
		return false;
	}
	server_confine(r->server, r->sandbox.root);
	r->engine = engine_new(r->sc, r->log, &server_hooks, r->server);
	server_set_engine(r->server, r->engine);
	server_set_fusectl(r->server, r->sandbox.fusectl);
	server_set_namespaces(r->server, &r->namespaces);
	if (opts->allow_hazard)
		server_allow_hazards(r->server);
	actors_listen(r->actors, r->log);
	tell_actor_pids(r);
	return true;
}

static bool mount_all(struct run *r)
{
	size_t i;

	for (i = 0; i < r->sc->n_mounts; i++) {
		const struct mount_spec *m = &r->sc->mounts[i];
		const char *name = m->name, *what = "mkdir";
		auto_free char *dir = m->kind == MOUNT_CUSE ?
			sandbox_path(&r->sandbox, name) :
			sandbox_mkdir(&r->sandbox, name);
		int err = dir ? server_mount(r->server, (int)i, dir, &what) : errno;

		if (!err)
			continue;
		if (err == EACCES || err == EPERM || err == ENOENT || err == ENODEV)
			run_skip(r, xasprintf("%s: %s: %s", name, what, strerror(err)));
		else
			run_error(r, xasprintf("%s: %s: %s", name, what, strerror(err)));
		return false;
	}
	return true;
}

static bool all_ready(struct run *r, const void *arg)
{
	size_t i;

	(void)arg;
	for (i = 0; i < r->sc->n_mounts; i++)
		if (!engine_ready(r->engine, (int)i) ||
		    server_is_mounting(r->server, (int)i))
			return false;
	return true;
}

/* mount(2) that has ended by now, where it had to wait for INIT. */
static bool has_mounted(struct run *r)
{
	const struct loc nowhere = { 0, 0, 0 };
	size_t i;

	for (i = 0; i < r->sc->n_mounts; i++) {
		int err = server_mount_error(r->server, (int)i);

		if (!err)
			continue;
		run_fail(r, nowhere, xasprintf("%s: mount(2)", r->sc->mounts[i].name),
			 xstrdup("success"), xstrdup(strerror(err)), NULL);
		return false;
	}
	return true;
}

static bool all_offered(struct run *r, const void *arg)
{
	uint64_t flags;
	uint32_t minor;
	size_t i;

	(void)arg;
	for (i = 0; i < r->sc->n_mounts; i++)
		if (r->sc->mounts[i].kind == MOUNT_FUSE &&
		    !engine_offered(r->engine, (int)i, &flags, &minor))
			return false;
	return true;
}

/* The mounts are up: INIT answered, unless the script itself handles INIT. */
static bool wait_init(struct run *r)
{
	const struct loc nowhere = { 0, 0, 0 };

	if (scenario_names_init(r->sc)) {
		/* The request says what there is, whatever becomes of it; and if
		 * it does not come, that is for the script to say. */
		if (r->sc->n_needs)
			run_wait(r, 0, all_offered, NULL);
		return run_offers_all(r);
	}
	if (!run_wait(r, 0, all_ready, NULL)) {
		run_fail(r, nowhere, xstrdup("INIT was not answered"), NULL, NULL,
			 run_situation(r));
		return false;
	}
	return has_mounted(r) && run_offers_all(r);
}

/* Begin to watch what checks ask about: from the first step on. */
static bool watch_kernel(struct run *r)
{
	char *missing = traces_start(r->traces, r->server, r->actors, r->log);

	if (missing) {
		run_skip(r, missing);
		return false;
	}
	r->returns = returns_watch(r->sc, r->log);
	if (!run_needs(r->sc, CAP_TRACING))
		return true;
	missing = returns_missing(r->returns);
	if (missing)
		run_skip(r, missing);
	return !missing;
}

static bool may_reach_host(struct run *r)
{
	char *why = host_objections(r->sc);

	if (why)
		run_error(r, why);
	return !why;
}

/* What needs a keeper. */
static bool set_machine(struct run *r)
{
	char *why = settings_apply(r->sc, &r->settings);

	why = why ? why : groups_make(&r->groups, r->sc);
	if (why)
		run_skip(r, why);
	return !why;
}

/* Can everything that the scenario says be said over io_uring? */
static bool fits_transport(struct run *r, const struct run_options *opts)
{
	char *why = uring_objection(r->sc, opts->transport == TRANSPORT_URING,
				    opts->allow_hazard);

	if (why)
		run_skip(r, why);
	return !why;
}

static bool prepare(struct run *r, const struct run_options *opts)
{
	_Atomic uint64_t *seq;

	return run_has_needs(r, opts->allow_hazard) && may_reach_host(r) &&
	       fits_transport(r, opts) &&
	       set_machine(r) && enter(r, &seq) &&
	       run_has_environment(r, true) && build(r, opts, seq) && mount_all(r) &&
	       wait_init(r) && watch_kernel(r);
}

/* ---- after the last step ------------------------------------------------------ */

static void note_stuck(struct run *r, const pid_t *pids, unsigned n)
{
	const struct loc nowhere = { 0, 0, 0 };
	struct buf stacks = BUF_INIT;
	unsigned i;

	for (i = 0; i < n && i < STUCK_MAX; i++) {
		buf_printf(&stacks, "%d: ", pids[i]);
		thread_stack(pids[i], &stacks);
		buf_addc(&stacks, '\n');
	}
	run_fail(r, nowhere, xstrdup("processes survive SIGKILL and the abort of "
				     "their connections"),
		 xstrdup("none"), xasprintf("%u", n), buf_steal(&stacks));
}

/*
 * Stop the script, release what is held, abort, kill, reap, unmount, join.
 * Every wait in here is bounded.  False: a thread of ours still runs, so that
 * nothing may be freed.
 */
static bool teardown(struct run *r)
{
	const struct loc nowhere = { 0, 0, 0 };
	uint64_t deadline = clock_ns() + TEARDOWN_NS;
	pid_t stuck[STUCK_MAX];
	unsigned n, i;

	if (r->log)
		evlog_begin_teardown(r->log);
	if (r->engine)
		engine_finish(r->engine, false);
	for (i = 0; r->server && i < r->sc->n_mounts; i++)
		server_abort(r->server, (int)i);
	n = r->actors ? actors_kill(r->actors, deadline, stuck, STUCK_MAX) : 0;
	if (n)
		note_stuck(r, stuck, n);
	if (!r->server || server_stop(r->server, false, deadline) == 0)
		return true;
	run_fail(r, nowhere, xstrdup("server threads do not end"), NULL, NULL, NULL);
	return false;
}

static void free_run(struct run *r)
{
	returns_free(r->returns);
	traces_free(r->traces);
	actors_free(r->actors);
	namespaces_free(&r->namespaces);
	engine_free(r->engine);
	server_free(r->server);
	evlog_free(r->log);
	evictions_free(r->evictions);
	result_fini(&r->result);
	buf_fini(&r->unused);
}

/* ---- the whole -------------------------------------------------------------------- */

void conduct(const struct scenario *sc, const struct run_options *opts, int out_fd)
{
	struct scenario own = *sc;	/* with the caller's seed and schedule */
	struct arena *arena = arena_new();
	struct run r = { .sc = &own, .kmsg = -1, .settings = KEEPER_NONE,
			 .groups = GROUPS_NONE, .namespaces = NAMESPACES_NONE };
	struct buf parts[N_REPORT_PARTS];
	bool is_skipped = sc->hazard && !opts->allow_hazard;
	int machine = -1;
	bool enters = machine_enter(machine_is_touched(sc) && settings_exist(sc) &&
				    !is_skipped, clock_ns() + MACHINE_NS, &machine);
	uint64_t start = clock_ns();
	bool ended;

	signal(SIGPIPE, SIG_IGN);
	if (opts->schedule)
		schedule_extend(sc, opts->schedule, arena, &own);
	if (opts->seed)
		own.seed = opts->seed;
	r.schedule = opts->schedule;
	r.trail = opts->trail;
	scenario_allow_host(&own, opts->allow_host);
	scenario_choose_transport(&own, opts->transport == TRANSPORT_URING ?
				  TRANSPORT_URING : TRANSPORT_DEV);
	r.deadline_ns = start + opts->timeout_ns;
	r.quiet_ns = opts->quiet_ns ? opts->quiet_ns : QUIET_NS;
	r.kmsg = kmsg_open();
	r.kmsg_ns = clock_ns();
	r.names_unanswered = scenario_names_unanswered(sc);
	r.is_traced = self_is_traced();
	r.has_stacks = capability_missing(CAP_KERNEL_STACK) == NULL;
	if (!enters)
		run_error(&r, xstrdup("other runs on this machine are in the way: "
				      "one of them has to be alone"));
	if (enters && prepare(&r, opts)) {
		run_steps(&r);
		run_judge(&r);
		explore_record(&r);
		accounts_settle(&r);
	}
	ended = teardown(&r);
	r.result.elapsed_ns = clock_ns() - start;
	run_report(&r, &opts->style, parts);
	/* the later one first: it has inherited what the other waits for */
	groups_remove(&r.groups);
	keeper_end(&r.settings);
	transport_write(out_fd, r.result.verdict, r.result.elapsed_ns,
			parts);
	run_report_fini(parts);
	if (ended) {
		free_run(&r);
		arena_free(arena);
	}
	if (r.kmsg >= 0)
		close(r.kmsg);
	if (machine >= 0)
		close(machine);
}
