/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Changes of a server's files: "server: {truncate: /data, size: 16K}".  One
 * thread at a time. */
#include "config.h"

#include "load/steps/changes.h"

#include <string.h>

#include "base/limits.h"
#include "load/mounts/files.h"
#include "load/read/refs.h"
#include "load/read/schema.h"
#include "load/read/values.h"

#define AT(member)	offsetof(struct file_change, member)

static const struct {
	const char *name;
	unsigned bit;
} key_bits[] = {
	{ "offset", CHANGE_OFFSET }, { "size", CHANGE_SIZE },
	{ "data", CHANGE_DATA }, { "to", CHANGE_TO }, { "mode", CHANGE_MODE },
	{ "uid", CHANGE_UID }, { "gid", CHANGE_GID },
	{ "atime", CHANGE_ATIME }, { "mtime", CHANGE_MTIME },
	{ "name", CHANGE_NAME }, { "value", CHANGE_VALUE },
	{ "mount", CHANGE_MOUNT },
};

static int read_size(struct loader *ld, const struct ynode *n, void *u64)
{
	if (value_size(ld, n, u64))
		return -1;
	return *(uint64_t *)u64 <= LIMIT_FILE_SIZE ? 0 :
		diag_limit(ld->dg, n->loc, LIMIT_OF(FILE_SIZE));
}

static int read_bytes(struct loader *ld, const struct ynode *n, void *data)
{
	struct data_spec *d = data;

	if (value_data(ld, n, d))
		return -1;
	return d->len <= LIMIT_FILES_DATA ? 0 :
		diag_limit(ld->dg, n->loc, LIMIT_OF(FILES_DATA));
}

static int read_to(struct loader *ld, const struct ynode *n, void *p)
{
	struct file_change *c = p;
	struct file_ref ref;

	if (ref_value(ld, n, 0, &ref))
		return -1;
	if (ref.mount != c->mount)
		return diag(ld->dg, n->loc, "the two names are on different "
			    "mounts");
	c->to = ref.path;
	return 0;
}

static int read_mount(struct loader *ld, const struct ynode *n, void *p)
{
	struct file_change *c = p;

	return mount_value(ld, n, &c->mount);
}

/* The word that says what changes, and the file. */
static int read_word(struct loader *ld, const struct ynode *n, struct file_change *c)
{
	struct mount_spec made = { .n_files = 0 };
	struct file_ref ref;

	if (c->kind == CHANGE_MAKE) {
		if (load_files(ld, n, &made))
			return -1;
		c->files = made.files;
		c->n_files = made.n_files;
		return 0;
	}
	if (ref_value(ld, n, 0, &ref))
		return -1;
	c->mount = ref.mount;
	c->path = ref.path;
	return 0;
}

static const struct keyword *find_word(const char *text)
{
	const struct keyword *k;

	for (k = change_keywords; k->name; k++)
		if (!strcmp(k->name, text))
			return k;
	return NULL;
}

static int other_key(struct loader *ld, const struct ynode *key,
		     const struct ynode *value, void *p)
{
	const struct file_change *c = p;

	(void)value;
	if (!strcmp(key->text, change_rows[c->kind].word))
		return 0;
	if (find_word(key->text))
		return diag(ld->dg, key->loc, "\"%s\" and \"%s\" are two steps",
			    change_rows[c->kind].word, key->text);
	return 1;
}

/* Has the change what it needs, and nothing else? */
static int check_keys(struct loader *ld, const struct ynode *n,
		      const struct file_change *c)
{
	const struct change_row *row = &change_rows[c->kind];
	auto_buf struct buf missing = BUF_INIT;
	unsigned has = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(key_bits); i++) {
		const struct ynode *value = ynode_get(n, key_bits[i].name);
		unsigned bit = key_bits[i].bit;

		if (value && !(bit & (row->needs | row->any | row->can)))
			return diag(ld->dg, value->loc, "\"%s\" has no \"%s\"",
				    row->word, key_bits[i].name);
		has |= value ? bit : 0;
		if (!value && bit & row->needs)
			return diag(ld->dg, n->loc, "\"%s\" needs \"%s\"",
				    row->word, key_bits[i].name);
		if (bit & row->any)
			buf_printf(&missing, "%s\"%s\"", missing.len ? " or " : "",
				   key_bits[i].name);
	}
	if (row->any && !(has & row->any))
		return diag(ld->dg, n->loc, "\"%s\" needs %s", row->word,
			    buf_str(&missing));
	return 0;
}

static int check_mount(struct loader *ld, const struct ynode *n, struct file_change *c)
{
	const struct mount_spec *m;

	if (c->mount == NONE && mount_only(ld, n->loc, NULL, 0, &c->mount))
		return -1;
	m = &ld->sc->mounts[c->mount];
	if (m->kind == MOUNT_CUSE)
		return diag(ld->dg, n->loc, "\"%s\" is a device; it has no files",
			    m->name);
	if (m->backing.kind == BACKING_NULL)
		return diag(ld->dg, n->loc, "the files of a null backing never "
			    "change");
	return 0;
}

static int find_kind(struct loader *ld, const struct ynode *n, struct file_change *c,
		     const struct ynode **value)
{
	size_t i;

	for (i = 0; i + 1 < n->n_items; i += 2) {
		const struct keyword *k = find_word(n->items[i]->text);

		if (!k)
			continue;
		c->kind = (enum change_kind)k->kind;
		*value = n->items[i + 1];
		return 0;
	}
	if (!n->n_items)
		return diag(ld->dg, n->loc, "say what changes: {write: /data, "
			    "data: \"new\"}");
	return diag_unknown(ld->dg, n->items[0]->loc, "change of a server",
			    n->items[0]->text, n->items[0]->len,
			    (struct words){ keyword_at, change_keywords });
}

int load_step_server(struct loader *ld, const struct ynode *n, struct step *out)
{
	static const struct key keys[] = {
		{ "mount", read_mount, 0, false },
		{ "offset", read_size, AT(offset), false },
		{ "size", read_size, AT(size), false },
		{ "data", read_bytes, AT(data), false },
		{ "to", read_to, 0, false },
		{ "mode", value_mode, AT(mode), false },
		{ "uid", value_u32, AT(uid), false },
		{ "gid", value_u32, AT(gid), false },
		{ "atime", value_time, AT(atime_ns), false },
		{ "mtime", value_time, AT(mtime_ns), false },
		{ "name", value_string, AT(name), false },
		{ "value", read_bytes, AT(value), false },
		{ NULL, NULL, 0, false },
	};
	static const struct schema schema = {
		"a change of a server", keys, other_key, NULL,
	};
	struct file_change *c = &out->server;
	const struct ynode *value = NULL;

	*c = (struct file_change){
		.mount = NONE, .mode = UINT32_MAX, .uid = UINT32_MAX,
		.gid = UINT32_MAX, .atime_ns = UINT64_MAX,
		.mtime_ns = UINT64_MAX,
	};
	if (value_is_map(ld, n, "{truncate: /data, size: 16K}") ||
	    find_kind(ld, n, c, &value) || read_word(ld, value, c) ||
	    schema_read(ld, n, &schema, c))
		return -1;
	return check_keys(ld, n, c) || check_mount(ld, n, c) ? -1 : 0;
}
