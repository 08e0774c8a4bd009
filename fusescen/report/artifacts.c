/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A folder with all there is about a run: the scenario as it was, the log, the report,
 * the page, and what the console of a virtual machine said.  Its name says which run
 * it was, in characters that every archive takes.  Main thread only.
 */
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "fusescen/report/forms.h"
#include "fusescen/util/errors.h"
#include "fusescen/util/files.h"

#define NAME_LONGEST	180
#define SAME_NAME_MAX	100000

static void put_part(struct buf *b, const char *sign, const char *part)
{
	if (part)
		buf_printf(b, "%s%s", sign, part);
}

static void put_name(struct buf *b, const struct record *rec, unsigned rounds)
{
	put_part(b, "", rec->file);
	put_part(b, "-", rec->case_name);
	put_part(b, "-on-", rec->kernel);
	put_part(b, "-by-", rec->transport);
	if (rounds > 1)
		buf_printf(b, "-round-%u", rec->round);
	for (size_t i = 0; i < b->len; i++)
		if (!isalnum((unsigned char)b->data[i]) && !strchr("-+,", b->data[i]) &&
		    (b->data[i] != '.' || i == 0 || b->data[i - 1] == '_'))
			b->data[i] = '_';
}

/* Nothing that is there already is written over.  Returns -1 and errno. */
static int make_folder(const char *dir, const struct record *rec, unsigned rounds)
{
	auto_buf struct buf name = BUF_INIT;
	unsigned n;

	put_name(&name, rec, rounds);
	for (n = 1; n < SAME_NAME_MAX; n++) {
		auto_free char *path = n == 1 ?
			xasprintf("%s/%.*s", dir, NAME_LONGEST, buf_str(&name)) :
			xasprintf("%s/%.*s.%u", dir, NAME_LONGEST, buf_str(&name), n);

		if (!mkdir(path, 0777))
			return open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (errno != EEXIST)
			return -1;
	}
	return -1;
}

static int put_file(int folder, const char *name, const char *text, size_t len)
{
	auto_close int fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
				   0666);

	return fd < 0 ? -1 : write_all(fd, text, len);
}

static int put_form(int folder, const char *name, const struct records *one,
		    void (*form)(struct buf *b, const struct records *r))
{
	auto_buf struct buf b = BUF_INIT;

	form(&b, one);
	return put_file(folder, name, buf_str(&b), b.len);
}

static int put_all(int folder, const struct records *one, const char *console)
{
	const struct record *rec = &one->at[0];
	auto_buf struct buf source = BUF_INIT;

	if (!record_source(&source, rec) &&
	    put_file(folder, "scenario.yaml", buf_str(&source), source.len))
		return -1;
	if (console && put_file(folder, "console.txt", console, strlen(console)))
		return -1;
	return put_file(folder, "log.jsonl", rec->events, strlen(rec->events)) ||
		put_form(folder, "report.txt", one, records_mail) ||
		put_form(folder, "page.html", one, records_page) ||
		put_form(folder, "trace.json", one, records_perfetto);
}

int artifacts_write(const char *dir, const struct records *one, const char *console)
{
	auto_close int folder = make_folder(dir, &one->at[0], one->rounds);

	if (folder >= 0 && !put_all(folder, one, console))
		return 0;
	put_error("%s: %s", dir, strerror(errno));
	return -1;
}
