/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a scenario can do to a reply, and what is made of its write's errno. */
#include "config.h"

#include "engine/reply_build.h"
#include "fake.h"
#include "unit.h"

static struct fake *f;
static struct rule *r;

static void setup(void)
{
	f = fake_new(1);
}

static void teardown(void)
{
	fake_free(f);
}

/* A rule with a reply, and the engine running. */
static struct reply_spec *reply_to(const char *op)
{
	r = build_rule(&f->b, op, NULL);
	r->reply.present = true;
	fake_start(f);
	return &r->reply;
}

static void set_field(struct reply_spec *spec, const char *op, const char *name,
		      uint64_t num)
{
	struct field_set set = {
		.f = op_reply_field(op_named(op), name, strlen(name)),
		.num = num,
	};

	ck_assert_ptr_nonnull(set.f);
	ARENA_PUSH(f->b.a, spec->sets, spec->n_sets, set);
}

static uint64_t field_sent(const char *op, const char *name)
{
	const struct field *fl = op_reply_field(op_named(op), name, strlen(name));
	uint64_t num;

	ck_assert_int_eq(field_get(fl, fake_last(f)->body,
				   fake_last(f)->len - 16, &num), 0);
	return num;
}

static void ask_read(uint32_t size)
{
	struct wire_read_in in = { .size = size, .lock_owner = 1 };

	fake_ask(f, 0, OP_READ, 5, &in, sizeof(in));
}

static void ask_getxattr(uint32_t size)
{
	char body[16] = { 0 };

	memcpy(body, &size, sizeof(size));
	strcpy(body + 8, "user.a");
	fake_ask(f, 0, OP_GETXATTR, 5, body, 15);
}

/* ---- whole replies ----------------------------------------------------------- */

START_TEST(an_error)
{
	struct reply_spec *spec = reply_to("OPEN");

	spec->has_error = true;
	spec->error = ENFILE;
	fake_open(f, 5);
	ck_assert_uint_eq(f->n_given, 0);
	ck_assert_uint_eq(fake_last(f)->len, 16);
	ck_assert_uint_eq(fake_last(f)->h.len, 16);
	ck_assert_int_eq(fake_last(f)->h.error, -ENFILE);
	ck_assert_int_eq(fake_event(f, EV_REPLY, 0)->error, ENFILE);
	ck_assert_int_eq(fake_event(f, EV_REPLY, 0)->rule, 0);
}
END_TEST

START_TEST(raw_bytes)
{
	struct reply_spec *spec = reply_to("OPEN");

	spec->has_raw = true;
	spec->raw = (const uint8_t *)"abc";
	spec->raw_len = 3;
	fake_open(f, 5);
	ck_assert_uint_eq(f->n_given, 0);
	ck_assert_uint_eq(fake_last(f)->len, 19);
	ck_assert_int_eq(fake_last(f)->h.error, 0);
	ck_assert_mem_eq(fake_last(f)->body, "abc", 3);
}
END_TEST

START_TEST(an_error_with_a_payload)
{
	struct reply_spec *spec = reply_to("OPEN");

	spec->has_error = spec->has_raw = true;
	spec->error = ENOENT;
	spec->raw = (const uint8_t *)"abcd";
	spec->raw_len = 4;
	fake_open(f, 5);
	ck_assert_uint_eq(fake_last(f)->h.len, 20);
	ck_assert_int_eq(fake_last(f)->h.error, -ENOENT);
}
END_TEST

/* ---- over the server's bytes --------------------------------------------------- */

START_TEST(fields)
{
	struct reply_spec *spec = reply_to("OPEN");

	set_field(spec, "OPEN", "open_flags", FOPEN_DIRECT_IO);
	set_field(spec, "OPEN", "fh", 77);
	fake_open(f, 5);
	ck_assert_uint_eq(f->n_given, 1);
	ck_assert_uint_eq(field_sent("OPEN", "open_flags"), FOPEN_DIRECT_IO);
	ck_assert_uint_eq(field_sent("OPEN", "fh"), 77);
}
END_TEST

START_TEST(fields_stand_where_the_operation_has_them)
{
	struct reply_spec *spec;

	/* the field rows are GETATTR's; SETATTR and LOOKUP have their own */
	r = build_rule(&f->b, NULL, NULL);
	spec = &r->reply;
	spec->present = true;
	fake_start(f);
	set_field(spec, "GETATTR", "size", 4096);
	fake_lookup(f, "data", 5);
	ck_assert_uint_eq(field_sent("LOOKUP", "size"), 4096);
	fake_getattr(f, 5);
	ck_assert_uint_eq(field_sent("GETATTR", "size"), 4096);
}
END_TEST

START_TEST(what_the_script_says_of_a_node_is_learnt)
{
	struct reply_spec *spec = reply_to("LOOKUP");

	set_field(spec, "LOOKUP", "nodeid", 55);
	fake_lookup(f, "data", 5);
	ck_assert_uint_eq(engine_nodeid(f->e, 0, "/data"), 55);
}
END_TEST

START_TEST(fields_do_not_mend_an_error)
{
	struct reply_spec *spec = reply_to("OPEN");

	struct engine_violation v;

	set_field(spec, "OPEN", "fh", 77);
	f->error = EACCES;
	fake_open(f, 5);
	ck_assert_int_eq(fake_last(f)->h.error, -EACCES);
	ck_assert_uint_eq(fake_last(f)->len, 16);
	ck_assert_uint_eq(fake_events(f, EV_INFO), 1);	/* and it is said */
	ck_assert(engine_get_violation(f->e, 0, &v));
	ck_assert_int_eq(v.kind, VIOLATION_DISCARDED);
	ck_assert_int_eq(v.got, EACCES);
}
END_TEST

START_TEST(data_replaces_an_error)
{
	struct reply_spec *spec = reply_to("READ");
	struct engine_violation v;

	spec->has_data = true;
	spec->data.len = 3;
	f->error = EIO;
	ask_read(100);
	ck_assert_int_eq(fake_last(f)->h.error, 0);
	ck_assert_uint_eq(fake_last(f)->len, 19);
	ck_assert(!engine_get_violation(f->e, 0, &v));
}
END_TEST

START_TEST(all_fields_replace_an_error)
{
	struct reply_spec *spec = reply_to("LSEEK");
	struct engine_violation v;

	set_field(spec, "LSEEK", "offset", 77);
	f->error = ENXIO;
	fake_ask(f, 0, OP_LSEEK, 5, &(struct wire_lseek_in){ 0 },
		 sizeof(struct wire_lseek_in));
	ck_assert_int_eq(fake_last(f)->h.error, 0);
	ck_assert_uint_eq(field_sent("LSEEK", "offset"), 77);
	ck_assert(!engine_get_violation(f->e, 0, &v));
}
END_TEST

START_TEST(fields_that_do_not_fit_are_told)
{
	struct reply_spec *spec = reply_to("FSYNC");
	struct engine_violation v;

	set_field(spec, "OPEN", "fh", 77);
	fake_ask(f, 0, OP_FSYNC, 5, &(struct wire_fsync_in){ 0 },
		 sizeof(struct wire_fsync_in));
	ck_assert_uint_eq(fake_last(f)->len, 16);
	ck_assert_str_eq(fake_event(f, EV_INFO, 0)->text,
			 "the reply has no place for fh");
	ck_assert(engine_get_violation(f->e, 0, &v));
	ck_assert_str_eq(v.field, "fh");
}
END_TEST

START_TEST(data)
{
	struct reply_spec *spec = reply_to("READ");

	spec->has_data = true;
	spec->data = (struct data_spec){ (const uint8_t *)"xy", 2, 5, NULL };
	ask_read(100);
	ck_assert_uint_eq(fake_last(f)->len, 21);
	ck_assert_mem_eq(fake_last(f)->body, "xyxyx", 5);
	ck_assert_uint_eq(fake_event(f, EV_REPLY, 0)->data_len, 5);
}
END_TEST

START_TEST(a_bare_size_of_data_is_the_askers_letter)
{
	struct reply_spec *spec = reply_to("READ");

	spec->has_data = true;
	spec->data.len = 3;
	ask_read(100);
	ck_assert_mem_eq(fake_last(f)->body, "xxx", 3);
}
END_TEST

START_TEST(data_of_xattrs)
{
	struct reply_spec *spec = reply_to("GETXATTR");

	spec->has_data = true;
	spec->data = (struct data_spec){ (const uint8_t *)"value", 5, 5, NULL };
	ask_getxattr(100);
	ck_assert_uint_eq(fake_last(f)->len, 21);
	ck_assert_mem_eq(fake_last(f)->body, "value", 5);
	ask_getxattr(0);
	ck_assert_uint_eq(fake_last(f)->len, 24);
	ck_assert_uint_eq(field_sent("GETXATTR", "size"), 5);
}
END_TEST

START_TEST(data_after_a_fixed_part)
{
	struct reply_spec *spec = reply_to("IOCTL");
	struct wire_ioctl_in in = { .cmd = 1 };

	spec->has_data = true;
	spec->data = (struct data_spec){ (const uint8_t *)"out", 3, 3, NULL };
	set_field(spec, "IOCTL", "result", 9);
	fake_ask(f, 0, OP_IOCTL, 5, &in, sizeof(in));
	ck_assert_uint_eq(fake_last(f)->len, 16 + 16 + 3);
	ck_assert_uint_eq(field_sent("IOCTL", "result"), 9);
	ck_assert_mem_eq(fake_last(f)->body + 16, "out", 3);
}
END_TEST

static void ask_ioctl(uint64_t arg)
{
	struct wire_ioctl_in in = { .cmd = 1, .arg = arg };

	fake_ask(f, 0, OP_IOCTL, 5, &in, sizeof(in));
}

START_TEST(fields_of_an_ioctl_need_no_filesystem)
{
	struct reply_spec *spec = reply_to("IOCTL");
	const struct wire_ioctl_out *out;

	set_field(spec, "IOCTL", "result", 7);
	f->error = ENOTTY;
	ask_ioctl(0);
	out = (const void *)fake_last(f)->body;
	ck_assert_int_eq(fake_last(f)->h.error, 0);
	ck_assert_uint_eq(fake_last(f)->h.len, 16 + sizeof(*out));
	ck_assert_int_eq(out->result, 7);
	ck_assert_uint_eq(out->flags, 0);
}
END_TEST

START_TEST(an_ioctl_asks_for_memory)
{
	struct retry_area in[] = { { 0, 8 }, { 16, 20 } }, out = { 4, 5 };
	struct reply_spec *spec = reply_to("IOCTL");
	const struct wire_ioctl_out *got;
	struct wire_ioctl_iovec v[3];

	spec->has_retry = true;
	spec->retry_in = in;
	spec->n_retry_in = 2;
	spec->retry_out = &out;
	spec->n_retry_out = 1;
	f->error = ENOTTY;
	ask_ioctl(1000);
	got = (const void *)fake_last(f)->body;
	ck_assert_uint_eq(fake_last(f)->len, 16 + sizeof(*got) + sizeof(v));
	ck_assert_uint_eq(got->flags, IOCTL_RETRY);
	ck_assert_uint_eq(got->in_iovs, 2);
	ck_assert_uint_eq(got->out_iovs, 1);
	memcpy(v, got + 1, sizeof(v));
	ck_assert_uint_eq(v[0].base, 1000);
	ck_assert_uint_eq(v[0].len, 8);
	ck_assert_uint_eq(v[1].base, 1016);
	ck_assert_uint_eq(v[1].len, 4);
	ck_assert_uint_eq(v[2].base, 1004);
	ck_assert_uint_eq(v[2].len, 1);
}
END_TEST

START_TEST(shorter_and_longer)
{
	struct reply_spec *spec = reply_to("OPEN");

	spec->has_cut = true;
	spec->cut = -4;
	fake_open(f, 5);
	ck_assert_uint_eq(fake_last(f)->len, 16 + 12);
	ck_assert_uint_eq(fake_last(f)->h.len, 16 + 12);
	spec->cut = 8;
	fake_open(f, 5);
	ck_assert_uint_eq(fake_last(f)->len, 16 + 24);
	spec->cut = -1000;
	fake_open(f, 5);
	ck_assert_uint_eq(fake_last(f)->len, 1);
}
END_TEST

START_TEST(copies)
{
	reply_to("OPEN")->copies = 3;
	fake_open(f, 5);
	ck_assert_uint_eq(f->n_sent, 3);
	ck_assert_uint_eq(f->sent[2].h.unique, f->unique);
	ck_assert_uint_eq(fake_events(f, EV_REPLY), 3);
	ck_assert_uint_eq(fake_load(f, 0).open, 0);
}
END_TEST

/* ---- lies the kernel does not take for an answer ------------------------------------ */

START_TEST(another_unique)
{
	struct reply_spec *spec = reply_to("OPEN");

	spec->has_unique = true;
	spec->unique = 4242;
	fake_open(f, 5);
	ck_assert_uint_eq(fake_last(f)->h.unique, 4242);
	ck_assert_uint_eq(fake_load(f, 0).open, 1);
	ck_assert_uint_eq(fake_load(f, 0).dropped, 1);
	ck_assert_uint_eq(fake_load(f, 0).dropped_ok, 1);
	/* in the end it gets the server's answer after all */
	engine_finish(f->e, false);
	ck_assert(fake_wait(f, &f->n_sent, 2));
	ck_assert_uint_eq(fake_last(f)->h.unique, f->unique);
	ck_assert_uint_eq(f->n_given, 1);
	ck_assert(fake_settles(f, 0));
	ck_assert_uint_eq(fake_load(f, 0).open, 0);
}
END_TEST

START_TEST(a_header_that_lies)
{
	struct reply_spec *spec = reply_to("OPEN");

	spec->header_len = 99;
	spec->has_error = true;
	spec->error = EIO;
	spec->expect_write = EINVAL;
	f->send_errno[0] = EINVAL;
	f->n_send_errno = 1;
	fake_open(f, 5);
	ck_assert_uint_eq(fake_last(f)->h.len, 99);
	ck_assert_uint_eq(fake_last(f)->len, 16);
	ck_assert_uint_eq(fake_load(f, 0).dropped_ok, 1);
	/* nobody has an answer to it: EIO */
	engine_finish(f->e, false);
	ck_assert(fake_wait(f, &f->n_sent, 2));
	ck_assert_int_eq(fake_last(f)->h.error, -EIO);
	ck_assert_uint_eq(fake_last(f)->h.len, 16);
}
END_TEST

START_TEST(what_is_missed_and_what_is_not)
{
	struct reply_spec spec;

	no_reply(&spec);
	ck_assert(!reply_is_missed(NULL, 2, 16, EINVAL));
	ck_assert(!reply_is_missed(&spec, 2, 16, EINVAL));
	spec.has_error = true;
	spec.error = EIO;
	ck_assert(!reply_is_missed(&spec, 2, 16, EINVAL));
	spec.error = 512;
	ck_assert(reply_is_missed(&spec, 2, 16, EINVAL));
	ck_assert(!reply_is_missed(&spec, 2, 16, 0));
	spec.has_unique = true;
	spec.unique = 2;
	ck_assert(!reply_is_missed(&spec, 2, 16, 0));
	spec.unique = 4;
	ck_assert(reply_is_missed(&spec, 2, 16, 0));
}
END_TEST

/* ---- the write's errno ------------------------------------------------------------- */

static struct engine_violation *violation(size_t i)
{
	static struct engine_violation v;

	return engine_get_violation(f->e, i, &v) ? &v : NULL;
}

static void next_send_gives(int err)
{
	f->send_errno[f->n_send_errno++] = err;
}

START_TEST(an_expected_errno)
{
	struct reply_spec *spec = reply_to("OPEN");

	spec->has_error = true;
	spec->error = ENOENT;
	spec->expect_write = EINVAL;
	next_send_gives(EINVAL);
	fake_open(f, 5);
	ck_assert_ptr_null(violation(0));
	ck_assert_int_eq(fake_event(f, EV_REPLY, 0)->write_errno, EINVAL);
}
END_TEST

START_TEST(another_errno_than_expected)
{
	struct reply_spec *spec = reply_to("OPEN");

	spec->loc.line = 12;
	spec->expect_write = EINVAL;
	fake_open(f, 5);
	ck_assert_ptr_nonnull(violation(0));
	ck_assert_ptr_eq(violation(0)->rule, r);
	ck_assert_uint_eq(violation(0)->loc.line, 12);
	ck_assert_int_eq(violation(0)->expected, EINVAL);
	ck_assert_int_eq(violation(0)->got, 0);
	ck_assert_uint_eq(violation(0)->seq, fake_event(f, EV_REPLY, 0)->seq);
	ck_assert_ptr_eq(violation(0)->request, fake_event(f, EV_REQUEST, 0));
	ck_assert_ptr_null(violation(1));
	ck_assert_str_eq(fake_event(f, EV_INFO, 0)->text,
			 "a reply's write gave 0, not EINVAL");
}
END_TEST

START_TEST(an_expectation_alone_changes_nothing)
{
	reply_to("OPEN")->expect_write = ENOENT;
	next_send_gives(ENOENT);
	fake_open(f, 5);
	ck_assert_uint_eq(fake_last(f)->len, 16 + sizeof(struct wire_open_out));
	ck_assert_uint_eq(f->n_given, 1);
	ck_assert_ptr_null(violation(0));
}
END_TEST

START_TEST(of_copies_the_last_is_meant)
{
	struct reply_spec *spec = reply_to("OPEN");

	spec->copies = 2;
	spec->expect_write = ENOENT;
	next_send_gives(0);
	next_send_gives(ENOENT);
	fake_open(f, 5);
	ck_assert_ptr_null(violation(0));
	fake_open(f, 5);
	ck_assert_int_eq(violation(0)->got, 0);
}
END_TEST

START_TEST(unasked_only_einval_is_wrong)
{
	fake_start(f);
	next_send_gives(ENOENT);
	fake_open(f, 5);
	ck_assert_ptr_null(violation(0));
	next_send_gives(EINVAL);
	fake_open(f, 5);
	ck_assert_int_eq(violation(0)->got, EINVAL);
	ck_assert_ptr_null(violation(0)->rule);
	engine_finish(f->e, false);
	next_send_gives(EINVAL);
	fake_open(f, 5);
	ck_assert_ptr_null(violation(1));
}
END_TEST

/* ---- backing files ------------------------------------------------------------------ */

START_TEST(a_rules_backing_file)
{
	struct reply_spec *spec = reply_to("OPEN");

	spec->backing = (struct file_ref){ .mount = 0, .path = "/low" };
	fake_open(f, 5);
	ck_assert_ptr_eq(f->backing, &spec->backing);
	ck_assert_uint_eq(field_sent("OPEN", "backing_id"), 7);
}
END_TEST

START_TEST(a_backing_file_that_cannot_be_registered)
{
	struct reply_spec *spec = reply_to("OPEN");

	spec->backing = (struct file_ref){ .mount = 0, .path = "/low" };
	f->backing_err = EPERM;
	fake_open(f, 5);
	ck_assert_uint_eq(field_sent("OPEN", "backing_id"), 0);
	ck_assert_str_eq(fake_event(f, EV_INFO, 0)->text,
			 "no backing id for /low: EPERM");
}
END_TEST

/* /data has a backing file of its own; the server says passthrough. */
static void have_backed_file(void)
{
	static struct file_spec file = { .path = "/data",
		.backing = { .mount = 0, .path = "/low" } };

	f->b.sc.mounts[0].files = &file;
	f->b.sc.mounts[0].n_files = 1;
	f->open_flags = FOPEN_PASSTHROUGH;
}

START_TEST(a_files_own_backing_file)
{
	have_backed_file();
	fake_start(f);
	engine_set_quiet(f->e, true);
	fake_lookup(f, "data", 5);
	fake_open(f, 5);
	ck_assert_str_eq(f->backing->path, "/low");
	ck_assert_uint_eq(field_sent("OPEN", "backing_id"), 7);
	f->backing = NULL;
	fake_lookup(f, "other", 6);
	fake_open(f, 6);
	ck_assert_ptr_null(f->backing);
	f->open_flags = 0;
	fake_open(f, 5);
	ck_assert_ptr_null(f->backing);
}
END_TEST

START_TEST(an_id_given_by_hand_goes_first)
{
	struct reply_spec *spec;

	have_backed_file();
	spec = reply_to("OPEN");
	set_field(spec, "OPEN", "backing_id", 0);
	fake_lookup(f, "data", 5);
	fake_open(f, 5);
	ck_assert_ptr_null(f->backing);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("engine_reply");
	TCase *tc = tcase_create("reply");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, an_error);
	tcase_add_test(tc, raw_bytes);
	tcase_add_test(tc, an_error_with_a_payload);
	tcase_add_test(tc, fields);
	tcase_add_test(tc, fields_stand_where_the_operation_has_them);
	tcase_add_test(tc, what_the_script_says_of_a_node_is_learnt);
	tcase_add_test(tc, fields_do_not_mend_an_error);
	tcase_add_test(tc, fields_that_do_not_fit_are_told);
	tcase_add_test(tc, data);
	tcase_add_test(tc, data_replaces_an_error);
	tcase_add_test(tc, all_fields_replace_an_error);
	tcase_add_test(tc, a_bare_size_of_data_is_the_askers_letter);
	tcase_add_test(tc, data_of_xattrs);
	tcase_add_test(tc, data_after_a_fixed_part);
	tcase_add_test(tc, fields_of_an_ioctl_need_no_filesystem);
	tcase_add_test(tc, an_ioctl_asks_for_memory);
	tcase_add_test(tc, shorter_and_longer);
	tcase_add_test(tc, copies);
	tcase_add_test(tc, another_unique);
	tcase_add_test(tc, a_header_that_lies);
	tcase_add_test(tc, what_is_missed_and_what_is_not);
	tcase_add_test(tc, an_expected_errno);
	tcase_add_test(tc, another_errno_than_expected);
	tcase_add_test(tc, an_expectation_alone_changes_nothing);
	tcase_add_test(tc, of_copies_the_last_is_meant);
	tcase_add_test(tc, unasked_only_einval_is_wrong);
	tcase_add_test(tc, a_rules_backing_file);
	tcase_add_test(tc, a_backing_file_that_cannot_be_registered);
	tcase_add_test(tc, a_files_own_backing_file);
	tcase_add_test(tc, an_id_given_by_hand_goes_first);
	suite_add_tcase(s, tc);
	return unit_main(s);
}
