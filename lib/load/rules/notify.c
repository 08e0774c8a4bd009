/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Notifications.  One thread at a time. */
#include "config.h"

#include "load/rules/notify.h"

#include <string.h>

#include "load/read/fields.h"
#include "load/read/refs.h"
#include "load/read/schema.h"
#include "load/read/values.h"

struct notify_load {
	struct notify_spec *out;
	const struct ynode *word;	/* the key that says which one */
	bool *before;
	uint64_t *timeout_ns;
};

/* ---- what each notification's own key holds ----------------------------- */

static int read_node(struct loader *ld, const struct ynode *n,
		     struct notify_spec *out)
{
	return ref_value(ld, n, 0, &out->file);
}

/* A file by name: its directory and what it is called there. */
static int read_entry(struct loader *ld, const struct ynode *n,
		      struct notify_spec *out)
{
	const char *slash;

	if (ref_value(ld, n, 0, &out->file))
		return -1;
	if (!out->file.path || !out->file.path[1])
		return diag(ld->dg, n->loc, "expected a name in a directory, "
			    "got \"%s\"", n->text);
	slash = strrchr(out->file.path, '/');
	out->child = slash + 1;
	out->file.path = slash == out->file.path ? "/" :
		arena_strndup(ld->arena, out->file.path,
			      (size_t)(slash - out->file.path));
	return 0;
}

static int read_handle(struct loader *ld, const struct ynode *n,
		       struct notify_spec *out)
{
	struct field_set set = { .f = note_arg(out->note, "kh", 2) };

	if (value_count(ld, n, 0, UINT64_MAX, &set.num))
		return -1;
	ARENA_PUSH(ld->arena, out->sets, out->n_sets, set);
	return 0;
}

static int read_nothing(struct loader *ld, const struct ynode *n,
			struct notify_spec *out)
{
	bool yes = false;

	(void)out;
	if (value_true(ld, n, &yes))
		return -1;
	return yes ? 0 : diag(ld->dg, n->loc, "expected true, got false");
}

static int read_nodes(struct loader *ld, const struct ynode *n,
		      struct notify_spec *out)
{
	struct file_ref ref;
	int bad = 0;
	size_t i;

	if (value_is_list(ld, n, "a list of files"))
		return -1;
	for (i = 0; i < n->n_items; i++) {
		if (ref_value(ld, n->items[i], 0, &ref)) {
			bad = -1;
			continue;
		}
		if (i && out->n_others && ref.mount != out->others[0].mount)
			bad |= diag(ld->dg, n->items[i]->loc,
				    "the files are on different mounts");
		ARENA_PUSH(ld->arena, out->others, out->n_others, ref);
	}
	if (out->n_others)
		out->mount = out->others[0].mount;
	return bad;
}

static const struct note_form {
	enum note_code code;
	int (*read)(struct loader *ld, const struct ynode *n,
		    struct notify_spec *out);
} forms[] = {
	{ NOTE_POLL, read_handle },
	{ NOTE_INVAL_INODE, read_node },
	{ NOTE_INVAL_ENTRY, read_entry },
	{ NOTE_STORE, read_node },
	{ NOTE_RETRIEVE, read_node },
	{ NOTE_DELETE, read_entry },
	{ NOTE_RESEND, read_nothing },
	{ NOTE_INC_EPOCH, read_nothing },
	{ NOTE_PRUNE, read_nodes },
};

/* ---- the other keys ----------------------------------------------------- */

static int read_code(struct loader *ld, const struct ynode *n, void *p)
{
	struct notify_load *l = p;
	uint64_t v;

	/* the code is the header's error field, a positive number */
	if (value_count(ld, n, 0, INT32_MAX, &v))
		return -1;
	l->out->code = (uint32_t)v;
	return 0;
}

static int read_as(struct loader *ld, const struct ynode *n, void *p)
{
	struct notify_load *l = p;
	struct scenario *sc = ld->sc;
	struct text t;

	if (value_name(ld, n, "a name", &t))
		return -1;
	if (names_find(sc->notes, sc->n_notes, t.s, t.len) != NONE)
		return diag(ld->dg, n->loc, "another notification is named "
			    "\"%s\" already", t.s);
	if (actor_find(sc, t.s, t.len) != NONE ||
	    op_by_name(sc->protocol, t.s, t.len) || !strcmp(t.s, "reply"))
		return diag(ld->dg, n->loc, "\"%s\" is the name of an actor or "
			    "operation already", t.s);
	l->out->name = names_intern(ld, n->loc, &sc->notes, &sc->n_notes,
				    t.s, t.len);
	return l->out->name == NONE ? -1 : 0;
}

static int read_result(struct loader *ld, const struct ynode *n, void *p)
{
	struct notify_load *l = p;

	return value_errno(ld, n, &l->out->expect);
}

static int read_mount(struct loader *ld, const struct ynode *n, void *p)
{
	struct notify_load *l = p;

	return mount_value(ld, n, &l->out->mount);
}

static int read_data(struct loader *ld, const struct ynode *n, void *p)
{
	struct notify_load *l = p;

	if (l->out->note && !note_arg(l->out->note, "data", 4))
		return diag(ld->dg, n->loc, "%s carries no data",
			    l->out->note->name);
	l->out->has_data = true;
	return value_data(ld, n, &l->out->data);
}

static int read_before(struct loader *ld, const struct ynode *n, void *p)
{
	struct notify_load *l = p;

	if (!l->before)
		return diag(ld->dg, n->loc, "\"before\" has a meaning in rules "
			    "only");
	return value_true(ld, n, l->before);
}

/* From a rule's handler, which goes on when it has returned. */
static int read_wait(struct loader *ld, const struct ynode *n, void *p)
{
	struct notify_load *l = p;

	if (!l->before)
		return diag(ld->dg, n->loc, "\"wait\" has a meaning in rules "
			    "only: a step waits for a notification without a name");
	*l->before = true;
	return value_true(ld, n, &l->out->wait);
}

static int read_timeout(struct loader *ld, const struct ynode *n, void *p)
{
	struct notify_load *l = p;

	if (!l->timeout_ns)
		return diag(ld->dg, n->loc, "\"timeout\" has a meaning in "
			    "steps only");
	return value_time(ld, n, l->timeout_ns);
}

/* One offset is called "off" by the kernel, the others "offset". */
static const struct field *find_field(const struct note *note, const char *name)
{
	const struct field *f;

	if (!note)
		return NULL;
	f = note_arg(note, name, strlen(name));
	if (!f && !strcmp(name, "offset"))
		f = note_arg(note, "off", 3);
	if (!f && !strcmp(name, "off"))
		f = note_arg(note, "offset", 6);
	return f;
}

/* A field of the notification, by hand. */
static int read_field(struct loader *ld, const struct ynode *key,
		      const struct ynode *value, void *p)
{
	struct notify_load *l = p;
	struct field_set set = { 0 };
	struct text t;

	if (key == l->word)
		return 0;
	set.f = find_field(l->out->note, key->text);
	if (!set.f)
		return 1;
	if (set.f->dim == FD_FLAGS) {
		if (value_flags(ld, value, set.f->flags, &set.num, NULL))
			return -1;
	} else {
		if (value_text(ld, value, "a number", &t))
			return -1;
		if (set.f->type == FT_NAME) {
			set.p = t.s;
			set.len = t.len;
		} else if (field_number(ld, &t, text_tok(&t), set.f,
					&set.num)) {
			return -1;
		}
	}
	ARENA_PUSH(ld->arena, l->out->sets, l->out->n_sets, set);
	return 0;
}

static struct words field_keys(struct loader *ld, void *p)
{
	const struct notify_load *l = p;
	static const struct field none[] = { { .name = NULL } };

	(void)ld;
	return field_words(l->out->note ? l->out->note->args : none);
}

static const struct key keys[] = {
	{ "as", read_as, 0, false },
	{ "result", read_result, 0, false },
	{ "mount", read_mount, 0, false },
	{ "data", read_data, 0, false },
	{ "before", read_before, 0, false },
	{ "wait", read_wait, 0, false },
	{ "timeout", read_timeout, 0, false },
	{ NULL, NULL, 0, false },
};
static const struct schema schema = {
	"a notification", keys, read_field, field_keys,
};

/* ---- the whole ---------------------------------------------------------- */

/* The one key that names a notification, or "raw". */
static int find_word(struct loader *ld, const struct ynode *n,
		     struct notify_load *l)
{
	size_t i;

	for (i = 0; i + 1 < n->n_items; i += 2) {
		const struct ynode *key = n->items[i];
		const struct note *note = note_by_name(ld->sc->protocol, key->text,
						       key->len);

		if (!note && strcmp(key->text, "raw"))
			continue;
		if (l->word)
			return diag(ld->dg, key->loc, "one notification at a "
				    "time: \"%s\" is given already",
				    l->word->text);
		l->word = key;
		l->out->note = note;
	}
	if (l->word)
		return 0;
	if (n->n_items && !ynode_get(n, "as"))
		return diag_unknown(ld->dg, n->items[0]->loc, "notification",
				    n->items[0]->text, n->items[0]->len,
				    note_words(ld->sc->protocol));
	return diag(ld->dg, n->loc, "which notification? (inval_inode, "
		    "inval_entry, store, ...)");
}

/* What a declared one is about follows from its fields, unless all of them are
 * given by hand. */
static int read_declared(struct loader *ld, const struct ynode *n,
			 struct notify_spec *out)
{
	if (n->kind == Y_SCALAR && !strcmp(n->text, "true"))
		return 0;
	if (note_arg(out->note, "nodeid", 6))
		return read_node(ld, n, out);
	if (note_arg(out->note, "parent", 6) && note_arg(out->note, "name", 4))
		return read_entry(ld, n, out);
	return read_nothing(ld, n, out);
}

static int read_word(struct loader *ld, const struct ynode *n,
		     struct notify_load *l)
{
	const struct ynode *value = ynode_get(n, l->word->text);
	size_t i;

	if (!l->out->note)
		return read_code(ld, value, l);
	if (l->out->note->is_declared)
		return read_declared(ld, value, l->out);
	for (i = 0; i < ARRAY_SIZE(forms); i++)
		if (forms[i].code == (enum note_code)l->out->note->code)
			return forms[i].read(ld, value, l->out);
	return 0;
}

static bool has_field(const struct notify_spec *s, const char *name)
{
	size_t i;

	for (i = 0; i < s->n_sets; i++)
		if (!strcmp(s->sets[i].f->name, name))
			return true;
	return false;
}

static int find_mount(struct loader *ld, struct notify_spec *out)
{
	if (out->file.mount != NONE) {
		if (out->mount != NONE && out->mount != out->file.mount)
			return diag(ld->dg, out->loc, "the file is not on "
				    "mount \"%s\"",
				    ld->sc->mounts[out->mount].name);
		out->mount = out->file.mount;
	}
	/* the only one, even if it is a device */
	if (out->mount == NONE && ld->sc->n_mounts == 1)
		out->mount = 0;
	return out->mount == NONE ? mount_only(ld, out->loc, NULL, 0,
							&out->mount) : 0;
}

static int check(struct loader *ld, struct notify_spec *out)
{
	uint32_t code = out->note && !out->note->is_declared ?
		out->note->code : 0;

	if (code == NOTE_STORE && !out->has_data)
		return diag(ld->dg, out->loc, "store needs \"data\"");
	if (code == NOTE_RETRIEVE && !has_field(out, "size"))
		return diag(ld->dg, out->loc, "retrieve needs \"size\"");
	return find_mount(ld, out);
}

int load_notify(struct loader *ld, const struct ynode *n,
		struct notify_spec *out, bool *before, uint64_t *timeout_ns)
{
	struct notify_load l = { out, NULL, before, timeout_ns };
	int bad;

	*out = (struct notify_spec){
		.loc = n->loc, .name = NONE, .mount = NONE,
		.file = { .mount = NONE },
	};
	if (value_is_map(ld, n, "a notification") || find_word(ld, n, &l))
		return -1;
	bad = read_word(ld, n, &l);
	bad |= schema_read(ld, n, &schema, &l);
	return bad ? -1 : check(ld, out);
}
