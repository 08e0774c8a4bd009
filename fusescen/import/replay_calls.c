/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls that open files, move data, or change whose descriptors are whose.  One thread at
 * a time. */
#include "config.h"

#include "fusescen/import/replay_impl.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/limits.h"

#define WRITTEN_MAX	(LIMIT_MEMORY_DATA / 4 * 3)

/* ---- open, read, write ------------------------------------------------------------------------- */

/* Those that every scenario knows; others are about the descriptor alone. */
static char *open_flags(const char *words)
{
	static const char *const dropped[] = { "O_CLOEXEC", "O_LARGEFILE", "O_NOCTTY" };
	struct buf b = BUF_INIT;

	for (const char *p = words; *p; p += strcspn(p, "|"), p += *p == '|') {
		size_t n = strcspn(p, "|"), i = 0;

		while (i < ARRAY_SIZE(dropped) && (strlen(dropped[i]) != n ||
						   strncmp(dropped[i], p, n) != 0))
			i++;
		if (i == ARRAY_SIZE(dropped))
			buf_printf(&b, "%s%.*s", b.len ? "|" : "", (int)n, p);
	}
	return b.len ? buf_steal(&b) : xstrdup("0");
}

static void saw_open(struct replayer *r, const char *path, const char *flags)
{
	bool makes = strstr(flags, "O_CREAT") != NULL, excl = strstr(flags, "O_EXCL") != NULL;
	struct story_file *f;

	if (r->c->error) {
		if (!strcmp(r->c->error, "ENOENT") && !makes)
			saw(r, path, false);
		if (!strcmp(r->c->error, "EEXIST"))
			saw(r, path, true);
		return;
	}
	saw_parents(r->s, path);
	if (makes && !excl)
		guess_absent(r, path);
	f = story_saw(r->s, path, !makes);
	f->is_dir |= strstr(flags, "O_DIRECTORY") != NULL;
	f->is_changed |= makes || strstr(flags, "O_TRUNC");
}

static void on_open(struct replayer *r)
{
	const struct traced *c = r->c;
	bool at = !strcmp(c->name, "openat");
	size_t first = at ? 1 : 0;
	char *path = c->n_args > first ?
		fds_path(&r->fds, r->actor, at ? c->args[0] : NULL, c->args[first], r->under) : NULL;
	auto_free char *flags = open_flags(!strcmp(c->name, "creat") ?
					   "O_WRONLY|O_CREAT|O_TRUNC" :
					   c->n_args > first + 1 ? c->args[first + 1] : "O_RDONLY");
	const char *mode = c->n_args > first + 2 ? c->args[first + 2] : NULL;
	auto_free char *call = NULL, *error = failed(r);
	struct buf name = BUF_INIT;
	struct fd *fd = NULL;
	const char *file;

	if (!path)
		return;
	file = story_resolved(r->s, path, !strstr(flags, "O_NOFOLLOW"));
	saw_open(r, file, flags);
	if (!error && c->has_ret)
		fd = fds_add(&r->fds, r->actor, (int)c->ret, file, flags);
	buf_quote(&name, path, strlen(path), strlen(path));
	call = xasprintf("%s%sopen(%s, %s%s%s)", fd ? fd->var : "", fd ? " = " : "",
			 buf_str(&name), flags, mode ? ", " : "", mode ? mode : "");
	step(r, call, error ? error : "");
	buf_fini(&name);
}

/* What a read says about the file as it was. */
static void saw_data(struct replayer *r, const struct fd *fd, uint64_t at, const char *data,
		     bool is_whole)
{
	struct story_file *f = story_file(r->s, fd->path);
	uint64_t n = (uint64_t)r->c->ret;

	if (f->is_changed || !f->was_there || r->c->ret < 0)
		return;
	if (f->size < at + n)
		f->size = at + n;
	if (!is_whole || !data || at != f->n_data || at + n > STORY_DATA_MAX)
		return;
	f->data = memcpy(arena_alloc(r->s->arena, at + n), f->data ? f->data : "", at);
	memcpy(f->data + at, data, n);
	f->n_data = at + n;
}

/* Is it known what the scenario's file has there? */
static bool is_known(const struct story_file *f, uint64_t at, uint64_t n)
{
	if (f->is_blurred)
		return false;
	return f->was_there ? !f->is_changed && at + n <= f->n_data : true;
}

/* Bytes that are not all known, or too many, become so many of something else. */
static void put_written(struct buf *b, struct story_file *f, const char *data, long n,
			bool is_whole, const char *size)
{
	if (n >= 0 && is_whole && (unsigned long)n <= STORY_DATA_MAX) {
		buf_quote(b, data, (size_t)n, (size_t)n);
	} else {
		buf_puts(b, size);
		f->is_blurred = true;
	}
}

/* A mount of a scenario holds only so much.  What comes behind would meet other files. */
static void count_written(struct replayer *r)
{
	if (r->c->error || r->c->ret < 0 || r->is_full)
		return;
	r->s->bytes += (uint64_t)r->c->ret;
	if (r->s->bytes <= WRITTEN_MAX)
		return;
	r->is_full = true;
	story_remark(r->s, r->c->began, "more data than a scenario keeps: all calls from here "
		     "on are left out");
}

static void on_data(struct replayer *r)
{
	const struct traced *c = r->c;
	bool writes = strstr(c->name, "write") != NULL, has_offset = c->name[0] == 'p';
	struct fd *fd = c->n_args ? fds_find(&r->fds, r->actor, c->args[0]) : NULL;
	auto_buf struct buf call = BUF_INIT, result = BUF_INIT;
	auto_free char *error = failed(r);
	struct story_file *f;
	bool is_whole = false;
	char *data = NULL;
	uint64_t at;
	long n;

	if (!fd)
		return;
	if (writes)
		count_written(r);
	if (c->n_args < 3) {
		left_out(r, "its size is not in the log");
		return;
	}
	fds_own(&r->fds, fd, r->actor, c->began);
	f = story_file(r->s, fd->path);
	at = has_offset && c->n_args > 3 ? strtoull(c->args[3], NULL, 0) : fd->pos;
	n = strace_text(r->s->arena, c->args[1], &data, &is_whole);
	buf_printf(&call, "%s%s(%s, ", has_offset ? "p" : "", writes ? "write" : "read", fd->var);
	if (writes)
		put_written(&call, f, data, n, is_whole, c->args[2]);
	else
		buf_puts(&call, c->args[2]);
	if (has_offset)
		buf_printf(&call, ", %" PRIu64, at);
	buf_addc(&call, ')');
	if (error) {
		buf_puts(&result, error);
	} else if (c->has_ret) {
		buf_printf(&result, " = %lld", c->ret);
		if (writes)
			f->is_changed = true;
		else
			saw_data(r, fd, at, n == c->ret ? data : NULL, is_whole);
		if (!writes && n == c->ret && n > 0 && is_whole && n <= (long)STORY_DATA_MAX &&
		    is_known(f, at, (uint64_t)n)) {
			buf_addc(&result, ' ');
			buf_quote(&result, data, (size_t)n, (size_t)n);
		}
		if (!has_offset)
			fd->pos = at + (uint64_t)c->ret;
	}
	step(r, buf_str(&call), buf_str(&result));
	if (!writes && c->ended)
		story_read(r->s);
}

/* What is stored there is in no log. */
static void on_map(struct replayer *r)
{
	struct fd *fd = r->c->n_args > 4 ? fds_find(&r->fds, r->actor, r->c->args[4]) : NULL;

	if (!fd)
		return;
	if (strstr(r->c->args[3], "MAP_SHARED") && strstr(r->c->args[2], "PROT_WRITE"))
		story_file(r->s, fd->path)->is_blurred = true;
	left_out(r, "what is done with a mapping is not in the log");
}

static void on_close(struct replayer *r)
{
	struct fd *fd = r->c->n_args ? fds_find(&r->fds, r->actor, r->c->args[0]) : NULL;
	auto_free char *call = NULL, *error = failed(r);

	if (!fd)
		return;
	call = xasprintf("close(%s)", fd->var);
	if (fd->owner == r->s->actors[r->actor].process)
		step(r, call, error ? error : " = 0");
	fds_close(fd);
}

/* The number gets another meaning, so what it was is closed. */
static void close_target(struct replayer *r, const char *arg)
{
	struct fd *fd = fds_find(&r->fds, r->actor, arg);

	if (!fd)
		return;
	if (!r->is_full && fd->owner == r->s->actors[r->actor].process)
		story_step(r->s, r->c->began, "%s: close(%s) = 0",
			   r->s->actors[r->actor].name, fd->var);
	fds_close(fd);
}

/* dup(fd), dup2(fd, target), dup3(fd, target, flags) */
static void on_dup(struct replayer *r)
{
	const struct traced *c = r->c;
	struct fd *fd = c->n_args ? fds_find(&r->fds, r->actor, c->args[0]) : NULL;
	size_t from = fd ? (size_t)(fd - r->fds.at) : 0;
	auto_free char *call = NULL;
	const struct fd *copy;

	if (c->error || !c->has_ret || (fd && fd->number == c->ret))
		return;
	if (c->n_args > 1 && !strncmp(c->name, "dup", 3))
		close_target(r, c->args[1]);
	if (!fd)
		return;
	fds_own(&r->fds, fd, r->actor, c->began);
	copy = fds_add(&r->fds, r->actor, (int)c->ret, fd->path, fd->flags);
	call = xasprintf("%s = dup(%s)", copy->var, r->fds.at[from].var);
	step(r, call, "");
}

static void on_list(struct replayer *r)
{
	struct fd *fd = r->c->n_args ? fds_find(&r->fds, r->actor, r->c->args[0]) : NULL;
	auto_free char *call = NULL;

	if (!fd || fd->is_listed || r->c->error)
		return;
	fd->is_listed = true;
	story_file(r->s, fd->path)->is_dir = true;
	call = xasprintf("readdir(\"%s\")", fd->path);
	step(r, call, "");
}

/* A lock {l_type=F_WRLCK, l_whence=SEEK_SET, l_start=0, l_len=1}, or a copy. */
static void on_fcntl(struct replayer *r)
{
	static const char *const words[][2] = {
		{ "F_SETLK", "setlk" }, { "F_SETLKW", "setlkw" }, { "F_GETLK", "getlk" },
	};
	struct fd *fd = r->c->n_args > 1 ? fds_find(&r->fds, r->actor, r->c->args[0]) : NULL;
	const char *type = fd && r->c->n_args > 2 ? member(r->c->args[2], "l_type=") : NULL;
	const char *start = type ? member(type, "l_start=") : NULL;
	const char *len = start ? member(start, "l_len=") : NULL;
	auto_free char *call = NULL, *error = failed(r);

	if (fd && !strncmp(r->c->args[1], "F_DUPFD", 7)) {
		on_dup(r);
		return;
	}
	for (size_t i = 0; len && i < ARRAY_SIZE(words); i++) {
		if (strcmp(words[i][0], r->c->args[1]) != 0)
			continue;
		fds_own(&r->fds, fd, r->actor, r->c->began);
		/* F_GETLK shows what it found, and not what it asked for */
		call = xasprintf("%s(%s, %.*s, %lld, %lld)", words[i][1], fd->var,
				 i < 2 ? (int)strcspn(type, ",") : 7, i < 2 ? type : "F_WRLCK",
				 strtoll(start, NULL, 10), strtoll(len, NULL, 10));
		if (i == 2)
			story_guess(r->s, r->c->began, "a lock for writing was asked about");
		step(r, call, error ? error : i < 2 ? " = 0" :
		     strncmp(type, "F_UNLCK", 7) ? "" : " = {type=F_UNLCK}");
		return;
	}
	if (fd)
		left_out(r, "scenarios have no such call, or its log is not enough");
}

/* ---- processes ---------------------------------------------------------------------------------- */

static void on_fork(struct replayer *r)
{
	bool is_thread = false;
	size_t child, parent = r->actor;

	for (size_t i = 0; i < r->c->n_args; i++)
		is_thread |= strstr(r->c->args[i], "CLONE_THREAD") != NULL;
	if (r->c->ret <= 0)
		return;
	child = (size_t)(story_actor(r->s, (unsigned long)r->c->ret) - r->s->actors);
	r->s->actors[child].cwd = r->s->actors[parent].cwd;
	if (is_thread)
		r->s->actors[child].process = r->s->actors[parent].process;
	else
		fds_fork(&r->fds, r->s->actors[parent].process, child);
	if (!r->s->actors[child].name)
		r->s->actors[child].name = fds_actor_name(r->s, r->s->actors[parent].name);
}

static void on_exec(struct replayer *r)
{
	char *path;
	const char *base;
	bool is_whole;

	if (r->c->error || !r->c->n_args ||
	    strace_text(r->s->arena, r->c->args[0], &path, &is_whole) < 0)
		return;
	base = strrchr(path, '/');
	if (!r->s->actors[r->actor].makes_calls)
		r->s->actors[r->actor].name = fds_actor_name(r->s, base ? base + 1 : path);
}

static void on_chdir(struct replayer *r)
{
	char *path;
	bool is_whole;

	if (!r->c->error && r->c->n_args && r->c->args[0][0] == '"' &&
	    strace_text(r->s->arena, r->c->args[0], &path, &is_whole) > 0 && path[0] == '/')
		r->s->actors[r->actor].cwd = path;
}

static void on_exit_group(struct replayer *r)
{
	r->s->actors[r->actor].over = r->c->began;
}

/* From now on, calls can come another way. */
static void on_ring(struct replayer *r)
{
	if (!r->c->error)
		left_out(r, "what is done by it is not in the log");
}

static const struct {
	const char *name;
	void (*on)(struct replayer *r);
} own[] = {
	{ "open", on_open }, { "openat", on_open }, { "creat", on_open },
	{ "read", on_data }, { "write", on_data }, { "pread64", on_data },
	{ "pwrite64", on_data }, { "pread", on_data }, { "pwrite", on_data },
	{ "close", on_close }, { "getdents64", on_list }, { "getdents", on_list },
	{ "mmap", on_map }, { "dup", on_dup }, { "dup2", on_dup }, { "dup3", on_dup },
	{ "fcntl", on_fcntl }, { "clone", on_fork }, { "clone3", on_fork }, { "fork", on_fork }, { "vfork", on_fork },
	{ "execve", on_exec }, { "chdir", on_chdir }, { "exit_group", on_exit_group },
	{ "io_uring_setup", on_ring }, { "io_setup", on_ring },
};

bool replay_own(struct replayer *r)
{
	for (size_t i = 0; i < ARRAY_SIZE(own); i++) {
		if (!strcmp(own[i].name, r->c->name)) {
			own[i].on(r);
			return true;
		}
	}
	return false;
}
