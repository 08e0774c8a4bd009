/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any bytes as a request, as one whose end the log has cut off, and as a reply
 * to each operation.  Every byte that a field is said to have is read.
 */
#include "config.h"

#include <string.h>

#include "base/mem.h"
#include "tests/fuzz/input.h"
#include "wire/message.h"

/* So that the compiler does not leave the reading out. */
static volatile uint8_t sum;

static void read_fields(const struct decoded_request *req)
{
	const struct field *f;
	struct field_value v;

	for (f = header_fields; f->name; f++)
		request_get(req, f, &v);
	for (f = req->op ? req->op->args : header_fields; f->name; f++) {
		if (request_get(req, f, &v))
			continue;
		for (size_t i = 0; v.p && i < v.len; i++)
			sum ^= ((const uint8_t *)v.p)[i];
	}
}

static int decode_cut(struct decoded_request *req, const struct protocol *p,
		      const void *msg, size_t len, const char **why)
{
	struct wire_in_header h = { 0 };

	memcpy(&h, msg, len < sizeof(h) ? len : sizeof(h));
	return request_decode_cut(req, op_by_code(p, h.opcode), msg, len, why);
}

static void try_request(const void *msg, size_t size,
			int (*decode)(struct decoded_request *,
				      const struct protocol *, const void *,
				      size_t, const char **))
{
	auto_buf struct buf text = BUF_INIT;
	struct decoded_request req;
	const char *why = NULL;

	if (decode(&req, &protocol_builtin, msg, size, &why)) {
		if (!why)
			die_bug("a request is refused without a reason");
		return;
	}
	request_print(&text, &protocol_builtin, &req);
	request_is_noise(&req);
	read_fields(&req);
}

static void try_replies(const void *body, size_t size)
{
	for (size_t i = 0; i < N_BUILTIN_OPS; i++) {
		auto_buf struct buf text = BUF_INIT;

		reply_print(&text, &protocol_builtin, &builtin_ops[i], body, size);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Of exactly its size, so that one byte more is one too many. */
	auto_free uint8_t *copy = xmemdup(data, size);

	try_request(copy, size, request_decode);
	try_request(copy, size, decode_cut);
	try_replies(copy, size);
	return 0;
}
