/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Notifications as the kernel would read them, and those that are blocked. */
#include "config.h"

#include <unistd.h>

#include "backend/notifier.h"
#include "tests/unit/sim.h"

static uint8_t *expect_note(const struct notify_spec *spec, uint32_t code,
			    size_t len)
{
	server_notify(server, spec);
	ck_assert_uint_eq(receive(PATIENCE_MS), sizeof(struct wire_out_header) + len);
	ck_assert_uint_eq(head()->unique, 0);
	ck_assert_uint_eq(head()->error, code);
	/* It is logged once more, and spec may be gone when the test returns. */
	while (server_notes_running(server))
		usleep(100);
	return body();
}

START_TEST(notifications_name_nodes)
{
	struct notify_spec spec = note("inval_inode", "/dir/pass");
	uint64_t id[4];

	memcpy(id, expect_note(&spec, NOTE_INVAL_INODE, 24), 24);
	ck_assert_uint_eq(id[0], 4);
	await(EV_NOTE_DONE, 1);
	ck_assert_ptr_eq(last_event(EV_NOTE_START)->notify->note, spec.note);
	ck_assert_int_eq(last_event(EV_NOTE_DONE)->error, 0);
	ck_assert_int_eq(last_event(EV_NOTE_DONE)->mount, 0);
}
END_TEST

START_TEST(notifications_name_entries)
{
	struct notify_spec inval = note("inval_entry", "/dir");
	struct notify_spec del = note("delete", "/dir");
	uint64_t id[3];
	uint8_t *p;

	inval.child = del.child = "pass";
	p = expect_note(&inval, NOTE_INVAL_ENTRY, 16 + 5);
	memcpy(id, p, 8);
	ck_assert_uint_eq(id[0], 3);
	ck_assert_str_eq((char *)p + 16, "pass");
	p = expect_note(&del, NOTE_DELETE, 24 + 5);
	memcpy(id, p, 16);
	ck_assert_uint_eq(id[0], 3);
	ck_assert_uint_eq(id[1], 4);
	ck_assert_str_eq((char *)p + 24, "pass");
}
END_TEST

START_TEST(notifications_carry_data)
{
	struct notify_spec spec = note("store", "/data");
	uint8_t *p;

	spec.has_data = true;
	spec.data = (struct data_spec){ (const uint8_t *)"ab", 2, 5, NULL };
	p = expect_note(&spec, NOTE_STORE, 24 + 5);
	ck_assert_uint_eq(*(uint64_t *)p, 2);
	ck_assert_uint_eq(*(uint32_t *)(p + 16), 5);
	ck_assert_mem_eq(p + 24, "ababa", 5);
}
END_TEST

START_TEST(fields_by_hand_win)
{
	struct notify_spec spec = note("inval_inode", "/data");
	struct field_set sets[] = {
		{ .f = note_arg(spec.note, "nodeid", 6), .num = 99 },
		{ .f = note_arg(spec.note, "off", 3), .num = PAGE },
	};
	uint64_t v[3];

	spec.sets = sets;
	spec.n_sets = 2;
	memcpy(v, expect_note(&spec, NOTE_INVAL_INODE, 24), 24);
	ck_assert_uint_eq(v[0], 99);
	ck_assert_uint_eq(v[1], PAGE);
}
END_TEST

START_TEST(prune_names_many)
{
	struct file_ref files[] = { { 0, "/data", false }, { 0, "/none", false },
				    { 0, "/dir", false } };
	struct notify_spec spec = note("prune", NULL);
	uint64_t v[5];

	spec.mount = 0;
	spec.others = files;
	spec.n_others = 3;
	memcpy(v, expect_note(&spec, NOTE_PRUNE, 40), 40);
	ck_assert_uint_eq((uint32_t)v[0], 3);
	ck_assert_uint_eq(v[2], 2);
	ck_assert_uint_eq(v[3], 0);
	ck_assert_uint_eq(v[4], 3);
}
END_TEST

START_TEST(raw_notifications)
{
	struct notify_spec spec = {
		.code = 77, .name = NONE, .mount = 0, .file = { .mount = NONE },
		.has_data = true, .data = { (const uint8_t *)"xyz", 3, 3, NULL },
	};

	ck_assert_mem_eq(expect_note(&spec, 77, 3), "xyz", 3);
}
END_TEST

static void note_err(void *ctx, int err)
{
	*(int *)ctx = err;
}

/* What the kernel is given of it: nothing, or all. */
static void expect_retrieve(const struct notify_spec *spec, bool is_written)
{
	int err = 1;

	server_notify_then(server, spec, note_err, &err);
	while (server_notes_running(server))
		usleep(100);
	ck_assert_int_eq(err, is_written ? 0 : NOTE_REFUSED);
	ck_assert_uint_eq(receive(is_written ? PATIENCE_MS : 0), is_written ?
			  sizeof(struct wire_out_header) +
			  sizeof(struct wire_note_retrieve) : 0);
}

/* By name and as bytes, the kernel warns of a unique of 0 over io_uring. */
START_TEST(io_uring_is_spared_a_retrieve_without_unique)
{
	uint8_t bytes[sizeof(struct wire_note_retrieve)] = { 0 };
	struct notify_spec named = note("retrieve", "/data");
	struct notify_spec raw = {
		.code = NOTE_RETRIEVE, .name = NONE, .mount = 0,
		.file = { .mount = NONE }, .has_data = true,
		.data = { bytes, sizeof(bytes), sizeof(bytes), NULL },
	};
	struct field_set unique = {
		.f = note_arg(named.note, "notify_unique", 13), .num = 7,
	};

	expect_retrieve(&named, true);
	expect_retrieve(&raw, true);
	b.sc.mounts[0].transport = TRANSPORT_URING;
	expect_retrieve(&named, false);
	expect_retrieve(&raw, false);
	ck_assert_ptr_nonnull(strstr(last_event(EV_INFO)->text, "notify_unique 0"));
	bytes[0] = 1;
	expect_retrieve(&raw, true);
	named.sets = &unique;
	named.n_sets = 1;
	expect_retrieve(&named, true);
	unique.num = 0;
	expect_retrieve(&named, false);
	server_allow_hazards(server);
	expect_retrieve(&named, true);
}
END_TEST

/* Nobody reads: the write blocks, which others can see. */
START_TEST(a_blocked_notification_is_known)
{
	struct notify_spec spec = note("store", "/data");
	unsigned i, n = 0;

	spec.name = build_note(&b, "fill");
	spec.has_data = true;
	spec.data = (struct data_spec){ (const uint8_t *)"z", 1, 60 << 10, NULL };
	ck_assert_int_eq(server_note_tid(server, spec.name), 0);
	for (i = 0; i < 40; i++)
		server_notify(server, &spec);
	for (i = 0; i < 40; i++)
		await(EV_NOTE_START, 40);
	ck_assert_uint_ne(server_notes_running(server), 0);
	ck_assert_int_ne(server_note_tid(server, spec.name), 0);
	while (n < 40 && receive(PATIENCE_MS))
		n++;
	ck_assert_uint_eq(n, 40);
	await(EV_NOTE_DONE, 40);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("server_notes");
	TCase *tc = tcase(suite, "notes", setup);

	tcase_add_test(tc, notifications_name_nodes);
	tcase_add_test(tc, notifications_name_entries);
	tcase_add_test(tc, notifications_carry_data);
	tcase_add_test(tc, fields_by_hand_win);
	tcase_add_test(tc, prune_names_many);
	tcase_add_test(tc, raw_notifications);
	tcase_add_test(tc, io_uring_is_spared_a_retrieve_without_unique);
	tcase_add_test(tc, a_blocked_notification_is_known);
	return unit_main(suite);
}
