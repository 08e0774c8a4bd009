/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a scenario may not reach of the host.  Thread-safe. */
#ifndef RUN_HOST_OBJECTIONS_H
#define RUN_HOST_OBJECTIONS_H

#include "model/scenario.h"

/* A message with its place for every path of the host that the scenario names and
 * that nobody allowed (scenario_allow_host()).  NULL: there is none.  The caller
 * frees. */
char *host_objections(const struct scenario *sc);

#endif
