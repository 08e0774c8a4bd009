/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * In each round, each variant has its turn at each value, and every round
 * begins with another variant.  So all variants get their share of what else
 * the machine does, and of how warm it is.  Every measurement has servers of
 * its own.
 *
 * Lock contention is counted in a round of its own, because counting takes
 * time.  Main thread only.
 */
#include "config.h"

#include "fusescen/bench/measure.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/units.h"
#include "fusescen/bench/contention.h"
#include "fusescen/bench/fio.h"
#include "fusescen/bench/place.h"
#include "fusescen/util/command.h"
#include "fusescen/util/errors.h"
#include "fusescen/util/terminal.h"

struct measuring {
	const struct results *r;
	struct measured *to;
	struct contention *counter;	/* set in its round, else NULL */
	int signal_fd;
	unsigned round;			/* from 0 */
	size_t n_told;			/* of all measurements */
	uint64_t began_ns;
};

/* ---- servers ------------------------------------------------------------------------ */

/* error is either messages with their places, or a few words without a
 * newline. */
static int complain(const struct bench_variant *v, const char *error)
{
	if (strchr(error, '\n'))
		put_error_text(error);
	else
		put_error("%s cannot be served: %s", v->name, error);
	return STATUS_ERROR;
}

static int serve_one(const struct bench *b, const struct bench_variant *v,
		     const struct bench_server *s, fusescen_run **out)
{
	/* Servers may use the place that was made for them. */
	static const char *const place[] = { PLACE, NULL };
	char *dir = xasprintf(PLACE "/%s", s->dir), *error = NULL;
	struct fusescen_serve_options opts = {
		.size = sizeof(opts), .mountpoint = dir, .shared = 1,
		.plain = v->is_plain, .allow_host = place,
		.transport = v->is_plain ? NULL : b->transport,
	};
	int status = 0;

	*out = NULL;
	if (mkdir(dir, 0755) && errno != EEXIST)
		status = complain(v, strerror(errno));
	else
		*out = fusescen_serve(s->scenario, 0, &opts, &error);
	if (!*out && !status)
		status = complain(v, error);
	free(error);
	free(dir);
	return status;
}

static int end_one(const struct bench_variant *v, fusescen_run *run)
{
	fusescen_report *report = fusescen_finish(run);
	int status = verdict_status_of_server(fusescen_verdict(report));

	if (status)
		put_error("the server of %s: %s\n%s", v->name,
			  fusescen_summary(report), fusescen_text(report));
	fusescen_report_free(report);
	return status;
}

/* Upper ones first. */
static int end_servers(const struct bench_variant *v, fusescen_run **runs,
		       size_t n)
{
	int status = 0;

	while (n > 0) {
		int s = end_one(v, runs[--n]);

		status = status ? status : s;
	}
	return status;
}

/* ---- one measurement ---------------------------------------------------------------- */

static int fio_status(enum fio_end end, int signal)
{
	switch (end) {
	case FIO_DONE:
		return STATUS_PASS;
	case FIO_FAILED:
	case FIO_STUCK:
		return STATUS_FAIL;
	case FIO_SIGNAL:
		return STATUS_SIGNAL + signal;
	}
	return STATUS_ERROR;
}

/* A task that hangs in a mount ends when the connection does.  So the servers
 * are ended before a killed fio is reaped. */
static int measure_served(struct measuring *m, const struct bench_variant *v,
			  size_t value, fusescen_run **runs, double *values)
{
	const struct bench *b = m->r->bench;
	char *dir = xasprintf(PLACE "/%s", v->in);
	const struct fio_wish wish = {
		.bench = b, .value = b->values[value], .dir = dir,
		.out = PLACE "/.fio.json", .errors = PLACE "/.fio.errors",
		.seconds = m->r->seconds, .ramp = m->r->ramp,
		.signal_fd = m->signal_fd,
	};
	int signal = 0, status, served;
	enum fio_end end;
	pid_t pid;

	if (m->counter)
		contention_start(m->counter);
	end = fio_run(&wish, values, &pid, &signal);
	if (m->counter)
		contention_stop(m->counter, values);
	status = fio_status(end, signal);
	served = end_servers(v, runs, v->n_servers);
	if (end == FIO_SIGNAL || end == FIO_STUCK)
		fio_reap(pid);
	free(dir);
	return status ? status : served;
}

static int measure(struct measuring *m, const struct bench_variant *v,
		   size_t value, double *values)
{
	fusescen_run **runs = xcalloc(v->n_servers + 1, sizeof(*runs));
	size_t i;
	int status = 0;

	for (i = 0; i < v->n_servers && !status; i++)
		status = serve_one(m->r->bench, v, &v->servers[i], &runs[i]);
	if (!status)
		status = measure_served(m, v, value, runs, values);
	else
		end_servers(v, runs, i - 1);
	place_clean(m->r->bench);
	free(runs);
	return status;
}

/* ---- all of them -------------------------------------------------------------------- */

static void tell(struct measuring *m, size_t value, size_t variant)
{
	const struct bench *b = m->r->bench;
	auto_free char *text = xasprintf("%s%s=%s %s", m->counter ? "counting locks: " : "",
					 b->sweep, b->values[value],
					 b->variants[variant].name);

	status_progress(m->n_told++, m->r->rounds * b->n_values * b->n_variants,
			m->began_ns, text);
}

static void keep(struct measuring *m, size_t value, size_t variant,
		 const double *values)
{
	struct cell *c = results_cell(m->r, m->to, value, variant);
	int id;

	for (id = 0; id < N_VALUES; id++)
		if (value_kind(id)->is_counted == !!m->counter)
			cell_add(c, id, values[id]);
}

static int measure_round(struct measuring *m)
{
	const struct bench *b = m->r->bench;
	size_t value, k;

	for (value = 0; value < b->n_values; value++)
		for (k = 0; k < b->n_variants; k++) {
			size_t variant = (k + m->round) % b->n_variants;
			double values[N_VALUES] = { 0 };
			int status;

			tell(m, value, variant);
			status = measure(m, &b->variants[variant], value, values);
			if (status) {
				put_error("at %s=%s %s", b->sweep,
					  b->values[value],
					  b->variants[variant].name);
				return status;
			}
			keep(m, value, variant, values);
		}
	return 0;
}

static bool wants_counts(const struct bench *b)
{
	size_t i;

	for (i = 0; i < b->n_show; i++)
		if (value_kind(b->show[i])->is_counted)
			return true;
	return false;
}

static int count_round(struct measuring *m)
{
	const char *why;
	int status;

	if (!wants_counts(m->r->bench))
		return 0;
	m->counter = contention_new(PLACE_TRACEFS, &why);
	if (!m->counter) {
		m->to->uncounted = xstrdup(why);
		return 0;
	}
	status = measure_round(m);
	contention_free(m->counter);
	return status;
}

int measure_all(const struct results *r, struct measured *to, int signal_fd)
{
	struct measuring m = { .r = r, .to = to, .signal_fd = signal_fd,
				.began_ns = clock_ns() };
	int status = 0;

	for (; m.round < r->rounds && !status; m.round++)
		status = measure_round(&m);
	if (!status)
		status = count_round(&m);
	status_clear();
	return status;
}
