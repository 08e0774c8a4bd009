/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which backend keeps what: the only place that knows them all.  Constant. */
#ifndef SERVER_BACKENDS_H
#define SERVER_BACKENDS_H

#include "backend/backend.h"

/* The backend of a mount or device. */
const struct backend_ops *backend_for(const struct mount_spec *spec);

#endif
