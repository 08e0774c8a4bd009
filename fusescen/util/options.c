/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parses options by their table.  Main thread only. */
#include "config.h"

#include "fusescen/util/options.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/units.h"
#include "fusescen/util/errors.h"

/* Decimal digits and nothing else. */
static int parse_count(const char *text, uint64_t max, uint64_t *out)
{
	char *end;

	if (text[0] < '0' || text[0] > '9')
		return -1;
	errno = 0;
	*out = strtoull(text, &end, 10);
	return errno || *end || *out == 0 || *out > max ? -1 : 0;
}

/* Whole milliseconds, at least one. */
static int parse_ms(const char *text, uint64_t *out)
{
	uint64_t ns;

	if (parse_time(text, strlen(text), &ns) || !ns || ns % NS_PER_MS ||
	    ns / NS_PER_MS > UINT_MAX)
		return -1;
	*out = ns / NS_PER_MS;
	return 0;
}

static int complain(const struct option_row *row, const char *text,
		    const char *wanted)
{
	put_error("--%s: \"%s\" is not %s", row->name, text, wanted);
	return -1;
}

static void add_text(const char ***list, const char *text)
{
	size_t n = 0;

	while (*list && (*list)[n])
		n++;
	*list = xrealloc(*list, (n + 2) * sizeof(**list));
	(*list)[n] = text;
	(*list)[n + 1] = NULL;
}

/* Of few digits, because people have to type it. */
static uint64_t seed_by_chance(void)
{
	uint32_t v = 0;

	if (getrandom(&v, sizeof(v), GRND_NONBLOCK) != sizeof(v))
		v = (uint32_t)clock_ns();
	return v % 1000000 + 1;
}

static int store(const struct option_row *row, const char *text, void *settings)
{
	void *at = (char *)settings + row->at;
	uint64_t v;

	switch (row->kind) {
	case OPTION_FLAG:
		*(bool *)at = true;
		return 0;
	case OPTION_TEXT:
		*(const char **)at = text;
		return 0;
	case OPTION_TEXTS:
		add_text(at, text);
		return 0;
	case OPTION_COUNT:
		if (parse_count(text, UINT_MAX, &v))
			return complain(row, text, "a number from 1 on");
		*(unsigned *)at = (unsigned)v;
		return 0;
	case OPTION_TIME:
		if (parse_ms(text, &v))
			return complain(row, text, "a time (500ms, 10s, 2min)");
		*(unsigned *)at = (unsigned)v;
		return 0;
	case OPTION_SHUFFLE:
		if (!text) {
			*(uint64_t *)at = seed_by_chance();
			return 0;
		}
		/* fallthrough */
	case OPTION_SEED:
		if (parse_count(text, UINT64_MAX, &v))
			return complain(row, text, "a number from 1 on");
		*(uint64_t *)at = v;
		return 0;
	}
	return -1;
}

static const struct option_row *find_name(const struct option_row *rows,
					  const char *name, size_t len)
{
	for (; rows->name; rows++)
		if (strlen(rows->name) == len && !strncmp(rows->name, name, len))
			return rows;
	return NULL;
}

static const struct option_row *find_letter(const struct option_row *rows,
					    char letter)
{
	for (; rows->name; rows++)
		if (rows->letter == letter)
			return rows;
	return NULL;
}

static const char *name_at(const void *ctx, size_t i)
{
	const struct option_row *rows = ctx;

	return rows[i].name;
}

/* What pytest, cargo, ctest and others call it. */
static const struct {
	const char *theirs, *ours;
} elsewhere[] = {
	{ "x", "fail-fast" }, { "exitfirst", "fail-fast" }, { "maxfail", "fail-fast" },
	{ "stop-on-failure", "fail-fast" }, { "k", "case" }, { "filter", "case" },
	{ "R", "case" }, { "keyword", "case" }, { "m", "tag" }, { "marker", "tag" },
	{ "lf", "last-failed" }, { "rerun-failed", "last-failed" },
	{ "collect-only", "list" }, { "co", "list" }, { "N", "list" },
	{ "n", "jobs" }, { "numprocesses", "jobs" }, { "parallel", "jobs" },
	{ "junitxml", "junit" }, { "junit-xml", "junit" }, { "output-junit", "junit" },
	{ "deselect", "exclude" }, { "ignore", "exclude" }, { "E", "exclude" },
	{ "count", "repeat" }, { "random-order", "shuffle" }, { "partition", "shard" },
	{ "slowest", "durations" }, { "nocolor", "color" }, { "no-color", "color" },
};

/* Returns the row of that name in other programs, if we have it in this command. */
static const struct option_row *find_elsewhere(const struct option_row *rows,
					       const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(elsewhere); i++)
		if (strlen(elsewhere[i].theirs) == len &&
		    !strncmp(elsewhere[i].theirs, name, len))
			return find_name(rows, elsewhere[i].ours,
					 strlen(elsewhere[i].ours));
	return NULL;
}

static int suggest(const char *dashes, const char *name, size_t len,
		   const struct option_row *row)
{
	put_error("unknown option %s%.*s (here it is --%s%s%s)", dashes, (int)len, name,
		  row->name, row->arg ? " " : "", row->arg ? row->arg : "");
	return -1;
}

static int complain_unknown(const struct option_row *rows, const char *name,
			    size_t len)
{
	const struct words words = { name_at, rows };
	const char *nearest = words_nearest(words, name, len);
	const struct option_row *row = find_elsewhere(rows, name, len);

	if (row)
		return suggest("--", name, len, row);
	put_error("unknown option --%.*s%s%s%s", (int)len, name,
		  nearest ? " (did you mean --" : "", nearest ? nearest : "",
		  nearest ? "?)" : "");
	return -1;
}

static bool takes_value(const struct option_row *row)
{
	return row->kind != OPTION_FLAG && row->kind != OPTION_SHUFFLE;
}

/* Returns how many words of argv it has used, or -1.  */
static int parse_long(const struct option_row *rows, char **argv, void *settings)
{
	const char *name = argv[0] + 2, *value = strchr(name, '=');
	size_t len = value ? (size_t)(value - name) : strlen(name);
	const struct option_row *row = find_name(rows, name, len);

	if (!row)
		return complain_unknown(rows, name, len);
	if (row->kind == OPTION_FLAG && value) {
		put_error("--%s takes no value", row->name);
		return -1;
	}
	if (!takes_value(row) || value)
		return store(row, value ? value + 1 : NULL, settings) ? -1 : 1;
	if (!argv[1]) {
		put_error("--%s needs a value (%s)", row->name, row->arg);
		return -1;
	}
	return store(row, argv[1], settings) ? -1 : 2;
}

/* "-v", "-vj4", "-j 4" */
static int parse_short(const struct option_row *rows, char **argv, void *settings)
{
	const char *p;

	for (p = argv[0] + 1; *p; p++) {
		const struct option_row *row = find_letter(rows, *p);

		if (!row) {
			row = find_elsewhere(rows, p, 1);
			if (row)
				return suggest("-", p, 1, row);
			put_error("unknown option -%c", *p);
			return -1;
		}
		if (!takes_value(row)) {
			store(row, NULL, settings);
			continue;
		}
		if (p[1])
			return store(row, p + 1, settings) ? -1 : 1;
		if (argv[1])
			return store(row, argv[1], settings) ? -1 : 2;
		put_error("-%c needs a value (%s)", *p, row->arg);
		return -1;
	}
	return 1;
}

int options_parse(const struct option_row *rows, int argc, char **argv,
		  void *settings)
{
	int i = 0, n = 0, used;

	while (i < argc) {
		if (strcmp(argv[i], "--") == 0) {
			for (i++; i < argc; i++)
				argv[n++] = argv[i];
			break;
		}
		if (argv[i][0] != '-' || !argv[i][1]) {
			argv[n++] = argv[i++];
			continue;
		}
		used = argv[i][1] == '-' ? parse_long(rows, argv + i, settings) :
			parse_short(rows, argv + i, settings);
		if (used < 0)
			return -1;
		i += used;
	}
	return n;
}

void options_free(const struct option_row *rows, void *settings)
{
	for (; rows->name; rows++)
		if (rows->kind == OPTION_TEXTS)
			free(*(const char ***)((char *)settings + rows->at));
}

void options_print(const struct option_row *rows)
{
	for (; rows->name; rows++) {
		char left[40];

		snprintf(left, sizeof(left), "--%s%s%s%s", rows->name,
			 !rows->arg ? "" : takes_value(rows) ? " " : "[=",
			 rows->arg ? rows->arg : "",
			 rows->arg && !takes_value(rows) ? "]" : "");
		if (rows->letter)
			printf("  -%c, %-18s %s\n", rows->letter, left, rows->help);
		else
			printf("      %-18s %s\n", left, rows->help);
	}
}
