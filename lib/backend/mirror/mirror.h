/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A backend that passes a directory of the host through, or a tmpfs that is
 * mounted nowhere else and ends with it.  Any thread may call it. */
#ifndef BACKEND_MIRROR_MIRROR_H
#define BACKEND_MIRROR_MIRROR_H

#include "backend/backend.h"

extern const struct backend_ops mirror_backend;

#endif
