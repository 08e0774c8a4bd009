/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Measuring on other kernels, in one machine after the other: what this process
 * does for it, and what the guest does, which sends the results as JSON.  Main
 * thread only.
 */
#include "config.h"

#include "fusescen/bench/run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "fusescen/bench/file.h"
#include "fusescen/bench/fio_root.h"
#include "fusescen/bench/report.h"
#include "fusescen/util/command.h"
#include "fusescen/util/errors.h"
#include "fusescen/util/files.h"
#include "fusescen/vm/run.h"

#define MEMORY_MB	3072	/* for fio, its libraries, and files */
#define WORDS		"/tmp/words"	/* in the guest, for standard error */

struct collecting {
	struct results *r;
	int status;
};

/* If a kernel cannot be measured, the others still are.  The worst status is
 * returned. */
static void deliver(void *ctx, const struct point *p, const char *events)
{
	struct collecting *c = ctx;
	int status = verdicts[p->verdict].status;

	(void)events;
	if (!status && results_parse(c->r, p->kernel, p->text, strlen(p->text)))
		status = STATUS_ERROR;
	if (status)
		put_error("nothing measured on %s: %s\n%s", p->kernel,
			  p->summary, p->verdict == FUSESCEN_PASS ? "" : p->text);
	if (status > c->status)
		c->status = status;
}

/* Does it need other files?  A machine gets only this one. */
static bool needs_others(const struct bench *b)
{
	size_t i, j;

	for (i = 0; i < b->n_variants; i++)
		for (j = 0; j < b->variants[i].n_servers; j++)
			if (b->variants[i].servers[j].is_elsewhere)
				return true;
	return false;
}

/* The guest gets as a text how long it is to measure. */
static char *length_text(const struct results *r)
{
	return xasprintf("%u %u %u", r->rounds, r->seconds, r->ramp);
}

static bool length_read(struct results *r, const char *text)
{
	return sscanf(text, "%u %u %u", &r->rounds, &r->seconds, &r->ramp) == 3;
}

int bench_on(struct results *r, const struct vm_kernels *kernels, unsigned cpus,
	     const char *append)
{
	auto_free char *length = length_text(r);
	const struct guest_job job = { "bench", length, .takes_file = true };
	const struct task task = { .path = diags_path(r->bench->tree.dg), .job = &job };
	const struct vm_machine machine = {
		.cpus = cpus, .memory_mb = MEMORY_MB, .append = append,
		.equip = fio_add_to_root,
	};
	struct collecting c = { .r = r };
	const struct batch batch = {
		.tasks = &task, .n_tasks = 1, .rounds = 1, .jobs = 1,
		.options = { .size = sizeof(batch.options) },
		.deliver = deliver, .ctx = &c,
	};
	int sig;

	if (needs_others(r->bench)) {
		put_error("%s: a virtual machine cannot have scenarios in "
			  "files of their own", task.path);
		return STATUS_ERROR;
	}
	sig = vm_run(&batch, kernels, &machine);
	if (sig)
		return sig < 0 ? STATUS_ERROR : STATUS_SIGNAL + sig;
	return r->n ? STATUS_PASS : c.status;
}

/* ---- in the guest ---------------------------------------------------------------------- */

/* Returns what was written to this file.  The caller frees it. */
static char *text_of(const char *path)
{
	struct buf b;

	if (file_read(path, &b))
		return xasprintf("%s: %s", path, strerror(errno));
	return buf_steal(&b);
}

static char *json_of(const struct results *r)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		die_bug("open_memstream: %s", strerror(errno));
	results_json(r, out);
	fclose(out);
	return text;
}

static int measure(struct results *r, const char *argument)
{
	if (length_read(r, argument))
		return bench_here(r, NULL);
	put_error("bench: \"%s\" is not the length of a measurement", argument);
	return STATUS_ERROR;
}

char *bench_job(const char *path, const char *text, const char *argument,
		enum fusescen_verdict *verdict)
{
	int words = open(WORDS, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int console = dup(STDERR_FILENO), status;
	struct results r;
	struct bench b;
	char *out;

	dup2(words, STDERR_FILENO);
	status = bench_load_text(&b, path, text) ? STATUS_ERROR : STATUS_PASS;
	results_init(&r, &b);
	if (!status)
		status = measure(&r, argument);
	dup2(console, STDERR_FILENO);
	close(console);
	close(words);
	*verdict = verdict_of_status(status);
	out = status ? text_of(WORDS) : json_of(&r);
	results_fini(&r);
	bench_free(&b);
	return out;
}
