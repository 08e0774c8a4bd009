/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A call of the script as a function of C.  One thread at a time. */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "run/export/export.h"
#include "wire/flags.h"

#define BYTES_MAX	(1 << 21)
#define OFFSET_MAX	(64 << 20)

/* The calls that can be exported.  %0 is the first argument, @0 the variable itself and
 * #0 the length of the mapping that it is. */
static const struct {
	enum call_id id;
	const char *text;
} forms[] = {
	{ CALL_open, "open(%0, %1, %2)" },
	{ CALL_openat, "openat(%0, %1, %2, %3)" },
	{ CALL_creat, "creat(%0, %1)" },
	{ CALL_close, "close(%0)" },
	{ CALL_dup, "dup(%0)" },
	{ CALL_dup2, "dup2(%0, %1)" },
	{ CALL_read, "read(%0, buf, %1)" },
	{ CALL_write, "write(%0, %1)" },
	{ CALL_pread, "pread(%0, buf, %1, %2)" },
	{ CALL_pwrite, "pwrite(%0, %1, %2)" },
	{ CALL_lseek, "lseek(%0, %1, %2)" },
	{ CALL_ftruncate, "ftruncate(%0, %1)" },
	{ CALL_truncate, "truncate(%0, %1)" },
	{ CALL_fallocate, "fallocate(%0, %1, %2, %3)" },
	{ CALL_fsync, "fsync(%0)" },
	{ CALL_fdatasync, "fdatasync(%0)" },
	{ CALL_sync_file_range, "sync_file_range(%0, %1, %2, %3)" },
	{ CALL_syncfs, "syncfs(%0)" },
	{ CALL_mmap, "(long)mmap(NULL, n_@ = %1, %3, %4, %0, %2)" },
	{ CALL_munmap, "munmap((void *)@0, (size_t)#0)" },
	{ CALL_msync, "msync((void *)@0, (size_t)#0, %1)" },
	{ CALL_load, "touch(r, buf, (char *)@0 + %1, %2)" },
	{ CALL_store, "touch(r, (char *)@0 + %1, %2)" },
	{ CALL_stat, "stat(%0, &st)" },
	{ CALL_lstat, "lstat(%0, &st)" },
	{ CALL_fstat, "fstat(%0, &st)" },
	{ CALL_access, "access(%0, %1)" },
	{ CALL_chmod, "chmod(%0, %1)" },
	{ CALL_fchmod, "fchmod(%0, %1)" },
	{ CALL_chown, "chown(%0, %1, %2)" },
	{ CALL_fchown, "fchown(%0, %1, %2)" },
	{ CALL_mkdir, "mkdir(%0, %1)" },
	{ CALL_rmdir, "rmdir(%0)" },
	{ CALL_unlink, "unlink(%0)" },
	{ CALL_rename, "rename(%0, %1)" },
	{ CALL_symlink, "symlink(%0, %1)" },
	{ CALL_readlink, "readlink(%0, buf, sizeof(buf))" },
	{ CALL_mknod, "mknod(%0, %1, %2)" },
	{ CALL_flock, "flock(%0, %1)" },
	{ CALL_fcntl_setfl, "fcntl(%0, F_SETFL, %1)" },
	{ CALL_readdir, NULL },
};

/* Where a field of a result is in a struct stat. */
static const struct {
	const char *field, *member;
} members[] = {
	{ "size", "st.st_size" }, { "mode", "st.st_mode & 07777" },
	{ "nlink", "st.st_nlink" }, { "uid", "st.st_uid" }, { "gid", "st.st_gid" },
	{ "type", "st.st_mode & S_IFMT" },
};

static const char *form_of(enum call_id id, bool *known)
{
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		if (forms[i].id == id) {
			*known = true;
			return forms[i].text;
		}
	}
	*known = false;
	return NULL;
}

/* ---- arguments -------------------------------------------------------------------------------- */

/* These have names that every C library knows. */
static bool has_names(const struct flagset *set)
{
	return set == &flags_open || set == &flags_whence || set == &flags_prot ||
		set == &flags_map || set == &flags_msync || set == &flags_access;
}

static void put_arg(struct exporting *e, struct buf *b, const struct call_use *use, unsigned i)
{
	const struct call_param *p = &use->call->params[i];
	const struct arg *a = &use->args[i];

	switch (p->type) {
	case ARG_PATH:
		if (strlen(a->str) > EXPORT_PATH_MAX)
			export_refuse(e, a->loc, "long names");
		buf_puts(b, "P(");
		export_quote(b, a->str, strlen(a->str));
		buf_addc(b, ')');
		return;
	case ARG_TEXT:
		export_quote(b, a->str, strlen(a->str));
		return;
	case ARG_VAR:
		buf_printf(b, "(int)v_%s", e->sc->vars[a->var]);
		return;
	case ARG_FLAGS: case ARG_CHOICE:
		if (has_names(p->flags))
			flags_print(b, p->flags, (uint64_t)a->num);
		else
			buf_printf(b, "0x%" PRIx64, (uint64_t)a->num);
		return;
	case ARG_MODE:
		buf_printf(b, "0%" PRIo64, (uint64_t)a->num);
		return;
	case ARG_BYTES:
		if (a->data.len > BYTES_MAX)
			export_refuse(e, a->loc, "more than 2M of data");
		buf_printf(b, "put(d_%u), %" PRIu64,
			   export_data(e, &a->data, e->sc->actors[use->actor].name[0]),
			   a->data.len);
		return;
	case ARG_SIZE:
		if (a->num > (strstr(use->call->name, "truncate") ||
			      use->call->id == CALL_fallocate ? OFFSET_MAX : BYTES_MAX))
			export_refuse(e, a->loc, "more than 2M of data");
		buf_printf(b, "%" PRId64, a->num);
		return;
	case ARG_OFFSET:
		if (a->num > OFFSET_MAX)
			export_refuse(e, a->loc, "offsets beyond 64M");
		buf_printf(b, "%" PRId64, a->num);
		return;
	case ARG_INT:
		buf_printf(b, a->num == (int32_t)a->num ? "%" PRId64 : "%" PRId64 "ll", a->num);
		return;
	case ARG_NONE: case ARG_TIME: case ARG_COMMAND:
		export_refuse(e, a->loc, "such an argument");
	}
}

static void put_form(struct exporting *e, struct buf *b, const char *form,
		     const struct call_use *use)
{
	for (const char *p = form; *p; p++) {
		unsigned i = (unsigned)(p[1] - '0');

		if (*p == '%')
			put_arg(e, b, use, i);
		else if (*p == '@' && i < 10)
			buf_printf(b, "v_%s", e->sc->vars[use->args[i].var]);
		else if (*p == '#')
			buf_printf(b, "n_%s", e->sc->vars[use->args[i].var]);
		else if (*p == '@')
			buf_puts(b, use->result_var == NONE ? "" :
				 e->sc->vars[use->result_var]);
		else
			buf_addc(b, *p);
		p += *p == '%' || *p == '#' || (*p == '@' && i < 10);
	}
}

/* ---- results ------------------------------------------------------------------------------------ */

static void put_field(struct exporting *e, struct buf *b, const struct call *call,
		      const struct field_expect *f, struct loc loc)
{
	const char *name = call->fields[f->field].name;

	for (size_t i = 0; i < ARRAY_SIZE(members); i++) {
		if (strcmp(members[i].field, name) != 0)
			continue;
		if (f->ignored || f->step)
			break;
		buf_printf(b, "\tis_number(r, \"%s\", (uint64_t)(%s), 0x%" PRIx64 "ull, 0x%" PRIx64
			   "ull);\n", name, members[i].member, f->lo, f->hi);
		return;
	}
	export_refuse(e, loc, "field %s of a result", name);
}

static void put_names(struct exporting *e, struct buf *b, const struct call_use *use,
		      const struct expectation *x)
{
	struct buf list = BUF_INIT;

	for (size_t i = 0; i < x->n_names; i++)
		buf_printf(&list, "%s\n", x->names[i]);
	buf_puts(b, "names(r, ");
	put_arg(e, b, use, 0);
	buf_puts(b, ", ");
	export_quote(b, buf_str(&list), list.len);
	buf_printf(b, ", %d)", x->has_names);
	buf_fini(&list);
}

static void put_data(struct exporting *e, struct buf *b, const struct call_use *use,
		     const struct expectation *x)
{
	if (use->call->id == CALL_pread || use->call->id == CALL_read ||
	    use->call->id == CALL_load || use->call->id == CALL_readlink)
		buf_printf(b, "\tsame(r, buf, d_%u);\n",
			   export_data(e, &x->data, e->sc->actors[use->actor].name[0]));
	else
		export_refuse(e, x->loc, "data of such a call");
}

unsigned export_call(struct exporting *e, const struct step *step)
{
	const struct call_use *use = &step->call;
	const struct expectation *x = expectation_of(e->sc, step, use);
	struct buf *b = &e->calls;
	bool known;
	const char *form = form_of(use->call->id, &known);

	if (!known) {
		export_refuse(e, step->loc, "the call %s", use->call->name);
		return 0;
	}
	if (use->call->id == CALL_lseek && use->args[2].num > 2)
		export_refuse(e, step->loc, "SEEK_DATA and SEEK_HOLE");
	buf_printf(b, "static void call_%u(struct result *r)\n{\n%s\tr->ret = ", e->n_calls,
		   use->call->result == RES_FIELDS ? "\tstruct stat st;\n\n" : "");
	if (form)
		put_form(e, b, form, use);
	else
		put_names(e, b, use, x);
	buf_puts(b, ";\n");
	if (use->result_var != NONE)
		buf_printf(b, "\tv_%s = r->ret;\n", e->sc->vars[use->result_var]);
	for (size_t i = 0; i < x->n_fields; i++)
		put_field(e, b, use->call, &x->fields[i], x->loc);
	if (x->has_data)
		put_data(e, b, use, x);
	buf_puts(b, "}\n\n");
	buf_printf(&e->words, "%d, ", (int)use->call->id);
	return e->n_calls++;
}

void export_expectation(struct exporting *e, const struct step *step, int actor,
			const struct expectation *x)
{
	struct buf *b = &e->steps;
	const char *name = e->sc->actors[actor].name;
	auto_buf struct buf text = BUF_INIT;

	export_quote(&text, step->text, strlen(step->text));
	if (x->alt || x->step || x->trend != TREND_NONE || x->n_actors)
		export_refuse(e, x->loc, "one of several results");
	switch (x->kind) {
	case EXPECT_OK:
		buf_printf(b, "\tvalue(actor_%s, %s, 0, INT64_MAX);\n", name, buf_str(&text));
		return;
	case EXPECT_ANY:
		buf_printf(b, "\tany(actor_%s, %s);\n", name, buf_str(&text));
		return;
	case EXPECT_VALUE:
		buf_printf(b, "\tvalue(actor_%s, %s, %" PRId64 ", %" PRId64 ");\n", name,
			   buf_str(&text), x->lo, x->hi);
		return;
	case EXPECT_ERRNO:
		buf_printf(b, "\tfails_with(actor_%s, %s, %d, %d, %d, %d);\n", name, buf_str(&text),
			   x->errnos[0], x->errnos[1], x->errnos[2], x->errnos[3]);
		return;
	case EXPECT_SIGNAL:
		buf_printf(b, "\tsignalled(actor_%s, %s, %d);\n", name, buf_str(&text), x->signal);
		return;
	case EXPECT_KILLED:
		export_refuse(e, x->loc, "a client that is killed");
	}
}
