/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs fio.  Its jobs are threads, so that it is one process, which dies with
 * us.  Main thread only. */
#include "config.h"

#include "fusescen/bench/fio.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child.h"
#include "base/mem.h"
#include "base/units.h"
#include "fusescen/bench/place.h"
#include "fusescen/util/errors.h"
#include "fusescen/util/escape.h"
#include "fusescen/util/signals.h"

#define PATIENCE_S	60	/* longer than it should take */
#define REAP_TRIES	1000	/* of 10 ms */
#define REAP_GAP_NS	(10 * NS_PER_MS)
#define ERRORS_SHOWN	4000

/* popen(3) needs a shell, and a virtual machine has none. */
static pid_t ask_version(int *fd)
{
	char fio[] = "fio", version[] = "--version", *argv[] = { fio, version, NULL };
	posix_spawn_file_actions_t actions;
	int ends[2], err;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return -1;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
	err = posix_spawnp(&pid, fio, &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	*fd = ends[0];
	if (!err)
		return pid;
	close(ends[0]);
	return -1;
}

char *fio_version(void)
{
	char line[64];
	int fd, status = 0;
	pid_t pid = ask_version(&fd);
	ssize_t n;

	if (pid < 0)
		return NULL;
	n = read(fd, line, sizeof(line) - 1);
	close(fd);
	if (waitpid(pid, &status, 0) < 0 || status || n <= 0)
		return NULL;
	line[n] = '\0';
	line[strcspn(line, "\n")] = '\0';
	return xstrdup(line);
}

/* ---- the process ------------------------------------------------------------------ */

struct command_line {
	char **at;
	size_t n;
};

static void add_word(struct command_line *w, char *word)
{
	w->at = xgrow(w->at, w->n, sizeof(*w->at));
	w->at[w->n++] = word;
}

static struct command_line command_line(const struct fio_wish *wish)
{
	const struct bench *b = wish->bench;
	struct command_line w = { 0 };
	size_t i;

	add_word(&w, xstrdup("fio"));
	add_word(&w, xstrdup("--output-format=json"));
	add_word(&w, xasprintf("--output=%s", wish->out));
	add_word(&w, xstrdup("--eta=never"));
	add_word(&w, xstrdup("--name=bench"));
	add_word(&w, xasprintf("--directory=%s", wish->dir));
	add_word(&w, xstrdup("--group_reporting=1"));
	add_word(&w, xstrdup("--thread=1"));
	add_word(&w, xstrdup("--time_based=1"));
	add_word(&w, xasprintf("--runtime=%u", wish->seconds));
	if (wish->ramp)
		add_word(&w, xasprintf("--ramp_time=%u", wish->ramp));
	for (i = 0; i < b->n_fio; i++)
		add_word(&w, xasprintf("--%s=%s", b->fio[i].name,
				       b->fio[i].value));
	add_word(&w, xasprintf("--%s=%s", b->sweep, wish->value));
	add_word(&w, NULL);
	return w;
}

static _Noreturn void be_fio(const struct fio_wish *wish, char **argv, pid_t parent)
{
	int fd = open(wish->errors, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
		      0600);
	sigset_t none;

	/* The signals of the terminal are for us. */
	setpgid(0, 0);
	die_with(parent);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	/* If there is a directory here that is called like the job, fio takes
	 * it for the job's file. */
	if (chdir(PLACE "/raw"))
		_exit(126);
	if (fd < 0 || dup2(fd, 1) < 0 || dup2(fd, 2) < 0)
		_exit(126);
	execvp(argv[0], argv);
	dprintf(2, "fio: %s\n", strerror(errno));
	_exit(127);
}

static pid_t start(const struct fio_wish *wish)
{
	struct command_line w = command_line(wish);
	pid_t parent = getpid(), pid;
	size_t i;

	fflush(NULL);
	pid = fork();
	if (pid == 0)
		be_fio(wish, w.at, parent);
	if (pid < 0)
		put_error("fork: %s", strerror(errno));
	for (i = 0; i < w.n; i++)
		free(w.at[i]);
	free(w.at);
	return pid;
}

/* Returns true if fio has ended and can be reaped.  *signal gets the number of a
 * signal that came. */
static bool wait_for(pid_t pid, const struct fio_wish *wish, int *signal)
{
	uint64_t until = clock_ns() +
		(wish->seconds + wish->ramp + PATIENCE_S) * NS_PER_S, now;
	int pidfd = (int)syscall(SYS_pidfd_open, pid, 0u);
	struct pollfd p[] = {
		{ pidfd, POLLIN, 0 }, { wish->signal_fd, POLLIN, 0 },
	};

	while (!p[0].revents && !*signal && (now = clock_ns()) < until)
		if (poll(p, 2, (int)((until - now) / NS_PER_MS) + 1) > 0 &&
		    p[1].revents)
			*signal = signals_read(wish->signal_fd);
	if (pidfd >= 0)
		close(pidfd);
	return p[0].revents != 0;
}

void fio_reap(pid_t pid)
{
	int i;

	for (i = 0; i < REAP_TRIES && waitpid(pid, NULL, WNOHANG) == 0; i++)
		sleep_ns(REAP_GAP_NS);
}

/* ---- its end ---------------------------------------------------------------------- */

static void show_errors(const char *path)
{
	char text[ERRORS_SHOWN + 1];
	FILE *f = fopen(path, "re");
	size_t n = f ? fread(text, 1, ERRORS_SHOWN, f) : 0;

	text[n] = '\0';
	put_report(stderr, text);
	if (n && text[n - 1] != '\n')
		fputc('\n', stderr);
	if (f)
		fclose(f);
}

/* fio writes what is wrong with its files above its report. */
static void show_notes(const char *path)
{
	FILE *f = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;

	while (f && getline(&line, &size, f) > 0 && *line != '{')
		put_report(stderr, line);
	free(line);
	if (f)
		fclose(f);
}

static enum fio_end judge(const struct fio_wish *wish, int status, double *values)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return fio_read(wish->out, values) ? FIO_FAILED : FIO_DONE;
	if (WIFSIGNALED(status))
		put_error("fio was ended by signal %d:", WTERMSIG(status));
	else
		put_error("fio failed with status %d:", WEXITSTATUS(status));
	show_errors(wish->errors);
	show_notes(wish->out);
	return FIO_FAILED;
}

enum fio_end fio_run(const struct fio_wish *wish, double *values, pid_t *pid,
		     int *signal)
{
	int status;

	*signal = 0;
	unlink(wish->out);
	*pid = start(wish);
	if (*pid < 0)
		return FIO_FAILED;
	if (wait_for(*pid, wish, signal)) {
		waitpid(*pid, &status, 0);
		return judge(wish, status, values);
	}
	kill(*pid, SIGKILL);
	if (*signal)
		return FIO_SIGNAL;
	put_error("fio has not ended %u s after its time:", PATIENCE_S);
	show_errors(wish->errors);
	return FIO_STUCK;
}
