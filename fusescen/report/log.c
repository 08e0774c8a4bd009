/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writing the log.  An error shows at the latest when it is closed.  Main
 * thread only. */
#include "config.h"

#include "fusescen/report/log.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "fusescen/util/errors.h"

struct run_log {
	const char *path;
	FILE *out;
	int err;	/* first errno that writing gave */
};

static int complain(const char *path, int err)
{
	put_error("%s: %s", path, strerror(err));
	return -1;
}

struct run_log *log_open(const char *path, int *err)
{
	struct run_log *log;

	*err = 0;
	if (!path)
		return NULL;
	log = xcalloc(1, sizeof(*log));
	log->path = path;
	log->out = fopen(path, "we");
	if (log->out)
		return log;
	*err = complain(path, errno);
	free(log);
	return NULL;
}

void log_run(struct run_log *log, const struct point *p, const char *events)
{
	auto_buf struct buf line = BUF_INIT;
	struct json_writer w = { .out = &line };

	if (!log)
		return;
	json_begin(&w, NULL, '{');
	json_put_text(&w, "event", "run");
	json_put_text(&w, "file", p->file);
	json_put_text(&w, "case", p->case_name);
	json_put_text(&w, "kernel", p->kernel);
	json_put_u64(&w, "round", p->round);
	json_end(&w);
	fprintf(log->out, "%s\n", buf_str(&line));
	fputs(events, log->out);
	/* so that a later crash of the machine loses nothing of this run */
	if (fflush(log->out) && !log->err)
		log->err = errno;
}

int log_close(struct run_log *log)
{
	const char *path;
	int err;

	if (!log)
		return 0;
	path = log->path;
	err = log->err ? log->err : ferror(log->out) ? EIO : 0;
	if (fclose(log->out) && !err)
		err = errno;
	free(log);
	return err ? complain(path, err) : 0;
}
