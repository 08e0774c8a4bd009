/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Mounts and devices: what the kernel is told of them.  One thread. */
#include "config.h"

#include "load/mounts/mounts.h"

#include <string.h>

#include "base/limits.h"
#include "base/units.h"
#include "load/read/fields.h"
#include "load/read/schema.h"
#include "load/read/sketch.h"
#include "load/read/values.h"
#include "load/mounts/backing.h"
#include "load/mounts/files.h"

/* A script names its devices so, that it cannot stand in for another one. */
#define DEVICE_PREFIX	"fusescen"

#define BLOCK_MIN	512u
#define BLOCK_MAX	(64u << 10)
#define DEVICE_MIN	(64u << 10)
#define DEVICE_USUAL	(1u << 20)

#define RING_DEPTH	32u	/* more than most scripts hold at once */

#define AT(member)	offsetof(struct mount_spec, member)
#define END		{ NULL, NULL, 0, false }

/* ---- init --------------------------------------------------------------- */

static const struct op *init_op(const struct loader *ld,
				const struct mount_spec *m)
{
	return op_by_code(ld->sc->protocol,
			  m->kind == MOUNT_CUSE ? OP_CUSE_INIT : OP_INIT);
}

static int read_init_flags(struct loader *ld, const struct ynode *n, void *p)
{
	struct mount_spec *m = p;

	return value_flags(ld, n, m->kind == MOUNT_CUSE ? &flags_cuse :
			   &flags_init, &m->init_on, &m->init_off);
}

/* A numeric field of the reply. */
static int read_init_field(struct loader *ld, const struct ynode *key,
			   const struct ynode *value, void *p)
{
	struct mount_spec *m = p;
	struct field_set set = {
		.f = op_reply_field(init_op(ld, m), key->text, key->len),
	};
	struct text t;

	if (!set.f)
		return 1;
	if (set.f->type == FT_DATA)
		return diag(ld->dg, key->loc, "what follows the numbers is "
			    "\"name\" and \"info\" of the device");
	if (set.f->dim == FD_FLAGS)
		return diag(ld->dg, key->loc, "all INIT flags go into "
			    "\"flags\"");
	if (value_text(ld, value, "a number", &t) ||
	    field_number(ld, &t, text_tok(&t), set.f, &set.num))
		return -1;
	ARENA_PUSH(ld->arena, m->init, m->n_init, set);
	return 0;
}

static struct words init_words(struct loader *ld, void *p)
{
	(void)ld;
	return field_words(init_op(ld, p)->reply_fields);
}

static int read_init(struct loader *ld, const struct ynode *n, void *p)
{
	static const struct key keys[] = {
		{ "flags", read_init_flags, 0, false }, END
	};
	static const struct schema schema = {
		"init", keys, read_init_field, init_words,
	};

	return n->kind == Y_MAP ? schema_read(ld, n, &schema, p) :
		read_init_flags(ld, n, p);
}

/* ---- mounts ------------------------------------------------------------- */

static int read_workers(struct loader *ld, const struct ynode *n, void *p)
{
	struct mount_spec *m = p;
	uint64_t v;

	if (value_limited(ld, n, 1, LIMIT_OF(WORKERS), &v))
		return -1;
	m->workers = (unsigned)v;
	return 0;
}

static int read_depth(struct loader *ld, const struct ynode *n, void *p)
{
	struct mount_spec *m = p;
	uint64_t v;

	if (value_limited(ld, n, 1, LIMIT_OF(RING_DEPTH), &v))
		return -1;
	m->ring_depth = (unsigned)v;
	return 0;
}

static int read_registers(struct loader *ld, const struct ynode *n, void *p)
{
	struct mount_spec *m = p;
	bool registers = true;

	if (value_switch(ld, n, &registers))
		return -1;
	m->ring_by_hand = !registers;
	return 0;
}

static int read_uring(struct loader *ld, const struct ynode *n, void *p)
{
	static const struct key keys[] = {
		{ "depth", read_depth, 0, false },
		{ "register", read_registers, 0, false }, END
	};
	static const struct schema schema = { "io_uring", keys, NULL, NULL };

	mount_use_uring(p);
	return schema_read(ld, n, &schema, p);
}

int load_transport(struct loader *ld, const struct ynode *n, enum transport *out)
{
	const struct words words = { keyword_at, transport_keywords };
	const struct keyword *k;
	struct text t;

	if (value_text(ld, n, "a transport", &t))
		return -1;
	for (k = transport_keywords; k->name && strcmp(k->name, t.s); k++)
		;
	if (!k->name)
		return diag_unknown(ld->dg, text_loc(&t, 0, t.len), "transport",
				    t.s, t.len, words);
	*out = (enum transport)k->kind;
	return 0;
}

static int read_transport(struct loader *ld, const struct ynode *n, void *p)
{
	static const struct key keys[] = {
		{ "uring", read_uring, 0, true }, END
	};
	static const struct schema schema = { "a transport", keys, NULL, NULL };
	struct mount_spec *m = p;

	if (n->kind == Y_MAP)
		return schema_read(ld, n, &schema, p);
	if (load_transport(ld, n, &m->transport))
		return -1;
	if (m->transport == TRANSPORT_URING)
		mount_use_uring(m);
	return 0;
}

static int read_options(struct loader *ld, const struct ynode *n, void *p)
{
	struct mount_spec *m = p;
	uint64_t bits;

	if (value_flags(ld, n, &flags_mount, &bits, NULL))
		return -1;
	m->options = (uint32_t)bits;
	return 0;
}

static int read_splice(struct loader *ld, const struct ynode *n, void *p)
{
	struct mount_spec *m = p;
	uint64_t bits;

	if (value_flags(ld, n, &flags_splice, &bits, NULL))
		return -1;
	m->splice = (uint32_t)bits;
	return 0;
}

static int read_timeouts(struct loader *ld, const struct ynode *n, void *p)
{
	static const struct key keys[] = {
		{ "entry", value_time, AT(entry_ns), false },
		{ "attr", value_time, AT(attr_ns), false },
		{ "negative", value_time, AT(negative_ns), false },
		END
	};
	static const struct schema schema = { "timeouts", keys, NULL, NULL };

	return schema_read(ld, n, &schema, p);
}

/* What stands among the options of mount(2), or by itself. */
static int read_label(struct loader *ld, const struct ynode *n, const char **out,
		      const char *what, const char *never)
{
	struct text t;

	if (value_text(ld, n, what, &t))
		return -1;
	if (!t.len || t.len > LIMIT_NAME_BYTES)
		return t.len ? diag_limit(ld->dg, n->loc, LIMIT_OF(NAME_BYTES)) :
			value_expected(ld, &t, what);
	if (strpbrk(t.s, never))
		return diag(ld->dg, n->loc, "%s cannot have a comma in it", what);
	*out = t.s;
	return 0;
}

static int read_fsname(struct loader *ld, const struct ynode *n, void *p)
{
	return read_label(ld, n, p, "the source of a mount", "");
}

static int read_subtype(struct loader *ld, const struct ynode *n, void *p)
{
	return read_label(ld, n, p, "the subtype of a mount", ",");
}

/* fs/super.c, set_blocksize(): what it may be depends on the machine, too. */
static int read_block_size(struct loader *ld, const struct ynode *n, void *p)
{
	uint64_t *size = p;

	if (value_size(ld, n, size))
		return -1;
	return *size >= BLOCK_MIN && *size <= BLOCK_MAX && !(*size & (*size - 1)) ?
		0 : diag(ld->dg, n->loc, "a block has 512, 1K, 2K, ... or 64K bytes");
}

static int read_device_size(struct loader *ld, const struct ynode *n, void *p)
{
	uint64_t *size = p;

	if (value_size(ld, n, size))
		return -1;
	if (*size < DEVICE_MIN || *size % DEVICE_MIN)
		return diag(ld->dg, n->loc, "the size of a block device is a "
			    "multiple of 64K");
	return *size <= LIMIT_FILE_SIZE ? 0 :
		diag_limit(ld->dg, n->loc, LIMIT_OF(FILE_SIZE));
}

static int read_fuseblk(struct loader *ld, const struct ynode *n, void *p)
{
	static const struct key keys[] = {
		{ "size", read_device_size, AT(device_size), false },
		{ "block_size", read_block_size, AT(block_size), false },
		END
	};
	static const struct schema schema = {
		"a mount of a block device", keys, NULL, NULL,
	};
	struct mount_spec *m = p;

	m->device_size = DEVICE_USUAL;
	return schema_read(ld, n, &schema, m);
}

static int read_files(struct loader *ld, const struct ynode *n, void *p)
{
	return load_files(ld, n, p);
}

static int read_mount(struct loader *ld, const struct ynode *n,
		      struct mount_spec *m)
{
	static const struct key keys[] = {
		{ "init", read_init, 0, false },
		{ "sync_init", value_switch, AT(sync_init), false },
		{ "unprivileged", value_switch, AT(unprivileged), false },
		{ "splice", read_splice, 0, false },
		{ "namespaces", value_namespaces, AT(namespaces), false },
		{ "workers", read_workers, 0, false },
		{ "transport", read_transport, 0, false },
		{ "options", read_options, 0, false },
		{ "max_read", value_size, AT(max_read), false },
		{ "fsname", read_fsname, AT(fsname), false },
		{ "subtype", read_subtype, AT(subtype), false },
		{ "fuseblk", read_fuseblk, 0, false },
		{ "timeouts", read_timeouts, 0, false },
		{ "backing", load_backing, AT(backing), false },
		{ "files", read_files, 0, false },
		END
	};
	static const struct schema schema = { "a mount", keys, NULL, NULL };
	int bad = schema_read(ld, n, &schema, m) | backing_check_files(ld, m);

	if (m->namespaces && (m->device_size || m->sync_init))
		return diag(ld->dg, ynode_get(n, "namespaces")->loc, "a mount of "
			    "other namespaces is neither fuseblk nor sync_init");
	if (m->fsname && m->device_size)
		return diag(ld->dg, ynode_get(n, "fsname")->loc, "the source of "
			    "a fuseblk mount is its device");
	return bad;
}

/* ---- devices ------------------------------------------------------------ */

static int read_dev_name(struct loader *ld, const struct ynode *n, void *p)
{
	struct mount_spec *m = p;
	struct text t;

	if (value_name(ld, n, "the name of a device", &t))
		return -1;
	if (t.len > LIMIT_NAME_BYTES)
		return diag_limit(ld->dg, text_loc(&t, 0, t.len),
				  LIMIT_OF(NAME_BYTES));
	if (strncmp(t.s, DEVICE_PREFIX, strlen(DEVICE_PREFIX)))
		return diag(ld->dg, text_loc(&t, 0, t.len), "the name of a "
			    "device begins with \"%s\", so that it cannot be "
			    "taken for another", DEVICE_PREFIX);
	m->dev_name = t.s;
	return 0;
}

static int read_device_data(struct loader *ld, const struct ynode *n, void *p)
{
	struct data_spec *d = p;

	if (value_data(ld, n, d))
		return -1;
	return d->len <= LIMIT_DEVICE_DATA ? 0 :
		diag_limit(ld->dg, n->loc, LIMIT_OF(DEVICE_DATA));
}

static int read_device(struct loader *ld, const struct ynode *n,
		       struct mount_spec *m)
{
	static const struct key keys[] = {
		{ "name", read_dev_name, 0, true },
		{ "init", read_init, 0, false },
		{ "info", read_device_data, AT(info), false },
		{ "content", read_device_data, AT(content), false },
		{ "workers", read_workers, 0, false },
		END
	};
	static const struct schema schema = { "a device", keys, NULL, NULL };

	return schema_read(ld, n, &schema, m);
}

/* ---- both --------------------------------------------------------------- */

static int read_one(struct loader *ld, const char *key, const struct ynode *all,
		    size_t i, int (*read)(struct loader *ld, const struct ynode *n,
					  struct mount_spec *m),
		    struct mount_spec *m)
{
	int bad;

	sketch_enter(ld->sketch, NULL, key, all);
	bad = read(ld, all->items[i + 1], m);
	sketch_leave(ld->sketch);
	return bad;
}

/* Names first: files refer to other mounts. */
static int add_names(struct loader *ld, const struct ynode *n,
		     enum mount_kind kind)
{
	struct scenario *sc = ld->sc;
	int bad = 0;
	size_t i;

	if (!n)
		return 0;
	if (value_is_map(ld, n, kind == MOUNT_FUSE ? "mounts (name: {...})" :
			 "devices (name: {...})"))
		return -1;
	for (i = 0; i + 1 < n->n_items; i += 2) {
		const struct ynode *key = n->items[i];
		struct mount_spec m = {
			.loc = key->loc, .name = key->text, .kind = kind,
			.workers = 1, .ring_depth = RING_DEPTH, .entry_ns = UINT64_MAX,
			.attr_ns = UINT64_MAX, .negative_ns = UINT64_MAX,
		};

		if (key->len > LIMIT_NAME_BYTES)
			bad |= diag_limit(ld->dg, key->loc,
					  LIMIT_OF(NAME_BYTES));
		else if (!is_name(key->text, key->len))
			bad |= diag(ld->dg, key->loc, "expected the name of a "
				    "mount, got \"%.60s\"", key->text);
		if (mount_find(sc, key->text, key->len) != NONE)
			bad |= diag(ld->dg, key->loc, "\"%s\" is the name of a "
				    "mount already", key->text);
		if (sc->n_mounts == LIMIT_MOUNTS)
			return diag_limit(ld->dg, key->loc, LIMIT_OF(MOUNTS));
		ARENA_PUSH(ld->arena, sc->mounts, sc->n_mounts, m);
	}
	return bad;
}

int load_mounts(struct loader *ld, const struct ynode *mounts,
		const struct ynode *devices)
{
	struct mount_spec *m;
	size_t i;
	int bad;

	bad = add_names(ld, mounts, MOUNT_FUSE);
	bad |= add_names(ld, devices, MOUNT_CUSE);
	if (bad)
		return -1;
	m = ld->sc->mounts;
	for (i = 0; mounts && i < mounts->n_items; i += 2)
		bad |= read_one(ld, "mounts", mounts, i, read_mount, m++);
	for (i = 0; devices && i < devices->n_items; i += 2)
		bad |= read_one(ld, "devices", devices, i, read_device, m++);
	return bad;
}
