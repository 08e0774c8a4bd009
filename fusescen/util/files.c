/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of commands and of the virtual machines.  Main thread only. */
#include "config.h"

#include "fusescen/util/files.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child.h"
#include "base/mem.h"
#include "fusescen/util/errors.h"

#define CHUNK		65536
#define READ_MAX	((size_t)1 << 30)	/* no module is as large */

struct packer {
	const char *magic;
	size_t len;
	char *const *argv;
};

#define ARGV(name)	((char *const[]){ (char *)name, (char *)"-dc", NULL })

static const struct packer packers[] = {
	{ "\x1f\x8b", 2, ARGV("gzip") },
	{ "\xfd" "7zXZ", 5, ARGV("xz") },
	{ "\x28\xb5\x2f\xfd", 4, ARGV("zstd") },
	{ "\x02\x21\x4c\x18", 4, ARGV("lz4") },
	{ "BZh", 3, ARGV("bzip2") },
	{ "\x5d\0\0", 3, ARGV("lzma") },
	{ NULL, 0, NULL },
};

static int read_all(int fd, struct buf *out)
{
	ssize_t n;

	do {
		n = read(fd, buf_reserve(out, CHUNK), CHUNK);
		if (n > 0)
			out->len += (size_t)n;
	} while ((n > 0 && out->len <= READ_MAX) || (n < 0 && errno == EINTR));
	out->data[out->len] = '\0';
	if (n > 0) {
		errno = EFBIG;
		n = -1;
	}
	if (n < 0)
		buf_fini(out);
	return n < 0 ? -1 : 0;
}

int file_read(const char *path, struct buf *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), result, err;

	*out = (struct buf)BUF_INIT;
	if (fd < 0)
		return -1;
	result = read_all(fd, out);
	err = errno;
	close(fd);
	errno = err;
	return result;
}

int text_write(const char *path, const char *text)
{
	FILE *f = path ? fopen(path, "we") : stdout;
	bool bad = !f || fputs(text, f) < 0;

	if (f && f != stdout)
		bad |= fclose(f) != 0;
	if (bad)
		put_error("%s: %s", path ? path : "standard output", strerror(errno));
	return bad ? -1 : 0;
}

char *path_absolute(const char *path)
{
	auto_free char *dir = NULL;

	if (!path || *path == '/')
		return xstrdup(path ? path : "");
	dir = getcwd(NULL, 0);
	return xasprintf("%s/%s", dir ? dir : "", path);
}

char *file_line(const char *path)
{
	struct buf b;
	char *line;

	if (file_read(path, &b))
		return NULL;
	line = buf_steal(&b);
	line[strcspn(line, "\n")] = '\0';
	return line;
}

static const struct packer *find_packer(const char *at, size_t len)
{
	const struct packer *p;

	for (p = packers; p->magic; p++)
		if (len > p->len && memcmp(at, p->magic, p->len) == 0)
			return p;
	return NULL;
}

const char *bytes_packer(const char *at, size_t len)
{
	const struct packer *p = find_packer(at, len);

	return p ? p->argv[0] : NULL;
}

int write_all(int fd, const void *data, size_t len)
{
	const char *at = data;
	ssize_t n;

	for (; len; at += n, len -= (size_t)n) {
		n = write(fd, at, len);
		if (n < 0 && errno != EINTR)
			return -1;
		n = n < 0 ? 0 : n;
	}
	return 0;
}

/* Input and output are files in memory, so that neither process waits for the
 * other. */
static int run_packer(const struct packer *p, int in, int out)
{
	pid_t parent = getpid(), pid = fork();
	int status;

	if (pid == 0) {
		int null = open("/dev/null", O_WRONLY);

		die_with(parent);
		if (dup2(in, 0) == 0 && dup2(out, 1) == 1 && dup2(null, 2) == 2)
			execvp(p->argv[0], p->argv);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

static int unpack(const struct packer *p, int in, int out,
		  const char *at, size_t len, struct buf *to,
		  char **why)
{
	int status;

	if (in < 0 || out < 0 || write_all(in, at, len) || lseek(in, 0, SEEK_SET)) {
		*why = xasprintf("%s", strerror(errno));
		return -1;
	}
	*to = (struct buf)BUF_INIT;
	status = run_packer(p, in, out);
	if (status == 127)
		*why = xasprintf("%s is not installed", p->argv[0]);
	else if (status)
		*why = xasprintf("%s cannot unpack it", p->argv[0]);
	else if (lseek(out, 0, SEEK_SET) || read_all(out, to))
		*why = xasprintf("%s", strerror(errno));
	else
		return 0;
	return -1;
}

int bytes_unpack(const char *at, size_t len, struct buf *out,
		 char **why)
{
	const struct packer *p = find_packer(at, len);
	int from, to, err;

	if (!p) {
		*out = (struct buf)BUF_INIT;
		buf_add(out, at, len);
		return 0;
	}
	from = memfd_create("packed", MFD_CLOEXEC);
	to = memfd_create("unpacked", MFD_CLOEXEC);
	err = unpack(p, from, to, at, len, out, why);
	close(from);
	close(to);
	return err;
}

char *cache_path(const char *dir, const char *name)
{
	const char *own = getenv("FUSESCEN_CACHE"), *xdg = getenv("XDG_CACHE_HOME"),
		*home = getenv("HOME");

	if (own && *own)
		return xasprintf("%s/%s/%s", own, dir, name);
	if (xdg && *xdg)
		return xasprintf("%s/fusescen/%s/%s", xdg, dir, name);
	if (home && *home)
		return xasprintf("%s/.cache/fusescen/%s/%s", home, dir, name);
	return NULL;
}

uint64_t files_key(const char *const *paths, size_t n)
{
	uint64_t h = 14695981039346656037u;	/* FNV-1a, of numbers */
	size_t i, j;

	for (i = 0; i < n; i++) {
		struct stat st = { 0 };
		uint64_t parts[5] = { 0 };

		if (paths[i] && stat(paths[i], &st) == 0) {
			parts[0] = (uint64_t)st.st_dev;
			parts[1] = (uint64_t)st.st_ino;
			parts[2] = (uint64_t)st.st_size;
			parts[3] = (uint64_t)st.st_mtim.tv_sec;
			parts[4] = (uint64_t)st.st_mtim.tv_nsec;
		}
		for (j = 0; j < 5; j++)
			h = (h ^ parts[j]) * 1099511628211u;
	}
	return h;
}

static int make_parents(const char *path)
{
	char *copy = xstrdup(path), *p = copy;
	int err = 0;

	while (!err && (p = strchr(p + 1, '/'))) {
		*p = '\0';
		if (mkdir(copy, 0777) && errno != EEXIST)
			err = -1;
		*p = '/';
	}
	free(copy);
	return err;
}

/* A file that has no name until it is whole goes with whoever is killed before.  0,
 * or -1 and errno: EOPNOTSUPP or EISDIR where this filesystem has none. */
static int write_unnamed(const char *path, const void *data, size_t len)
{
	auto_free char *copy = xstrdup(path);
	auto_close int fd = open(dirname(copy), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0644);
	auto_free char *link = xasprintf("/proc/self/fd/%d", fd);
	int err;

	if (fd < 0 || write_all(fd, data, len) || fchmod(fd, 0644))
		return -1;
	err = linkat(AT_FDCWD, link, AT_FDCWD, path, AT_SYMLINK_FOLLOW);
	if (err && errno == EEXIST && !unlink(path))
		err = linkat(AT_FDCWD, link, AT_FDCWD, path, AT_SYMLINK_FOLLOW);
	/* somebody else was as fast, with the same */
	return err && errno != EEXIST ? -1 : 0;
}

/* Where there are no unnamed files. */
static int write_renamed(const char *path, const void *data, size_t len)
{
	auto_free char *tmp = xasprintf("%s.XXXXXX", path);
	auto_close int fd = mkostemp(tmp, O_CLOEXEC);
	int err;

	if (fd < 0)
		return -1;
	if (!write_all(fd, data, len) && !fchmod(fd, 0644) && !rename(tmp, path))
		return 0;
	err = errno;
	unlink(tmp);
	errno = err;
	return -1;
}

int cache_write(const char *path, const void *data, size_t len)
{
	if (make_parents(path))
		return -1;
	if (!write_unnamed(path, data, len))
		return 0;
	return errno == EOPNOTSUPP || errno == EISDIR ?
		write_renamed(path, data, len) : -1;
}
