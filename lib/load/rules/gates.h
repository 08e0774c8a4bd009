/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gates: where rules hold requests.  One thread at a time. */
#ifndef LOAD_RULES_GATES_H
#define LOAD_RULES_GATES_H

#include "load/read/fields.h"

/* A gate some rule holds at. */
int gate_value(struct loader *ld, const struct ynode *n, int *out);
/* What is held at a gate: the operations of its rules. */
void gate_ops(struct loader *ld, int gate, struct op_list *out);
/* The mount that all of its rules are about; NONE: there are several. */
int gate_mount(const struct loader *ld, int gate);

#endif
