/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tap under somebody else's filesystem, mounted for real: the server is
 * this process, its client a child that was forked before anything else.  In a
 * mount namespace of its own; skipped where that or /dev/fuse cannot be had.
 */
#include "config.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <time.h>

#include "base/mem.h"
#include "base/units.h"
#include "tests/unit/foreign.h"

#define CLIENT_S	30	/* then it unmounts by force */

static struct foreign foreign;
static struct fuse_session *se;
static fusescen_file *file;
static fusescen_attachment *at;
static fusescen_report *report;
static char dir[] = "/tmp/fusescen-attach-XXXXXX";
static pid_t client;

/* ThreadSanitizer does not see locks that a thread takes after it was cancelled
 * in a system call, as libfuse does with its workers.  It finds this function only
 * if the program exports it. */
__attribute__((visibility("default")))
const char *__tsan_default_suppressions(void);
const char *__tsan_default_suppressions(void)
{
	return "race:thread_ends\n";
}

/* What the client has seen. */
struct seen {
	_Atomic int go;			/* the server is up */
	_Atomic int asked;		/* calls begun */
	_Atomic int result[64];		/* bytes or -errno */
	_Atomic uint64_t took[64];
};
static struct seen *seen;

/* ---- the client ---- */

static void sleep_ms(unsigned ms)
{
	const struct timespec t = { .tv_nsec = ms * NS_PER_MS };

	nanosleep(&t, NULL);
}

static int open_hello(void)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/hello", dir);
	return open(path, O_RDWR);
}

static void read_hello(int fd, int i)
{
	uint64_t before = clock_ns();
	char buf[5];
	ssize_t n;

	atomic_fetch_add(&seen->asked, 1);
	n = pread(fd, buf, sizeof(buf), 0);
	if (n == 5 && memcmp(buf, "hello", 5))
		n = 4711;
	seen->took[i] = clock_ns() - before;
	seen->result[i] = n < 0 ? -errno : (int)n;
}

/* So many reads one after the other. */
static void read_often(int n)
{
	int fd = open_hello(), i;

	for (i = 0; i < n; i++)
		read_hello(fd, i);
	close(fd);
}

/* So many at once, by a process each. */
static void read_at_once(int n)
{
	int fd = open_hello(), i;

	for (i = 0; i < n; i++) {
		if (fork() == 0) {
			read_hello(fd, i);
			_exit(0);
		}
	}
	while (wait(NULL) > 0)
		;
	close(fd);
}

/* So many at once, each of them again and again; a result for each process, which
 * is the first that is wrong. */
static void read_at_once_and_often(int n)
{
	int fd = open_hello(), i, times;

	for (i = 0; i < n; i++) {
		if (fork() == 0) {
			seen->result[i] = 5;
			for (times = 0; times < 100 && seen->result[i] == 5; times++)
				read_hello(fd, i);
			_exit(0);
		}
	}
	while (wait(NULL) > 0)
		;
	close(fd);
}

/* Whoever waits for an answer gets ECONNABORTED, and the server's loop ends. */
static void give_up(int sig)
{
	(void)sig;
	umount2(dir, MNT_FORCE | MNT_DETACH);
	_exit(1);
}

static void be_the_client(void (*what)(int n), int n)
{
	signal(SIGALRM, give_up);
	alarm(CLIENT_S);
	while (!seen->go)
		sleep_ms(1);
	what(n);
	umount2(dir, MNT_DETACH);
	_exit(0);
}

/* ---- the server ---- */

static void setup(void)
{
	foreign_setup(&foreign, "hello, world");
	seen = mmap(NULL, sizeof(*seen), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(seen, MAP_FAILED);
	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(unshare(CLONE_NEWNS), 0);
	ck_assert_int_eq(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), 0);
	se = foreign_session(&foreign);
	ck_assert_int_eq(fuse_session_mount(se, dir), 0);
}

static void begin(const char *rest, void (*what)(int n), int n)
{
	char *error = NULL;

	client = fork();
	if (client == 0) {
		close(fuse_session_fd(se));
		be_the_client(what, n);
	}
	file = foreign_file(rest);
	at = fusescen_attach(se, file, 0, NULL, &error);
	ck_assert_msg(at != NULL, "%s", error);
	seen->go = 1;
}

static int serve(bool clone, unsigned idle)
{
	struct fuse_loop_config *config = fuse_loop_cfg_create();
	int err;

	fuse_loop_cfg_set_clone_fd(config, clone);
	fuse_loop_cfg_set_idle_threads(config, idle);
	err = fuse_session_loop_mt(se, config);
	fuse_loop_cfg_destroy(config);
	return err;
}

static void detach(void)
{
	report = fusescen_detach(at);
	at = NULL;
}

static void assert_verdict(enum fusescen_verdict want)
{
	ck_assert_msg(fusescen_verdict(report) == want, "%d: %s",
		      fusescen_verdict(report), fusescen_text(report));
}

static void wait_client(void)
{
	int status;

	ck_assert_int_eq(waitpid(client, &status, 0), client);
	client = 0;
	ck_assert_int_eq(status, 0);
}

static void teardown(void)
{
	if (at)
		detach();
	fusescen_report_free(report);
	fusescen_free(file);
	fuse_session_unmount(se);
	fuse_session_destroy(se);
	if (client > 0) {
		kill(client, SIGKILL);
		waitpid(client, NULL, 0);
	}
	umount2(dir, MNT_DETACH);
	rmdir(dir);
}

static const char faults[] =
	"rules:\n"
	"- {op: READ, file: /hello, nth: 2, reply: {error: EIO}}\n"
	"- {op: READ, file: /hello, nth: 1, delay: 50ms}\n"
	"expect:\n"
	"- {count: READ /hello, is: 4}\n"
	"- {order: [reply READ = 0, reply READ = EIO, reply READ = 0]}\n";

START_TEST(a_filesystem_gains_errors_and_delays)
{
	begin(faults, read_often, 4);
	ck_assert_int_eq(serve(_i, 10), 0);
	wait_client();
	ck_assert_int_eq(seen->result[0], 5);
	ck_assert_int_eq(seen->result[1], -EIO);
	ck_assert_int_eq(seen->result[2], 5);
	ck_assert_int_eq(seen->result[3], 5);
	ck_assert_uint_ge(seen->took[0], 50 * NS_PER_MS);
	ck_assert_uint_eq(foreign.reads, 3);
	detach();
	assert_verdict(FUSESCEN_PASS);
}
END_TEST

START_TEST(one_thread_serves_too)
{
	begin("rules:\n- {op: READ, delay: 20ms, reply: {data: \"hello\"}}\n",
	      read_at_once, 4);
	ck_assert_int_eq(fuse_session_loop(se), 0);
	wait_client();
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(seen->result[i], 5);
	detach();
	assert_verdict(FUSESCEN_PASS);
}
END_TEST

START_TEST(a_check_says_no)
{
	begin("expect:\n"
	      "- {count: READ /hello, is: 2}\n"
	      "- {never: OPEN /hello}\n", read_often, 3);
	ck_assert_int_eq(serve(true, 10), 0);
	wait_client();
	detach();
	assert_verdict(FUSESCEN_FAIL);
	ck_assert_ptr_nonnull(strstr(fusescen_text(report), "test.yaml:4:"));
	ck_assert_ptr_nonnull(strstr(fusescen_text(report), "test.yaml:5:"));
}
END_TEST

/* Workers that come and go, each with a descriptor of its own, while what they
 * have read is delayed. */
START_TEST(workers_may_go)
{
	begin("rules:\n"
	      "- {op: READ, delay: 1ms..40ms}\n"
	      "expect:\n- {count: reply READ = 0, is: 40}\n",
	      read_at_once, 40);
	ck_assert_int_eq(serve(true, 0), 0);
	wait_client();
	for (int i = 0; i < 40; i++)
		ck_assert_int_eq(seen->result[i], 5);
	detach();
	assert_verdict(FUSESCEN_PASS);
}
END_TEST

static void *detach_when_asked(void *arg)
{
	(void)arg;
	while (seen->asked < 3)
		sleep_ms(1);
	sleep_ms(50);
	detach();
	return NULL;
}

START_TEST(detaching_lets_go_of_what_is_held)
{
	pthread_t thread;

	begin("rules:\n- {op: READ, drop: true}\n", read_at_once, 3);
	ck_assert_int_eq(pthread_create(&thread, NULL, detach_when_asked, NULL), 0);
	ck_assert_int_eq(serve(_i, 10), 0);
	pthread_join(thread, NULL);
	wait_client();
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(seen->result[i], 5);
	assert_verdict(FUSESCEN_PASS);
}
END_TEST

/* They take longer than the tap waits.  By then a handler has what another worker
 * has read, which has a descriptor of its own. */
START_TEST(handlers_that_outlast_the_tap_answer_where_it_was_read)
{
	pthread_t thread;

	foreign.read_ms = 2300;
	begin("rules:\n- {op: READ, drop: true}\n", read_at_once, 3);
	ck_assert_int_eq(pthread_create(&thread, NULL, detach_when_asked, NULL), 0);
	ck_assert_int_eq(serve(true, 10), 0);
	pthread_join(thread, NULL);
	wait_client();
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(seen->result[i], 5);
}
END_TEST

static void *detach_meanwhile(void *arg)
{
	(void)arg;
	while (seen->asked < 40)
		sched_yield();
	detach();
	return NULL;
}

/* Each worker has a descriptor of its own, and what it has read while the tap was
 * leaving has to be answered there. */
START_TEST(detaching_loses_nothing_that_comes_meanwhile)
{
	pthread_t thread;

	begin("rules:\n- {op: READ, nth: 3, drop: true}\n", read_at_once_and_often, 6);
	ck_assert_int_eq(pthread_create(&thread, NULL, detach_meanwhile, NULL), 0);
	ck_assert_int_eq(serve(true, 10), 0);
	pthread_join(thread, NULL);
	wait_client();
	for (int i = 0; i < 6; i++)
		ck_assert_int_eq(seen->result[i], 5);
	assert_verdict(FUSESCEN_PASS);
}
END_TEST

START_TEST(a_rule_kills_the_connection)
{
	begin("rules:\n- {op: READ, nth: 2, die: true}\n", read_often, 3);
	ck_assert_int_eq(serve(_i, 10), 0);
	wait_client();
	ck_assert_int_eq(seen->result[0], 5);
	ck_assert_int_eq(seen->result[1], -ECONNABORTED);
	/* Sent before the last worker has closed its descriptor, or after. */
	ck_assert(seen->result[2] == -ENOTCONN ||
		  seen->result[2] == -ECONNABORTED);
	detach();
	assert_verdict(FUSESCEN_PASS);
}
END_TEST

/* ---- here? ---- */

/* A child tries what setup() needs: NULL, or what cannot be had. */
static const char *missing(void)
{
	static const char *const what[] = {
		NULL, "/dev/fuse cannot be opened", "no mount namespace",
	};
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		if (open("/dev/fuse", O_RDWR) < 0)
			_exit(1);
		_exit(unshare(CLONE_NEWNS) || mount(NULL, "/", NULL,
			MS_REC | MS_PRIVATE, NULL) ? 2 : 0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return "no child";
	return what[WEXITSTATUS(status) % ARRAY_SIZE(what)];
}

int main(void)
{
	Suite *suite = suite_create("attach_native");
	TCase *tc = tcase_create("native");
	const char *why = missing();

	if (why) {
		printf("1..0 # SKIP %s\n", why);
		return 0;
	}
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, a_filesystem_gains_errors_and_delays, 0, 2);
	tcase_add_test(tc, one_thread_serves_too);
	tcase_add_test(tc, a_check_says_no);
	tcase_add_test(tc, workers_may_go);
	tcase_add_loop_test(tc, detaching_lets_go_of_what_is_held, 0, 2);
	tcase_add_loop_test(tc, handlers_that_outlast_the_tap_answer_where_it_was_read,
			    0, 2);
	tcase_add_loop_test(tc, detaching_loses_nothing_that_comes_meanwhile, 0, 10);
	tcase_add_loop_test(tc, a_rule_kills_the_connection, 0, 2);
	suite_add_tcase(suite, tc);
	return unit_main(suite);
}
