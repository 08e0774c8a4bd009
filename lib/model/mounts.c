/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What follows from what a scenario says of a mount.  Thread-safe. */
#include "config.h"

#include "model/mounts.h"

#include <string.h>

#include "base/namespaces.h"
#include "base/units.h"

static const struct flag mount_rows[] = {
	{ "default_permissions", MOPT_DEFAULT_PERMISSIONS, 0, 0 },
	{ "no_allow_other", MOPT_NO_ALLOW_OTHER, 0, 0 },
	{ "ro", MOPT_RO, 0, 0 },
	{ "sync", MOPT_SYNC, 0, 0 },
	{ "noatime", MOPT_NOATIME, 0, 0 },
	{ "dirsync", MOPT_DIRSYNC, 0, 0 },
	{ .name = NULL },
};
const struct flagset flags_mount = { "mount", "mount option", mount_rows };

static const struct flag splice_rows[] = {
	{ "read", SPLICE_READ, 0, 0 },
	{ "write", SPLICE_WRITE, 0, 0 },
	{ "move", SPLICE_MOVE, 0, 0 },
	{ .name = NULL },
};
const struct flagset flags_splice = { "splice", "use of splice(2)", splice_rows };

static const struct flag namespace_rows[] = {
	{ "user", NS_USER, 0, 0 },
	{ "pid", NS_PID, 0, 0 },
	{ .name = NULL },
};
const struct flagset flags_namespaces = { "namespaces", "namespace", namespace_rows };

const struct keyword transport_keywords[] = {
	{ "dev", TRANSPORT_DEV, "by /dev/fuse" },
	{ "uring", TRANSPORT_URING, "by io_uring, as far as the kernel does that" },
	{ NULL, 0, NULL },
};

bool transport_of_word(const char *word, enum transport *out)
{
	const struct keyword *k = transport_keywords;

	*out = TRANSPORT_DEV;
	if (!word)
		return true;
	while (k->name && strcmp(k->name, word) != 0)
		k++;
	if (k->name)
		*out = (enum transport)k->kind;
	return k->name != NULL;
}

void mount_use_uring(struct mount_spec *m)
{
	m->transport = TRANSPORT_URING;
	if (!(m->init_off & INIT_OVER_IO_URING))
		m->init_on |= INIT_OVER_IO_URING;
}

#define LONG_NS		(3600 * NS_PER_S)

/* Do others change the files too? */
static bool is_shared(const struct mount_spec *m)
{
	return m->kind == MOUNT_FUSE && m->backing.kind == BACKING_MIRROR;
}

static uint64_t default_ns(const struct mount_spec *m)
{
	return is_shared(m) ? NS_PER_S : LONG_NS;
}

uint64_t mount_entry_ns(const struct mount_spec *m)
{
	return m->entry_ns != UINT64_MAX ? m->entry_ns : default_ns(m);
}

uint64_t mount_attr_ns(const struct mount_spec *m)
{
	return m->attr_ns != UINT64_MAX ? m->attr_ns : default_ns(m);
}

uint64_t mount_negative_ns(const struct mount_spec *m)
{
	return m->negative_ns != UINT64_MAX ? m->negative_ns : 0;
}

struct backing_spec backing_of_word(const char *word)
{
	if (!strcmp(word, "memory"))
		return (struct backing_spec){ .kind = BACKING_MEMORY };
	if (!strcmp(word, "null"))
		return (struct backing_spec){ .kind = BACKING_NULL };
	return (struct backing_spec){ .kind = BACKING_MIRROR, .dir = word };
}

const char *backing_refuses(enum backing_kind kind, const struct file_spec *f)
{
	switch (kind) {
	case BACKING_MEMORY:
	case BACKING_TMPFS:
		return NULL;
	case BACKING_NULL:
		return f->data.len || f->n_xattrs ? "a file of the null backing "
			"has neither data nor xattrs" : NULL;
	case BACKING_MIRROR:
		return "the files of a mirror are those of its directory";
	}
	return NULL;
}
