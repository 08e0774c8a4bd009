/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Settings of the kernel by name.  One thread at a time. */
#ifndef LOAD_READ_SETTINGS_H
#define LOAD_READ_SETTINGS_H

#include "load/read/loader.h"

/* One of the table's, with its number.  0, -1 after a message, or 1: no such name. */
int load_setting(struct loader *ld, const struct ynode *key, const struct ynode *value,
		 const struct setting_row *table, struct setting **list, size_t *n);

#endif
