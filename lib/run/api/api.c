/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The public functions: fusescen.h says what they promise. */
#include "config.h"

#include "fusescen.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "base/units.h"
#include "model/asks.h"
#include "model/transport.h"
#include "model/unused.h"
#include "run/api/handles.h"
#include "run/api/list.h"
#include "run/export/export.h"
#include "run/unused.h"

const char *fusescen_version(void)
{
	return PACKAGE_VERSION;
}

static char **copy_tags(const struct scenario *sc)
{
	char **tags = xcalloc(sc->n_tags + 1, sizeof(*tags));
	size_t i;

	for (i = 0; i < sc->n_tags; i++)
		tags[i] = xstrdup(sc->tags[i]);
	return tags;
}

/* What has to be known without loading it again. */
static void keep_cases(fusescen_file *file, const struct scenario_file *loaded)
{
	size_t i;

	file->n_cases = loaded->n_cases;
	file->cases = xcalloc(file->n_cases, sizeof(*file->cases));
	for (i = 0; i < file->n_cases; i++) {
		const struct scenario *sc = loaded->cases[i];

		file->cases[i].name = sc->case_name ? xstrdup(sc->case_name) : NULL;
		file->cases[i].timeout_ns = sc->timeout_ns;
		file->cases[i].hazard = sc->hazard;
		file->cases[i].kernel_args = sc->kernel_args ?
			xstrdup(sc->kernel_args) : NULL;
		file->cases[i].uses_uring = scenario_uses_uring(sc);
		file->cases[i].watches = scenario_stays_outside(sc);
	}
	file->title = xstrdup(loaded->cases[0]->title);
	file->tags = copy_tags(loaded->cases[0]);
}

/* Takes loaded, and keeps as little of it as it can. */
static fusescen_file *wrap_file(struct scenario_file *loaded)
{
	fusescen_file *file = xcalloc(1, sizeof(*file));
	struct buf b = BUF_INIT;

	if (diags_count(loaded->diags)) {
		diags_print(loaded->diags, &b);
		file->errors = buf_steal(&b);
	} else {
		keep_cases(file, loaded);
		file->path = steal_ptr(&loaded->path);
		file->text = steal_ptr(&loaded->text);
		file->text_len = loaded->text_len;
	}
	scenario_file_free(loaded);
	return file;
}

struct scenario_file *reload_case(const fusescen_file *file, size_t i)
{
	struct scenario_file *f = load_text_case(file->path, file->text,
						 file->text_len, i);

	if (f->n_cases != 1)
		die_bug("%s: case %zu was good when first loaded", file->path, i);
	return f;
}

fusescen_file *fusescen_load(const char *path)
{
	return path ? wrap_file(load_file(path)) : NULL;
}

fusescen_file *fusescen_load_text(const char *name, const char *text, size_t len)
{
	return name && text ? wrap_file(load_text(name, text, len)) : NULL;
}

void fusescen_free(fusescen_file *file)
{
	size_t i;

	if (!file)
		return;
	for (i = 0; i < file->n_cases; i++) {
		free(file->cases[i].name);
		free(file->cases[i].kernel_args);
	}
	free(file->cases);
	free(file->path);
	free(file->title);
	for (i = 0; file->tags && file->tags[i]; i++)
		free(file->tags[i]);
	free(file->tags);
	free(file->text);
	free(file->errors);
	free(file);
}

const char *fusescen_errors(const fusescen_file *file)
{
	return file ? file->errors : "no scenario\n";
}

size_t fusescen_cases(const fusescen_file *file)
{
	return file ? file->n_cases : 0;
}

const char *fusescen_title(const fusescen_file *file)
{
	return file && file->title ? file->title : "";
}

const char *const *fusescen_tags(const fusescen_file *file)
{
	static const char *const none[] = { NULL };

	return file && file->tags ? (const char *const *)file->tags : none;
}

const char *fusescen_case_name(const fusescen_file *file, size_t i)
{
	if (i >= fusescen_cases(file))
		return NULL;
	return file->cases[i].name;
}

unsigned fusescen_timeout_ms(const fusescen_file *file, size_t i)
{
	uint64_t ns = i < fusescen_cases(file) ? file->cases[i].timeout_ns : 0;

	return ns / NS_PER_MS < UINT_MAX ? (unsigned)(ns / NS_PER_MS) : UINT_MAX;
}

const char *fusescen_hazard(const fusescen_file *file, size_t i)
{
	return i < fusescen_cases(file) ? file->cases[i].hazard : NULL;
}

const char *fusescen_kernel_args(const fusescen_file *file, size_t i)
{
	return i < fusescen_cases(file) ? file->cases[i].kernel_args : NULL;
}

struct told_text {
	const struct scenario *sc;
	struct buf text;
};

static void tell_ask(void *ctx, const struct ask *ask)
{
	struct told_text *told = ctx;

	buf_printf(&told->text, "%s:%u: asks for ", told->sc->path,
		   ask->loc.line ? ask->loc.line : 1);
	ask_print(&told->text, ask);
	buf_addc(&told->text, '\n');
}

/* What tell() writes of case i; NULL: no such case. */
static char *text_of_case(const fusescen_file *file, size_t i,
			  void (*tell)(struct told_text *told))
{
	struct told_text told = { .text = BUF_INIT };
	struct scenario_file *f;

	if (i >= fusescen_cases(file))
		return NULL;
	f = reload_case(file, i);
	told.sc = f->cases[0];
	tell(&told);
	scenario_file_free(f);
	return told.text.len ? buf_steal(&told.text) : xstrdup("");
}

static void tell_asks(struct told_text *told)
{
	scenario_asks(told->sc, tell_ask, told);
}

char *fusescen_asks(const fusescen_file *file, size_t i)
{
	return text_of_case(file, i, tell_asks);
}

static void tell_unused(void *ctx, struct loc loc, const char *what)
{
	struct told_text *told = ctx;

	unused_print(&told->text, told->sc, loc, what);
}

static void tell_all_unused(struct told_text *told)
{
	scenario_unused(told->sc, tell_unused, told);
}

char *fusescen_unused(const fusescen_file *file, size_t i)
{
	return text_of_case(file, i, tell_all_unused);
}

char *fusescen_crash(const fusescen_file *file, size_t i, const char *release,
		     const char *console)
{
	const struct known_failure *k;
	struct scenario_file *f;
	char *because = NULL;

	if (!release || !console || !fusescen_hazard(file, i))
		return NULL;
	f = reload_case(file, i);
	k = known_crash(f->cases[0], release, console);
	if (k)
		because = xstrdup(k->because);
	scenario_file_free(f);
	return because;
}

int run_options(struct run_options *ro, const struct fusescen_options *opts)
{
	struct fusescen_options o = { 0 };
	enum transport transport;

	if (opts)
		memcpy(&o, opts, opts->size < sizeof(o) ? opts->size : sizeof(o));
	if (!transport_of_word(o.transport, &transport))
		return -1;
	*ro = (struct run_options){
		.timeout_ns = o.timeout_ms * NS_PER_MS,
		.seed = o.seed,
		.style = { .verbose = o.verbose != 0, .columns = o.columns },
		.allow_hazard = o.allow_hazard != 0,
		.allow_host = o.allow_host,
		.transport = transport,
		.control = o.control,
		.log = o.log,
	};
	return 0;
}

struct chosen {
	const fusescen_file *file;
	size_t i;
};

static const struct scenario *chosen_scenario(void *ctx)
{
	const struct chosen *c = ctx;

	return reload_case(c->file, c->i)->cases[0];
}

fusescen_run *fusescen_start(const fusescen_file *file, size_t i,
			     const struct fusescen_options *opts)
{
	struct chosen chosen = { file, i };
	struct run_options ro;
	fusescen_run *run;

	if (i >= fusescen_cases(file) || run_options(&ro, opts)) {
		errno = EINVAL;
		return NULL;
	}
	if (!ro.timeout_ns)
		ro.timeout_ns = file->cases[i].timeout_ns;
	run = xcalloc(1, sizeof(*run));
	run->process.uses_uring = file->cases[i].uses_uring ||
		ro.transport == TRANSPORT_URING;
	if (supervise_start(&run->process, &ro, !file->cases[i].watches,
			    chosen_scenario, &chosen)) {
		int err = errno;

		free(run);
		errno = err;
		return NULL;
	}
	return run;
}

int fusescen_fd(const fusescen_run *run)
{
	return run ? run->process.pidfd : -1;
}

fusescen_report *fusescen_finish(fusescen_run *run)
{
	fusescen_report *r = xcalloc(1, sizeof(*r));

	if (!run) {
		r->got.verdict = FUSESCEN_ERROR;
		return r;
	}
	if (run->is_server)
		supervise_end_soon(&run->process);
	supervise_finish(&run->process, &r->got);
	free(run);
	return r;
}

enum fusescen_verdict fusescen_verdict(const fusescen_report *r)
{
	return r ? (enum fusescen_verdict)r->got.verdict : FUSESCEN_ERROR;
}

static const char *part(const fusescen_report *r, int which)
{
	return r && r->got.parts[which] ? r->got.parts[which] : "";
}

const char *fusescen_summary(const fusescen_report *r)
{
	return part(r, REPORT_SUMMARY);
}

const char *fusescen_text(const fusescen_report *r)
{
	return part(r, REPORT_TEXT);
}

const char *fusescen_events(const fusescen_report *r)
{
	return part(r, REPORT_EVENTS);
}

const char *fusescen_report_unused(const fusescen_report *r)
{
	return part(r, REPORT_UNUSED);
}

uint64_t fusescen_elapsed_ns(const fusescen_report *r)
{
	return r ? r->got.elapsed_ns : 0;
}

void fusescen_report_free(fusescen_report *r)
{
	if (!r)
		return;
	transported_fini(&r->got);
	free(r);
}

char *fusescen_list(const char *topic)
{
	struct buf b = BUF_INIT;

	if (!topic || !list_topic(topic, &b))
		return NULL;
	return buf_steal(&b);
}

char *fusescen_export_c(const fusescen_file *file, size_t i, char **why)
{
	struct scenario_file *f;
	char *text, *reasons = NULL;

	if (why)
		*why = NULL;
	if (i >= fusescen_cases(file))
		return NULL;
	f = reload_case(file, i);
	text = export_c(f->cases[0], &reasons);
	scenario_file_free(f);
	if (why)
		*why = reasons;
	else
		free(reasons);
	return text;
}
