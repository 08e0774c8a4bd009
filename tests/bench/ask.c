/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How fast a control socket answers: asks for the statistics, again and again,
 * one question at a time, and prints what the answers took.
 *
 *	ask SOCKET QUESTIONS GAP_MS
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/units.h"

static int connect_to(const char *path)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(to.sun_path, sizeof(to.sun_path), "%s", path);
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to))) {
		fprintf(stderr, "ask: %s: %s\n", path, strerror(errno));
		exit(2);
	}
	return fd;
}

/* One question until the end of its line of answer. */
static uint64_t ask(int fd)
{
	static const char question[] = "{\"stats\": true}\n";
	uint64_t begin = clock_ns();
	char answer[65536];
	ssize_t n;

	if (write(fd, question, strlen(question)) < 0)
		n = -1;
	else
		do
			n = read(fd, answer, sizeof(answer));
		while (n > 0 && answer[n - 1] != '\n');
	if (n <= 0) {
		fprintf(stderr, "ask: no answer\n");
		exit(1);
	}
	return clock_ns() - begin;
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	size_t n = argc > 2 ? strtoul(argv[2], NULL, 10) : 0, i;
	long gap_ms = argc > 3 ? atol(argv[3]) : 0;
	const struct timespec gap = {
		gap_ms / 1000, gap_ms % 1000 * (long)NS_PER_MS,
	};
	uint64_t *took;
	int fd;

	if (!n) {
		fprintf(stderr, "usage: ask SOCKET QUESTIONS GAP_MS\n");
		return 2;
	}
	took = xcalloc(n, sizeof(*took));
	fd = connect_to(argv[1]);
	for (i = 0; i < n; i++) {
		nanosleep(&gap, NULL);
		took[i] = ask(fd);
	}
	qsort(took, n, sizeof(*took), compare);
	printf("%zu answers, in us: median %.0f, p99 %.0f, max %.0f\n", n,
	       (double)took[n / 2] / 1e3, (double)took[(n * 99 + 99) / 100 - 1] / 1e3,
	       (double)took[n - 1] / 1e3);
	close(fd);
	free(took);
	return 0;
}
