/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "fusescen/report/output.h"

#include "base/buf.h"
#include "base/mem.h"

char *point_name(const struct point *p)
{
	struct buf b = BUF_INIT;

	buf_puts(&b, p->file);
	if (p->case_name)
		buf_printf(&b, " (%s)", p->case_name);
	if (p->kernel)
		buf_printf(&b, " on %s", p->kernel);
	if (p->transport)
		buf_printf(&b, " by %s", p->transport);
	return buf_steal(&b);
}
