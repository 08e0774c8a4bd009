/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The part of an exported C file that is the same for all scenarios: a server on the raw
 * device, the clients, and what steps do.  Definitions in an order in which each needs
 * only earlier ones, as lists of strings with NULL at their ends.
 */
#ifndef RUN_EXPORT_RUNTIME_H
#define RUN_EXPORT_RUNTIME_H

#include <stddef.h>

extern const char *const export_types[], *const export_log[], *const export_files[], *const export_answers[], *const export_serving[], *const export_clients[], *const export_steps[], *const export_frame[];

#endif
