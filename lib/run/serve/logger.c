/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A thread that follows the event log and writes it to a file.  The server's
 * main thread starts and stops it. */
#include "config.h"

#include "run/serve/logger.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>

#include "base/json.h"
#include "base/units.h"
#include "report/report.h"

#define CHUNK		(64u << 10)
#define LOOK_NS		NS_PER_S
/* The pause between two looks, so that not every request wakes this thread. */
#define GATHER_NS	(5 * NS_PER_MS)

struct logger {
	int fd;
	const struct scenario *sc;
	struct evlog *log;
	uint64_t start_ns;
	size_t next;		/* event to be written */
	int err;
	atomic_bool stop;
	pthread_t thread;
};

void logger_put_missed(struct buf *b, size_t n)
{
	struct json_writer w = { .out = b };

	json_begin(&w, NULL, '{');
	json_put_text(&w, "event", "missed");
	json_put_u64(&w, "count", n);
	json_end(&w);
	buf_addc(b, '\n');
}

static int write_all(int fd, const char *p, size_t n)
{
	while (n) {
		ssize_t done = write(fd, p, n);

		if (done < 0 && errno != EINTR)
			return errno;
		if (done > 0) {
			p += done;
			n -= (size_t)done;
		}
	}
	return 0;
}

static void flush(struct logger *l, struct buf *b)
{
	if (b->len && !l->err)
		l->err = write_all(l->fd, b->data, b->len);
	buf_clear(b);
}

static void write_news(struct logger *l, struct buf *b)
{
	const struct event *ev;
	size_t missed = 0;

	while ((ev = evlog_next(l->log, &l->next, &missed))) {
		if (missed)
			logger_put_missed(b, missed);
		missed = 0;
		report_event(b, l->sc, ev, l->start_ns);
		evlog_drop(ev);
		if (b->len >= CHUNK)
			flush(l, b);
	}
	flush(l, b);
}

static void *logger_main(void *arg)
{
	auto_buf struct buf b = BUF_INIT;
	struct logger *l = arg;
	bool stop;

	do {
		size_t seen = l->next;

		/* Asked first: what came before it is then written. */
		stop = atomic_load(&l->stop);
		write_news(l, &b);
		if (!stop && evlog_wait_news(l->log, &seen, clock_ns() + LOOK_NS))
			sleep_ns(GATHER_NS);
	} while (!stop);
	return NULL;
}

struct logger *logger_start(int fd, const struct scenario *sc, struct evlog *log,
			    uint64_t start_ns)
{
	struct logger *l = xcalloc(1, sizeof(*l));
	sigset_t all, old;

	l->fd = fd;
	l->sc = sc;
	l->log = log;
	l->start_ns = start_ns;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	if (pthread_create(&l->thread, NULL, logger_main, l))
		die_bug("logger: thread");
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return l;
}

int logger_stop(struct logger *l)
{
	int err;

	if (!l)
		return 0;
	atomic_store(&l->stop, true);
	evlog_poke(l->log);
	if (pthread_join(l->thread, NULL))
		die_bug("logger: join");
	err = l->err;
	if (close(l->fd) && !err)
		err = errno;
	free(l);
	return err;
}
