/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Steps that are calls stay, each with any result but the one that is in question.  A
 * call that was started is made where it was started, because nothing holds it.  Pure
 * functions.
 */
#include "config.h"

#include "fusescen/minimize/reference.h"

#include <stdbool.h>
#include <string.h>

#include "base/buf.h"
#include "base/escape.h"
#include "base/mem.h"
#include "fusescen/minimize/calls.h"
#include "load/yaml/yedit.h"
#include "load/yaml/ytree.h"
#include "load/yaml/ywrite.h"

#define MAKER	"maker_"		/* the actor that makes the files */

struct making {
	struct buf b;
	const struct ynode *root;
	unsigned line;
	bool is_call;			/* the step that fails */
	bool can;
};

/* ---- files ---------------------------------------------------------------------------------- */

static const char *const ignored[] = {
	"open", "backing", "entry_timeout", "attr_timeout", "size", "fill", "data", "type",
	"target", NULL
};

static bool knows_keys(const struct ynode *file)
{
	for (size_t i = 0; i + 1 < file->n_items; i += 2) {
		size_t k = 0;

		while (ignored[k] && strcmp(ignored[k], file->items[i]->text) != 0)
			k++;
		if (!ignored[k])
			return false;
	}
	return true;
}

static void put_call(struct making *m, const char *text)
{
	struct ynode n = { .kind = Y_SCALAR, .text = text, .len = strlen(text) };

	buf_puts(&m->b, "  - " MAKER ": ");
	ynode_write_flow(&m->b, &n);
	buf_addc(&m->b, '\n');
}

static void put_callf(struct making *m, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void put_callf(struct making *m, const char *fmt, ...)
{
	auto_buf struct buf text = BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(&text, fmt, ap);
	va_end(ap);
	put_call(m, buf_str(&text));
}

/* "a" or 'c'*4K, as a call has it. */
static void put_data(struct making *m, const struct ynode *data)
{
	auto_buf struct buf quoted = BUF_INIT;

	if (strchr("\"'", data->text[0])) {
		put_callf(m, "pwrite(fd, %s, 0)", data->text);
		return;
	}
	buf_quote(&quoted, data->text, data->len, data->len);
	put_callf(m, "pwrite(fd, %s, 0)", buf_str(&quoted));
}

static void put_directories(struct making *m, const char *mount, const char *path)
{
	for (const char *p = strchr(path + 1, '/'); p && p[1]; p = strchr(p + 1, '/'))
		put_callf(m, "mkdir(\"%s%.*s\") = ?", mount, (int)(p - path), path);
}

static void put_file(struct making *m, const char *mount, const char *path,
		     const struct ynode *file)
{
	const struct ynode *size = ynode_get(file, "size"), *data = ynode_get(file, "data");
	const struct ynode *fill = ynode_get(file, "fill"), *target = ynode_get(file, "target");
	const struct ynode *type = ynode_get(file, "type");
	size_t n = strlen(path);

	if (!knows_keys(file) || strchr(path, '{') || path[0] != '/')
		m->can = false;
	put_directories(m, mount, path);
	if (target) {
		put_callf(m, "symlink(\"%s\", \"%s%s\")", target->text, mount, path);
	} else if (n > 1 && path[n - 1] == '/') {
		put_callf(m, "mkdir(\"%s%.*s\") = ?", mount, (int)n - 1, path);
	} else if (type && strcmp(type->text, "file") != 0) {
		m->can = false;
	} else if (n > 1) {
		put_callf(m, "fd = open(\"%s%s\", O_RDWR|O_CREAT, 0666)", mount, path);
		if (fill && size)
			put_callf(m, "pwrite(fd, '%s'*%s, 0)", fill->text, size->text);
		if (data && data->len)
			put_data(m, data);
		if (size)
			put_callf(m, "ftruncate(fd, %s)", size->text);
		put_callf(m, "close(fd)");
	}
}

static void put_files(struct making *m, const char *mount, const struct ynode *files)
{
	for (size_t i = 0; files && files->kind == Y_MAP && i + 1 < files->n_items; i += 2)
		put_file(m, mount, files->items[i]->text, files->items[i + 1]);
}

/* ---- calls ---------------------------------------------------------------------------------- */

static void put_step(struct making *m, size_t i)
{
	const struct ynode *steps = ynode_get(m->root, "steps"), *step = steps->items[i];
	const struct ynode *call = call_of(step), *end = call;
	const char *close, *result;
	struct ynode n = { .kind = Y_SCALAR };
	auto_free char *text = NULL;

	if (!call || call_is_taken(call))
		return;
	if (call_is_started(call)) {
		size_t taken = call_find_taken(steps, i);

		end = taken < steps->n_items ? call_of(steps->items[taken]) : NULL;
	}
	close = strrchr(call->text, ')');
	/* a call that was started has the result of the step that takes it */
	if (!close || !end)
		return;
	result = end == call ? close + 1 : end->text + 3;
	if (end->loc.line == m->line)
		m->is_call = true;
	text = xasprintf("%.*s%s", (int)(close + 1 - call->text), call->text,
			 end->loc.line == m->line ? result : " = ?");
	n.text = text;
	n.len = strlen(text);
	buf_printf(&m->b, "  - %s: ", step->items[0]->text);
	ynode_write_flow(&m->b, &n);
	buf_addc(&m->b, '\n');
}

/* ---- all of it ------------------------------------------------------------------------------- */

static void put_head(struct making *m, const struct ynode *mounts)
{
	const struct ynode *actors = ynode_get(m->root, "actors");

	buf_puts(&m->b, "fusescen: 1\nmounts:\n");
	for (size_t i = 0; i + 1 < mounts->n_items; i += 2)
		buf_printf(&m->b, "  %s: {}\n", mounts->items[i]->text);
	buf_puts(&m->b, "actors:\n  - " MAKER "\n");
	for (size_t i = 0; i < actors->n_items; i++) {
		buf_puts(&m->b, "  - ");
		ynode_write_flow(&m->b, actors->items[i]);
		buf_addc(&m->b, '\n');
	}
	buf_puts(&m->b, "steps:\n");
}

static void make(struct making *m)
{
	const struct ynode *mounts = ynode_get(m->root, "mounts");
	const struct ynode *steps = ynode_get(m->root, "steps");
	const struct ynode *actors = ynode_get(m->root, "actors");

	if (!mounts || mounts->kind != Y_MAP || !steps || steps->kind != Y_LIST ||
	    !actors || actors->kind != Y_LIST)
		return;
	m->can = true;
	put_head(m, mounts);
	for (size_t i = 0; i + 1 < mounts->n_items; i += 2) {
		auto_free char *prefix = mounts->n_items == 2 ? xstrdup("") :
			xasprintf("%s:", mounts->items[i]->text);

		put_callf(m, "mount_tmpfs(\"%s/\")", prefix);
		put_files(m, prefix, ynode_get(mounts->items[i + 1], "files"));
	}
	for (size_t i = 0; i < steps->n_items; i++)
		put_step(m, i);
}

char *reference_make(const char *text, unsigned line)
{
	struct diags *dg = diags_new("", text, strlen(text));
	struct arena *a = arena_new();
	struct making m = { .b = BUF_INIT, .line = line };

	m.root = ytree_parse(a, dg, text, strlen(text));
	if (m.root && line)
		make(&m);
	arena_free(a);
	diags_free(dg);
	if (m.can && m.is_call)
		return buf_steal(&m.b);
	buf_fini(&m.b);
	return NULL;
}
