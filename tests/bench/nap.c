/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a delay of 1 ms costs on this machine without FUSE: pairs of threads, one
 * asks by a pipe, the other sleeps and answers.  Prints what was above 1 ms at
 * the 50th and 99th percentiles, in microseconds.
 *
 *	nap PAIRS SECONDS
 */
#include "config.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/units.h"

#define PAIRS_MAX	16

struct pair {
	int question[2], answer[2];
	uint64_t until_ns;
	uint64_t *over_ns;		/* one each */
	size_t n, max;
	pthread_t asker, sleeper;
};

static void *sleep_and_answer(void *arg)
{
	struct pair *p = arg;
	char c;

	prctl(PR_SET_TIMERSLACK, 1UL);
	while (read(p->question[0], &c, 1) == 1) {
		uint64_t due = clock_ns() + NS_PER_MS;
		const struct timespec ts = {
			.tv_sec = due / NS_PER_S, .tv_nsec = due % NS_PER_S,
		};

		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
		if (write(p->answer[1], &c, 1) != 1)
			break;
	}
	return NULL;
}

static void *ask(void *arg)
{
	struct pair *p = arg;
	char c = 0;

	while (p->n < p->max) {
		uint64_t begin = clock_ns();

		if (begin > p->until_ns || write(p->question[1], &c, 1) != 1 ||
		    read(p->answer[0], &c, 1) != 1)
			break;
		p->over_ns[p->n++] = clock_ns() - begin - NS_PER_MS;
	}
	close(p->question[1]);
	return NULL;
}

static void start(struct pair *p, unsigned seconds)
{
	p->until_ns = clock_ns() + seconds * NS_PER_S;
	p->max = seconds * 1000ul;
	p->over_ns = xcalloc(p->max, sizeof(*p->over_ns));
	if (pipe(p->question) || pipe(p->answer) ||
	    pthread_create(&p->sleeper, NULL, sleep_and_answer, p) ||
	    pthread_create(&p->asker, NULL, ask, p))
		die_bug("nap: no pipe, or no thread");
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void print(uint64_t *over_ns, size_t n)
{
	if (!n)
		return;
	qsort(over_ns, n, sizeof(*over_ns), compare);
	printf("%.0f %.0f\n", (double)over_ns[n / 2] / 1e3,
	       (double)over_ns[n * 99 / 100] / 1e3);
}

int main(int argc, char **argv)
{
	unsigned n = argc == 3 ? (unsigned)atoi(argv[1]) : 0, i;
	unsigned seconds = argc == 3 ? (unsigned)atoi(argv[2]) : 0;
	struct pair pairs[PAIRS_MAX] = { 0 };
	uint64_t *all;
	size_t total = 0;

	if (!n || n > PAIRS_MAX || !seconds) {
		fprintf(stderr, "usage: nap PAIRS SECONDS\n");
		return 2;
	}
	all = xcalloc(n * seconds * 1000ul, sizeof(*all));
	for (i = 0; i < n; i++)
		start(&pairs[i], seconds);
	for (i = 0; i < n; i++) {
		pthread_join(pairs[i].asker, NULL);
		pthread_join(pairs[i].sleeper, NULL);
		memcpy(all + total, pairs[i].over_ns,
		       pairs[i].n * sizeof(*all));
		total += pairs[i].n;
		free(pairs[i].over_ns);
	}
	print(all, total);
	free(all);
	return 0;
}
