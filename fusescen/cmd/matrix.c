/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fusescen matrix: makes a table of scenarios by kernels, by running them or
 * from the files of earlier tables, and writes it as text and to files.  Main
 * thread only. */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/units.h"
#include "fusescen/matrix/matrix.h"
#include "fusescen/util/command.h"
#include "fusescen/util/errors.h"
#include "fusescen/util/terminal.h"
#include "fusescen/util/transports.h"
#include "fusescen/util/walk.h"
#include "fusescen/vm/run.h"

enum { FORM_JSON, FORM_HTML, FORM_MARKDOWN, N_FORMS };

struct settings {
	const char *kernels;
	bool native, from, verbose, allow_hazard;
	const char *paths[N_FORMS];
	const char *append;
	unsigned jobs, cpus, timeout_ms;
	const char *transport;
};

#define AT(member)	offsetof(struct settings, member)

static const struct option_row options[] = {
	{ "kernel", 'k', OPTION_TEXT, AT(kernels), "K,...",
	  "use these kernels, each in a virtual machine" },
	{ "native", 0, OPTION_FLAG, AT(native), NULL,
	  "include this kernel, as is done without --kernel" },
	{ "from", 0, OPTION_FLAG, AT(from), NULL,
	  "run nothing: read tables, or logs and JUnit of run" },
	{ "json", 0, OPTION_TEXT, AT(paths[FORM_JSON]), "FILE",
	  "write the table as JSON" },
	{ "html", 0, OPTION_TEXT, AT(paths[FORM_HTML]), "FILE",
	  "write the table as a page, with the ladders" },
	{ "markdown", 0, OPTION_TEXT, AT(paths[FORM_MARKDOWN]), "FILE",
	  "write the differences as Markdown" },
	{ "verbose", 'v', OPTION_FLAG, AT(verbose), NULL,
	  "also list the passes, and keep their ladders" },
	{ "jobs", 'j', OPTION_COUNT, AT(jobs), "N",
	  "up to N machines (or, with --native, runs) at once" },
	{ "append", 0, OPTION_TEXT, AT(append), "ARGS",
	  "give the kernel of a virtual machine more arguments" },
	{ "cpus", 0, OPTION_COUNT, AT(cpus), "N",
	  "processors of a virtual machine (1 if not given)" },
	{ "timeout", 't', OPTION_TIME, AT(timeout_ms), "TIME",
	  "time limit of a run, instead of the scenario's own" },
	{ "allow-hazard", 0, OPTION_FLAG, AT(allow_hazard), NULL,
	  "also run what can crash a kernel" },
	{ "transport", 0, OPTION_TEXT, AT(transport), "T",
	  "dev, uring or both: a column for each" },
	{ NULL, 0, OPTION_FLAG, 0, NULL, NULL },
};

static void (*const writers[N_FORMS])(const struct matrix *m, FILE *out) = {
	[FORM_JSON] = matrix_write_json,
	[FORM_HTML] = matrix_write_html,
	[FORM_MARKDOWN] = matrix_write_markdown,
};

/* Everything of one invocation. */
struct session {
	struct settings settings;
	struct matrix matrix;
	FILE *out[N_FORMS];
	struct paths paths;
	fusescen_file **files;	/* one per path */
	struct task *tasks;
	size_t n_tasks, n_done, n_planned;
	uint64_t began_ns;
	struct vm_kernels kernels;
	char *native;		/* the heading of its column */
	struct transports transports;
	const char *transport;	/* of what runs now */
};

/* The column of a kernel, and of the transport of what runs now. */
static size_t column(struct session *s, const char *kernel)
{
	const char *label = transport_label(s->transport);
	auto_free char *name = label ? xasprintf("%s %s", kernel, label) :
		xstrdup(kernel);

	return matrix_kernel(&s->matrix, name);
}

/* ---- running ------------------------------------------------------------------- */

/* Rows are added before anything runs, so that they are in the order of the
 * files whatever becomes of the runs. */
static void add_file(struct session *s, const struct path *path,
		     const fusescen_file *file)
{
	size_t n = fusescen_cases(file), i;

	for (i = 0; i < n; i++) {
		s->tasks = xgrow(s->tasks, s->n_tasks, sizeof(*s->tasks));
		s->tasks[s->n_tasks++] = (struct task){
			.path = path->name, .text = path->text, .file = file,
			.index = i,
		};
		matrix_row(&s->matrix, path->name, fusescen_case_name(file, i),
			   fusescen_title(file));
	}
}

static void load_all(struct session *s)
{
	size_t i;

	s->files = xcalloc(s->paths.n + 1, sizeof(*s->files));
	for (i = 0; i < s->paths.n; i++) {
		const struct path *path = &s->paths.at[i];
		const char *errors;

		s->files[i] = path_load(path);
		errors = fusescen_errors(s->files[i]);
		if (errors) {
			put_error_text(errors);
			matrix_broken(&s->matrix, path->name);
		} else {
			add_file(s, path, s->files[i]);
		}
	}
}

static void deliver(void *ctx, const struct point *p, const char *events)
{
	struct session *s = ctx;
	size_t kernel = column(s, p->kernel ? p->kernel : s->native);

	matrix_put(matrix_row(&s->matrix, p->file, p->case_name, ""), kernel,
		   p->verdict, p->summary, p->text, events);
	status_progress(++s->n_done, s->n_planned, s->began_ns, p->file);
}

static char *native_name(void)
{
	struct utsname u;

	return uname(&u) ? xstrdup("native") : matrix_native_name(u.release, true);
}

/* Returns 0, -1 after a message, or the number of a signal. */
static int run_all(struct session *s)
{
	struct batch b = {
		.tasks = s->tasks,
		.n_tasks = s->n_tasks,
		.rounds = 1,
		.jobs = s->settings.jobs,
		.wants_events = s->settings.paths[FORM_HTML] != NULL,
		.options = {
			.size = sizeof(b.options),
			.timeout_ms = s->settings.timeout_ms,
			.verbose = 1,
			.allow_hazard = s->settings.allow_hazard,
		},
		.deliver = deliver,
		.ctx = s,
	};
	const struct vm_machine machine = {
		.cpus = s->settings.cpus, .append = s->settings.append,
	};
	bool is_native = s->settings.native || !s->kernels.n;
	int sig = 0;
	size_t i, k;

	s->began_ns = clock_ns();
	s->n_planned = s->n_tasks * (s->kernels.n + (is_native ? 1 : 0)) *
		s->transports.n;
	for (i = 0; i < s->transports.n && !sig; i++) {
		b.options.transport = s->transport = s->transports.at[i];
		for (k = 0; k < s->kernels.n; k++)
			column(s, s->kernels.at[k].name);
		if (s->kernels.n && s->n_tasks)
			sig = vm_run(&b, &s->kernels, &machine);
		if (!sig && is_native)
			sig = batch_run_here(&b);
	}
	status_clear();
	return sig;
}

static int fill_by_running(struct session *s, char **words, int n)
{
	int err, sig;

	if (s->settings.kernels &&
	    vm_kernels_find(&s->kernels, s->settings.kernels))
		return -1;
	s->native = native_name();
	err = paths_collect(&s->paths, words, n);
	load_all(s);
	sig = run_all(s);
	if (sig > 0)
		put_error("%s: the table is not complete", strsignal(sig));
	return err || sig ? -1 : 0;
}

static int fill_by_reading(struct session *s, char **words, int n)
{
	int err = 0, i;

	for (i = 0; i < n; i++)
		if (matrix_read(&s->matrix, words[i]))
			err = -1;
	return err;
}

/* ---- writing ------------------------------------------------------------------- */

static int complain(const char *path)
{
	put_error("%s: %s", path, strerror(errno));
	return -1;
}

/* Files are opened before anything runs, because that takes minutes, and
 * afterwards it is too late. */
static int open_all(struct session *s)
{
	int i;

	for (i = 0; i < N_FORMS; i++) {
		const char *path = s->settings.paths[i];

		if (!path)
			continue;
		s->out[i] = fopen(path, "we");
		if (!s->out[i])
			return complain(path);
	}
	return 0;
}

static int write_all(struct session *s)
{
	int err = 0, i;

	matrix_finish(&s->matrix, s->settings.verbose);
	matrix_write_text(&s->matrix, stdout, s->settings.verbose);
	for (i = 0; i < N_FORMS; i++) {
		if (!s->out[i])
			continue;
		writers[i](&s->matrix, s->out[i]);
		if (fflush(s->out[i]) || ferror(s->out[i]))
			err = complain(s->settings.paths[i]);
	}
	return err;
}

static int session_run(struct session *s, char **words, int n)
{
	int err;

	if (!s->settings.from && open_all(s))
		return STATUS_ERROR;
	err = s->settings.from ? fill_by_reading(s, words, n) :
		fill_by_running(s, words, n);
	/* no table is made of half the input, and an output may be a file
	 * of it */
	if (s->settings.from && (err || open_all(s)))
		return STATUS_ERROR;
	if (write_all(s))
		err = -1;
	return err ? STATUS_ERROR : matrix_status(&s->matrix);
}

static void session_fini(struct session *s)
{
	size_t i;

	for (i = 0; i < N_FORMS; i++)
		if (s->out[i])
			fclose(s->out[i]);
	for (i = 0; s->files && i < s->paths.n; i++)
		fusescen_free(s->files[i]);
	free(s->files);
	free(s->tasks);
	free(s->native);
	vm_kernels_free(&s->kernels);
	paths_free(&s->paths);
	matrix_free(&s->matrix);
}

static int matrix_main(const struct command *self, int argc, char **argv)
{
	struct session s = { .settings = { .jobs = 1, .cpus = 1 } };
	int n = options_parse(options, argc, argv, &s.settings), status;

	if (n < 0)
		return STATUS_ERROR;
	if (n == 0) {
		put_error("%s needs files or directories", self->name);
		return STATUS_ERROR;
	}
	if (s.settings.from && (s.settings.kernels || s.settings.native)) {
		put_error("--from runs nothing, so --kernel and --native cannot be given");
		return STATUS_ERROR;
	}
	if (transports_parse(&s.transports, s.settings.transport))
		return STATUS_ERROR;
	if (s.settings.append && !s.settings.kernels) {
		put_error("--append is for virtual machines: choose one with --kernel");
		return STATUS_ERROR;
	}
	status = session_run(&s, argv, n);
	session_fini(&s);
	return status;
}

const struct command command_matrix = {
	"matrix", "FILE|DIR...", "compare kernels by their verdicts",
	options, matrix_main,
};
