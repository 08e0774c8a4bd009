/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Conditions, patterns and events in the words of the scenario language.
 * Pure functions, any thread. */
#ifndef ENGINE_PRINT_H
#define ENGINE_PRINT_H

#include "engine/evlog.h"

/* "/data", or "upper:/data" where there is more than one mount. */
void print_path(struct buf *b, const struct scenario *sc, int mount,
		const char *path);
/* "0..4K", "cache|lockowner", "\"text\"".  f: the field, for its dimension. */
void print_cond(struct buf *b, const struct protocol *p, const struct cond *c,
		const struct field *f);
/* "EIO", "0" */
void print_error(struct buf *b, int error);
/* As the kernel's functions return it: "-EBUSY", "4096" */
void print_kernel_value(struct buf *b, int64_t value);
/* As written, or put together from what it says. */
void print_pattern(struct buf *b, const struct scenario *sc,
		   const struct pattern *p);

/* One event in the words a pattern is written in: "reply WRITE /data offset=0
 * size=4K = EIO", "app fsync = 0", "inval returns". */
void event_print(struct buf *b, const struct scenario *sc, const struct event *ev);
/* What it is, without the fields: "#12 WRITE /data" */
void print_who(struct buf *b, const struct scenario *sc, const struct event *ev);
/* An event of the kernel: "posix_lock_inode type=F_WRLCK start=0 ... ret=0" */
void print_trace(struct buf *b, const struct scenario *sc, const struct event *ev);

/* What a notification's write(2) gave. */
int event_error(const struct event *ev);

#endif
