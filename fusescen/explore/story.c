/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A grammar of stories: two or three actors with one or two calls each, under init
 * flags, open flags and timeouts.  Most are about the data of one file; the others are
 * about names.  A story may have notifications beside the calls, or one fault.
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
	DATA = 16,		/* about what the file holds */
	NAMES = 32,		/* about what it is called */
	WRITEBACK = 64,
	ASKS = 128,		/* what is cached is looked at again each time */
};

struct call_choice {
	const char *text;	/* # is the actor's letter */
	unsigned needs;
	unsigned weight;
};

static const struct call_choice choices[] = {
	{ "pread(fd, 200, 0)", DATA, 3 },
	{ "fstat(fd)", DATA, 2 },
	{ "stat(\"/data\")", DATA, 1 },
	{ "lseek(fd, 0, SEEK_END)", DATA, 1 },
	{ "pwrite(fd, '#'*10, 0)", DATA, 3 },
	{ "pwrite(fd, '#'*10, 95)", DATA, 3 },
	{ "pwrite(fd, '#'*10, 4K)", DATA, 1 },
	{ "pwrite(fd, '#'*10, 4090)", DATA | TEARS, 2 },
	{ "more = open(\"/data\", O_RDWR|O_TRUNC)", DATA, 2 },
	{ "more = open(\"/data\", O_RDWR|O_APPEND)", DATA, 1 },
	{ "ftruncate(fd, 0)", DATA, 1 },
	{ "ftruncate(fd, 50)", DATA, 2 },
	{ "ftruncate(fd, 300)", DATA, 2 },
	{ "truncate(\"/data\", 20)", DATA, 1 },
	{ "fallocate(fd, 0, 0, 500)", DATA, 2 },
	{ "fallocate(fd, FALLOC_FL_KEEP_SIZE|FALLOC_FL_PUNCH_HOLE, 0, 4K)", DATA, 2 },
	{ "copy_file_range(from, 0, fd, 0, 60)", DATA | OTHER_FILE, 3 },
	{ "fsync(fd)", DATA, 1 },
	{ "load(m, 0, 4)", DATA | MAPS, 8 },
	{ "store(m, 0, '#'*10)", DATA | MAPS, 8 },
	{ "msync(m, MS_SYNC)", DATA | MAPS, 2 },
	{ "sync_file_range(fd, 0, 4K, SYNC_FILE_RANGE_WRITE)", DATA | CACHED, 1 },
	{ "rename(\"/data\", \"/new\")", NAMES, 3 },
	{ "rename(\"/new\", \"/data\")", NAMES, 1 },
	{ "rename(\"/other\", \"/data\")", NAMES, 2 },
	{ "rename(\"/data\", \"/dir/data\")", NAMES, 1 },
	{ "renameat2(\"/data\", \"/other\", RENAME_EXCHANGE)", NAMES, 1 },
	{ "renameat2(\"/other\", \"/new\", RENAME_NOREPLACE)", NAMES, 1 },
	{ "unlink(\"/data\")", NAMES, 2 },
	{ "unlink(\"/new\")", NAMES, 1 },
	{ "link(\"/data\", \"/new\")", NAMES, 2 },
	{ "symlink(\"data\", \"/new\")", NAMES, 1 },
	{ "mkdir(\"/new\")", NAMES, 1 },
	{ "rmdir(\"/dir\")", NAMES, 1 },
	{ "more = open(\"/new\", O_RDWR|O_CREAT)", NAMES, 2 },
	{ "more = open(\"/new\", O_RDWR|O_CREAT|O_EXCL)", NAMES, 1 },
	{ "more = open(\"/data\", O_RDWR|O_CREAT|O_TRUNC)", NAMES, 1 },
	{ "more = open(\"/dir/data\", O_RDWR|O_CREAT)", NAMES, 1 },
	{ "stat(\"/data\")", NAMES, 2 },
	{ "stat(\"/new\")", NAMES, 2 },
	{ "access(\"/dir/data\", F_OK)", NAMES, 1 },
	{ "pwrite(fd, '#'*10, 95)", NAMES, 1 },
	{ "truncate(\"/data\", 20)", NAMES, 1 },
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

/* What is asked of the kernel meanwhile, and changes nothing that can be seen. */
static const char *const notifications[] = {
	"{inval_inode: /data}",
	"{inval_inode: /data, off: 0, len: 4K}",
	"{inval_entry: /data}",
	"{inval_inode: /}",
};

/* What somebody else does to the files. */
static const char *const changes[] = {
	"{write: /data, offset: 0, data: SSSSSSSSSS}",
	"{write: /data, offset: 95, data: SSSSSSSSSS}",
	"{write: /data, offset: 5000, data: S}",
	"{truncate: /data, size: 20}",
	"{truncate: /data, size: 300}",
};

struct fault_choice {
	const char *op, *what;
	unsigned needs, forbids;
};

/* A load whose READ is refused gets SIGBUS, and a store is refused later: what a
 * mapping gives then says little.  With writeback, a SETATTR may be that of times, and
 * its error comes to whoever is next. */
static const struct fault_choice faults[] = {
	{ "WRITE", "error: EIO", DATA, MAPS },
	{ "WRITE", "error: ENOSPC", DATA, MAPS },
	{ "READ", "error: EIO", DATA, MAPS },
	{ "SETATTR", "error: EPERM", DATA, MAPS | WRITEBACK },
	{ "FALLOCATE", "error: ENOSPC", DATA, MAPS },
	{ "OPEN", "error: EACCES", DATA, 0 },
	{ "RENAME", "error: EXDEV", NAMES, 0 },
	{ "UNLINK", "error: EPERM", NAMES, 0 },
	{ "CREATE", "error: ENOSPC", NAMES, 0 },
	{ "LINK", "error: EMLINK", NAMES, 0 },
	{ "WRITE", "short: true", DATA, MAPS | TEARS },
};

static const struct fault_choice *choose_fault(struct dice *d, unsigned traits)
{
	const struct fault_choice *fit[ARRAY_SIZE(faults)];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(faults); i++) {
		if ((faults[i].needs & traits) && !(faults[i].forbids & traits))
			fit[n++] = &faults[i];
	}
	return fit[throw(d, n)];
}

/* Returns the traits that follow. */
static unsigned put_mount(struct buf *b, struct dice *d)
{
	const char *cache = ONE_OF(d, "writeback_cache", "-writeback_cache");
	const char *open = ONE_OF(d, "", "keep_cache", "direct_io",
				  "direct_io, parallel_direct_writes");
	const char *trunc = ONE_OF(d, "atomic_o_trunc", "-atomic_o_trunc");
	const char *timeouts = ONE_OF(d, "", "", "    timeouts: {attr: 0}\n");
	bool asks = *timeouts && *cache == '-';

	buf_printf(b, "mounts:\n  fs:\n    init: [%s, %s%s]\n", trunc, cache,
		   asks ? ", auto_inval_data" : "");
	buf_puts(b, timeouts);
	buf_printf(b, "    files: {/data: {size: %s, fill: x, open: [%s]}, "
		   "/other: {size: 4K, fill: o}, /dir/: {}}\n",
		   ONE_OF(d, "0", "100", "4K", "5000"), open);
	return (strstr(open, "direct_io") ? 0 : CACHED) |
		(*cache == '-' ? 0 : WRITEBACK) | (asks ? ASKS : 0);
}

/* A story that has a fault has no O_DSYNC: whether such a write has an effect that
 * says it has none is not defined. */
struct story {
	unsigned traits[ACTORS_MAX], all;
	size_t n;			/* actors */
	const struct fault_choice *fault;
};

static void put_opens(struct buf *b, struct dice *d, const struct story *st)
{
	for (size_t i = 0; i < st->n; i++) {
		char actor = (char)('a' + i);

		buf_printf(b, "  - %c: fd = open(\"/data\", O_RDWR%s)\n", actor,
			   st->fault ? "" : ONE_OF(d, "", "", "|O_DSYNC"));
		if (st->traits[i] & DATA)
			buf_printf(b, "  - %c: from = open(\"/other\", O_RDONLY)\n", actor);
		if (st->traits[i] & MAPS)
			buf_printf(b, "  - %c: m = mmap(fd, 4K, 0, PROT_READ|PROT_WRITE, "
				   "MAP_SHARED)\n", actor);
	}
}

static void put_explore(struct buf *b, struct dice *d, const struct story *st)
{
	buf_puts(b, "  - explore:\n");
	for (size_t i = 0; i < st->n; i++)
		put_part(b, d, (char)('a' + i), st->traits[i]);
	if (st->all & TEARS)
		buf_puts(b, "      allow: torn_pages\n");
	if (st->fault)
		buf_printf(b, "      faults: [{op: %s, %s}]\n", st->fault->op,
			   st->fault->what);
	else if ((st->all & (ASKS | MAPS | NAMES)) == ASKS && throw(d, 2))
		buf_printf(b, "      others: [server: %s]\n",
			   one_of(d, changes, ARRAY_SIZE(changes)));
	else if (!throw(d, 3))
		buf_printf(b, "      others: [notify: %s]\n",
			   one_of(d, notifications, ARRAY_SIZE(notifications)));
}

/* What everybody sees at the end. */
static void put_end(struct buf *b, const struct story *st)
{
	for (size_t i = 0; i < st->n; i++) {
		char actor = (char)('a' + i);

		if (st->traits[i] & MAPS)
			buf_printf(b, "  - %c: msync(m, MS_SYNC) = ?\n", actor);
		buf_printf(b, "  - %c: fsync(fd) = ?\n  - %c: fstat(fd) = ?\n", actor, actor);
	}
	if (st->all & NAMES)
		buf_puts(b, "  - late: stat(\"/data\") = ?\n  - late: stat(\"/new\") = ?\n"
			 "  - late: stat(\"/dir/data\") = ?\n");
	else
		buf_puts(b, "  - late: fd = open(\"/data\", O_RDONLY)\n"
			 "  - late: fstat(fd) = ?\n  - late: pread(fd, 8K, 0) = ?\n");
}

char *story_make(uint64_t seed)
{
	struct dice d = { random_mix(seed), 0 };
	struct story st = { .n = 2 + throw(&d, ACTORS_MAX - 1), .fault = NULL };
	struct buf b = BUF_INIT;
	unsigned common;

	buf_printf(&b, "# Story %llu\nfusescen: 1\n", (unsigned long long)seed);
	common = OTHER_FILE | put_mount(&b, &d);
	common |= throw(&d, 3) ? DATA : NAMES;
	common |= throw(&d, 4) ? 0 : TEARS;
	for (size_t i = 0; i < st.n; i++) {
		st.traits[i] = common;
		if (common & CACHED && common & DATA && throw(&d, 2))
			st.traits[i] |= MAPS;
		st.all |= st.traits[i];
	}
	if (!throw(&d, 4))
		st.fault = choose_fault(&d, st.all);
	buf_printf(&b, "actors: [a, b, %slate]\nsteps:\n", st.n > 2 ? "c, " : "");
	put_opens(&b, &d, &st);
	put_explore(&b, &d, &st);
	put_end(&b, &st);
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

/* Comments that do not say what differs. */
static const char *const other_comments[] = {
	"# schedule", "# by chance", "# as a scenario",
};

static bool says_what_differs(const char *line)
{
	for (size_t i = 0; i < ARRAY_SIZE(other_comments); i++)
		if (!strncmp(line, other_comments[i], strlen(other_comments[i])))
			return false;
	return *line == '#';
}

/* The first line has the story's number. */
char *story_finding_key(const char *finding)
{
	struct buf b = BUF_INIT;
	bool first = true;

	for (const char *p = finding; *p; first = false) {
		size_t n = strcspn(p, "\n");

		if (!strncmp(p, "  - {op: ", 9))
			buf_printf(&b, "%.*s%s ", (int)strcspn(p + 9, ","), p + 9,
				   memmem(p, n, "after", 5) ? "+" : "");
		else if (!first && says_what_differs(p))
			put_differing(&b, p, n);
		p += n + (p[n] == '\n');
	}
	return buf_steal(&b);
}
