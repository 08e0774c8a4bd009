/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The variables of an actor's process.  The table lives as long as the process,
 * which only a signal ends, so nothing frees it. */
#include "config.h"

#include "act/calls/vars.h"

#include <pthread.h>

#include "base/lock.h"
#include "base/mem.h"

struct vars {
	pthread_mutex_t lock;
	size_t n;
	struct var v[];
};

struct vars *vars_new(size_t n)
{
	struct vars *vs = xcalloc(1, sizeof(*vs) + n * sizeof(vs->v[0]));

	vs->n = n;
	mutex_init(&vs->lock);
	return vs;
}

static void get(struct vars *vs, int i, struct var *out, int take)
{
	*out = (struct var){ .kind = VAR_UNSET };
	if (i < 0 || (size_t)i >= vs->n)
		return;
	auto_lock(&vs->lock);
	*out = vs->v[i];
	if (take)
		vs->v[i].kind = VAR_UNSET;
}

void vars_get(struct vars *vs, int i, struct var *out)
{
	get(vs, i, out, 0);
}

void vars_take(struct vars *vs, int i, struct var *out)
{
	get(vs, i, out, 1);
}

void vars_set(struct vars *vs, int i, const struct var *v)
{
	if (i < 0 || (size_t)i >= vs->n)
		return;
	auto_lock(&vs->lock);
	vs->v[i] = *v;
}
