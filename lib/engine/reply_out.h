/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writing p's reply: engine_reply() and whoever answers in its place. */
#ifndef ENGINE_REPLY_OUT_H
#define ENGINE_REPLY_OUT_H

#include "engine/engine_impl.h"

/*
 * Build, log and write the reply of p, whose course is at its end; p is gone
 * afterwards, or counted as dropped if the kernel still waits.  iov: the
 * filesystem end's answer where p has not kept it; NULL: none.
 * Bytes of iov "written" or -errno.  Lock not held.
 */
ssize_t reply_send(struct engine *e, struct request *p,
		   const struct iovec *iov, int n);

#endif
