/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The processes that descend from this one, as /proc tells.  Main thread only. */
#ifndef FUSESCEN_RECORD_KIN_H
#define FUSESCEN_RECORD_KIN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct kin {
	pid_t *at;
	size_t n;
};

/* All of them, without those that have ended.  The caller frees the list. */
struct kin kin_list(void);
/* Sends a signal to all of them that are not spared.  Returns how many it came to. */
unsigned kin_signal(const struct kin *spared, int signal);
/* Kills all of them and waits for them.  False: some have not ended after two seconds. */
bool kin_end(void);

#endif
