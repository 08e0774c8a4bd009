/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fio: started, watched, its result read. */
#ifndef FUSESCEN_BENCH_FIO_H
#define FUSESCEN_BENCH_FIO_H

#include "fusescen/bench/bench.h"

/* "fio-3.33", to be freed; NULL: there is none in PATH. */
char *fio_version(void);

struct fio_wish {
	const struct bench *bench;
	const char *value;	/* of the option that is swept */
	const char *dir;
	const char *out, *errors;	/* files to write */
	unsigned seconds, ramp;
	int signal_fd;		/* a signal ends it early */
};

enum fio_end {
	FIO_DONE,
	FIO_FAILED,		/* after a message */
	FIO_STUCK,		/* killed, and not dead yet: see fio_reap() */
	FIO_SIGNAL,		/* the same, because of a signal */
};

/* pid: of one that is to be reaped; signal: which one came. */
enum fio_end fio_run(const struct fio_wish *w, double *values, pid_t *pid,
		     int *signal);
/* Wait for a killed one, but not for ever. */
void fio_reap(pid_t pid);

/* The numbers in a file that fio wrote; -1 after a message. */
int fio_read(const char *path, double *values);

#endif
