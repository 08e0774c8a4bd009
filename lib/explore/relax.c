/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A function for each relaxation, in a table. */
#include "config.h"

#include "explore/relax.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <signal.h>
#include <string.h>

#define PAGE	4096u

const char *const relaxation_names[N_RELAXATIONS] = {
	[RELAX_SHRUNK_READ] = "zeros behind the end of a file that is being shortened",
	[RELAX_OLD_END] = "new data up to the old end of a file that grows",
	[RELAX_SIGBUS] = "SIGBUS or zeros in a mapping while the size changes",
	[RELAX_TORN_PAGES] = "a call over a page boundary in two parts",
	[RELAX_TORN_LOAD] = "a load while something is stored",
	[RELAX_OLD_SIZE] = "an old size while it changes",
	[RELAX_REFUSED] = "data of a write that is being refused",
	[RELAX_WRITEBACK_ERROR] = "data whose loss an fsync told of",
	[RELAX_WALK] = "another error of a path whose names change",
	[RELAX_IO_MODE] = "an open that another io mode keeps out",
};

/* ---- what calls do ------------------------------------------------------------ */

static bool is_change(const struct trail_call *c)
{
	return c->step->kind == STEP_SERVER;
}

/* N_CALLS: it is a change by the server. */
static enum call_id id_of(const struct trail_call *c)
{
	return is_change(c) ? N_CALLS : c->step->call.call->id;
}

static bool changes_by(const struct trail_call *c, enum change_kind kind)
{
	return is_change(c) && c->step->server.kind == kind;
}

static int64_t argument(const struct trail_call *c, const char *name)
{
	const struct call_use *use = &c->step->call;

	for (unsigned i = 0; !is_change(c) && use->call->params[i].name; i++) {
		if (!strcmp(use->call->params[i].name, name))
			return use->args[i].num;
	}
	return 0;
}

static bool may_shrink(const struct trail_call *c)
{
	switch (id_of(c)) {
	case CALL_ftruncate: case CALL_truncate: case CALL_creat:
		return true;
	case CALL_open: case CALL_openat:
		return argument(c, "flags") & O_TRUNC;
	default:
		return changes_by(c, CHANGE_TRUNCATE);
	}
}

static bool may_write(const struct trail_call *c)
{
	switch (id_of(c)) {
	case CALL_write: case CALL_pwrite: case CALL_writev: case CALL_pwritev:
	case CALL_pwritev2: case CALL_fallocate: case CALL_copy_file_range:
		return true;
	default:
		return changes_by(c, CHANGE_WRITE);
	}
}

/* Its result is how many bytes were written. */
static bool writes(const struct trail_call *c)
{
	return may_write(c) && !is_change(c) && id_of(c) != CALL_fallocate &&
		id_of(c) != CALL_copy_file_range;
}

static bool keeps_size(const struct trail_call *c)
{
	return id_of(c) == CALL_fallocate &&
		argument(c, "mode") & FALLOC_FL_KEEP_SIZE;
}

static bool may_resize(const struct trail_call *c)
{
	return may_shrink(c) || (may_write(c) && !keeps_size(c));
}

static bool overlaps(const struct trail_call *a, const struct trail_call *b)
{
	return a != b && a->begin_seq < b->end_seq && b->begin_seq < a->end_seq;
}

static bool overlaps_any(const struct judged *j, const struct trail_call *c,
			 bool (*is)(const struct trail_call *))
{
	for (unsigned i = 0; i < j->t->n_calls; i++) {
		if (is(&j->t->calls[i]) && overlaps(c, &j->t->calls[i]))
			return true;
	}
	return false;
}

/* ---- results ------------------------------------------------------------------ */

bool seen_same(const struct seen *a, const uint8_t *a_bytes, const struct seen *b,
	       const uint8_t *b_bytes)
{
	return a->ret == b->ret && a->err == b->err && a->signal == b->signal &&
		a->killed == b->killed &&
		(!a->has_size || !b->has_size || a->size == b->size) &&
		a->len == b->len &&
		!memcmp(a_bytes + a->data, b_bytes + b->data, a->len);
}

static bool all_zero(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i])
			return false;
	}
	return true;
}

static bool is_load(const struct trail_call *c)
{
	return id_of(c) == CALL_load;
}

static bool is_store(const struct trail_call *c)
{
	return id_of(c) == CALL_store;
}

static bool is_read(const struct trail_call *c)
{
	return c->seen.len && !is_load(c) && c->step->call.call->result == RES_COUNT;
}

/* What was seen, and what the model has. */
struct pair {
	const struct trail_call *c;
	const struct seen *model;
	const uint8_t *seen_bytes, *model_bytes;
};

static bool relax_shrunk_read(const struct judged *j, const struct pair *p)
{
	const struct seen *s = &p->c->seen, *m = p->model;

	return is_read(p->c) && s->ret > m->ret && m->ret >= 0 &&
		overlaps_any(j, p->c, may_shrink) &&
		!memcmp(p->seen_bytes, p->model_bytes, m->len) &&
		all_zero(p->seen_bytes + m->len, s->len - m->len);
}

/* The model read something, and it found the file empty. */
static bool read_nothing(const struct pair *p)
{
	return p->model->len && !p->c->seen.ret && !is_load(p->c);
}

/* mm/filemap.c, filemap_read(): the size is looked at apart from the data. */
static bool relax_old_end(const struct judged *j, const struct pair *p)
{
	const struct seen *s = &p->c->seen, *m = p->model;

	return (is_read(p->c) || read_nothing(p)) && s->ret < m->ret &&
		overlaps_any(j, p->c, may_resize) &&
		!memcmp(p->seen_bytes, p->model_bytes, s->len);
}

static bool relax_sigbus(const struct judged *j, const struct pair *p)
{
	const struct seen *s = &p->c->seen;

	/* the page is still there, and what is stored goes with it */
	if (p->model->signal == SIGBUS && !s->signal)
		return (is_load(p->c) || is_store(p->c)) &&
			overlaps_any(j, p->c, may_shrink);
	if (s->signal == SIGBUS)
		return (is_load(p->c) || is_store(p->c)) &&
			overlaps_any(j, p->c, may_resize);
	return is_load(p->c) && overlaps_any(j, p->c, may_shrink) &&
		all_zero(p->seen_bytes, s->len);
}

static bool crosses_page(const struct trail_call *c)
{
	int64_t at = argument(c, "offset");

	return c->seen.ret > 1 &&
		at / PAGE != (at + c->seen.ret - 1) / PAGE;
}

static bool writes_over_page(const struct trail_call *c)
{
	return may_write(c) && crosses_page(c);
}

static bool relax_torn_pages(const struct judged *j, const struct pair *p)
{
	if (!j->allow->torn_pages)
		return false;
	if (p->c->seen.has_size)
		return overlaps_any(j, p->c, writes_over_page) &&
			p->c->seen.size % PAGE == 0;
	return is_read(p->c) && crosses_page(p->c) &&
		overlaps_any(j, p->c, may_resize);
}

static bool may_change(const struct trail_call *c)
{
	return is_store(c) || may_shrink(c) || may_write(c);
}

/* Some bytes as they were, and some as they are: a load that has all of them from
 * one side has its place in the order. */
static bool relax_torn_load(const struct judged *j, const struct pair *p)
{
	const struct seen *s = &p->c->seen, *m = p->model;
	size_t same = 0;

	if (!is_load(p->c) || s->signal || s->len != m->len)
		return false;
	for (size_t i = 0; i < s->len; i++)
		same += p->seen_bytes[i] == p->model_bytes[i];
	return same && overlaps_any(j, p->c, may_change);
}

/* What the kernel remembers of a file changes when the reply comes, and data of
 * direct_io is what the server has. */
static bool relax_old_size(const struct judged *j, const struct pair *p)
{
	bool asks = p->c->seen.has_size || id_of(p->c) == CALL_lseek;

	return asks && !p->c->seen.err && !p->model->err &&
		overlaps_any(j, p->c, may_resize);
}

/* Did the call give an error that the server was told to give?  That nothing was
 * taken need not be an error. */
static bool is_refused(const struct judged *j, const struct trail_call *c)
{
	if (j->t->short_write && !c->seen.err && !c->seen.ret && writes(c))
		return true;
	for (unsigned i = 0; i < SCHEDULE_HOLDS; i++) {
		if (c->seen.err && c->seen.err == j->t->faults[i])
			return true;
	}
	return false;
}

/* What a write puts into the cache is seen until it is refused. */
static bool relax_refused(const struct judged *j, const struct pair *p)
{
	if (!is_read(p->c) && !is_load(p->c))
		return false;
	for (unsigned i = 0; i < j->t->n_calls; i++) {
		const struct trail_call *other = &j->t->calls[i];

		if (is_refused(j, other) && may_write(other) && overlaps(p->c, other))
			return true;
	}
	return false;
}

static bool may_sync(const struct trail_call *c)
{
	switch (id_of(c)) {
	case CALL_fsync: case CALL_fdatasync: case CALL_msync: case CALL_close:
	case CALL_sync_file_range: case CALL_syncfs:
		return true;
	default:
		return false;
	}
}

bool relax_files(const struct judged *j)
{
	for (unsigned i = 0; i < j->t->n_calls; i++) {
		const struct trail_call *c = &j->t->calls[i];

		for (unsigned k = 0; k < SCHEDULE_HOLDS && may_sync(c); k++) {
			if (c->seen.err && c->seen.err == j->t->write_faults[k])
				return true;
		}
	}
	return false;
}

/* Neither what is still in the cache nor the size is defined from then on. */
static bool relax_writeback_error(const struct judged *j, const struct pair *p)
{
	bool asks = is_read(p->c) || is_load(p->c) || p->c->seen.has_size ||
		id_of(p->c) == CALL_lseek || p->c->step->call.call->result == RES_COUNT;

	return asks && !p->c->seen.err && relax_files(j);
}

static bool changes_names(const struct trail_call *c)
{
	switch (id_of(c)) {
	case CALL_rename: case CALL_renameat2: case CALL_unlink: case CALL_rmdir:
	case CALL_link: case CALL_symlink: case CALL_mkdir: case CALL_mknod:
		return true;
	case CALL_open: case CALL_openat: case CALL_creat:
		return argument(c, "flags") & O_CREAT;
	default:
		return changes_by(c, CHANGE_REMOVE) || changes_by(c, CHANGE_RENAME) ||
			changes_by(c, CHANGE_LINK);
	}
}

/* The file whose other name was to be made has lost its last one. */
static bool lost_its_source(const struct judged *j, const struct trail_call *c)
{
	return id_of(c) == CALL_link && c->seen.err == ENOENT &&
		overlaps_any(j, c, changes_names);
}

static bool relax_walk(const struct judged *j, const struct pair *p)
{
	return (p->c->seen.err == ENOENT || p->c->seen.err == EEXIST) &&
		(p->model->err == ENOENT || p->model->err == EEXIST) &&
		overlaps_any(j, p->c, changes_names);
}

/* It is about calls that had no effect only: why_without(). */
static bool relax_nothing(const struct judged *j, const struct pair *p)
{
	(void)j;
	(void)p;
	return false;
}

static bool (*const relaxations[N_RELAXATIONS])(const struct judged *j,
						const struct pair *p) = {
	[RELAX_SHRUNK_READ] = relax_shrunk_read,
	[RELAX_OLD_END] = relax_old_end,
	[RELAX_SIGBUS] = relax_sigbus,
	[RELAX_TORN_PAGES] = relax_torn_pages,
	[RELAX_TORN_LOAD] = relax_torn_load,
	[RELAX_OLD_SIZE] = relax_old_size,
	[RELAX_REFUSED] = relax_refused,
	[RELAX_WRITEBACK_ERROR] = relax_writeback_error,
	[RELAX_WALK] = relax_walk,
	[RELAX_IO_MODE] = relax_nothing,
};

int relax_call(const struct judged *j, const struct trail_call *c,
			   const struct trail_call *model, const uint8_t *bytes)
{
	const struct pair p = {
		c, &model->seen, j->t->bytes + c->seen.data, bytes + model->seen.data,
	};

	if (seen_same(&c->seen, j->t->bytes, &model->seen, bytes))
		return N_RELAXATIONS;
	for (int i = 0; i < N_RELAXATIONS; i++) {
		if (relaxations[i](j, &p))
			return i;
	}
	return NONE;
}

/* Of how many bytes the write was. */
static int64_t asked(const struct trail_call *c)
{
	const struct call_use *use = &c->step->call;

	for (unsigned i = 0; use->call->params[i].name; i++) {
		if (use->call->params[i].type == ARG_BYTES)
			return (int64_t)use->args[i].data.len;
	}
	return 0;
}

bool took_a_part(const struct trail *t)
{
	for (unsigned i = 0; t->short_write && i < t->n_calls; i++) {
		const struct trail_call *c = &t->calls[i];

		if (writes(c) && c->seen.ret > 0 && c->seen.ret < asked(c))
			return true;
	}
	return false;
}

/* fs/fuse/iomode.c gives -ETXTBSY, and fuse_file_io_open() makes EIO of it. */
static bool lost_to_io_mode(const struct judged *j, const struct trail_call *c)
{
	return j->allow->io_modes && (c->seen.err == EIO || c->seen.err == ETXTBSY) &&
		(id_of(c) == CALL_open || id_of(c) == CALL_openat);
}

static bool met_a_change_of_size(const struct judged *j, const struct trail_call *c)
{
	return is_store(c) && c->seen.signal == SIGBUS &&
		overlaps_any(j, c, may_resize);
}

int relax_without(const struct judged *j, const struct trail_call *c)
{
	if (is_refused(j, c))
		return N_RELAXATIONS;
	if (lost_its_source(j, c))
		return RELAX_WALK;
	if (lost_to_io_mode(j, c))
		return RELAX_IO_MODE;
	return met_a_change_of_size(j, c) ? RELAX_SIGBUS : NONE;
}
