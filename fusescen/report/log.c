/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writing the log.  An error shows at the latest when it is closed.  Main
 * thread only. */
#include "config.h"

#include "fusescen/report/log.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "fusescen/util/escape.h"

struct run_log {
	const char *path;
	FILE *out;
	int err;	/* first errno that writing gave */
};

static int complain(const char *path, int err)
{
	fprintf(stderr, "fusescen: %s: %s\n", path, strerror(err));
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
	if (!log)
		return;
	fputs("{\"event\":\"run\",\"file\":", log->out);
	put_json(log->out, p->file);
	if (p->case_name) {
		fputs(",\"case\":", log->out);
		put_json(log->out, p->case_name);
	}
	if (p->kernel) {
		fputs(",\"kernel\":", log->out);
		put_json(log->out, p->kernel);
	}
	fprintf(log->out, ",\"round\":%u}\n", p->round);
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
