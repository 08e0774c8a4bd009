/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the program's ELF header, and /proc. */
#include "config.h"

#include "fusescen/attach/diagnose.h"

#include <dirent.h>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/mem.h"
#include "fusescen/util/files.h"

/* ---- the file ---------------------------------------------------------------- */

/* As execvp(3): NULL if it is not there. */
static char *find_program(const char *name)
{
	const char *path = getenv("PATH"), *end;

	if (strchr(name, '/'))
		return xstrdup(name);
	for (; path && *path; path = *end ? end + 1 : end) {
		char *at;

		end = path + strcspn(path, ":");
		at = xasprintf("%.*s%s%s", (int)(end - path), path,
			       end > path ? "/" : "", name);
		if (access(at, X_OK) == 0)
			return at;
		free(at);
	}
	return NULL;
}

static const char *wrong_header(int fd)
{
	ElfW(Ehdr) head;
	ElfW(Phdr) part;
	size_t i;

	if (pread(fd, &head, sizeof(head), 0) != sizeof(head) ||
	    memcmp(head.e_ident, ELFMAG, SELFMAG) != 0)
		return NULL;		/* a script; its interpreter tells */
	if (head.e_ident[EI_CLASS] != (sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32))
		return "is made for another word size than libfusescen";
	for (i = 0; i < head.e_phnum; i++)
		if (pread(fd, &part, sizeof(part), (off_t)(head.e_phoff +
			  i * head.e_phentsize)) == sizeof(part) &&
		    part.p_type == PT_INTERP)
			return NULL;
	return "is statically linked: no library can be loaded before it";
}

char *diagnose_program(const char *name)
{
	auto_free char *path = find_program(name);
	auto_close int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	const char *what;
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		return NULL;		/* execvp(3) says it better */
	if (st.st_mode & (S_ISUID | S_ISGID) && geteuid())
		what = "changes its user when it starts: no library is loaded before it";
	else
		what = wrong_header(fd);
	return what ? xasprintf("%s %s", name, what) : NULL;
}

/* ---- processes ----------------------------------------------------------------- */

static pid_t parent_of(pid_t pid)
{
	auto_buf struct buf b = BUF_INIT;
	char path[64];
	const char *end;
	int parent = 0;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	if (file_read(path, &b))
		return 0;
	/* Behind the name, which may have anything in it. */
	end = strrchr(buf_str(&b), ')');
	return end && sscanf(end, ") %*c %d", &parent) == 1 ? parent : 0;
}

static bool descends(pid_t pid, pid_t root)
{
	unsigned steps = 0;

	while (pid > 1 && pid != root && steps++ < 64)
		pid = parent_of(pid);
	return pid == root;
}

/* Calls look() for each until it returns something. */
static char *each_descendant(pid_t root, char *(*look)(pid_t pid, const void *ctx),
			     const void *ctx)
{
	DIR *d = opendir("/proc");
	char *found = NULL;
	struct dirent *e;

	while (d && !found && (e = readdir(d))) {
		pid_t pid = (pid_t)strtol(e->d_name, NULL, 10);

		if (pid > 0 && pid != root && descends(pid, root))
			found = look(pid, ctx);
	}
	if (d)
		closedir(d);
	return found;
}

static bool has_device(pid_t pid)
{
	auto_free char *dir = xasprintf("/proc/%d/fd", (int)pid);
	DIR *d = opendir(dir);
	bool has = false;
	struct dirent *e;
	char to[32];

	while (d && !has && (e = readdir(d))) {
		ssize_t n = readlinkat(dirfd(d), e->d_name, to, sizeof(to) - 1);

		to[n > 0 ? n : 0] = '\0';
		has = strcmp(to, "/dev/fuse") == 0;
	}
	if (d)
		closedir(d);
	return has;
}

/* fusermount opens the device for others. */
static char *name_unless_helper(pid_t pid)
{
	auto_free char *path = xasprintf("/proc/%d/comm", (int)pid);
	char *name = file_line(path);

	if (name && (strncmp(name, "fusermount", 10) == 0 ||
		     strncmp(name, "mount.fuse", 10) == 0)) {
		free(name);
		return NULL;
	}
	return name;
}

static const char *what_is_wrong(const char *maps, const char *library)
{
	if (!strstr(maps, library))
		return "was started without the library that is to be loaded before "
			"libfuse: it is statically linked, or has changed its user or "
			"its environment";
	if (strstr(maps, "/libfuse3.so"))
		return "has opened /dev/fuse without a session of libfuse 3";
	if (strstr(maps, "/libfuse.so.2"))
		return "uses libfuse 2, and only libfuse 3 lets others read and write "
			"for it";
	return "does not use a shared libfuse 3";
}

static char *look_at(pid_t pid, const void *library)
{
	auto_buf struct buf maps = BUF_INIT;
	auto_free char *name = NULL;
	char path[64];

	if (!has_device(pid))
		return NULL;
	name = name_unless_helper(pid);
	snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
	if (!name || file_read(path, &maps) || !maps.len)
		return NULL;
	return xasprintf("%s (process %d) %s", name, (int)pid,
			 what_is_wrong(buf_str(&maps), library));
}

char *diagnose_processes(pid_t root, const char *library)
{
	return each_descendant(root, look_at, library);
}

static char *send_signal(pid_t pid, const void *sig)
{
	kill(pid, *(const int *)sig);
	return NULL;
}

void signal_descendants(pid_t root, int sig)
{
	each_descendant(root, send_signal, &sig);
}
