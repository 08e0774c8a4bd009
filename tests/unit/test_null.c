/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The null backing, with this test in the kernel's place: its files, its fixed
 * sizes, what goes by the tap and what does not.  No /dev/fuse.
 */
#include "config.h"

#include "tests/unit/sim.h"

#define SIZE	(64u << 10)

static void build_null(void)
{
	struct mount_spec *m;

	build_init(&b, 1);
	m = &b.sc.mounts[0];
	m->backing.kind = BACKING_NULL;
	m->entry_ns = m->attr_ns = m->negative_ns = UINT64_MAX;
	add_file(m, "/data", SIZE, FOPEN_DIRECT_IO, NULL);
	add_file(m, "/dir", 0, 0, NULL);
	m->files[1].type = NODE_DIR;
	add_file(m, "/dir/link", 0, 0, NULL);
	m->files[2].type = NODE_SYMLINK;
	m->files[2].target = "../data";
	b.sc.diags = diags_new("test", NULL, 0);
}

static void null_setup(void)
{
	build_null();
	start();
	init();
}

static int read_at(uint64_t id, uint64_t at, uint32_t size, size_t want)
{
	struct wire_read_in in = { .offset = at, .size = size };

	return call(OP_READ, id, &in, sizeof(in), want);
}

static int write_at(uint64_t id, uint64_t at, uint32_t size)
{
	uint8_t msg[sizeof(struct wire_write_in) + 4096] = { 0 };
	struct wire_write_in in = { .offset = at, .size = size };

	memcpy(msg, &in, sizeof(in));
	return call(OP_WRITE, id, msg, sizeof(in) + size, 8);
}

START_TEST(files_are_there_with_fixed_sizes)
{
	struct wire_entry_out *out = body();
	struct wire_setattr_in cut = { .valid = 8, .size = 1 };
	struct wire_attr_out *attr = body();

	ck_assert_uint_eq(lookup(1, "data"), 2);
	ck_assert_uint_eq(out->attr.size, SIZE);
	ck_assert_uint_eq(out->attr.mode, S_IFREG | 0644);
	ck_assert_uint_eq(out->entry_valid, 3600);
	ck_assert_uint_eq(out->attr_valid_nsec, 20000000);
	ck_assert_uint_eq(lookup(1, "none"), 0);
	ck_assert_int_eq(head()->error, -ENOENT);
	ck_assert_uint_eq(lookup(2, "data"), 0);	/* no directory */
	ck_assert_int_eq(call(OP_SETATTR, 2, &cut, sizeof(cut),
			      sizeof(*attr)), 0);
	ck_assert_uint_eq(attr->attr.size, SIZE);
	ck_assert_int_eq(call(OP_GETATTR, 4711, &cut, 16, 0), ESTALE);
	ck_assert_uint_eq(lookup(lookup(1, "dir"), "link"), 4);
	ck_assert_int_eq(call(OP_READLINK, 4, NULL, 0, 7), 0);
	ck_assert_mem_eq(body(), "../data", 7);
	ck_assert_int_eq(call(OP_READLINK, 2, NULL, 0, 0), EINVAL);
}
END_TEST

START_TEST(reads_are_zeros_and_writes_vanish)
{
	static const uint8_t zeros[SIZE];
	uint32_t *written = body();

	lookup(1, "data");
	ck_assert_int_eq(write_at(2, 0, 4096), 0);
	ck_assert_uint_eq(*written, 4096);
	ck_assert_int_eq(read_at(2, 0, SIZE, SIZE), 0);
	ck_assert_mem_eq(body(), zeros, SIZE);
	ck_assert_int_eq(read_at(2, SIZE - 10, 100, 10), 0);
	ck_assert_int_eq(read_at(2, SIZE, 100, 0), 0);
	ck_assert_int_eq(read_at(2, UINT64_MAX, 100, 0), 0);
	ck_assert_int_eq(write_at(2, SIZE - 10, 100), 0);
	ck_assert_uint_eq(*written, 10);
	ck_assert_int_eq(write_at(2, SIZE, 1), ENOSPC);
	ck_assert_int_eq(write_at(2, UINT64_MAX, 4096), ENOSPC);
}
END_TEST

START_TEST(names_cannot_be_changed)
{
	struct {
		struct wire_create_in in;
		char name[8];
	} msg = { .in = { .flags = O_RDWR | O_CREAT }, .name = "new" };
	const struct wire_ioctl_in ctl = { .cmd = 1 };
	const struct wire_bmap_in block = { .blocksize = 4096 };
	struct wire_create_out *out = body();

	ck_assert_int_eq(call(OP_CREATE, 1, &msg, sizeof(msg.in) + 4, 0), EPERM);
	ck_assert_int_eq(call(OP_UNLINK, 1, "data", 5, 0), EPERM);
	strcpy(msg.name, "data");
	ck_assert_int_eq(call(OP_CREATE, 1, &msg, sizeof(msg.in) + 5,
			      sizeof(*out)), 0);
	ck_assert_uint_eq(out->entry.nodeid, 2);
	ck_assert_uint_eq(out->open.open_flags, FOPEN_DIRECT_IO);
	/* A name without its NUL is none. */
	ck_assert_int_eq(call(OP_CREATE, 1, &msg, sizeof(msg.in) + 4, 0), EIO);
	ck_assert_int_eq(call(OP_IOCTL, 2, &ctl, sizeof(ctl), 0), ENOTTY);
	ck_assert_int_eq(call(OP_BMAP, 2, &block, sizeof(block), 0), ENOSYS);
}
END_TEST

/* One entry after the other, by cookie: the names, "plus" or not. */
static void list(uint32_t opcode, char *names)
{
	size_t head_len = opcode == OP_READDIRPLUS ?
		sizeof(struct wire_entry_out) : 0;
	struct wire_read_in in = { .size = head_len + 32 };
	const struct wire_dirent *d = (void *)((char *)body() + head_len);

	*names = '\0';
	for (;;) {
		send_op(opcode, 1, &in, sizeof(in));
		ck_assert_uint_ne(receive(PATIENCE_MS), 0);
		ck_assert_int_eq(head()->error, 0);
		if (head()->len == sizeof(struct wire_out_header))
			return;
		strncat(names, (const char *)(d + 1), d->namelen);
		strcat(names, " ");
		in.offset = d->off;
	}
}

START_TEST(directories_are_listed)
{
	char names[64];

	list(OP_READDIR, names);
	ck_assert_str_eq(names, ". .. data dir ");
	list(OP_READDIRPLUS, names);
	ck_assert_str_eq(names, ". .. data dir ");
}
END_TEST

START_TEST(it_can_be_looked_into)
{
	char text[4] = "abc";
	uint64_t size;

	ck_assert_int_eq(server_peek(server, 0, "/data", 4, text, 3, &size), 3);
	ck_assert_mem_eq(text, "\0\0\0", 3);
	ck_assert_uint_eq(size, SIZE);
	ck_assert_int_eq(server_peek(server, 0, "/none", 0, text, 3, &size),
			 -ENOENT);
	ck_assert_int_eq(server_peek(server, 0, "/dir", 0, text, 3, &size),
			 -EISDIR);
}
END_TEST

static void default_setup(void)
{
	build_null();
	b.sc.mounts[0].n_files = 0;
	start();
	init();
}

START_TEST(without_files_there_is_one)
{
	struct wire_entry_out *out = body();

	ck_assert_uint_eq(lookup(1, "data"), 2);
	ck_assert_uint_eq(out->attr.size, 1u << 30);
	ck_assert_int_eq(read_at(2, 0, 4096, 4096), 0);
}
END_TEST

static size_t logged(void)
{
	size_t i, n = 0;

	for (i = 0; i < evlog_count(evlog); i++)
		n += evlog_at(evlog, i)->kind == EV_REQUEST &&
			evlog_at(evlog, i)->opcode == OP_WRITE;
	return n;
}

/* While nobody looks the tap is left out, but not where a rule may apply. */
static void rule_setup(void)
{
	struct rule *r;

	build_null();
	add_file(&b.sc.mounts[0], "/other", SIZE, 0, NULL);
	r = build_rule(&b, "WRITE", "/data");
	r->reply.present = r->reply.has_error = true;
	r->reply.error = EIO;
	r->nth_from = 2;
	start();
	init();
	engine_set_quiet(engine, true);
}

START_TEST(rules_work_on_it)
{
	uint64_t data = lookup(1, "data"), other = lookup(1, "other");

	ck_assert_int_eq(write_at(data, 0, 100), 0);
	ck_assert_int_eq(write_at(other, 0, 100), 0);
	ck_assert_int_eq(write_at(data, 0, 100), EIO);
	ck_assert_int_eq(write_at(other, 0, 100), 0);
	ck_assert_uint_eq(logged(), 1);
	engine_set_quiet(engine, false);
	ck_assert_int_eq(write_at(other, 0, 100), 0);
	ck_assert_uint_eq(logged(), 2);
}
END_TEST

START_TEST(a_stalled_mount_reads_nothing)
{
	uint64_t other = lookup(1, "other");
	struct wire_read_in in = { .size = 10 };

	ck_assert_int_eq(server_stall(server, 0), 0);
	send_op(OP_READ, other, &in, sizeof(in));
	ck_assert_uint_eq(receive(30), 0);
	engine_resume(engine, 0);
	ck_assert_uint_eq(receive(PATIENCE_MS), 16 + 10);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("null");
	TCase *tc = tcase(suite, "files", null_setup);

	tcase_add_test(tc, files_are_there_with_fixed_sizes);
	tcase_add_test(tc, reads_are_zeros_and_writes_vanish);
	tcase_add_test(tc, names_cannot_be_changed);
	tcase_add_test(tc, directories_are_listed);
	tcase_add_test(tc, it_can_be_looked_into);
	tc = tcase(suite, "default", default_setup);
	tcase_add_test(tc, without_files_there_is_one);
	tc = tcase(suite, "rules", rule_setup);
	tcase_add_test(tc, rules_work_on_it);
	tcase_add_test(tc, a_stalled_mount_reads_nothing);
	return unit_main(suite);
}
