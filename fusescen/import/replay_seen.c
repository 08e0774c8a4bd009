/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a call tells about the files that were there, and how it becomes a step.  One
 * thread at a time. */
#include "config.h"

#include "fusescen/import/replay_impl.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- what a call says about files --------------------------------------------------------- */

/* The directories above it were there, unless the log says otherwise. */
void saw_parents(struct story *s, const char *path)
{
	auto_free char *dir = xstrdup(path);
	char *slash;

	while ((slash = strrchr(dir, '/')) && slash > dir) {
		*slash = '\0';
		story_saw(s, dir, true)->is_dir = true;
	}
}

struct story_file *saw(struct replayer *r, const char *path, bool is_there)
{
	if (is_there)
		saw_parents(r->s, path);
	return story_saw(r->s, path, is_there);
}

void guess_absent(struct replayer *r, const char *path)
{
	if (!story_file(r->s, path)->is_known)
		story_guess(r->s, r->c->began, "%s was not there before", path);
}

/* st_mode=S_IFREG|0644, ... st_size=5 */
const char *member(const char *attr, const char *name)
{
	const char *p = strstr(attr, name);

	return p ? p + strlen(name) : NULL;
}

void put_attributes(struct buf *b, struct story_file *f, const char *attr)
{
	const char *mode = member(attr, "st_mode="), *size = member(attr, "st_size=");
	uint64_t n = size ? strtoull(size, NULL, 10) : 0;
	const char *bits = mode ? strchr(mode, '|') : NULL;

	if (!mode)
		return;
	if (f && !f->is_changed && f->was_there) {
		f->is_dir = !strncmp(mode, "S_IFDIR", 7);
		f->mode = bits ? (unsigned)strtoul(bits + 1, NULL, 8) : 0;
		if (f->size < n)
			f->size = n;
	}
	if (!strncmp(mode, "S_IFREG", 7) && size)
		buf_printf(b, " = {size=%" PRIu64 ", type=file}", n);
	else if (!strncmp(mode, "S_IFDIR", 7))
		buf_puts(b, " = {type=dir}");
	else
		buf_puts(b, " = 0");
}

/* ---- steps --------------------------------------------------------------------------------- */

void step(struct replayer *r, const char *call, const char *result)
{
	struct story_actor *a = &r->s->actors[r->actor];
	const struct traced *c = r->c;

	a->makes_calls = true;
	r->s->calls++;
	if (r->is_full) {
		r->s->left_out++;
	} else if (!c->ended) {
		story_remark(r->s, c->began, "%s: %s did not return in the log", a->name, call);
		r->s->left_out++;
	} else if (c->ended == c->began) {
		story_step(r->s, c->began, "%s: %s%s", a->name, call, result);
	} else {
		story_step(r->s, c->began, "%s: %s ...", a->name, call);
		story_step(r->s, c->ended, "%s: ...%s", a->name, result);
	}
}

void left_out(struct replayer *r, const char *why)
{
	struct buf b = BUF_INIT;

	r->s->left_out++;
	if (r->is_full)
		return;
	for (size_t i = 0; i < r->c->n_args; i++)
		buf_printf(&b, "%s%.60s", i ? ", " : "", r->c->args[i]);
	story_remark(r->s, r->c->began, "%s: %s(%s): %s", r->s->actors[r->actor].name,
		     r->c->name, buf_str(&b), why);
	buf_fini(&b);
}

char *failed(struct replayer *r)
{
	return r->c->error ? xasprintf(" = -1 %s", r->c->error) : NULL;
}
