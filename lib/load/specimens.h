/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Texts of scenarios, with NULL behind them.  Constant. */
#ifndef LOAD_SPECIMENS_H
#define LOAD_SPECIMENS_H

#include <stddef.h>

extern const char *const specimens[];

#endif
