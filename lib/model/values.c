/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tables of words. */
#include "config.h"

#include "model/values.h"

const char *keyword_at(const void *table, size_t i)
{
	return ((const struct keyword *)table)[i].name;
}
