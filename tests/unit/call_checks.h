/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the tests of the calls have in common: how to say what a call must
 * give, a world with a file, and which calls have been made at all. */
#ifndef TESTS_UNIT_CALL_CHECKS_H
#define TESTS_UNIT_CALL_CHECKS_H

#include "tests/unit/build_calls.h"
#include "tests/unit/unit.h"

enum { APP, BEN, CAT };			/* actors */
enum { FD, FD2, MAP, HANDLE, AIO, UNSET };	/* variables */

/* Shared by the processes of all tests: the calls that were made. */
static unsigned char *made;

static inline struct world *started(size_t n_actors)
{
	struct world *w = world_new(n_actors);
	int err = 0;
	const char *what = world_start_error(w, &err);

	ck_assert_msg(!what, "%s: %s", what, strerror(err));
	return w;
}

static inline void finish(struct world *w)
{
	size_t i;

	for (i = 0; i < w->n_steps; i++)
		made[w->steps[i].call.call->id] = 1;
	ck_assert_uint_eq(world_free(w), 0);
}

/* The call gives this value, or fails with this errno. */
#define gives(o, value)	do {						\
		const struct outcome *o_ = (o);				\
		ck_assert_ptr_nonnull(o_);				\
		ck_assert_int_eq(o_->signal, 0);			\
		ck_assert_int_eq(o_->err, 0);				\
		ck_assert_int_eq(o_->ret, (value));			\
	} while (0)
#define fails(o, error)	do {						\
		const struct outcome *o_ = (o);				\
		ck_assert_ptr_nonnull(o_);				\
		ck_assert_int_eq(o_->signal, 0);			\
		ck_assert_int_eq(o_->ret, -1);				\
		ck_assert_int_eq(o_->err, (error));			\
		ck_assert_uint_eq(o_->data_len, 0);			\
	} while (0)
/* We could not make it, or not keep what it gave. */
#define lacks(o)	do {						\
		const struct outcome *o_ = (o);				\
		ck_assert_ptr_nonnull(o_);				\
		ck_assert_ptr_nonnull(o_->lack);			\
	} while (0)
#define data_is(w, actor, text)	do {					\
		const struct outcome *d_ = actor_outcome((w)->as, actor); \
		ck_assert_uint_eq(d_->data_len, sizeof(text) - 1);	\
		if (sizeof(text) > 1)					\
			ck_assert_mem_eq(d_->data, text, sizeof(text) - 1); \
	} while (0)
/* It gives what the same call gave here, made by the test: 0 or errno. */
#define like(o, err)	do {						\
		int err_ = (err);					\
		if (err_)						\
			fails(o, err_);					\
		else							\
			ck_assert_int_ge((o)->ret, 0);			\
	} while (0)

static inline int errno_of(long ret)
{
	return ret < 0 ? errno : 0;
}

static inline uint64_t field(struct world *w, int actor, const char *name)
{
	const struct actor_look l = ({
		struct actor_look look;
		actor_look(w->as, actor, &look);
		look;
	});
	const struct result_field *f = l.step->call.call->fields;
	size_t i;

	for (i = 0; f[i].name; i++) {
		if (!strcmp(f[i].name, name))
			return actor_outcome(w->as, actor)->fields[i];
	}
	ck_abort_msg("no field %s", name);
}

/* A file with this text, open for reading and writing as FD of APP. */
static inline struct world *with_file(size_t n_actors, const char *text)
{
	struct world *w = started(n_actors);

	write_text(world_path(w, "/f"), text);
	gives(CALL(w, APP, open, FD, P("/f"), N(O_RDWR)), 0);
	return w;
}

/* The last test of a program: its part of the table was made. */
static inline void all_made(int first, int end)
{
	int i;

	for (i = first; i < end; i++)
		ck_assert_msg(made[i], "no test makes %s", calls[i].name);
}

static inline void add(Suite *s, const char *name, const TTest *const *tests)
{
	TCase *tc = tcase_create(name);

	tcase_set_timeout(tc, 180);	/* disks may be slow */
	for (; *tests; tests++)
		tcase_add_test(tc, *tests);
	suite_add_tcase(s, tc);
}

/* Run the suite, or say why there can be no actors here. */
static inline int calls_main(void (*add_cases)(Suite *s), const char *name)
{
	const char *why = world_may_chroot();
	Suite *s;

	if (why) {
		printf("1..0 # SKIP %s\n", why);
		return 0;
	}
	s = suite_create(name);
	made = world_shared(N_CALLS);
	add_cases(s);
	return unit_main(s);
}

#endif
