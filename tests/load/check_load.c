/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every scenario named on the command line must load, and must say the same
 * after load, dump, load, dump.  TAP; one test per file.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "load/load.h"

static void diagnose(const char *what, const char *text)
{
	printf("# %s\n# ", what);
	for (; *text; text++)
		printf(*text == '\n' && text[1] ? "\n# " : "%c", *text);
}

/* NULL, or what is wrong with it. */
static const char *check_dump(const struct scenario *sc, struct buf *out)
{
	auto_buf struct buf first = BUF_INIT, second = BUF_INIT;
	struct scenario_file *again;
	const char *fault = NULL;

	scenario_dump(&first, sc);
	again = load_text("dump", first.data, first.len);
	if (again->n_cases != 1) {
		fault = "the dump does not load";
		diags_print(again->diags, out);
	} else {
		scenario_dump(&second, again->cases[0]);
		if (strcmp(buf_str(&first), buf_str(&second))) {
			fault = "the second dump differs";
			buf_printf(out, "%s\n---\n%s\n", buf_str(&first),
				   buf_str(&second));
		}
	}
	scenario_file_free(again);
	return fault;
}

static const char *check_file(const char *path, struct buf *out)
{
	struct scenario_file *f = load_file(path);
	const char *fault = NULL;
	size_t i;

	if (!f->n_cases) {
		fault = "it does not load";
		diags_print(f->diags, out);
	}
	for (i = 0; i < f->n_cases && !fault; i++)
		fault = check_dump(f->cases[i], out);
	scenario_file_free(f);
	return fault;
}

int main(int argc, char **argv)
{
	int i, bad = 0;

	printf("1..%d\n", argc - 1);
	for (i = 1; i < argc; i++) {
		auto_buf struct buf out = BUF_INIT;
		const char *fault = check_file(argv[i], &out);

		printf("%s %d - %s\n", fault ? "not ok" : "ok", i, argv[i]);
		if (fault)
			diagnose(fault, buf_str(&out));
		bad |= fault != NULL;
	}
	return bad;
}
