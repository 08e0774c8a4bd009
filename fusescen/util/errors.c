/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Main thread only. */
#include "config.h"

#include "fusescen/util/errors.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "base/mem.h"

void put_error(const char *fmt, ...)
{
	auto_buf struct buf text = BUF_INIT, line = BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(&text, fmt, ap);
	va_end(ap);
	buf_puts(&line, "fusescen: ");
	buf_brief(&line, buf_str(&text), text.len);
	if (!text.len || text.data[text.len - 1] != '\n')
		buf_addc(&line, '\n');
	fwrite(line.data, 1, line.len, stderr);
}

void put_error_text(const char *text)
{
	size_t len = strlen(text);
	auto_buf struct buf lines = BUF_INIT;

	if (!len || text[len - 1] != '\n') {
		put_error("%s", text);
		return;
	}
	buf_brief(&lines, text, len);
	fwrite(lines.data, 1, lines.len, stderr);
}

char *why_no_start(int err)
{
	if (err == ENOSYS)
		return xstrdup("cannot start a run: no pidfd_open(2), which Linux has "
			       "since 5.3, and valgrind not in every version");
	return xasprintf("cannot start a run: %s", strerror(err));
}
