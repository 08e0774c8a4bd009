/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libfuse with -d: a line for each request, lines of its path-based layer, if the server
 * uses that, and a line for the reply.  Servers write lines of their own in between.  Pure
 * functions.
 */
#include "config.h"

#include "fusescen/import/requests.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REPLY_HEADER	16u		/* bytes */
#define WRITE_HEADER	80u

/* What stands before " 0644 umask=0022" or " 0x1", which is cut off. */
static char *path_before(struct arena *a, const char *from, const char *mark)
{
	const char *end = strstr(from, mark);

	while (end && end > from && *--end != ' ')
		;
	return end && end > from ? arena_strndup(a, from, (size_t)(end - from)) :
		arena_strdup(a, from);
}

static void take_path(struct request_log *log, struct served_request *r, const char *path)
{
	if (!r->path && *path == '/')
		r->path = arena_strdup(log->arena, path);
}

/* "/old /new", and perhaps " 0x1" */
static void take_two(struct request_log *log, struct served_request *r, const char *p)
{
	const char *second = strstr(p, " /");
	char *last;

	if (!second)
		return;
	r->path = arena_strndup(log->arena, p, (size_t)(second - p));
	r->other = arena_strdup(log->arena, second + 1);
	last = strrchr(r->other, ' ');
	if (!strncmp(r->op, "RENAME", 6) && last && !strncmp(last, " 0x", 3))
		*last = '\0';
}

/* "flags: 0x8241 /path 0100644 umask=0022" */
static void take_open(struct request_log *log, struct served_request *r, const char *p)
{
	char *end;

	r->flags = request_flags(log->arena, strtoull(p + strlen("flags: "), &end, 16));
	if (strncmp(end, " /", 2) != 0)
		return;
	if (strstr(end, " umask=")) {
		r->path = path_before(log->arena, end + 1, " umask=");
		r->mode = (unsigned)strtoul(strstr(end, r->path) + strlen(r->path), NULL, 8) & 07777;
		r->has_mode = true;
	} else {
		take_path(log, r, end + 1);
	}
}

/* "[4] 4096 bytes from 0 flags: 0x8000"; indented, it is what came of it */
static void take_handle(struct served_request *r, const char *p, bool is_result)
{
	unsigned long long fh = 0, n = 0, at = 0;
	int found = sscanf(p, "[%llu] %llu bytes %*s %llu", &fh, &n, &at);

	if (!found)
		return;
	r->fh = fh;
	r->has_fh = true;
	if (found < 2)
		return;
	if (is_result) {
		r->count = n;
		r->has_count = true;
	} else {
		r->size = n;
		r->offset = at;
		r->has_size = true;
	}
}

/* "chmod /path 0100644", "truncate /path 5" */
static void take_set(struct request_log *log, struct served_request *r, const char *word,
		     const char *p)
{
	const char *last = strrchr(p, ' ');

	if (!last)
		return;
	r->path = arena_strndup(log->arena, p, (size_t)(last - p));
	r->set = arena_strdup(log->arena, word);
	r->mode = (unsigned)strtoul(last, NULL, 8) & 07777;
	r->size = strtoull(last, NULL, 0);
}

/* "lo_lookup(parent=1, name=a)" and "  1/a -> 1403", as libfuse's example has it.  False: it
 * is something else. */
static bool read_example(struct request_log *log, struct served_request *r, const char *line)
{
	const char *name = strstr(line, "(parent="), *to = strstr(line, " -> ");

	name = name ? strstr(name, "name=") : NULL;
	if (name) {
		name += strlen("name=");
		r->names[0] = arena_strndup(log->arena, name, strcspn(name, ")"));
	} else if (to && line[0] == ' ' && strchr(line, '/')) {
		r->entry = strtoull(to + 4, NULL, 10);
	}
	return name || to;
}

/* The line is about the request that came last. */
static void read_detail(struct request_log *log, struct served_request *r, const char *line)
{
	bool is_result = *line == ' ';
	const char *p = line + strspn(line, " ");
	size_t n = strcspn(p, "[ ");
	auto_free char *word = xstrndup(p, n);
	const char *rest = p[n] == ' ' ? p + n + 1 : p + n;

	if (sscanf(p, "NODEID: %zu", &n) == 1)
		r->entry = n;
	else if (read_example(log, r, line))
		return;
	else if (!strncmp(rest, "flags: 0x", 9))
		take_open(log, r, rest);
	else if (*rest == '[' && strcmp(word, "getattr") != 0)
		take_handle(r, rest, is_result);
	else if (!strcmp(word, "rename") || !strcmp(word, "link"))
		take_two(log, r, rest);
	else if (!strcmp(word, "symlink") && strstr(rest, " /")) {
		r->path = arena_strdup(log->arena, strstr(rest, " /") + 1);
		r->other = arena_strndup(log->arena, rest, (size_t)(strstr(rest, " /") - rest));
	} else if (!strcmp(word, "mkdir") || !strcmp(word, "mknod")) {
		r->path = path_before(log->arena, rest, !strcmp(word, "mkdir") ? " umask=" : " 0x");
		r->mode = (unsigned)strtoul(rest + strlen(r->path), NULL, 8) & 07777;
		r->has_mode = true;
	} else if (!strcmp(word, "chmod") || !strcmp(word, "truncate"))
		take_set(log, r, word, rest);
	else if (!strcmp(word, "readlink"))
		take_path(log, r, path_before(log->arena, rest, "\n"));
	else if (*rest == '/')
		take_path(log, r, rest);
	/* of a descriptor: "open[4] flags: 0x8000 /path" */
	if (p[strlen(word)] == '[')
		take_handle(r, p + strlen(word), is_result && !strstr(rest, "flags"));
}

bool request_line_libfuse(struct request_log *log, const char *line)
{
	unsigned long long unique, nodeid, size = 0;
	unsigned long pid = 0;
	struct served_request *r;
	const char *p = strstr(line, "unique: ");
	char op[32];
	int error;

	if (p && sscanf(p, "unique: %llu, opcode: %31[^ ] (%*d), nodeid: %llu, insize: %llu, pid: %lu",
			&unique, op, &nodeid, &size, &pid) >= 3) {
		r = request_begin(log, unique, op);
		r->nodeid = nodeid;
		if (!strcmp(op, "WRITE") && size > WRITE_HEADER)
			r->size = size - WRITE_HEADER;
		r->pid = pid;
		return true;
	}
	if (p && sscanf(p, "unique: %llu, error: %d", &unique, &error) == 2) {
		r = request_end(log, unique);
		if (r)
			r->error = -error;
		return r != NULL;
	}
	if (p && sscanf(p, "unique: %llu, success, outsize: %llu", &unique, &size) == 2) {
		r = request_end(log, unique);
		if (r && !r->has_count && !strcmp(r->op, "READ") && size >= REPLY_HEADER) {
			r->count = size - REPLY_HEADER;
			r->has_count = true;
		}
		return r != NULL;
	}
	if (p)
		return false;
	if (log->n && !log->at[log->n - 1].ended)
		read_detail(log, &log->at[log->n - 1], line);
	return true;
}
