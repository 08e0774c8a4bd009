/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keeping what a run leaves behind. */
#include "config.h"

#include "explore/trail.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

struct trail *trail_new(void)
{
	void *p = mmap(NULL, sizeof(struct trail), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		die_bug("mmap: %s", strerror(errno));
	return p;
}

void trail_free(struct trail *t)
{
	munmap(t, sizeof(*t));
}

void trail_clear(struct trail *t)
{
	memset(t, 0, offsetof(struct trail, bytes));
}

uint32_t trail_put(struct trail *t, const void *p, size_t n)
{
	uint32_t at = t->used;

	if (n > TRAIL_DATA - at) {
		t->full = true;
		return 0;
	}
	if (n)
		memcpy(t->bytes + at, p, n);
	t->used += (uint32_t)n;
	return at;
}

void trail_add_request(struct trail *t, const struct request_name *name, unsigned move)
{
	if (t->n_requests == TRAIL_REQUESTS)
		t->full = true;
	else
		t->requests[t->n_requests++] = (struct trail_request){ *name, move };
}

static const uint64_t *find_field(const struct call *call, const struct outcome *o,
				  const char *name)
{
	for (size_t i = 0; call->result == RES_FIELDS && call->fields[i].name; i++) {
		if (!strcmp(call->fields[i].name, name))
			return &o->fields[i];
	}
	return NULL;
}

/* Of all fields, only the sizes of regular files are those of any filesystem. */
static bool find_size(const struct call *call, const struct outcome *o, uint64_t *out)
{
	const uint64_t *size = find_field(call, o, "size");
	const uint64_t *mode = find_field(call, o, "mode");

	if (!size || (mode && !S_ISREG(*mode)))
		return false;
	*out = *size;
	return true;
}

void trail_add_call(struct trail *t, const struct step *step, uint64_t begin_seq,
		    uint64_t end_seq, const struct outcome *o)
{
	struct trail_call *c = &t->calls[t->n_calls];
	bool good;

	if (t->n_calls == TRAIL_CALLS) {
		t->full = true;
		return;
	}
	t->n_calls++;
	*c = (struct trail_call){ .step = step, .begin_seq = begin_seq,
				  .end_seq = end_seq };
	if (!o)
		return;
	good = o->ret >= 0 && !o->signal && !o->killed;
	c->seen = (struct seen){
		/* which number a descriptor has is nobody's business */
		.ret = step->call.call->result == RES_VAR && good ? 0 : o->ret,
		.err = o->ret < 0 ? o->err : 0, .signal = o->signal, .killed = o->killed,
	};
	c->seen.has_size = good && find_size(step->call.call, o, &c->seen.size);
	if (good && o->data_len) {
		c->seen.data = trail_put(t, o->data, o->data_len);
		c->seen.len = (uint32_t)o->data_len;
	}
}

void trail_add_change(struct trail *t, const struct step *step, uint64_t seq, int err)
{
	if (t->n_calls == TRAIL_CALLS) {
		t->full = true;
		return;
	}
	t->calls[t->n_calls++] = (struct trail_call){
		.step = step, .begin_seq = seq, .end_seq = seq,
		.seen = { .ret = err ? -1 : 0, .err = err },
	};
}

struct trail_file *trail_add_file(struct trail *t, int mount, const char *path)
{
	struct trail_file *f = &t->files[t->n_files];

	if (t->n_files == TRAIL_FILES || strlen(path) >= NAME_PATH) {
		t->full = true;
		return NULL;
	}
	t->n_files++;
	*f = (struct trail_file){ .mount = mount };
	strcpy(f->path, path);
	return f;
}

struct naming {
	struct named_file *at;
	size_t n;
};

static void name_file(struct naming *names, int mount, const char *path)
{
	for (size_t i = 0; i < names->n; i++) {
		if (names->at[i].mount == mount && !strcmp(names->at[i].path, path))
			return;
	}
	if (names->n < TRAIL_FILES)
		names->at[names->n++] = (struct named_file){ mount, path };
}

static void name_argument(void *ctx, struct loc loc, const struct call_use *use)
{
	(void)loc;
	for (unsigned i = 0; use->call->params[i].name; i++) {
		if (use->call->params[i].type == ARG_PATH && use->args[i].str &&
		    use->args[i].mount >= 0)
			name_file(ctx, use->args[i].mount, use->args[i].str);
	}
}

size_t trail_named_files(const struct scenario *sc, struct named_file out[TRAIL_FILES])
{
	struct naming names = { out, 0 };

	for (size_t i = 0; i < sc->n_mounts; i++) {
		for (size_t k = 0; k < sc->mounts[i].n_files; k++) {
			if (sc->mounts[i].files[k].type == NODE_FILE)
				name_file(&names, (int)i, sc->mounts[i].files[k].path);
		}
	}
	scenario_each_call(sc, name_argument, &names);
	return names.n;
}
