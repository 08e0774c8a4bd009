/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Header, then the three texts.  The header is written last: a file without
 * one is a report that was never finished. */
#include "config.h"

#include "run/report_file.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

#define MAGIC	0x66757365u

struct header {
	uint32_t magic, verdict;
	uint64_t elapsed_ns;
	uint64_t len[3];
};

static int write_at(int fd, const void *p, size_t n, off_t at)
{
	while (n > 0) {
		ssize_t done = pwrite(fd, p, n, at);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return -1;
		p = (const char *)p + done;
		n -= (size_t)done;
		at += done;
	}
	return 0;
}

void transport_write(int fd, enum verdict verdict, uint64_t elapsed_ns,
		     const struct buf *summary, const struct buf *text,
		     const struct buf *events)
{
	const struct buf *parts[3] = { summary, text, events };
	struct header h = { MAGIC, verdict, elapsed_ns, { 0, 0, 0 } };
	off_t at = sizeof(h);
	int i;

	for (i = 0; i < 3; i++) {
		h.len[i] = parts[i]->len;
		if (write_at(fd, buf_str(parts[i]), parts[i]->len, at))
			return;
		at += (off_t)parts[i]->len;
	}
	write_at(fd, &h, sizeof(h), 0);
}

static char *read_part(int fd, uint64_t len, off_t at)
{
	char *s = xmalloc(len + 1);

	if (pread(fd, s, len, at) != (ssize_t)len)
		len = 0;
	s[len] = '\0';
	return s;
}

bool transport_read(int fd, struct transported *out)
{
	struct header h;
	struct stat st;
	off_t at = sizeof(h);

	if (pread(fd, &h, sizeof(h), 0) != (ssize_t)sizeof(h) ||
	    h.magic != MAGIC || fstat(fd, &st) ||
	    (uint64_t)st.st_size != sizeof(h) + h.len[0] + h.len[1] + h.len[2])
		return false;
	out->verdict = (enum verdict)h.verdict;
	out->elapsed_ns = h.elapsed_ns;
	out->summary = read_part(fd, h.len[0], at);
	out->text = read_part(fd, h.len[1], at += (off_t)h.len[0]);
	out->events = read_part(fd, h.len[2], at + (off_t)h.len[1]);
	return true;
}
