/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values, calls and patterns as text again.  Pure functions. */
#include "config.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "base/errnos.h"
#include "base/units.h"
#include "load/dump.h"

static bool is_plain(const char *s)
{
	size_t i;

	if (!isalnum((unsigned char)s[0]) && s[0] != '/' && s[0] != '_')
		return false;
	for (i = 0; s[i]; i++)
		if (!isalnum((unsigned char)s[i]) && !strchr("_/.|-", s[i]))
			return false;
	return true;
}

void dump_scalar(struct buf *b, const char *s)
{
	if (is_plain(s)) {
		buf_puts(b, s);
		return;
	}
	buf_addc(b, '"');
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			buf_addc(b, '\\');
		if (*s == '\n')
			buf_puts(b, "\\n");
		else if (*s == '\t')
			buf_puts(b, "\\t");
		else if ((unsigned char)*s < 0x20 || *s == 0x7f)
			buf_printf(b, "\\x%02x", *s);
		else
			buf_addc(b, *s);
	}
	buf_addc(b, '"');
}

void dump_pair(struct buf *b, const char *before, const char *key,
	       const char *value)
{
	buf_puts(b, before);
	dump_scalar(b, key);
	buf_puts(b, ": ");
	dump_scalar(b, value);
}

void dump_number(struct buf *b, const char *before, const char *key,
		 uint64_t v)
{
	buf_printf(b, "%s%s: %" PRIu64, before, key, v);
}

/* "${" must not come out as a variable. */
void dump_bytes(struct buf *b, const void *p, size_t len)
{
	const unsigned char *s = p;
	size_t i;

	buf_addc(b, '"');
	for (i = 0; i < len; i++) {
		if (s[i] == '"' || s[i] == '\\')
			buf_printf(b, "\\%c", s[i]);
		else if (s[i] < 0x20 || s[i] >= 0x7f || s[i] == '$')
			buf_printf(b, "\\x%02x", s[i]);
		else
			buf_addc(b, (char)s[i]);
	}
	buf_addc(b, '"');
}

void dump_data(struct buf *b, const struct data_spec *d)
{
	if (!d->period && d->len) {
		buf_printf(b, "%" PRIu64, d->len);
		return;
	}
	dump_bytes(b, d->p, d->period);
	if (d->period != d->len)
		buf_printf(b, "*%" PRIu64, d->len);
}

void dump_error(struct buf *b, int error)
{
	const char *name = error ? errno_name(error) : "0";

	if (name)
		buf_puts(b, name);
	else
		buf_printf(b, "%d", error);
}

void dump_file(struct buf *b, const struct scenario *sc,
	       const struct file_ref *f)
{
	buf_printf(b, "%s:%s", sc->mounts[f->mount].name,
		   f->path ? f->path : "");
}

void dump_backing_file(struct buf *b, const struct scenario *sc,
		       const struct file_ref *f)
{
	auto_buf struct buf t = BUF_INIT;

	if (f->mount == HOST) {
		dump_pair(b, ", backing: {", "host", f->path);
		buf_puts(b, "}");
		return;
	}
	dump_file(&t, sc, f);
	dump_pair(b, ", ", "backing", buf_str(&t));
}

/* hi is not part of it; one number alone, no end: "lo..". */
static void dump_range(struct buf *b, uint64_t lo, uint64_t hi)
{
	buf_printf(b, "%" PRIu64, lo);
	if (hi == UINT64_MAX)
		buf_puts(b, lo == UINT64_MAX ? "" : "..");
	else if (hi != lo + 1)
		buf_printf(b, "..%" PRIu64, hi);
}

void dump_cond_value(struct buf *b, const struct cond *c)
{
	switch (c->kind) {
	case COND_RANGE:
		dump_range(b, c->lo, c->hi);
		return;
	case COND_FLAGS:
		buf_printf(b, "0x%" PRIx64, c->set);
		if (c->unset)
			buf_printf(b, "|-0x%" PRIx64, c->unset);
		return;
	case COND_STR:
	case COND_BYTES:
		dump_bytes(b, c->p, c->len);
		return;
	}
}

/* ---- calls -------------------------------------------------------------- */

static void dump_choice(struct buf *b, const struct flagset *set, int64_t v)
{
	const struct flag *row;

	for (row = set->rows; row->name; row++) {
		if (row->bits == (uint64_t)v) {
			buf_puts(b, row->name);
			return;
		}
	}
}

static void dump_time(struct buf *b, int64_t ns)
{
	if (ns == UTIME_NOW)
		buf_puts(b, "now");
	else if (ns == UTIME_OMIT)
		buf_puts(b, "omit");
	else
		print_time(b, (uint64_t)ns);
}

static void dump_draw(struct buf *b, const struct draw *d)
{
	int64_t last = d->start + (int64_t)(d->n - 1) * d->step;

	buf_printf(b, "%" PRId64 "..%" PRId64 "%c%" PRId64, d->start, last + 1,
		   d->in_order ? '+' : '/', d->step);
}

static void dump_arg(struct buf *b, const struct scenario *sc,
		     const struct call_param *p, const struct arg *a)
{
	auto_buf struct buf path = BUF_INIT;

	switch (p->type) {
	case ARG_NONE:
		return;
	case ARG_PATH:
		buf_printf(&path, "%s:%s", sc->mounts[a->mount].name, a->str);
		dump_bytes(b, path.data, path.len);
		return;
	case ARG_TEXT:
		dump_bytes(b, a->str, strlen(a->str));
		return;
	case ARG_VAR:
		buf_puts(b, sc->vars[a->var]);
		return;
	case ARG_FLAGS:
		buf_printf(b, "0x%" PRIx64, (uint64_t)a->num);
		return;
	case ARG_SIZE:
	case ARG_OFFSET:
	case ARG_INT:
		if (a->draw.n)
			dump_draw(b, &a->draw);
		else
			buf_printf(b, "%" PRId64, a->num);
		return;
	case ARG_COMMAND:
		buf_printf(b, "0x%" PRIx64, (uint64_t)a->num);
		return;
	case ARG_MODE:
		buf_printf(b, "0%" PRIo64, (uint64_t)a->num);
		return;
	case ARG_BYTES:
		dump_data(b, &a->data);
		return;
	case ARG_TIME:
		dump_time(b, a->num);
		return;
	case ARG_CHOICE:
		dump_choice(b, p->flags, a->num);
		return;
	}
}

/* What has no text of its own is left out when the script left it out. */
static bool can_be_written(const struct call_param *p, const struct arg *a)
{
	return !(p->type == ARG_BYTES && p->optional && !a->data.len) &&
	       !(p->type == ARG_TIME && a->num < 0);
}

void dump_call(struct buf *b, const struct scenario *sc,
	       const struct call_use *use)
{
	const struct call_param *p = use->call->params;
	size_t i;

	if (use->result_var != NONE)
		buf_printf(b, "%s = ", sc->vars[use->result_var]);
	buf_printf(b, "%s(", use->call->name);
	for (i = 0; p[i].name && can_be_written(&p[i], &use->args[i]); i++) {
		buf_puts(b, i ? ", " : "");
		dump_arg(b, sc, &p[i], &use->args[i]);
	}
	buf_addc(b, ')');
	if (use->async)
		buf_puts(b, " ...");
	else
		dump_expectation(b, use->call, &use->expect);
}

static void dump_field_value(struct buf *b, const struct call *call,
			     const struct field_expect *fe)
{
	static const char *const types[] = {
		[S_IFREG >> 12] = "file", [S_IFDIR >> 12] = "dir",
		[S_IFLNK >> 12] = "symlink", [S_IFIFO >> 12] = "fifo",
		[S_IFCHR >> 12] = "char", [S_IFBLK >> 12] = "block",
		[S_IFSOCK >> 12] = "socket",
	};

	if (call->fields[fe->field].dim == FD_MODE)
		buf_puts(b, types[fe->lo >> 12]);
	else if (call->fields == lock_fields && fe->field == 0)
		dump_choice(b, &flags_locktype, (int64_t)fe->lo);
	else
		dump_range(b, fe->lo, fe->hi);
	if (fe->step)
		buf_printf(b, "/%" PRIu64, fe->step);
}

static void dump_success(struct buf *b, const struct call *call,
			 const struct expectation *e)
{
	size_t i;

	if (e->has_names) {
		buf_puts(b, " = [");
		for (i = 0; i < e->n_names; i++) {
			buf_puts(b, i ? ", " : "");
			dump_bytes(b, e->names[i], strlen(e->names[i]));
		}
		buf_addc(b, ']');
	} else if (e->n_fields) {
		for (i = 0; i < e->n_fields; i++) {
			buf_printf(b, "%s%s: ", i ? ", " : " = {",
				   call->fields[e->fields[i].field].name);
			if (e->trend && e->trend_field == e->fields[i].field)
				buf_puts(b, trend_words[e->trend]);
			else
				dump_field_value(b, call, &e->fields[i]);
		}
		buf_addc(b, '}');
	} else if (e->trend) {
		buf_printf(b, " = %s", trend_words[e->trend]);
	} else if (e->kind == EXPECT_VALUE) {
		buf_printf(b, " = %" PRId64, e->lo);
		if (e->hi == INT64_MAX)
			buf_puts(b, "..");
		else if (e->hi != e->lo)
			buf_printf(b, "..%" PRId64, e->hi + 1);
		if (e->step)
			buf_printf(b, "/%" PRId64, e->step);
	}
	if (e->has_data) {
		buf_addc(b, ' ');
		dump_data(b, &e->data);
	}
}

/* One of several; alone, a success needs no word. */
static void dump_one(struct buf *b, const struct call *call,
		     const struct expectation *e, bool alone)
{
	size_t i;

	switch (e->kind) {
	case EXPECT_OK:
	case EXPECT_VALUE:
		if (e->kind == EXPECT_OK && !e->has_names && !alone)
			buf_puts(b, " = success");
		dump_success(b, call, e);
		return;
	case EXPECT_ANY:
		buf_puts(b, " = ?");
		return;
	case EXPECT_ERRNO:
		for (i = 0; i < ARRAY_SIZE(e->errnos) && e->errnos[i]; i++) {
			buf_puts(b, i ? "|" : " = -1 ");
			dump_error(b, e->errnos[i]);
		}
		return;
	case EXPECT_SIGNAL:
		buf_printf(b, " = %s", signal_name(e->signal));
		return;
	case EXPECT_KILLED:
		buf_puts(b, " = killed");
		return;
	}
}

void dump_expectation(struct buf *b, const struct call *call,
		      const struct expectation *e)
{
	dump_one(b, call, e, !e->alt);
	for (e = e->alt; e; e = e->alt) {
		auto_buf struct buf alt = BUF_INIT;

		dump_one(&alt, call, e, false);
		buf_printf(b, " or %s", buf_str(&alt) + strlen(" = "));
	}
}

/* ---- patterns ----------------------------------------------------------- */

static void dump_conds(struct buf *b, const struct pattern *p)
{
	size_t i;

	for (i = 0; i < p->n_where; i++) {
		const struct cond *c = &p->where[i];

		buf_printf(b, " %s%s=", c->field, c->negate ? "!" : "");
		dump_cond_value(b, c);
	}
}

static void dump_request(struct buf *b, const struct scenario *sc,
			 const struct pattern *p)
{
	buf_puts(b, p->op ? p->op->name : "*");
	if (p->file.mount != NONE) {
		buf_addc(b, ' ');
		dump_file(b, sc, &p->file);
	}
	dump_conds(b, p);
}

static void dump_trace(struct buf *b, const struct scenario *sc,
		       const struct pattern *p)
{
	buf_printf(b, "trace %s", p->tracepoint->name);
	if (p->file.mount != NONE)
		buf_printf(b, " %s:", sc->mounts[p->file.mount].name);
	if (p->actor != NONE)
		buf_printf(b, " actor=%s", sc->actors[p->actor].name);
	dump_conds(b, p);
}

static void dump_outcome(struct buf *b, const struct pattern *p)
{
	if (!p->has_error)
		return;
	buf_puts(b, " = ");
	dump_error(b, p->error);
}

static void dump_actor_call(struct buf *b, const struct scenario *sc,
			    const struct pattern *p)
{
	buf_puts(b, sc->actors[p->actor].name);
	if (p->call)
		buf_printf(b, " %s", p->call->name);
}

void dump_pattern(struct buf *b, const struct scenario *sc,
		  const struct pattern *p)
{
	switch (p->kind) {
	case PAT_REQUEST:
		dump_request(b, sc, p);
		return;
	case PAT_REPLY:
		buf_puts(b, "reply ");
		dump_request(b, sc, p);
		dump_outcome(b, p);
		return;
	case PAT_CALL:
		dump_actor_call(b, sc, p);
		buf_puts(b, " starts");
		return;
	case PAT_RETURN:
		dump_actor_call(b, sc, p);
		if (p->has_result)
			dump_expectation(b, p->call, &p->result);
		else
			buf_puts(b, " returns");
		return;
	case PAT_TRACE:
		dump_trace(b, sc, p);
		return;
	case PAT_NOTE_START:
		buf_printf(b, "%s starts", sc->notes[p->note]);
		return;
	case PAT_NOTE_DONE:
		buf_puts(b, sc->notes[p->note]);
		if (p->has_error)
			dump_outcome(b, p);
		else
			buf_puts(b, " returns");
		return;
	}
}
