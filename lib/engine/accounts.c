/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The accounts are kept by what was replied, so that a server that gives numbers of its
 * own is right too.  A handle that was given twice has no account.
 */
#include "config.h"

#include "engine/accounts.h"

#include <inttypes.h>
#include <string.h>

#include "wire/message.h"
#include "wire/proto.h"

struct handle {
	uint64_t fh;
	const struct event *opened, *released;	/* its OPEN; RELEASE */
	bool twice;
};

struct node {
	uint64_t nodeid, lookups, forgets;
};

struct accounts {
	int mount;
	struct handle *handles;
	size_t n_handles;
	struct node *nodes;
	size_t n_nodes;
	const struct event **live;	/* requests without a reply */
	size_t n_live;
	bool listed;			/* READDIRPLUS looks up too, in data that was cut */
	const struct event *destroyed;
	char *wrong;			/* the first thing */
};

static void note_wrong(struct accounts *a, char *text)
{
	if (a->wrong)
		free(text);
	else
		a->wrong = text;
}

/* ---- numbers of requests ------------------------------------------------------ */

static void request_begins(struct accounts *a, const struct event *ev)
{
	uint64_t unique = ev->unique & ~WIRE_UNIQUE_RESEND;

	if (ev->op->reply == REPLY_NONE || ev->unique & WIRE_UNIQUE_RESEND)
		return;
	for (size_t i = 0; i < a->n_live; i++) {
		if (a->live[i]->unique == unique)
			note_wrong(a, xasprintf("%s #%" PRIu64 " has the unique of %s #%" PRIu64
						", which is not answered",
						ev->op->name, ev->seq,
						a->live[i]->op->name, a->live[i]->seq));
	}
	a->live = xgrow(a->live, a->n_live, sizeof(*a->live));
	a->live[a->n_live++] = ev;
}

static void request_ends(struct accounts *a, const struct event *reply)
{
	for (size_t i = 0; i < a->n_live; i++) {
		if (a->live[i] == reply->request) {
			a->live[i] = a->live[--a->n_live];
			return;
		}
	}
}

/* ---- file handles --------------------------------------------------------------- */

static struct handle *find_handle(struct accounts *a, uint64_t fh)
{
	for (size_t i = a->n_handles; i--;) {
		if (a->handles[i].fh == fh)
			return &a->handles[i];
	}
	return NULL;
}

static void handle_is_given(struct accounts *a, const struct event *reply, size_t at)
{
	struct wire_open_out out = { .fh = 0 };
	struct handle *h;

	if (reply->msg_len < at + sizeof(out.fh))
		return;
	memcpy(&out.fh, (const uint8_t *)reply->msg + at, sizeof(out.fh));
	h = find_handle(a, out.fh);
	if (h && !h->released) {
		h->twice = true;
		return;
	}
	a->handles = xgrow(a->handles, a->n_handles, sizeof(*a->handles));
	a->handles[a->n_handles++] = (struct handle){
		.fh = out.fh, .opened = reply->request,
	};
}

static bool is_release(const struct event *ev)
{
	return ev->opcode == OP_RELEASE || ev->opcode == OP_RELEASEDIR;
}

static void handle_is_used(struct accounts *a, const struct event *ev, uint64_t fh)
{
	struct handle *h = find_handle(a, fh);

	if (!h || h->twice)
		return;
	if (h->released)
		note_wrong(a, xasprintf("%s #%" PRIu64 " is about the file of %s #%" PRIu64
					", which %s #%" PRIu64 " has released", ev->op->name,
					ev->seq, h->opened->op->name, h->opened->seq,
					h->released->op->name, h->released->seq));
	else if (is_release(ev))
		h->released = ev;
}

/* Fields whose name is of a handle: fh, fh_in, fh_out. */
static void handles_are_used(struct accounts *a, const struct event *ev)
{
	struct decoded_request req;
	const char *why;

	if (request_decode_cut(&req, ev->op, ev->msg, ev->msg_len, &why))
		return;
	for (const struct field *f = ev->op->args; f && f->name; f++) {
		struct field_value v;

		if (!strncmp(f->name, "fh", 2) && (!f->name[2] || f->name[2] == '_') &&
		    !request_get(&req, f, &v) && v.num)
			handle_is_used(a, ev, v.num);
	}
}

static void all_are_released(struct accounts *a)
{
	for (size_t i = 0; i < a->n_handles; i++) {
		const struct handle *h = &a->handles[i];

		if (!h->released && !h->twice)
			note_wrong(a, xasprintf("the file of %s #%" PRIu64 " is closed, and was "
						"never released", h->opened->op->name,
						h->opened->seq));
	}
}

/* ---- look-ups ------------------------------------------------------------------- */

static struct node *node_of(struct accounts *a, uint64_t nodeid)
{
	for (size_t i = 0; i < a->n_nodes; i++) {
		if (a->nodes[i].nodeid == nodeid)
			return &a->nodes[i];
	}
	a->nodes = xgrow(a->nodes, a->n_nodes, sizeof(*a->nodes));
	a->nodes[a->n_nodes] = (struct node){ .nodeid = nodeid };
	return &a->nodes[a->n_nodes++];
}

static void node_is_given(struct accounts *a, const struct event *reply)
{
	uint64_t nodeid;

	if (reply->msg_len < sizeof(nodeid))
		return;
	memcpy(&nodeid, reply->msg, sizeof(nodeid));
	if (nodeid)
		node_of(a, nodeid)->lookups++;
}

static void node_is_forgotten(struct accounts *a, const struct event *ev, uint64_t nodeid,
			      uint64_t times)
{
	struct node *node = node_of(a, nodeid);

	node->forgets += times;
	if (node->forgets > node->lookups && !a->listed)
		note_wrong(a, xasprintf("with %s #%" PRIu64 " inode %" PRIu64 " is forgotten %"
					PRIu64 " times, and was looked up %" PRIu64 " times",
					ev->op->name, ev->seq, nodeid, node->forgets,
					node->lookups));
}

static void nodes_are_forgotten(struct accounts *a, const struct event *ev)
{
	const uint8_t *body = (const uint8_t *)ev->msg + sizeof(struct wire_in_header);
	size_t len = ev->msg_len - sizeof(struct wire_in_header);
	struct wire_forget_one one;
	struct wire_forget_in in;

	if (ev->opcode == OP_FORGET && len >= sizeof(in)) {
		memcpy(&in, body, sizeof(in));
		node_is_forgotten(a, ev, ev->nodeid, in.nlookup);
		return;
	}
	for (size_t at = sizeof(struct wire_batch_forget_in);
	     ev->opcode == OP_BATCH_FORGET && at + sizeof(one) <= len; at += sizeof(one)) {
		memcpy(&one, body + at, sizeof(one));
		node_is_forgotten(a, ev, one.nodeid, one.nlookup);
	}
}

/* ---- the log ---------------------------------------------------------------------- */

static void see_request(struct accounts *a, const struct event *ev)
{
	if (!ev->op || ev->msg_len < sizeof(struct wire_in_header))
		return;
	if (a->destroyed)
		note_wrong(a, xasprintf("%s #%" PRIu64 " comes behind DESTROY", ev->op->name,
					ev->seq));
	if (ev->opcode == OP_DESTROY)
		a->destroyed = ev;
	a->listed |= ev->opcode == OP_READDIRPLUS;
	request_begins(a, ev);
	handles_are_used(a, ev);
	nodes_are_forgotten(a, ev);
}

static void see_reply(struct accounts *a, const struct event *ev)
{
	request_ends(a, ev);
	if (ev->error || !ev->msg)
		return;
	switch (ev->opcode) {
	case OP_OPEN: case OP_OPENDIR:
		handle_is_given(a, ev, 0);
		break;
	case OP_CREATE: case OP_TMPFILE:
		handle_is_given(a, ev, sizeof(struct wire_entry_out));
		node_is_given(a, ev);
		break;
	case OP_LOOKUP: case OP_MKNOD: case OP_MKDIR: case OP_SYMLINK: case OP_LINK:
		node_is_given(a, ev);
		break;
	default:
		break;
	}
}

char *accounts_judge(const struct event *const *events, size_t n, int mount,
		     bool closed)
{
	struct accounts a = { .mount = mount };

	for (size_t i = 0; i < n && !a.wrong; i++) {
		if (events[i]->mount != mount)
			continue;
		if (events[i]->kind == EV_REQUEST)
			see_request(&a, events[i]);
		else if (events[i]->kind == EV_REPLY)
			see_reply(&a, events[i]);
	}
	if (closed)
		all_are_released(&a);
	free(a.handles);
	free(a.nodes);
	free(a.live);
	return a.wrong;
}
