/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A grammar of stories: two or three actors with one or two calls each on one file,
 * under init flags, open flags and timeouts.
 *
 * It leaves out what is known to stop kernels: parallel direct writes beside a mapping
 * (hazard: in scenarios).  A mapping and direct_io are never together.  Calls stay
 * within a page, but for the one that says that it does not.
 */
#include "config.h"

#include "fusescen/explore/story.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/random.h"

#define ACTORS_MAX	3
#define CALLS_MAX	2

struct dice {
	uint64_t seed, thrown;
};

static size_t throw(struct dice *d, size_t n)
{
	return (size_t)(random_mix(d->seed + random_mix(d->thrown++)) % n);
}

/* What a story is like, and what a call needs of it. */
enum trait {
	MAPS = 1,		/* the actor has a mapping */
	CACHED = 2,		/* no direct_io */
	OTHER_FILE = 4,		/* there is /other, open as from */
	TEARS = 8,		/* a call over a page boundary */
};

struct call_choice {
	const char *text;	/* # is the actor's letter */
	unsigned needs;
	unsigned weight;
};

static const struct call_choice choices[] = {
	{ "pread(fd, 200, 0)", 0, 3 },
	{ "fstat(fd)", 0, 2 },
	{ "stat(\"/data\")", 0, 1 },
	{ "lseek(fd, 0, SEEK_END)", 0, 1 },
	{ "pwrite(fd, '#'*10, 0)", 0, 3 },
	{ "pwrite(fd, '#'*10, 95)", 0, 3 },
	{ "pwrite(fd, '#'*10, 4K)", 0, 1 },
	{ "pwrite(fd, '#'*10, 4090)", TEARS, 2 },
	{ "more = open(\"/data\", O_RDWR|O_TRUNC)", 0, 2 },
	{ "more = open(\"/data\", O_RDWR|O_APPEND)", 0, 1 },
	{ "ftruncate(fd, 0)", 0, 1 },
	{ "ftruncate(fd, 50)", 0, 2 },
	{ "ftruncate(fd, 300)", 0, 2 },
	{ "truncate(\"/data\", 20)", 0, 1 },
	{ "fallocate(fd, 0, 0, 500)", 0, 2 },
	{ "fallocate(fd, FALLOC_FL_KEEP_SIZE|FALLOC_FL_PUNCH_HOLE, 0, 4K)", 0, 2 },
	{ "copy_file_range(from, 0, fd, 0, 60)", OTHER_FILE, 3 },
	{ "fsync(fd)", 0, 1 },
	{ "load(m, 0, 4)", MAPS, 8 },
	{ "store(m, 0, '#'*10)", MAPS, 8 },
	{ "msync(m, MS_SYNC)", MAPS, 2 },
	{ "sync_file_range(fd, 0, 4K, SYNC_FILE_RANGE_WRITE)", CACHED, 1 },
};

static const struct call_choice *choose_call(struct dice *d, unsigned traits)
{
	unsigned sum = 0;
	size_t i, at;

	for (i = 0; i < ARRAY_SIZE(choices); i++)
		sum += choices[i].needs & ~traits ? 0 : choices[i].weight;
	at = throw(d, sum);
	for (i = 0; i < ARRAY_SIZE(choices); i++) {
		if (choices[i].needs & ~traits)
			continue;
		if (at < choices[i].weight)
			break;
		at -= choices[i].weight;
	}
	return &choices[i];
}

static void put_call(struct buf *b, const char *text, char letter)
{
	buf_addc(b, '\'');
	for (; *text; text++) {
		if (*text == '\'')
			buf_addc(b, '\'');
		buf_addc(b, *text == '#' ? letter - 'a' + 'A' : *text);
	}
	buf_addc(b, '\'');
}

static void put_part(struct buf *b, struct dice *d, char actor, unsigned traits)
{
	size_t n = 1 + throw(d, CALLS_MAX);

	buf_printf(b, "      %c: [", actor);
	for (size_t i = 0; i < n; i++) {
		buf_puts(b, i ? ", " : "");
		put_call(b, choose_call(d, traits)->text, actor);
	}
	buf_puts(b, "]\n");
}

static const char *one_of(struct dice *d, const char *const *words, size_t n)
{
	return words[throw(d, n)];
}

#define ONE_OF(d, ...)	one_of(d, (const char *const[]){ __VA_ARGS__ },	\
	sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))

/* Returns whether the file has a cache. */
static bool put_mount(struct buf *b, struct dice *d)
{
	const char *open = ONE_OF(d, "", "keep_cache", "direct_io",
				  "direct_io, parallel_direct_writes");

	buf_printf(b, "mounts:\n  fs:\n    init: [%s, %s]\n",
		   ONE_OF(d, "atomic_o_trunc", "-atomic_o_trunc"),
		   ONE_OF(d, "writeback_cache", "-writeback_cache"));
	buf_puts(b, ONE_OF(d, "", "", "    timeouts: {attr: 0}\n"));
	buf_printf(b, "    files: {/data: {size: %s, fill: x, open: [%s]}, "
		   "/other: {size: 4K, fill: o}}\n",
		   ONE_OF(d, "0", "100", "4K", "5000"), open);
	return !strstr(open, "direct_io");
}

char *story_make(uint64_t seed)
{
	struct dice d = { random_mix(seed), 0 };
	unsigned traits[ACTORS_MAX], common;
	size_t n = 2 + throw(&d, ACTORS_MAX - 1), i;
	struct buf b = BUF_INIT;

	buf_printf(&b, "# Story %llu\nfusescen: 1\n", (unsigned long long)seed);
	common = OTHER_FILE | (put_mount(&b, &d) ? CACHED : 0);
	common |= throw(&d, 4) ? 0 : TEARS;
	buf_printf(&b, "actors: [a, b, %slate]\nsteps:\n", n > 2 ? "c, " : "");
	for (i = 0; i < n; i++) {
		traits[i] = common | (common & CACHED && throw(&d, 2) ? MAPS : 0);
		buf_printf(&b, "  - %c: fd = open(\"/data\", O_RDWR%s)\n",
			   (char)('a' + i), ONE_OF(&d, "", "", "|O_DSYNC"));
		buf_printf(&b, "  - %c: from = open(\"/other\", O_RDONLY)\n",
			   (char)('a' + i));
		if (traits[i] & MAPS)
			buf_printf(&b, "  - %c: m = mmap(fd, 4K, 0, PROT_READ|PROT_WRITE, "
				   "MAP_SHARED)\n", (char)('a' + i));
	}
	buf_puts(&b, "  - explore:\n");
	for (i = 0; i < n; i++)
		put_part(&b, &d, (char)('a' + i), traits[i]);
	if (common & TEARS)
		buf_puts(&b, "      allow: torn_pages\n");
	for (i = 0; i < n; i++) {
		if (traits[i] & MAPS)
			buf_printf(&b, "  - %c: msync(m, MS_SYNC) = ?\n", (char)('a' + i));
		buf_printf(&b, "  - %c: fsync(fd) = ?\n", (char)('a' + i));
		buf_printf(&b, "  - %c: fstat(fd) = ?\n", (char)('a' + i));
	}
	buf_puts(&b, "  - late: fd = open(\"/data\", O_RDONLY)\n"
		 "  - late: fstat(fd) = ?\n  - late: pread(fd, 8K, 0) = ?\n");
	return buf_steal(&b);
}

/* ---- findings ---------------------------------------------------------------- */

/* "# a: pread(fd, 200, 0) = ..." to "pread" */
static void put_differing(struct buf *b, const char *line, size_t n)
{
	const char *call = memmem(line, n, ": ", 2);
	const char *end = call ? memchr(call, '(', n - (size_t)(call - line)) : NULL;

	if (end)
		buf_printf(b, "%.*s ", (int)(end - call - 2), call + 2);
	else
		buf_printf(b, "%.*s ", (int)n, line);
}

char *story_finding_key(const char *finding)
{
	struct buf b = BUF_INIT;
	bool first = true;

	for (const char *p = finding; *p; first = false) {
		size_t n = strcspn(p, "\n");

		if (!strncmp(p, "  - {op: ", 9))
			buf_printf(&b, "%.*s%s ", (int)strcspn(p + 9, ","), p + 9,
				   memmem(p, n, "after", 5) ? "+" : "");
		else if (*p == '#' && !first && strncmp(p, "# schedule", 10) &&
			 strncmp(p, "# by chance", 11))
			put_differing(&b, p, n);
		p += n + (p[n] == '\n');
	}
	return buf_steal(&b);
}
