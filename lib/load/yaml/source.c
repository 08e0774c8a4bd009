/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading and checking the bytes of a scenario file.  One thread at a time. */
#include "config.h"

#include "load/yaml/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/mem.h"

static const struct loc whole_file;

static const char *file_kind(mode_t mode)
{
	if (S_ISDIR(mode))
		return "a directory";
	if (S_ISFIFO(mode))
		return "a FIFO";
	if (S_ISSOCK(mode))
		return "a socket";
	return "a device";
}

static int read_all(struct diags *dg, int fd, char **text, size_t *len)
{
	const size_t max = LIMIT_FILE_BYTES;
	auto_free char *p = xmalloc(max + 1);
	size_t n = 0;
	ssize_t got;

	do {
		got = read(fd, p + n, max + 1 - n);
		if (got < 0 && errno != EINTR)
			return diag_errno(dg, whole_file, errno, "read");
		if (got > 0)
			n += (size_t)got;
	} while (got && n <= max);
	if (n > max)
		return diag_limit(dg, whole_file, LIMIT_OF(FILE_BYTES));
	p[n] = '\0';
	*len = n;
	/* A copy: shrunk in place, it would keep a mapping to itself, and every
	 * mapping makes fork(2) dearer. */
	*text = xmemdup(p, n + 1);
	return 0;
}

int source_read(struct diags *dg, const char *path, char **text, size_t *len)
{
	auto_close int fd = -1;
	struct stat st;

	/* O_NONBLOCK: a FIFO must not keep us before we know what it is */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return diag_errno(dg, whole_file, errno, "open");
	if (fstat(fd, &st))
		return diag_errno(dg, whole_file, errno, "stat");
	if (!S_ISREG(st.st_mode))
		return diag(dg, whole_file, "expected a file, got %s",
			    file_kind(st.st_mode));
	if (st.st_size > LIMIT_FILE_BYTES)
		return diag_limit(dg, whole_file, LIMIT_OF(FILE_BYTES));
	return read_all(dg, fd, text, len);
}

/* The bytes of the character at p (at most n are there), 0 if it is none; *c
 * is its code point. */
static size_t decode_utf8(const unsigned char *p, size_t n, uint32_t *c)
{
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t want, i;

	if (p[0] < 0x80) {
		*c = p[0];
		return 1;
	}
	want = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
	if (p[0] < 0xc2 || p[0] > 0xf4 || want > n)
		return 0;
	*c = p[0] & (0x7fu >> want);
	for (i = 1; i < want; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | (p[i] & 0x3f);
	}
	if (*c < smallest[want] || *c > 0x10ffff ||
	    (*c >= 0xd800 && *c < 0xe000))
		return 0;
	return want;
}

/* Besides what YAML forbids, the line breaks only YAML knows (NEL, LS, PS, a
 * lone CR): with them our line numbers would not be an editor's. */
static bool is_forbidden(uint32_t c)
{
	return (c < 0x20 && c != '\t' && c != '\n') ||
	       (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 ||
	       c == 0xfeff || (c & 0xfffe) == 0xfffe;
}

static int complain(struct source *src, struct diags *dg, size_t at,
		    size_t n, uint32_t c)
{
	struct loc loc = source_loc(src, at, at + (n ? n : 1));

	if (!n)
		return diag(dg, loc, "not UTF-8 text: byte 0x%02x",
			    (unsigned char)src->text[at]);
	if (c == 0xfeff)
		return diag(dg, loc, "byte order mark: save the file without");
	if (c == '\r')
		return diag(dg, loc, "carriage return: save the file with "
			    "Unix line ends");
	return diag(dg, loc, "not a text file: character 0x%02x", c);
}

int source_init(struct source *src, struct diags *dg, const char *text,
		size_t len)
{
	size_t at, n, room = 64;
	uint32_t c = 0;

	*src = (struct source){ .text = text, .len = len, .n_lines = 1 };
	src->lines = xmalloc(room * sizeof(*src->lines));
	src->lines[0] = 0;
	for (at = 0; at < len; at += n) {
		n = decode_utf8((const unsigned char *)text + at, len - at, &c);
		if (!n || is_forbidden(c))
			return complain(src, dg, at, n, c);
		if (c != '\n')
			continue;
		if (src->n_lines == room) {
			room *= 2;
			src->lines = xrealloc(src->lines,
					      room * sizeof(*src->lines));
		}
		src->lines[src->n_lines++] = at + 1;
	}
	return 0;
}

void source_fini(struct source *src)
{
	free(src->lines);
	src->lines = NULL;
}

static bool is_inner_byte(const struct source *src, size_t at)
{
	return at < src->len && (src->text[at] & 0xc0) == 0x80;
}

size_t source_byte(struct source *src, size_t at_char)
{
	while (src->at_char < at_char && src->at_byte < src->len) {
		src->at_byte++;
		while (is_inner_byte(src, src->at_byte))
			src->at_byte++;
		src->at_char++;
	}
	while (src->at_char > at_char) {
		src->at_byte--;
		while (is_inner_byte(src, src->at_byte))
			src->at_byte--;
		src->at_char--;
	}
	return src->at_byte;
}

struct loc source_loc(const struct source *src, size_t from, size_t to)
{
	size_t lo = 0, hi = src->n_lines, end;
	struct loc loc;

	/* the last line that starts at or before from */
	while (hi - lo > 1) {
		size_t mid = lo + (hi - lo) / 2;

		if (src->lines[mid] <= from)
			lo = mid;
		else
			hi = mid;
	}
	end = lo + 1 < src->n_lines ? src->lines[lo + 1] - 1 : src->len;
	if (to > end)
		to = end;
	loc.line = (uint32_t)lo + 1;
	loc.col = (uint32_t)(from - src->lines[lo]) + 1;
	loc.len = to > from ? (uint32_t)(to - from) : 0;
	return loc;
}
