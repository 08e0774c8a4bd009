/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a scenario asks of the machine.  Any thread. */
#include "config.h"

#include "model/asks.h"

#include <string.h>

#include "model/calls.h"
#include "model/privileges.h"

struct seer {
	const struct scenario *sc;
	void (*see)(void *ctx, const struct ask *ask);
	void *ctx;
};

static void tell(const struct seer *s, struct loc loc, enum ask_kind kind,
		 const char *what)
{
	const struct ask ask = { loc, kind, what };

	s->see(s->ctx, &ask);
}

static void host_ref(const struct seer *s, struct loc loc,
		     const struct file_ref *ref)
{
	if (ref->path && ref->mount == HOST)
		tell(s, loc, ASK_HOST_PATH, ref->path);
}

static void of_mount(const struct seer *s, const struct mount_spec *m)
{
	size_t i;

	if (m->kind == MOUNT_CUSE)
		tell(s, m->loc, ASK_DEVICE, m->dev_name);
	if (m->device_size)
		tell(s, m->loc, ASK_BLOCK_DEVICE, m->name);
	if (m->backing.kind == BACKING_MIRROR)
		tell(s, m->loc, ASK_HOST_PATH, m->backing.dir);
	for (i = 0; i < m->n_files; i++)
		host_ref(s, m->files[i].loc, &m->files[i].backing);
}

static void of_call(void *ctx, struct loc loc, const struct call_use *use)
{
	const struct privilege *p = privilege_of_call(use);
	const struct seer *s = ctx;

	if (use->call->id == CALL_drop_caches)
		tell(s, loc, ASK_DROP_CACHES, s->sc->actors[use->actor].name);
	if (use->call->id == CALL_sync)
		tell(s, loc, ASK_SYNC, s->sc->actors[use->actor].name);
	if (p)
		tell(s, loc, ASK_PRIVILEGE, p->what);
}

static void of_step(const struct seer *s, const struct step *step)
{
	if (step->kind == STEP_ANSWER)
		host_ref(s, step->loc, &step->answer.reply.backing);
}

static void of_rule(const struct seer *s, const struct rule *r)
{
	host_ref(s, r->loc, &r->reply.backing);
	host_ref(s, r->loc, &r->answer.backing);
}

/* A scenario that needs nothing but what every mount needs says nothing. */
static bool is_privilege(const char *need)
{
	const struct keyword *k;

	for (k = capability_keywords; k->name; k++)
		if (!strcmp(k->name, need))
			return true;
	return false;
}

void scenario_asks(const struct scenario *sc,
		   void (*see)(void *ctx, const struct ask *ask), void *ctx)
{
	struct seer s = { sc, see, ctx };
	const struct loc whole_file = { 0, 0, 0 };
	size_t i;

	if (sc->hazard_shape)
		tell(&s, sc->hazard_loc, ASK_HAZARD_SHAPE, sc->hazard_shape);
	else if (sc->hazard)
		tell(&s, whole_file, ASK_HAZARD, sc->hazard);
	for (i = 0; i < sc->n_needs; i++)
		if (is_privilege(sc->needs[i].name))
			tell(&s, sc->needs[i].loc, ASK_CAPABILITY,
			     sc->needs[i].name);
	if (sc->kernel_args)
		tell(&s, sc->kernel_args_loc, ASK_KERNEL_ARGS, sc->kernel_args);
	for (i = 0; i < sc->n_machine; i++)
		tell(&s, sc->machine[i].loc, ASK_SETTING,
		     sc->machine[i].row->name);
	for (i = 0; i < sc->n_mounts; i++)
		of_mount(&s, &sc->mounts[i]);
	for (i = 0; i < sc->n_rules; i++)
		of_rule(&s, &sc->rules[i]);
	for (i = 0; i < sc->n_actors; i++)
		if (sc->actors[i].has_ids)
			tell(&s, sc->actors[i].loc, ASK_OTHER_UIDS,
			     sc->actors[i].name);
	for (i = 0; i < sc->n_steps; i++)
		of_step(&s, &sc->steps[i]);
	scenario_each_call(sc, of_call, &s);
}

void ask_print(struct buf *b, const struct ask *ask)
{
	static const char *const forms[] = {
		[ASK_HOST_PATH] = "the path %s of the host",
		[ASK_HAZARD] = "a machine of its own (%s)",
		[ASK_HAZARD_SHAPE] = "a machine of its own, without saying so (%s)",
		[ASK_CAPABILITY] = "the capability %s",
		[ASK_OTHER_UIDS] = "another user or group, for %s",
		[ASK_DEVICE] = "the device /dev/%s",
		[ASK_BLOCK_DEVICE] = "a loop device, for %s",
		[ASK_PRIVILEGE] = "a right of root's that most clients lack, for %s",
		[ASK_SYNC] = "all filesystems of the machine to be written back, by %s",
		[ASK_KERNEL_ARGS] = "a kernel that was booted with %s",
		[ASK_SETTING] = "another %s of the whole machine",
		[ASK_DROP_CACHES] = "the machine's caches to be dropped, by %s",
	};

	buf_printf(b, forms[ask->kind], ask->what);
}
