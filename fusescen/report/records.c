/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps what has run.  Main thread only. */
#include "config.h"

#include "fusescen/report/records.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "fusescen/util/errors.h"
#include "fusescen/util/files.h"

static char *copy(const char *text)
{
	return text ? xstrdup(text) : NULL;
}

static struct record *add(struct records *r)
{
	r->at = xgrow(r->at, r->n, sizeof(*r->at));
	r->at[r->n] = (struct record){ .round = 1 };
	return &r->at[r->n++];
}

void records_add(struct records *r, const struct point *p, const char *given,
		 const char *events)
{
	*add(r) = (struct record){
		.file = copy(p->file), .case_name = copy(p->case_name),
		.kernel = copy(p->kernel), .title = copy(p->title),
		.summary = copy(p->summary), .text = copy(p->text),
		.transport = p->transport,
		.round = p->round, .verdict = p->verdict,
		.elapsed_ns = p->elapsed_ns, .events = copy(events),
		.given = given,
	};
}

void records_add_broken(struct records *r, const char *file, const char *errors)
{
	*add(r) = (struct record){
		.file = copy(file), .title = copy(""), .text = copy(errors),
		.summary = copy("the file cannot be loaded"), .round = 1,
		.verdict = FUSESCEN_ERROR, .events = copy(""),
	};
}

void records_fini(struct records *r)
{
	for (size_t i = 0; i < r->n; i++) {
		struct record *rec = &r->at[i];

		free(rec->file);
		free(rec->case_name);
		free(rec->kernel);
		free(rec->title);
		free(rec->summary);
		free(rec->text);
		free(rec->events);
	}
	free(r->at);
	*r = (struct records){ NULL, 0, 0 };
}

int record_source(struct buf *b, const struct record *rec)
{
	if (!rec->given)
		return file_read(rec->file, b);
	buf_puts(b, rec->given);
	return 0;
}

int records_write(const struct records *r, const char *path,
		  void (*form)(struct buf *b, const struct records *r))
{
	auto_buf struct buf text = BUF_INIT;
	auto_close int fd = -1;

	if (!path)
		return 0;
	form(&text, r);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd >= 0 && !write_all(fd, buf_str(&text), text.len))
		return 0;
	put_error("%s: %s", path, strerror(errno));
	return -1;
}
