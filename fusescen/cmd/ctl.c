/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fusescen ctl: sends a command to a server.  The words of the command line
 * become one line of JSON (fusescen-ctl(7)), and the answer to it is printed.
 * Main thread only.
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

#include "base/json.h"
#include "base/mem.h"
#include "fusescen.h"
#include "fusescen/util/command.h"
#include "fusescen/util/errors.h"
#include "fusescen/util/escape.h"
#include "fusescen/util/json.h"

struct settings {
	bool json;
	bool follow;
};

static const struct option_row options[] = {
	{ "json", 0, OPTION_FLAG, offsetof(struct settings, json), NULL,
	  "print replies as they come" },
	{ "follow", 'f', OPTION_FLAG, offsetof(struct settings, follow), NULL,
	  "with tail: go on with new events" },
	{ NULL, 0, OPTION_FLAG, 0, NULL, NULL },
};

/* ---- the line ---------------------------------------------------------------------- */

/* A word that is JSON, or that is written as in a scenario, stays as it is. */
static void put_word(struct json_writer *w, const char *key, const char *s)
{
	if (*s == '{' || *s == '[')
		json_put_raw(w, key, s);
	else
		json_put_text(w, key, s);
}

static bool is_number(const char *s)
{
	return isdigit((unsigned char)*s) && !s[strspn(s, "0123456789")];
}

/* Puts NAME=VALUE as a member. */
static int put_member(struct json_writer *w, const char *word,
		      void (*put)(struct json_writer *w, const char *key,
				  const char *s))
{
	const char *value = strchr(word, '=');
	auto_free char *name = NULL;

	if (!value)
		return -1;
	name = xstrndup(word, (size_t)(value - word));
	put(w, name, value + 1);
	return 0;
}

/* Each of the functions below puts the member whose key is the command. */

static int put_one(struct json_writer *w, const char *key, char **words, int n)
{
	if (n != 1)
		return -1;
	put_word(w, key, words[0]);
	return 0;
}

/* "release disk", "release disk 2" or "enable slow": one word, or a gate and a
 * count. */
static int put_release(struct json_writer *w, const char *key, char **words, int n)
{
	if (n == 1)
		return put_one(w, key, words, n);
	if (n != 2 || !is_number(words[1]))
		return -1;
	json_begin(w, key, '{');
	json_put_text(w, "gate", words[0]);
	json_put_raw(w, "count", words[1]);
	json_end(w);
	return 0;
}

/* "answer disk EIO".  Other answers are written as {...}. */
static int put_answer(struct json_writer *w, const char *key, char **words, int n)
{
	if (n == 1 && words[0][0] == '{')
		return put_one(w, key, words, n);
	if (n != 2)
		return -1;
	json_begin(w, key, '{');
	json_put_text(w, "gate", words[0]);
	json_put_text(w, "error", words[1]);
	json_end(w);
	return 0;
}

/* "notify inval_inode /data size=4K": the kind of notification, what it is
 * about, and its fields. */
static int put_notify(struct json_writer *w, const char *key, char **words, int n)
{
	int i = 1, bad = 0;

	if (n == 1 && words[0][0] == '{')
		return put_one(w, key, words, n);
	if (n < 1)
		return -1;
	json_begin(w, key, '{');
	if (n > 1 && (strchr(words[1], '/') || !strchr(words[1], '=')))
		json_put_text(w, words[0], words[i++]);
	else
		json_put_bool(w, words[0], true);
	for (; i < n && !bad; i++)
		bad = put_member(w, words[i], put_word);
	json_end(w);
	return bad;
}

/* "server truncate /data size=4K": what changes, the file, and how; or one mapping
 * in its place. */
static int put_server(struct json_writer *w, const char *key, char **words, int n)
{
	int i, bad = 0;

	if (n == 1 && words[0][0] == '{')
		return put_one(w, key, words, n);
	if (n < 2)
		return -1;
	json_begin(w, key, '{');
	put_word(w, words[0], words[1]);
	for (i = 2; i < n && !bad; i++)
		bad = put_member(w, words[i], put_word);
	json_end(w);
	return bad;
}

static int put_set(struct json_writer *w, const char *key, char **words, int n)
{
	int i, bad = n ? 0 : -1;

	json_begin(w, key, '{');
	for (i = 0; i < n && !bad; i++)
		bad = put_member(w, words[i], json_put_text);
	json_end(w);
	return bad;
}

static int put_true(struct json_writer *w, const char *key, char **words, int n)
{
	(void)words;
	json_put_bool(w, key, true);
	return n ? -1 : 0;
}

static int put_tail(struct json_writer *w, const char *key, char **words, int n)
{
	if (n > 1 || (n == 1 && !is_number(words[0])))
		return -1;
	json_put_raw(w, key, n ? words[0] : "true");
	return 0;
}

static const struct form {
	const char *word;
	int (*put)(struct json_writer *w, const char *key, char **words, int n);
	const char *usage;
	bool is_report;		/* its reply has a form for people */
} forms[] = {
	{ "release", put_release, "GATE [COUNT]", 0 },
	{ "answer", put_answer, "GATE ERRNO", 0 },
	{ "rearm", put_one, "GATE", 0 },
	{ "notify", put_notify, "WORD [FILE] [FIELD=VALUE...]", 0 },
	{ "set", put_set, "STATE=VALUE...", 0 },
	{ "server", put_server, "WORD FILE [KEY=VALUE...]", 0 },
	{ "evict", put_one, "FILE", 0 },
	{ "enable", put_one, "RULE", 0 },
	{ "disable", put_one, "RULE", 0 },
	{ "gates", put_true, "", 1 },
	{ "rules", put_true, "", 1 },
	{ "states", put_true, "", 1 },
	{ "stats", put_true, "", 1 },
	{ "tail", put_tail, "[COUNT]", 0 },
	{ "log", put_one, "all|rules", 0 },
	{ "stall", put_one, "MOUNT", 0 },
	{ "resume", put_one, "MOUNT", 0 },
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

/* Returns the line for these words; NULL after a message. */
static char *make_line(char **words, int n, const struct settings *set)
{
	const struct form *form = find_form(words[0]);
	struct buf out = BUF_INIT;
	struct json_writer w = { .out = &out, .spaced = true };
	int bad = 0, i;

	if (!form && words[0][0] != '{') {
		put_error("unknown command \"%s\"; the commands are:", words[0]);
		list_forms();
		return NULL;
	}
	if (!form) {
		for (i = 0; i < n; i++)
			buf_printf(&out, "%s%s", i ? " " : "", words[i]);
	} else {
		json_begin(&w, NULL, '{');
		if (form->is_report && !set->json && n == 1)
			json_put_text(&w, form->word, "text");
		else if (set->follow && strcmp(form->word, "tail") == 0)
			json_put_text(&w, form->word, "follow");
		else
			bad = form->put(&w, form->word, words + 1, n - 1);
		json_end(&w);
	}
	buf_addc(&out, '\n');
	if (!bad)
		return buf_steal(&out);
	put_error("usage: %s %s", form->word, form->usage);
	buf_fini(&out);
	return NULL;
}

/* ---- the reply ------------------------------------------------------------------------ */

/* Returns the exit status. */
static int print_reply(const json_t *j, const char *line,
		       const struct settings *set)
{
	bool ok = json_is_true(json_object_get(j, "ok"));
	const char *text = json_text_of(j, ok ? "text" : "error");
	FILE *out = ok ? stdout : stderr;

	if (set->json || (!text && !(ok && json_object_size(j) == 1))) {
		put_lines(stdout, line);
	} else if (text) {
		put_lines(out, text);
		if (!text[0] || text[strlen(text) - 1] != '\n')
			putc('\n', out);
	}
	return ok ? STATUS_PASS : STATUS_FAIL;
}

/* Is it {"ok":true,"events":N}, which events follow? */
static bool is_tail(const json_t *j)
{
	return json_object_size(j) == 2 && json_object_get(j, "events") &&
		json_is_true(json_object_get(j, "ok"));
}

/* Reads lines until the server has said everything. */
static int read_reply(FILE *in, const struct settings *set)
{
	auto_free char *line = NULL;
	auto_json json_t *j = NULL;
	size_t size = 0;

	if (getline(&line, &size, in) <= 0) {
		put_error("the server ended without an answer");
		return STATUS_ERROR;
	}
	j = json_read("the server's reply", line, strlen(line));
	if (!j)
		return STATUS_ERROR;
	if (!is_tail(j))
		return print_reply(j, line, set);
	while (getline(&line, &size, in) > 0) {
		put_lines(stdout, line);
		if (fflush(stdout))
			break;
	}
	return STATUS_PASS;
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
		put_error("%s: %s", path, strerror(errno));
		return STATUS_ERROR;
	}
	in = fdopen(fd, "r");
	if (!in)
		die_bug("fdopen: %s", strerror(errno));
	/* A server that refuses the line gives its reason before it hangs
	 * up. */
	if (send_line(fd, line) == 0 && !set->follow)
		shutdown(fd, SHUT_WR);
	status = read_reply(in, set);
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
		put_error("%s needs a socket and a command:", self->name);
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
	"ctl", "SOCKET WORD...", "send a command to such a server",
	options, ctl_main,
};
