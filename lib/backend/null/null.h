/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The null backend, for measurements.  Its files are those of the scenario and
 * always exist, and their sizes and attributes never change.  Reads return
 * zeros, and written data is discarded.  The backend has no state that changes,
 * so there is nothing to lock, and any number of threads may ask at once.
 *
 * nodeid: the root is 1, the others count from 2 in the order of their paths.
 */
#ifndef BACKEND_NULL_NULL_H
#define BACKEND_NULL_NULL_H

#include "backend/backend.h"

extern const struct backend_ops null_backend;

#endif
