/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The numbers that are measured: how they are written, and their statistics. */
#include "config.h"

#include "fusescen/bench/values.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"

/* Writes 470K, 1530K, 9.1K or 812.  */
static void print_count(char *to, size_t size, double v)
{
	if (v >= 100e3)
		snprintf(to, size, "%.0fK", v / 1e3);
	else if (v >= 1e3)
		snprintf(to, size, "%.1fK", v / 1e3);
	else
		snprintf(to, size, "%.0f", v);
}

static void print_bandwidth(char *to, size_t size, double v)
{
	double mib = v / (1 << 20);

	snprintf(to, size, mib < 10 ? "%.1f MiB/s" : "%.0f MiB/s", mib);
}

static void print_time(char *to, size_t size, double ns)
{
	if (ns >= 10e6)
		snprintf(to, size, "%.0f ms", ns / 1e6);
	else if (ns >= 1e6)
		snprintf(to, size, "%.1f ms", ns / 1e6);
	else
		snprintf(to, size, "%.0f us", ns / 1e3);
}

static void print_rate(char *to, size_t size, double v)
{
	char count[32];

	print_count(count, sizeof(count), v);
	snprintf(to, size, "%s/s", count);
}

static const struct value_kind kinds[N_VALUES] = {
	[VALUE_IOPS] = { "IOPS", "1/s", 0, 1, print_count },
	[VALUE_BANDWIDTH] = { "bandwidth", "bytes/s", 0, 1 << 20, print_bandwidth },
	[VALUE_LATENCY] = { "mean latency", "ns", 0, 1, print_time },
	[VALUE_LATENCY_P99] = { "99% latency", "ns", 0, 1, print_time },
	[VALUE_CONTENTION] = { "lock contention", "1/s", 1, 1, print_rate },
	[VALUE_CONTENTION_SPIN] = { "spinlock contention", "1/s", 1, 1,
				    print_rate },
	[VALUE_CONTENTION_RWSEM] = { "rwsem contention", "1/s", 1, 1, print_rate },
};

const char *const value_names[N_VALUES + 1] = {
	[VALUE_IOPS] = "iops",
	[VALUE_BANDWIDTH] = "bandwidth",
	[VALUE_LATENCY] = "latency",
	[VALUE_LATENCY_P99] = "latency_p99",
	[VALUE_CONTENTION] = "contention",
	[VALUE_CONTENTION_SPIN] = "contention_spin",
	[VALUE_CONTENTION_RWSEM] = "contention_rwsem",
};

const struct value_kind *value_kind(enum value_id id)
{
	return &kinds[id];
}

/* ---- statistics ---------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Interpolates between the two nearest samples. */
static double quantile(const double *sorted, size_t n, double part)
{
	double at = part * (double)(n - 1);
	size_t i = (size_t)at;

	if (i + 1 >= n)
		return sorted[n - 1];
	return sorted[i] + (at - (double)i) * (sorted[i + 1] - sorted[i]);
}

struct stats stats_of(const double *samples, size_t n)
{
	struct stats s = { .n = n };
	double *sorted;

	if (n == 0)
		return s;
	sorted = xmalloc(n * sizeof(*sorted));
	memcpy(sorted, samples, n * sizeof(*sorted));
	qsort(sorted, n, sizeof(*sorted), compare);
	s.min = sorted[0];
	s.q1 = quantile(sorted, n, 0.25);
	s.median = quantile(sorted, n, 0.5);
	s.q3 = quantile(sorted, n, 0.75);
	s.max = sorted[n - 1];
	free(sorted);
	return s;
}

double stats_spread(const struct stats *s)
{
	return s->median > 0 ? (s->q3 - s->q1) / 2 / s->median : 0;
}
