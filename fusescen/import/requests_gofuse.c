/* SPDX-License-Identifier: GPL-2.0-or-later */
/* go-fuse with Debug: "rx 2: LOOKUP n1 ["abc"] 4b" and "tx 2:     OK, {n4 g1 ...}", behind a
 * time.  Directories are nodeids.  Pure functions. */
#include "config.h"

#include "fusescen/import/requests.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

/* ["a" "b"] */
static void take_names(struct request_log *log, struct served_request *r, const char *p)
{
	for (size_t i = 0; i < 2 && (p = strchr(p, '"')); i++) {
		const char *end = ++p;

		while (*end && *end != '"')
			end += *end == '\\' && end[1] ? 2 : 1;
		r->names[i] = arena_strndup(log->arena, p, (size_t)(end - p));
		p = *end ? end + 1 : end;
	}
}

/* "O_WRONLY,CREAT,0x8000" */
static const char *take_flags(struct request_log *log, const char *p)
{
	struct buf b = BUF_INIT;
	const char *out;

	while (isupper((unsigned char)*p) || *p == '0') {
		size_t n = strcspn(p, ",|}] ");

		if (isupper((unsigned char)*p))
			buf_printf(&b, "%s%s%.*s", b.len ? "|" : "", strncmp(p, "O_", 2) ? "O_" : "",
				   (int)n, p);
		p += n + (p[n] == ',' || p[n] == '|');
	}
	out = arena_strdup(log->arena, b.len ? buf_str(&b) : "O_RDONLY");
	buf_fini(&b);
	return out;
}

static void take_body(struct request_log *log, struct served_request *r, const char *p)
{
	unsigned long long fh, at, n;
	const char *words;

	if (sscanf(p, "{Fh %llu", &fh) == 1) {
		r->fh = fh;
		r->has_fh = true;
	}
	words = strchr(p, '[');
	if (words && sscanf(words, "[%llu +%llu)", &at, &n) == 2) {
		r->offset = at;
		r->size = n;
		r->has_size = true;
	}
	if (!strcmp(r->op, "OPEN") || !strcmp(r->op, "OPENDIR"))
		r->flags = take_flags(log, p + 1);
	if (!strcmp(r->op, "CREATE") && words)
		r->flags = take_flags(log, words + 1);
	if (p[1] == '0') {
		r->mode = (unsigned)strtoul(p + 1, NULL, 8) & 07777;
		r->has_mode = true;
	}
	if (sscanf(p, "{i%llu", &n) == 1 || sscanf(p, "{n%llu", &n) == 1)
		r->newdir = n;
}

static bool read_request(struct request_log *log, const char *p)
{
	unsigned long long unique, nodeid = 0;
	struct served_request *r;
	const char *body, *names;
	char op[32], kind = 'n';

	if (sscanf(p, "rx %llu: %31s %c%llu", &unique, op, &kind, &nodeid) < 2)
		return false;
	r = request_begin(log, unique, op);
	r->nodeid = nodeid;
	r->pid = 1;
	body = strchr(p, '{');
	if (body)
		take_body(log, r, body);
	/* names are behind a body, which may have "[0 +4096)" */
	names = strstr(p, "[\"");
	if (names)
		take_names(log, r, names);
	return true;
}

static bool read_reply(struct request_log *log, const char *p)
{
	unsigned long long unique, n;
	struct served_request *r;
	const char *at;
	unsigned mode;

	if (sscanf(p, "tx %llu:", &unique) != 1)
		return false;
	r = request_end(log, unique);
	if (!r)
		return true;
	p = strchr(p, ':') + 1;
	p += strspn(p, " ");
	if (isdigit((unsigned char)*p))
		r->error = (int)strtol(p, NULL, 10);
	at = strstr(p, "{n");
	if (at && sscanf(at, "{n%llu", &n) == 1)
		r->entry = n;
	at = strstr(p, "Fh ");
	if (at && sscanf(at, "Fh %llu", &n) == 1) {
		r->fh = n;
		r->has_fh = true;
	}
	at = strstr(p, "{M0");
	if (at && sscanf(at, "{M%o SZ=%llu", &mode, &n) == 2) {
		r->attr_mode = mode;
		r->attr_size = n;
		r->has_attr = true;
	}
	at = strstr(p, "b data");
	if (at && !strcmp(r->op, "READ")) {
		while (at > p && isdigit((unsigned char)at[-1]))
			at--;
		r->count = strtoull(at, NULL, 10);
		r->has_count = true;
	} else if (!strcmp(r->op, "READ") && !r->error) {
		r->has_count = true;
	}
	return true;
}

bool request_line_gofuse(struct request_log *log, const char *line)
{
	const char *rx = strstr(line, "rx "), *tx = strstr(line, "tx ");

	if (rx && (!tx || rx < tx))
		return read_request(log, rx);
	return tx ? read_reply(log, tx) : !strstr(line, "unique: ") && line[0] != '{';
}
