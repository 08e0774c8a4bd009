/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds out which scenarios use which words, by a walk over the model.  One
 * thread. */
#include "config.h"

#include "tools/catalogue_uses.h"

#include <string.h>

#include "wire/flags.h"
#include "wire/protocol.h"

enum { BY_RULE, BY_PATTERN, BY_ANY = 0 };

/* One file of the walk. */
struct walk {
	struct uses *u;
	size_t file;
};

static void mark(const struct walk *w, const void *table, size_t row, int by)
{
	struct section *s = w->u->sections;
	struct users *users;

	while (s->table != table)
		s++;
	users = &s->rows[row].by[by];
	if (!users->n || users->files[users->n - 1] != w->file)
		ARENA_PUSH(w->u->arena, users->files, users->n, w->file);
}

static void mark_keyword(const struct walk *w, const struct keyword *table,
			 int kind)
{
	const struct keyword *k;

	for (k = table; k->name; k++)
		if (k->kind == kind)
			mark(w, table, (size_t)(k - table), BY_ANY);
}

/* ---- flags ---------------------------------------------------------------- */

/* Flags are taken apart as flags_print() does it, so rows with several bits
 * come first. */
static void mark_flags(const struct walk *w, const struct flagset *set,
		       uint64_t bits)
{
	const struct flag *f;

	if (set == &flags_init_high)
		bits <<= 32;
	if (set == &flags_init_high || set == &flags_init_low)
		set = &flags_init;
	for (f = set->rows; f->name; f++) {
		if (!f->bits || (bits & f->bits) != f->bits)
			continue;
		mark(w, set, (size_t)(f - set->rows), BY_ANY);
		bits &= ~f->bits;
	}
}

/* Marks the row with exactly this value, because SEEK_DATA is not
 * SEEK_CUR|SEEK_END.  */
static void mark_choice(const struct walk *w, const struct flagset *set,
			uint64_t value)
{
	const struct flag *f;

	for (f = set->rows; f->name; f++)
		if (f->bits == value)
			mark(w, set, (size_t)(f - set->rows), BY_ANY);
}

/* Rows without bits (O_RDONLY, PROT_NONE) count as well. */
static void mark_argument(const struct walk *w, const struct call_param *p,
			  uint64_t bits)
{
	if (p->type == ARG_FLAGS)
		mark_flags(w, p->flags, bits);
	if (p->flags == &flags_open)
		bits &= 3;	/* O_ACCMODE */
	if (p->type == ARG_CHOICE || (p->type == ARG_FLAGS && !bits))
		mark_choice(w, p->flags, bits);
}

static const struct field *cond_field(const struct cond *c,
				      const struct op *op, bool replies)
{
	const struct field *f = op_arg(op, c->field, strlen(c->field));

	return f || !replies ? f :
		op_reply_field(op, c->field, strlen(c->field));
}

/* The first operation with the field gave it its meaning (load/fields.c).  */
static void mark_conds(const struct walk *w, const struct cond *conds, size_t n,
		       const struct op *const *list, size_t n_list, bool replies)
{
	size_t n_all = n_list ? n_list : N_BUILTIN_OPS, i, j;

	for (i = 0; i < n; i++) {
		const struct field *f = NULL;

		for (j = 0; j < n_all && !f; j++)
			f = cond_field(&conds[i], n_list ? list[j] : &builtin_ops[j],
				       replies);
		if (f && conds[i].kind == COND_FLAGS)
			mark_flags(w, f->flags, conds[i].set | conds[i].unset);
		else if (f && f->dim == FD_CHOICE)
			mark_choice(w, f->flags, conds[i].lo);
	}
}

static void mark_sets(const struct walk *w, const struct field_set *sets, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (sets[i].f->dim == FD_FLAGS)
			mark_flags(w, sets[i].f->flags, sets[i].num);
		else if (sets[i].f->dim == FD_CHOICE)
			mark_choice(w, sets[i].f->flags, sets[i].num);
}

/* ---- servers --------------------------------------------------------------- */

static void walk_mount(const struct walk *w, const struct mount_spec *m)
{
	size_t i;

	mark_keyword(w, capability_keywords,
		     m->kind == MOUNT_CUSE ? CAP_CUSE : CAP_DEV_FUSE);
	mark_flags(w, &flags_init, m->init_on | m->init_off);
	mark_flags(w, &flags_mount, m->options);
	mark_flags(w, &flags_splice, m->splice);
	mark_flags(w, &flags_namespaces, m->namespaces);
	if (m->namespaces)
		mark_keyword(w, capability_keywords, CAP_NAMESPACES);
	mark_sets(w, m->init, m->n_init);
	for (i = 0; i < m->n_files; i++)
		mark_flags(w, &flags_fopen, m->files[i].open_flags);
}

static void walk_notes(const struct walk *w, const struct notify_spec *list,
		       size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (list[i].note)
			mark(w, builtin_notes, (size_t)(list[i].note - builtin_notes), BY_ANY);
		mark_sets(w, list[i].sets, list[i].n_sets);
	}
}

static void walk_rule(const struct walk *w, const struct rule *r)
{
	size_t i;

	for (i = 0; i < r->n_ops; i++)
		mark(w, builtin_ops, (size_t)(r->ops[i] - builtin_ops), BY_RULE);
	mark_conds(w, r->where, r->n_where, r->ops, r->n_ops, false);
	walk_notes(w, r->notify_before, r->n_notify_before);
	walk_notes(w, r->notify_after, r->n_notify_after);
	mark_sets(w, r->reply.sets, r->reply.n_sets);
	mark_sets(w, r->answer.sets, r->answer.n_sets);
}

/* ---- the script ------------------------------------------------------------- */

static void mark_traced(const struct walk *w, const struct cond *c,
			const struct tracepoint *tp)
{
	const struct field *f = field_by_name(tp->fields, c->field,
					      strlen(c->field));

	if (f->dim == FD_CHOICE)
		mark_choice(w, f->flags, c->lo);
	else if (f->dim == FD_FLAGS)
		mark_flags(w, f->flags, c->set | c->unset);
}

static void walk_pattern(const struct walk *w, const struct pattern *p)
{
	size_t i;

	switch (p->kind) {
	case PAT_REQUEST:
	case PAT_REPLY:
		if (p->op)
			mark(w, builtin_ops, (size_t)(p->op - builtin_ops), BY_PATTERN);
		mark_conds(w, p->where, p->n_where, &p->op, p->op ? 1 : 0,
			   p->kind == PAT_REPLY);
		break;
	case PAT_TRACE:
		for (i = 0; i < p->n_where; i++)
			mark_traced(w, &p->where[i], p->tracepoint);
		break;
	case PAT_CALL:
	case PAT_RETURN:
	case PAT_NOTE_START:
	case PAT_NOTE_DONE:
		break;
	}
}

static void walk_check(const struct walk *w, const struct check *c)
{
	size_t i;

	mark_keyword(w, check_keywords, (int)c->kind);
	for (i = 0; i < c->n_patterns; i++)
		walk_pattern(w, &c->patterns[i]);
}

static void walk_result(const struct walk *w, const struct call *call,
			const struct expectation *e)
{
	size_t i;

	for (; e; e = e->alt) {
		for (i = 0; i < e->n_fields; i++) {
			const struct field_expect *fe = &e->fields[i];
			const struct result_field *r = &call->fields[fe->field];

			if (r->dim == FD_FLAGS)
				mark_flags(w, r->flags, fe->ignored ?
					   ~fe->ignored : fe->lo);
			else if (r->dim == FD_CHOICE)
				mark_choice(w, r->flags, fe->lo);
		}
	}
}

static void walk_call(const struct walk *w, const struct call_use *c)
{
	const struct call_param *p = c->call->params;
	size_t i;

	mark(w, calls, (size_t)c->call->id, BY_ANY);
	for (i = 0; p[i].name; i++)
		if (p[i].flags)
			mark_argument(w, &p[i], (uint64_t)c->args[i].num);
	walk_result(w, c->call, &c->expect);
}

static void walk_stress(const struct walk *w, const struct stress *st)
{
	size_t i;

	for (i = 0; i < st->n_sites; i++)
		walk_call(w, &st->sites[i]->use);
}

static void walk_explore(const struct walk *w, const struct explore *ex)
{
	size_t i, k;

	for (i = 0; i < ex->n_parts; i++)
		for (k = 0; k < ex->parts[i].n_calls; k++)
			walk_call(w, &ex->parts[i].calls[k].call);
}

static void walk_choice(const struct walk *w, const struct held_choice *which)
{
	if (which->has_match)
		walk_pattern(w, &which->match);
}

static void mark_settings(const struct walk *w, const struct setting_row *table,
			  const struct setting *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		mark(w, table, (size_t)(list[i].row - table), BY_ANY);
}

static void walk_step(const struct walk *w, const struct step *s)
{
	mark_keyword(w, step_keywords, (int)s->kind);
	switch (s->kind) {
	case STEP_CALL:
		walk_call(w, &s->call);
		break;
	case STEP_STRESS:
		walk_stress(w, s->stress);
		break;
	case STEP_EXPLORE:
		walk_explore(w, s->explore);
		break;
	case STEP_NOTIFY:
		walk_notes(w, &s->notify, 1);
		break;
	case STEP_SERVER:
		mark_keyword(w, change_keywords, (int)s->server.kind);
		break;
	case STEP_CONTROL:
		mark_settings(w, connection_settings, s->control.list, s->control.n);
		break;
	case STEP_CHECK:
		walk_check(w, &s->check);
		break;
	case STEP_WAIT:
		walk_pattern(w, &s->wait.match);
		break;
	case STEP_RELEASE:
		walk_choice(w, &s->release.which);
		break;
	case STEP_ANSWER:
		walk_choice(w, &s->answer.which);
		mark_sets(w, s->answer.reply.sets, s->answer.reply.n_sets);
		break;
	case STEP_RESULT:
		walk_result(w, s->result.call, &s->result.expect);
		break;
	case STEP_HELD: case STEP_BLOCKED: case STEP_QUIET: case STEP_INODE_LOCK:
	case STEP_REARM: case STEP_NOTIFIED: case STEP_MOUNTED: case STEP_SIGNAL:
	case STEP_SET: case STEP_ABORT: case STEP_DIE: case STEP_UMOUNT:
	case STEP_STALL: case STEP_RESUME: case STEP_SLEEP: case STEP_EVICT:
	case STEP_DEVICE: case STEP_RING: case STEP_FREEZE: case STEP_FROZEN:
	case STEP_THAW:
		break;
	}
}

/* A need is either a capability or an INIT flag. */
static void walk_need(const struct walk *w, const char *name)
{
	const struct keyword *k;

	for (k = capability_keywords; k->name; k++)
		if (strcmp(k->name, name) == 0)
			mark_keyword(w, capability_keywords, k->kind);
	mark_flags(w, &flags_init, flag_by_name(&flags_init, name, strlen(name)));
}

static void walk_hazard(const struct walk *w, const char *name)
{
	size_t i;

	for (i = 0; hazard_keywords[i].name; i++)
		if (strcmp(hazard_keywords[i].name, name) == 0)
			mark(w, hazard_keywords, i, BY_ANY);
}

void uses_add(struct uses *u, const struct scenario *sc, size_t file)
{
	const struct walk w = { u, file };
	size_t i;

	/* what it names is its own, and no word of the language */
	if (sc->protocol != &protocol_builtin)
		return;
	for (i = 0; i < sc->n_needs; i++)
		walk_need(&w, sc->needs[i].name);
	mark_settings(&w, machine_settings, sc->machine, sc->n_machine);
	if (sc->hazard)
		walk_hazard(&w, sc->hazard);
	for (i = 0; i < sc->n_traced; i++)
		mark(&w, tracepoints, (size_t)(sc->traced[i] - tracepoints), BY_ANY);
	if (sc->n_traced)
		mark_keyword(&w, capability_keywords, CAP_TRACEPOINTS);
	for (i = 0; i < sc->n_mounts; i++)
		walk_mount(&w, &sc->mounts[i]);
	for (i = 0; i < sc->n_rules; i++)
		walk_rule(&w, &sc->rules[i]);
	for (i = 0; i < sc->n_steps; i++)
		walk_step(&w, &sc->steps[i]);
	for (i = 0; i < sc->n_expect; i++)
		walk_check(&w, &sc->expect[i]);
}

/* ---- the sections ------------------------------------------------------------ */

static void add_section(struct uses *u, const void *table, const char *kind,
			const char *title, struct words words)
{
	struct section s = { .table = table, .kind = kind, .title = title };
	const char *name;
	size_t i;

	for (i = 0; (name = words.at(words.ctx, i)); i++) {
		const struct row row = { .name = name };

		ARENA_PUSH(u->arena, s.rows, s.n_rows, row);
	}
	ARENA_PUSH(u->arena, u->sections, u->n_sections, s);
}

static void add_flags(struct uses *u, const struct flagset *set)
{
	add_section(u, set, "flag", set->what, flag_words(set));
	u->sections[u->n_sections - 1].set = set->name;
}

static void add_keywords(struct uses *u, const struct keyword *table,
			 const char *kind, const char *title)
{
	add_section(u, table, kind, title,
		    (struct words){ step_words.at, table });
}

struct uses *uses_new(void)
{
	struct arena *arena = arena_new();
	struct uses *u = ARENA_NEW(arena, struct uses);
	size_t i;

	u->arena = arena;
	add_section(u, builtin_ops, "op", "Operations", op_words(&protocol_builtin));
	add_section(u, builtin_notes, "notify", "Notifications", note_words(&protocol_builtin));
	add_section(u, calls, "call", "Calls", call_words());
	add_keywords(u, step_keywords, "step", "Steps");
	add_keywords(u, change_keywords, "change", "Changes of a server's files");
	add_keywords(u, check_keywords, "check", "Checks");
	add_keywords(u, capability_keywords, "need", "Needs");
	add_keywords(u, hazard_keywords, "hazard", "Hazards");
	add_section(u, machine_settings, "machine", "Settings of the machine",
		    (struct words){ setting_at, machine_settings });
	add_section(u, connection_settings, "control", "Settings of a connection",
		    (struct words){ setting_at, connection_settings });
	add_section(u, tracepoints, "trace", "Events of the kernel",
		    tracepoint_words());
	for (i = 0; trace_flagsets[i]; i++)
		add_flags(u, trace_flagsets[i]);
	for (i = 0; flagsets[i]; i++)
		add_flags(u, flagsets[i]);
	for (i = 0; call_flagsets[i]; i++)
		add_flags(u, call_flagsets[i]);
	add_flags(u, &flags_mount);
	add_flags(u, &flags_splice);
	add_flags(u, &flags_namespaces);
	return u;
}

void uses_free(struct uses *u)
{
	if (u)
		arena_free(u->arena);
}

bool row_is_used(const struct row *row)
{
	return row->by[0].n || row->by[1].n;
}
