/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records between the program outside a virtual machine and itself inside:
 * the plan goes in as a file of them, the results come out through a serial
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
	FRAME_HELLO,		/* release: the first, the machine is up */
	FRAME_ALIVE,		/* once a second, whatever the cases do */
	FRAME_NOTE,		/* text for people */
	FRAME_START,		/* point */
	FRAME_DONE,		/* point, verdict, elapsed_ns, summary, text, events */
	FRAME_BYE,		/* the plan is done */
};

#define NO_FILE	UINT64_MAX

/* A frame in the making: begin, numbers and texts, send. */
struct frame {
	struct buf bytes;
};

void frame_begin(struct frame *f, enum frame_kind kind);
void frame_number(struct frame *f, uint64_t v);
void frame_text(struct frame *f, const char *s);
/* In one write(2), if the descriptor can; 0, or -1 and errno. */
int frame_send(struct frame *f, int fd);

/* Bytes that came, and the frames in them. */
struct frame_stream {
	struct buf bytes;
	size_t used;
};

/* A whole frame; what is borrowed from it lives until the next one is taken. */
struct frame_view {
	enum frame_kind kind;
	const char *at;
	size_t len;
};

void frames_add(struct frame_stream *s, const void *bytes, size_t len);
/* 1: *v is the next frame; 0: more bytes are needed; -1: this is no frame. */
int frames_next(struct frame_stream *s, struct frame_view *v);
void frames_fini(struct frame_stream *s);

/* Take the next member off the front; -1 if it is not there. */
int frame_get_number(struct frame_view *v, uint64_t *out);
int frame_get_text(struct frame_view *v, const char **out);
/* 0 if all members have been taken. */
int frame_get_end(const struct frame_view *v);

#endif
