/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fusescen export: a case as a C file, for those who have no fusescen.  Main thread
 * only. */
#include "config.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "fusescen.h"
#include "fusescen/cmd/cases.h"
#include "fusescen/util/command.h"
#include "fusescen/util/errors.h"
#include "fusescen/util/escape.h"
#include "fusescen/util/files.h"
#include "fusescen/util/walk.h"

struct settings {
	bool c, list;
	const char *output;
	const char **cases;
};

#define AT(member)	offsetof(struct settings, member)

static const struct option_row options[] = {
	{ "c", 0, OPTION_FLAG, AT(c), NULL,
	  "as a C file that needs the kernel's headers only" },
	{ "output", 'o', OPTION_TEXT, AT(output), "FILE",
	  "write it to FILE" },
	{ "list", 0, OPTION_FLAG, AT(list), NULL,
	  "say which cases can be exported, and why others cannot" },
	{ "case", 'c', OPTION_TEXTS, AT(cases), "NAME",
	  "the case of this name" },
	{ NULL, 0, OPTION_FLAG, 0, NULL, NULL },
};

struct session {
	struct settings settings;
	unsigned can, cannot, errors;
};

static void put_name(FILE *f, const struct task *task)
{
	const char *name = fusescen_case_name(task->file, task->index);

	put_plain(f, task->path);
	if (name)
		fprintf(f, ":%s", name);
}

static void list_case(struct session *s, const struct task *task)
{
	char *why, *text = fusescen_export_c(task->file, task->index, &why);

	fputs(text ? "yes  " : "no   ", stdout);
	put_name(stdout, task);
	putchar('\n');
	if (why)
		put_lines(stdout, why);
	s->can += text != NULL;
	s->cannot += !text;
	free(text);
	free(why);
}

static void export_case(struct session *s, const struct task *task)
{
	char *why, *text = fusescen_export_c(task->file, task->index, &why);

	if (!text)
		put_error_text(why);
	s->errors += !text || text_write(s->settings.output, text);
	free(text);
	free(why);
}

static void export_file(struct session *s, const struct path *path)
{
	fusescen_file *file = path_load(path);
	const struct case_filter filter = { .cases = s->settings.cases };
	struct tasks tasks = { NULL, 0 };

	if (fusescen_errors(file)) {
		put_error_text(fusescen_errors(file));
		s->errors++;
	} else {
		tasks_add(&tasks, &filter, path, file);
	}
	if (!s->settings.list && !fusescen_errors(file) && tasks.n != 1) {
		put_error("%s has %zu such cases; name one of them, as FILE:CASE", path->name,
			  tasks.n);
		s->errors++;
		tasks.n = 0;
	}
	for (size_t i = 0; i < tasks.n; i++)
		(s->settings.list ? list_case : export_case)(s, &tasks.at[i]);
	free(tasks.at);
	fusescen_free(file);
}

static int export_main(const struct command *self, int argc, char **argv)
{
	struct session s = { .can = 0 };
	int n = options_parse(options, argc, argv, &s.settings), err = -1;
	struct paths paths = { NULL, 0 };

	if (n == 0)
		put_error("%s needs files", self->name);
	else if (n > 0 && s.settings.c == s.settings.list)
		put_error("%s needs --c or --list", self->name);
	else if (n > 0)
		err = paths_collect(&paths, argv, n);
	if (!err && paths.n != 1 && s.settings.c) {
		put_error("one file at a time");
		err = -1;
	}
	for (size_t i = 0; i < paths.n && !err; i++)
		export_file(&s, &paths.at[i]);
	if (s.settings.list && !err)
		fprintf(stderr, "%u of %u cases can be exported\n", s.can, s.can + s.cannot);
	paths_free(&paths);
	options_free(options, &s.settings);
	return err || s.errors ? STATUS_ERROR : STATUS_PASS;
}

const struct command command_export = {
	"export", "--c FILE[:CASE]", "write a case as a C file",
	options, export_main,
};
