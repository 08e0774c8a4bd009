/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parts of a scenario as YAML: what scenario_dump() is made of.  Pure functions
 * on const data. */
#ifndef LOAD_DUMP_H
#define LOAD_DUMP_H

#include "model/scenario.h"

/* A YAML scalar: plain where that is safe, else in double quotes. */
void dump_scalar(struct buf *b, const char *s);
/* "key: value" with what must stand before it (", " or "{"). */
void dump_pair(struct buf *b, const char *before, const char *key,
	       const char *value);
void dump_number(struct buf *b, const char *before, const char *key,
		 uint64_t v);
/* Bytes in double quotes with C escapes, as inside of calls. */
void dump_bytes(struct buf *b, const void *p, size_t len);
void dump_data(struct buf *b, const struct data_spec *d);
void dump_error(struct buf *b, int error);
void dump_file(struct buf *b, const struct scenario *sc,
	       const struct file_ref *f);
/* ", backing: ..." */
void dump_backing_file(struct buf *b, const struct scenario *sc,
		       const struct file_ref *f);
/* The value of a condition: "0..4096", "0x10|-0x20", "\"name\"". */
void dump_cond_value(struct buf *b, const struct cond *c);

/* "fd = open(...) = -1 EIO", without the actor. */
void dump_call(struct buf *b, const struct scenario *sc,
	       const struct call_use *use);
/* " = RESULT", or nothing. */
void dump_expectation(struct buf *b, const struct call *call,
		      const struct expectation *e);
void dump_pattern(struct buf *b, const struct scenario *sc,
		  const struct pattern *p);

/* The keys of a reply, each after ", " but the first, which is after
 * "before". */
void dump_reply_keys(struct buf *b, const struct scenario *sc,
		     const struct reply_spec *r, const char *before);
void dump_notify(struct buf *b, const struct scenario *sc,
		 const struct notify_spec *n, bool before);
/* "{state: value}" */
void dump_assigns(struct buf *b, const struct scenario *sc,
		  const struct assign *a, size_t n);
void dump_rule(struct buf *b, const struct scenario *sc, const struct rule *r);
void dump_step(struct buf *b, const struct scenario *sc, const struct step *s);
void dump_check(struct buf *b, const struct scenario *sc,
		const struct check *c);
void dump_mount(struct buf *b, const struct scenario *sc,
		const struct mount_spec *m);

#endif
