/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* In place of uring_queue.c where there is no liburing: nothing is ever started. */
#include "config.h"

#include "transport/uring_impl.h"

#include <errno.h>

void uring_queue_serve(struct uring_queue *q)
{
	uring_started(q->uring, ENOSYS, "liburing");
}

const char *uring_missing(void)
{
	return "no io_uring: fusescen was built without liburing";
}
