/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Transports of mounts.  Pure functions, any thread. */
#include "config.h"

#include "model/transport.h"

#include <string.h>

#include "base/mem.h"

void scenario_choose_transport(struct scenario *sc, enum transport transport)
{
	for (size_t i = 0; i < sc->n_mounts; i++) {
		struct mount_spec *m = &sc->mounts[i];

		if (m->transport != TRANSPORT_ANY || m->kind != MOUNT_FUSE)
			continue;
		m->transport = transport;
		if (transport == TRANSPORT_URING)
			mount_use_uring(m);
	}
}

bool scenario_uses_uring(const struct scenario *sc)
{
	for (size_t i = 0; i < sc->n_mounts; i++)
		if (sc->mounts[i].transport == TRANSPORT_URING)
			return true;
	return false;
}

/* What fs/fuse/dev_uring.c, fuse_uring_commit(), has no place for, or no answer to. */
static const char *unfit_reply(const struct reply_spec *reply)
{
	if (reply->expect_write > 0)
		return "the kernel does not tell what it thinks of a reply over io_uring";
	if (reply->has_unique)
		return "io_uring finds a request by its entry, not by the reply's unique";
	if (reply->header_len)
		return "the length in a reply's header means nothing to io_uring";
	if (reply->copies > 1)
		return "an entry of io_uring takes one reply";
	if (reply->by_other)
		return "a reply over io_uring goes by the entry of its request";
	return NULL;
}

/* fs/fuse/inode.c: the reply to INIT had no second word of flags before 7.23. */
static const char *unfit_mount(const struct mount_spec *m)
{
	for (size_t i = 0; i < m->n_init; i++)
		if (!strcmp(m->init[i].f->name, "minor") && m->init[i].num < 23)
			return "its old protocol cannot agree on io_uring";
	return m->splice ? "pipes have nothing to do with io_uring" : NULL;
}

static const char *find_unfit(const struct scenario *sc, struct loc *where)
{
	const char *why = NULL;

	for (size_t i = 0; i < sc->n_mounts && !why; i++) {
		*where = sc->mounts[i].loc;
		if (sc->mounts[i].transport == TRANSPORT_URING)
			why = unfit_mount(&sc->mounts[i]);
	}
	for (size_t i = 0; i < sc->n_rules && !why; i++) {
		const struct rule *rule = &sc->rules[i];

		*where = rule->loc;
		why = unfit_reply(&rule->reply);
		if (!why && rule->answer_gate != NONE)
			why = unfit_reply(&rule->answer);
	}
	for (size_t i = 0; i < sc->n_steps && !why; i++) {
		*where = sc->steps[i].loc;
		if (sc->steps[i].kind == STEP_ANSWER)
			why = unfit_reply(&sc->steps[i].answer.reply);
	}
	return why;
}

const char uring_retrieve_warning[] =
	"the kernel warns of a reply by io_uring to a RETRIEVE with notify_unique 0";

/* fs/fuse/dev.c, fuse_notify_retrieve(): one that is not of this length is refused.
 * fs/fuse/dev_uring.c, fuse_uring_copy_to_ring(): WARN_ON(unique == 0), which of the
 * reply to a RETRIEVE is what the server said. */
bool note_warns_by_uring(const void *msg, size_t len)
{
	struct wire_note_retrieve retrieve;
	struct wire_out_header h;

	if (len != sizeof(h) + sizeof(retrieve))
		return false;
	memcpy(&h, msg, sizeof(h));
	memcpy(&retrieve, (const uint8_t *)msg + sizeof(h), sizeof(retrieve));
	return h.error == NOTE_RETRIEVE && !retrieve.notify_unique;
}

/* The same before there is a message, where what cannot be told counts as one that
 * the kernel warns of.  By offset: a scenario may have declared other names for the
 * bytes. */
static bool is_bad_retrieve(const struct notify_spec *n)
{
	const size_t end = sizeof(((struct wire_note_retrieve *)0)->notify_unique);

	if (n->note ? n->note->code != NOTE_RETRIEVE : n->code != NOTE_RETRIEVE)
		return false;
	for (size_t i = n->n_sets; i > 0; i--) {
		const struct field_set *set = &n->sets[i - 1];

		if (set->f->at < end)
			return set->f->at || field_width(set->f) != end || !set->num;
	}
	return true;
}

static bool has_bad_retrieve(const struct notify_spec *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (is_bad_retrieve(&list[i]))
			return true;
	return false;
}

static const char *find_warning(const struct scenario *sc, struct loc *where)
{
	bool bad = false;

	for (size_t i = 0; i < sc->n_rules && !bad; i++) {
		const struct rule *r = &sc->rules[i];

		*where = r->loc;
		bad = has_bad_retrieve(r->notify_before, r->n_notify_before) ||
			has_bad_retrieve(r->notify_after, r->n_notify_after);
	}
	for (size_t i = 0; i < sc->n_steps && !bad; i++) {
		*where = sc->steps[i].loc;
		bad = sc->steps[i].kind == STEP_NOTIFY &&
			is_bad_retrieve(&sc->steps[i].notify);
	}
	return bad ? uring_retrieve_warning : NULL;
}

char *uring_objection(const struct scenario *sc, bool is_chosen, bool allow_hazard)
{
	struct loc where = { 0, 0, 0 };
	const char *why;

	if (!scenario_uses_uring(sc))
		return NULL;
	why = find_unfit(sc, &where);
	if (why)
		return xasprintf("line %u: %s", where.line, why);
	why = allow_hazard ? NULL : find_warning(sc, &where);
	if (why)
		return xasprintf("line %u: %s: run it in a virtual machine, with "
				 "--allow-hazard", where.line, why);
	/* it has to know of io_uring itself */
	return is_chosen && scenario_names_init(sc) ?
		xstrdup("a rule of its own answers INIT, and decides about io_uring") :
		NULL;
}
