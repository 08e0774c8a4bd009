/* SPDX-License-Identifier: GPL-2.0-or-later */
/* INIT: what the filesystem end is told and what the kernel is answered. */
#include "config.h"

#include "fake.h"
#include "unit.h"

#define ASYNC_READ	1u
#define BIG_WRITES	32u

static struct fake *f;
static struct mount_spec *spec;

static void setup(void)
{
	f = fake_new(1);
	spec = &f->b.sc.mounts[0];
}

static void teardown(void)
{
	fake_free(f);
}

/* INIT by a kernel of this minor that offers these flags. */
static void ask_init(uint32_t minor, uint64_t flags)
{
	struct wire_init_in in = {
		.major = 7, .minor = minor, .max_readahead = 131072,
		.flags = (uint32_t)flags, .flags2 = (uint32_t)(flags >> 32),
	};

	fake_ask(f, 0, OP_INIT, 0, &in, minor < 36 ? 16 : sizeof(in));
}

static const struct wire_init_out *sent(void)
{
	return (const void *)fake_last(f)->body;
}

static uint64_t sent_flags(void)
{
	return sent()->flags | (uint64_t)sent()->flags2 << 32;
}

static const struct wire_init_in *given(void)
{
	return (const void *)f->given[0].body;
}

static void set_field(const char *name, uint64_t num)
{
	struct field_set set = {
		.f = op_reply_field(op_named("INIT"), name, strlen(name)),
		.num = num,
	};

	ARENA_PUSH(f->b.a, spec->init, spec->n_init, set);
}

START_TEST(defaults)
{
	fake_start(f);
	ck_assert(!engine_ready(f->e, 0));
	ask_init(45, UINT64_MAX);
	ck_assert_uint_eq(fake_last(f)->len, 16 + 64);
	ck_assert_uint_eq(sent()->major, 7);
	ck_assert_uint_eq(sent()->minor, 45);
	ck_assert_uint_eq(sent_flags(), ASYNC_READ | BIG_WRITES | INIT_MAX_PAGES);
	ck_assert_uint_eq(sent()->max_write, 1 << 20);
	ck_assert_uint_eq(sent()->max_pages, 256);
	ck_assert_uint_eq(sent()->max_background, 12);
	ck_assert_uint_eq(sent()->congestion_threshold, 9);
	ck_assert_uint_eq(sent()->max_readahead, 131072);
	ck_assert_uint_eq(sent()->time_gran, 1);
	ck_assert_uint_eq(sent()->max_stack_depth, 0);
	ck_assert(engine_ready(f->e, 0));
}
END_TEST

START_TEST(only_what_is_offered)
{
	uint64_t flags;
	uint32_t minor;

	spec->init_on = INIT_WRITEBACK_CACHE | INIT_PASSTHROUGH;
	fake_start(f);
	ck_assert(!engine_offered(f->e, 0, &flags, &minor));
	ck_assert_uint_eq(engine_missing_flags(f->e, 0), 0);
	ask_init(31, ASYNC_READ | INIT_WRITEBACK_CACHE);
	ck_assert_uint_eq(sent_flags(), ASYNC_READ | INIT_WRITEBACK_CACHE);
	ck_assert(engine_offered(f->e, 0, &flags, &minor));
	ck_assert_uint_eq(flags, ASYNC_READ | INIT_WRITEBACK_CACHE);
	ck_assert_uint_eq(minor, 31);
	ck_assert_uint_eq(engine_missing_flags(f->e, 0), INIT_PASSTHROUGH);
}
END_TEST

START_TEST(flags_off)
{
	spec->init_off = BIG_WRITES;
	fake_start(f);
	ask_init(45, UINT64_MAX);
	ck_assert_uint_eq(sent_flags(), ASYNC_READ | INIT_MAX_PAGES);
}
END_TEST

START_TEST(high_flags_bring_init_ext)
{
	spec->init_on = INIT_PASSTHROUGH;
	fake_start(f);
	ask_init(45, UINT64_MAX);
	ck_assert_uint_eq(sent_flags(), ASYNC_READ | BIG_WRITES |
			  INIT_MAX_PAGES | INIT_EXT | INIT_PASSTHROUGH);
	ck_assert_uint_eq(sent()->max_stack_depth, 1);
}
END_TEST

START_TEST(flags2_of_a_kernel_without_init_ext_is_noise)
{
	uint64_t flags;
	uint32_t minor;

	fake_start(f);
	ask_init(45, INIT_PASSTHROUGH | ASYNC_READ);
	ck_assert(engine_offered(f->e, 0, &flags, &minor));
	ck_assert_uint_eq(flags, ASYNC_READ);
}
END_TEST

START_TEST(numbers_by_hand)
{
	spec->init_on = INIT_PASSTHROUGH;
	set_field("max_write", 4096);
	set_field("max_background", 3);
	set_field("max_stack_depth", 2);
	fake_start(f);
	ask_init(45, UINT64_MAX);
	ck_assert_uint_eq(sent()->max_write, 4096);
	ck_assert_uint_eq(sent()->max_background, 3);
	ck_assert_uint_eq(sent()->max_stack_depth, 2);
	ck_assert_uint_eq(sent()->congestion_threshold, 9);
}
END_TEST

START_TEST(the_server_is_told_what_was_agreed_on)
{
	spec->init_on = INIT_PASSTHROUGH;
	set_field("minor", 31);
	fake_start(f);
	ask_init(45, UINT64_MAX);
	ck_assert_uint_eq(given()->major, 7);
	ck_assert_uint_eq(given()->minor, 31);
	ck_assert_uint_eq(given()->flags | (uint64_t)given()->flags2 << 32,
			  sent_flags());
	ck_assert_uint_eq(sent()->minor, 31);
	/* the log has what the kernel said */
	ck_assert_uint_eq(((const struct wire_init_in *)(const void *)
			   ((const uint8_t *)fake_event(f, EV_REQUEST, 0)->msg +
			    40))->minor, 45);
}
END_TEST

START_TEST(older_minors_have_shorter_replies)
{
	static const struct { uint32_t minor; size_t len; } sizes[] = {
		{ 4, 8 }, { 5, 24 }, { 22, 24 }, { 23, 64 }, { 45, 64 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		teardown();
		setup();
		set_field("minor", sizes[i].minor);
		fake_start(f);
		ask_init(45, UINT64_MAX);
		ck_assert_uint_eq(fake_last(f)->len, 16 + sizes[i].len);
		ck_assert_uint_eq(fake_last(f)->h.len, 16 + sizes[i].len);
		ck_assert_uint_eq(sent()->minor, sizes[i].minor);
	}
}
END_TEST

START_TEST(a_newer_kernel_speaks_down)
{
	fake_start(f);
	ask_init(46, UINT64_MAX);
	ck_assert_uint_eq(sent()->minor, WIRE_MINOR);
	ck_assert_uint_eq(given()->minor, WIRE_MINOR);
}
END_TEST

START_TEST(a_short_init_is_understood)
{
	fake_start(f);
	ask_init(31, ASYNC_READ);
	ck_assert_uint_eq(f->given[0].len, 40 + 16);
	ck_assert_uint_eq(sent()->minor, 31);
	ck_assert_uint_eq(sent()->max_readahead, 131072);
}
END_TEST

START_TEST(init_can_be_refused)
{
	struct rule *r = build_rule(&f->b, "INIT", NULL);

	r->reply.present = r->reply.has_error = true;
	r->reply.error = EPROTO;
	fake_start(f);
	ask_init(45, UINT64_MAX);
	ck_assert_int_eq(fake_last(f)->h.error, -EPROTO);
	ck_assert_uint_eq(fake_last(f)->len, 16);
	ck_assert(!engine_ready(f->e, 0));
}
END_TEST

START_TEST(an_init_the_server_refuses_stays_refused)
{
	fake_start(f);
	f->error = EPROTO;
	ask_init(45, UINT64_MAX);
	ck_assert_int_eq(fake_last(f)->h.error, -EPROTO);
	ck_assert(!engine_ready(f->e, 0));
}
END_TEST

START_TEST(a_write_that_failed_makes_nothing_ready)
{
	fake_start(f);
	f->send_errno[0] = EINVAL;
	f->n_send_errno = 1;
	ask_init(45, UINT64_MAX);
	ck_assert(!engine_ready(f->e, 0));
}
END_TEST

START_TEST(rules_go_over_the_reply)
{
	struct rule *r = build_rule(&f->b, "INIT", NULL);
	struct field_set set = {
		.f = op_reply_field(op_named("INIT"), "max_write", 9),
		.num = 8192,
	};

	r->reply.present = true;
	r->reply.sets = &set;
	r->reply.n_sets = 1;
	fake_start(f);
	ask_init(45, UINT64_MAX);
	ck_assert_uint_eq(sent()->max_write, 8192);
	ck_assert_uint_eq(sent()->max_pages, 256);
}
END_TEST

START_TEST(init_can_be_held)
{
	build_rule(&f->b, "INIT", NULL)->gate = build_gate(&f->b, "g");
	fake_start(f);
	ask_init(45, UINT64_MAX);
	ck_assert_uint_eq(f->n_sent, 0);
	engine_release(f->e, 0, NULL, 0, COUNT_ALL, false);
	ck_assert(fake_wait(f, &f->n_sent, 1));
	ck_assert(fake_settles(f, 0));
	ck_assert(engine_ready(f->e, 0));
	ck_assert_uint_eq(given()->flags, sent()->flags);
}
END_TEST

/* ---- devices ---- */

static void ask_cuse_init(uint32_t minor, uint32_t flags)
{
	struct wire_cuse_init_in in = {
		.major = 7, .minor = minor, .flags = flags,
	};

	spec->kind = MOUNT_CUSE;
	fake_start(f);
	fake_ask(f, 0, OP_CUSE_INIT, 0, &in, sizeof(in));
}

static const struct wire_cuse_init_out *sent_cuse(void)
{
	return (const void *)fake_last(f)->body;
}

static void set_cuse_field(const char *name, uint64_t num)
{
	struct field_set set = {
		.f = op_reply_field(op_named("CUSE_INIT"), name, strlen(name)),
		.num = num,
	};

	ARENA_PUSH(f->b.a, spec->init, spec->n_init, set);
}

START_TEST(defaults_of_a_device)
{
	uint64_t flags;
	uint32_t minor;

	ask_cuse_init(45, 1);
	ck_assert_uint_eq(fake_last(f)->len,
			  16 + sizeof(struct wire_cuse_init_out));
	ck_assert_uint_eq(fake_last(f)->h.len, fake_last(f)->len);
	ck_assert_uint_eq(sent_cuse()->major, 7);
	ck_assert_uint_eq(sent_cuse()->minor, 45);
	ck_assert_uint_eq(sent_cuse()->flags, 0);
	ck_assert_uint_eq(sent_cuse()->max_read, 128 << 10);
	ck_assert_uint_eq(sent_cuse()->max_write, 128 << 10);
	ck_assert_uint_eq(sent_cuse()->dev_major, 0);
	ck_assert_uint_eq(sent_cuse()->dev_minor, 0);
	ck_assert(engine_ready(f->e, 0));
	ck_assert(engine_offered(f->e, 0, &flags, &minor));
	ck_assert_uint_eq(flags, 1);
	ck_assert_uint_eq(minor, 45);
}
END_TEST

START_TEST(a_device_by_hand)
{
	spec->init_on = 1;
	set_cuse_field("minor", 11);
	set_cuse_field("max_read", 5000);
	set_cuse_field("max_write", 6000);
	set_cuse_field("dev_major", 240);
	set_cuse_field("dev_minor", 7);
	spec->info = (struct data_spec){ (const uint8_t *)"A=b", 4, 4, NULL };
	ask_cuse_init(45, 1);
	ck_assert_uint_eq(fake_last(f)->len,
			  16 + sizeof(struct wire_cuse_init_out) + 4);
	ck_assert_uint_eq(sent_cuse()->minor, 11);
	ck_assert_uint_eq(sent_cuse()->flags, 1);
	ck_assert_uint_eq(sent_cuse()->max_read, 5000);
	ck_assert_uint_eq(sent_cuse()->max_write, 6000);
	ck_assert_uint_eq(sent_cuse()->dev_major, 240);
	ck_assert_uint_eq(sent_cuse()->dev_minor, 7);
	ck_assert_mem_eq(sent_cuse() + 1, "A=b", 4);
}
END_TEST

START_TEST(a_device_flag_that_is_not_offered)
{
	spec->init_on = 1;
	ask_cuse_init(45, 0);
	ck_assert_uint_eq(sent_cuse()->flags, 0);
}
END_TEST

START_TEST(a_refused_device)
{
	f->error = EPERM;
	ask_cuse_init(45, 1);
	ck_assert_int_eq(fake_last(f)->h.error, -EPERM);
	ck_assert_uint_eq(fake_last(f)->len, 16);
	ck_assert(!engine_ready(f->e, 0));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("init");
	TCase *tc = tcase_create("init");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, defaults);
	tcase_add_test(tc, only_what_is_offered);
	tcase_add_test(tc, flags_off);
	tcase_add_test(tc, high_flags_bring_init_ext);
	tcase_add_test(tc, flags2_of_a_kernel_without_init_ext_is_noise);
	tcase_add_test(tc, numbers_by_hand);
	tcase_add_test(tc, the_server_is_told_what_was_agreed_on);
	tcase_add_test(tc, older_minors_have_shorter_replies);
	tcase_add_test(tc, a_newer_kernel_speaks_down);
	tcase_add_test(tc, a_short_init_is_understood);
	tcase_add_test(tc, init_can_be_refused);
	tcase_add_test(tc, an_init_the_server_refuses_stays_refused);
	tcase_add_test(tc, a_write_that_failed_makes_nothing_ready);
	tcase_add_test(tc, rules_go_over_the_reply);
	tcase_add_test(tc, init_can_be_held);
	tcase_add_test(tc, defaults_of_a_device);
	tcase_add_test(tc, a_device_by_hand);
	tcase_add_test(tc, a_device_flag_that_is_not_offered);
	tcase_add_test(tc, a_refused_device);
	suite_add_tcase(s, tc);
	return unit_main(s);
}
