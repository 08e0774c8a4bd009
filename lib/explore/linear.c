/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A search in depth for an order, which is cut as soon as a call in it gave
 * something else than the model.  If there is none, once more with one difference
 * allowed, and so on: the nearest order says what would have been right.
 */
#include "config.h"

#include "explore/linear.h"

#include <string.h>

struct judging {
	const struct trail *t;
	struct judged judged;
	const struct model *model;
	unsigned allowed;		/* differences */
	bool done[TRAIL_CALLS];
	struct linear *out;
	uint64_t used[N_RELAXATIONS];
};

/* ---- orders -------------------------------------------------------------------- */

/* Has everything that had returned before it began been put before it? */
static bool is_next(const struct judging *j, unsigned i)
{
	for (unsigned k = 0; k < j->t->n_calls; k++) {
		if (!j->done[k] && k != i &&
		    j->t->calls[k].end_seq < j->t->calls[i].begin_seq)
			return false;
	}
	return !j->done[i];
}

static unsigned files_differ(struct judging *j)
{
	struct linear *l = j->out;
	const struct trail_file *files;
	const uint8_t *bytes;
	unsigned differ = 0;
	size_t n, i, k;

	files = j->model->files(j->model->ctx, l->order, l->n, &n, &bytes);
	for (i = 0; files && i < j->t->n_files; i++) {
		const struct trail_file *f = &j->t->files[i];

		for (k = 0; k < n; k++) {
			if (files[k].mount == f->mount && !strcmp(files[k].path, f->path))
				break;
		}
		l->file_differs[i] = k == n || files[k].there != f->there ||
			(f->there && !seen_same(&f->seen, j->t->bytes, &files[k].seen,
						bytes));
		differ += l->file_differs[i];
	}
	if (files && differ && relax_files(&j->judged)) {
		memset(l->file_differs, 0, sizeof(l->file_differs));
		j->used[RELAX_WRITEBACK_ERROR]++;
		return 0;
	}
	return files ? differ : j->t->n_calls + j->t->n_files + 1;
}

static bool go_on(struct judging *j, unsigned differences);

/* i comes next, and the order ends well. */
static bool try_call(struct judging *j, unsigned i, unsigned differences)
{
	const struct trail_call *c = &j->t->calls[i], *model;
	struct linear *l = j->out;
	const uint8_t *bytes;
	bool good = false;
	int r;

	l->order[l->n++] = c->step;
	j->done[i] = true;
	model = j->model->call(j->model->ctx, l->order, l->n, &bytes);
	if (model) {
		r = relax_call(&j->judged, c, model, bytes);
		l->calls[i] = r == NONE ? DIFFERS : r < N_RELAXATIONS ? RELAXED : AGREES;
		if (r >= 0 && r < N_RELAXATIONS)
			j->used[r]++;
		good = go_on(j, differences + (r == NONE));
		if (!good && r >= 0 && r < N_RELAXATIONS)
			j->used[r]--;
	}
	if (!good) {
		j->done[i] = false;
		l->n--;
	}
	return good;
}

/* It had no effect, and has no place in the order. */
static bool try_without(struct judging *j, unsigned i, unsigned differences)
{
	int why = relax_without(&j->judged, &j->t->calls[i]);
	bool good;

	if (why == NONE)
		return false;
	j->done[i] = true;
	j->out->calls[i] = RELAXED;
	if (why < N_RELAXATIONS)
		j->used[why]++;
	good = go_on(j, differences);
	if (!good) {
		j->done[i] = false;
		if (why < N_RELAXATIONS)
			j->used[why]--;
	}
	return good;
}

static bool go_on(struct judging *j, unsigned differences)
{
	bool any = false;
	unsigned i;

	if (differences > j->allowed)
		return false;
	for (i = 0; i < j->t->n_calls; i++) {
		if (!is_next(j, i))
			continue;
		any = true;
		if (try_call(j, i, differences) || try_without(j, i, differences))
			return true;
	}
	if (any || differences + files_differ(j) > j->allowed)
		return false;
	for (i = 0; i < j->t->n_calls; i++) {
		if (!j->done[i])
			return false;
	}
	return true;
}

void linear_judge(const struct trail *t, const struct model *model,
		  const struct allowed *allowed, struct linear *out)
{
	struct judging j = {
		.t = t, .judged = { t, allowed }, .model = model, .out = out,
	};
	unsigned most = t->n_calls + t->n_files;

	memset(out, 0, sizeof(*out));
	for (; !out->found && j.allowed <= most; j.allowed++) {
		out->found = go_on(&j, 0);
		out->differences = j.allowed;
	}
	memcpy(out->used, j.used, sizeof(j.used));
}
