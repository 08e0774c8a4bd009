/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libfuse as lib/ uses it: one API version in one place.  3.12 is what 3.14
 * to 3.18 all still offer with the same prototypes. */
#ifndef TRANSPORT_FUSELIB_H
#define TRANSPORT_FUSELIB_H

#define FUSE_USE_VERSION 312

#include <fuse_lowlevel.h>
#include <cuse_lowlevel.h>

#endif
