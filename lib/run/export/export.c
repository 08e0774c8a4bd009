/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Says what cannot be exported, and puts the parts together: types, the tables of the
 * scenario, those definitions of the runtime that it needs, its calls and its steps.
 * One thread at a time.
 */
#include "config.h"

#include "run/export/export.h"

#include <ctype.h>
#include <stdarg.h>
#include <string.h>

#include "run/export/runtime.h"
#include "wire/flags.h"

static const char *const *const runtime[] = {
	export_log, export_files, export_answers, export_serving, export_clients,
	export_steps, export_frame,
};

#define DEFINITIONS_MAX	256

void export_refuse(struct exporting *e, struct loc loc, const char *fmt, ...)
{
	auto_buf struct buf line = BUF_INIT;
	va_list ap;

	buf_printf(&line, "%s:", e->sc->path);
	if (loc.line)
		buf_printf(&line, "%u:%u:", loc.line, loc.col);
	buf_puts(&line, " note: ");
	va_start(ap, fmt);
	buf_vprintf(&line, fmt, ap);
	va_end(ap);
	buf_addc(&line, '\n');
	if (!strstr(buf_str(&e->why), buf_str(&line)))
		buf_puts(&e->why, buf_str(&line));
}

/* ---- what cannot be --------------------------------------------------------------------- */

/* A feature of a scenario, and whether this one has it. */
static bool has_devices(const struct scenario *sc)
{
	for (size_t i = 0; i < sc->n_mounts; i++)
		if (sc->mounts[i].kind != MOUNT_FUSE)
			return true;
	return false;
}

static bool has_mounts(const struct scenario *sc) { return sc->n_mounts != 1; }
static bool has_machine(const struct scenario *sc) { return sc->n_machine > 0; }
static bool has_traces(const struct scenario *sc) { return sc->n_traced > 0; }
static bool has_states(const struct scenario *sc) { return sc->n_states > 0; }
static bool has_hazard(const struct scenario *sc) { return sc->hazard != NULL; }
static bool has_args(const struct scenario *sc) { return sc->kernel_args != NULL; }
static bool has_protocol(const struct scenario *sc)
{
	return sc->protocol != &protocol_builtin;
}

static const struct {
	const char *what;
	bool (*has)(const struct scenario *sc);
} features[] = {
	{ "devices", has_devices },
	{ "more or less than one mount", has_mounts },
	{ "machine: settings of the whole machine", has_machine },
	{ "events of the kernel", has_traces },
	{ "states", has_states },
	{ "a hazard", has_hazard },
	{ "kernel_args", has_args },
	{ "protocol: declared operations", has_protocol },
};

/* Structures of older minors are shorter, and max_pages bounds what the program has
 * room for. */
static bool sets_any(const struct mount_spec *m)
{
	for (size_t i = 0; i < m->n_init; i++)
		if (!strcmp(m->init[i].f->name, "minor") ||
		    !strcmp(m->init[i].f->name, "max_pages"))
			return true;
	return false;
}

static void refuse_mount(struct exporting *e, const struct mount_spec *m)
{
	const struct {
		const char *what;
		bool has;
	} rows[] = {
		{ "a backing other than memory", m->backing.kind != BACKING_MEMORY ||
			m->backing.shared || m->backing.size },
		{ "io_uring", m->transport == TRANSPORT_URING || m->ring_by_hand ||
			(m->init_on & flag_by_name(&flags_init, "over_io_uring", 13)) != 0 },
		{ "sync_init", m->sync_init },
		{ "minor and max_pages of INIT", sets_any(m) },
		{ "splice", m->splice != 0 },
		{ "unprivileged", m->unprivileged },
		{ "namespaces", m->namespaces != 0 },
		{ "mount options but default_permissions",
		  (m->options & ~MOPT_DEFAULT_PERMISSIONS) != 0 },
		{ "max_read", m->max_read != 0 },
		{ "fsname and subtype", m->fsname || m->subtype },
		{ "fuseblk", m->device_size != 0 },
		{ "READDIRPLUS", (m->init_on &
			flag_by_name(&flags_init, "do_readdirplus", 14)) != 0 },
		{ "locks that the server keeps", (m->init_on & (
			flag_by_name(&flags_init, "posix_locks", 11) |
			flag_by_name(&flags_init, "flock_locks", 11))) != 0 },
		{ "passthrough", (m->init_on & flag_by_name(&flags_init, "passthrough", 11)) != 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].has)
			export_refuse(e, m->loc, "%s", rows[i].what);
}

static void refuse_actor(struct exporting *e, const struct actor_spec *a, size_t i)
{
	if (a->has_ids || a->n_groups || a->namespaces || a->cpu != NONE ||
	    a->memory_max || a->memory_high)
		export_refuse(e, a->loc, "actors with other users, processors, namespaces "
			      "or limits");
	if (a->process != (int)i)
		export_refuse(e, a->loc, "threads of one process");
}

static uint64_t needed_flags(struct exporting *e)
{
	static const char *const harmless[] = { "dev_fuse", "fusectl", "kernel_stack",
						"clone_fd", "root" };
	uint64_t flags = 0;

	for (size_t i = 0; i < e->sc->n_needs; i++) {
		const struct need *n = &e->sc->needs[i];
		uint64_t flag = flag_by_name(&flags_init, n->name, strlen(n->name));
		size_t k = 0;

		flags |= flag;
		while (!flag && k < ARRAY_SIZE(harmless) && strcmp(harmless[k], n->name) != 0)
			k++;
		if (k == ARRAY_SIZE(harmless))
			export_refuse(e, n->loc, "needs: %s", n->name);
	}
	return flags;
}

static void refuse(struct exporting *e)
{
	const struct loc nowhere = { 0, 0, 0 };

	for (size_t i = 0; i < ARRAY_SIZE(features); i++)
		if (features[i].has(e->sc))
			export_refuse(e, nowhere, "%s", features[i].what);
	for (size_t i = 0; i < e->sc->n_mounts; i++)
		refuse_mount(e, &e->sc->mounts[i]);
	for (size_t i = 0; i < e->sc->n_actors; i++)
		refuse_actor(e, &e->sc->actors[i], i);
}

/* ---- the runtime -------------------------------------------------------------------------- */

static bool has_word(const char *text, const char *word, size_t n)
{
	for (const char *p = text; (p = strstr(p, word)); p++)
		if ((p == text || (!isalnum((unsigned char)p[-1]) && p[-1] != '_')) &&
		    !isalnum((unsigned char)p[n]) && p[n] != '_')
			return true;
	return false;
}

/* The name that it defines: the word before the first "(" or "=" or ";" or "{" behind
 * the comment.  Empty: it is always wanted. */
static void find_name(const char *definition, char *name, size_t room)
{
	const char *p = definition, *end;
	size_t n = 0;

	name[0] = '\0';
	while (!strncmp(p, "/*", 2)) {
		p = strstr(p, "*/");
		p += 2 + strspn(p + 2, "\n");
	}
	if (strncmp(p, "static ", 7) != 0 && strncmp(p, "HELPER ", 7) != 0)
		return;
	if (strstr(p, "main(") || strchr(p, '{') == NULL || strpbrk(p, "(=;{") == NULL)
		return;
	end = strpbrk(p, "(=;{");
	if (*end != '(')
		return;
	while (end > p && (isalnum((unsigned char)end[-1 - (ptrdiff_t)n]) ||
			   end[-1 - (ptrdiff_t)n] == '_') && n + 1 < room)
		n++;
	memcpy(name, end - n, n);
	name[n] = '\0';
}

/* Is the definition needed by what comes behind it? */
static bool is_needed(const char *definition, const char *behind)
{
	char name[64];

	find_name(definition, name, sizeof(name));
	return !name[0] || has_word(behind, name, strlen(name));
}

/* The last one first: each is needed by later ones alone. */
static void put_runtime(struct buf *out, const char *behind)
{
	const char *all[DEFINITIONS_MAX];
	auto_buf struct buf later = BUF_INIT;
	size_t n = 0, i;

	for (i = 0; i < ARRAY_SIZE(runtime); i++)
		for (const char *const *p = runtime[i]; *p; p++) {
			if (n == DEFINITIONS_MAX)
				die_bug("too many definitions to export");
			all[n++] = *p;
		}
	buf_puts(&later, behind);
	for (i = n; i--;) {
		if (is_needed(all[i], buf_str(&later)))
			buf_puts(&later, all[i]);
		else
			all[i] = NULL;
	}
	for (i = 0; i < n; i++)
		if (all[i])
			buf_printf(out, "%s\n", all[i]);
}

/* ---- all of it ------------------------------------------------------------------------------ */

/* In TAP, a "#" begins a directive. */
static void put_title(struct buf *b, const char *title)
{
	auto_buf struct buf text = BUF_INIT;

	for (; *title; title++)
		buf_printf(&text, "%s%c", *title == '#' ? "\\" : "", *title);
	export_quote(b, buf_str(&text), text.len);
}

static void put_head(struct exporting *e, struct buf *b)
{
	const struct scenario *sc = e->sc;
	const char *name = strrchr(sc->path, '/');

	buf_puts(b, "// SPDX-License-Identifier: GPL-2.0-or-later\n/*\n * ");
	export_comment(b, sc->title && *sc->title ? sc->title : "A scenario");
	buf_puts(b, "\n *\n * Made of ");
	export_comment(b, name ? name + 1 : sc->path);
	buf_puts(b, sc->case_name ? ", case " : "");
	export_comment(b, sc->case_name ? sc->case_name : "");
	buf_puts(b, " by fusescen " PACKAGE_VERSION ".\n"
		 " *	cc -o test FILE.c && ./test\n"
		 " * prints TAP, and exits with 0 (pass), 1 (fail) or 4 (skip).\n */\n");
	for (const char *const *p = export_types; *p; p++)
		buf_printf(b, "%s\n", *p);
}

static void put_constants(struct exporting *e, struct buf *b, uint64_t needs)
{
	const struct scenario *sc = e->sc;
	const struct mount_spec *m = &sc->mounts[0];

	buf_puts(b, "#define TITLE		");
	put_title(b, sc->title ? sc->title : "");
	buf_printf(b, "\n#define N_ACTORS	%zu\n#define N_GATES		%zu\n",
		   sc->n_actors, sc->n_gates);
	buf_printf(b, "#define INIT_ON		0x%llxull\n#define INIT_OFF	0x%llxull\n"
		   "#define INIT_NEEDED	0x%llxull\n",
		   (unsigned long long)m->init_on, (unsigned long long)m->init_off,
		   (unsigned long long)(needs | m->init_on));
	buf_printf(b, "#define ENTRY_NS	%lluull\n#define ATTR_NS		%lluull\n"
		   "#define NEGATIVE_NS	%lluull\n#define MOUNT_OPTIONS	\"%s\"\n\n",
		   (unsigned long long)mount_entry_ns(m),
		   (unsigned long long)mount_attr_ns(m),
		   (unsigned long long)mount_negative_ns(m),
		   m->options & MOPT_DEFAULT_PERMISSIONS ? ",default_permissions" : "");
	for (size_t i = 0; i < sc->n_actors; i++)
		buf_printf(b, "%s actor_%s", i ? "," : "enum {", sc->actors[i].name);
	buf_puts(b, sc->n_actors ? " };\n" : "");
	for (size_t i = 0; i < sc->n_gates; i++)
		buf_printf(b, "%s gate_%zu", i ? "," : "enum {", i);
	buf_puts(b, sc->n_gates ? " };\n" : "");
	buf_puts(b, "static const char *const actor_names[] = {");
	for (size_t i = 0; i < sc->n_actors; i++)
		buf_printf(b, " \"%s\",", sc->actors[i].name);
	buf_puts(b, " };\n\n");
}

static void put_script(struct exporting *e, struct buf *b)
{
	buf_puts(b, "/* ---- the scenario ------------------------------------------------------ */\n\n");
	buf_puts(b, "HELPER long n_;\n");
	for (size_t i = 0; i < e->sc->n_vars; i++)
		buf_printf(b, "HELPER long v_%s, n_%s;\n", e->sc->vars[i], e->sc->vars[i]);
	buf_printf(b, "\n%sstatic void make_call(int i, struct result *r)\n{\n"
		   "\tstatic void (*const calls[])(struct result *r) = {", buf_str(&e->calls));
	for (unsigned i = 0; i < e->n_calls; i++)
		buf_printf(b, "%scall_%u,", i % 6 ? " " : "\n\t\t", i);
	buf_printf(b, "%s\n\t};\n\n\tcalls[i](r);\n}\n\nstatic int word_of(int call)\n{\n"
		   "\tstatic const int words[] = { %s-1 };\n\n\treturn words[call];\n}\n\n"
		   "static void run_steps(void)\n{\n%s}\n",
		   e->n_calls ? "" : "\n\t\tNULL", buf_str(&e->words), buf_str(&e->steps));
}

static char *put_together(struct exporting *e, uint64_t needs)
{
	auto_buf struct buf script = BUF_INIT, all = BUF_INIT;
	struct buf out = BUF_INIT;

	put_script(e, &script);
	buf_puts(&all, buf_str(&script));
	put_head(e, &out);
	put_constants(e, &out, needs);
	buf_puts(&out, buf_str(&e->tables));
	put_runtime(&out, buf_str(&all));
	buf_puts(&out, buf_str(&script));
	return buf_steal(&out);
}

char *export_c(const struct scenario *sc, char **why)
{
	struct exporting e = { .sc = sc };
	uint64_t needs;
	char *text = NULL;

	refuse(&e);
	needs = needed_flags(&e);
	if (!e.why.len) {
		export_files_of(&e, &sc->mounts[0]);
		export_rules(&e);
		export_script(&e);
	}
	if (!e.why.len)
		text = put_together(&e, needs);
	*why = text ? NULL : buf_steal(&e.why);
	buf_fini(&e.tables);
	buf_fini(&e.calls);
	buf_fini(&e.words);
	buf_fini(&e.steps);
	buf_fini(&e.why);
	return text;
}
