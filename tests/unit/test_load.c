/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the loader makes of a file: the model's values, the texts for messages,
 * and what it does with files that are none.  The wording of its messages is
 * tested by tests/load/. */
#include "config.h"

#include "load/load.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/units.h"
#include "tests/unit/unit.h"

static struct scenario_file *file;

static void teardown(void)
{
	scenario_file_free(file);
	file = NULL;
}

static const struct scenario *load(const char *text)
{
	struct buf b = BUF_INIT;

	teardown();
	file = load_text("t.yaml", text, strlen(text));
	diags_print(file->diags, &b);
	ck_assert_msg(diags_count(file->diags) == 0, "%s", buf_str(&b));
	ck_assert_uint_ge(file->n_cases, 1);
	buf_fini(&b);
	return file->cases[0];
}

/* It does not load, and this is part of what is said. */
static void refused(const char *text, const char *message)
{
	struct buf b = BUF_INIT;

	teardown();
	file = load_text("t.yaml", text, strlen(text));
	ck_assert_uint_eq(file->n_cases, 0);
	diags_print(file->diags, &b);
	ck_assert_msg(strstr(buf_str(&b), message), "got: %s", buf_str(&b));
	buf_fini(&b);
}

#define MOUNT	"fusescen: 1\nmounts:\n  fs: {files: {/data: {size: 64K}}}\n"
#define SCRIPT	MOUNT "actors: [app]\nsteps:\n"

/* ---- the top ------------------------------------------------------------- */

START_TEST(test_top)
{
	const struct scenario *sc = load(
		"# What it shows \nfusescen: 1\nneeds: [passthrough, root]\n"
		"timeout: 3s\nseed: 7\nhazard: kernel_crash\nmounts: {a: {}}\n"
		"fails:\n  - {kernel: \"< 6.9\", because: of it}\n"
		"  - {kernel: any, because: x, crash: \"kernel BUG\"}\n");

	ck_assert_str_eq(sc->title, "What it shows");
	ck_assert_str_eq(sc->path, "t.yaml");
	ck_assert_ptr_null(sc->case_name);
	ck_assert_uint_eq(sc->timeout_ns, 3 * NS_PER_S);
	ck_assert_uint_eq(sc->seed, 7);
	ck_assert_str_eq(sc->hazard, "kernel_crash");
	ck_assert_uint_eq(sc->n_needs, 2);
	ck_assert_str_eq(sc->needs[1].name, "root");
	ck_assert_uint_eq(sc->needs[1].loc.line, 3);
	ck_assert_str_eq(sc->fails[0].kernel, "< 6.9");
	ck_assert_str_eq(sc->fails[0].because, "of it");
	ck_assert_ptr_null(sc->fails[0].case_name);
	ck_assert_ptr_null(sc->fails[0].crash);
	ck_assert_str_eq(sc->fails[1].crash, "kernel BUG");
	ck_assert_ptr_eq(sc->diags, file->diags);
}
END_TEST

START_TEST(test_top_defaults)
{
	const struct scenario *sc = load(MOUNT);

	ck_assert_str_eq(sc->title, "");
	ck_assert_uint_eq(sc->timeout_ns, 10 * NS_PER_S);
	ck_assert_uint_eq(sc->seed, 1);
	ck_assert_ptr_null(sc->hazard);
}
END_TEST

START_TEST(test_cases)
{
	load("fusescen: 1\nmounts: {fs: {files: {/d: {size: \"${s}\"}}}}\n"
	     "cases:\n  - {case: one, s: 4K}\n  - {case: two, s: 8K}\n"
	     "fails:\n  - {case: two, kernel: any, because: x}\n");
	ck_assert_uint_eq(file->n_cases, 2);
	ck_assert_str_eq(file->cases[0]->case_name, "one");
	ck_assert_uint_eq(file->cases[0]->mounts[0].files[0].size, 4096);
	ck_assert_uint_eq(file->cases[0]->n_fails, 0);
	ck_assert_str_eq(file->cases[1]->case_name, "two");
	ck_assert_uint_eq(file->cases[1]->mounts[0].files[0].size, 8192);
	ck_assert_uint_eq(file->cases[1]->n_fails, 1);
}
END_TEST

START_TEST(test_error_of_every_case_is_said_once)
{
	refused(MOUNT "cases: [{case: a}, {case: b}, {case: c}]\n"
		"rules: [{op: READS}]\n", "unknown operation \"READS\"");
	ck_assert_uint_eq(diags_count(file->diags), 1);
}
END_TEST

/* ---- mounts ---------------------------------------------------------------- */

START_TEST(test_mount)
{
	const struct mount_spec *m = load(
		"fusescen: 1\nmounts:\n  fs:\n"
		"    init: {flags: [writeback_cache, -async_dio], max_write: 8K}\n"
		"    workers: 3\n    options: [ro, sync]\n    max_read: 16K\n"
		"    timeouts: {entry: 1s, negative: 2s}\n")->mounts;

	ck_assert_str_eq(m->name, "fs");
	ck_assert_int_eq(m->kind, MOUNT_FUSE);
	ck_assert_uint_eq(m->init_on, INIT_WRITEBACK_CACHE);
	ck_assert_uint_eq(m->init_off,
			  flag_by_name(&flags_init, "async_dio", 9));
	ck_assert_uint_eq(m->n_init, 1);
	ck_assert_str_eq(m->init[0].f->name, "max_write");
	ck_assert_uint_eq(m->init[0].num, 8192);
	ck_assert_uint_eq(m->workers, 3);
	ck_assert_uint_eq(m->options, MOPT_RO | MOPT_SYNC);
	ck_assert_uint_eq(m->max_read, 16384);
	ck_assert_uint_eq(m->entry_ns, NS_PER_S);
	ck_assert_uint_eq(mount_attr_ns(m), 3600 * NS_PER_S);
	ck_assert_uint_eq(m->negative_ns, 2 * NS_PER_S);
}
END_TEST

static const struct file_spec *find_file(const struct mount_spec *m,
					 const char *path)
{
	size_t i;

	for (i = 0; i < m->n_files; i++)
		if (!strcmp(m->files[i].path, path))
			return &m->files[i];
	ck_abort_msg("no file %s", path);
	return NULL;
}

START_TEST(test_files)
{
	const struct mount_spec *m = load(
		"fusescen: 1\nmounts:\n  fs:\n    files:\n"
		"      /z/y/x: {data: hello, mode: 0}\n"
		"      /fill: {fill: q, size: 4K}\n"
		"      /rep: {data: '\"ab\"*6', size: 10}\n"
		"      /link: {target: z}\n"
		"      /dir/: {uid: 5}\n"
		"      /pipe: {type: fifo}\n"
		"      /open: {open: [direct_io, keep_cache], backing: \"low:/b\""
		", attr_timeout: 1ms}\n"
		"      /x: {xattrs: {user.a: b}}\n"
		"  low: {}\n")->mounts;
	const struct file_spec *f = find_file(m, "/z/y/x");

	ck_assert_uint_eq(f->size, 5);
	ck_assert_uint_eq(f->mode, 0);
	ck_assert_int_eq(data_at(&f->data, 4, '?'), 'o');
	ck_assert_uint_eq(f->entry_ns, UINT64_MAX);
	ck_assert_int_eq(find_file(m, "/z/y")->type, NODE_DIR);
	ck_assert_uint_eq(find_file(m, "/z")->mode, 0755);
	ck_assert(find_file(m, "/z") < find_file(m, "/z/y"));
	ck_assert(find_file(m, "/z/y") < f);
	f = find_file(m, "/fill");
	ck_assert_uint_eq(f->data.len, 4096);
	ck_assert_int_eq(data_at(&f->data, 4095, '?'), 'q');
	f = find_file(m, "/rep");
	ck_assert_uint_eq(f->data.len, 6);
	ck_assert_uint_eq(f->size, 10);
	ck_assert_int_eq(data_at(&f->data, 3, '?'), 'b');
	f = find_file(m, "/link");
	ck_assert_int_eq(f->type, NODE_SYMLINK);
	ck_assert_str_eq(f->target, "z");
	ck_assert_uint_eq(f->mode, 0777);
	ck_assert_int_eq(find_file(m, "/dir")->type, NODE_DIR);
	ck_assert_uint_eq(find_file(m, "/dir")->uid, 5);
	ck_assert_int_eq(find_file(m, "/pipe")->type, NODE_FIFO);
	f = find_file(m, "/open");
	ck_assert_uint_eq(f->open_flags, FOPEN_DIRECT_IO | FOPEN_KEEP_CACHE);
	ck_assert_int_eq(f->backing.mount, 1);
	ck_assert_str_eq(f->backing.path, "/b");
	ck_assert_uint_eq(f->attr_ns, NS_PER_MS);
	ck_assert_str_eq(find_file(m, "/x")->xattrs[0].name, "user.a");
}
END_TEST

START_TEST(test_device)
{
	const struct scenario *sc = load(
		"fusescen: 1\ndevices:\n  dev: {name: fusescen0, content: hi}\n"
		"rules: [{op: READ, file: dev, hold: r}]\nactors: [a]\n"
		"steps:\n  - a: open(\"dev:\", O_RDONLY)\n");

	ck_assert_int_eq(sc->mounts[0].kind, MOUNT_CUSE);
	ck_assert_str_eq(sc->mounts[0].dev_name, "fusescen0");
	ck_assert_uint_eq(sc->mounts[0].content.len, 2);
	ck_assert_int_eq(sc->rules[0].file.mount, 0);
	ck_assert_ptr_null(sc->rules[0].file.path);
	ck_assert_int_eq(sc->steps[0].call.args[0].mount, 0);
	ck_assert_str_eq(sc->steps[0].call.args[0].str, "");
}
END_TEST

/* ---- rules ------------------------------------------------------------------ */

START_TEST(test_rule_matching)
{
	const struct rule *r = load(MOUNT
		"states: {p: a}\nactors: [x, y]\nrules:\n"
		"  - {op: [READ, WRITE], file: /da*, actor: y, nth: 2..5, "
		"times: 3, when: {p: a}}\n"
		"  - {op: \"*\", nth: 4}\n"
		"  - {op: OPEN, nth: 2.., file: \"fs:\"}\n")->rules;

	ck_assert_uint_eq(r->n_ops, 2);
	ck_assert_uint_eq(r->ops[1]->opcode, OP_WRITE);
	ck_assert_str_eq(r->file.path, "/da*");
	ck_assert(r->file.is_glob);
	ck_assert_int_eq(r->actor, 1);
	ck_assert_uint_eq(r->nth_from, 2);
	ck_assert_uint_eq(r->nth_to, 5);
	ck_assert_uint_eq(r->times, 3);
	ck_assert_uint_eq(r->n_when, 1);
	ck_assert_str_eq(r->text, "{op: [READ, WRITE], file: /da*, actor: y, "
			 "nth: 2..5, times: 3, when: {p: a}}");
	ck_assert_uint_eq(r[1].n_ops, 0);
	ck_assert_int_eq(r[1].actor, NONE);
	ck_assert_int_eq(r[1].gate, NONE);
	ck_assert_int_eq(r[1].file.mount, NONE);
	ck_assert_uint_eq(r[1].nth_from, 4);
	ck_assert_uint_eq(r[1].nth_to, 5);
	ck_assert_uint_eq(r[2].nth_to, 0);
	ck_assert_int_eq(r[2].file.mount, 0);
	ck_assert_ptr_null(r[2].file.path);
}
END_TEST

START_TEST(test_rule_conditions)
{
	const struct rule *r = load(MOUNT "rules:\n"
		"  - {op: WRITE, where: {offset: 4K, size: 0..8K, "
		"write_flags: [cache, -lockowner], data: ab, uid: {not: 0}, "
		"fh: 2..}}\n"
		"  - {op: LOOKUP, where: {name: '\"a\\x20b\"'}}\n")->rules;
	const struct cond *c = r->where;

	ck_assert_uint_eq(r->n_where, 6);
	ck_assert_int_eq(c[0].kind, COND_RANGE);
	ck_assert_uint_eq(c[0].lo, 4096);
	ck_assert_uint_eq(c[0].hi, 4097);
	ck_assert_uint_eq(c[1].lo, 0);
	ck_assert_uint_eq(c[1].hi, 8192);
	ck_assert_int_eq(c[2].kind, COND_FLAGS);
	ck_assert_uint_eq(c[2].set, flag_by_name(&flags_write, "cache", 5));
	ck_assert_uint_eq(c[2].unset,
			  flag_by_name(&flags_write, "lockowner", 9));
	ck_assert_int_eq(c[3].kind, COND_BYTES);
	ck_assert_mem_eq(c[3].p, "ab", 2);
	ck_assert(c[4].negate);
	ck_assert_str_eq(c[4].field, "uid");
	ck_assert_uint_eq(c[5].lo, 2);
	ck_assert_uint_eq(c[5].hi, UINT64_MAX);
	c = r[1].where;
	ck_assert_int_eq(c->kind, COND_STR);
	ck_assert_uint_eq(c->len, 3);
	ck_assert_mem_eq(c->p, "a b", 3);
}
END_TEST

START_TEST(test_rule_actions)
{
	const struct scenario *sc = load(MOUNT "states: {p: a}\nrules:\n"
		"  - {op: WRITE, answer: {gate: g, size: 1K, first: true}}\n"
		"  - {op: WRITE, hold: {gate: g, after: true}, set: {p: b}}\n"
		"  - {op: READ, delay: {time: 1ms..3ms, after: true}, "
		"bandwidth: 1M, drop: ok}\n"
		"  - {op: READ, stall: true, abort: true, die: true}\n"
		"  - {op: READ, notify: [{inval_inode: /data, before: true}, "
		"{inval_entry: /d/e, result: ENOENT, as: n}]}\n");
	const struct rule *r = sc->rules;
	const struct notify_spec *n;

	ck_assert_int_eq(r[0].answer_gate, 0);
	ck_assert(r[0].answer_first);
	ck_assert(!r[0].reply.present);
	ck_assert(r[0].answer.present);
	ck_assert_uint_eq(r[0].answer.sets[0].num, 1024);
	ck_assert_int_eq(r[1].gate, 0);
	ck_assert(r[1].hold_after);
	ck_assert_str_eq(sc->words[r[1].set[0].value], "b");
	ck_assert_uint_eq(r[2].delay_min_ns, NS_PER_MS);
	ck_assert_uint_eq(r[2].delay_max_ns, 3 * NS_PER_MS);
	ck_assert(r[2].delay_after && r[2].drop && r[2].drop_ok);
	ck_assert_uint_eq(r[2].bandwidth, 1 << 20);
	ck_assert(r[3].stall && r[3].abort && r[3].die && !r[3].drop);
	ck_assert_uint_eq(r[4].n_notify_before, 1);
	ck_assert_uint_eq(r[4].n_notify_after, 1);
	n = r[4].notify_after;
	ck_assert_uint_eq(n->note->code, NOTE_INVAL_ENTRY);
	ck_assert_str_eq(n->file.path, "/d");
	ck_assert_str_eq(n->child, "e");
	ck_assert_int_eq(n->expect, ENOENT);
	ck_assert_str_eq(sc->notes[n->name], "n");
	ck_assert_int_eq(n->mount, 0);
	ck_assert(!n->wait);
}
END_TEST

START_TEST(test_replies)
{
	const struct rule *r = load(MOUNT "rules:\n"
		"  - {op: READ, reply: {error: EIO}, expect_write: EINVAL}\n"
		"  - {op: READ, reply: {raw: \"00 fF\", short: 1}}\n"
		"  - {op: READ, reply: {data: \"'x'*4K\", copies: 2, len: 9}}\n"
		"  - {op: OPEN, reply: {backing: /data, open_flags: "
		"[passthrough], unique: 3}}\n"
		"  - {op: WRITE, reply: {long: 8}}\n"
		"  - {op: LOOKUP, reply: {entry_valid: 1s, attr_valid: 0, "
		"mode: 0100644, size: 1T}}\n"
		"  - {op: READ, expect_write: ENOENT}\n")->rules;

	ck_assert(r[0].reply.has_error);
	ck_assert_int_eq(r[0].reply.error, EIO);
	ck_assert_int_eq(r[0].reply.expect_write, EINVAL);
	ck_assert(r[1].reply.has_raw);
	ck_assert_uint_eq(r[1].reply.raw_len, 2);
	ck_assert_int_eq(r[1].reply.raw[1], 0xff);
	ck_assert_int_eq(r[1].reply.cut, -1);
	ck_assert(r[2].reply.has_data);
	ck_assert_uint_eq(r[2].reply.data.len, 4096);
	ck_assert_uint_eq(r[2].reply.copies, 2);
	ck_assert_int_eq(r[2].reply.header_len, 9);
	ck_assert_str_eq(r[3].reply.backing.path, "/data");
	ck_assert_uint_eq(r[3].reply.sets[0].num, FOPEN_PASSTHROUGH);
	ck_assert(r[3].reply.has_unique);
	ck_assert_uint_eq(r[3].reply.unique, 3);
	ck_assert(r[4].reply.has_cut);
	ck_assert_int_eq(r[4].reply.cut, 8);
	ck_assert_uint_eq(r[5].reply.n_sets, 4);
	ck_assert_uint_eq(r[5].reply.sets[0].num, 1);
	ck_assert_uint_eq(r[5].reply.sets[2].num, 0100644);
	ck_assert_uint_eq(r[5].reply.sets[3].num, 1ull << 40);
	ck_assert(r[6].reply.present);
	ck_assert(!r[6].reply.has_error);
}
END_TEST

/* ---- calls ------------------------------------------------------------------- */

START_TEST(test_call_arguments)
{
	const struct scenario *sc = load(SCRIPT
		"  - app: fd = open(\"/data\", O_RDWR|O_CREAT)\n"
		"  - app: pwrite( fd ,'ab'*4K,-1 )\n"
		"  - app: setlk(fd, F_UNLCK, 0, 10, ofd)\n"
		"  - app: utimensat(\"/data\", now, 2s)\n"
		"  - app: write(fd, 8K)\n"
		"  - app: write(fd, \"a\\n\\x00\\101\")\n");
	const struct call_use *u = &sc->steps[0].call;

	ck_assert_int_eq(u->call->id, CALL_open);
	ck_assert_str_eq(u->args[0].str, "/data");
	ck_assert_int_eq(u->args[0].mount, 0);
	ck_assert_int_eq(u->args[1].num, O_RDWR | O_CREAT);
	ck_assert_int_eq(u->args[2].num, 0644);
	ck_assert_uint_eq(u->n_args, 2);
	ck_assert_str_eq(sc->vars[u->result_var], "fd");
	u = &sc->steps[1].call;
	ck_assert_int_eq(u->args[0].var, 0);
	ck_assert_uint_eq(u->args[1].data.len, 4096);
	ck_assert_uint_eq(u->args[1].data.period, 2);
	ck_assert_int_eq(u->args[2].num, -1);
	ck_assert_int_eq(u->result_var, NONE);
	ck_assert_uint_eq(u->args[1].loc.col, 22);
	ck_assert_str_eq(u->text, "pwrite( fd ,'ab'*4K,-1 )");
	u = &sc->steps[2].call;
	ck_assert_int_eq(u->args[1].num, F_UNLCK);
	ck_assert_int_eq(u->args[4].num, 1);
	u = &sc->steps[3].call;
	ck_assert_int_eq(u->args[1].num, UTIME_NOW);
	ck_assert_int_eq(u->args[2].num, 2 * (int64_t)NS_PER_S);
	ck_assert_uint_eq(sc->steps[4].call.args[1].data.period, 0);
	ck_assert_uint_eq(sc->steps[4].call.args[1].data.len, 8192);
	ck_assert_uint_eq(sc->steps[5].call.args[1].data.len, 4);
	ck_assert_mem_eq(sc->steps[5].call.args[1].data.p, "a\n\0A", 4);
}
END_TEST

/* The result of `read(fd, 5) = RESULT`. */
static const struct expectation *result_of(const char *call, const char *result)
{
	auto_free char *text = xasprintf(SCRIPT
		"  - app: fd = open(\"/data\", O_RDWR)\n"
		"  - app: \"%s%s\"\n", call, result);

	return &load(text)->steps[1].call.expect;
}

START_TEST(test_results)
{
	const struct expectation *e = result_of("read(fd, 5)", "");

	ck_assert_int_eq(e->kind, EXPECT_OK);
	ck_assert_str_eq(e->text, "");
	e = result_of("read(fd, 5)", " = ?");
	ck_assert_int_eq(e->kind, EXPECT_ANY);
	e = result_of("read(fd, 5)", " = 4K");
	ck_assert_int_eq(e->kind, EXPECT_VALUE);
	ck_assert(e->lo == 4096 && e->hi == 4096);
	ck_assert_str_eq(e->text, "4K");
	e = result_of("read(fd, 5)", "=1..4K");
	ck_assert(e->lo == 1 && e->hi == 4095);
	e = result_of("read(fd, 5)", " = 1..");
	ck_assert(e->lo == 1 && e->hi == INT64_MAX);
	e = result_of("read(fd, 5)", " = -1 EIO|EAGAIN");
	ck_assert_int_eq(e->kind, EXPECT_ERRNO);
	ck_assert(e->errnos[0] == EIO && e->errnos[1] == EAGAIN);
	ck_assert_int_eq(e->errnos[2], 0);
	e = result_of("read(fd, 5)", " = SIGSEGV");
	ck_assert_int_eq(e->kind, EXPECT_SIGNAL);
	ck_assert_int_eq(e->signal, 11);
	e = result_of("read(fd, 5)", " = killed");
	ck_assert_int_eq(e->kind, EXPECT_KILLED);
	e = result_of("read(fd, 5)", " = 5 \\\"hello\\\"");
	ck_assert(e->has_data);
	ck_assert_mem_eq(e->data.p, "hello", 5);
	e = result_of("fstat(fd)", " = {size: 4K..8K, type: dir}");
	ck_assert_uint_eq(e->n_fields, 2);
	ck_assert_str_eq(stat_fields[e->fields[0].field].name, "size");
	ck_assert(e->fields[0].lo == 4096 && e->fields[0].hi == 8192);
	ck_assert_uint_eq(e->fields[1].lo, S_IFDIR);
	e = result_of("readdir(\\\"/\\\")", " = [a, \\\"b c\\\"]");
	ck_assert(e->has_names);
	ck_assert_uint_eq(e->n_names, 2);
	ck_assert_str_eq(e->names[1], "b c");
	e = result_of("poll(fd, POLLIN)", " = POLLIN|POLLOUT");
	ck_assert_int_eq(e->lo, 5);
}
END_TEST

START_TEST(test_started_calls)
{
	const struct scenario *sc = load(SCRIPT
		"  - app: fd = open(\"/data\", O_RDWR)\n"
		"  - app: fsync(fd) ...\n  - app: ... = -1 EIO\n");

	ck_assert_int_eq(sc->steps[1].kind, STEP_CALL);
	ck_assert(sc->steps[1].call.async);
	ck_assert_int_eq(sc->steps[2].kind, STEP_RESULT);
	ck_assert_int_eq(sc->steps[2].result.actor, 0);
	ck_assert_int_eq(sc->steps[2].result.call->id, CALL_fsync);
	ck_assert_int_eq(sc->steps[2].result.expect.kind, EXPECT_ERRNO);
	ck_assert_str_eq(sc->steps[2].text, "app: ... = -1 EIO");
	ck_assert_uint_eq(sc->steps[2].loc.line, 8);
}
END_TEST

START_TEST(test_variables_belong_to_processes)
{
	const struct scenario *sc = load(MOUNT
		"actors: [a, b: {process: a}, c]\nsteps:\n"
		"  - a: fd = open(\"/data\", O_RDWR)\n"
		"  - c: fd = creat(\"/x\")\n"
		"  - b: fsync(fd)\n  - c: fsync(fd)\n");

	ck_assert_uint_eq(sc->n_vars, 1);
	ck_assert_int_eq(sc->actors[1].process, 0);
	ck_assert_int_eq(sc->actors[2].process, 2);
	refused(MOUNT "actors: [a, c]\nsteps:\n"
		"  - a: fd = open(\"/data\", O_RDWR)\n  - c: fsync(fd)\n",
		"unknown variable \"fd\"");
}
END_TEST

/* ---- steps ------------------------------------------------------------------- */

#define HELD	MOUNT "rules: [{op: WRITE, hold: g}]\nactors: [a]\nsteps:\n"

START_TEST(test_gates)
{
	const struct step *s = load(HELD
		"  - held: g\n  - held: {gate: g, count: 2, timeout: 1s}\n"
		"  - release: g\n  - release: {gate: g, count: 2}\n"
		"  - release: {gate: g, nth: 3}\n"
		"  - release: {gate: g, only: WRITE offset=0}\n"
		"  - answer: {gate: g, nth: 2, error: EIO}\n  - rearm: g\n")->steps;

	ck_assert(s[0].held.min == 1 && s[0].held.max == UINT64_MAX);
	ck_assert(s[1].held.min == 2 && s[1].held.max == 2);
	ck_assert_uint_eq(s[1].timeout_ns, NS_PER_S);
	ck_assert(s[2].release.open && s[2].release.max == COUNT_ALL);
	ck_assert(!s[3].release.open && s[3].release.max == 2);
	ck_assert(!s[4].release.open && s[4].release.max == 1 && s[4].release.which.nth == 3);
	ck_assert(!s[5].release.open && s[5].release.max == COUNT_ALL && s[5].release.which.has_match);
	ck_assert_uint_eq(s[5].release.which.match.op->opcode, OP_WRITE);
	ck_assert_int_eq(s[6].answer.reply.error, EIO);
	ck_assert_uint_eq(s[6].answer.which.nth, 2);
	ck_assert_int_eq(s[7].kind, STEP_REARM);
	ck_assert_int_eq(s[7].gate, 0);
	ck_assert_str_eq(s[1].text, "held: {gate: g, count: 2, timeout: 1s}");
}
END_TEST

START_TEST(test_other_steps)
{
	const struct scenario *sc = load(HELD
		"  - a: creat(\"/x\") ...\n"
		"  - blocked: {a: [f, g]}\n  - quiet\n"
		"  - wait: {for: reply WRITE = EIO, count: 3}\n"
		"  - notify: {store: /data, data: abc, offset: 4K}\n"
		"  - notify: {raw: 99, as: n}\n  - blocked: n\n"
		"  - notified: {n: EINVAL}\n  - signal: {a: SIGUSR2}\n"
		"  - abort: fs\n  - sleep: 1s\n  - a: ... = ?\n");
	const struct step *s = sc->steps;

	ck_assert_uint_eq(s[1].blocked.list[0].n_in, 2);
	ck_assert_str_eq(s[1].blocked.list[0].in[1], "g");
	ck_assert_int_eq(s[2].kind, STEP_QUIET);
	ck_assert_uint_eq(s[3].wait.min, 3);
	ck_assert_int_eq(s[3].wait.match.kind, PAT_REPLY);
	ck_assert_int_eq(s[3].wait.match.error, EIO);
	ck_assert(s[4].notify.wait && s[4].notify.has_data);
	ck_assert_str_eq(s[4].notify.file.path, "/data");
	ck_assert_uint_eq(s[4].notify.sets[0].num, 4096);
	ck_assert_ptr_null(s[5].notify.note);
	ck_assert_uint_eq(s[5].notify.code, 99);
	ck_assert(!s[5].notify.wait);
	ck_assert_int_eq(s[6].blocked.list[0].actor, NONE);
	ck_assert_int_eq(s[6].blocked.list[0].note, 0);
	ck_assert_int_eq(s[7].notified.note, 0);
	ck_assert_int_eq(s[7].notified.error, EINVAL);
	ck_assert_int_eq(s[8].signal.actor, 0);
	ck_assert_int_eq(s[8].signal.signal, 12);
	ck_assert_int_eq(s[9].mount, 0);
	ck_assert_uint_eq(s[10].sleep_ns, NS_PER_S);
}
END_TEST

START_TEST(test_checks)
{
	const struct check *c = load(MOUNT "actors: [a]\nexpect:\n"
		"  - order: [WRITE /data, a fsync starts, a returns]\n"
		"  - {count: WRITE offset=4K..8K, is: 2}\n"
		"  - {count: READ, max: 3}\n"
		"  - {elapsed: [WRITE, reply WRITE], min: 1ms}\n"
		"  - {file: /data, at: 4K, data: abc}\n"
		"  - {kernel: f, returns: -EBUSY}\n"
		"  - {never: a pread = 5 \"hello\"}\n")->expect;

	ck_assert_uint_eq(c[0].n_patterns, 3);
	ck_assert_int_eq(c[0].patterns[1].kind, PAT_CALL);
	ck_assert_int_eq(c[0].patterns[1].call->id, CALL_fsync);
	ck_assert_int_eq(c[0].patterns[2].kind, PAT_RETURN);
	ck_assert_ptr_null(c[0].patterns[2].call);
	ck_assert_str_eq(c[0].patterns[0].text, "WRITE /data");
	ck_assert(c[1].min == 2 && c[1].max == 2);
	ck_assert_uint_eq(c[1].patterns[0].where[0].hi, 8192);
	ck_assert(c[2].min == 0 && c[2].max == 3);
	ck_assert(c[3].min == NS_PER_MS && c[3].max == UINT64_MAX);
	ck_assert(c[4].file.has_data && !c[4].file.has_size);
	ck_assert_uint_eq(c[4].file.at, 4096);
	ck_assert_int_eq(c[5].kernel.returns, -EBUSY);
	ck_assert(c[6].patterns[0].has_result);
	ck_assert(c[6].patterns[0].result.has_data);
}
END_TEST

/* ---- files that are none --------------------------------------------------------- */

static char dir[64];

static void in_dir(void)
{
	strcpy(dir, "/tmp/test_load.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(chdir(dir), 0);
}

static void out_of_dir(void)
{
	unlink("x");
	ck_assert_int_eq(chdir("/"), 0);
	rmdir(dir);
	teardown();
}

static void cannot_load(const char *path, const char *message)
{
	struct buf b = BUF_INIT;

	teardown();
	file = load_file(path);
	ck_assert_uint_eq(file->n_cases, 0);
	diags_print(file->diags, &b);
	ck_assert_msg(strstr(buf_str(&b), message), "got: %s", buf_str(&b));
	buf_fini(&b);
}

static void write_file(const char *text, off_t size)
{
	int fd = open("x", O_WRONLY | O_CREAT | O_TRUNC, 0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (int)strlen(text));
	if (size)
		ck_assert_int_eq(ftruncate(fd, size), 0);
	close(fd);
}

START_TEST(test_load_file)
{
	write_file("# T\n" MOUNT, 0);
	file = load_file("x");
	ck_assert_uint_eq(file->n_cases, 1);
	ck_assert_str_eq(file->cases[0]->title, "T");
	ck_assert_str_eq(file->path, "x");
}
END_TEST

START_TEST(test_no_file)
{
	cannot_load("x", "x: error: open: No such file or directory");
	cannot_load(".", ".: error: expected a file, got a directory");
	ck_assert_int_eq(mkfifo("x", 0600), 0);
	cannot_load("x", "expected a file, got a FIFO");
	cannot_load("/dev/null", "expected a file, got a device");
	cannot_load("", "No such file");
}
END_TEST

START_TEST(test_large_files)
{
	write_file(MOUNT, LIMIT_FILE_BYTES + 1);
	cannot_load("x", "too many bytes of a scenario file: at most 1M (limit file_bytes)");
	write_file(MOUNT, (off_t)1 << 40);
	cannot_load("x", "too many bytes");
	write_file(MOUNT, LIMIT_FILE_BYTES);
	cannot_load("x", "not a text file: character 0x00");
	write_file("", 0);
	cannot_load("x", "expected a mapping, got an empty file");
}
END_TEST

/* Few bytes that would make many. */
START_TEST(test_small_bombs)
{
	struct buf b = BUF_INIT;
	size_t i;

	buf_puts(&b, MOUNT "actors: [a]\ncases: [{case: c, v: ");
	buf_fill(&b, 'x', 1000);
	buf_puts(&b, "}]\nsteps:\n  - a: open(\"/");
	for (i = 0; i < 100; i++)
		buf_puts(&b, "${v}");
	buf_puts(&b, "\", 0)\n");
	refused(buf_str(&b), "(limit text_bytes)");
	buf_clear(&b);
	buf_puts(&b, MOUNT "cases:\n");
	for (i = 0; i < 1000; i++)
		buf_printf(&b, "  - {case: c%zu}\n", i);
	buf_puts(&b, "steps:\n");
	for (i = 0; i < 1000; i++)
		buf_puts(&b, "  - quiet\n");
	refused(buf_str(&b), "(limit file_memory)");
	buf_fini(&b);
}
END_TEST

START_TEST(test_error_limit)
{
	struct buf b = BUF_INIT;
	size_t i;

	buf_puts(&b, SCRIPT);
	for (i = 0; i < 100; i++)
		buf_printf(&b, "  - app: nonsense%zu()\n", i);
	refused(buf_str(&b), "t.yaml: 80 more errors");
	buf_fini(&b);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("load");
	TCase *model = tcase_create("model"), *files = tcase_create("files");

	tcase_add_checked_fixture(model, NULL, teardown);
	tcase_add_test(model, test_top);
	tcase_add_test(model, test_top_defaults);
	tcase_add_test(model, test_cases);
	tcase_add_test(model, test_error_of_every_case_is_said_once);
	tcase_add_test(model, test_mount);
	tcase_add_test(model, test_files);
	tcase_add_test(model, test_device);
	tcase_add_test(model, test_rule_matching);
	tcase_add_test(model, test_rule_conditions);
	tcase_add_test(model, test_rule_actions);
	tcase_add_test(model, test_replies);
	tcase_add_test(model, test_call_arguments);
	tcase_add_test(model, test_results);
	tcase_add_test(model, test_started_calls);
	tcase_add_test(model, test_variables_belong_to_processes);
	tcase_add_test(model, test_gates);
	tcase_add_test(model, test_other_steps);
	tcase_add_test(model, test_checks);
	tcase_add_test(model, test_small_bombs);
	tcase_add_test(model, test_error_limit);
	suite_add_tcase(s, model);
	tcase_add_checked_fixture(files, in_dir, out_of_dir);
	tcase_add_test(files, test_load_file);
	tcase_add_test(files, test_no_file);
	tcase_add_test(files, test_large_files);
	suite_add_tcase(s, files);
	return unit_main(s);
}
