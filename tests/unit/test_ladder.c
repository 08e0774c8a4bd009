/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ladder: every line of it, for logs made by hand. */
#include "config.h"

#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>

#include "tests/unit/events.h"

static struct hand_log l;
static unsigned columns;	/* of the terminal; 0: a mail's */

static void expect_rows(uint64_t at_seq, size_t max_rows, const char *want)
{
	struct buf b = BUF_INIT;

	report_ladder(&b, &l.sc, l.sorted, l.n,
		      &(struct ladder_window){ &at_seq, 1, max_rows, columns });
	ck_assert_str_eq(buf_str(&b), want);
	buf_fini(&b);
}

static void expect_ladder(const char *want)
{
	expect_rows(0, 0, want);
}

/* No line may be wider than a mail, in characters. */
static void expect_narrow(void)
{
	struct buf b = BUF_INIT;
	uint64_t end = 0;
	size_t width = 0;
	const char *p;

	report_ladder(&b, &l.sc, l.sorted, l.n,
		      &(struct ladder_window){ &end, 1, 0, columns });
	for (p = buf_str(&b); *p; p++) {
		if (*p == '\n')
			width = 0;
		else
			width += (*p & 0xc0) != 0x80;
		ck_assert_uint_le(width, columns ? columns : 72);
	}
	buf_fini(&b);
}

START_TEST(fsync_waits_for_its_write)
{
	struct event *call, *write, *ev;

	hand_init(&l, 1);
	call = hand_call(&l, 0, "pwrite", "pwrite(fd, 64K, 0)", false);
	hand_return(&l, call, 65536, 0);
	call = hand_call(&l, 0, "fsync", "fsync(fd)", true);
	write = hand_write(&l, "/data", 0, 65536);
	hand_more(&l, EV_HELD, write);
	ev = hand_add(&l, EV_BLOCKED);
	ev->actor = 0;
	ev->text = "folio_wait_writeback < fuse_fsync";
	ev = hand_add(&l, EV_STEP);
	l.steps[0].kind = STEP_RELEASE;
	l.steps[0].text = "release: disk";
	ev->step = &l.steps[0];
	hand_more(&l, EV_RELEASED, write);
	hand_more(&l, EV_REPLY, write)->error = EIO;
	hand_return(&l, call, -1, EIO);
	expect_ladder(
		"  app                       kernel → fs\n"
		"  pwrite(fd, 64K, 0) = 64K\n"
		"  fsync(fd) ...             #4 WRITE /data 0+64K  held (disk)\n"
		"  ├ blocked: folio_wait_writeback < fuse_fsync\n"
		"  -- release: disk\n"
		"                            #4 WRITE released (disk)  reply = EIO\n"
		"    = -1 EIO\n");
}
END_TEST

START_TEST(an_answer_at_once_shares_the_row)
{
	struct wire_open_in in = { .flags = 2 };
	struct event *call, *open, *read, *ev;

	hand_init(&l, 1);
	call = hand_call(&l, 0, "open", "open(\"/data\", O_RDWR)", false);
	l.uses[0].result_var = 0;
	open = hand_request(&l, OP_OPEN, "/data", &in, sizeof(in));
	hand_more(&l, EV_REPLY, open);
	hand_return(&l, call, 7, 0);
	read = hand_request(&l, OP_READ, "/data",
			    &(struct wire_read_in){ .size = 4096 },
			    sizeof(struct wire_read_in));
	ev = hand_more(&l, EV_REPLY, read);
	ev->has_data = true;
	ev->data_len = 5;
	expect_ladder(
		"  app                    kernel → fs\n"
		"  open(\"/data\", O_RDWR)  #2 OPEN /data O_RDWR  reply = 0\n"
		"    = fd\n"
		"                         #5 READ /data 0+4K  reply = 0 (5)\n");
}
END_TEST

START_TEST(three_clients_have_a_column_each)
{
	struct event *a, *c, *write;

	hand_init(&l, 3);
	a = hand_call(&l, 0, "pwrite", "pwrite(fd, 4K, 0)", true);
	write = hand_write(&l, "/data", 0, 4096);
	hand_call(&l, 1, "fsync", "fsync(fd)", true);
	c = hand_call(&l, 2, "stat", "stat(\"/x\")", false);
	hand_return(&l, c, -1, ENOENT);
	hand_more(&l, EV_REPLY, write);
	hand_return(&l, a, 4096, 0);
	expect_ladder(
		"  app            b              reader         kernel → fs\n"
		"  pwrite(fd, 4K, 0) ...\n"
		"                                               #2 WRITE /data 0+4K\n"
		"                 fsync(fd) ...\n"
		"                                stat(\"/x\") = -1 ENOENT\n"
		"                                               #2 WRITE reply = 0\n"
		"    = 4K\n");
}
END_TEST

START_TEST(a_client_that_does_nothing_has_no_column)
{
	hand_init(&l, 3);
	hand_call(&l, 2, "fsync", "fsync(fd)", true);
	expect_ladder("  reader         kernel → fs\n"
		      "  fsync(fd) ...\n");
}
END_TEST

START_TEST(many_clients_share_a_column)
{
	struct event *e;
	int i;

	hand_init(&l, 5);
	for (i = 0; i < 4; i++)
		hand_call(&l, i, "fsync", "fsync(fd)", true);
	e = hand_call(&l, 4, "close", "close(fd)", false);
	hand_write(&l, "/data", 0, 4096);
	hand_return(&l, e, 0, 0);
	expect_ladder("  clients                kernel → fs\n"
		      "  app: fsync(fd) ...\n"
		      "  b: fsync(fd) ...\n"
		      "  reader: fsync(fd) ...\n"
		      "  d: fsync(fd) ...\n"
		      "  e: close(fd)           #6 WRITE /data 0+4K\n"
		      "  e: close = 0\n");
}
END_TEST

START_TEST(notifications_stand_with_the_kernel)
{
	struct notify_spec spec = {
		.note = note_by_name(&protocol_builtin, "inval_inode", strlen("inval_inode")),
		.file = { .mount = 0, .path = "/data" },
	};
	struct event *ev;

	hand_init(&l, 1);
	ev = hand_add(&l, EV_NOTE_START);
	ev->note = 0;
	ev->notify = &spec;
	ev = hand_add(&l, EV_BLOCKED);
	ev->note = 0;
	ev->text = "folio_wait_writeback";
	ev = hand_add(&l, EV_NOTE_DONE);
	ev->note = 0;
	ev->notify = &spec;
	ev->write_errno = ENOENT;
	ev = hand_add(&l, EV_NOTE_DONE);
	ev->notify = &spec;
	expect_ladder("  kernel → fs\n"
		      "  inval: notify inval_inode /data\n"
		      "  ├ inval blocked: folio_wait_writeback\n"
		      "  inval returns ENOENT\n"
		      "  inval_inode returns 0\n");
}
END_TEST

START_TEST(an_interrupt_says_whose_it_is)
{
	struct wire_interrupt_in in;
	struct event *read;

	hand_init(&l, 1);
	read = hand_request(&l, OP_READ, "/data", &(struct wire_read_in){ 0 },
			    sizeof(struct wire_read_in));
	in.unique = read->unique;
	hand_request(&l, OP_INTERRUPT, NULL, &in, sizeof(in));
	expect_ladder("  kernel → fs\n"
		      "  #1 READ /data 0+0\n"
		      "  #2 INTERRUPT of #1\n");
}
END_TEST

START_TEST(a_refused_reply_and_a_delay)
{
	struct event *req;

	hand_init(&l, 1);
	req = hand_request(&l, OP_LOOKUP, "/data", "data", 5);
	hand_more(&l, EV_DELAYED, req)->text = "20ms";
	req = hand_more(&l, EV_REPLY, req);
	req->error = ENOENT;
	req->write_errno = EINVAL;
	expect_ladder("  kernel → fs\n"
		      "  #1 LOOKUP /data  delayed 20ms\n"
		      "  #1 LOOKUP reply = ENOENT, write: EINVAL\n");
}
END_TEST

START_TEST(paths_tell_the_mount_where_there_are_two)
{
	hand_init(&l, 1);
	l.sc.n_mounts = 2;
	hand_write(&l, "/data", 0, 4096)->mount = 1;
	hand_add(&l, EV_REQUEST)->opcode = 99;
	expect_ladder("  kernel → fs\n"
		      "  #1 WRITE lower:/data 0+4K\n"
		      "  #2 opcode 99\n");
}
END_TEST

START_TEST(lines_about_the_run_go_across)
{
	struct event *ev;

	hand_init(&l, 1);
	hand_add(&l, EV_MOUNT)->text = "fs aborted";
	hand_add(&l, EV_KERNEL)->text = "WARNING: in fuse\nmore";
	hand_add(&l, EV_STATE)->text = "phase = two";
	hand_add(&l, EV_KERNEL_RETURN)->text = "fuse_f";
	ev = hand_add(&l, EV_KERNEL_RETURN);
	ev->text = "fuse_g";
	ev->actor = 0;
	ev->value = -EBUSY;
	ev = hand_add(&l, EV_EXIT);
	ev->actor = 0;
	l.steps[0].kind = STEP_HELD;
	l.steps[0].text = "held: disk";
	hand_add(&l, EV_STEP)->step = &l.steps[0];
	expect_ladder("  app              kernel → fs\n"
		      "  -- fs aborted\n"
		      "  -- kernel: WARNING: in fuse\n"
		      "  -- phase = two\n"
		      "  -- fuse_f = 0\n"
		      "  -- app: fuse_g = -EBUSY\n"
		      "  (process ended)\n");
}
END_TEST

START_TEST(long_runs_are_shortened)
{
	size_t i;

	hand_init(&l, 1);
	for (i = 0; i < 12; i++)
		hand_write(&l, "/data", i * 4096, 4096);
	for (i = 0; i < 12; i++)
		hand_more(&l, EV_REPLY, &l.events[i]);
	hand_write(&l, "/other", 0, 4096);
	expect_ladder("  kernel → fs\n"
		      "  #1 WRITE /data 0+4K\n"
		      "  #2 WRITE /data 4K+4K\n"
		      "  #3 WRITE /data 8K+4K\n"
		      "  #4 WRITE /data 12K+4K\n"
		      "  ... 8 more WRITE /data\n"
		      "  #12 WRITE reply = 0\n"
		      "  #25 WRITE /other 0+4K\n");
}
END_TEST

START_TEST(a_run_of_replies_counts_replies)
{
	struct event *write;
	size_t i;

	hand_init(&l, 1);
	write = hand_write(&l, "/data", 0, 4096);
	hand_write(&l, "/other", 0, 4096);
	for (i = 0; i < 10; i++)
		hand_more(&l, EV_REPLY, write);
	expect_ladder("  kernel → fs\n"
		      "  #1 WRITE /data 0+4K\n"
		      "  #2 WRITE /other 0+4K\n"
		      "  #1 WRITE reply = 0\n"
		      "  #1 WRITE reply = 0\n"
		      "  #1 WRITE reply = 0\n"
		      "  #1 WRITE reply = 0\n"
		      "  ... 5 more replies to WRITE /data\n"
		      "  #1 WRITE reply = 0\n");
}
END_TEST

START_TEST(the_row_in_question_is_marked_and_kept)
{
	size_t i;

	hand_init(&l, 1);
	for (i = 0; i < 20; i++)
		hand_write(&l, "/data", i * 4096, 4096);
	expect_rows(6, 0,
		    "  kernel → fs\n"
		    "  #1 WRITE /data 0+4K\n"
		    "  #2 WRITE /data 4K+4K\n"
		    "  #3 WRITE /data 8K+4K\n"
		    "  #4 WRITE /data 12K+4K\n"
		    "  #5 WRITE /data 16K+4K\n"
		    "> #6 WRITE /data 20K+4K\n"
		    "  #7 WRITE /data 24K+4K\n"
		    "  #8 WRITE /data 28K+4K\n"
		    "  #9 WRITE /data 32K+4K\n"
		    "  #10 WRITE /data 36K+4K\n"
		    "  ... 9 more WRITE /data\n"
		    "  #20 WRITE /data 76K+4K\n");
}
END_TEST

static void add_mixed(size_t n)
{
	static const char *const paths[] = { "/a", "/b" };
	size_t i;

	hand_init(&l, 1);
	for (i = 0; i < n; i++)
		hand_write(&l, paths[i % 2], 0, 4096);
}

START_TEST(a_window_keeps_to_its_rows)
{
	add_mixed(20);
	expect_rows(10, 6,
		    "  kernel → fs\n"
		    "  ... 7 earlier\n"
		    "  #8 WRITE /b 0+4K\n"
		    "  #9 WRITE /a 0+4K\n"
		    "> #10 WRITE /b 0+4K\n"
		    "  #11 WRITE /a 0+4K\n"
		    "  ... 9 later\n");
}
END_TEST

START_TEST(without_a_place_the_window_shows_the_end)
{
	add_mixed(20);
	expect_rows(0, 4,
		    "  kernel → fs\n"
		    "  ... 18 earlier\n"
		    "  #19 WRITE /a 0+4K\n"
		    "  #20 WRITE /b 0+4K\n");
}
END_TEST

START_TEST(a_window_at_the_start)
{
	add_mixed(20);
	expect_rows(1, 4,
		    "  kernel → fs\n"
		    "> #1 WRITE /a 0+4K\n"
		    "  #2 WRITE /b 0+4K\n"
		    "  ... 18 later\n");
}
END_TEST

START_TEST(teardown_is_left_out)
{
	struct event *ev;

	hand_init(&l, 1);
	hand_write(&l, "/data", 0, 4096);
	ev = hand_add(&l, EV_MOUNT);
	ev->text = "fs unmounted";
	ev->teardown = true;
	expect_ladder("  kernel → fs\n"
		      "  #1 WRITE /data 0+4K\n");
	/* unless the question is about it */
	expect_rows(2, 0, "  kernel → fs\n"
		    "  #1 WRITE /data 0+4K\n"
		    "> -- fs unmounted\n");
}
END_TEST

START_TEST(teardown_is_shown_where_nothing_else_is)
{
	struct event *ev;

	hand_init(&l, 1);
	ev = hand_add(&l, EV_MOUNT);
	ev->text = "fs unmounted";
	ev->teardown = true;
	expect_ladder("  kernel → fs\n"
		      "  -- fs unmounted\n");
}
END_TEST

START_TEST(noise_is_left_out_unless_named)
{
	const struct op *forget = op_by_code(&protocol_builtin, OP_FORGET);
	struct wire_forget_in in = { .nlookup = 1 };
	struct wire_getxattr_in get = { .size = 0 };
	char xattr[sizeof(get) + sizeof("security.capability")];

	hand_init(&l, 1);
	hand_request(&l, OP_FORGET, "/data", &in, sizeof(in));
	memcpy(xattr, &get, sizeof(get));
	memcpy(xattr + sizeof(get), "security.capability",
	       sizeof("security.capability"));
	hand_more(&l, EV_REPLY, hand_request(&l, OP_GETXATTR, "/data", xattr,
					     sizeof(xattr)))->error = ENODATA;
	hand_write(&l, "/data", 0, 4096);
	expect_ladder("  kernel → fs\n"
		      "  #4 WRITE /data 0+4K\n");
	l.rules[0].ops = &forget;
	l.rules[0].n_ops = 1;
	expect_ladder("  kernel → fs\n"
		      "  #1 FORGET /data nlookup=1\n"
		      "  #4 WRITE /data 0+4K\n");
}
END_TEST

START_TEST(a_dropped_request_names_its_rule)
{
	struct event *ev;

	hand_init(&l, 1);
	l.sc.path = "dir/x.yaml";
	ev = hand_more(&l, EV_DROPPED, hand_write(&l, "/data", 0, 4096));
	ev->rule = 0;
	ev->request = l.sorted[0];
	expect_ladder("  kernel → fs\n"
		      "  #1 WRITE /data 0+4K  dropped (x.yaml:7)\n");
}
END_TEST

/* No data is something else than a reply that has none. */
START_TEST(a_reply_without_a_byte)
{
	struct wire_read_in in = { .size = 4096 };
	struct event *read;

	hand_init(&l, 1);
	read = hand_request(&l, OP_READ, "/data", &in, sizeof(in));
	hand_more(&l, EV_REPLY, read)->has_data = true;
	hand_more(&l, EV_REPLY, hand_request(&l, OP_FSYNC, "/data", NULL, 0));
	expect_ladder("  kernel → fs\n"
		      "  #1 READ /data 0+4K  reply = 0 (0)\n"
		      "  #3 FSYNC /data  reply = 0\n");
}
END_TEST

static void answer_write(struct event *write, struct wire_write_out *out)
{
	struct event *ev = hand_more(&l, EV_REPLY, write);

	ev->msg = out;
	ev->msg_len = sizeof(*out);
}

START_TEST(a_reply_of_one_number)
{
	struct wire_write_out all = { .size = 4096 }, part = { .size = 100 };
	struct wire_lseek_out there = { .offset = 8192 };
	struct event *ev;

	hand_init(&l, 1);
	answer_write(hand_write(&l, "/data", 0, 4096), &all);
	answer_write(hand_write(&l, "/data", 0, 4096), &part);
	ev = hand_request(&l, OP_LSEEK, "/data", &(struct wire_lseek_in){
			  .offset = 1, .whence = 3 },
			  sizeof(struct wire_lseek_in));
	ev = hand_more(&l, EV_REPLY, ev);
	ev->msg = &there;
	ev->msg_len = sizeof(there);
	expect_ladder("  kernel → fs\n"
		      "  #1 WRITE /data 0+4K  reply = 0\n"
		      "  #3 WRITE /data 0+4K  reply = 0 (size=100)\n"
		      "  #5 LSEEK /data offset=1 whence=SEEK_DATA  "
		      "reply = 0 (offset=8K)\n");
}
END_TEST

START_TEST(dots_are_shown_as_asked)
{
	hand_init(&l, 1);
	hand_request(&l, OP_LOOKUP, "/dir", ".", 2);
	hand_request(&l, OP_LOOKUP, "/dir", "dir", 4);
	expect_ladder("  kernel → fs\n"
		      "  #1 LOOKUP /dir name=\".\"\n"
		      "  #2 LOOKUP /dir\n");
}
END_TEST

/* The step that takes a result says what is looked at. */
START_TEST(what_a_started_call_read)
{
	struct step steps[2] = { { .kind = STEP_CALL }, { .kind = STEP_RESULT } };
	struct field_expect size = { .field = 0 };
	struct event *call, *ret;

	hand_init(&l, 1);
	l.sc.steps = steps;
	l.sc.n_steps = 2;
	call = hand_call(&l, 0, "pread", "pread(fd, 16, 0)", true);
	ret = hand_return(&l, call, 16, 0);
	l.outcomes[ret->seq - 1].data = (const uint8_t *)"zzzzzzzzzzzzzzzz";
	l.outcomes[ret->seq - 1].data_len = 16;
	call = hand_call(&l, 0, "fstat", "fstat(fd)", true);
	call->step = &steps[0];
	ret = hand_return(&l, call, 0, 0);
	steps[1].result.expect.fields = &size;
	steps[1].result.expect.n_fields = 1;
	l.outcomes[ret->seq - 1].fields[0] = 4096;
	expect_ladder("  app                               kernel → fs\n"
		      "  pread(fd, 16, 0) ... = 16 'z'*16\n"
		      "  fstat(fd) ... = {size=4K}\n");
}
END_TEST

START_TEST(long_texts_go_on_below)
{
	struct event *ev;

	hand_init(&l, 1);
	hand_call(&l, 0, "open",
		  "open(\"/a/rather/long/path/of/a/file/deep/down/in/a/tree/of/"
		  "directories\", O_RDWR)", false);
	hand_write(&l, "/a/rather/long/path/of/a/file/deep/down/in/a/tree/of/"
		   "directories", 0, 4096);
	ev = hand_add(&l, EV_BLOCKED);
	ev->actor = 0;
	ev->text = "folio_wait_bit_common < folio_wait_writeback < "
		"__filemap_fdatawait_range < file_write_and_wait_range";
	expect_ladder(
		"  app                               kernel → fs\n"
		"  open(\"/a/rather/long/path/of/a/file/deep/down/in/a/tree/of/directories\n"
		"    \", O_RDWR)\n"
		"                                    #2 WRITE\n"
		"                                      /a/rather/long/path/of/a/file/deep\n"
		"                                      /down/in/a/tree/of/directories\n"
		"                                      0+4K\n"
		"  ├ blocked: folio_wait_bit_common < folio_wait_writeback <\n"
		"    __filemap_fdatawait_range < file_write_and_wait_range\n");
	expect_narrow();
}
END_TEST

START_TEST(very_long_texts_are_cut)
{
	static char path[600];

	memset(path, 'x', sizeof(path) - 1);
	path[0] = '/';
	hand_init(&l, 1);
	hand_write(&l, path, 0, 4096);
	expect_narrow();
	columns = 1;
	expect_rows(0, 0,
		"  kernel → fs\n"
		"  #1 WRITE\n"
		"    /xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n"
		"    xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n"
		"    xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...\n");
	columns = 0;
}
END_TEST

static void log_five_clients(void)
{
	struct event *e;

	hand_init(&l, 5);
	l.sc.n_mounts = 3;
	for (int i = 0; i < 4; i++)
		hand_call(&l, i, "fsync", "fsync(fd)", true);
	e = hand_call(&l, 4, "pread", "pread(fd, 4K, 64K)", false);
	hand_more(&l, EV_HELD, hand_write(&l, "/data/in/a/directory", 0, 4096));
	hand_return(&l, e, 0, 0);
}

START_TEST(a_wide_terminal_has_more_columns)
{
	log_five_clients();
	columns = 132;
	expect_rows(0, 0,
		"  app            b              reader         d              e"
		"               kernel → fs\n"
		"  fsync(fd) ...\n"
		"                 fsync(fd) ...\n"
		"                                fsync(fd) ...\n"
		"                                               fsync(fd) ...\n"
		"                                                              "
		"pread(fd, 4K, 64K)\n"
		"                                                                  "
		"            #6 WRITE fs:/data/in/a/directory 0+4K  held (disk)\n"
		"                                                                = 0\n");
	expect_narrow();
	columns = 0;
}
END_TEST

/* What the kernel asks for never begins in a client's column. */
START_TEST(five_clients_and_three_mounts)
{
	log_five_clients();
	expect_ladder(
		"  clients                kernel → fs\n"
		"  app: fsync(fd) ...\n"
		"  b: fsync(fd) ...\n"
		"  reader: fsync(fd) ...\n"
		"  d: fsync(fd) ...\n"
		"  e: pread(fd, 4K, 64K)\n"
		"                         #6 WRITE fs:/data/in/a/directory 0+4K\n"
		"                           held (disk)\n"
		"  e: pread = 0\n");
	expect_narrow();
}
END_TEST

/* Of a long stack, what says which lock or wait it is and the way through FUSE. */
START_TEST(a_stack_is_cut_by_meaning)
{
	struct event *ev;

	hand_init(&l, 1);
	ev = hand_add(&l, EV_BLOCKED);
	ev->actor = 0;
	ev->text = "request_wait_answer < __fuse_simple_request < "
		"fuse_wait_on_page < generic_perform < iomap_something_long < "
		"another_one_of_them < vfs_fsync";
	expect_ladder("  app  kernel → fs\n"
		      "  ├ blocked: request_wait_answer < __fuse_simple_request <\n"
		      "    fuse_wait_on_page .. vfs_fsync\n");
	ev->text = "folio_wait_bit < folio_wait_writeback < invalidate_inode < "
		"path_openat < inode_lock < do_sys_openat2";
	expect_ladder("  app  kernel → fs\n"
		      "  ├ blocked: folio_wait_bit < folio_wait_writeback < invalidate_inode ..\n"
		      "    inode_lock < do_sys_openat2\n");
	ev->text = "wait < generic_perform_write < fuse_cache_write_iter < "
		"do_iter_readv_writev < vfs_iter < vfs_writev";
	expect_ladder("  app  kernel → fs\n"
		      "  ├ blocked: wait < generic_perform_write < fuse_cache_write_iter ..\n"
		      "    vfs_writev\n");
}
END_TEST

/* A cell goes on below where its column ends. */
START_TEST(long_cells_stay_in_their_column)
{
	struct event *write;

	hand_init(&l, 3);
	hand_call(&l, 0, "fsync", "fsync(descriptor)", true);
	hand_call(&l, 1, "fsync", "fsync(descriptor)", true);
	hand_call(&l, 2, "fsync", "fsync(descriptor)", true);
	write = hand_write(&l, "/data", 0, 4096);
	hand_more(&l, EV_HELD, write);
	expect_ladder("  app            b              reader         kernel → fs\n"
		      "  fsync(descriptor) ...\n"
		      "                 fsync(descriptor) ...\n"
		      "                                fsync(descriptor) ...\n"
		      "                                               #4 WRITE /data 0+4K\n"
		      "                                                 held (disk)\n");
	expect_narrow();
}
END_TEST

START_TEST(names_from_the_wire_cannot_draw)
{
	hand_init(&l, 1);
	hand_write(&l, "/a\033[1m\n\x7f", 0, 4096);
	expect_ladder("  kernel → fs\n"
		      "  #1 WRITE /a\\x1b[1m\\n\\x7f 0+4K\n");
}
END_TEST

START_TEST(an_empty_log_draws_nothing)
{
	hand_init(&l, 1);
	expect_ladder("");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("ladder");
	TCase *t = tcase_create("ladder");

	suite_add_tcase(s, t);
	tcase_add_test(t, fsync_waits_for_its_write);
	tcase_add_test(t, an_answer_at_once_shares_the_row);
	tcase_add_test(t, three_clients_have_a_column_each);
	tcase_add_test(t, a_client_that_does_nothing_has_no_column);
	tcase_add_test(t, many_clients_share_a_column);
	tcase_add_test(t, notifications_stand_with_the_kernel);
	tcase_add_test(t, an_interrupt_says_whose_it_is);
	tcase_add_test(t, a_refused_reply_and_a_delay);
	tcase_add_test(t, paths_tell_the_mount_where_there_are_two);
	tcase_add_test(t, lines_about_the_run_go_across);
	tcase_add_test(t, long_runs_are_shortened);
	tcase_add_test(t, a_run_of_replies_counts_replies);
	tcase_add_test(t, the_row_in_question_is_marked_and_kept);
	tcase_add_test(t, a_window_keeps_to_its_rows);
	tcase_add_test(t, without_a_place_the_window_shows_the_end);
	tcase_add_test(t, a_window_at_the_start);
	tcase_add_test(t, teardown_is_left_out);
	tcase_add_test(t, teardown_is_shown_where_nothing_else_is);
	tcase_add_test(t, noise_is_left_out_unless_named);
	tcase_add_test(t, a_dropped_request_names_its_rule);
	tcase_add_test(t, a_reply_without_a_byte);
	tcase_add_test(t, a_reply_of_one_number);
	tcase_add_test(t, dots_are_shown_as_asked);
	tcase_add_test(t, what_a_started_call_read);
	tcase_add_test(t, long_texts_go_on_below);
	tcase_add_test(t, very_long_texts_are_cut);
	tcase_add_test(t, a_wide_terminal_has_more_columns);
	tcase_add_test(t, five_clients_and_three_mounts);
	tcase_add_test(t, a_stack_is_cut_by_meaning);
	tcase_add_test(t, long_cells_stay_in_their_column);
	tcase_add_test(t, names_from_the_wire_cannot_draw);
	tcase_add_test(t, an_empty_log_draws_nothing);
	return unit_main(s);
}
