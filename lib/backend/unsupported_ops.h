/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Operations that no backend in this folder supports on regular files. */
#ifndef BACKEND_UNSUPPORTED_OPS_H
#define BACKEND_UNSUPPORTED_OPS_H

#include "transport/fuselib.h"

/* ENOTTY. */
void unsupported_ioctl(fuse_req_t req, fuse_ino_t ino, unsigned cmd, void *arg,
		 struct fuse_file_info *fi, unsigned flags, const void *in,
		 size_t in_size, size_t out_size);

/* Always ready, so that no notification has to follow. */
void unsupported_poll(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi,
		struct fuse_pollhandle *ph);

#endif
