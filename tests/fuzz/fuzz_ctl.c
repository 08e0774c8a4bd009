/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any bytes from a client of a server's control socket (fusescen-ctl(7)), while
 * gates hold requests: lines, commands, replies, the events that follow.
 */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/un.h>

#include "run/serve/control.h"
#include "tests/fuzz/kernel.h"

#define TURNS_MAX	64	/* each is one command, or a wait for one */
#define WAIT_MS		1

static const char text[] =
	"fusescen: 1\n"
	"mounts: {fs: {init: {max_write: 4K}, files: {/data: {size: 4K}, /dir/one: {size: 1}}}}\n"
	"states: {disk: [good, bad], net: up}\n"
	"rules:\n"
	"- {op: WRITE, name: writes, hold: disk}\n"
	"- {op: READ, hold: {gate: late, after: true}}\n"
	"- {op: STATFS, name: full, when: {disk: bad}, reply: {error: EIO}}\n"
	"- {op: GETATTR, where: {fh: 1..}, set: {disk: bad}, reply: {size: 1T}}\n";

static struct scenario_file *scenario;
static char dir[] = "/tmp/fusescen-fuzz-XXXXXX";
static char path[64];
static int listening;

static void clean_up(void)
{
	unlink(path);
	rmdir(dir);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	char *why;

	(void)argc;
	(void)argv;
	scenario = fuzz_scenario(text);
	if (!mkdtemp(dir))
		die_bug("mkdtemp");
	snprintf(path, sizeof(path), "%s/ctl", dir);
	listening = control_listen(path, &why);
	if (listening < 0)
		die_bug("%s", why);
	atexit(clean_up);
	return 0;
}

static int connect_client(void)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	memcpy(at.sun_path, path, sizeof(path));
	if (fd < 0 || connect(fd, (const struct sockaddr *)&at, sizeof(at)))
		die_bug("connect: %s", strerror(errno));
	return fd;
}

static void ask(struct kernel *k, uint32_t opcode, uint64_t unique,
		const void *body, size_t len)
{
	uint8_t msg[256];
	const struct wire_in_header h = {
		.len = (uint32_t)(sizeof(h) + len), .opcode = opcode,
		.unique = unique, .nodeid = 1,
	};

	memcpy(msg, &h, sizeof(h));
	memcpy(msg + sizeof(h), body, len);
	kernel_send(k->fds[0], msg, h.len);
}

/* Two WRITEs and a READ of the root directory, which are held all the same. */
static void fill_gates(struct kernel *k)
{
	const struct wire_write_in write_in = { .size = 0 };
	const struct wire_read_in read_in = { .size = 10 };

	ask(k, OP_WRITE, 2, &write_in, sizeof(write_in));
	ask(k, OP_WRITE, 4, &write_in, sizeof(write_in));
	ask(k, OP_READ, 6, &read_in, sizeof(read_in));
	kernel_settle(k);
}

/* As much as the server takes; all of it is there before it has ended. */
static void send_some(int fd, struct input *in)
{
	ssize_t n = send(fd, in->at, in->left, MSG_NOSIGNAL);

	if (n > 0) {
		in->at += n;
		in->left -= (size_t)n;
	}
	if (!in->left)
		shutdown(fd, SHUT_WR);
}

/* Until the server has hung up, or waits for what we do not do. */
static void serve(struct control_socket *ctl, int client, struct input *in)
{
	struct pollfd polled[1 + LIMIT_CTL_CLIENTS];
	char reply[4096];
	unsigned turns;

	for (turns = 0; turns < TURNS_MAX; turns++) {
		nfds_t n = (nfds_t)control_poll(ctl, polled);
		int ms = control_timeout(ctl);
		ssize_t got;

		if (in->left)
			send_some(client, in);
		poll(polled, n, ms < 0 || ms > WAIT_MS ? WAIT_MS : ms);
		control_turn(ctl, polled);
		do
			got = recv(client, reply, sizeof(reply), MSG_DONTWAIT);
		while (got > 0);
		if (got == 0)
			return;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	int wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	struct control_socket *ctl;
	struct commands *commands;
	struct stats *stats = stats_new(&protocol_builtin);
	struct run run = { .kmsg = -1 };
	struct kernel k;
	int client;

	kernel_start(&k, scenario->cases[0]);
	kernel_init(&k, 0);
	fill_gates(&k);
	run.sc = k.sc;
	run.log = k.log;
	run.engine = k.engine;
	run.server = k.server;
	commands = commands_new(&(struct commands_for){
		.run = &run, .served = { &server_ops, run.server },
		.stats = stats, .start_ns = clock_ns(), .wake_fd = wake,
	});
	ctl = control_new(fcntl(listening, F_DUPFD_CLOEXEC, 0), commands);
	client = connect_client();
	serve(ctl, client, &in);
	kernel_stop(&k);
	control_free(ctl);
	close(client);
	kernel_free(&k);
	commands_free(commands);
	stats_free(stats);
	close(wake);
	return 0;
}
