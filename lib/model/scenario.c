/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words of the scenario language that more than one floor needs, and the
 * end of a loaded file.  Constant tables, thread-safe. */
#include "config.h"

#include "model/scenario.h"

#include <stdlib.h>
#include <string.h>

#include "base/units.h"

static const char *keyword_at(const void *ctx, size_t i)
{
	return ((const struct keyword *)ctx)[i].name;
}

#define WORD(kind, word, reader, flags, help)	{ #word, STEP_##kind, help },
const struct keyword step_keywords[] = { STEP_LIST(WORD) { NULL, 0, NULL } };
#undef WORD

static unsigned step_flags(enum step_kind kind)
{
#define FLAGS(kind, word, reader, flags, help)	[STEP_##kind] = flags,
	static const unsigned of[] = {
		STEP_LIST(FLAGS) [STEP_CALL] = 0, [STEP_RESULT] = 0,
	};
#undef FLAGS

	return of[kind];
}

bool step_is_shown(enum step_kind kind)
{
	return step_flags(kind) & STEP_SHOWN;
}

bool step_is_served(enum step_kind kind)
{
	return step_flags(kind) & STEP_SERVED;
}

const struct keyword check_keywords[] = {
	{ "order", CHECK_ORDER, "events in this order, others between them" },
	{ "before", CHECK_BEFORE, "every event of one kind before every other" },
	{ "count", CHECK_COUNT, "how many events there are" },
	{ "never", CHECK_NEVER, "no such event" },
	{ "max_in_flight", CHECK_MAX_IN_FLIGHT, "most requests open at one time" },
	{ "elapsed", CHECK_ELAPSED, "time from one event to another" },
	{ "file", CHECK_FILE, "size and data of a file as the server has it" },
	{ "kernel", CHECK_KERNEL, "what a function of the kernel returned" },
	{ NULL, 0, NULL },
};

const struct keyword capability_keywords[] = {
	{ "root", CAP_ROOT, "root in the initial user namespace" },
	{ "dev_fuse", CAP_DEV_FUSE, "/dev/fuse can be opened and mounted" },
	{ "fusectl", CAP_FUSECTL, "connections can be seen and aborted" },
	{ "other_uids", CAP_OTHER_UIDS, "actors can run as other users" },
	{ "kernel_stack", CAP_KERNEL_STACK, "kernel stacks can be read" },
	{ "kernel_log", CAP_KERNEL_LOG, "the kernel log can be read" },
	{ "cuse", CAP_CUSE, "/dev/cuse can be opened, by root" },
	{ "tracing", CAP_TRACING, "returns of kernel functions can be seen" },
	{ "tracepoints", CAP_TRACEPOINTS, "events of the kernel can be seen" },
	{ "drop_caches", CAP_DROP_CACHES, "caches can be dropped" },
	{ "clone_fd", CAP_CLONE_FD, "several workers on one connection" },
	{ NULL, 0, NULL },
};

const struct keyword hazard_keywords[] = {
	{ "kernel_crash", 0, "the kernel may stop, and the machine with it" },
	{ NULL, 0, NULL },
};

const char *const trend_words[] = { "", "grows", "shrinks", NULL };

const struct words step_words = { keyword_at, step_keywords };
const struct words check_words = { keyword_at, check_keywords };
const struct words hazard_words = { keyword_at, hazard_keywords };

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

void scenario_file_free(struct scenario_file *f)
{
	if (!f)
		return;
	diags_free(f->diags);
	arena_free(f->arena);
	free(f->text);
	free(f->path);
	free(f);
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

bool scenario_names_init(const struct scenario *sc)
{
	size_t i, k;

	for (i = 0; i < sc->n_rules; i++)
		for (k = 0; k < sc->rules[i].n_ops; k++)
			if (sc->rules[i].ops[k]->opcode == OP_INIT ||
			    sc->rules[i].ops[k]->opcode == OP_CUSE_INIT)
				return true;
	return false;
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

void scenario_allow_host(struct scenario *sc, const char *const *dirs)
{
	size_t i;

	sc->allow_host = dirs;
	for (i = 0; i < sc->n_mounts; i++)
		sc->mounts[i].backing.allowed = dirs;
}

void scenario_each_call(const struct scenario *sc,
			void (*see)(void *ctx, struct loc loc,
				    const struct call_use *use), void *ctx)
{
	size_t i, k;

	for (i = 0; i < sc->n_steps; i++) {
		const struct step *step = &sc->steps[i];

		if (step->kind == STEP_CALL)
			see(ctx, step->loc, &step->call);
		for (k = 0; step->kind == STEP_STRESS && k < step->stress->n_sites; k++)
			see(ctx, step->loc, &step->stress->sites[k]->use);
	}
}
