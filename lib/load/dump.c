/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A scenario as YAML again: its top, mounts and files.  Pure functions. */
#include "config.h"

#include "load/dump.h"

#include <inttypes.h>

#include "base/units.h"
#include "load/load.h"

static void dump_time(struct buf *b, const char *before, const char *key,
		      uint64_t ns)
{
	buf_printf(b, "%s%s: ", before, key);
	print_time(b, ns);
}

/* "0x21", or "[-0x1, 0x20]"-like lists where flags are taken away too */
static void dump_init(struct buf *b, const struct mount_spec *m)
{
	size_t i;

	buf_printf(b, "init: {flags: [0x%" PRIx64 ", \"-0x%" PRIx64 "\"]",
		   m->init_on, m->init_off);
	for (i = 0; i < m->n_init; i++)
		dump_number(b, ", ", m->init[i].f->name, m->init[i].num);
	buf_addc(b, '}');
}

/* ---- files -------------------------------------------------------------- */

static void dump_xattrs(struct buf *b, const struct file_spec *f)
{
	size_t i;

	buf_puts(b, ", xattrs: {");
	for (i = 0; i < f->n_xattrs; i++)
		dump_pair(b, i ? ", " : "", f->xattrs[i].name,
			  f->xattrs[i].value);
	buf_addc(b, '}');
}

static const char *type_word(enum node_type type)
{
	switch (type) {
	case NODE_FILE:
		return "file";
	case NODE_DIR:
		return "dir";
	case NODE_SYMLINK:
		return "symlink";
	case NODE_FIFO:
		return "fifo";
	}
	return "";
}

static void dump_file_spec(struct buf *b, const struct scenario *sc,
			   const struct file_spec *f)
{
	auto_buf struct buf t = BUF_INIT;

	buf_puts(b, "      ");
	dump_scalar(b, f->path);
	buf_printf(b, ": {type: %s, mode: 0%o, uid: %u, gid: %u, size: %" PRIu64,
		   type_word(f->type), f->mode, f->uid, f->gid, f->size);
	if (f->data.len) {
		dump_data(&t, &f->data);
		dump_pair(b, ", ", "data", buf_str(&t));
		buf_clear(&t);
	}
	if (f->target)
		dump_pair(b, ", ", "target", f->target);
	if (f->n_xattrs)
		dump_xattrs(b, f);
	if (f->open_flags)
		buf_printf(b, ", open: 0x%x", f->open_flags);
	if (f->backing.path)
		dump_backing_file(b, sc, &f->backing);
	if (f->entry_ns != UINT64_MAX)
		dump_time(b, ", ", "entry_timeout", f->entry_ns);
	if (f->attr_ns != UINT64_MAX)
		dump_time(b, ", ", "attr_timeout", f->attr_ns);
	buf_puts(b, "}\n");
}

/* ---- mounts ------------------------------------------------------------- */

static void dump_device(struct buf *b, const struct mount_spec *m)
{
	auto_buf struct buf t = BUF_INIT;

	dump_data(&t, &m->content);
	buf_printf(b, "  %s: {name: %s, workers: %u", m->name, m->dev_name,
		   m->workers);
	dump_pair(b, ", ", "content", buf_str(&t));
	buf_clear(&t);
	dump_data(&t, &m->info);
	dump_pair(b, ", ", "info", buf_str(&t));
	buf_puts(b, ", ");
	dump_init(b, m);
	buf_puts(b, "}\n");
}

static void dump_backing(struct buf *b, const struct backing_spec *s)
{
	buf_puts(b, "    backing: ");
	switch (s->kind) {
	case BACKING_MEMORY:
		buf_puts(b, "memory\n");
		break;
	case BACKING_NULL:
		buf_puts(b, "null\n");
		break;
	case BACKING_MIRROR:
		dump_pair(b, "{", "mirror", s->dir);
		buf_puts(b, "}\n");
		break;
	case BACKING_TMPFS:
		buf_printf(b, "{tmpfs: %" PRIu64 "}\n", s->size);
		break;
	}
}

/* Those that were given. */
static void dump_timeouts(struct buf *b, const struct mount_spec *m)
{
	const struct {
		const char *name;
		uint64_t ns;
	} rows[] = {
		{ "entry", m->entry_ns }, { "attr", m->attr_ns },
		{ "negative", m->negative_ns },
	};
	const char *before = "    timeouts: {";
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		if (rows[i].ns == UINT64_MAX)
			continue;
		dump_time(b, before, rows[i].name, rows[i].ns);
		before = ", ";
	}
	buf_puts(b, *before == ',' ? "}\n" : "");
}

void dump_mount(struct buf *b, const struct scenario *sc,
		const struct mount_spec *m)
{
	size_t i;

	if (m->kind == MOUNT_CUSE) {
		dump_device(b, m);
		return;
	}
	buf_printf(b, "  %s:\n    ", m->name);
	dump_init(b, m);
	buf_printf(b, "\n    workers: %u\n    options: 0x%x\n    max_read: %"
		   PRIu64 "\n", m->workers, m->options, m->max_read);
	dump_backing(b, &m->backing);
	dump_timeouts(b, m);
	buf_puts(b, m->n_files ? "    files:\n" : "");
	for (i = 0; i < m->n_files; i++)
		dump_file_spec(b, sc, &m->files[i]);
}

static void dump_mounts(struct buf *b, const struct scenario *sc,
			enum mount_kind kind, const char *key)
{
	bool any = false;
	size_t i;

	for (i = 0; i < sc->n_mounts; i++) {
		if (sc->mounts[i].kind != kind)
			continue;
		buf_puts(b, any ? "" : key);
		any = true;
		dump_mount(b, sc, &sc->mounts[i]);
	}
}

/* ---- the top ------------------------------------------------------------ */

static void dump_head(struct buf *b, const struct scenario *sc)
{
	size_t i;

	if (*sc->title)
		buf_printf(b, "# %s\n", sc->title);
	buf_puts(b, "fusescen: 1\n");
	if (sc->n_needs)
		buf_puts(b, "needs:\n");
	for (i = 0; i < sc->n_needs; i++)
		buf_printf(b, "  - %s\n", sc->needs[i].name);
	if (sc->hazard)
		buf_printf(b, "hazard: %s\n", sc->hazard);
	if (sc->n_traced)
		buf_puts(b, "trace:\n");
	for (i = 0; i < sc->n_traced; i++)
		buf_printf(b, "  - %s\n", sc->traced[i]->name);
	dump_time(b, "", "timeout", sc->timeout_ns);
	buf_printf(b, "\nseed: %" PRIu64 "\n", sc->seed);
	if (sc->case_name) {
		dump_pair(b, "cases:\n  - {", "case", sc->case_name);
		buf_puts(b, "}\n");
	}
}

static void dump_actors(struct buf *b, const struct scenario *sc)
{
	size_t i;

	if (sc->n_actors)
		buf_puts(b, "actors:\n");
	for (i = 0; i < sc->n_actors; i++) {
		const struct actor_spec *a = &sc->actors[i];
		const char *before = "";

		buf_printf(b, "  - %s: {", a->name);
		if (a->process != (int)i) {
			dump_pair(b, "", "process",
				  sc->actors[a->process].name);
			before = ", ";
		}
		if (a->has_ids) {
			buf_printf(b, "%suid: %u, gid: %u", before, a->uid,
				   a->gid);
			before = ", ";
		}
		if (a->cpu != NONE)
			dump_number(b, before, "cpu", (uint64_t)a->cpu);
		buf_puts(b, "}\n");
	}
}

static void dump_state(struct buf *b, const struct scenario *sc,
		       const struct state_var *var)
{
	size_t i;

	if (!var->n_others) {
		dump_pair(b, "  ", var->name, sc->words[var->initial]);
		return;
	}
	buf_printf(b, "  %s: [", var->name);
	dump_scalar(b, sc->words[var->initial]);
	for (i = 0; i < var->n_others; i++) {
		buf_puts(b, ", ");
		dump_scalar(b, sc->words[var->others[i]]);
	}
	buf_addc(b, ']');
}

static void dump_states(struct buf *b, const struct scenario *sc)
{
	size_t i;

	if (sc->n_states)
		buf_puts(b, "states:\n");
	for (i = 0; i < sc->n_states; i++) {
		dump_state(b, sc, &sc->states[i]);
		buf_addc(b, '\n');
	}
}

static void dump_fails(struct buf *b, const struct scenario *sc)
{
	size_t i;

	if (sc->n_fails)
		buf_puts(b, "fails:\n");
	for (i = 0; i < sc->n_fails; i++) {
		const struct known_failure *f = &sc->fails[i];

		dump_pair(b, "  - {", "kernel", f->kernel);
		dump_pair(b, ", ", "because", f->because);
		if (f->case_name)
			dump_pair(b, ", ", "case", f->case_name);
		if (f->crash)
			dump_pair(b, ", ", "crash", f->crash);
		buf_puts(b, "}\n");
	}
}

void scenario_dump(struct buf *b, const struct scenario *sc)
{
	size_t i;

	dump_head(b, sc);
	dump_mounts(b, sc, MOUNT_FUSE, "mounts:\n");
	dump_mounts(b, sc, MOUNT_CUSE, "devices:\n");
	dump_states(b, sc);
	dump_actors(b, sc);
	if (sc->n_rules)
		buf_puts(b, "rules:\n");
	for (i = 0; i < sc->n_rules; i++) {
		buf_puts(b, "  - ");
		dump_rule(b, sc, &sc->rules[i]);
		buf_addc(b, '\n');
	}
	if (sc->n_steps)
		buf_puts(b, "steps:\n");
	for (i = 0; i < sc->n_steps; i++) {
		buf_puts(b, "  - ");
		dump_step(b, sc, &sc->steps[i]);
		buf_addc(b, '\n');
	}
	if (sc->n_expect)
		buf_puts(b, "expect:\n");
	for (i = 0; i < sc->n_expect; i++) {
		buf_puts(b, "  - ");
		dump_check(b, sc, &sc->expect[i]);
		buf_addc(b, '\n');
	}
	dump_fails(b, sc);
}
