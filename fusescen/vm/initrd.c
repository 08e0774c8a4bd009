/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The dynamic loader is asked which libraries there are, because it has found
 * all of them already.  Main thread only. */
#include "config.h"

#include "fusescen/vm/initrd.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/mem.h"
#include "fusescen/util/errors.h"
#include "fusescen/vm/cpio.h"
#include "fusescen/vm/modules.h"

/* glibc loads this one only when a thread is cancelled. */
#define UNWINDER	"libgcc_s.so.1"

static int copy(struct cpio *c, const char *to, const char *from)
{
	if (cpio_copy(c, to, 0755, from) == 0)
		return 0;
	put_error("%s: %s", from, strerror(errno));
	return -1;
}

/* Adds every directory above a file, the outermost first.  A directory may be
 * added twice. */
static void add_parents(struct cpio *c, const char *path)
{
	char *dir = xstrdup(path), *p = dir;

	while ((p = strchr(p, '/'))) {
		*p = '\0';
		cpio_dir(c, dir);
		*p++ = '/';
	}
	free(dir);
}

/* The loader has to be at the path that the program names, such as
 * "/lib64/ld-linux-x86-64.so.2".  */
static int add_loader(struct cpio *c, const struct dl_phdr_info *self)
{
	int i;

	for (i = 0; i < self->dlpi_phnum; i++) {
		const char *path;

		if (self->dlpi_phdr[i].p_type != PT_INTERP)
			continue;
		path = (const char *)(self->dlpi_addr + self->dlpi_phdr[i].p_vaddr);
		add_parents(c, path + 1);
		return copy(c, path + 1, path);
	}
	return 0;
}

static int add_object(struct dl_phdr_info *info, size_t size, void *arg)
{
	const char *slash = strrchr(info->dlpi_name, '/');
	struct cpio *c = arg;
	char *to;
	int err;

	(void)size;
	if (!info->dlpi_name[0])
		return add_loader(c, info);	/* the program itself */
	if (!slash)
		return 0;	/* the kernel's vdso */
	to = xasprintf(GUEST_LIBRARIES "/%s", slash + 1);
	err = copy(c, to, info->dlpi_name);
	free(to);
	return err;
}

int initrd_program(struct buf *out)
{
	static const char *const dirs[] = {
		"dev", "proc", "sys", "run", "tmp", "var", "var/tmp", "mnt",
		"etc", "root", "fusescen", GUEST_LIBRARIES,
	};
	void *unwinder = dlopen(UNWINDER, RTLD_NOW);
	struct cpio c = { .out = BUF_INIT };
	size_t i;
	int err;

	for (i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++)
		cpio_dir(&c, dirs[i]);
	cpio_device(&c, "dev/console", 5, 1);
	err = copy(&c, GUEST_PROGRAM, "/proc/self/exe");
	if (!err)
		err = dl_iterate_phdr(add_object, &c);
	cpio_end(&c);
	*out = c.out;
	if (unwinder)
		dlclose(unwinder);
	if (err)
		buf_fini(out);
	return err;
}

int initrd_make(const struct buf *modules, const struct buf *program,
		const struct buf *plan)
{
	int fd = memfd_create("initrd", MFD_CLOEXEC);
	struct cpio c = { .out = BUF_INIT };
	int err;

	cpio_file(&c, GUEST_PLAN, 0444, plan->data, plan->len);
	cpio_end(&c);
	err = fd < 0 || write_all(fd, modules->data, modules->len) ||
		write_all(fd, program->data, program->len) ||
		write_all(fd, c.out.data, c.out.len);
	buf_fini(&c.out);
	if (!err)
		return fd;
	put_error("cannot make a file in memory: %s", strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}
