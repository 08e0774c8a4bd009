/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Replies to commands: one line of JSON that begins with "ok".  Control thread
 * only. */
#ifndef RUN_SERVE_CTL_REPLY_H
#define RUN_SERVE_CTL_REPLY_H

#include "base/json.h"

/* {"ok":... ; what else belongs into it is put between these two. */
struct json_writer ctl_reply_begin(struct buf *out, bool ok);
void ctl_reply_end(struct json_writer *w);

/* {"ok":true}, also with text for people, and {"ok":false,"error":...} */
void ctl_reply_ok(struct buf *out);
void ctl_reply_text(struct buf *out, const char *text);
void ctl_reply_refuse(struct buf *out, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
