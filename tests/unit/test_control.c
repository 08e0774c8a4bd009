/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Control files are their connection's, whoever has its number next.  Mounts for
 * real, in a mount namespace of its own; skipped where that cannot be had.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "server/mount.h"
#include "tests/unit/unit.h"

#define TRIES	100	/* others mount too, and take the number */

static char dir[] = "/tmp/fusescen-control-XXXXXX";
static char fusectl[] = "/tmp/fusescen-fusectl-XXXXXX";

struct mounted {
	int fd;
	uint32_t number;
};

static struct mounted make(void)
{
	const struct mount_spec spec = { .name = "fs", .kind = MOUNT_FUSE };
	struct mounted m = { .fd = open("/dev/fuse", O_RDWR | O_CLOEXEC) };

	ck_assert_int_ge(m.fd, 0);
	ck_assert_int_eq(mount_fuse(&spec, m.fd, dir), 0);
	ck_assert_int_eq(mount_connection(dir, &m.number), 0);
	return m;
}

static void unmake(struct mounted m)
{
	ck_assert_int_eq(umount2(dir, MNT_DETACH), 0);
	close(m.fd);
}

static struct control_files open_files(uint32_t number)
{
	auto_buf struct buf path = BUF_INIT;
	struct control_files c;

	control_dir(&path, fusectl, number);
	ck_assert_int_eq(control_open(&c, buf_str(&path)), 0);
	return c;
}

static bool is_connected(struct mounted m)
{
	struct pollfd p = { .fd = m.fd };

	poll(&p, 1, 0);
	return !(p.revents & POLLERR);
}

START_TEST(another_has_the_number)
{
	struct mounted old = { 0 }, new = { 0 };
	struct control_files of_old, of_new;
	uint64_t waiting;
	int i;

	for (i = 0; i < TRIES; i++) {
		old = make();
		of_old = open_files(old.number);
		unmake(old);
		new = make();
		if (new.number == old.number)
			break;
		unmake(new);
		control_close(&of_old);
	}
	if (i == TRIES)
		return;
	ck_assert_int_eq(control_waiting(&of_old, &waiting), ENOENT);
	control_abort(&of_old);
	ck_assert(is_connected(new));
	of_new = open_files(new.number);
	ck_assert_int_eq(control_waiting(&of_new, &waiting), 0);
	ck_assert_int_eq(control_abort(&of_new), 0);
	ck_assert(!is_connected(new));
	unmake(new);
	control_close(&of_new);
	control_close(&of_old);
}
END_TEST

START_TEST(none_are_there)
{
	struct control_files c;
	auto_free char *none = xasprintf("%s/none", fusectl);

	ck_assert_int_eq(control_open(&c, none), ENOENT);
	ck_assert_int_eq(c.abort, -1);
	ck_assert_int_eq(c.waiting, -1);
	control_close(&c);
}
END_TEST

/* For tests to inherit; NULL: it can be had. */
static const char *make_world(void)
{
	if (access("/dev/fuse", R_OK | W_OK))
		return "no access to /dev/fuse";
	if (unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return "no mount namespace to be had";
	if (!mkdtemp(dir) || !mkdtemp(fusectl) ||
	    mount("fusectl", fusectl, "fusectl", 0, NULL))
		return "no fusectl to be had";
	return NULL;
}

static int run_suite(void)
{
	Suite *suite = suite_create("control");
	TCase *tc = tcase_create("native");

	tcase_add_test(tc, another_has_the_number);
	tcase_add_test(tc, none_are_there);
	suite_add_tcase(suite, tc);
	return unit_main(suite);
}

int main(void)
{
	const char *why = make_world();
	int status = 0;

	if (why)
		printf("1..0 # SKIP %s\n", why);
	else
		status = run_suite();
	umount2(fusectl, MNT_DETACH);
	rmdir(fusectl);
	rmdir(dir);
	return status;
}
