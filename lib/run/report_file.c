/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Header, then the texts.  The header is written last: a file without
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
	uint64_t len[N_REPORT_PARTS];
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

void transport_write(int fd, enum fusescen_verdict verdict, uint64_t elapsed_ns,
		     const struct buf parts[N_REPORT_PARTS])
{
	struct header h = { .magic = MAGIC, .verdict = verdict,
			    .elapsed_ns = elapsed_ns };
	off_t at = sizeof(h);

	for (int i = 0; i < N_REPORT_PARTS; i++) {
		h.len[i] = parts[i].len;
		if (write_at(fd, buf_str(&parts[i]), parts[i].len, at))
			return;
		at += (off_t)parts[i].len;
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

static uint64_t whole_size(const struct header *h)
{
	uint64_t size = sizeof(*h);

	for (int i = 0; i < N_REPORT_PARTS; i++)
		size += h->len[i];
	return size;
}

bool transport_read(int fd, struct transported *out)
{
	struct header h;
	struct stat st;
	off_t at = sizeof(h);

	if (pread(fd, &h, sizeof(h), 0) != (ssize_t)sizeof(h) ||
	    h.magic != MAGIC || h.verdict >= N_VERDICTS || fstat(fd, &st) ||
	    (uint64_t)st.st_size != whole_size(&h))
		return false;
	out->verdict = (enum fusescen_verdict)h.verdict;
	out->elapsed_ns = h.elapsed_ns;
	for (int i = 0; i < N_REPORT_PARTS; i++) {
		out->parts[i] = read_part(fd, h.len[i], at);
		at += (off_t)h.len[i];
	}
	return true;
}

void transported_fini(struct transported *t)
{
	for (int i = 0; i < N_REPORT_PARTS; i++)
		free(t->parts[i]);
}
