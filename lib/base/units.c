/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sizes, times and ranges as text.  Thread-safe. */
#include "config.h"

#include "base/units.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"

struct unit {
	const char *name;
	uint64_t factor;
};

/* The largest first, so that printing finds the shortest exact form. */
static const struct unit size_units[] = {
	{ "T", 1ull << 40 }, { "G", 1ull << 30 }, { "M", 1ull << 20 },
	{ "K", 1ull << 10 }, { "", 1 },
};

static const struct unit time_units[] = {
	{ "h", 3600 * NS_PER_S }, { "min", 60 * NS_PER_S },
	{ "s", NS_PER_S }, { "ms", NS_PER_MS },
	{ "us", NS_PER_US }, { "ns", 1 },
};

static int digit_value(char c, unsigned base)
{
	int v = -1;

	if (c >= '0' && c <= '9')
		v = c - '0';
	else if (c >= 'a' && c <= 'f')
		v = c - 'a' + 10;
	else if (c >= 'A' && c <= 'F')
		v = c - 'A' + 10;
	return v >= 0 && (unsigned)v < base ? v : -1;
}

/* Digits at the front of text in base; returns how many bytes they are, or 0
 * when there are none or the number does not fit. */
static size_t scan_number(const char *text, size_t len, unsigned base,
			  uint64_t *out)
{
	uint64_t v = 0;
	size_t i;

	for (i = 0; i < len; i++) {
		int d = digit_value(text[i], base);

		if (d < 0)
			break;
		if (v > (UINT64_MAX - (unsigned)d) / base)
			return 0;
		v = v * base + (unsigned)d;
	}
	*out = v;
	return i;
}

static int apply_unit(const struct unit *units, size_t n, const char *name,
		      size_t len, uint64_t v, uint64_t *out)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (strlen(units[i].name) != len ||
		    memcmp(units[i].name, name, len) != 0)
			continue;
		if (v > UINT64_MAX / units[i].factor)
			return -1;
		*out = v * units[i].factor;
		return 0;
	}
	return -1;
}

int parse_size(const char *text, size_t len, uint64_t *out)
{
	uint64_t v;
	size_t used;

	if (len > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
		used = scan_number(text + 2, len - 2, 16, &v);
		if (used != len - 2)
			return -1;
		*out = v;
		return 0;
	}
	if (len > 1 && text[0] == '0' && isdigit((unsigned char)text[1])) {
		used = scan_number(text, len, 8, &v);
		if (used != len)
			return -1;
		*out = v;
		return 0;
	}
	used = scan_number(text, len, 10, &v);
	if (!used)
		return -1;
	return apply_unit(size_units, ARRAY_SIZE(size_units), text + used,
			  len - used, v, out);
}

int parse_int(const char *text, size_t len, int64_t *out)
{
	int negative = len > 0 && text[0] == '-';
	uint64_t v;

	if (parse_size(text + negative, len - (size_t)negative, &v))
		return -1;
	if (v > (uint64_t)INT64_MAX + (uint64_t)negative)
		return -1;
	*out = negative ? (int64_t)(0 - v) : (int64_t)v;
	return 0;
}

int parse_time(const char *text, size_t len, uint64_t *out_ns)
{
	uint64_t v;
	size_t used = scan_number(text, len, 10, &v);

	if (!used)
		return -1;
	if (used == len && v == 0) {
		*out_ns = 0;
		return 0;
	}
	return apply_unit(time_units, ARRAY_SIZE(time_units), text + used,
			  len - used, v, out_ns);
}

int parse_range(const char *text, size_t len, uint64_t *lo, uint64_t *hi)
{
	const char *dots = memmem(text, len, "..", 2);
	uint64_t a, b = UINT64_MAX;
	size_t left;

	if (!dots) {
		if (parse_size(text, len, &a) || a == UINT64_MAX)
			return -1;
		*lo = a;
		*hi = a + 1;
		return 0;
	}
	left = (size_t)(dots - text);
	if (parse_size(text, left, &a))
		return -1;
	if (left + 2 < len &&
	    (parse_size(dots + 2, len - left - 2, &b) || b < a))
		return -1;
	*lo = a;
	*hi = b;
	return 0;
}

static void print_unit(struct buf *b, const struct unit *units, size_t n,
		       uint64_t v)
{
	size_t i = 0;

	while (i + 1 < n && v % units[i].factor != 0)
		i++;
	buf_printf(b, "%" PRIu64 "%s", v / units[i].factor, units[i].name);
}

void print_size(struct buf *b, uint64_t v)
{
	if (v == 0)
		buf_addc(b, '0');
	else
		print_unit(b, size_units, ARRAY_SIZE(size_units), v);
}

void print_time(struct buf *b, uint64_t ns)
{
	if (ns == 0)
		buf_addc(b, '0');
	else
		print_unit(b, time_units, ARRAY_SIZE(time_units), ns);
}

void print_duration(struct buf *b, uint64_t ns)
{
	uint64_t unit = ns >= NS_PER_S ? NS_PER_S : NS_PER_MS;
	unsigned thousandths = (unsigned)(ns % unit / (unit / 1000));

	if (ns < NS_PER_MS) {
		buf_printf(b, "%" PRIu64 "us", (uint64_t)(ns / NS_PER_US));
		return;
	}
	buf_printf(b, "%" PRIu64, ns / unit);
	if (thousandths) {
		buf_printf(b, ".%03u", thousandths);
		while (b->data[b->len - 1] == '0')
			b->len--;
	}
	buf_puts(b, unit == NS_PER_S ? "s" : "ms");
}

uint64_t clock_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * NS_PER_S + (uint64_t)ts.tv_nsec;
}

void sleep_ns(uint64_t ns)
{
	const struct timespec ts = {
		(time_t)(ns / NS_PER_S), (long)(ns % NS_PER_S),
	};

	nanosleep(&ts, NULL);
}
