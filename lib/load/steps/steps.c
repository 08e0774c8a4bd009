/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Steps, and those of them that do something.  One thread at a time. */
#include "config.h"

#include "load/steps/steps.h"

#include <limits.h>
#include <string.h>

#include "base/errnos.h"
#include "load/read/ioctl_number.h"
#include "load/read/refs.h"
#include "load/read/render.h"
#include "load/read/schema.h"
#include "load/read/sketch.h"
#include "load/read/settings.h"
#include "load/read/values.h"
#include "load/calls/calls.h"
#include "load/checks/checks.h"
#include "load/checks/patterns.h"
#include "load/rules/answer.h"
#include "load/rules/gates.h"
#include "load/rules/notify.h"
#include "load/rules/states.h"
#include "load/steps/changes.h"
#include "load/steps/ring.h"
#include "load/steps/explore.h"
#include "load/steps/stress.h"
#include "load/steps/waits.h"

/* ---- gates -------------------------------------------------------------- */

static int read_gate(struct loader *ld, const struct ynode *n, void *p)
{
	struct step *step = p;

	return gate_value(ld, n, &step->release.which.gate);
}

static int read_count(struct loader *ld, const struct ynode *n, void *p)
{
	struct step *step = p;

	step->release.max = COUNT_ALL;
	if (n->kind == Y_SCALAR && !strcmp(n->text, "all"))
		return 0;
	return value_count(ld, n, 1, UINT_MAX, &step->release.max);
}

static int read_nth(struct loader *ld, const struct ynode *n, void *p)
{
	struct step *step = p;
	uint64_t v;

	if (value_count(ld, n, 1, UINT_MAX, &v))
		return -1;
	step->release.which.nth = (unsigned)v;
	return 0;
}

static int read_only(struct loader *ld, const struct ynode *n, void *p)
{
	struct step *step = p;

	step->release.which.has_match = true;
	return load_request_pattern(ld, n, &step->release.which.match);
}

static int read_until(struct loader *ld, const struct ynode *n, void *p)
{
	struct step *step = p;
	struct text t;

	if (value_text(ld, n, "done", &t))
		return -1;
	step->release.open = true;
	return !strcmp(t.s, "done") ? 0 : value_expected(ld, &t, "done");
}

/* Without a word about how many: all, and the gate stays open; the one that
 * "nth" or those that "only" names: the gate stays closed. */
static int load_step_release(struct loader *ld, const struct ynode *n,
			     struct step *out)
{
	static const struct key keys[] = {
		{ "gate", read_gate, 0, true },
		{ "count", read_count, 0, false },
		{ "nth", read_nth, 0, false },
		{ "only", read_only, 0, false },
		{ "until", read_until, 0, false },
		{ "timeout", value_time, offsetof(struct step, timeout_ns),
		  false },
		{ NULL, NULL, 0, false },
	};
	static const struct schema schema = { "release", keys, NULL, NULL };

	out->release = (struct release_step){
		.which = { .gate = NONE }, .max = COUNT_ALL,
	};
	if (n->kind != Y_MAP) {
		out->release.open = true;
		return read_gate(ld, n, out);
	}
	if (ynode_get(n, "until") && (ynode_get(n, "count") ||
				      ynode_get(n, "nth")))
		return diag(ld->dg, n->loc, "\"until: done\" lets all go; it "
			    "cannot be with \"count\" or \"nth\"");
	if (ynode_get(n, "nth"))
		out->release.max = 1;
	out->release.open = !ynode_get(n, "count") && !ynode_get(n, "nth") &&
		!ynode_get(n, "only");
	return schema_read(ld, n, &schema, out);
}

static int load_step_rearm(struct loader *ld, const struct ynode *n,
			   struct step *out)
{
	return gate_value(ld, n, &out->gate);
}

/* ---- mounts ------------------------------------------------------------- */

static int load_step_mount(struct loader *ld, const struct ynode *n,
			   struct step *out)
{
	return mount_value(ld, n, &out->mount);
}

static int load_step_evict(struct loader *ld, const struct ynode *n,
			   struct step *out)
{
	if (ref_value(ld, n, REF_ANY, &out->evict))
		return -1;
	if (ld->sc->mounts[out->evict.mount].kind == MOUNT_CUSE)
		return diag(ld->dg, n->loc, "\"%s\" is a device; the kernel keeps "
			    "nothing of it",
			    ld->sc->mounts[out->evict.mount].name);
	if (!out->evict.path || !*out->evict.path)
		out->evict.path = "/";
	return 0;
}

static int load_step_umount(struct loader *ld, const struct ynode *n,
			    struct step *out)
{
	if (mount_value(ld, n, &out->mount))
		return -1;
	if (ld->sc->mounts[out->mount].kind == MOUNT_CUSE)
		return diag(ld->dg, n->loc, "\"%s\" is a device; it is not "
			    "mounted", ld->sc->mounts[out->mount].name);
	return 0;
}

static int read_control_mount(struct loader *ld, const struct ynode *n, void *p)
{
	struct step *step = p;

	return mount_value(ld, n, &step->control.mount);
}

static int read_control(struct loader *ld, const struct ynode *key,
			const struct ynode *value, void *p)
{
	struct step *step = p;

	return load_setting(ld, key, value, connection_settings,
			    &step->control.list, &step->control.n);
}

static struct words control_words(struct loader *ld, void *p)
{
	(void)ld;
	(void)p;
	return (struct words){ setting_at, connection_settings };
}

static int load_step_control(struct loader *ld, const struct ynode *n,
			     struct step *out)
{
	static const struct key keys[] = {
		{ "mount", read_control_mount, 0, false },
		{ "result", value_errno, offsetof(struct step, control.result),
		  false },
		{ NULL, NULL, 0, false },
	};
	static const struct schema schema = {
		"control", keys, read_control, control_words,
	};

	out->control = (struct control_step){ .mount = NONE };
	if (schema_read(ld, n, &schema, out) ||
	    (out->control.mount == NONE &&
	     mount_only(ld, n->loc, NULL, 0, &out->control.mount)))
		return -1;
	if (ld->sc->mounts[out->control.mount].kind == MOUNT_CUSE)
		return diag(ld->dg, n->loc, "\"%s\" is a device; it has no settings",
			    ld->sc->mounts[out->control.mount].name);
	return out->control.n ? 0 :
		diag(ld->dg, n->loc, "say what changes: {max_background: 1}");
}

/* ---- the device --------------------------------------------------------- */

static int read_device_mount(struct loader *ld, const struct ynode *n, void *p)
{
	struct step *step = p;

	if (mount_value(ld, n, &step->device.mount))
		return -1;
	return ld->sc->mounts[step->device.mount].kind == MOUNT_FUSE ? 0 :
		diag(ld->dg, n->loc, "a descriptor of a device has no clone");
}

static int read_command(struct loader *ld, const struct ynode *n, void *p)
{
	struct step *step = p;
	struct text t;
	struct lex lx;
	int64_t num;

	if (value_text(ld, n, "the number of an ioctl", &t))
		return -1;
	lex_init(&lx, ld, &t);
	if (lex_ioctl_number(&lx, "", &num))
		return -1;
	step->device.command = (uint64_t)num;
	return lex_done(&lx) ? 0 : lex_expected(&lx, "the end of the value");
}

static int load_step_device(struct loader *ld, const struct ynode *n,
			    struct step *out)
{
	static const struct key keys[] = {
		{ "mount", read_device_mount, 0, false },
		{ "fresh", value_true, offsetof(struct step, device.is_fresh), false },
		{ "read", value_size, offsetof(struct step, device.size), false },
		{ "ioctl", read_command, 0, false },
		{ "data", value_data, offsetof(struct step, device.data), false },
		{ "mount_options", value_string,
		  offsetof(struct step, device.options), false },
		{ "result", value_errno, offsetof(struct step, device.result),
		  false },
		{ NULL, NULL, 0, false },
	};
	static const struct schema schema = { "device", keys, NULL, NULL };
	struct device_step *d = &out->device;

	*d = (struct device_step){ .mount = NONE };
	if (schema_read(ld, n, &schema, out) ||
	    (d->mount == NONE && mount_only(ld, n->loc, NULL, 0, &d->mount)))
		return -1;
	if ((d->size != 0) + (d->command != 0) + (d->options != NULL) != 1)
		return diag(ld->dg, n->loc, "say \"read\", \"ioctl\" or "
			    "\"mount_options\"");
	/* What is read there, no worker answers. */
	if (d->size && !d->result)
		return diag(ld->dg, n->loc, "a read has to fail: say \"result\"");
	return d->size <= DEVICE_READ && d->data.len <= DEVICE_ARGUMENT ? 0 :
		diag(ld->dg, n->loc, "a read has 1M at most, an argument 64 bytes");
}

/* ---- the rest ----------------------------------------------------------- */

static int load_step_notify(struct loader *ld, const struct ynode *n,
			    struct step *out)
{
	if (load_notify(ld, n, &out->notify, NULL, &out->timeout_ns))
		return -1;
	out->notify.wait = out->notify.name == NONE;
	if (!out->notify.wait && ynode_get(n, "result"))
		return diag(ld->dg, ynode_get(n, "result")->loc, "a "
			    "notification with a name runs on; its result is "
			    "for \"notified\"");
	return 0;
}

static int load_step_signal(struct loader *ld, const struct ynode *n,
			    struct step *out)
{
	const struct ynode *key;
	struct text t;

	if (value_is_map(ld, n, "{actor: SIGUSR1}"))
		return -1;
	if (n->n_items != 2)
		return diag(ld->dg, n->loc, "expected one {actor: signal}");
	key = n->items[0];
	out->signal.actor = actor_find(ld->sc, key->text, key->len);
	if (out->signal.actor == NONE)
		return actor_unknown(ld, key->loc, key->text, key->len);
	if (value_text(ld, n->items[1], "a signal (SIGUSR1)", &t))
		return -1;
	out->signal.signal = signal_by_name(t.s, t.len);
	return out->signal.signal ? 0 :
		diag_unknown(ld->dg, text_loc(&t, 0, t.len), "signal", t.s,
			     t.len, signal_words());
}

static int load_step_set(struct loader *ld, const struct ynode *n,
			 struct step *out)
{
	out->set = (struct set_step){ NULL, 0 };
	return load_assigns(ld, n, true, &out->set.list, &out->set.n);
}

static int load_step_check(struct loader *ld, const struct ynode *n,
			   struct step *out)
{
	return load_check(ld, n, &out->check);
}

#define READER(kind, word, reader, flags, help) \
	[STEP_##kind] = load_step_##reader,
static int (*const readers[])(struct loader *ld, const struct ynode *n,
			      struct step *out) = { STEP_LIST(READER) };
#undef READER

/* ---- one step ----------------------------------------------------------- */

static const struct keyword *find_keyword(const char *text)
{
	const struct keyword *k;

	for (k = step_keywords; k->name; k++)
		if (!strcmp(k->name, text))
			return k;
	return NULL;
}

static int unknown_step(struct loader *ld, const struct ynode *key)
{
	const char **list = NULL;
	size_t n = 0, i;

	for (i = 0; step_keywords[i].name; i++)
		ARENA_PUSH(ld->arena, list, n, step_keywords[i].name);
	for (i = 0; i < ld->sc->n_actors; i++)
		ARENA_PUSH(ld->arena, list, n, ld->sc->actors[i].name);
	ARENA_PUSH(ld->arena, list, n, NULL);
	return diag_unknown(ld->dg, key->loc, "step or actor", key->text,
			    key->len, words_array(list));
}

static int read_bare_step(struct loader *ld, const struct ynode *n,
			  struct step *out)
{
	const struct keyword *k;
	struct text t;

	if (value_text(ld, n, "a step", &t))
		return -1;
	k = find_keyword(t.s);
	if (k && k->kind == STEP_QUIET) {
		out->kind = STEP_QUIET;
		return 0;
	}
	if (k)
		return diag(ld->dg, n->loc, "\"%s\" needs a value: \"%s: ...\"",
			    t.s, t.s);
	return value_expected(ld, &t, "a step (actor: call, held: gate, "
			      "quiet)");
}

static int read_actor_step(struct loader *ld, const struct ynode *n, int actor,
			   struct step *out)
{
	struct text t;

	if (value_text(ld, n, "a call", &t))
		return -1;
	return load_call(ld, actor, &t, out);
}

/* "... = 4K", "fd = open(...)" */
static bool looks_like_call(const struct ynode *n)
{
	return n->kind == Y_SCALAR &&
	       (!strncmp(n->text, "...", 3) || strchr(n->text, '('));
}

/* The rest of what the actor does is read, but is no step. */
static int unknown_actor(struct loader *ld, const struct ynode *key,
			 const struct ynode *call, struct step *out)
{
	int actor;

	actor_unknown(ld, key->loc, key->text, key->len);
	actor = actor_find(ld->sc, key->text, key->len);
	if (actor != NONE)
		read_actor_step(ld, call, actor, out);
	return -1;
}

/* More than one key is most often a call whose commas YAML took. */
static int too_many_keys(struct loader *ld, const struct ynode *n)
{
	const struct ynode *first = n->items[0];

	if (actor_find(ld->sc, first->text, first->len) != NONE)
		return diag(ld->dg, n->items[2]->loc, "a step has one key; a "
			    "call inside { } must be in quotes because of its "
			    "commas");
	return diag(ld->dg, n->items[2]->loc, "a step has one key; begin "
		    "another step with \"- \"");
}

static int read_key_step(struct loader *ld, const struct ynode *n,
			 struct step *out)
{
	const struct ynode *key = n->items[0];
	const struct keyword *k;
	int actor = actor_find(ld->sc, key->text, key->len), bad;

	if (n->n_items > 2)
		return too_many_keys(ld, n);
	if (actor != NONE)
		return read_actor_step(ld, n->items[1], actor, out);
	k = find_keyword(key->text);
	if (!k && looks_like_call(n->items[1]))
		return unknown_actor(ld, key, n->items[1], out);
	if (!k)
		return unknown_step(ld, key);
	out->kind = (enum step_kind)k->kind;
	sketch_enter(ld->sketch, NULL, k->name, n->items[1]);
	bad = readers[out->kind](ld, n->items[1], out);
	sketch_leave(ld->sketch);
	return bad;
}

int load_step(struct loader *ld, const struct ynode *n, struct step *out)
{
	int bad;

	*out = (struct step){
		.loc = n->kind == Y_MAP && n->n_items ? n->items[1]->loc :
			n->loc,
	};
	if (n->kind == Y_MAP && n->n_items)
		bad = read_key_step(ld, n, out);
	else
		bad = read_bare_step(ld, n, out);
	if (bad)
		return -1;
	out->text = render_item(ld, n);
	return 0;
}

static int read_step(struct loader *ld, const struct ynode *n, void *unused)
{
	struct step step;

	(void)unused;
	if (load_step(ld, n, &step))
		return -1;
	ARENA_PUSH(ld->arena, ld->sc->steps, ld->sc->n_steps, step);
	return 0;
}

int load_steps(struct loader *ld, const struct ynode *n)
{
	int bad;

	if (!n)
		return 0;
	bad = schema_each(ld, n, "a list of steps", read_step, NULL);
	if (!loader_is_enough(ld))	/* else some steps were not read */
		bad |= load_calls_end(ld);
	return bad;
}
