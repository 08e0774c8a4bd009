/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of limits in words.  Pure functions, any thread. */
#include "config.h"

#include "base/limits.h"

#include <inttypes.h>

const struct limit limit_rows[N_LIMITS] = {
#define LIMIT_ROW(id, name_, value_, unit_, words_)			\
	[LIMIT_ROW_##id] = {						\
		.name = name_, .value = value_,				\
		.unit = LIMIT_IN_##unit_, .words = words_,		\
	},
	LIMIT_LIST(LIMIT_ROW)
#undef LIMIT_ROW
};

void limit_print_value(struct buf *b, const struct limit *l)
{
	switch (l->unit) {
	case LIMIT_IN_NUMBERS:
		buf_printf(b, "%" PRIu64, l->value);
		break;
	case LIMIT_IN_BYTES:
		print_size(b, l->value);
		break;
	case LIMIT_IN_TIME:
		print_time(b, l->value);
		break;
	}
}

void limit_print(struct buf *b, const struct limit *l)
{
	buf_printf(b, "%s %s: at most ", l->unit == LIMIT_IN_TIME ?
		   "too long a" : "too many", l->words);
	limit_print_value(b, l);
	buf_printf(b, " (limit %s)", l->name);
}

int diag_limit(struct diags *dg, struct loc loc, const struct limit *l)
{
	auto_buf struct buf text = BUF_INIT;

	limit_print(&text, l);
	return diag(dg, loc, "%s", buf_str(&text));
}
