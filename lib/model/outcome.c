/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Judging and printing what a call gave.  A success is described by up to
 * four things the script may name: the value, the data, the fields, the names;
 * each has its own function here.  Pure functions, any thread.
 */
#include "config.h"

#include "model/outcome.h"

#include <inttypes.h>
#include <string.h>

#include "base/errnos.h"
#include "base/escape.h"
#include "base/mem.h"
#include "base/units.h"
#include "wire/ops.h"

/* ---- printing ------------------------------------------------------------ */

static void print_int(struct buf *b, int64_t v)
{
	if (v < 0)
		buf_printf(b, "%" PRId64, v);
	else
		print_size(b, (uint64_t)v);
}

static void print_errno(struct buf *b, int err)
{
	const char *name = errno_name(err);

	if (name)
		buf_puts(b, name);
	else
		buf_printf(b, "%d", err);
}

static void print_signal(struct buf *b, int sig)
{
	const char *name = signal_name(sig);

	if (name)
		buf_puts(b, name);
	else
		buf_printf(b, "signal %d", sig);
}

static void print_process(struct buf *b, const struct expectation *e, uint64_t v)
{
	if (v < PROCESS_ACTOR || v - PROCESS_ACTOR >= e->n_actors)
		buf_printf(b, "%d", v != PROCESS_NONE);
	else
		buf_puts(b, e->actors[v - PROCESS_ACTOR]);
}

static void print_field(struct buf *b, const struct call *call,
			const struct expectation *e, size_t field, uint64_t v)
{
	switch ((enum field_dim)call->fields[field].dim) {
	case FD_SIZE:
		print_size(b, v);
		break;
	case FD_OCT:
		buf_printf(b, "0%" PRIo64, v);
		break;
	case FD_HEX:
		buf_printf(b, "0x%" PRIx64, v);
		break;
	case FD_TIME_S:
		buf_printf(b, "%" PRId64, (int64_t)v);
		break;
	case FD_FLAGS:
	case FD_CHOICE:
		flags_print(b, call->fields[field].flags, v);
		break;
	case FD_PROCESS:
		print_process(b, e, v);
		break;
	case FD_NUM:
	case FD_ERRNO:
	case FD_RESULT:
	case FD_OPCODE:
	case FD_IOCTL:
	case FD_MODE:
		buf_printf(b, "%" PRIu64, v);
		break;
	}
}

static void print_fields(struct buf *b, const struct outcome *o,
			 const struct call *call, const struct expectation *e)
{
	size_t i;

	buf_addc(b, '{');
	for (i = 0; i < e->n_fields; i++) {
		size_t f = (size_t)e->fields[i].field;

		buf_printf(b, "%s%s=", i ? ", " : "", call->fields[f].name);
		print_field(b, call, e, f, o->fields[f]);
	}
	buf_addc(b, '}');
}

/* The lines of data one after the other: step to the next, *len its length.
 * The last line may lack its newline. */
static const char *next_line(const struct outcome *o, size_t *at, size_t *len)
{
	const char *start, *end;

	if (*at >= o->data_len)
		return NULL;
	start = (const char *)o->data + *at;
	end = memchr(start, '\n', o->data_len - *at);
	*len = end ? (size_t)(end - start) : o->data_len - *at;
	*at += *len + (end != NULL);
	return start;
}

static void print_names(struct buf *b, const struct outcome *o)
{
	size_t at = 0, len;
	const char *name;
	bool first = true;

	buf_addc(b, '[');
	while ((name = next_line(o, &at, &len))) {
		buf_puts(b, first ? "" : ", ");
		buf_add(b, name, len);
		first = false;
	}
	buf_addc(b, ']');
}

/* An event keeps no more of it than was worth keeping. */
static uint64_t data_total(const struct outcome *o, const struct call *call)
{
	if (call->result == RES_COUNT && o->ret > 0 &&
	    (uint64_t)o->ret > o->data_len)
		return (uint64_t)o->ret;
	return o->data_len;
}

void outcome_print(struct buf *b, const struct outcome *o, const struct call *call,
		   const struct expectation *e)
{
	if (o->lack) {
		buf_printf(b, "not known (%s)", o->lack);
	} else if (o->killed) {
		buf_puts(b, "killed");
	} else if (o->signal) {
		print_signal(b, o->signal);
	} else if (o->ret < 0 && o->err) {
		buf_puts(b, "-1 ");
		print_errno(b, o->err);
	} else if (call->result == RES_NAMES && (o->data_len || !o->ret)) {
		print_names(b, o);
	} else if (call->result == RES_FIELDS && e && e->n_fields) {
		print_fields(b, o, call, e);
	} else if (call->result == RES_VAR) {
		/* which number it was is nobody's business (act/syscalls.h) */
		buf_puts(b, "success");
	} else {
		print_int(b, o->ret);
		if (o->data_len || (e && e->has_data)) {
			buf_addc(b, ' ');
			buf_data(b, o->data, o->data_len, data_total(o, call));
		}
	}
}

/* ---- judging ------------------------------------------------------------- */

/* The outcome is of another kind, or another value, than expected. */
static bool differs(const struct outcome *o, const struct call *call,
		    const struct expectation *e, struct buf *why)
{
	if (!why)
		return false;
	outcome_print(why, o, call, e);
	if (e->kind == EXPECT_OK && !(e->text && *e->text))
		buf_puts(why, " instead of success");
	else
		buf_printf(why, " instead of %s", e->text ? e->text : "that");
	return false;
}

static bool is_success(const struct outcome *o)
{
	return !o->killed && !o->signal && o->ret >= 0;
}

static bool errno_meets(const struct outcome *o, const struct expectation *e)
{
	size_t i;

	if (o->killed || o->signal || o->ret != -1)
		return false;
	if (!e->errnos[0])
		return true;
	for (i = 0; i < ARRAY_SIZE(e->errnos) && e->errnos[i]; i++) {
		if (e->errnos[i] == o->err)
			return true;
	}
	return false;
}

/* Is the outcome of the expected kind, and its value the expected one? */
static bool value_meets(const struct outcome *o, const struct expectation *e)
{
	switch (e->kind) {
	case EXPECT_OK:
		return is_success(o);
	case EXPECT_ANY:
		return true;
	case EXPECT_VALUE:
		return !o->killed && !o->signal && e->lo <= o->ret &&
		       o->ret <= e->hi && (!e->step || (o->ret - e->lo) % e->step == 0);
	case EXPECT_ERRNO:
		return errno_meets(o, e);
	case EXPECT_SIGNAL:
		return !o->killed && o->signal == e->signal;
	case EXPECT_KILLED:
		return o->killed;
	}
	return false;
}

static bool data_length_meets(const struct outcome *o, const struct call *call,
			      const struct expectation *e, struct buf *why)
{
	/* What was not kept differs by its length. */
	uint64_t len = o->data_len >= LIMIT_LOG_RESULT ?
		data_total(o, call) : o->data_len;

	if (len == e->data.len)
		return true;
	if (why) {
		print_size(why, len);
		buf_puts(why, " bytes of data instead of ");
		print_size(why, e->data.len);
	}
	return false;
}

/* The bytes from at on that are all not what they should be. */
static void print_difference(struct buf *b, const struct outcome *o,
			     const struct expectation *e, uint8_t letter, size_t at)
{
	size_t end = at;
	auto_free uint8_t *want = NULL;

	while (end < o->data_len && o->data[end] != data_at(&e->data, end, letter))
		end++;
	want = xmalloc(end - at);
	for (size_t i = at; i < end; i++)
		want[i - at] = data_at(&e->data, i, letter);
	buf_printf(b, "data differs at byte %zu: ", at);
	buf_data(b, o->data + at, end - at, end - at);
	buf_puts(b, " instead of ");
	buf_data(b, want, end - at, end - at);
}

static bool data_meets(const struct outcome *o, const struct call *call,
		       const struct expectation *e, uint8_t letter, struct buf *why)
{
	size_t i;

	if (!data_length_meets(o, call, e, why))
		return false;
	for (i = 0; i < o->data_len; i++) {
		if (o->data[i] == data_at(&e->data, i, letter))
			continue;
		if (why)
			print_difference(why, o, e, letter, i);
		return false;
	}
	return true;
}

static void print_field_range(struct buf *b, const struct call *call,
			      const struct expectation *e,
			      const struct field_expect *fe)
{
	if (fe->ignored) {
		flags_print_cond(b, call->fields[fe->field].flags, fe->lo,
				 ~fe->ignored & ~fe->lo);
		return;
	}
	print_field(b, call, e, (size_t)fe->field, fe->lo);
	if (fe->hi == fe->lo + 1 || call->fields[fe->field].dim == FD_PROCESS)
		return;
	buf_puts(b, "..");
	if (fe->hi != UINT64_MAX)
		print_field(b, call, e, (size_t)fe->field, fe->hi);
	if (fe->step) {
		buf_addc(b, '/');
		print_field(b, call, e, (size_t)fe->field, fe->step);
	}
}

static bool fields_meet(const struct outcome *o, const struct call *call,
			const struct expectation *e, struct buf *why)
{
	size_t i;

	for (i = 0; i < e->n_fields; i++) {
		const struct field_expect *fe = &e->fields[i];
		uint64_t v = o->fields[fe->field] & ~fe->ignored;

		if (fe->lo <= v && (v < fe->hi || fe->hi == UINT64_MAX) &&
		    (!fe->step || (v - fe->lo) % fe->step == 0))
			continue;
		if (why) {
			buf_printf(why, "%s is ", call->fields[fe->field].name);
			print_field(why, call, e, (size_t)fe->field,
				    o->fields[fe->field]);
			buf_puts(why, " instead of ");
			print_field_range(why, call, e, fe);
		}
		return false;
	}
	return true;
}

static bool name_expected(const struct expectation *e, const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < e->n_names; i++) {
		if (strlen(e->names[i]) == len && !memcmp(e->names[i], name, len))
			return true;
	}
	return false;
}

/* How often name is among the lines of the data, and among those expected:
 * a directory that lists a name twice is not the one that was meant. */
static size_t count_line(const struct outcome *o, const char *name, size_t len)
{
	size_t at = 0, got_len, n = 0;
	const char *got;

	while ((got = next_line(o, &at, &got_len)))
		n += got_len == len && !memcmp(got, name, len);
	return n;
}

static size_t count_expected(const struct expectation *e, const char *name)
{
	size_t i, n = 0;

	for (i = 0; i < e->n_names; i++)
		n += !strcmp(e->names[i], name);
	return n;
}

static bool names_meet(const struct outcome *o, const struct expectation *e,
		       struct buf *why)
{
	size_t at = 0, len, i;
	const char *name;

	for (i = 0; i < e->n_names; i++) {
		size_t got = count_line(o, e->names[i], strlen(e->names[i]));

		if (got == count_expected(e, e->names[i]))
			continue;
		if (why && got)
			buf_printf(why, "\"%s\" is there %zu times", e->names[i], got);
		else if (why)
			buf_printf(why, "\"%s\" is missing", e->names[i]);
		return false;
	}
	while ((name = next_line(o, &at, &len))) {
		if (name_expected(e, name, len))
			continue;
		if (why) {
			buf_quote(why, name, len, NAME_SHOWN);
			buf_puts(why, " is there too");
		}
		return false;
	}
	return true;
}

static bool meets_one(const struct outcome *o, const struct expectation *e,
		      const struct call *call, uint8_t letter, struct buf *why)
{
	if (!value_meets(o, e))
		return differs(o, call, e, why);
	if (e->kind != EXPECT_OK && e->kind != EXPECT_VALUE)
		return true;
	if (e->has_data && !data_meets(o, call, e, letter, why))
		return false;
	if (e->n_fields && !fields_meet(o, call, e, why))
		return false;
	return !e->has_names || names_meet(o, e, why);
}

const struct expectation *outcome_which(const struct outcome *o,
					const struct expectation *e,
					const struct call *call, uint8_t letter,
					struct buf *why)
{
	const struct expectation *one;

	if (o->lack)
		return NULL;
	for (one = e; one; one = one->alt)
		if (meets_one(o, one, call, letter, NULL))
			return one;
	meets_one(o, e, call, letter, why);	/* its text names them all */
	return NULL;
}

bool outcome_meets(const struct outcome *o, const struct expectation *e,
		   const struct call *call, uint8_t letter, struct buf *why)
{
	return outcome_which(o, e, call, letter, why) != NULL;
}

void outcome_print_miss(struct buf *b, const struct outcome *o,
			const struct expectation *e, const struct call *call,
			uint8_t letter)
{
	auto_buf struct buf why = BUF_INIT;

	outcome_print(b, o, call, e);
	if (o->lack || !value_meets(o, e))
		return;
	outcome_meets(o, e, call, letter, &why);
	if (why.len)
		buf_printf(b, " (%s)", buf_str(&why));
}

bool outcome_keeps_trend(const struct outcome *o, const struct expectation *e,
			 bool has_last, uint64_t *last)
{
	uint64_t v = e->trend_field == NONE ? (uint64_t)o->ret :
		o->fields[e->trend_field];

	if (has_last && (e->trend == TREND_GROWS ? v < *last : v > *last))
		return false;
	*last = v;
	return true;
}
