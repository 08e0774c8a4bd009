/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A table says which call of the system becomes which call of a scenario, and what each
 * argument is.  One thread at a time. */
#include "config.h"

#include "fusescen/import/replay_impl.h"

#include <string.h>

#include "base/escape.h"

/* One letter for each argument: f a descriptor, d a directory that the next path is
 * relative to, p a path, n a number or words, t a text, o an offset that may be NULL, and
 * - what does not matter. */
struct form {
	const char *traced, *call, *args;
	char result;			/* 0, n (a number), s (attributes), v (a variable) */
	char effect;			/* + makes the last path, - takes the first away,
					 * > moves it, w changes the file; 0 */
};

static const struct form forms[] = {
	{ "fsync", "fsync", "f", '0', 0 },
	{ "fdatasync", "fdatasync", "f", '0', 0 },
	{ "syncfs", "syncfs", "f", '0', 0 },
	{ "ftruncate", "ftruncate", "fn", '0', 'w' },
	{ "ftruncate64", "ftruncate", "fn", '0', 'w' },
	{ "fallocate", "fallocate", "fnnn", '0', 'w' },
	{ "lseek", "lseek", "fnn", 'n', 0 },
	{ "flock", "flock", "fn", '0', 0 },
	{ "fadvise64", "posix_fadvise", "fnnn", '0', 0 },
	{ "fchmod", "fchmod", "fn", '0', 0 },
	{ "truncate", "truncate", "pn", '0', 'w' },
	{ "access", "access", "pn", '0', 0 },
	{ "faccessat", "access", "dpn-", '0', 0 },
	{ "faccessat2", "access", "dpn-", '0', 0 },
	{ "chmod", "chmod", "pn", '0', 0 },
	{ "fchmodat", "chmod", "dpn-", '0', 0 },
	{ "mkdir", "mkdir", "pn", '0', '+' },
	{ "mkdirat", "mkdir", "dpn", '0', '+' },
	{ "rmdir", "rmdir", "p", '0', '-' },
	{ "unlink", "unlink", "p", '0', '-' },
	{ "unlinkat", "unlink", "dp-", '0', '-' },
	{ "rename", "rename", "pp", '0', '>' },
	{ "renameat", "rename", "dpdp", '0', '>' },
	{ "renameat2", "renameat2", "dpdpn", '0', '>' },
	{ "link", "link", "pp", '0', '+' },
	{ "linkat", "link", "dpdp-", '0', '+' },
	{ "symlink", "symlink", "tp", '0', '+' },
	{ "symlinkat", "symlink", "tdp", '0', '+' },
	{ "readlink", "readlink", "p--", 'n', 0 },
	{ "readlinkat", "readlink", "dp--", 'n', 0 },
	{ "stat", "stat", "p-", 's', 0 },
	{ "lstat", "lstat", "p-", 's', 0 },
	{ "fstat", "fstat", "f-", 's', 0 },
	{ "newfstatat", "stat", "dp--", 's', 0 },
	{ "statfs", "statfs", "p-", '0', 0 },
	{ "sendfile", "sendfile", "ffon", 'n', 'w' },
	{ "copy_file_range", "copy_file_range", "fofon-", 'n', 'w' },
};

static const struct form *form_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++)
		if (!strcmp(forms[i].traced, name))
			return &forms[i];
	return NULL;
}

/* ---- calls by the table ---------------------------------------------------------------------- */

/* What the arguments were made of. */
struct said {
	struct buf text;
	const char *paths[2];
	size_t n_paths;
	struct fd *fd;
	bool is_ours, is_foreign;
	const char *dir;
};

static void say_path(struct replayer *r, struct said *said, const char *arg)
{
	char *path = fds_path(&r->fds, r->actor, said->dir, arg, r->under);

	said->dir = NULL;
	if (!path) {
		said->is_foreign = true;
		return;
	}
	said->is_ours = true;
	buf_quote(&said->text, path, strlen(path), strlen(path));
	if (said->n_paths < 2)
		said->paths[said->n_paths++] = path;
}

static void say_fd(struct replayer *r, struct said *said, const char *arg)
{
	struct fd *fd = fds_find(&r->fds, r->actor, arg);

	if (!fd) {
		said->is_foreign = true;
		return;
	}
	said->is_ours = true;
	said->fd = fd;
	fds_own(&r->fds, fd, r->actor, r->c->began);
	buf_puts(&said->text, fd->var);
}

/* What is known of files is known by their own names. */
static void resolve(struct replayer *r, struct said *said, const char *name, char effect)
{
	bool follows = (effect == 0 || effect == 'w') && strcmp(name, "lstat") != 0 &&
		strcmp(name, "readlink") != 0;

	for (size_t i = 0; i < said->n_paths; i++)
		said->paths[i] = story_resolved(r->s, said->paths[i], follows);
}

static void say_arguments(struct replayer *r, struct said *said, const struct form *f)
{
	size_t i = 0;

	for (const char *p = f->args; *p && i < r->c->n_args; p++, i++) {
		const char *arg = r->c->args[i];

		if (*p == 'd') {
			said->dir = arg;
			continue;
		}
		if (*p == '-')
			continue;
		buf_puts(&said->text, said->text.len ? ", " : "");
		if (*p == 'p')
			say_path(r, said, arg);
		else if (*p == 'f')
			say_fd(r, said, arg);
		else if (*p == 'o')
			buf_puts(&said->text, !strcmp(arg, "NULL") ? "-1" :
				 arg + strspn(arg, "["));
		else
			buf_puts(&said->text, arg);
		/* "[0]" is an offset by its address */
		if (*p == 'o' && arg[0] == '[')
			while (said->text.len && said->text.data[said->text.len - 1] == ']')
				said->text.len--;
	}
}

/* What is known of the new name of a file. */
static void saw_target(struct replayer *r, const char *path)
{
	const char *flags = strcmp(r->c->name, "renameat2") ? "" : r->c->args[r->c->n_args - 1];
	bool exchanges = strstr(flags, "RENAME_EXCHANGE") != NULL;

	saw_parents(r->s, path);
	if (!exchanges && !strstr(flags, "RENAME_NOREPLACE"))
		guess_absent(r, path);
	story_saw(r->s, path, exchanges)->is_changed = true;
}

static void take_effect(struct replayer *r, const struct said *said, const struct form *f)
{
	bool is_absent = r->c->error && !strcmp(r->c->error, "ENOENT");
	const char *last = said->n_paths ? said->paths[said->n_paths - 1] : NULL;

	if (said->fd && f->effect == 'w')
		story_file(r->s, said->fd->path)->is_changed = true;
	if (!last)
		return;
	if (r->c->error) {
		if (is_absent && said->n_paths == 1 && f->effect != '+')
			saw(r, last, false);
		else if (!is_absent && f->effect == '+' && !strcmp(r->c->error, "EEXIST"))
			saw(r, last, true);
		return;
	}
	if (f->effect == '>')
		saw_target(r, last);
	if (f->effect == '+') {
		saw_parents(r->s, last);
		story_saw(r->s, last, false)->is_changed = true;
	}
	if (said->n_paths == 2 || f->effect != '+')
		saw(r, said->paths[0], true)->is_changed |= f->effect != 0;
}

/* These say by their flags which call they are. */
static const char *call_name(const struct replayer *r, const struct form *f)
{
	const struct traced *c = r->c;
	const char *flags = c->n_args ? c->args[c->n_args - 1] : "";

	if (!strcmp(c->name, "unlinkat") && strstr(flags, "AT_REMOVEDIR"))
		return "rmdir";
	if (!strcmp(c->name, "newfstatat") && strstr(flags, "AT_SYMLINK_NOFOLLOW"))
		return "lstat";
	return f->call;
}

static void by_table(struct replayer *r, const struct form *f)
{
	struct said said = { .text = BUF_INIT };
	auto_buf struct buf result = BUF_INIT;
	auto_free char *call = NULL, *error = failed(r);
	const char *name = call_name(r, f);

	say_arguments(r, &said, f);
	resolve(r, &said, name, f->effect);
	if (said.is_ours && said.is_foreign) {
		left_out(r, "one of the files is elsewhere");
	} else if (said.is_ours) {
		take_effect(r, &said, f);
		if (!strcmp(name, "rmdir") && said.n_paths)
			story_file(r->s, said.paths[0])->is_dir = true;
		if (error)
			buf_puts(&result, error);
		else if (f->result == 's')
			put_attributes(&result, said.n_paths ? story_file(r->s, said.paths[0]) :
				       said.fd ? story_file(r->s, said.fd->path) : NULL,
				       r->c->n_args > 3 ? r->c->args[2] :
				       r->c->n_args > 1 ? r->c->args[1] : "");
		else if (r->c->has_ret)
			buf_printf(&result, " = %lld", r->c->ret);
		if (!strcmp(name, "readlink") && !error && r->c->n_args > 2) {
			struct story_file *link = story_file(r->s, said.paths[0]);
			bool is_whole;

			strace_text(r->s->arena, r->c->args[r->c->n_args - 2], &link->target,
				    &is_whole);
		}
		call = xasprintf("%s(%s)", name, buf_str(&said.text));
		step(r, call, buf_str(&result));
	}
	buf_fini(&said.text);
}

/* "newfstatat(3, "", {...}, AT_EMPTY_PATH)" is about the descriptor. */
static bool is_empty_path(const struct traced *c)
{
	return !strcmp(c->name, "newfstatat") && c->n_args > 1 && !strcmp(c->args[1], "\"\"");
}

bool replay_by_table(struct replayer *r)
{
	static const struct form fstat = { "newfstatat", "fstat", "f---", 's', 0 };
	const struct form *f = is_empty_path(r->c) ? &fstat : form_of(r->c->name);

	if (f)
		by_table(r, f);
	return f != NULL;
}
