/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Steps that wait or prove.  One thread at a time. */
#include "config.h"

#include "load/steps/waits.h"

#include <limits.h>
#include <string.h>

#include "base/units.h"
#include "load/read/schema.h"
#include "load/read/values.h"
#include "load/checks/patterns.h"
#include "load/rules/gates.h"


#define AT(member)	offsetof(struct step, member)
#define TIMEOUT		{ "timeout", value_time, AT(timeout_ns), false }
#define END		{ NULL, NULL, 0, false }

/* ---- held --------------------------------------------------------------- */

static int read_gate(struct loader *ld, const struct ynode *n, void *p)
{
	struct step *step = p;

	return gate_value(ld, n, &step->held.gate);
}

static int read_count(struct loader *ld, const struct ynode *n, void *p)
{
	struct step *step = p;

	if (value_count(ld, n, 0, UINT_MAX, &step->held.min))
		return -1;
	step->held.max = step->held.min;
	return 0;
}

static int read_min(struct loader *ld, const struct ynode *n, void *p)
{
	struct step *step = p;

	return value_count(ld, n, 1, UINT_MAX, &step->held.min);
}

int load_step_held(struct loader *ld, const struct ynode *n, struct step *out)
{
	static const struct key keys[] = {
		{ "gate", read_gate, 0, true },
		{ "count", read_count, 0, false },
		{ "min", read_min, 0, false },
		TIMEOUT, END
	};
	static const struct schema schema = { "held", keys, NULL, NULL };

	out->held = (struct held_step){ NONE, 1, UINT64_MAX };
	if (n->kind != Y_MAP)
		return read_gate(ld, n, out);
	if (ynode_get(n, "count") && ynode_get(n, "min"))
		return diag(ld->dg, n->loc, "say \"count\" (exactly) or "
			    "\"min\" (at least), not both");
	return schema_read(ld, n, &schema, out);
}

/* ---- blocked, lock ------------------------------------------------------ */

static struct words subject_words(struct loader *ld)
{
	const struct scenario *sc = ld->sc;
	const char **list = NULL;
	size_t n = 0, i;

	for (i = 0; i < sc->n_actors; i++)
		ARENA_PUSH(ld->arena, list, n, sc->actors[i].name);
	for (i = 0; i < sc->n_notes; i++)
		ARENA_PUSH(ld->arena, list, n, sc->notes[i]);
	ARENA_PUSH(ld->arena, list, n, NULL);
	return words_array(list);
}

static int find_subject(struct loader *ld, const struct text *t,
			struct subject *out)
{
	const struct scenario *sc = ld->sc;
	struct loc loc = text_loc(t, 0, t->len);

	*out = (struct subject){ .loc = loc, .note = NONE };
	out->actor = actor_find(sc, t->s, t->len);
	if (out->actor != NONE) {
		if (ld->running[out->actor].in_call)
			return 0;
		return diag(ld->dg, loc, "%s is in no call here; one is "
			    "started with \" ...\" at its end", t->s);
	}
	out->note = names_find(sc->notes, sc->n_notes, t->s, t->len);
	if (out->note != NONE)
		return 0;
	return diag_unknown(ld->dg, loc, "actor or notification", t->s, t->len,
			    subject_words(ld));
}

static int read_subject(struct loader *ld, const struct ynode *n, void *p)
{
	struct subjects *subjects = p;
	struct subject s;
	struct text t;

	if (value_text(ld, n, "an actor or notification", &t) ||
	    find_subject(ld, &t, &s))
		return -1;
	ARENA_PUSH(ld->arena, subjects->list, subjects->n, s);
	return 0;
}

static int read_function(struct loader *ld, const struct ynode *n, void *p)
{
	struct subject *s = p;
	struct text t;

	if (value_name(ld, n, "the name of a kernel function", &t))
		return -1;
	ARENA_PUSH(ld->arena, s->in, s->n_in, t.s);
	return 0;
}

/* SUBJECT: [function, ...] */
static int read_subject_in(struct loader *ld, const struct ynode *key,
			   const struct ynode *value, void *p)
{
	const struct text t = { key->text, key->len, key, NULL, 0 };
	struct step *step = p;
	struct subject s;
	int bad;

	if (find_subject(ld, &t, &s))
		return -1;
	bad = value->kind == Y_LIST ?
		schema_each(ld, value, "a list of kernel functions",
			    read_function, &s) :
		read_function(ld, value, &s);
	ARENA_PUSH(ld->arena, step->blocked.list, step->blocked.n, s);
	return bad;
}

int load_step_blocked(struct loader *ld, const struct ynode *n,
		      struct step *out)
{
	static const struct key keys[] = { TIMEOUT, END };
	static const struct schema schema = {
		"blocked", keys, read_subject_in, NULL,
	};
	int bad = -1;

	out->blocked = (struct subjects){ NULL, 0 };
	switch (n->kind) {
	case Y_SCALAR:
		return read_subject(ld, n, &out->blocked);
	case Y_LIST:
		bad = schema_each(ld, n, "a list of actors", read_subject,
				  &out->blocked);
		break;
	case Y_MAP:
		bad = schema_read(ld, n, &schema, out);
		break;
	}
	if (!bad && !out->blocked.n)
		return diag(ld->dg, n->loc, "who is blocked?");
	return bad;
}

static int read_calls(struct loader *ld, const struct ynode *n, void *p)
{
	struct step *step = p;
	struct subjects *two = &step->inode_lock.calls;
	size_t i;

	if (schema_each(ld, n, "a list of two actors", read_subject, two))
		return -1;
	if (two->n < 2)
		return diag(ld->dg, n->loc, "expected two actors, got %zu",
			    two->n);
	for (i = 0; i < two->n; i++)
		if (two->list[i].actor == NONE)
			return diag(ld->dg, two->list[i].loc,
				    "expected an actor, got a notification");
	return 0;
}

static int read_mode(struct loader *ld, const struct ynode *n, void *p)
{
	struct step *step = p;
	struct text t;

	if (value_text(ld, n, "shared or exclusive", &t))
		return -1;
	step->inode_lock.mode = LOCK_SHARED;
	if (!strcmp(t.s, "shared"))
		return 0;
	step->inode_lock.mode = LOCK_EXCLUSIVE;
	return !strcmp(t.s, "exclusive") ? 0 :
		value_expected(ld, &t, "shared or exclusive");
}

int load_step_inode_lock(struct loader *ld, const struct ynode *n,
			 struct step *out)
{
	static const struct key keys[] = {
		{ "calls", read_calls, 0, true },
		{ "is", read_mode, 0, true },
		TIMEOUT, END
	};
	static const struct schema schema = { "inode_lock", keys, NULL, NULL };

	out->inode_lock = (struct inode_lock_step){ .calls = { NULL, 0 } };
	return schema_read(ld, n, &schema, out);
}

/* ---- the rest ----------------------------------------------------------- */

int load_step_quiet(struct loader *ld, const struct ynode *n, struct step *out)
{
	struct text t;

	(void)out;
	if (value_text(ld, n, "all", &t))
		return -1;
	return !strcmp(t.s, "all") ? 0 : value_expected(ld, &t, "all");
}

static int read_for(struct loader *ld, const struct ynode *n, void *p)
{
	struct step *step = p;

	return load_pattern(ld, n, &step->wait.match);
}

static int read_times(struct loader *ld, const struct ynode *n, void *p)
{
	struct step *step = p;

	return value_count(ld, n, 1, UINT_MAX, &step->wait.min);
}

int load_step_wait(struct loader *ld, const struct ynode *n, struct step *out)
{
	static const struct key keys[] = {
		{ "for", read_for, 0, true },
		{ "count", read_times, 0, false },
		TIMEOUT, END
	};
	static const struct schema schema = { "wait", keys, NULL, NULL };

	out->wait = (struct wait_step){ .min = 1 };
	return n->kind == Y_MAP ? schema_read(ld, n, &schema, out) :
		read_for(ld, n, out);
}

/* freeze, frozen, thaw: of one actor */
static int read_actor(struct loader *ld, const struct ynode *n, void *p)
{
	struct step *step = p;
	struct text t;

	if (value_text(ld, n, "the name of an actor", &t))
		return -1;
	step->actor = actor_find(ld->sc, t.s, t.len);
	return step->actor != NONE ? 0 :
		actor_unknown(ld, n->loc, t.s, t.len);
}

static int read_notified(struct loader *ld, const struct ynode *key,
		     const struct ynode *value, void *p)
{
	const struct scenario *sc = ld->sc;
	struct step *step = p;

	if (step->notified.note != NONE)
		return diag(ld->dg, key->loc,
			    "one notification in a step, please");
	step->notified.note = names_find(sc->notes, sc->n_notes, key->text, key->len);
	if (step->notified.note == NONE)
		return diag_unknown(ld->dg, key->loc, "notification",
				    key->text, key->len,
				    names_words(ld->arena, sc->notes,
						sc->n_notes));
	return value_errno(ld, value, &step->notified.error);
}

int load_step_notified(struct loader *ld, const struct ynode *n,
		       struct step *out)
{
	static const struct key keys[] = { TIMEOUT, END };
	static const struct schema schema = { "notified", keys, read_notified, NULL };

	if (value_is_map(ld, n, "{notification: 0}"))
		return -1;
	out->notified = (struct notified_step){ .note = NONE };
	if (schema_read(ld, n, &schema, out))
		return -1;
	return out->notified.note != NONE ? 0 :
		diag(ld->dg, n->loc, "which notification has returned?");
}

int load_step_actor(struct loader *ld, const struct ynode *n, struct step *out)
{
	static const struct key keys[] = {
		{ "actor", read_actor, 0, true }, TIMEOUT, END
	};
	static const struct schema schema = { "freeze", keys, NULL, NULL };

	return n->kind == Y_MAP ? schema_read(ld, n, &schema, out) :
		read_actor(ld, n, out);
}

static int read_mounted(struct loader *ld, const struct ynode *key,
			const struct ynode *value, void *p)
{
	const struct scenario *sc = ld->sc;
	struct step *step = p;
	int mount = mount_find(sc, key->text, key->len);

	if (step->mounted.mount != NONE)
		return diag(ld->dg, key->loc, "one mount in a step, please");
	if (mount == NONE)
		return diag_unknown(ld->dg, key->loc, "mount", key->text, key->len,
				    mount_words(sc));
	if (!sc->mounts[mount].sync_init)
		return diag(ld->dg, key->loc, "\"%s\" is mounted before the first "
			    "step, because it has no \"sync_init: true\"",
			    sc->mounts[mount].name);
	step->mounted.mount = mount;
	return value_errno(ld, value, &step->mounted.error);
}

int load_step_mounted(struct loader *ld, const struct ynode *n, struct step *out)
{
	static const struct key keys[] = { TIMEOUT, END };
	static const struct schema schema = { "mounted", keys, read_mounted, NULL };

	if (value_is_map(ld, n, "{mount: 0}"))
		return -1;
	out->mounted = (struct mounted_step){ .mount = NONE };
	if (schema_read(ld, n, &schema, out))
		return -1;
	return out->mounted.mount != NONE ? 0 :
		diag(ld->dg, n->loc, "what has been mounted?");
}

int load_step_sleep(struct loader *ld, const struct ynode *n, struct step *out)
{
	if (value_time(ld, n, &out->sleep_ns))
		return -1;
	return out->sleep_ns <= LIMIT_SLEEP ? 0 :
		diag_limit(ld->dg, n->loc, LIMIT_OF(SLEEP));
}
