/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any text as what fio reports, and as the results that `fusescen matrix` reads: a
 * table, a log or JUnit.
 * A table that was read is written in all forms, and its JSON is read again and
 * is the same.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/mem.h"
#include "fusescen/bench/fio.h"
#include "fusescen/matrix/matrix.h"
#include "tests/fuzz/input.h"

/* A descriptor of a file that has them, and its name. */
static int make_file(const void *bytes, size_t len, char **path)
{
	int fd = memfd_create("json", MFD_CLOEXEC);

	if (fd < 0 || write(fd, bytes, len) != (ssize_t)len)
		die_bug("memfd: %s", strerror(errno));
	*path = xasprintf("/proc/self/fd/%d", fd);
	return fd;
}

static char *written(const struct matrix *m,
		     void (*write_form)(const struct matrix *m, FILE *out))
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		die_bug("open_memstream");
	write_form(m, out);
	fclose(out);
	return text;
}

static void write_text(const struct matrix *m, FILE *out)
{
	matrix_write_text(m, out, 1);
}

static void read_again(const char *json)
{
	auto_free char *path = NULL, *again = NULL;
	int fd = make_file(json, strlen(json), &path);
	struct matrix m = { 0 };

	if (matrix_read(&m, path))
		die_bug("what was written cannot be read: %s", json);
	matrix_finish(&m, 1);
	again = written(&m, matrix_write_json);
	if (strcmp(json, again) != 0)
		die_bug("what was written is read as another table: %s", json);
	matrix_free(&m);
	close(fd);
}

static void try_matrix(const char *path)
{
	auto_free char *json = NULL;
	struct matrix m = { 0 };

	if (!matrix_read(&m, path)) {
		matrix_finish(&m, 1);
		free(written(&m, write_text));
		free(written(&m, matrix_write_html));
		free(written(&m, matrix_write_markdown));
		json = written(&m, matrix_write_json);
		read_again(json);
	}
	matrix_free(&m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_free char *path = NULL;
	int fd = make_file(data, size, &path);
	double values[N_VALUES];

	try_matrix(path);
	fio_read(path, values);
	close(fd);
	return 0;
}
