/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A page of the kernel's trace buffer as trace_pipe_raw gives it: a time, a
 * length, then records, each with the time since the one before
 * (include/linux/ring_buffer.h, tracefs: events/header_page, header_event).
 * Pure; damaged bytes end the page.
 */
#ifndef TRACE_PAGE_H
#define TRACE_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Give every record to take(), oldest first.  True: records before this page
 * were overwritten. */
bool page_walk(const void *page, size_t len,
	       void (*take)(void *ctx, uint64_t at_ns, const void *record, size_t len),
	       void *ctx);

#endif
