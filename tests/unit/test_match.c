/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules against requests, patterns against events, and what is said of those
 * that do not match. */
#include "config.h"

#include <errno.h>

#include "build.h"
#include "engine/match.h"
#include "unit.h"

static struct build b;
static uint64_t msg[2048];
static struct event ev;
static struct decoded_request req;

static void setup(void)
{
	build_init(&b, 1);
}

static void teardown(void)
{
	build_fini(&b);
}

static void decode(size_t len)
{
	const char *why;

	ck_assert_int_eq(request_decode(&req, &protocol_builtin, msg, len, &why), 0);
	ev = request_event(msg, len, "/data");
}

/* The request at hand is a WRITE of 4K at offset to /data. */
static void have_write(uint64_t offset)
{
	decode(ask_write_op(msg, 2, 5, offset, 4096));
}

static void have(uint32_t opcode, const void *body, size_t len)
{
	struct ask ask = { .opcode = opcode, .unique = 4, .nodeid = 5,
			   .pid = 77, .uid = 1000, .body = body, .len = len };

	decode(ask_write(msg, &ask));
}

static void have_getxattr(const char *name)
{
	struct wire_getxattr_in in = { .size = 64 };
	char body[64];

	memcpy(body, &in, sizeof(in));
	strcpy(body + sizeof(in), name);
	have(OP_GETXATTR, body, sizeof(in) + strlen(name) + 1);
}

static bool rule_matches(const struct rule *r)
{
	return match_rule(r, &req, 0, "/data", NONE);
}

/* How p differs from the event at hand; "" if it matches. */
static void differ(const struct pattern *p, int distance, const char *why)
{
	auto_buf struct buf text = BUF_INIT;

	ck_assert_int_eq(match_distance(&b.sc, p, &ev, &text), distance);
	ck_assert_str_eq(buf_str(&text), why);
	ck_assert_int_eq(match_event(&b.sc, p, &ev), !distance);
	ck_assert_int_eq(match_distance(&b.sc, p, &ev, NULL) != 0, distance != 0);
}

/* ---- files ---------------------------------------------------------------- */

START_TEST(files)
{
	struct file_ref any = { .mount = NONE }, one = { .mount = 1 };
	struct file_ref path = { .mount = NONE, .path = "/data" };
	struct file_ref dev = { .mount = 0, .path = "" };

	ck_assert(match_file(&any, 0, NULL));
	ck_assert(match_file(&one, 1, "/x"));
	ck_assert(!match_file(&one, 0, "/x"));
	ck_assert(match_file(&path, 0, "/data"));
	ck_assert(!match_file(&path, 0, "/dat"));
	ck_assert(!match_file(&path, 0, NULL));
	ck_assert(match_file(&dev, 0, NULL));
	path.mount = 1;
	ck_assert(!match_file(&path, 0, "/data"));
}
END_TEST

START_TEST(globs)
{
	struct file_ref glob = { .mount = NONE, .path = "/d*/f?",
				 .is_glob = true };

	ck_assert(match_file(&glob, 0, "/dir/f1"));
	ck_assert(!match_file(&glob, 0, "/dir/f12"));
	ck_assert(!match_file(&glob, 0, "/dir/sub/f1"));
	glob.is_glob = false;
	ck_assert(!match_file(&glob, 0, "/dir/f1"));
}
END_TEST

/* ---- conditions ------------------------------------------------------------- */

static bool cond_holds(struct cond c)
{
	return match_conds(&c, 1, &req);
}

START_TEST(ranges)
{
	have_write(8192);
	ck_assert(cond_holds(cond_range("offset", 8192, 8193)));
	ck_assert(cond_holds(cond_range("offset", 0, UINT64_MAX)));
	ck_assert(!cond_holds(cond_range("offset", 0, 8192)));
	ck_assert(!cond_holds(cond_range("offset", 8193, UINT64_MAX)));
	ck_assert(cond_holds(cond_range("nodeid", 5, 6)));
}
END_TEST

START_TEST(negation)
{
	struct cond c = cond_range("offset", 0, 4096);

	c.negate = true;
	have_write(8192);
	ck_assert(cond_holds(c));
	have_write(0);
	ck_assert(!cond_holds(c));
}
END_TEST

START_TEST(a_field_that_is_not_there_never_matches)
{
	struct cond c = cond_range("mode", 0, UINT64_MAX);

	have_write(0);
	ck_assert(!cond_holds(c));
	c.negate = true;
	ck_assert(!cond_holds(c));
}
END_TEST

START_TEST(flag_conditions)
{
	struct wire_open_in in = { .flags = 02 | 02000 };

	have(OP_OPEN, &in, sizeof(in));
	ck_assert(cond_holds(cond_flags("flags", 02000, 0)));
	ck_assert(cond_holds(cond_flags("flags", 02, 040000)));
	ck_assert(!cond_holds(cond_flags("flags", 02 | 040000, 0)));
	ck_assert(!cond_holds(cond_flags("flags", 0, 02000)));
}
END_TEST

START_TEST(names_and_bytes)
{
	struct cond bytes = { .field = "data", .kind = COND_BYTES,
			      .p = "aaa", .len = 3 };

	have(OP_LOOKUP, "data", 5);
	ck_assert(cond_holds(cond_text("name", "data")));
	ck_assert(!cond_holds(cond_text("name", "dat")));
	ck_assert(!cond_holds(cond_text("name", "data2")));
	have_write(0);
	ck_assert(cond_holds(bytes));
	bytes.p = "aab";
	ck_assert(!cond_holds(bytes));
}
END_TEST

START_TEST(header_fields_of_unknown_operations)
{
	have(4000, NULL, 0);
	ck_assert_ptr_null(req.op);
	ck_assert(cond_holds(cond_range("uid", 1000, 1001)));
	ck_assert(!cond_holds(cond_range("offset", 0, UINT64_MAX)));
}
END_TEST

/* ---- rules ---------------------------------------------------------------- */

START_TEST(rules)
{
	struct rule *r = build_rule(&b, "WRITE", "/data");

	have_write(4096);
	ck_assert(rule_matches(r));
	add_cond(&b, &r->where, &r->n_where, cond_range("offset", 4096, 8192));
	ck_assert(rule_matches(r));
	add_cond(&b, &r->where, &r->n_where, cond_range("size", 0, 4096));
	ck_assert(!rule_matches(r));
	ck_assert(!rule_matches(build_rule(&b, "READ", "/data")));
	ck_assert(!rule_matches(build_rule(&b, "WRITE", "/other")));
	r = build_rule(&b, "WRITE", NULL);
	r->actor = 0;
	ck_assert(!rule_matches(r));
	ck_assert(match_rule(r, &req, 0, NULL, 0));
}
END_TEST

START_TEST(a_rule_for_anything_leaves_out_init_and_noise)
{
	struct wire_init_in init = { .major = 7, .minor = 31 };
	struct wire_forget_in forget = { .nlookup = 1 };
	struct rule *any = build_rule(&b, NULL, NULL);

	have_write(0);
	ck_assert(rule_matches(any));
	have(4000, NULL, 0);
	ck_assert(rule_matches(any));
	have(OP_FORGET, &forget, sizeof(forget));
	ck_assert(!rule_matches(any));
	ck_assert(rule_matches(build_rule(&b, "FORGET", NULL)));
	have(OP_INIT, &init, sizeof(init));
	ck_assert(!rule_matches(any));
	ck_assert(rule_matches(build_rule(&b, "INIT", NULL)));
	have_getxattr("security.capability");
	ck_assert(!rule_matches(any));
	ck_assert(rule_matches(build_rule(&b, "GETXATTR", NULL)));
}
END_TEST

/* ---- patterns ---------------------------------------------------------------- */

START_TEST(requests)
{
	struct pattern p = pat(PAT_REQUEST, "WRITE", "/data");

	have_write(8192);
	differ(&p, 0, "");
	p.file.path = "/other";
	differ(&p, 1, "file is /data, not /other");
	add_cond(&b, &p.where, &p.n_where, cond_range("offset", 0, 4096));
	differ(&p, 2, "file is /data, not /other");
	p.file.path = "/data";
	differ(&p, 1, "offset is 8K, not 0..4K");
	p.where[0] = cond_range("offset", 4096, 4097);
	differ(&p, 1, "offset is 8K, not 4K");
	p.where[0] = cond_range("offset", 16384, UINT64_MAX);
	differ(&p, 1, "offset is 8K, not 16K..");
	p.where[0] = cond_range("mode", 0, 1);
	differ(&p, 1, "it has no mode");
	p = pat(PAT_REQUEST, "READ", "/data");
	differ(&p, MATCH_FAR, "");
	p = pat(PAT_REPLY, "WRITE", "/data");
	differ(&p, MATCH_FAR, "");
}
END_TEST

START_TEST(words_about_flags_names_and_exclusions)
{
	struct pattern p = pat(PAT_REQUEST, "WRITE", NULL);
	struct cond c = cond_range("offset", 8192, 8193);

	have_write(8192);
	add_cond(&b, &p.where, &p.n_where,
		 cond_flags("write_flags", flag_by_name(&flags_write, "cache", 5), 0));
	differ(&p, 1, "write_flags is 0, not cache");
	p.where[0] = cond_flags("flags", 0, 0);
	differ(&p, 0, "");
	c.negate = true;
	p.where[0] = c;
	differ(&p, 1, "offset is 8K, which is excluded");
	have(OP_LOOKUP, "data", 5);
	p = pat(PAT_REQUEST, "LOOKUP", NULL);
	add_cond(&b, &p.where, &p.n_where, cond_text("name", "other"));
	differ(&p, 1, "name is \"data\", not \"other\"");
}
END_TEST

START_TEST(unset_flags_in_words)
{
	struct wire_write_in in = { .write_flags = 1, .size = 0 };
	struct pattern p = pat(PAT_REQUEST, "WRITE", NULL);

	have(OP_WRITE, &in, sizeof(in));
	add_cond(&b, &p.where, &p.n_where, cond_flags("write_flags", 0, 1));
	differ(&p, 1, "write_flags is cache, not -cache");
}
END_TEST

START_TEST(several_mounts_are_named)
{
	struct pattern p = pat(PAT_REQUEST, "WRITE", "/data");

	build_fini(&b);
	build_init(&b, 2);
	have_write(0);
	ev.mount = 1;
	p.file.mount = 0;
	differ(&p, 1, "file is lower:/data, not fs:/data");
	ev.path = NULL;
	differ(&p, 1, "file is not known, not fs:/data");
}
END_TEST

START_TEST(noise_matches_only_by_name)
{
	struct wire_forget_in forget = { .nlookup = 1 };
	struct pattern any = pat(PAT_REQUEST, NULL, NULL);
	struct pattern named = pat(PAT_REQUEST, "FORGET", NULL);
	struct pattern xattr = pat(PAT_REQUEST, "GETXATTR", NULL);

	have(OP_FORGET, &forget, sizeof(forget));
	differ(&any, MATCH_FAR, "");
	differ(&named, 0, "");
	have_getxattr("security.capability");
	differ(&any, MATCH_FAR, "");
	differ(&xattr, MATCH_FAR, "");
	add_cond(&b, &xattr.where, &xattr.n_where,
		 cond_text("name", "security.capability"));
	differ(&xattr, 0, "");
	xattr.n_where = 0;
	have_getxattr("user.x");
	differ(&xattr, 0, "");
	differ(&any, 0, "");
}
END_TEST

START_TEST(teardown_never_matches)
{
	struct pattern p = pat(PAT_REQUEST, "WRITE", NULL);

	have_write(0);
	ev.teardown = true;
	differ(&p, MATCH_FAR, "");
}
END_TEST

START_TEST(replies)
{
	struct pattern p = pat(PAT_REPLY, "WRITE", "/data");
	struct event asked;

	have_write(4096);
	asked = ev;
	ev = reply_event(&asked, EIO);
	differ(&p, 0, "");
	p.has_error = true;
	differ(&p, 1, "the result is EIO, not 0");
	p.error = EIO;
	differ(&p, 0, "");
	add_cond(&b, &p.where, &p.n_where, cond_range("offset", 0, 4096));
	differ(&p, 1, "offset is 4K, not 0..4K");
	ev.request = NULL;
	differ(&p, 1, "it has no offset");
}
END_TEST

START_TEST(fields_of_the_reply_itself)
{
	struct pattern p = pat(PAT_REPLY, "OPEN", NULL);
	struct wire_open_out out = { .open_flags = FOPEN_DIRECT_IO };
	struct wire_open_in in = { 0 };
	struct event asked;

	have(OP_OPEN, &in, sizeof(in));
	asked = ev;
	ev = reply_event(&asked, 0);
	ev.msg = &out;
	ev.msg_len = sizeof(out);
	add_cond(&b, &p.where, &p.n_where, cond_range("fh", 0, 1));
	differ(&p, 0, "");
	p.where[0] = cond_range("fh", 1, 2);
	differ(&p, 1, "fh is 0, not 1");
}
END_TEST

START_TEST(a_cut_message_still_tells)
{
	struct pattern p = pat(PAT_REQUEST, "WRITE", NULL);

	have_write(4096);
	ev.msg_len = sizeof(struct wire_in_header) +
		sizeof(struct wire_write_in) + 16;
	add_cond(&b, &p.where, &p.n_where, cond_range("size", 4096, 4097));
	differ(&p, 0, "");
}
END_TEST

START_TEST(calls_and_returns)
{
	struct call_use use = { .call = &calls[CALL_fsync] };
	struct outcome o = { .ret = -1, .err = EIO };
	struct pattern starts = pat(PAT_CALL, NULL, NULL);
	struct pattern returns = pat(PAT_RETURN, NULL, NULL);

	build_actor(&b, "app");
	build_actor(&b, "other");
	ev = event_of(EV_CALL);
	ev.actor = 0;
	ev.call = &use;
	starts.actor = returns.actor = 0;
	starts.call = returns.call = &calls[CALL_fsync];
	differ(&starts, 0, "");
	differ(&returns, MATCH_FAR, "");
	ev.kind = EV_RETURN;
	ev.outcome = &o;
	differ(&returns, 0, "");
	differ(&starts, MATCH_FAR, "");
	returns.has_result = true;
	returns.result = (struct expectation){ .kind = EXPECT_VALUE, .text = "0" };
	differ(&returns, 1, "-1 EIO instead of 0");
	returns.result = (struct expectation){ .kind = EXPECT_ERRNO,
					       .errnos = { EIO } };
	differ(&returns, 0, "");
	returns.call = NULL;
	differ(&returns, 0, "");
	returns.call = &calls[CALL_close];
	differ(&returns, MATCH_FAR, "");
	returns.call = NULL;
	returns.actor = 1;
	differ(&returns, MATCH_FAR, "");
}
END_TEST

START_TEST(notifications)
{
	struct pattern starts = pat(PAT_NOTE_START, NULL, NULL);
	struct pattern done = pat(PAT_NOTE_DONE, NULL, NULL);

	starts.note = done.note = build_note(&b, "inval");
	ev = event_of(EV_NOTE_START);
	ev.note = 0;
	differ(&starts, 0, "");
	differ(&done, MATCH_FAR, "");
	ev.kind = EV_NOTE_DONE;
	ev.write_errno = ENOENT;
	differ(&done, 0, "");
	done.has_error = true;
	differ(&done, 1, "the result is ENOENT, not 0");
	done.error = ENOENT;
	differ(&done, 0, "");
	done.note = 1;
	differ(&done, MATCH_FAR, "");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("match");
	TCase *tc = tcase_create("match");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, files);
	tcase_add_test(tc, globs);
	tcase_add_test(tc, ranges);
	tcase_add_test(tc, negation);
	tcase_add_test(tc, a_field_that_is_not_there_never_matches);
	tcase_add_test(tc, flag_conditions);
	tcase_add_test(tc, names_and_bytes);
	tcase_add_test(tc, header_fields_of_unknown_operations);
	tcase_add_test(tc, rules);
	tcase_add_test(tc, a_rule_for_anything_leaves_out_init_and_noise);
	tcase_add_test(tc, requests);
	tcase_add_test(tc, words_about_flags_names_and_exclusions);
	tcase_add_test(tc, unset_flags_in_words);
	tcase_add_test(tc, several_mounts_are_named);
	tcase_add_test(tc, noise_matches_only_by_name);
	tcase_add_test(tc, teardown_never_matches);
	tcase_add_test(tc, replies);
	tcase_add_test(tc, fields_of_the_reply_itself);
	tcase_add_test(tc, a_cut_message_still_tells);
	tcase_add_test(tc, calls_and_returns);
	tcase_add_test(tc, notifications);
	suite_add_tcase(s, tc);
	return unit_main(s);
}
