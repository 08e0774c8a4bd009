/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tries the forms.  Pure functions. */
#include "config.h"

#include "fusescen/import/requests.h"

#include <fcntl.h>
#include <string.h>

#include "base/buf.h"

struct served_request *request_begin(struct request_log *log, uint64_t unique, const char *op)
{
	const struct served_request r = {
		.began = log->lines, .unique = unique, .op = arena_strdup(log->arena, op),
	};

	ARENA_PUSH(log->arena, log->at, log->n, r);
	return &log->at[log->n - 1];
}

struct served_request *request_end(struct request_log *log, uint64_t unique)
{
	for (size_t i = log->n; i--;) {
		struct served_request *r = &log->at[i];

		if (r->unique != unique)
			continue;
		if (r->ended)
			return NULL;
		r->ended = log->lines;
		return r;
	}
	return NULL;
}

const char *request_flags(struct arena *a, uint64_t bits)
{
	static const struct {
		unsigned bit;
		const char *word;
	} words[] = {
		{ O_CREAT, "O_CREAT" }, { O_EXCL, "O_EXCL" }, { O_TRUNC, "O_TRUNC" },
		{ O_APPEND, "O_APPEND" }, { O_NONBLOCK, "O_NONBLOCK" }, { O_DIRECT, "O_DIRECT" },
		{ O_DIRECTORY, "O_DIRECTORY" }, { O_NOFOLLOW, "O_NOFOLLOW" },
	};
	static const char *const access[] = { "O_RDONLY", "O_WRONLY", "O_RDWR", "O_RDWR" };
	char *out = arena_strdup(a, access[bits & O_ACCMODE]);

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (bits & words[i].bit)
			out = arena_printf(a, "%s|%s", out, words[i].word);
	return out;
}

static void read_as(struct request_log *log, struct arena *a, const char *text,
		    bool (*read_line)(struct request_log *log, const char *line))
{
	*log = (struct request_log){ .arena = a };
	while (*text) {
		size_t n = strcspn(text, "\n");
		auto_free char *line = xstrndup(text, n);

		log->lines++;
		if (read_line(log, line + strspn(line, "\r")))
			;
		else if (text[n])
			log->strange++;
		else
			log->is_cut = true;
		text += n + (text[n] == '\n');
	}
}

void requests_read(struct request_log *log, struct arena *a, const char *text)
{
	static const struct {
		const char *name;
		bool (*read_line)(struct request_log *log, const char *line);
	} forms[] = {
		{ "libfuse", request_line_libfuse }, { "go-fuse", request_line_gofuse },
		{ "fusescen", request_line_own },
	};

	*log = (struct request_log){ .arena = a };
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		struct request_log tried;

		read_as(&tried, a, text, forms[i].read_line);
		tried.form = forms[i].name;
		if (tried.n > log->n)
			*log = tried;
	}
}
