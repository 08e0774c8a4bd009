/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A log of requests as the calls that would make a kernel send them.  One thread at a
 * time. */
#ifndef FUSESCEN_IMPORT_GUESS_H
#define FUSESCEN_IMPORT_GUESS_H

#include "fusescen/import/requests.h"
#include "fusescen/import/story.h"
#include "fusescen/import/strace.h"

/* Paths in it begin with "/", as those below a mountpoint "/" do.  What lookups say about
 * files goes to the story. */
void guess_calls(struct story *s, const struct request_log *log, struct strace_log *out);

#endif
