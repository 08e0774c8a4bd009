/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the log.  An error is reported when the log is closed.  Main thread
 * only. */
#include "config.h"

#include "fusescen/report/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/mem.h"
#include "fusescen/util/errors.h"
#include "fusescen/util/files.h"

struct run_log {
	const char *path;
	int fd;
	int err;	/* the errno of the first write that failed */
};

static int complain(const char *path, int err)
{
	put_error("%s: %s", path, strerror(err));
	return -1;
}

/* Standard output is for the log from now on, and what is for people goes to
 * standard error. */
static int take_stdout(void)
{
	int fd;

	fflush(stdout);
	fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	if (fd >= 0 && dup2(STDERR_FILENO, STDOUT_FILENO) < 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

struct run_log *log_open(const char *path, int *err)
{
	struct run_log *log;

	*err = 0;
	if (!path)
		return NULL;
	log = xcalloc(1, sizeof(*log));
	log->path = path;
	log->fd = strcmp(path, "-") == 0 ? take_stdout() :
		open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (log->fd >= 0)
		return log;
	*err = complain(path, errno);
	free(log);
	return NULL;
}

static void put(struct run_log *log, const char *text)
{
	if (!log->err && write_all(log->fd, text, strlen(text)))
		log->err = errno;
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
	json_put_text(&w, "transport", p->transport);
	json_put_u64(&w, "round", p->round);
	json_put_text(&w, "title", p->title);
	json_end(&w);
	buf_addc(&line, '\n');
	put(log, buf_str(&line));
	/* This is written at once, so that nothing of it is lost when the
	 * machine crashes later. */
	put(log, events);
}

int log_close(struct run_log *log)
{
	const char *path;
	int err;

	if (!log)
		return 0;
	path = log->path;
	err = log->err;
	if (close(log->fd) && !err)
		err = errno;
	free(log);
	return err ? complain(path, err) : 0;
}
