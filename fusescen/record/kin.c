/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the parents of all processes.  Main thread only. */
#include "config.h"

#include "fusescen/record/kin.h"

#include <ctype.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/units.h"

#define END_NS		(2 * NS_PER_S)
#define PAUSE_NS	(5 * NS_PER_MS)

struct process {
	pid_t pid, parent;
	bool is_kin;
};

static bool read_parent(struct process *p)
{
	auto_free char *path = xasprintf("/proc/%d/stat", (int)p->pid);
	FILE *f = fopen(path, "re");
	char line[512];
	const char *behind;
	char state;
	int parent;
	bool ok;

	if (!f)
		return false;
	ok = fgets(line, sizeof(line), f) != NULL;
	fclose(f);
	/* a name may have anything in it, so the last one counts */
	behind = ok ? strrchr(line, ')') : NULL;
	if (!behind || sscanf(behind + 1, " %c %d", &state, &parent) != 2)
		return false;
	p->parent = parent;
	return state != 'Z' && state != 'X';
}

static size_t read_all(struct process **out)
{
	DIR *dir = opendir("/proc");
	struct dirent *e;
	size_t n = 0;

	*out = NULL;
	while (dir && (e = readdir(dir))) {
		struct process p = { .pid = (pid_t)strtol(e->d_name, NULL, 10) };

		if (!isdigit((unsigned char)e->d_name[0]) || !read_parent(&p))
			continue;
		*out = xgrow(*out, n, sizeof(**out));
		(*out)[n++] = p;
	}
	if (dir)
		closedir(dir);
	return n;
}

/* Of this process, or of one that is found already? */
static bool is_child(const struct process *all, size_t n, pid_t parent)
{
	if (parent == getpid())
		return true;
	for (size_t i = 0; i < n; i++)
		if (all[i].is_kin && all[i].pid == parent)
			return true;
	return false;
}

struct kin kin_list(void)
{
	auto_free struct process *all = NULL;
	size_t n = read_all(&all);
	struct kin kin = { NULL, 0 };

	for (bool more = true; more;) {
		more = false;
		for (size_t i = 0; i < n; i++) {
			if (all[i].is_kin || !is_child(all, n, all[i].parent))
				continue;
			all[i].is_kin = more = true;
			kin.at = xgrow(kin.at, kin.n, sizeof(*kin.at));
			kin.at[kin.n++] = all[i].pid;
		}
	}
	return kin;
}

static bool is_in(const struct kin *kin, pid_t pid)
{
	for (size_t i = 0; kin && i < kin->n; i++)
		if (kin->at[i] == pid)
			return true;
	return false;
}

unsigned kin_signal(const struct kin *spared, int signal)
{
	struct kin kin = kin_list();
	unsigned found = 0;

	for (size_t i = 0; i < kin.n; i++)
		found += !is_in(spared, kin.at[i]) && kill(kin.at[i], signal) == 0;
	free(kin.at);
	return found;
}

bool kin_end(void)
{
	for (uint64_t waited = 0; kin_signal(NULL, SIGKILL); waited += PAUSE_NS) {
		if (waited > END_NS)
			return false;
		sleep_ns(PAUSE_NS);
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
	}
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	return true;
}
