/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The machine gets the texts of all files in one file of frames, and a task names a
 * file by its number there.  Main thread only. */
#include "config.h"

#include "fusescen/mutate/corpus.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/mem.h"
#include "fusescen/mutate/job.h"
#include "fusescen/util/errors.h"
#include "fusescen/vm/cpio.h"
#include "fusescen/vm/frame.h"

/* FNV-1a */
static uint64_t key_of(const char *text)
{
	uint64_t key = 0xcbf29ce484222325u;

	for (; *text; text++)
		key = (key ^ (unsigned char)*text) * 0x100000001b3u;
	return key;
}

static void add_case(struct corpus *c, size_t file, size_t index)
{
	const struct path *path = &c->paths.at[file];
	const char *name = fusescen_case_name(c->files[file], index);

	if (fusescen_hazard(c->files[file], index))
		return;
	c->at = xgrow(c->at, c->n, sizeof(*c->at));
	c->at[c->n++] = (struct subject){
		.file = file, .index = index,
		.name = name ? xasprintf("%s:%s", path->name, name) :
			xstrdup(path->name),
		.key = key_of(c->texts[file]),
	};
}

static int load_file(struct corpus *c, size_t file)
{
	const struct path *path = &c->paths.at[file];
	struct buf text = BUF_INIT;
	size_t i;

	c->files[file] = path_load(path);
	if (fusescen_errors(c->files[file])) {
		put_error_text(fusescen_errors(c->files[file]));
		return -1;
	}
	if (path->text)
		buf_add(&text, path->text, path->len);
	else if (file_read(path->name, &text)) {
		put_error("%s: %s", path->name, strerror(errno));
		return -1;
	}
	c->texts[file] = buf_steal(&text);
	for (i = 0; i < fusescen_cases(c->files[file]); i++)
		add_case(c, file, i);
	return 0;
}

int corpus_load(struct corpus *c, char **words, int n)
{
	int err = paths_collect(&c->paths, words, n);
	size_t i;

	c->files = xcalloc(c->paths.n + 1, sizeof(*c->files));
	c->texts = xcalloc(c->paths.n + 1, sizeof(*c->texts));
	for (i = 0; i < c->paths.n; i++)
		err |= load_file(c, i);
	if (!err && !c->n) {
		put_error("there is no case");
		err = -1;
	}
	return err;
}

void corpus_free(struct corpus *c)
{
	size_t i;

	for (i = 0; c->files && i < c->paths.n; i++) {
		fusescen_free(c->files[i]);
		free(c->texts[i]);
	}
	for (i = 0; i < c->n; i++) {
		free(c->at[i].name);
		free(c->at[i].reached);
	}
	free(c->at);
	free(c->weight);
	free(c->files);
	free(c->texts);
	paths_free(&c->paths);
}

struct subject *corpus_find(const struct corpus *c, const char *name)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (!strcmp(c->at[i].name, name))
			return &c->at[i];
	return NULL;
}

static int by_number(const void *a, const void *b)
{
	unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;

	return (x > y) - (x < y);
}

void subject_reach(struct subject *s, const char *numbers)
{
	char *end;
	unsigned long n;

	for (;; numbers = end) {
		n = strtoul(numbers, &end, 10);
		if (end == numbers)
			break;
		s->reached = xgrow(s->reached, s->n_reached, sizeof(*s->reached));
		s->reached[s->n_reached++] = (unsigned)n;
	}
	if (s->n_reached)
		qsort(s->reached, s->n_reached, sizeof(*s->reached), by_number);
}

bool subject_reaches(const struct subject *s, unsigned number)
{
	return s->n_reached && bsearch(&number, s->reached, s->n_reached,
				       sizeof(number), by_number);
}

/* ---- for the machine ------------------------------------------------------------- */

static int write_files(const struct corpus *c, int fd)
{
	struct frame f;
	size_t i;

	for (i = 0; i < c->paths.n; i++) {
		frame_begin(&f, FRAME_FILE);
		frame_text(&f, c->paths.at[i].name);
		frame_text(&f, c->texts[i]);
		if (frame_send(&f, fd))
			return -1;
	}
	return 0;
}

int corpus_equip(struct buf *root, const void *corpus)
{
	auto_close int fd = memfd_create("corpus", MFD_CLOEXEC);
	auto_free char *path = xasprintf("/proc/self/fd/%d", fd);
	struct cpio cpio = { .out = BUF_INIT };
	int err;

	err = fd < 0 || write_files(corpus, fd) ||
		cpio_copy(&cpio, GUEST_CORPUS, 0444, path);
	if (err)
		put_error("cannot make a file in memory: %s", strerror(errno));
	cpio_end(&cpio);
	if (!err)
		buf_add(root, cpio.out.data, cpio.out.len);
	buf_fini(&cpio.out);
	return err ? -1 : 0;
}

/* ---- which cases are near -------------------------------------------------------- */

struct near {
	const struct subject *subject;
	double score;
	size_t turn;		/* how many of its file come before it */
};

void corpus_weigh(struct corpus *c, const struct mutants *m)
{
	size_t numbers = m->n ? m->at[m->n - 1].number + 1u : 1, i, j;

	free(c->weight);
	c->weight = xcalloc(numbers, sizeof(*c->weight));
	for (i = 0; i < c->n; i++)
		for (j = 0; j < c->at[i].n_reached; j++)
			if (c->at[i].reached[j] < numbers)
				c->weight[c->at[i].reached[j]]++;
	for (i = 0; i < numbers; i++)
		c->weight[i] = c->weight[i] > 0 ? 1 / c->weight[i] : 0;
	for (i = 0; i < c->n; i++)
		for (j = 0, c->at[i].weight = 0; j < c->at[i].n_reached; j++)
			if (c->at[i].reached[j] < numbers)
				c->at[i].weight += c->weight[c->at[i].reached[j]];
}

/* How much of what a case reaches is in the function of this mutant. */
static double score(const struct corpus *c, const struct subject *s,
		    const struct mutants *m, const struct mutant *mutant)
{
	double same = 0;
	size_t i;

	for (i = 0; i < s->n_reached; i++) {
		const struct mutant *other = mutants_by_number(m, s->reached[i]);

		if (other && other->nth_function == mutant->nth_function)
			same += c->weight[other->number];
	}
	return s->weight > 0 ? same / s->weight : 0;
}

static int by_score(const void *a, const void *b)
{
	const struct near *x = a, *y = b;

	if (x->score != y->score)
		return x->score < y->score ? 1 : -1;
	return x->subject->ms != y->subject->ms ?
		(x->subject->ms > y->subject->ms) - (x->subject->ms < y->subject->ms) :
		(x->subject > y->subject) - (x->subject < y->subject);
}

static int by_turn(const void *a, const void *b)
{
	const struct near *x = a, *y = b;

	return x->turn != y->turn ? (x->turn > y->turn) - (x->turn < y->turn) :
		by_score(a, b);
}

const struct subject **corpus_nearest(const struct corpus *c, const struct mutants *m,
				      const struct mutant *mutant, size_t max,
				      size_t *n, size_t *n_reaching)
{
	auto_free struct near *near = xcalloc(c->n + 1, sizeof(*near));
	auto_free size_t *turns = xcalloc(c->paths.n + 1, sizeof(*turns));
	const struct subject **list;
	size_t i, found = 0;

	for (i = 0; i < c->n; i++)
		if (c->at[i].is_usable && subject_reaches(&c->at[i], mutant->number))
			near[found++] = (struct near){
				&c->at[i], score(c, &c->at[i], m, mutant), 0 };
	qsort(near, found, sizeof(*near), by_score);
	for (i = 0; i < found; i++)
		near[i].turn = turns[near[i].subject->file]++;
	qsort(near, found, sizeof(*near), by_turn);
	*n_reaching = found;
	*n = found < max ? found : max;
	list = xcalloc(*n + 1, sizeof(*list));
	for (i = 0; i < *n; i++)
		list[i] = near[i].subject;
	return list;
}
