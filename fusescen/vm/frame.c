/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A frame has magic, kind, length of the payload and checksum, in 4 bytes each,
 * and then the payload.  A number in it takes 8 bytes.  A text has its length
 * in 4 bytes, its bytes, and a NUL.  All of it is little-endian.  The program
 * uses this file inside and outside of a machine.
 */
#include "config.h"

#include "fusescen/vm/frame.h"

#include <endian.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "fusescen/util/files.h"

#define MAGIC		0x31637366u	/* "fsc1" */
#define HEADER		16
#define LONGEST		(256u << 20)	/* a longer payload is garbled */

static void put32(char *at, uint32_t v)
{
	v = htole32(v);
	memcpy(at, &v, sizeof(v));
}

static uint32_t get32(const char *at)
{
	uint32_t v;

	memcpy(&v, at, sizeof(v));
	return le32toh(v);
}

/* FNV-1a finds bytes that a serial port lost or doubled. */
static uint32_t checksum(uint32_t kind, const char *at, size_t len)
{
	uint32_t h = (2166136261u ^ kind) * 16777619u;

	while (len--)
		h = (h ^ (unsigned char)*at++) * 16777619u;
	return h;
}

void frame_begin(struct frame *f, enum frame_kind kind)
{
	char header[HEADER] = { 0 };

	*f = (struct frame){ BUF_INIT };
	put32(header, MAGIC);
	put32(header + 4, kind);
	buf_add(&f->bytes, header, sizeof(header));
}

void frame_number(struct frame *f, uint64_t v)
{
	v = htole64(v);
	buf_add(&f->bytes, &v, sizeof(v));
}

void frame_text(struct frame *f, const char *s)
{
	size_t len = strlen(s);
	char size[4];

	put32(size, (uint32_t)len);
	buf_add(&f->bytes, size, sizeof(size));
	buf_add(&f->bytes, s, len + 1);
}

int frame_send(struct frame *f, int fd)
{
	size_t len = f->bytes.len - HEADER;
	char *at = f->bytes.data;
	int err, why;

	put32(at + 8, (uint32_t)len);
	put32(at + 12, checksum(get32(at + 4), at + HEADER, len));
	err = write_all(fd, at, f->bytes.len);
	why = errno;
	buf_fini(&f->bytes);
	errno = why;
	return err;
}

void frames_add(struct frame_stream *s, const void *bytes, size_t len)
{
	struct buf *b = &s->bytes;

	if (s->used) {
		b->len -= s->used;
		memmove(b->data, b->data + s->used, b->len);
		s->used = 0;
	}
	buf_add(b, bytes, len);
}

int frames_next(struct frame_stream *s, struct frame_view *v)
{
	const char *at = buf_str(&s->bytes) + s->used;
	size_t left = s->bytes.len - s->used, len;

	/* a wrong first byte is an error before the header is complete */
	if (left && (unsigned char)*at != (MAGIC & 0xff))
		return -1;
	if (left < HEADER)
		return 0;
	len = get32(at + 8);
	if (get32(at) != MAGIC || len > LONGEST)
		return -1;
	if (left < HEADER + len)
		return 0;
	if (get32(at + 12) != checksum(get32(at + 4), at + HEADER, len))
		return -1;
	*v = (struct frame_view){ (enum frame_kind)get32(at + 4), at + HEADER,
				  len };
	s->used += HEADER + len;
	return 1;
}

void frames_fini(struct frame_stream *s)
{
	buf_fini(&s->bytes);
	s->used = 0;
}

int frame_get_number(struct frame_view *v, uint64_t *out)
{
	if (v->len < sizeof(*out))
		return -1;
	memcpy(out, v->at, sizeof(*out));
	*out = le64toh(*out);
	v->at += sizeof(*out);
	v->len -= sizeof(*out);
	return 0;
}

int frame_get_text(struct frame_view *v, const char **out)
{
	size_t len;

	if (v->len < 5)
		return -1;
	len = get32(v->at);
	if (len > v->len - 5 || strnlen(v->at + 4, len + 1) != len)
		return -1;
	*out = v->at + 4;
	v->at += len + 5;
	v->len -= len + 5;
	return 0;
}

int frame_get_end(const struct frame_view *v)
{
	return v->len ? -1 : 0;
}
