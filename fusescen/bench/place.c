/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes a mount namespace and what is in it.  Main thread only. */
#include "config.h"

#include "fusescen/bench/place.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/mem.h"
#include "fusescen/util/command.h"
#include "fusescen/util/errors.h"

#define CHUNK	(1u << 20)

static int cannot(const char *what, int status)
{
	put_error("%s: %s", what, strerror(errno));
	return status;
}

/* ---- the namespace -------------------------------------------------------------- */

static int bind_raw(int fd)
{
	char from[64];

	snprintf(from, sizeof(from), "/proc/self/fd/%d", fd);
	return mount(from, PLACE "/raw", NULL, MS_BIND, NULL);
}

static int hide(void)
{
	if (mount("fusescen", PLACE, "tmpfs", MS_NOSUID | MS_NODEV,
		  "size=90%,mode=755"))
		return cannot("a tmpfs at " PLACE, STATUS_SKIP);
	if (mkdir(PLACE "/raw", 0755) || mkdir(PLACE "/tmpfs", 0755))
		return cannot(PLACE, STATUS_ERROR);
	/* If this fails, lock contention is not counted, and the rest is
	 * measured. */
	if (mkdir(PLACE_TRACEFS, 0700) == 0)
		mount("fusescen", PLACE_TRACEFS, "tracefs",
		      MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
	return 0;
}

/* ---- files -------------------------------------------------------------------------- */

/* The file is written, because a write into a hole is not what is measured. */
static int fill(const char *path, uint64_t size)
{
	char *chunk = xmalloc(CHUNK);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	int err = fd < 0;

	memset(chunk, 'x', CHUNK);
	while (!err && size > 0) {
		size_t part = size < CHUNK ? (size_t)size : CHUNK;
		ssize_t n = write(fd, chunk, part);

		err = n <= 0;
		size -= n > 0 ? (size_t)n : 0;
	}
	free(chunk);
	if (fd >= 0 && (fsync(fd) || close(fd)))
		err = 1;
	return err ? -1 : 0;
}

static bool is_measured(const struct bench *b, const char *dir)
{
	size_t i;

	for (i = 0; i < b->n_variants; i++)
		if (strcmp(b->variants[i].in, dir) == 0)
			return true;
	return false;
}

/* Servers may have raw as their lower directory, so the files are made before
 * they start. */
static int make_files(const struct bench *b)
{
	const char *const *d;
	size_t i;
	int err = 0;

	for (d = bench_dirs; *d; d++)
		for (i = 0; i < b->n_files && !err; i++) {
			char *path = xasprintf(PLACE "/%s/%s", *d,
					       b->files[i].name);

			if (strcmp(*d, "raw") == 0 || is_measured(b, *d))
				err = fill(path, b->files[i].size);
			if (err)
				cannot(path, 0);
			free(path);
		}
	return err ? STATUS_ERROR : 0;
}

static bool is_kept(const struct bench *b, const char *name)
{
	size_t i;

	for (i = 0; i < b->n_files; i++)
		if (strcmp(b->files[i].name, name) == 0)
			return true;
	return false;
}

static void clean(const struct bench *b, const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *e;

	while (dir && (e = readdir(dir)))
		if (e->d_type != DT_DIR && !is_kept(b, e->d_name))
			unlinkat(dirfd(dir), e->d_name, 0);
	if (dir)
		closedir(dir);
}

void place_clean(const struct bench *b)
{
	clean(b, PLACE "/raw");
	clean(b, PLACE "/tmpfs");
}

/* ---- both ---------------------------------------------------------------------------- */

static void name_raw(struct place *p)
{
	static const struct {
		long magic;
		const char *name;
	} types[] = {
		{ 0x01021994, "tmpfs" }, { 0xef53, "ext4" }, { 0x58465342, "xfs" },
		{ 0x9123683e, "btrfs" }, { 0x794c7630, "overlayfs" },
		{ 0x6969, "nfs" }, { 0xf2f52010, "f2fs" },
	};
	struct statfs fs;
	size_t i;

	if (statfs(PLACE "/raw", &fs))
		return;
	snprintf(p->raw_type, sizeof(p->raw_type), "filesystem 0x%lx",
		 (unsigned long)fs.f_type);
	for (i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (types[i].magic == (long)fs.f_type)
			snprintf(p->raw_type, sizeof(p->raw_type), "%s",
				 types[i].name);
}

int place_open(struct place *p, const char *dir, const struct bench *b)
{
	int status;

	*p = (struct place){ .raw = RAWDIR_INIT };
	if (unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return cannot("a mount namespace", STATUS_SKIP);
	if (dir && rawdir_open(&p->raw, dir))
		return cannot(dir, STATUS_ERROR);
	status = hide();
	if (!status && dir && bind_raw(p->raw.fd))
		status = cannot(PLACE "/raw", STATUS_ERROR);
	if (!status)
		status = make_files(b);
	name_raw(p);
	return status;
}

void place_close(struct place *p)
{
	umount2(PLACE "/raw", MNT_DETACH);
	umount2(PLACE, MNT_DETACH);
	rawdir_close(&p->raw);
}
