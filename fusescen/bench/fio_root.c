/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Adds fio to the initial root of a machine.  The dynamic loader is asked which
 * libraries it would load for it.  Main thread only. */
#include "config.h"

#include "fusescen/bench/fio_root.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "fusescen/util/errors.h"
#include "fusescen/vm/cpio.h"
#include "fusescen/vm/initrd.h"

#define GUEST_FIO	"usr/bin/fio"
/* ld.so(8) lists libraries instead of running the program, in lines like
 * "\tlibm.so.6 => /lib/libm.so.6 (0x7f..)".  */
#define ASK	"f=$(command -v fio) && echo \"$f\" && " \
		"LD_TRACE_LOADED_OBJECTS=1 \"$f\""
#define ARROW	" => "

static int copy(struct cpio *c, const char *to, const char *from)
{
	if (cpio_copy(c, to, 0755, from) == 0)
		return 0;
	put_error("%s: %s", from, strerror(errno));
	return -1;
}

/* Adds the library of one line.  Lines without an arrow are about the loader
 * and the kernel's vdso, which need no copy. */
static int add_library(struct cpio *c, char *line)
{
	char *path = strstr(line, ARROW), *slash, *to;
	int err;

	if (!path)
		return 0;
	path += strlen(ARROW);
	path[strcspn(path, " \n")] = '\0';
	slash = strrchr(path, '/');
	if (!slash) {
		put_error("fio lacks a library: %s", line);
		return -1;
	}
	to = xasprintf(GUEST_LIBRARIES "%s", slash);
	err = copy(c, to, path);
	free(to);
	return err;
}

static int add_all(struct cpio *c, FILE *told)
{
	char *line = NULL;
	size_t size = 0;
	int err = -1;

	if (getline(&line, &size, told) < 0) {
		put_error("there is no fio in PATH that a virtual machine could get");
	} else {
		line[strcspn(line, "\n")] = '\0';
		cpio_dir(c, "usr");
		cpio_dir(c, "usr/bin");
		err = copy(c, GUEST_FIO, line);
	}
	while (!err && getline(&line, &size, told) > 0)
		err = add_library(c, line);
	free(line);
	return err;
}

int fio_add_to_root(struct buf *program, const void *ctx)
{
	FILE *told = popen(ASK, "re");
	struct cpio c = { .out = BUF_INIT };
	int err = told ? add_all(&c, told) : -1;

	(void)ctx;
	if (told)
		pclose(told);
	cpio_end(&c);
	if (!err)
		buf_add(program, c.out.data, c.out.len);
	buf_fini(&c.out);
	return err;
}
