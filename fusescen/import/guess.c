/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Most requests have a call of their own.  Lookups and attributes that succeed belong to
 * the call behind them and tell only which files there are, and so do those that miss a
 * name which is then made.  One thread at a time.
 */
#include "config.h"

#include "fusescen/import/guess.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/errnos.h"
#include "base/escape.h"
#include "fusescen/import/paths.h"

#define RULES_MAX	100u
#define NEAR	12u			/* requests between a lookup and what it is for */

/* What a nodeid stands for. */
struct node {
	uint64_t id;
	const char *path;
};

struct handle {
	uint64_t fh;
	unsigned long pid;
	uint64_t pos;			/* where the log has no offsets */
	bool is_dir, is_listed;
};

struct guesser {
	struct story *s;
	struct strace_log *out;
	const struct request_log *log;
	struct node *nodes;	size_t n_nodes;
	struct handle *handles;	size_t n_handles;
	/* the present one */
	const struct served_request *r;
	const char *path, *other;
};

/* ---- names -------------------------------------------------------------------------------- */

static const char *path_of(struct guesser *g, uint64_t nodeid)
{
	for (size_t i = g->n_nodes; i--;)
		if (g->nodes[i].id == nodeid)
			return g->nodes[i].path;
	return nodeid == 1 ? "/" : NULL;
}

static const char *in_directory(struct guesser *g, uint64_t dir, const char *name)
{
	const char *path = path_of(g, dir);

	return path ? path_cleaned(g->s->arena, arena_printf(g->s->arena, "%s/%s", path, name)) :
		NULL;
}

static void learn(struct guesser *g, uint64_t nodeid, const char *path)
{
	const struct node node = { nodeid, path };

	if (nodeid > 1 && path)
		ARENA_PUSH(g->s->arena, g->nodes, g->n_nodes, node);
}

static bool is_about_name(const struct served_request *r)
{
	static const char *const ops[] = {
		"LOOKUP", "CREATE", "MKDIR", "MKNOD", "SYMLINK", "LINK", "RENAME", "RENAME2",
		"UNLINK", "RMDIR",
	};

	for (size_t i = 0; i < ARRAY_SIZE(ops); i++)
		if (!strcmp(ops[i], r->op))
			return true;
	return false;
}

/* Where the log has nodeids alone, these are the names. */
static void find_paths(struct guesser *g)
{
	const struct served_request *r = g->r;

	g->path = r->path;
	g->other = r->other;
	if (!g->path && r->names[0] && !strcmp(r->op, "SYMLINK")) {
		g->path = in_directory(g, r->nodeid, r->names[0]);
		g->other = r->names[1];
	} else if (!g->path && r->names[0]) {
		g->path = in_directory(g, r->nodeid, r->names[0]);
	}
	if (!g->other && r->names[1])
		g->other = in_directory(g, r->newdir ? r->newdir : r->nodeid, r->names[1]);
	if (!strcmp(r->op, "LINK") && !g->other && g->path) {
		g->other = g->path;
		g->path = path_of(g, r->newdir);
	}
	if (!g->path && !is_about_name(r))
		g->path = path_of(g, r->nodeid);
	if (!g->path && !is_about_name(r))
		g->path = arena_printf(g->s->arena, "/node%" PRIu64, r->nodeid);
	if (!r->error && r->entry)
		learn(g, r->entry, g->path);
}

static bool is_under(const char *path, const char *dir)
{
	size_t n = strlen(dir);

	return !strncmp(path, dir, n) && (!path[n] || path[n] == '/');
}

/* Files move with their directory. */
static void move_nodes(struct guesser *g)
{
	for (size_t i = 0; i < g->n_nodes; i++)
		if (is_under(g->nodes[i].path, g->path))
			g->nodes[i].path = arena_printf(g->s->arena, "%s%s", g->other,
							g->nodes[i].path + strlen(g->path));
}

/* ---- calls --------------------------------------------------------------------------------- */

static const char *quoted(struct guesser *g, const char *text)
{
	struct buf b = BUF_INIT;
	const char *out;

	buf_quote(&b, text, strlen(text), strlen(text));
	out = arena_strdup(g->s->arena, buf_str(&b));
	buf_fini(&b);
	return out;
}

static struct traced *call(struct guesser *g, const char *name, unsigned long pid)
{
	const struct served_request *r = g->r;
	const char *error = r->error ? errno_name(r->error) : NULL;
	const struct traced c = {
		.pid = pid, .began = r->began, .ended = r->ended, .name = name,
		.has_ret = r->ended != 0, .ret = r->error ? -1 : 0,
		.error = error ? error : r->error ? "EIO" : NULL,
	};

	ARENA_PUSH(g->out->arena, g->out->calls, g->out->n_calls, c);
	return &g->out->calls[g->out->n_calls - 1];
}

static void arg(struct traced *c, const char *text)
{
	c->args[c->n_args++] = text;
}

static void arg_number(struct guesser *g, struct traced *c, uint64_t n)
{
	arg(c, arena_printf(g->s->arena, "%" PRIu64, n));
}

static void arg_mode(struct guesser *g, struct traced *c)
{
	arg(c, arena_printf(g->s->arena, "0%o", g->r->has_mode ? g->r->mode : 0644));
}

/* ---- descriptors --------------------------------------------------------------------------- */

/* Servers of the lower layer log no handles: one for each file, then. */
static uint64_t number_of(const struct served_request *r)
{
	return r->has_fh ? r->fh : r->entry ? r->entry : r->nodeid;
}

static struct handle *find_handle(struct guesser *g)
{
	for (size_t i = g->n_handles; i--;)
		if (!g->handles[i].is_dir && g->handles[i].fh == number_of(g->r))
			return &g->handles[i];
	return NULL;
}

/* A file that was open before the log begins is opened where it is used first. */
static struct handle *handle(struct guesser *g)
{
	struct handle *h = find_handle(g);
	struct handle own = { .fh = number_of(g->r), .pid = g->r->pid };
	struct traced *c;

	if (h)
		return h;
	story_guess(g->s, g->r->began, "the log does not say how %s was opened", g->path);
	c = call(g, "open", g->r->pid);
	c->ended = c->began;
	c->error = NULL;
	c->ret = (int)own.fh;
	c->has_ret = true;
	arg(c, quoted(g, g->path));
	arg(c, "O_RDWR");
	ARENA_PUSH(g->s->arena, g->handles, g->n_handles, own);
	return &g->handles[g->n_handles - 1];
}

/* Is it used after this request, and before it is released? */
static bool is_used_later(const struct guesser *g)
{
	for (const struct served_request *r = g->r + 1; r < g->log->at + g->log->n; r++) {
		if (number_of(r) != number_of(g->r) || !strncmp(r->op, "OPEN", 4) ||
		    is_about_name(r))
			continue;
		if (!strcmp(r->op, "RELEASE"))
			return false;
		if (!strcmp(r->op, "READ") || !strcmp(r->op, "WRITE") || !strcmp(r->op, "FSYNC"))
			return true;
	}
	return false;
}

static void on_close(struct guesser *g)
{
	struct handle *h = find_handle(g);
	struct traced *c;

	if (!h || (!strcmp(g->r->op, "FLUSH") && is_used_later(g)))
		return;
	c = call(g, "close", h->pid);
	arg_number(g, c, (uint64_t)(int)h->fh);
	h->fh = UINT64_MAX;
}

static void on_open(struct guesser *g)
{
	bool makes = !strcmp(g->r->op, "CREATE");
	struct handle h = { .fh = number_of(g->r), .pid = g->r->pid };
	const char *flags = g->r->flags ? g->r->flags : "O_RDWR";
	struct traced *c = call(g, "open", g->r->pid);

	if (makes && !strstr(flags, "O_CREAT"))
		flags = arena_printf(g->s->arena, "%s|O_CREAT", flags);
	arg(c, quoted(g, g->path));
	arg(c, flags);
	if (makes)
		arg_mode(g, c);
	if (g->r->error || !g->r->ended)
		return;
	c->ret = (int)h.fh;
	ARENA_PUSH(g->s->arena, g->handles, g->n_handles, h);
}

/* Many servers give no numbers to directories. */
static struct handle *find_dir(struct guesser *g)
{
	for (size_t i = g->n_handles; i--;)
		if (g->handles[i].is_dir && g->handles[i].fh == g->r->fh)
			return &g->handles[i];
	return NULL;
}

static void on_opendir(struct guesser *g)
{
	struct handle h = { .fh = g->r->fh, .pid = g->r->pid, .is_dir = true };
	struct traced *c = call(g, "open", g->r->pid);

	arg(c, quoted(g, g->path));
	arg(c, "O_RDONLY|O_DIRECTORY");
	c->ret = (long long)(g->r->fh + (1u << 20));
	if (!g->r->error && g->r->ended)
		ARENA_PUSH(g->s->arena, g->handles, g->n_handles, h);
}

static void on_readdir(struct guesser *g)
{
	struct handle *h = find_dir(g);
	struct traced *c;

	if (!h || h->is_listed)
		return;
	h->is_listed = true;
	c = call(g, "getdents64", h->pid);
	arg_number(g, c, h->fh + (1u << 20));
}

static void on_releasedir(struct guesser *g)
{
	struct handle *h = find_dir(g);
	struct traced *c;

	if (!h)
		return;
	c = call(g, "close", h->pid);
	arg_number(g, c, h->fh + (1u << 20));
	h->fh = UINT64_MAX;
}

/* How many bytes and, for most, which, is not in the log. */
static void on_data(struct guesser *g)
{
	bool writes = !strcmp(g->r->op, "WRITE");
	struct handle *h;
	struct traced *c;

	h = handle(g);
	if (!g->r->has_size)
		story_guess(g->s, g->r->began, "the log does not say where in the file");
	c = call(g, writes ? "pwrite64" : "pread64", h->pid);
	arg_number(g, c, (uint64_t)(int)h->fh);
	arg(c, "\"\"...");
	arg_number(g, c, g->r->has_size || g->r->size ? g->r->size : g->r->count);
	arg_number(g, c, g->r->has_size ? g->r->offset : h->pos);
	if (!g->r->error)
		h->pos += g->r->has_count ? g->r->count : g->r->size;
	if (!g->r->error)
		c->ret = (long long)(g->r->has_count || !writes ? g->r->count : g->r->size);
}

static void on_fsync(struct guesser *g)
{
	struct handle *h = handle(g);
	struct traced *c = call(g, "fsync", h->pid);

	arg_number(g, c, (uint64_t)(int)h->fh);
}

/* Without descriptors, it is a comment. */
static void on_copy(struct guesser *g)
{
	struct served_request from = *g->r;
	const struct served_request *to = g->r;
	struct handle *in, *out;
	struct traced *c;

	from.fh = g->r->from_fh;
	g->r = &from;
	in = find_handle(g);
	g->r = to;
	out = find_handle(g);
	if (g->r->error == ENOSYS || g->r->error == EOPNOTSUPP)
		return;
	c = call(g, "copy_file_range", out ? out->pid : g->r->pid);
	if (!in || !out || !g->r->has_size) {
		arg(c, quoted(g, g->path));
		return;
	}
	arg_number(g, c, (uint64_t)(int)in->fh);
	arg(c, arena_printf(g->s->arena, "[%" PRIu64 "]", g->r->from_offset));
	arg_number(g, c, (uint64_t)(int)out->fh);
	arg(c, arena_printf(g->s->arena, "[%" PRIu64 "]", g->r->offset));
	arg_number(g, c, g->r->size);
	c->ret = g->r->error ? -1 : (long long)g->r->count;
}

/* ---- names that change ----------------------------------------------------------------------- */

static void on_set(struct guesser *g)
{
	struct traced *c = g->r->set ? call(g, g->r->set, g->r->pid) : NULL;

	if (!c)
		return;
	arg(c, quoted(g, g->path));
	if (!strcmp(g->r->set, "chmod"))
		arg(c, arena_printf(g->s->arena, "0%o", g->r->mode));
	else
		arg_number(g, c, g->r->size);
}

static void on_two(struct guesser *g)
{
	bool moves = !strncmp(g->r->op, "RENAME", 6), links = !strcmp(g->r->op, "LINK");
	struct traced *c = call(g, moves ? "rename" : links ? "link" : "symlink", g->r->pid);
	const char *path = quoted(g, g->path), *other = quoted(g, g->other ? g->other : "");

	/* "symlink(contents, path)" */
	arg(c, moves || links ? path : other);
	arg(c, moves || links ? other : path);
	if (moves && !g->r->error && g->r->ended && g->other)
		move_nodes(g);
}

static void on_one(struct guesser *g)
{
	static const char *const words[][2] = {
		{ "UNLINK", "unlink" }, { "RMDIR", "rmdir" }, { "MKDIR", "mkdir" },
		{ "MKNOD", "open" },
	};
	struct traced *c;

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (strcmp(words[i][0], g->r->op) != 0)
			continue;
		c = call(g, words[i][1], g->r->pid);
		arg(c, quoted(g, g->path));
		if (i == 3) {
			arg(c, "O_WRONLY|O_CREAT|O_EXCL");
			c->has_ret = false;
		}
		if (i > 1)
			arg_mode(g, c);
	}
}

/* ---- what there was ------------------------------------------------------------------------------ */

/* Does one of the next requests make or meet that name by itself? */
static bool is_for_another(const struct guesser *g)
{
	const struct served_request *last = g->log->at + g->log->n;

	for (const struct served_request *r = g->r + 1; r < last && r < g->r + NEAR; r++) {
		static const char *const makers[] = {
			"CREATE", "MKDIR", "MKNOD", "SYMLINK", "LINK", "RENAME", "RENAME2",
		};

		for (size_t i = 0; i < ARRAY_SIZE(makers); i++) {
			if (strcmp(makers[i], r->op) != 0)
				continue;
			if ((r->path && !strcmp(r->path, g->path)) ||
			    (r->other && !strcmp(r->other, g->path)) ||
			    (r->names[0] && r->nodeid == g->r->nodeid && g->r->names[0] &&
			     (!strcmp(r->names[0], g->r->names[0]) ||
			      (r->names[1] && !strcmp(r->names[1], g->r->names[0])))))
				return true;
		}
	}
	return false;
}

static void on_look(struct guesser *g)
{
	struct story_file *f;
	struct traced *c;

	if (!g->path || !strcmp(g->path, "/") || !g->r->ended)
		return;
	f = story_saw(g->s, g->path, !g->r->error);
	if (!g->r->error) {
		if (g->r->has_attr && f->was_there && !f->is_changed && !f->size) {
			f->size = S_ISREG(g->r->attr_mode) ? g->r->attr_size : 0;
			f->mode = g->r->attr_mode & 07777;
			f->is_dir = S_ISDIR(g->r->attr_mode);
		}
		return;
	}
	if (is_for_another(g))
		return;
	c = call(g, "stat", g->r->pid);
	arg(c, quoted(g, g->path));
	arg(c, "0");
}

/* These ask what no call has to ask for. */
static void on_nothing(struct guesser *g)
{
	(void)g;
}

static const struct {
	const char *op;
	void (*on)(struct guesser *g);
} kinds[] = {
	{ "LOOKUP", on_look }, { "GETATTR", on_look }, { "OPEN", on_open },
	{ "CREATE", on_open }, { "READ", on_data }, { "WRITE", on_data }, { "FLUSH", on_close },
	{ "RELEASE", on_close }, { "FSYNC", on_fsync }, { "OPENDIR", on_opendir },
	{ "READDIR", on_readdir }, { "READDIRPLUS", on_readdir },
	{ "RELEASEDIR", on_releasedir }, { "SETATTR", on_set }, { "RENAME", on_two },
	{ "RENAME2", on_two }, { "LINK", on_two }, { "SYMLINK", on_two },
	{ "UNLINK", on_one }, { "RMDIR", on_one }, { "MKDIR", on_one }, { "MKNOD", on_one },
	{ "INIT", on_nothing }, { "DESTROY", on_nothing }, { "FORGET", on_nothing },
	{ "BATCH_FORGET", on_nothing }, { "INTERRUPT", on_nothing }, { "ACCESS", on_nothing },
	{ "STATFS", on_nothing }, { "GETXATTR", on_nothing }, { "LISTXATTR", on_nothing },
	{ "READLINK", on_nothing }, { "STATX", on_nothing }, { "POLL", on_nothing },
	{ "???", on_nothing }, { "COPY_FILE_RANGE", on_copy },
	{ "COPY_FILE_RANGE_64", on_copy },
};

/* ---- what the server refused ------------------------------------------------------------------- */

/* Files in memory give these by themselves. */
static bool is_natural(const struct served_request *r)
{
	static const int errors[] = { ENOENT, EEXIST, ENOTEMPTY, ENOTDIR, EISDIR };
	bool is_usual = false;

	for (size_t i = 0; i < ARRAY_SIZE(errors); i++)
		is_usual |= errors[i] == r->error;
	return is_about_name(r) && is_usual;
}

static bool is_same(const struct served_request *x, const struct served_request *y)
{
	if (strcmp(x->op, y->op) != 0 || x->nodeid != y->nodeid || x->offset != y->offset)
		return false;
	return (!x->path || !y->path || !strcmp(x->path, y->path)) &&
		(!x->names[0] || !y->names[0] || !strcmp(x->names[0], y->names[0]));
}

/* An error that is the server's own doing becomes a rule. */
static void add_rule(struct guesser *g)
{
	const struct served_request *r = g->r;
	const char *error = errno_name(r->error), *where = "";
	unsigned nth = 1;

	/* what is served has its own */
	if (g->s->put_head || !error || r->error == ENOSYS || !g->path || is_natural(r) ||
	    g->s->n_rules == RULES_MAX)
		return;
	for (const struct served_request *x = g->log->at; x < r; x++)
		nth += is_same(x, r);
	if (r->has_size)
		where = arena_printf(g->s->arena, ", where: {offset: %" PRIu64 "}", r->offset);
	g->s->rules = arena_printf(g->s->arena, "%s  - {op: %s, file: %s%s, nth: %u, "
				   "reply: {error: %s}}\n", g->s->rules ? g->s->rules : "",
				   r->op, quoted(g, g->path), where, nth, error);
	g->s->n_rules++;
}

static void guess_call(struct guesser *g)
{
	struct traced *c;

	find_paths(g);
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (strcmp(kinds[i].op, g->r->op) != 0)
			continue;
		if (!g->path && kinds[i].on != on_look && kinds[i].on != on_nothing)
			break;
		kinds[i].on(g);
		if (g->r->error && kinds[i].on != on_nothing)
			add_rule(g);
		return;
	}
	/* no call of a scenario, which its comment then says */
	c = call(g, g->r->op, g->r->pid);
	arg(c, quoted(g, g->path ? g->path : "/"));
}

void guess_calls(struct story *s, const struct request_log *log, struct strace_log *out)
{
	struct guesser g = { .s = s, .out = out, .log = log };

	*out = (struct strace_log){
		.arena = s->arena, .lines = log->lines, .strange = log->strange,
		.is_cut = log->is_cut,
	};
	story_guess(s, 0, "the log has what the server was asked: these are calls that ask it");
	for (size_t i = 0; i < log->n; i++) {
		g.r = &log->at[i];
		guess_call(&g);
	}
}
