/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Settings: a name and a number.  One thread at a time. */
#include "config.h"

#include "load/read/settings.h"

#include <string.h>

#include "load/read/values.h"

int load_setting(struct loader *ld, const struct ynode *key, const struct ynode *value,
		 const struct setting_row *table, struct setting **list, size_t *n)
{
	struct setting set = { .loc = key->loc, .row = table };

	while (set.row->name && strcmp(set.row->name, key->text))
		set.row++;
	if (!set.row->name)
		return 1;
	if (value_count(ld, value, 0, set.row->max, &set.value))
		return -1;
	ARENA_PUSH(ld->arena, *list, *n, set);
	return 0;
}
