/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Starts fio, watches it, and reads its result. */
#ifndef FUSESCEN_BENCH_FIO_H
#define FUSESCEN_BENCH_FIO_H

#include "fusescen/bench/bench.h"

/* Returns "fio-3.33", which the caller frees; NULL if there is no fio in
 * PATH.  */
char *fio_version(void);

struct fio_wish {
	const struct bench *bench;
	const char *value;	/* of the option that is swept */
	const char *dir;
	const char *out, *errors;	/* files to write */
	unsigned seconds, ramp;
	int signal_fd;		/* a signal that comes here ends fio */
};

enum fio_end {
	FIO_DONE,
	FIO_FAILED,		/* after a message */
	FIO_STUCK,		/* killed, but not dead: fio_reap() */
	FIO_SIGNAL,		/* the same, because a signal came */
};

/* *pid gets the process that has to be reaped, and *signal the number of the
 * signal. */
enum fio_end fio_run(const struct fio_wish *w, double *values, pid_t *pid,
		     int *signal);
/* Waits for a process that was killed, but not for ever. */
void fio_reap(pid_t pid);

/* Reads the numbers in a file that fio wrote; -1 after a message. */
int fio_read(const char *path, double *values);

#endif
