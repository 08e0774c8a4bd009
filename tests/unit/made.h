/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests made by hand, for tests of what takes them apart.  The message lies
 * in memory of exactly its length, so that a sanitizer sees one byte too many
 * being read.
 */
#ifndef TESTS_MADE_H
#define TESTS_MADE_H

#include <stdbool.h>
#include <string.h>

#include "base/mem.h"
#include "tests/unit/unit.h"
#include "wire/message.h"

struct made {
	struct buf body;
	uint8_t *msg;
	size_t len;
	struct decoded_request req;
	const char *why;
};
#define MADE		{ BUF_INIT, NULL, 0, { 0 }, NULL }
#define auto_made	__attribute__((cleanup(made_fini)))

static inline void made_fini(struct made *m)
{
	buf_fini(&m->body);
	free(m->msg);
}

static inline void pack(struct made *m, uint32_t opcode, unsigned extlen)
{
	struct wire_in_header h = {
		.len = (uint32_t)(sizeof(h) + m->body.len),
		.opcode = opcode, .unique = 42, .nodeid = 7,
		.uid = 1000, .gid = 100, .pid = 4711,
		.total_extlen = (uint16_t)extlen,
	};

	free(m->msg);
	m->len = h.len;
	m->msg = xmalloc(m->len);
	memcpy(m->msg, &h, sizeof(h));
	if (m->body.len)
		memcpy(m->msg + sizeof(h), m->body.data, m->body.len);
}

static inline int try_decode(struct made *m, uint32_t opcode)
{
	pack(m, opcode, 0);
	return request_decode(&m->req, &protocol_builtin, m->msg, m->len, &m->why);
}

static inline void decode_ok(struct made *m, uint32_t opcode)
{
	ck_assert_msg(try_decode(m, opcode) == 0, "refused: %s", m->why);
}

static inline void assert_refused(struct made *m, uint32_t opcode, const char *why)
{
	ck_assert_int_eq(try_decode(m, opcode), -1);
	ck_assert_str_eq(m->why, why);
}

static inline void add_text(struct made *m, const char *s)
{
	buf_add(&m->body, s, strlen(s) + 1);
}

static inline uint64_t number(const struct made *m, const char *name)
{
	const struct field *f = op_arg(m->req.op, name, strlen(name));
	struct field_value v;

	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(request_get(&m->req, f, &v), 0);
	return v.num;
}

static inline bool has(const struct made *m, const char *name)
{
	const struct field *f = op_arg(m->req.op, name, strlen(name));
	struct field_value v;

	ck_assert_ptr_nonnull(f);
	return request_get(&m->req, f, &v) == 0;
}

static inline void assert_prints(const struct made *m, const char *want)
{
	auto_buf struct buf b = BUF_INIT;

	request_print(&b, &protocol_builtin, &m->req);
	ck_assert_str_eq(buf_str(&b), want);
}

#endif
