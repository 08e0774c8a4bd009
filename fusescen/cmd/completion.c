/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fusescen completion: prints what makes a shell complete our words.  It is made of
 * the same tables as the parser of options and --help.  Main thread only. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "fusescen.h"
#include "fusescen/util/command.h"
#include "fusescen/util/errors.h"

#define KERNELS	"${FUSESCEN_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/fusescen}/kernels"

static const struct option_row options[] = {
	{ NULL, 0, OPTION_FLAG, 0, NULL, NULL },
};

/* What the value of an option can be, by the word that --help has for it. */
enum value { VALUE_NONE, VALUE_FREE, VALUE_FILE, VALUE_DIR, VALUE_KERNEL, VALUE_WHEN };

static const struct {
	const char *arg;
	enum value value;
} values[] = {
	{ "FILE", VALUE_FILE }, { "JSONFILE", VALUE_FILE }, { "SOCKET", VALUE_FILE },
	{ "DIR", VALUE_DIR }, { "K,...", VALUE_KERNEL }, { "WHEN", VALUE_WHEN },
};

static enum value value_of(const struct option_row *row)
{
	size_t i;

	if (!row->arg || row->kind == OPTION_SHUFFLE)
		return VALUE_NONE;
	for (i = 0; i < ARRAY_SIZE(values); i++)
		if (strcmp(values[i].arg, row->arg) == 0)
			return values[i].value;
	return VALUE_FREE;
}

/* Does it have words of its own, in place of names of files? */
static bool has_words(const struct command *c)
{
	return c == &command_list || c == &command_completion;
}

/* The first word of each line. */
static void put_topics(void)
{
	char *topics = fusescen_list("topics"), *line, *rest = topics;

	while (topics && (line = strsep(&rest, "\n")))
		if (*line)
			printf("%.*s ", (int)strcspn(line, "\t"), line);
	free(topics);
}

static void put_words(const struct command *c)
{
	if (c == &command_list)
		put_topics();
	else if (c == &command_completion)
		fputs("bash zsh fish", stdout);
}

/* ---- bash ------------------------------------------------------------------- */

/* "--log|-l" */
static void put_pattern(const struct option_row *row)
{
	printf("--%s", row->name);
	if (row->letter)
		printf("|-%c", row->letter);
}

static const char *const bash_values[] = {
	[VALUE_FREE] = "return",
	[VALUE_FILE] = "COMPREPLY=($(compgen -f -- \"$cur\")); return",
	[VALUE_DIR] = "COMPREPLY=($(compgen -d -- \"$cur\")); return",
	[VALUE_KERNEL] = ("COMPREPLY=($(compgen -W \"$(ls \"" KERNELS "\" 2>/dev/null)\""
			  " -- \"$cur\")); return"),
	[VALUE_WHEN] = "COMPREPLY=($(compgen -W 'auto always never' -- \"$cur\")); return",
};

static void bash_command(const struct command *c)
{
	const struct option_row *row;

	printf("\t%s)\n\t\tcase $prev in\n", c->name);
	for (row = c->options; row->name; row++) {
		if (value_of(row) == VALUE_NONE)
			continue;
		fputs("\t\t", stdout);
		put_pattern(row);
		printf(") %s ;;\n", bash_values[value_of(row)]);
	}
	fputs("\t\tesac\n\t\toptions='--help", stdout);
	for (row = c->options; row->name; row++)
		printf(" --%s", row->name);
	fputs("'\n\t\twords='", stdout);
	put_words(c);
	puts("'\n\t\t;;");
}

static void bash_completion(void)
{
	const struct command *const *c;

	puts("# bash completion for fusescen, made by \"fusescen completion bash\"\n"
	     "_fusescen()\n{\n"
	     "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
	     "\tlocal options='--help --version' words=''\n"
	     "\tif [ \"$COMP_CWORD\" = 1 ]; then");
	fputs("\t\twords='help", stdout);
	for (c = commands; *c; c++)
		if ((*c)->args)
			printf(" %s", (*c)->name);
	puts("'\n\telse\n\tcase ${COMP_WORDS[1]} in");
	fputs("\thelp)\n\t\toptions='' words='", stdout);
	for (c = commands; *c; c++)
		if ((*c)->args)
			printf(" %s", (*c)->name);
	puts("'\n\t\t;;");
	for (c = commands; *c; c++)
		if ((*c)->args)
			bash_command(*c);
	puts("\tesac\n\tfi\n"
	     "\tcase $cur in\n"
	     "\t-*) COMPREPLY=($(compgen -W \"$options\" -- \"$cur\")) ;;\n"
	     "\t*)\n"
	     "\t\tif [ -n \"$words\" ]; then\n"
	     "\t\t\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
	     "\t\telse\n"
	     "\t\t\tCOMPREPLY=($(compgen -f -- \"$cur\"))\n"
	     "\t\tfi\n"
	     "\t\t;;\n"
	     "\tesac\n"
	     "}\n"
	     "complete -o filenames -o bashdefault -F _fusescen fusescen");
}

/* ---- zsh -------------------------------------------------------------------- */

static const char *const zsh_values[] = {
	[VALUE_NONE] = "",
	[VALUE_FREE] = ":value: ",
	[VALUE_FILE] = ":file:_files",
	[VALUE_DIR] = ":directory:_files -/",
	[VALUE_KERNEL] = (":kernels:_files -W " KERNELS),
	[VALUE_WHEN] = ":when:(auto always never)",
};

/* Brackets, colons and quotes mean something in a specification. */
static void zsh_text(const char *text)
{
	for (; *text; text++) {
		if (strchr("[]:\\", *text))
			putchar('\\');
		if (*text == '\'')
			fputs("'\\'", stdout);
		putchar(*text);
	}
}

static void zsh_option(const struct option_row *row)
{
	const char *repeated = row->kind == OPTION_TEXTS ? "*" : "";
	bool has_value = value_of(row) != VALUE_NONE;

	printf("\t\t\t'%s--%s%s[", repeated, row->name, has_value ? "=" : "");
	zsh_text(row->help);
	printf("]%s' \\\n", zsh_values[value_of(row)]);
	if (!row->letter)
		return;
	printf("\t\t\t'%s-%c%s[", repeated, row->letter, has_value ? "+" : "");
	zsh_text(row->help);
	printf("]%s' \\\n", zsh_values[value_of(row)]);
}

static void zsh_command(const struct command *c)
{
	const struct option_row *row;

	printf("\t%s)\n\t\t_arguments -s \\\n", c->name);
	for (row = c->options; row->name; row++)
		zsh_option(row);
	fputs("\t\t\t'--help[print the options]' \\\n", stdout);
	if (has_words(c)) {
		fputs("\t\t\t'*:word:(", stdout);
		put_words(c);
		puts(")'\n\t\t;;");
	} else {
		puts("\t\t\t'*:file:_files'\n\t\t;;");
	}
}

static void zsh_completion(void)
{
	const struct command *const *c;

	puts("#compdef fusescen\n"
	     "# made by \"fusescen completion zsh\"\n"
	     "local -a commands=(");
	for (c = commands; *c; c++) {
		if (!(*c)->args)
			continue;
		printf("\t'%s:", (*c)->name);
		zsh_text((*c)->help);
		puts("'");
	}
	puts("\t'help:print the options of a command'\n)\n"
	     "if (( CURRENT == 2 )); then\n"
	     "\t_describe command commands\n"
	     "\treturn\n"
	     "fi\n"
	     "local command=$words[2]\n"
	     "shift words\n"
	     "(( CURRENT-- ))\n"
	     "case $command in\n"
	     "\thelp) _describe command commands ;;");
	for (c = commands; *c; c++)
		if ((*c)->args)
			zsh_command(*c);
	puts("esac");
}

/* ---- fish ------------------------------------------------------------------- */

static const char *const fish_values[] = {
	[VALUE_NONE] = "",
	[VALUE_FREE] = " -x",
	[VALUE_FILE] = " -r",
	[VALUE_DIR] = " -x -a '(__fish_complete_directories)'",
	[VALUE_KERNEL] = " -x -a '(__fusescen_kernels)'",
	[VALUE_WHEN] = " -x -a 'auto always never'",
};

static void fish_text(const char *text)
{
	putchar('\'');
	for (; *text; text++) {
		if (strchr("\\'", *text))
			putchar('\\');
		putchar(*text);
	}
	putchar('\'');
}

static void fish_command(const struct command *c)
{
	const struct option_row *row;

	printf("complete -c fusescen -n __fish_use_subcommand -f -a %s -d ", c->name);
	fish_text(c->help);
	putchar('\n');
	for (row = c->options; row->name; row++) {
		printf("complete -c fusescen -n '__fish_seen_subcommand_from %s' -l %s",
		       c->name, row->name);
		if (row->letter)
			printf(" -s %c", row->letter);
		printf("%s -d ", fish_values[value_of(row)]);
		fish_text(row->help);
		putchar('\n');
	}
	if (!has_words(c))
		return;
	printf("complete -c fusescen -n '__fish_seen_subcommand_from %s' -f -a '", c->name);
	put_words(c);
	puts("'");
}

static void fish_completion(void)
{
	const struct command *const *c;

	puts("# fish completion for fusescen, made by \"fusescen completion fish\"\n"
	     "function __fusescen_kernels\n"
	     "    set -l cache $FUSESCEN_CACHE\n"
	     "    test -n \"$cache\"; or set cache (set -q XDG_CACHE_HOME; "
	     "and echo $XDG_CACHE_HOME; or echo $HOME/.cache)/fusescen\n"
	     "    ls $cache/kernels 2>/dev/null\n"
	     "end");
	for (c = commands; *c; c++)
		if ((*c)->args)
			fish_command(*c);
}

/* ----------------------------------------------------------------------------- */

static const struct {
	const char *name;
	void (*print)(void);
} shells[] = {
	{ "bash", bash_completion }, { "zsh", zsh_completion }, { "fish", fish_completion },
};

static int completion_main(const struct command *self, int argc, char **argv)
{
	int n = options_parse(options, argc, argv, NULL);
	size_t i;

	if (n < 0)
		return STATUS_ERROR;
	for (i = 0; n == 1 && i < ARRAY_SIZE(shells); i++) {
		if (strcmp(shells[i].name, argv[0]) == 0) {
			shells[i].print();
			return STATUS_PASS;
		}
	}
	put_error("%s needs the name of a shell: bash, zsh or fish", self->name);
	return STATUS_ERROR;
}

const struct command command_completion = {
	"completion", "SHELL", "print completion for bash, zsh or fish",
	options, completion_main,
};
