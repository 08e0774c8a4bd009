/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fusescen attach --html. */
#ifndef FUSESCEN_CMD_ATTACH_PAGE_H
#define FUSESCEN_CMD_ATTACH_PAGE_H

#include "fusescen/report/output.h"

/* An empty file for the server's log, of which the page is made where nobody else
 * wants it; NULL after a message. */
char *attach_page_log(void);
/* The page about p, from that log.  page: its path; NULL: there is none.  Returns -1
 * after a message. */
int attach_page(const char *page, const char *log, const struct point *p);

#endif
