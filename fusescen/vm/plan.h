/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a machine is to do: written outside, read inside. */
#ifndef FUSESCEN_VM_PLAN_H
#define FUSESCEN_VM_PLAN_H

#include "fusescen/report/runner.h"
#include "fusescen/util/files.h"
#include "fusescen/vm/frame.h"

/* The runs from..to (not included) of all rounds, in order.  -1 after a
 * message if a file cannot be read. */
int plan_write(const struct runner *r, size_t from, size_t to, struct buf *out);

/* What the guest reads. */
struct plan_case {
	enum frame_kind kind;	/* a case, or what else there is to do */
	uint64_t point;
	uint64_t file, index;
	uint64_t rounds, seconds, ramp;	/* of a bench file */
};

struct plan {
	struct buf bytes;
	struct fusescen_options options;
	bool events;
	const char **names, **texts;	/* of the files; borrowed from the bytes */
	size_t n_files;
	struct plan_case *cases;
	size_t n_cases;
};

/* 0, or -1: it is not whole.  To be freed either way. */
int plan_read(struct plan *p, const char *path);
void plan_free(struct plan *p);

#endif
