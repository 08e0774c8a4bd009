/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Little-endian: magic, kind, length and checksum of the payload, 4 bytes each;
 * then the payload: numbers of 8 bytes, texts as a length of 4 bytes, the bytes
 * and a NUL.  Used on both sides. */
#include "config.h"

#include "fusescen/vm/frame.h"

#include <endian.h>
#include <errno.h>
#include <unistd.h>

#include "fusescen/util/memory.h"

#define MAGIC		0x31637366u	/* "fsc1" */
#define HEADER		16
#define LONGEST		(256u << 20)	/* of a payload that can be meant */
#define ROOM		1024

static void put32(unsigned char *at, uint32_t v)
{
	v = htole32(v);
	memcpy(at, &v, sizeof(v));
}

static uint32_t get32(const unsigned char *at)
{
	uint32_t v;

	memcpy(&v, at, sizeof(v));
	return le32toh(v);
}

/* FNV-1a, which finds the lost and doubled bytes of a serial port. */
static uint32_t checksum(uint32_t kind, const unsigned char *at, size_t len)
{
	uint32_t h = (2166136261u ^ kind) * 16777619u;

	while (len--)
		h = (h ^ *at++) * 16777619u;
	return h;
}

static void frame_bytes(struct frame *f, const void *bytes, size_t len)
{
	if (f->size - f->len < len) {
		f->size = (f->len + len) * 2 + ROOM;
		f->at = must(realloc(f->at, f->size));
	}
	memcpy(f->at + f->len, bytes, len);
	f->len += len;
}

void frame_begin(struct frame *f, enum frame_kind kind)
{
	unsigned char header[HEADER] = { 0 };

	*f = (struct frame){ NULL, 0, 0 };
	put32(header, MAGIC);
	put32(header + 4, kind);
	frame_bytes(f, header, sizeof(header));
}

void frame_number(struct frame *f, uint64_t v)
{
	v = htole64(v);
	frame_bytes(f, &v, sizeof(v));
}

void frame_text(struct frame *f, const char *s)
{
	size_t len = strlen(s);
	unsigned char size[4];

	put32(size, (uint32_t)len);
	frame_bytes(f, size, sizeof(size));
	frame_bytes(f, s, len + 1);
}

int frame_send(struct frame *f, int fd)
{
	size_t len = f->len - HEADER, done = 0;
	ssize_t n = 0;
	int err;

	put32(f->at + 8, (uint32_t)len);
	put32(f->at + 12, checksum(get32(f->at + 4), f->at + HEADER, len));
	while (done < f->len && n >= 0) {
		n = write(fd, f->at + done, f->len - done);
		if (n > 0)
			done += (size_t)n;
		else if (n < 0 && errno == EINTR)
			n = 0;
	}
	err = errno;
	free(f->at);
	*f = (struct frame){ NULL, 0, 0 };
	errno = err;
	return n < 0 ? -1 : 0;
}

void frames_add(struct frame_stream *s, const void *bytes, size_t len)
{
	if (s->used) {
		s->len -= s->used;
		memmove(s->at, s->at + s->used, s->len);
		s->used = 0;
	}
	s->at = must(realloc(s->at, s->len + len + 1));
	memcpy(s->at + s->len, bytes, len);
	s->len += len;
}

int frames_next(struct frame_stream *s, struct frame_view *v)
{
	const unsigned char *at = s->at + s->used;
	size_t left = s->len - s->used, len;

	/* a wrong first byte is wrong at once, not when a header is complete */
	if (left && *at != (MAGIC & 0xff))
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
	free(s->at);
	*s = (struct frame_stream){ NULL, 0, 0 };
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
	if (len > v->len - 5 || strnlen((const char *)v->at + 4, len + 1) != len)
		return -1;
	*out = (const char *)v->at + 4;
	v->at += len + 5;
	v->len -= len + 5;
	return 0;
}

int frame_get_end(const struct frame_view *v)
{
	return v->len ? -1 : 0;
}
