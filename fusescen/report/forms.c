/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which form wants what, and when it is written.  Main thread only. */
#include "config.h"

#include "fusescen/report/forms.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "fusescen/util/errors.h"

#define PICTURES_OF_ALL	100	/* runs; of more, only failures have pictures */

bool forms_are_wanted(const struct forms *f)
{
	return f->junit || f->mail || f->page || f->perfetto;
}

static int try_file(const char *path)
{
	auto_close int fd = path ? open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666) : -1;

	if (!path || fd >= 0)
		return 0;
	put_error("%s: %s", path, strerror(errno));
	return -1;
}

int forms_try(const struct forms *f)
{
	const char *const files[] = { f->junit, f->mail, f->page, f->perfetto };
	int err = 0;

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		err |= try_file(files[i]);
	if (f->artifacts && mkdir(f->artifacts, 0777) && errno != EEXIST) {
		put_error("%s: %s", f->artifacts, strerror(errno));
		err = -1;
	}
	return err;
}

bool forms_want_events(const struct forms *f)
{
	return f->page || f->perfetto || f->artifacts;
}

static bool keeps_events(const struct forms *f, enum fusescen_verdict verdict)
{
	return (f->page || f->perfetto) && (verdicts[verdict].is_news ||
		f->has_all_events);
}

/* The events of many passes would make a page that is large and says little. */
void forms_begin(struct forms *f, const struct tally *t)
{
	f->records.rounds = t->rounds;
	f->has_all_events = t->verbose || t->planned <= PICTURES_OF_ALL;
}

/* At once, since this machine may be the next that dies. */
static void add_artifacts(struct forms *f, const struct point *p,
			  const char *given, const char *events)
{
	struct records one = { .rounds = f->records.rounds };

	records_add(&one, p, given, events);
	f->err |= artifacts_write(f->artifacts, &one, p->console);
	records_fini(&one);
}

void forms_add(struct forms *f, const struct point *p, const char *given,
	       const char *events)
{
	if (f->artifacts && verdicts[p->verdict].is_news)
		add_artifacts(f, p, given, events);
	if (forms_are_wanted(f))
		records_add(&f->records, p, given, keeps_events(f, p->verdict) ? events : "");
}

void forms_add_broken(struct forms *f, const char *file, const char *errors)
{
	if (forms_are_wanted(f))
		records_add_broken(&f->records, file, errors);
}

int forms_write(const struct forms *f)
{
	const struct {
		const char *path;
		void (*form)(struct buf *b, const struct records *r);
	} files[] = {
		{ f->junit, records_junit }, { f->mail, records_mail },
		{ f->page, records_page }, { f->perfetto, records_perfetto },
	};
	int err = f->err;

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		err |= records_write(&f->records, files[i].path, files[i].form);
	return err;
}

void forms_fini(struct forms *f)
{
	records_fini(&f->records);
}
