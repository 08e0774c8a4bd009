/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Measures on this kernel, if the kernel and the machine have what that needs.
 * Servers and fio are processes of their own.  Main thread only. */
#include "config.h"

#include "fusescen/bench/run.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "fusescen/bench/fio.h"
#include "fusescen/bench/measure.h"
#include "fusescen/bench/place.h"
#include "fusescen/util/command.h"
#include "fusescen/util/errors.h"
#include "fusescen/util/signals.h"

/* An empty scenario with the same needs is run to find out. */
static int lacks_needs(const struct bench *b)
{
	char *text = xstrdup("fusescen: 1\nmounts: {fs: {}}\nneeds: [");
	fusescen_file *file;
	fusescen_report *report = NULL;
	fusescen_run *run = NULL;
	int status = STATUS_PASS;
	size_t i;

	for (i = 0; i < b->n_needs + 1; i++) {
		char *more = xasprintf("%s%s%s", text, i == b->n_needs ? "]\n" :
				    b->needs[i], i + 1 < b->n_needs ? ", " : "");

		free(text);
		text = more;
	}
	file = fusescen_load_text("needs", text, strlen(text));
	if (!fusescen_errors(file))
		run = fusescen_start(file, 0, NULL);
	if (run)
		report = fusescen_finish(run);
	if (!report || fusescen_verdict(report) != FUSESCEN_PASS) {
		put_error("skipped: %s",
			  report ? fusescen_summary(report) : "nothing can run here");
		status = STATUS_SKIP;
	}
	fusescen_report_free(report);
	fusescen_free(file);
	free(text);
	return status;
}

static int lacks_anything(const struct bench *b, char **fio)
{
	*fio = NULL;
	if (geteuid() != 0) {
		put_error("skipped: only root can make mounts and count locks");
		return STATUS_SKIP;
	}
	*fio = fio_version();
	if (!*fio) {
		put_error("skipped: there is no fio in PATH");
		return STATUS_SKIP;
	}
	return lacks_needs(b);
}

int bench_here(struct results *r, const char *raw_dir)
{
	int status, signal_fd;
	struct measured *m;
	struct place place;
	char *fio;

	status = lacks_anything(r->bench, &fio);
	if (status) {
		free(fio);
		return status;
	}
	m = results_add(r);
	measured_here(m, fio);
	signal_fd = signals_open();
	status = place_open(&place, raw_dir, r->bench);
	m->raw = xstrdup(place.raw_type);
	if (!status)
		status = measure_all(r, m, signal_fd);
	place_close(&place);
	close(signal_fd);
	return status;
}
