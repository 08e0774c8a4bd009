/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fusescen ctl: tell a server something.  The words of the command line become
 * one line of JSON (fusescen-ctl(7)); its answer is printed.  Main thread only.
 */
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "fusescen.h"
#include "fusescen/util/command.h"

struct settings {
	bool json;
	bool follow;
};

static const struct option_row options[] = {
	{ "json", 0, OPTION_FLAG, offsetof(struct settings, json), NULL,
	  "print replies as they come" },
	{ "follow", 'f', OPTION_FLAG, offsetof(struct settings, follow), NULL,
	  "tail: continue with new events" },
	{ NULL, 0, OPTION_FLAG, 0, NULL, NULL },
};

/* ---- the line ---------------------------------------------------------------------- */

static void put_string(struct buf *out, const char *s)
{
	buf_json(out, s, strlen(s));
}

/* Words that JSON or the scenario language wrote stay as they are. */
static void put_word(struct buf *out, const char *s)
{
	if (*s == '{' || *s == '[')
		buf_puts(out, s);
	else
		put_string(out, s);
}

static bool is_number(const char *s)
{
	return isdigit((unsigned char)*s) && !s[strspn(s, "0123456789")];
}

/* "release disk", "release disk 2", "enable slow": one word, or a gate and how
 * many. */
static int put_release(struct buf *out, char **words, int n)
{
	if (n == 1) {
		put_word(out, words[0]);
		return 0;
	}
	if (n != 2 || !is_number(words[1]))
		return -1;
	buf_puts(out, "{\"gate\": ");
	put_string(out, words[0]);
	buf_printf(out, ", \"count\": %s}", words[1]);
	return 0;
}

static int put_one(struct buf *out, char **words, int n)
{
	if (n != 1)
		return -1;
	put_word(out, words[0]);
	return 0;
}

/* "answer disk EIO"; more by {...}. */
static int put_answer(struct buf *out, char **words, int n)
{
	if (n == 1 && words[0][0] == '{') {
		buf_puts(out, words[0]);
		return 0;
	}
	if (n != 2)
		return -1;
	buf_puts(out, "{\"gate\": ");
	put_string(out, words[0]);
	buf_puts(out, ", \"error\": ");
	put_string(out, words[1]);
	buf_addc(out, '}');
	return 0;
}

/* "notify inval_inode /data size=4K": its word, what it is about, fields. */
static int put_notify(struct buf *out, char **words, int n)
{
	int i = 1;

	if (n == 1 && words[0][0] == '{') {
		buf_puts(out, words[0]);
		return 0;
	}
	if (n < 1)
		return -1;
	buf_addc(out, '{');
	put_string(out, words[0]);
	buf_puts(out, ": ");
	if (n > 1 && (strchr(words[1], '/') || !strchr(words[1], '=')))
		put_string(out, words[i++]);
	else
		buf_puts(out, "true");
	for (; i < n; i++) {
		char *value = strchr(words[i], '=');

		if (!value)
			return -1;
		*value++ = '\0';
		buf_puts(out, ", ");
		put_string(out, words[i]);
		buf_puts(out, ": ");
		put_word(out, value);
	}
	buf_addc(out, '}');
	return 0;
}

static int put_set(struct buf *out, char **words, int n)
{
	int i;

	for (i = 0; i < n; i++) {
		char *value = strchr(words[i], '=');

		if (!value)
			return -1;
		*value++ = '\0';
		buf_puts(out, i ? ", " : "{");
		put_string(out, words[i]);
		buf_puts(out, ": ");
		put_string(out, value);
	}
	buf_addc(out, '}');
	return n ? 0 : -1;
}

static int put_mount(struct buf *out, char **words, int n)
{
	return put_one(out, words, n);
}

static int put_true(struct buf *out, char **words, int n)
{
	(void)words;
	buf_puts(out, "true");
	return n ? -1 : 0;
}

static int put_tail(struct buf *out, char **words, int n)
{
	if (n > 1 || (n == 1 && !is_number(words[0])))
		return -1;
	buf_puts(out, n ? words[0] : "true");
	return 0;
}

static const struct form {
	const char *word;
	int (*put)(struct buf *out, char **words, int n);
	const char *usage;
	bool is_report;		/* has a form for people */
} forms[] = {
	{ "release", put_release, "GATE [COUNT]", 0 },
	{ "answer", put_answer, "GATE ERRNO", 0 },
	{ "rearm", put_one, "GATE", 0 },
	{ "notify", put_notify, "WORD [FILE] [FIELD=VALUE...]", 0 },
	{ "set", put_set, "STATE=VALUE...", 0 },
	{ "enable", put_one, "RULE", 0 },
	{ "disable", put_one, "RULE", 0 },
	{ "gates", put_true, "", 1 },
	{ "rules", put_true, "", 1 },
	{ "states", put_true, "", 1 },
	{ "stats", put_true, "", 1 },
	{ "tail", put_tail, "[COUNT]", 0 },
	{ "log", put_one, "all|rules", 0 },
	{ "stall", put_mount, "MOUNT", 0 },
	{ "resume", put_mount, "MOUNT", 0 },
	{ "abort", put_true, "", 0 },
	{ "quit", put_true, "", 0 },
	{ NULL, NULL, NULL, 0 },
};

static const struct form *find_form(const char *word)
{
	const struct form *f = forms;

	while (f->word && strcmp(f->word, word) != 0)
		f++;
	return f->word ? f : NULL;
}

static void list_forms(void)
{
	const struct form *f;

	for (f = forms; f->word; f++)
		fprintf(stderr, "  %s%s%s\n", f->word, *f->usage ? " " : "",
			f->usage);
	fputs("  {...}\n", stderr);
}

/* The line for these words, NULL after a message. */
static char *make_line(char **words, int n, const struct settings *set)
{
	const struct form *form = find_form(words[0]);
	struct buf out = BUF_INIT;
	int bad = 0, i;

	if (!form && words[0][0] != '{') {
		fprintf(stderr, "fusescen: unknown word \"%s\"; there are:\n",
			words[0]);
		list_forms();
		return NULL;
	}
	if (!form) {
		for (i = 0; i < n; i++)
			buf_printf(&out, "%s%s", i ? " " : "", words[i]);
	} else {
		buf_printf(&out, "{\"%s\": ", form->word);
		if (form->is_report && !set->json && n == 1)
			buf_puts(&out, "\"text\"");
		else if (set->follow && strcmp(form->word, "tail") == 0)
			buf_puts(&out, "\"follow\"");
		else
			bad = form->put(&out, words + 1, n - 1);
		buf_addc(&out, '}');
	}
	buf_addc(&out, '\n');
	if (!bad)
		return buf_steal(&out);
	fprintf(stderr, "fusescen: how to say it: %s %s\n",
		form->word, form->usage);
	buf_fini(&out);
	return NULL;
}

/* ---- the answer ----------------------------------------------------------------------- */

/* The text of a member, which stands first where it counts; NULL: there is
 * none.  The server escapes control characters and nothing else. */
static const char *find_member(const char *line, const char *name)
{
	const char *at = strstr(line, name);

	return at ? at + strlen(name) : NULL;
}

static unsigned hex_digits(const char *p)
{
	unsigned v = 0, i;

	for (i = 0; i < 4 && isxdigit((unsigned char)p[i]); i++)
		v = v * 16 + (unsigned)(isdigit((unsigned char)p[i]) ?
					p[i] - '0' : (p[i] | 32) - 'a' + 10);
	return v;
}

static void print_string(FILE *out, const char *p)
{
	int last = '\n';

	for (; *p && *p != '"'; p++) {
		int c = (unsigned char)*p;

		if (c == '\\' && p[1] == 'u') {
			c = (int)hex_digits(p + 2);
			p += 5;
		} else if (c == '\\') {
			p++;
			c = *p == 'n' ? '\n' : *p == 't' ? '\t' : *p;
		}
		putc(c, out);
		last = c;
	}
	if (last != '\n')
		putc('\n', out);
}

/* Returns the exit status. */
static int print_answer(const char *line, const struct settings *set)
{
	int ok = strncmp(line, "{\"ok\":true", 10) == 0;
	const char *text = find_member(line, ok ? "{\"ok\":true,\"text\":\"" :
				       "\"error\":\"");

	if (set->json)
		fputs(line, stdout);
	else if (!ok && text)
		print_string(stderr, text);
	else if (text)
		print_string(stdout, text);
	else if (strcmp(line, "{\"ok\":true}\n") != 0)
		fputs(line, stdout);
	return ok ? STATUS_PASS : STATUS_FAIL;
}

static bool is_tail(const char *line)
{
	return strncmp(line, "{\"ok\":true,\"events\":", 20) == 0;
}

/* Lines until the server has said everything. */
static int read_answer(FILE *in, const struct settings *set)
{
	char *line = NULL;
	size_t size = 0;
	int status;

	if (getline(&line, &size, in) <= 0) {
		fputs("fusescen: the server has gone without an answer\n", stderr);
		free(line);
		return STATUS_ERROR;
	}
	if (is_tail(line)) {
		status = STATUS_PASS;
		while (getline(&line, &size, in) > 0 && fputs(line, stdout) >= 0)
			fflush(stdout);
	} else {
		status = print_answer(line, set);
	}
	free(line);
	return status;
}

/* ---- the whole ------------------------------------------------------------------------ */

static int open_socket(const char *path)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(at.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(at.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&at, sizeof(at)) == 0)
		return fd;
	close(fd);
	return -1;
}

static int send_line(int fd, const char *line)
{
	size_t n = strlen(line);

	while (n) {
		ssize_t done = send(fd, line, n, MSG_NOSIGNAL);

		if (done < 0)
			return -1;
		line += done;
		n -= (size_t)done;
	}
	return 0;
}

static int tell(const char *path, const char *line, const struct settings *set)
{
	int fd = open_socket(path), status;
	FILE *in;

	if (fd < 0) {
		fprintf(stderr, "fusescen: %s: %s\n", path, strerror(errno));
		return STATUS_ERROR;
	}
	in = fdopen(fd, "r");
	if (!in)
		die_bug("fdopen: %s", strerror(errno));
	/* A server that refuses the line says so before it hangs up. */
	if (send_line(fd, line) == 0 && !set->follow)
		shutdown(fd, SHUT_WR);
	status = read_answer(in, set);
	fclose(in);
	return status;
}

static int ctl_main(const struct command *self, int argc, char **argv)
{
	struct settings set = { 0 };
	int n = options_parse(options, argc, argv, &set), status;
	char *line;

	if (n < 0)
		return STATUS_ERROR;
	if (n < 2) {
		fprintf(stderr, "fusescen: %s needs a socket and what to say:\n",
			self->name);
		list_forms();
		return STATUS_ERROR;
	}
	line = make_line(argv + 1, n - 1, &set);
	if (!line)
		return STATUS_ERROR;
	status = tell(argv[0], line, &set);
	free(line);
	return status;
}

const struct command command_ctl = {
	"ctl", "SOCKET WORD...", "send a command to a server while it serves",
	options, ctl_main,
};
