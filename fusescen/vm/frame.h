/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records that go between this program and itself in a virtual machine.  The
 * plan goes in as a file of them, and the results come out through a serial
 * port.  A record has a length and a checksum, so that a lost or changed byte
 * is an error and never a verdict.
 */
#ifndef FUSESCEN_VM_FRAME_H
#define FUSESCEN_VM_FRAME_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum frame_kind {
	/* the plan */
	FRAME_OPTIONS = 1,	/* timeout_ms, seed, verbose, allow_hazard, events */
	FRAME_FILE,		/* name, contents; numbered from 0 */
	FRAME_CASE,		/* point, file, index of the case */
	FRAME_JOB,		/* point, word, argument, file or NO_FILE */
	/* from the guest */
	FRAME_HELLO,		/* release of the kernel; comes first */
	FRAME_ALIVE,		/* once a second, whatever the tasks do */
	FRAME_NOTE,		/* text for people */
	FRAME_START,		/* point */
	FRAME_DONE,		/* point, verdict, elapsed_ns, summary, text, events */
	FRAME_BYE,		/* the plan is done */
};

#define NO_FILE	UINT64_MAX

/* A frame is begun, gets its numbers and texts, and is sent. */
struct frame {
	struct buf bytes;
};

void frame_begin(struct frame *f, enum frame_kind kind);
void frame_number(struct frame *f, uint64_t v);
void frame_text(struct frame *f, const char *s);
/* Sends it with one write(2) if the descriptor can; 0, or -1 and errno. */
int frame_send(struct frame *f, int fd);

/* The bytes that came, with frames in them. */
struct frame_stream {
	struct buf bytes;
	size_t used;
};

/* A whole frame.  Its texts are borrowed, and live until the next frame is
 * taken. */
struct frame_view {
	enum frame_kind kind;
	const char *at;
	size_t len;
};

void frames_add(struct frame_stream *s, const void *bytes, size_t len);
/* Returns 1 if *v is the next frame, 0 if more bytes are needed, and -1 if
 * these bytes are no frame. */
int frames_next(struct frame_stream *s, struct frame_view *v);
void frames_fini(struct frame_stream *s);

/* Take the next member off the front of the payload; -1 if there is none of
 * that type. */
int frame_get_number(struct frame_view *v, uint64_t *out);
int frame_get_text(struct frame_view *v, const char **out);
/* Returns 0 if all members have been taken. */
int frame_get_end(const struct frame_view *v);

#endif
