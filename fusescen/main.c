/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fusescen: run FUSE scenarios against the running kernel.
 *
 * This is the command line of libfusescen.  Of the library it sees
 * <fusescen.h>, base/ and load/yaml/.  It has one thread, and runs are processes
 * that the library starts.
 */
#include "config.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/mem.h"
#include "fusescen.h"
#include "fusescen/util/command.h"
#include "fusescen/util/errors.h"

const struct command *const commands[] = {
	&command_run, &command_explore, &command_minimize, &command_matrix,
	&command_serve, &command_attach, &command_ctl, &command_bench, &command_mutate,
	&command_export, &command_import, &command_record, &command_check, &command_list,
	&command_doctor, &command_completion, &command_schema, &command_guest, NULL,
};

const struct option_row main_options[] = {
	{ "help", 'h', OPTION_FLAG, 0, NULL, "print this help" },
	{ "version", 'V', OPTION_FLAG, 0, NULL, "the version" },
	{ NULL, 0, OPTION_FLAG, 0, NULL, NULL },
};

static void print_help(void)
{
	const struct command *const *c;

	puts("Usage: fusescen COMMAND [OPTION...] [ARGUMENT...]\n");
	for (c = commands; *c; c++)
		if ((*c)->args)
			printf("  %-10s %-26s %s\n", (*c)->name, (*c)->args, (*c)->help);
	putchar('\n');
	options_print(main_options);
}

static void print_command_help(const struct command *c)
{
	bool args = c->args && *c->args;

	printf("Usage: fusescen %s [OPTION...]%s%s\n%s\n\n", c->name,
	       args ? " " : "", args ? c->args : "", c->help);
	options_print(c->options);
	options_print((const struct option_row[]){ main_options[0],
						   main_options[2] });
}

static bool is_help(const char *word)
{
	return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

static bool wants_help(int argc, char **argv)
{
	int i;

	for (i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (is_help(argv[i]))
			return true;
	return false;
}

/* Output may not have arrived, and if the disk is full, that is no pass. */
static int flushed(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	perror("fusescen: standard output");
	return STATUS_ERROR;
}

static const struct command *find_command(const char *name)
{
	const struct command *const *c;

	for (c = commands; *c; c++)
		if (strcmp((*c)->name, name) == 0)
			return *c;
	return NULL;
}

/* Commands that --help does not show are holes. */
static const char *command_name_at(const void *ctx, size_t i)
{
	(void)ctx;
	return !commands[i] ? NULL : commands[i]->args ? commands[i]->name : "";
}

/* What other programs call the command that runs files. */
static bool means_run(const char *name)
{
	static const char *const others[] = { "test", "tests", "pytest", "exec", "start" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(others); i++)
		if (!strcmp(name, others[i]))
			return true;
	return false;
}

static int complain_unknown(const char *name)
{
	const struct words words = { command_name_at, NULL };
	const char *nearest = means_run(name) ? command_run.name :
		words_nearest(words, name, strlen(name));

	if (access(name, F_OK) == 0)
		put_error("unknown command \"%s\"; \"fusescen run %s\" runs what is "
			  "in it", name, name);
	else if (nearest)
		put_error("unknown command \"%s\" (did you mean %s?)", name, nearest);
	else
		put_error("unknown command \"%s\"; \"fusescen --help\" lists them",
			  name);
	return STATUS_ERROR;
}

/* What the signs of a ladder mean, which reports do not say again and again. */
static const char ladder_help[] =
"A ladder has the events of a run, from top to bottom in the order in which they\n"
"happened: a column for each actor, and one for the kernel's requests to the\n"
"server of each mount.  With many actors there is one column for all of them,\n"
"and each row names its actor.\n"
"\n"
"  read(fd, 4K) = 4K      a call that returned before anything else happened\n"
"  read(fd, 4K) ...       a call that is under way\n"
"    = 4K                 what it returned\n"
"  ├ blocked: f < g .. h  the call sleeps in the kernel's function f, which g has\n"
"                         called; \"..\" stands for others in between\n"
"  (process ended)        the actor's process is no more\n"
"  #19 WRITE /data 0+4K   a request, with the number by which the log and other\n"
"                         rows name it: 4K from offset 0 on\n"
"    reply = 0 (4K)       the reply to it: no error, and 4K of data\n"
"    held (disk)          it is at the gate \"disk\"\n"
"    released (disk)      it goes on from there\n"
"  -- release: disk       a step that is no call, or what happened to a mount\n"
"  >                      the row at which a check or a result failed\n"
"\n"
"fusescen run --html FILE draws the same run.\n";

/* "fusescen help", "fusescen help COMMAND" and "fusescen help ladder" */
static int help(int argc, char **argv)
{
	const struct command *c;

	if (argc == 0) {
		print_help();
		return STATUS_PASS;
	}
	if (strcmp(argv[0], "ladder") == 0) {
		fputs(ladder_help, stdout);
		return STATUS_PASS;
	}
	c = find_command(argv[0]);
	if (!c)
		return complain_unknown(argv[0]);
	print_command_help(c);
	return STATUS_PASS;
}

/* The kernel that starts us puts words of its command line that it does not know
 * before those that are for us. */
static void skip_to_guest(int *argc, char ***argv)
{
	int last = *argc - 1;

	if (getpid() != 1 || last < 2 || strcmp((*argv)[last], command_guest.name) != 0)
		return;
	*argc = 2;
	*argv += last - 1;
}

int main(int argc, char **argv)
{
	const struct command *c;

	skip_to_guest(&argc, &argv);
	if (argc < 2) {
		put_error("no command; \"fusescen --help\" lists them");
		return STATUS_ERROR;
	}
	if (is_help(argv[1]))
		return flushed(help(0, NULL));
	if (strcmp(argv[1], "help") == 0)
		return flushed(help(argc - 2, argv + 2));
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
		printf("fusescen %s\n", fusescen_version());
		return flushed(STATUS_PASS);
	}
	c = find_command(argv[1]);
	if (!c)
		return complain_unknown(argv[1]);
	if (!wants_help(argc - 2, argv + 2))
		return flushed(c->main(c, argc - 2, argv + 2));
	print_command_help(c);
	return flushed(STATUS_PASS);
}
