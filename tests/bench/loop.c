/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tap costs: mounts the memory filesystem under libfuse's own loop, or
 * under the tap, and serves until SIGTERM.
 *
 *	loop libfuse DIR
 *	loop plain DIR		libfuse's loop too, with the null backing's answers and
 *				its max_write
 *	loop stock DIR		the same, but set up as libfuse does by itself: one
 *				descriptor for as many threads as it thinks fit
 *	loop tap DIR [RULES [BACKING]]
 *				with so many rules that never match, about a
 *				file that is not there; BACKING is memory, null
 *				or a directory
 *	loop delay DIR BACKING	with a rule that delays writes to such a file
 *
 * All but stock have two threads with a cloned descriptor each.
 */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "engine/init.h"
#include "transport/fuselib.h"
#include "backend/memory/memory.h"
#include "server/server.h"
#include "tests/bench/plain.h"

#define THREADS		2
#define LIMIT		(256ull << 20)

/* ops and userdata: the filesystem's.  stock: with libfuse's defaults. */
static int loop_session(const char *dir, const struct fuse_lowlevel_ops *fs_ops,
			void *userdata, bool stock)
{
	char name[] = "loop", opts[] = "-oallow_other,default_permissions";
	char *argv[] = { name, opts, NULL };
	struct fuse_args args = FUSE_ARGS_INIT(2, argv);
	struct fuse_loop_config *cfg = fuse_loop_cfg_create();
	struct fuse_session *se;
	int err = 1;

	se = fuse_session_new(&args, fs_ops, sizeof(*fs_ops), userdata);
	fuse_opt_free_args(&args);
	if (!stock) {
		fuse_loop_cfg_set_clone_fd(cfg, 1);
		fuse_loop_cfg_set_max_threads(cfg, THREADS);
	}
	if (se && !fuse_set_signal_handlers(se) &&
	    !fuse_session_mount(se, dir)) {
		err = fuse_session_loop_mt(se, cfg) < 0;
		fuse_session_unmount(se);
	}
	fuse_loop_cfg_destroy(cfg);
	if (se)
		fuse_session_destroy(se);
	return err;
}

static void init_as_null(void *userdata, struct fuse_conn_info *conn)
{
	(void)userdata;
	conn->max_write = NULL_MAX_WRITE;
}

static int loop_plain(const char *dir, bool stock)
{
	struct fuse_lowlevel_ops fs_ops = plain_ops;

	if (!stock)
		fs_ops.init = init_as_null;
	return loop_session(dir, &fs_ops, plain_zeros(), stock);
}

static int loop_libfuse(const char *dir)
{
	struct memfs *fs = memfs_new(3600 * NS_PER_S, 3600 * NS_PER_S, 0, LIMIT);
	int err = loop_session(dir, &memfs_ops, fs, false);

	memfs_free(fs);
	return err;
}

/* Rules for the operations that are measured, about a file that is not there. */
static struct rule *make_rules(size_t n)
{
	static const struct op *touched[3];
	struct rule *rules = xcalloc(n ? n : 1, sizeof(*rules));
	size_t i;

	touched[0] = op_by_code(&protocol_builtin, OP_WRITE);
	touched[1] = op_by_code(&protocol_builtin, OP_READ);
	touched[2] = op_by_code(&protocol_builtin, OP_GETATTR);
	for (i = 0; i < n; i++) {
		rules[i].text = "{op: [WRITE, READ, GETATTR], file: /none}";
		rules[i].ops = touched;
		rules[i].n_ops = ARRAY_SIZE(touched);
		rules[i].file = (struct file_ref){ 0, "/none", false };
		rules[i].actor = rules[i].gate = rules[i].answer_gate = NONE;
	}
	return rules;
}

static void serve(struct server *s, struct engine *e, const char *dir, int *err)
{
	const char *what;
	sigset_t stop;
	int sig;

	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	sigaddset(&stop, SIGINT);
	sigprocmask(SIG_BLOCK, &stop, NULL);
	*err = server_mount(s, 0, dir, &what);
	if (*err)
		fprintf(stderr, "loop: %s: %s\n", what, strerror(*err));
	else
		sigwait(&stop, &sig);
	engine_finish(e, false);
	server_stop(s, true, clock_ns() + 5 * NS_PER_S);
}

static void print_diags(const struct diags *dg)
{
	auto_buf struct buf b = BUF_INIT;

	diags_print(dg, &b);
	fputs(buf_str(&b), stderr);
}

static int loop_tap(const char *dir, size_t n_rules, uint64_t delay_ns,
		    const char *backing)
{
	static _Atomic uint64_t seq;
	const char *const allowed[] = { backing, NULL };
	struct mount_spec mount = {
		.name = "bench", .kind = MOUNT_FUSE, .workers = THREADS,
		.options = MOPT_DEFAULT_PERMISSIONS,
		.entry_ns = 3600 * NS_PER_S, .attr_ns = 3600 * NS_PER_S,
		.backing = backing_of_word(backing),
	};
	struct scenario sc = {
		.path = "loop", .protocol = &protocol_builtin,
		.mounts = &mount, .n_mounts = 1,
	};
	struct evlog *log = evlog_new(&seq);
	struct server *s;
	struct engine *e;
	int err = 1;

	mount.backing.allowed = allowed;
	/* passthrough_hp remembers that too, all for a day. */
	if (mount.backing.kind == BACKING_MIRROR)
		mount.negative_ns = mount.entry_ns;
	sc.diags = diags_new("loop", NULL, 0);
	sc.rules = make_rules(n_rules);
	sc.n_rules = n_rules;
	if (delay_ns)
		sc.rules[0].delay_min_ns = sc.rules[0].delay_max_ns = delay_ns;
	s = server_new(&sc, log);
	if (s) {
		e = engine_new(&sc, log, &server_hooks, s);
		server_set_engine(s, e);
		engine_set_quiet(e, true);
		serve(s, e, dir, &err);
		engine_free(e);
		server_free(s);
	} else {
		print_diags(sc.diags);
	}
	evlog_free(log);
	diags_free(sc.diags);
	free(sc.rules);
	return err != 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "libfuse"))
		return loop_libfuse(argv[2]);
	if (argc == 3 && !strcmp(argv[1], "plain"))
		return loop_plain(argv[2], false);
	if (argc == 3 && !strcmp(argv[1], "stock"))
		return loop_plain(argv[2], true);
	if (argc >= 3 && argc <= 5 && !strcmp(argv[1], "tap"))
		return loop_tap(argv[2], argc > 3 ? strtoul(argv[3], NULL, 0) : 0,
				0, argc > 4 ? argv[4] : "memory");
	if (argc == 4 && !strcmp(argv[1], "delay"))
		return loop_tap(argv[2], 1, NS_PER_MS, argv[3]);
	fprintf(stderr, "usage: loop libfuse|plain|stock DIR | "
		"loop tap DIR [RULES [BACKING]] | loop delay DIR BACKING\n");
	return 2;
}
