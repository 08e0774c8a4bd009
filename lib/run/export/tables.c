/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Data, files, rules and patterns as initialisers of C.  One thread at a time. */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "run/export/export.h"

#define REPLY_MAX	(1u << 20)	/* bytes behind the header; the program has room for it */
#define FILE_MAX	(64u << 20)
#define ARGS_MAX	80u		/* bytes of a request that an event keeps */
#define CONDS_MAX	3u
#define SETS_MAX	6u
#define OPS_MAX		7u

void export_quote(struct buf *b, const void *p, size_t n)
{
	const unsigned char *s = p;

	buf_addc(b, '"');
	for (size_t i = 0; i < n; i++) {
		if (s[i] == '\n')
			buf_puts(b, "\\n");
		else if (s[i] < ' ' || s[i] >= 0x7f)
			buf_printf(b, "\\%03o", s[i]);
		else if (strchr("\"\\?", s[i]))
			buf_printf(b, "\\%c", s[i]);
		else
			buf_addc(b, (char)s[i]);
	}
	buf_addc(b, '"');
}

void export_comment(struct buf *b, const char *text)
{
	for (; *text; text++) {
		buf_addc(b, *text == '\n' ? ' ' : *text);
		/* as globs, and what a stranger means to be code */
		if ((text[0] == '/' && text[1] == '*') || (text[0] == '*' && text[1] == '/'))
			buf_addc(b, ' ');
	}
}

unsigned export_data(struct exporting *e, const struct data_spec *d, char letter)
{
	struct buf *b = &e->tables;

	buf_printf(b, "static const struct data d_%u[] = {", e->n_data);
	for (; d; d = d->next) {
		buf_puts(b, " { ");
		if (d->period)
			export_quote(b, d->p, d->period);
		else
			export_quote(b, &letter, 1);
		buf_printf(b, ", %zu, %" PRIu64 " },", d->period ? d->period : 1,
			   data_own_len(d));
	}
	buf_puts(b, " { NULL, 0, 0 } };\n");
	return e->n_data++;
}

/* ---- files ---------------------------------------------------------------------------------- */

static const uint32_t types[] = {
	[NODE_FILE] = 0100000, [NODE_DIR] = 0040000, [NODE_SYMLINK] = 0120000,
	[NODE_FIFO] = 0010000,
};

static void refuse_file(struct exporting *e, const struct file_spec *f)
{
	if (f->n_xattrs)
		export_refuse(e, f->loc, "extended attributes");
	if (f->backing.path)
		export_refuse(e, f->loc, "passthrough");
	if (f->entry_ns != UINT64_MAX || f->attr_ns != UINT64_MAX)
		export_refuse(e, f->loc, "timeouts of one file");
	if (strlen(f->path) > EXPORT_PATH_MAX)
		export_refuse(e, f->loc, "long names");
	if (f->size > FILE_MAX)
		export_refuse(e, f->loc, "files of more than 64M");
}

void export_files_of(struct exporting *e, const struct mount_spec *m)
{
	struct buf rows = BUF_INIT;

	for (size_t i = 0; i < m->n_files; i++) {
		const struct file_spec *f = &m->files[i];

		refuse_file(e, f);
		buf_puts(&rows, "\t{ .path = ");
		export_quote(&rows, f->path, strlen(f->path));
		buf_printf(&rows, ", .mode = 0%o, .size = %" PRIu64, types[f->type] | f->mode,
			   f->size);
		if (f->data.len)
			buf_printf(&rows, ", .data = d_%u", export_data(e, &f->data, 'x'));
		if (f->type == NODE_SYMLINK) {
			buf_puts(&rows, ", .target = ");
			export_quote(&rows, f->target, strlen(f->target));
		}
		if (f->uid || f->gid)
			buf_printf(&rows, ", .uid = %u, .gid = %u", f->uid, f->gid);
		if (f->open_flags)
			buf_printf(&rows, ", .open_flags = 0x%x", f->open_flags);
		buf_puts(&rows, " },\n");
	}
	buf_puts(&e->tables, "static const struct set init_sets[] = {");
	for (size_t i = 0; i < m->n_init; i++)
		buf_printf(&e->tables, " { { %u, %zu }, %" PRIu64 " },", m->init[i].f->at,
			   field_width(m->init[i].f), m->init[i].num);
	buf_puts(&e->tables, " { { 0, 0 }, 0 } };\n\n");
	buf_printf(&e->tables, "static const struct file files[] = {\n%s\t{ .path = NULL },\n};\n\n",
		   buf_str(&rows));
	buf_fini(&rows);
}

/* ---- conditions ------------------------------------------------------------------------------- */

/* The field of all of these operations; NULL: they have it at different places. */
static const struct field *common_field(const struct op *const *ops, size_t n,
					const char *name)
{
	const struct field *f = n ? op_arg(ops[0], name, strlen(name)) : NULL;

	for (size_t i = 1; f && i < n; i++) {
		const struct field *other = op_arg(ops[i], name, strlen(name));

		if (!other || other->at != f->at || other->type != f->type)
			return NULL;
	}
	return f;
}

static void put_conds(struct exporting *e, struct buf *b, const struct op *const *ops,
		      size_t n_ops, const struct cond *c, size_t n)
{
	if (!n)
		return;
	buf_puts(b, ", .where = {");
	for (size_t i = 0; i < n; i++, c++) {
		const struct field *f = common_field(ops, n_ops, c->field);
		size_t width = f ? field_width(f) : 0;

		if (!width || field_in_header(f) || f->at + width > ARGS_MAX ||
		    i == CONDS_MAX || (c->kind != COND_RANGE && c->kind != COND_FLAGS)) {
			export_refuse(e, c->loc, "a condition about \"%s\"", c->field);
			break;
		}
		buf_printf(b, " { .in = { %u, %zu }, .negate = %d", f->at, width, c->negate);
		if (c->kind == COND_RANGE)
			buf_printf(b, ", .lo = 0x%" PRIx64 ", .hi = 0x%" PRIx64, c->lo, c->hi);
		else
			buf_printf(b, ", .set = 0x%" PRIx64 ", .unset = 0x%" PRIx64, c->set,
				   c->unset);
		buf_puts(b, " },");
	}
	buf_puts(b, " }");
}

static void put_comment(struct buf *b, const char *text)
{
	buf_puts(b, "\t/* ");
	export_comment(b, text);
	buf_puts(b, " */\n");
}

static void put_path(struct buf *b, const struct file_ref *f)
{
	if (!f->path)
		return;
	buf_puts(b, ", .path = ");
	export_quote(b, f->path, strlen(f->path));
}

/* ---- rules ------------------------------------------------------------------------------------ */

static void refuse_reply(struct exporting *e, const struct reply_spec *r)
{
	const struct {
		const char *what;
		bool has;
	} rows[] = {
		{ "a reply with a backing file", r->backing.path || r->has_expect_backing },
		{ "a reply that asks for memory", r->has_retry },
		{ "a reply of another length than it should have", r->has_cut || r->header_len },
		{ "a reply to another number", r->has_unique },
		{ "copies of a reply", r->copies > 1 || r->by_other },
		{ "a reply that the kernel refuses", r->expect_write != NONE &&
			r->expect_write != 0 },
		{ "so many fields of a reply", r->n_sets > SETS_MAX },
		{ "more than 1M of data in a reply", (r->has_data && r->data.len > REPLY_MAX) ||
			(r->has_raw && r->raw_len > REPLY_MAX) },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].has)
			export_refuse(e, r->loc, "%s", rows[i].what);
}

static void refuse_rule(struct exporting *e, const struct rule *r)
{
	const struct {
		const char *what;
		bool has;
	} rows[] = {
		{ "rules with states", r->n_when || r->n_set },
		{ "notifications in rules", r->n_notify_before || r->n_notify_after },
		{ "stall", r->stall },
		{ "abort and die", r->abort || r->die },
		{ "busy", r->busy },
		{ "delays", r->delay_max_ns || r->bandwidth },
		{ "answer in a rule", r->answer_gate != NONE },
		{ "so many operations in a rule", r->n_ops > OPS_MAX },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].has)
			export_refuse(e, r->loc, "%s", rows[i].what);
	for (size_t i = 0; i < r->n_ops; i++)
		if (!strcmp(r->ops[i]->name, "INIT") ||
		    !strcmp(r->ops[i]->name, "INTERRUPT"))
			export_refuse(e, r->loc, "rules about %s", r->ops[i]->name);
}

static void put_reply(struct exporting *e, struct buf *b, const struct reply_spec *r)
{
	if (!r->present)
		return;
	refuse_reply(e, r);
	if (r->has_error)
		buf_printf(b, ", .error = %d", r->error);
	if (r->has_data)
		buf_printf(b, ", .data = d_%u", export_data(e, &r->data, 'x'));
	if (r->has_raw) {
		buf_puts(b, ", .raw = ");
		export_quote(b, r->raw, r->raw_len);
		buf_printf(b, ", .raw_len = %zu", r->raw_len);
	}
	for (size_t i = 0; i < r->n_sets && i < SETS_MAX; i++) {
		const struct field *f = r->sets[i].f;

		if (!field_width(f))
			export_refuse(e, r->loc, "field %s of a reply", f->name);
		buf_printf(b, ",\n\t  .sets[%zu] = { { %u, %zu }, 0x%" PRIx64 " }", i, f->at,
			   field_width(f), r->sets[i].num);
	}
}

static void put_rule(struct exporting *e, struct buf *b, const struct rule *r)
{
	put_comment(b, r->text);
	buf_puts(b, "\t{ ");
	if (r->n_ops) {
		buf_puts(b, ".ops = {");
		for (size_t i = 0; i < r->n_ops && i < OPS_MAX; i++)
			buf_printf(b, " %u,", r->ops[i]->opcode);
		buf_puts(b, " }");
	} else {
		buf_puts(b, ".any_op = 1");
	}
	put_path(b, &r->file);
	buf_printf(b, ", .actor = %d", r->actor);
	put_conds(e, b, r->ops, r->n_ops, r->where, r->n_where);
	if (r->nth_from || r->nth_to)
		buf_printf(b, ", .nth_from = %u, .nth_to = %u", r->nth_from, r->nth_to);
	if (r->times)
		buf_printf(b, ", .times = %u", r->times);
	buf_printf(b, ", .gate = %d", r->gate);
	if (r->hold_after)
		buf_puts(b, ", .after = 1");
	if (r->drop)
		buf_puts(b, ", .drop = 1");
	put_reply(e, b, &r->reply);
	buf_puts(b, " },\n");
}

void export_rules(struct exporting *e)
{
	struct buf rows = BUF_INIT;

	for (size_t i = 0; i < e->sc->n_rules; i++) {
		refuse_rule(e, &e->sc->rules[i]);
		put_rule(e, &rows, &e->sc->rules[i]);
	}
	buf_printf(&e->tables, "static struct rule rules[] = {\n%s\t{ .any_op = 0 },\n};\n\n",
		   buf_str(&rows));
	buf_fini(&rows);
}

/* ---- patterns ---------------------------------------------------------------------------------- */

static void put_return(struct exporting *e, struct buf *b, const struct pattern *p)
{
	const struct expectation *x = &p->result;

	if (!p->has_result || x->kind == EXPECT_ANY)
		return;
	if (x->alt || x->has_data || x->n_fields || x->has_names || x->step ||
	    (x->kind == EXPECT_ERRNO && x->errnos[1]))
		export_refuse(e, p->loc, "a pattern with such a result");
	switch (x->kind) {
	case EXPECT_OK:
		buf_puts(b, ", .has_value = 1, .hi = INT64_MAX");
		return;
	case EXPECT_VALUE:
		buf_printf(b, ", .has_value = 1, .lo = %" PRId64 ", .hi = %" PRId64, x->lo, x->hi);
		return;
	case EXPECT_ERRNO:
		buf_printf(b, ", .has_error = 1, .error = %d", x->errnos[0]);
		return;
	case EXPECT_ANY: case EXPECT_SIGNAL: case EXPECT_KILLED:
		export_refuse(e, p->loc, "a pattern with such a result");
	}
}

static void put_pattern(struct exporting *e, struct buf *b, const struct pattern *p)
{
	static const char *const kinds[] = {
		[PAT_REQUEST] = "REQUEST", [PAT_REPLY] = "REPLY", [PAT_CALL] = "CALL",
		[PAT_RETURN] = "RETURN",
	};

	if (p->kind > PAT_RETURN) {
		export_refuse(e, p->loc, "patterns of notifications and kernel events");
		return;
	}
	if (p->kind == PAT_REPLY && p->n_where)
		export_refuse(e, p->loc, "fields in the pattern of a reply");
	put_comment(b, p->text);
	buf_printf(b, "\t{ .kind = %s, .op = %u, .actor = %d, .call = %d", 
		   kinds[p->kind], p->op ? p->op->opcode : 0, p->actor,
		   p->call ? (int)p->call->id : -1);
	put_path(b, &p->file);
	put_conds(e, b, &p->op, p->op ? 1 : 0, p->where, p->n_where);
	if (p->has_error)
		buf_printf(b, ", .has_error = 1, .error = %d", p->error);
	put_return(e, b, p);
	buf_puts(b, " },\n");
}

unsigned export_patterns(struct exporting *e, const struct pattern *p, size_t n)
{
	buf_printf(&e->tables, "static const struct pattern p_%u[] = {\n", e->n_patterns);
	for (size_t i = 0; i < n; i++)
		put_pattern(e, &e->tables, &p[i]);
	buf_puts(&e->tables, "};\n");
	return e->n_patterns++;
}
