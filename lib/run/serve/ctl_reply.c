/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Control thread only. */
#include "config.h"

#include "run/serve/ctl_reply.h"

struct json_writer ctl_reply_begin(struct buf *out, bool ok)
{
	struct json_writer w = { .out = out };

	json_begin(&w, NULL, '{');
	json_put_bool(&w, "ok", ok);
	return w;
}

void ctl_reply_end(struct json_writer *w)
{
	json_end(w);
	buf_addc(w->out, '\n');
}

void ctl_reply_ok(struct buf *out)
{
	struct json_writer w = ctl_reply_begin(out, true);

	ctl_reply_end(&w);
}

void ctl_reply_text(struct buf *out, const char *text)
{
	struct json_writer w = ctl_reply_begin(out, true);

	json_put_text(&w, "text", text);
	ctl_reply_end(&w);
}

void ctl_reply_refuse(struct buf *out, const char *fmt, ...)
{
	struct json_writer w = ctl_reply_begin(out, false);
	auto_buf struct buf text = BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(&text, fmt, ap);
	va_end(ap);
	json_put_text(&w, "error", buf_str(&text));
	ctl_reply_end(&w);
}
