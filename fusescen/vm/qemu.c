/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command line of qemu.  A machine has two serial ports, the console and
 * the channel.  They are sockets, and the initial root is a file in memory, so
 * that nothing is left of a machine however it ends.  Main thread only.
 */
#include "config.h"

#include "fusescen/vm/qemu.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child.h"
#include "base/mem.h"
#include "base/units.h"
#include "fusescen/util/errors.h"
#include "fusescen/vm/initrd.h"

/* The descriptors that qemu gets. */
#define CONSOLE_FD	3
#define CHANNEL_FD	4
#define INITRD_FD	5

#define REAP_TRIES	500	/* of 10 ms each */
#define REAP_GAP_NS	(10 * NS_PER_MS)

/* Linux takes no more on x86 (COMMAND_LINE_SIZE), and cuts off the rest. */
#define KERNEL_ARGS_MAX	2047

/*
 * panic=-1 with -no-reboot ends qemu, and after an oops the kernel panics
 * because it is not trusted any more.  Warnings go to the console (loglevel),
 * where they outlive a crash.  The kernel does not check the timer: it would compare
 * it with a clock that goes on while the host does something else, and panic.
 */
#define KERNEL_ARGS							\
	"console=ttyS0 8250.nr_uarts=2 loglevel=5 panic=-1 oops=panic "	\
	"mitigations=off no_timer_check random.trust_cpu=on printk.devkmsg=on "	\
	"LD_LIBRARY_PATH=/" GUEST_LIBRARIES " rdinit=/" GUEST_PROGRAM
#define GUEST_ARGS	" -- guest"	/* what is behind "--" is the program's */

static char *kernel_args(const char *append)
{
	return xasprintf("%s%s%s%s", KERNEL_ARGS, *append ? " " : "", append,
			 GUEST_ARGS);
}

/* The word "--" by itself would end the kernel's arguments. */
static bool ends_args(const char *append)
{
	const char *at;

	for (at = append; (at = strstr(at, "--")); at++)
		if ((at == append || isspace((unsigned char)at[-1])) &&
		    (!at[2] || isspace((unsigned char)at[2])))
			return true;
	return false;
}

int qemu_check_append(const char *append)
{
	auto_free char *args = kernel_args(append);

	if (ends_args(append)) {
		put_error("\"--\" would end the arguments of the kernel");
		return -1;
	}
	if (strlen(args) <= KERNEL_ARGS_MAX)
		return 0;
	put_error("with \"%.40s...\", the kernel would get %zu characters of "
		  "arguments, and it reads %d", append, strlen(args),
		  KERNEL_ARGS_MAX);
	return -1;
}

char *qemu_find(void)
{
	const char *name = getenv("FUSESCEN_QEMU"), *path = getenv("PATH");
	char *copy, *rest, *dir, *at = NULL;

	if (!name || !*name)
		name = "qemu-system-x86_64";
	if (strchr(name, '/'))
		path = NULL;
	rest = copy = xstrdup(path ? path : "");
	while (!at && (dir = strsep(&rest, ":"))) {
		at = path ? xasprintf("%s/%s", *dir ? dir : ".", name) :
			xstrdup(name);
		if (access(at, X_OK)) {
			free(at);
			at = NULL;
		}
	}
	free(copy);
	if (!at)
		put_error("no %s: --kernel needs qemu (Debian: qemu-system-x86)",
			  name);
	return at;
}

static int move_fd(int from, int to)
{
	return dup2(from, to) == to ? 0 : -1;
}

/* Raises a descriptor above the numbers that qemu gets, so that dup2(2) closes
 * none of them. */
static int raise_fd(int fd)
{
	return fcntl(fd, F_DUPFD_CLOEXEC, INITRD_FD + 1);
}

static _Noreturn void become_qemu(char *const *argv, pid_t parent, int console,
				  int channel, int initrd)
{
	int null = raise_fd(open("/dev/null", O_RDONLY));
	sigset_t none;

	die_with(parent);
	setpgid(0, 0);		/* a ^C in the terminal is for us */
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	console = raise_fd(console);
	channel = raise_fd(channel);
	initrd = raise_fd(initrd);
	if (move_fd(null, 0) || move_fd(console, 1) || move_fd(console, 2) ||
	    move_fd(console, CONSOLE_FD) || move_fd(channel, CHANNEL_FD) ||
	    move_fd(initrd, INITRD_FD))
		_exit(1);
	execv(argv[0], argv);
	dprintf(2, "%s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

static int make_sockets(int console[2], int channel[2])
{
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, console))
		return -1;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel)) {
		close(console[0]);
		close(console[1]);
		return -1;
	}
	fcntl(console[0], F_SETFL, O_NONBLOCK);
	fcntl(channel[0], F_SETFL, O_NONBLOCK);
	return 0;
}

/*
 * With one thread for all processors, which take turns, qemu is quicker, but
 * shows no race. qemu 7.2: without -cx16 one boot in fourteen ends in a double
 * fault; with several threads one in two hundred does, and is then tried again.
 */
static const char *accel_word(enum accel accel, unsigned cpus)
{
	switch (accel) {
	case ACCEL_KVM:
		return "kvm";
	case ACCEL_TCG:
		break;
	}
	return cpus > 1 ? "tcg,thread=multi" : "tcg,thread=single";
}

int qemu_start(struct qemu *q, const char *program, const char *image,
	       int initrd_fd, enum accel accel, const struct qemu_machine *m)
{
	auto_free char *append = kernel_args(m->append);
	char smp[16], memory[16];
	const char *const argv[] = {
		program, "-machine", "pc",
		"-accel", accel_word(accel, m->cpus),
		"-cpu", accel == ACCEL_KVM ? "host" : "max,-cx16",
		"-smp", smp, "-m", memory, "-nodefaults", "-no-user-config",
		"-display", "none", "-no-reboot",
		"-chardev", "socket,id=console,fd=3", "-serial", "chardev:console",
		"-chardev", "socket,id=channel,fd=4", "-serial", "chardev:channel",
		"-kernel", image, "-initrd", "/dev/fd/5", "-append", append,
		NULL,
	};
	int console[2], channel[2], err;
	pid_t self = getpid();

	*q = (struct qemu){ 0, -1, -1 };
	snprintf(smp, sizeof(smp), "%u", m->cpus);
	snprintf(memory, sizeof(memory), "%u", m->memory_mb);
	if (make_sockets(console, channel))
		return -1;
	fflush(NULL);
	q->pid = fork();
	if (q->pid == 0)
		become_qemu((char *const *)argv, self, console[1], channel[1],
			    initrd_fd);
	err = errno;
	close(console[1]);
	close(channel[1]);
	q->console_fd = console[0];
	q->channel_fd = channel[0];
	if (q->pid > 0)
		return 0;
	q->pid = 0;
	qemu_end(q);
	errno = err;
	return -1;
}

/* A qemu that is stuck in KVM may not end soon.  It is then left to init. */
void qemu_end(struct qemu *q)
{
	int i;

	if (q->pid > 0) {
		kill(-q->pid, SIGKILL);
		kill(q->pid, SIGKILL);
		for (i = 0; i < REAP_TRIES && waitpid(q->pid, NULL, WNOHANG) == 0; i++)
			sleep_ns(REAP_GAP_NS);
	}
	if (q->console_fd >= 0)
		close(q->console_fd);
	if (q->channel_fd >= 0)
		close(q->channel_fd);
	*q = (struct qemu){ 0, -1, -1 };
}
