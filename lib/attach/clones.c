/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A list per thread, by a key that is made once and kept. */
#include "config.h"

#include "attach/clones.h"

#include <pthread.h>

#include "base/mem.h"
#include "attach/custom_io_slots.h"

struct clone {
	struct clone *next;
	unsigned slot;
	uint64_t tag;
	int fd;
	struct channel *channel;
	void (*gone)(void *ctx, struct channel *c);
};

static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void thread_ends(void *arg)
{
	struct clone *c = arg;

	while (c) {
		struct clone *next = c->next;
		void *ctx = slot_enter(c->slot, c->tag);

		if (ctx) {
			c->gone(ctx, c->channel);
			slot_exit(c->slot);
		}
		free(c);
		c = next;
	}
}

static void make_key(void)
{
	if (pthread_key_create(&key, thread_ends))
		die_bug("pthread_key_create");
}

static struct clone *own_list(void)
{
	if (pthread_once(&once, make_key))
		die_bug("pthread_once");
	return pthread_getspecific(key);
}

struct channel *clone_find(uint64_t tag, int fd)
{
	const struct clone *c = own_list();

	while (c && (c->tag != tag || c->fd != fd))
		c = c->next;
	return c ? c->channel : NULL;
}

/* One that nobody will find any more: its slot was taken anew. */
static struct clone *find_stale(unsigned slot, uint64_t tag)
{
	struct clone *c = own_list();

	while (c && (c->slot != slot || c->tag == tag))
		c = c->next;
	return c;
}

void clone_remember(unsigned slot, uint64_t tag, int fd, struct channel *channel,
		    void (*gone)(void *ctx, struct channel *c))
{
	struct clone *c = find_stale(slot, tag);

	if (!c) {
		c = xcalloc(1, sizeof(*c));
		c->next = own_list();
		if (pthread_setspecific(key, c))
			die_bug("pthread_setspecific");
	}
	c->slot = slot;
	c->tag = tag;
	c->fd = fd;
	c->channel = channel;
	c->gone = gone;
}
