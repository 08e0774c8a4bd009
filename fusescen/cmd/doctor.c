/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fusescen doctor: says what this machine can do, or machines that --kernel
 * makes.  Main thread only. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "fusescen.h"
#include "fusescen/util/command.h"
#include "fusescen/util/errors.h"
#include "fusescen/util/escape.h"
#include "fusescen/vm/run.h"

struct settings {
	const char *append, *kernels;
};

#define AT(member)	offsetof(struct settings, member)

static const struct option_row options[] = {
	{ "append", 0, OPTION_TEXT, AT(append), "ARGS",
	  "give the kernel of a virtual machine more arguments" },
	{ "kernel", 'k', OPTION_TEXT, AT(kernels), "K,...",
	  "examine a virtual machine with this kernel" },
	{ NULL, 0, OPTION_FLAG, 0, NULL, NULL },
};

static void deliver(void *ctx, const struct point *p, const char *events)
{
	int *status = ctx;

	(void)events;
	if (p->verdict == FUSESCEN_PASS) {
		put_report(stdout, p->text);
		return;
	}
	*status = STATUS_ERROR;
	fflush(stdout);
	put_error("%s: %s\n%s", p->kernel, p->summary, p->text);
}

static int examine_kernels(const struct settings *set)
{
	const struct guest_job job = { .word = "doctor", .argument = "" };
	const struct task doctor = { .path = "doctor", .job = &job };
	const struct vm_machine machine = { .cpus = 1, .append = set->append };
	int status = STATUS_PASS;
	const struct batch b = {
		.tasks = &doctor, .n_tasks = 1, .rounds = 1, .jobs = 1,
		.deliver = deliver, .ctx = &status,
	};
	struct vm_kernels kernels;

	if (vm_kernels_find(&kernels, set->kernels))
		return STATUS_ERROR;
	if (vm_run(&b, &kernels, &machine))
		status = STATUS_ERROR;
	vm_kernels_free(&kernels);
	return status;
}

static int doctor_main(const struct command *self, int argc, char **argv)
{
	struct settings settings = { 0 };
	int n = options_parse(options, argc, argv, &settings);
	char *text;

	if (n < 0)
		return STATUS_ERROR;
	if (n > 0) {
		put_error("%s takes no arguments", self->name);
		return STATUS_ERROR;
	}
	if (settings.append && !settings.kernels) {
		put_error("--append is for virtual machines: choose one with --kernel");
		return STATUS_ERROR;
	}
	if (settings.kernels)
		return examine_kernels(&settings);
	text = fusescen_list("doctor");
	fputs(text, stdout);
	free(text);
	return STATUS_PASS;
}

const struct command command_doctor = {
	"doctor", "", "say what this machine can do",
	options, doctor_main,
};
