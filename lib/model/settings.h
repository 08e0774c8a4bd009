/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Settings of the kernel that hold for the whole machine, and those of one connection.
 * Constant tables. */
#ifndef MODEL_SETTINGS_H
#define MODEL_SETTINGS_H

#include "model/values.h"

/* A file whose text is a number, or a Y or N for a flag. */
struct setting_row {
	const char *name;
	const char *path;	/* of a connection: its file in fusectl */
	uint64_t max;
	const char *help;
};

extern const struct setting_row machine_settings[];	/* a NULL name at the end */
extern const struct setting_row connection_settings[];

/* What a scenario gives one of them. */
struct setting {
	struct loc loc;
	const struct setting_row *row;
	uint64_t value;
};

/* The names of either table, for struct words. */
const char *setting_at(const void *table, size_t i);

#endif
