/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What all calls share: the table, arguments, results, and faults.  Runs on
 * the actors' threads.
 */
#include "config.h"

#include "act/calls/calls.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/units.h"

const struct call_row call_rows[N_CALLS] = {
#define CALL_ROW(name)	[CALL_##name] = { run_##name },
	CALL_LIST(CALL_ROW)
#undef CALL_ROW
};

/* ---- arguments ------------------------------------------------------------- */

int arg_fd(const struct call_cx *cx, unsigned i)
{
	struct var v;

	vars_get(cx->vars, cx->use->args[i].var, &v);
	return v.kind == VAR_FD ? v.fd : -1;
}

const char *arg_path(struct call_cx *cx, unsigned i)
{
	const struct arg *a = &cx->use->args[i];

	if (a->mount == NONE)
		return a->str;
	free(cx->paths[i]);
	cx->paths[i] = xasprintf("/%s%s", cx->sc->mounts[a->mount].name,
				 a->str ? a->str : "");
	return cx->paths[i];
}

/* ---- results --------------------------------------------------------------- */

static void returned(struct call_cx *cx)
{
	cx->end_ns = clock_ns();
	cx->end_seq = atomic_fetch_add(cx->seq, 1) + 1;
}

/* A server may answer EMFILE.  If this process has no descriptor left itself,
 * nobody can tell whether it did. */
static const char *descriptor_lack(int err)
{
	int fds[2];

	if (err != EMFILE && err != ENFILE)
		return NULL;
	/* a call that the actors' filter allows */
	if (pipe2(fds, O_CLOEXEC) == 0) {
		close(fds[0]);
		close(fds[1]);
		return NULL;
	}
	return errno == err ?
		"the actor's process has no descriptor left (ulimit -n)" : NULL;
}

void give_errno(struct call_cx *cx, int err)
{
	struct outcome *o = &cx->slot->outcome;

	returned(cx);
	o->ret = -1;
	o->err = err;
	o->lack = descriptor_lack(err);
}

void give_lack(struct call_cx *cx, const char *what)
{
	give_errno(cx, 0);
	cx->slot->outcome.lack = what;
}

void give(struct call_cx *cx, int64_t ret)
{
	int err = errno;

	if (ret < 0) {
		give_errno(cx, err);
		return;
	}
	returned(cx);
	cx->slot->outcome.ret = ret;
}

void give_var(struct call_cx *cx, const struct var *v)
{
	/* The number of a descriptor, or an address, is no result. */
	cx->slot->outcome.ret = 0;
	vars_set(cx->vars, cx->use->result_var, v);
}

void give_fd(struct call_cx *cx, int fd)
{
	struct var v = { .kind = VAR_FD, .fd = fd };

	give(cx, fd);
	if (fd >= 0)
		give_var(cx, &v);
}

void give_data(struct call_cx *cx, const void *p, size_t n)
{
	uint8_t *io = cx->slot->io;

	if (n > cx->slot->io_size) {
		cx->slot->outcome.lack = "its data is more than we keep of a call "
			"(limit call_names)";
		return;
	}
	if (n && p != io)
		memmove(io, p, n);
	cx->slot->outcome.data = io;
	cx->slot->outcome.data_len = n;
}

/* ---- faults ---------------------------------------------------------------- */

/* Where the thread goes on after a fault in its call.  A signal handler has no
 * other way to learn whose fault it is. */
static _Thread_local sigjmp_buf fault_exit;
static _Thread_local volatile sig_atomic_t fault_armed;

static void on_fault(int sig, siginfo_t *info, void *ucontext)
{
	(void)ucontext;
	/* somebody has sent it (si_code <= 0), and no access has caused it: it
	 * only interrupts, like SIGUSR1 */
	if (info->si_code <= 0)
		return;
	if (!fault_armed) {
		/* this is a bug of ours: the access is made again and kills
		 * us */
		signal(sig, SIG_DFL);
		return;
	}
	siglongjmp(fault_exit, sig);
}

void call_catch_faults(void)
{
	struct sigaction sa = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO };

	sigemptyset(&sa.sa_mask);
	sigaction(SIGBUS, &sa, NULL);
	sigaction(SIGSEGV, &sa, NULL);
}

void call_run(struct call_cx *cx)
{
	size_t i;
	int sig;

	cx->slot->outcome = (struct outcome){ .ret = 0 };
	memset(cx->paths, 0, sizeof(cx->paths));
	cx->io = (struct io){ NULL, 0 };
	sig = sigsetjmp(fault_exit, 1);
	if (!sig) {
		fault_armed = 1;
		call_rows[cx->use->call->id].run(cx);
	} else {
		returned(cx);
		cx->slot->outcome = (struct outcome){ .signal = sig };
	}
	fault_armed = 0;
	for (i = 0; i < ARRAY_SIZE(cx->paths); i++)
		free(cx->paths[i]);
	io_unmap(&cx->io);
}
