/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel that sends what no kernel would send, to the tap and the backends of a
 * few scenarios: rules, libfuse, files; then the report of the log.  This thread
 * is the worker as well, so that an input does the same each time.
 *
 *	scenario  options  {mount  request (hostile.h)  or  ACT_* what}
 */
#include "config.h"

#include "base/units.h"
#include "report/report.h"
#include "server/server.h"
#include "tests/fuzz/hostile.h"
#include "tests/fuzz/scenario.h"

/* ---- scenarios ------------------------------------------------------------------ */

/* What the files are like is all that matters. */
static const char files[] =
	"fusescen: 1\n"
	"mounts:\n"
	"  fs:\n"
	"    files:\n"
	"      /data: {size: 64K, open: [direct_io], entry_timeout: 1h}\n"
	"      /dir/one: {data: \"hello\", xattrs: {user.x: \"y\"}}\n"
	"      /dir/pass: {size: 4K, backing: \"lower:/low\"}\n"
	"      /link: {type: symlink, target: data}\n"
	"  lower: {files: {/low: {size: 4K}}}\n";

/* Every action of a rule, and most edits of a reply. */
static const char actions[] =
	"fusescen: 1\n"
	"mounts: {fs: {files: {/data: {size: 4K}, /dir/one: {size: 1}}}}\n"
	"states: {disk: [good, bad]}\n"
	"rules:\n"
	"- {op: WRITE, nth: 1, hold: door}\n"
	"- {op: READ, nth: 1, hold: {gate: late, after: true}}\n"
	"- {op: READ, nth: 2, answer: {gate: late, data: \"abc\", first: true}}\n"
	"- {op: FLUSH, answer: {gate: door, error: EIO}}\n"
	"- {op: WRITE, nth: 2, delay: 1ms}\n"
	"- {op: WRITE, bandwidth: 1G}\n"
	"- {op: READ, delay: {time: 1ms, after: true}}\n"
	"- {op: FSYNC, drop: ok}\n"
	"- {op: STATFS, set: {disk: bad}, notify: {inval_inode: /data}}\n"
	"- {op: GETATTR, when: {disk: bad}, reply: {error: EIO}}\n"
	"- {op: GETATTR, where: {fh: 1..}, reply: {size: 1T, nlink: 0}}\n"
	"- {op: LOOKUP, where: {name: long}, reply: {long: 70000}}\n"
	"- {op: LOOKUP, where: {name: short}, reply: {short: 100}}\n"
	"- {op: LOOKUP, nth: 3.., reply: {nodeid: 4711, generation: 3}}\n"
	"- {op: GETXATTR, reply: {data: \"x*100\"}}\n"
	"- {op: LISTXATTR, reply: {size: 5}}\n"
	"- {op: OPEN, nth: 2, reply: {raw: \"00 11 22\", copies: 3}}\n"
	"- {op: ACCESS, reply: {len: 1, unique: 0}}\n"
	"- {op: IOCTL, reply: {result: 1, data: \"abcd\"}}\n"
	"- {op: RENAME2, notify: [{inval_entry: /data, before: true},"
	" {store: /data, offset: 0, data: \"z*5000\"}]}\n"
	"- {op: RMDIR, abort: true}\n"
	"- {op: LINK, die: true}\n";

/* All that comes is held. */
static const char gates[] =
	"fusescen: 1\n"
	"mounts: {fs: {files: {/data: {size: 4K}}}}\n"
	"rules:\n"
	"- {op: INTERRUPT, answer: {gate: door, error: EINTR}}\n"
	"- {op: \"*\", hold: door}\n";

static const char nothing[] =
	"fusescen: 1\n"
	"mounts: {fs: {backing: null, files: {/data: {size: 1G}}}}\n"
	"rules: [{op: GETATTR, nth: 3, reply: {error: EIO}}]\n";

static const char device[] =
	"fusescen: 1\n"
	"devices: {dev: {name: fusescen-fuzz, content: \"hello\"}}\n";

/* Chosen by the first byte, so new ones come last. */
static const char *const texts[] = { files, actions, gates, nothing, device };
static struct scenario_file *scenarios[ARRAY_SIZE(texts)];

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		scenarios[i] = fuzz_scenario(texts[i]);
	return 0;
}

/* ---- the end of the wire --------------------------------------------------------- */

struct world {
	const struct scenario *sc;
	_Atomic uint64_t seq;
	struct evlog *log;
	struct server *server;
	struct engine *engine;
	bool is_plain;		/* no rule alters a reply */
};

static void deliver(void *ctx, int mount, void *msg, size_t len)
{
	server_hooks.deliver(((struct world *)ctx)->server, mount, msg, len);
}

/* fs/fuse/dev.c, fuse_dev_do_write(): a kernel would refuse what is not so. */
static void check_reply(const struct world *w, const struct iovec *iov, int n)
{
	struct wire_out_header h;
	size_t len = 0;

	if (!w->is_plain)
		return;
	for (int i = 0; i < n; i++)
		len += iov[i].iov_len;
	memcpy(&h, iov[0].iov_base, sizeof(h));
	if (h.len != len || h.error > 0 || h.error <= -1000 ||
	    (h.error && len != sizeof(h)))
		die_bug("a reply of %zu bytes says len=%u error=%d", len, h.len,
			h.error);
}

static int send_out(void *ctx, int mount, struct outgoing *out)
{
	(void)mount;
	switch (out->kind) {
	case OUT_REPLY:
		check_reply(ctx, out->reply.iov, out->reply.n);
		break;
	case OUT_BACKING:
		out->backing.id = 7;
		break;
	case OUT_NOTIFICATION:
	case OUT_ABORT:
	case OUT_CLOSE:
		break;
	}
	return 0;
}

static void start(struct world *w, const struct scenario *sc)
{
	static const struct engine_hooks hooks = {
		.deliver = deliver, .send = send_out,
	};

	*w = (struct world){ .sc = sc, .is_plain = !sc->n_rules };
	w->log = evlog_new(&w->seq);
	w->server = server_new(sc, w->log);
	w->engine = engine_new(sc, w->log, &hooks, w);
	server_set_engine(w->server, w->engine);
}

/* Gates open, delays end; locks that wait do so to their end. */
static void stop(struct world *w)
{
	engine_finish(w->engine, false);
	server_stop(w->server, false, clock_ns() + NS_PER_S);
	engine_free(w->engine);
	server_free(w->server);
	evlog_free(w->log);
}

/* ---- an input -------------------------------------------------------------------- */

/* Instead of a mount's number: what the conductor does meanwhile. */
enum { ACT_RELEASE = 0xf0, ACT_REARM, ACT_ANSWER, ACT_PEEK, ACT_QUIET };

enum { OPTION_NO_INIT = 1 << 0, OPTION_QUIET = 1 << 1 };

/* Of the first mount; who is asked later, or never, does not matter. */
static const struct reply_spec io_error = {
	.present = true, .has_error = true, .error = 5,
	.backing = { .mount = NONE }, .expect_write = NONE,
};

static void act_at_gate(struct world *w, unsigned action, unsigned what)
{
	int gate;

	if (!w->sc->n_gates)
		return;
	gate = (int)(what % w->sc->n_gates);
	if (action == ACT_RELEASE)
		engine_release(w->engine, gate, NULL, 0, 1 + what / 16, what & 8);
	else if (action == ACT_REARM)
		engine_rearm(w->engine, gate);
	else
		engine_answer(w->engine, gate, NULL, what / 16, &io_error);
}

static void act(struct world *w, unsigned action, unsigned what)
{
	char text[16];
	uint64_t size;

	switch (action) {
	case ACT_RELEASE:
	case ACT_REARM:
	case ACT_ANSWER:
		act_at_gate(w, action, what);
		break;
	case ACT_PEEK:
		server_peek(w->server, (int)(what % w->sc->n_mounts), "/data", what,
			    text, sizeof(text), &size);
		break;
	case ACT_QUIET:
		engine_set_quiet(w->engine, what & 1);
		break;
	}
}

static void take_request(struct world *w, int mount, uint8_t *msg, size_t len)
{
	if (engine_request(w->engine, mount, NULL, msg, len))
		deliver(w, mount, msg, len);
}

static void init(struct world *w, int mount)
{
	struct {
		struct wire_in_header h;
		struct wire_init_in in;
	} msg = {
		.h = { .len = sizeof(msg), .unique = 1,
		       .opcode = w->sc->mounts[mount].kind == MOUNT_CUSE ?
				OP_CUSE_INIT : OP_INIT },
		.in = { .major = WIRE_MAJOR, .minor = WIRE_MINOR,
			.max_readahead = 128 << 10,
			.flags = UINT32_MAX, .flags2 = UINT32_MAX },
	};

	take_request(w, mount, (uint8_t *)&msg, sizeof(msg));
}

static void play(struct world *w, struct input *in)
{
	static _Alignas(8) uint8_t msg[HOSTILE_MAX];
	struct hostile hostile = { 0 };
	size_t len;

	while (in->left) {
		unsigned mount = take_byte(in);

		if (mount >= ACT_RELEASE) {
			act(w, mount, take_byte(in));
			continue;
		}
		len = hostile_next(&hostile, in, msg);
		if (len)
			take_request(w, (int)(mount % w->sc->n_mounts), msg, len);
	}
}

static void report(const struct world *w)
{
	auto_buf struct buf out = BUF_INIT;
	struct result result = { 0 };
	const struct event **events;
	size_t n;

	events = evlog_sorted(w->log, &n);
	report_ladder(&out, w->sc, events, n,
		      &(struct ladder_window){ &(uint64_t){ 0 }, 1, 0, 0 });
	report_json(&out, w->sc, &result, events, n);
	free(events);
	for (size_t g = 0; g < w->sc->n_gates; g++)
		engine_print_held(w->engine, (int)g, HELD_PRINTED, &out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	unsigned which = take_byte(&in) % ARRAY_SIZE(scenarios);
	unsigned options = take_byte(&in);
	struct world w;

	start(&w, scenarios[which]->cases[0]);
	engine_set_quiet(w.engine, options & OPTION_QUIET);
	for (size_t i = 0; i < w.sc->n_mounts && !(options & OPTION_NO_INIT); i++)
		init(&w, (int)i);
	play(&w, &in);
	report(&w);
	stop(&w);
	return 0;
}
