/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tells by its beginning what a file is.  Main thread only. */
#include "config.h"

#include "fusescen/matrix/read.h"

#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "fusescen/util/errors.h"
#include "fusescen/util/files.h"

int verdict_of(const char *word, enum fusescen_verdict *out)
{
	for (int v = 0; word && v < N_VERDICTS; v++)
		if (strcmp(verdicts[v].word, word) == 0) {
			*out = (enum fusescen_verdict)v;
			return 0;
		}
	return -1;
}

char *matrix_native_name(const char *release, bool is_native)
{
	return is_native ? xasprintf("%s, native", release) : xstrdup(release);
}

static bool begins(const struct buf *text, const char *word)
{
	return strncmp(buf_str(text), word, strlen(word)) == 0;
}

int matrix_read(struct matrix *m, const char *path)
{
	auto_buf struct buf text = BUF_INIT;
	const char *why;

	if (file_read(path, &text)) {
		put_error("%s: %s", path, strerror(errno));
		return -1;
	}
	if (begins(&text, "<"))
		why = matrix_read_junit(m, buf_str(&text), text.len);
	else if (begins(&text, "{\"event\":"))
		why = strlen(buf_str(&text)) == text.len ?
			matrix_read_log(m, buf_str(&text)) : "a byte that is 0";
	else
		why = matrix_read_table(m, path, buf_str(&text), text.len);
	if (!why)
		return 0;
	if (*why)
		put_error("%s: %s", path, why);
	return -1;
}
