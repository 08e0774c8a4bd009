/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A line is "[pid N] TIME name(args) = result <time>", in which most may be missing.
 * Where another process comes in between, it is in two parts: "name(args <unfinished ...>"
 * and "<... name resumed>args) = result".  Pure functions.
 */
#include "config.h"

#include "fusescen/import/strace.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

/* A call that was begun, by who has begun it. */
struct open_call {
	unsigned long pid;
	size_t at;
	char *head;			/* "read(3, " */
};

struct reader {
	struct strace_log *log;
	struct open_call *open;
	size_t n_open;
	unsigned line;
};

/* ---- texts --------------------------------------------------------------------------- */

static int digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 :
		c >= 'A' && c <= 'F' ? c - 'A' + 10 : 16;
}

/* The character behind a backslash at *p. */
static char unescape(const char **p)
{
	static const char from[] = "ntrvfa0", to[] = "\n\t\r\v\f\a";
	const char *at;
	int n = 0, i;
	char c = *(*p)++;

	if (c == 'x') {
		for (i = 0; i < 2 && digit(**p) < 16; i++)
			n = n * 16 + digit(*(*p)++);
		return (char)n;
	}
	if (c >= '0' && c <= '7') {
		n = c - '0';
		for (i = 1; i < 3 && **p >= '0' && **p <= '7'; i++)
			n = n * 8 + *(*p)++ - '0';
		return (char)n;
	}
	at = c ? strchr(from, c) : NULL;
	return at ? to[at - from] : c;
}

long strace_text(struct arena *a, const char *arg, char **out, bool *is_whole)
{
	struct buf b = BUF_INIT;
	const char *p = arg + 1;
	long n;

	if (arg[0] != '"')
		return -1;
	while (*p && *p != '"') {
		char c = *p++;

		buf_addc(&b, c == '\\' && *p ? unescape(&p) : c);
	}
	*is_whole = *p == '"' && strncmp(p + 1, "...", 3) != 0;
	*out = arena_strndup(a, buf_str(&b), b.len);
	n = (long)b.len;
	buf_fini(&b);
	return n;
}

/* ---- a call --------------------------------------------------------------------------- */

/* Behind the quoted text at p. */
static const char *skip_quoted(const char *p)
{
	for (p++; *p && *p != '"'; p++)
		p += *p == '\\' && p[1];
	return *p ? p + 1 : p;
}

/* The end of an argument: a comma or the closing bracket of the call. */
static const char *argument_end(const char *p)
{
	int depth = 0;

	while (*p) {
		if (*p == '"') {
			p = skip_quoted(p);
			continue;
		}
		if (!strncmp(p, "/*", 2)) {
			const char *end = strstr(p + 2, "*/");

			p = end ? end + 2 : p + strlen(p);
			continue;
		}
		if (!depth && (*p == ',' || *p == ')'))
			return p;
		depth += strchr("([{", *p) != NULL;
		depth -= strchr(")]}", *p) != NULL;
		p++;
	}
	return p;
}

/* "= -1 ENOENT (No such file) <0.1>" */
static void read_result(struct strace_log *log, struct traced *c, const char *p)
{
	char *end;

	p += strspn(p, " ");
	if (*p != '=')
		return;
	p += 1 + strspn(p + 1, " ");
	c->ret = strtoll(p, &end, 0);
	c->has_ret = end > p;
	p = end + strspn(end, " ");
	if (c->ret == -1 && *p == 'E')
		c->error = arena_strndup(log->arena, p, strcspn(p, " "));
}

static char *trimmed(struct arena *a, const char *from, const char *to)
{
	while (to > from && to[-1] == ' ')
		to--;
	return arena_strndup(a, from, (size_t)(to - from));
}

/* "name(args) = result": false if it is something else. */
static bool read_call(struct strace_log *log, struct traced *c, const char *text)
{
	const char *p = text + strspn(text, "abcdefghijklmnopqrstuvwxyz_0123456789"), *end;

	if (p == text || *p != '(')
		return false;
	c->name = arena_strndup(log->arena, text, (size_t)(p - text));
	for (p++; *p && *p != ')'; p = end + (*end == ',')) {
		p += strspn(p, " ");
		end = argument_end(p);
		if (c->n_args < STRACE_ARGS_MAX)
			c->args[c->n_args++] = trimmed(log->arena, p, end);
	}
	if (*p != ')')
		return false;
	read_result(log, c, p + 1);
	return true;
}

/* ---- lines ------------------------------------------------------------------------------ */

static struct traced *add(struct reader *r, unsigned long pid)
{
	struct strace_log *log = r->log;
	const struct traced call = { .pid = pid, .began = r->line };

	ARENA_PUSH(log->arena, log->calls, log->n_calls, call);
	return &log->calls[log->n_calls - 1];
}

static void begin(struct reader *r, unsigned long pid, const char *text, const char *mark)
{
	struct traced *c = add(r, pid);
	const struct open_call open = {
		pid, r->log->n_calls - 1,
		arena_strndup(r->log->arena, text, (size_t)(mark - text)),
	};
	auto_free char *whole = xasprintf("%s)", open.head);

	/* what is known of it if it never comes back */
	if (!read_call(r->log, c, whole))
		c->name = "?";
	ARENA_PUSH(r->log->arena, r->open, r->n_open, open);
}

/* "<... read resumed>"data", 4096) = 5" */
static bool resume(struct reader *r, unsigned long pid, const char *text)
{
	const char *rest = strstr(text, " resumed>");

	for (size_t i = r->n_open; rest && i--;) {
		struct open_call *o = &r->open[i];
		auto_free char *whole = NULL;
		struct traced again = { .pid = pid };

		if (o->pid != pid || !o->head)
			continue;
		whole = xasprintf("%s%s", o->head, rest + 9);
		again.began = r->log->calls[o->at].began;
		again.ended = r->line;
		o->head = NULL;
		if (!read_call(r->log, &again, whole))
			return false;
		r->log->calls[o->at] = again;
		return true;
	}
	return false;
}

/* "[pid 12] ", "12 ", and a time: what stands before the call. */
static const char *skip_head(const char *p, unsigned long *pid)
{
	char *end;

	if (!strncmp(p, "[pid ", 5)) {
		*pid = strtoul(p + 5, &end, 10);
		p = *end == ']' ? end + 1 : end;
	} else if (isdigit((unsigned char)*p)) {
		unsigned long n = strtoul(p, &end, 10);

		if (*end == ' ') {
			*pid = n;
			p = end;
		}
	}
	p += strspn(p, " ");
	if (isdigit((unsigned char)*p) && strspn(p, "0123456789:.") > 7)
		p += strspn(p, "0123456789:.");
	return p + strspn(p, " ");
}

static bool is_remark(const char *p)
{
	return !*p || !strncmp(p, "---", 3) || !strncmp(p, "+++", 3) ||
		!strncmp(p, "strace:", 7);
}

/* Where the line says that the call is not over, and not in what is written there;
 * NULL: it is over. */
static const char *find_unfinished(const char *line)
{
	static const char mark[] = "<unfinished ...>";
	const char *at = NULL;

	for (const char *p = strstr(line, mark); p; p = strstr(p + 1, mark))
		at = p;
	/* "= ?" where the process was killed meanwhile */
	return at && (!at[strlen(mark)] || !strncmp(at + strlen(mark), ") = ?", 5)) ? at : NULL;
}

static void read_line(struct reader *r, const char *line, bool is_whole)
{
	unsigned long pid = 0;
	const char *p = skip_head(line, &pid), *mark;
	struct traced *c;

	r->log->lines++;
	r->line = r->log->lines;
	if (is_remark(p))
		return;
	mark = find_unfinished(p);
	if (mark && isalpha((unsigned char)*p)) {
		begin(r, pid, p, mark);
		return;
	}
	if (!strncmp(p, "<... ", 5)) {
		r->log->strange += !resume(r, pid, p);
		return;
	}
	c = add(r, pid);
	c->ended = r->line;
	if (read_call(r->log, c, p))
		return;
	r->log->n_calls--;
	if (is_whole)
		r->log->strange++;
	else
		r->log->is_cut = true;
}

void strace_read(struct strace_log *log, struct arena *a, const char *text)
{
	struct reader r = { .log = log };

	*log = (struct strace_log){ .arena = a };
	while (*text) {
		size_t n = strcspn(text, "\n");
		auto_free char *line = xstrndup(text, n);

		read_line(&r, line, text[n] == '\n');
		text += n + (text[n] == '\n');
	}
}
