/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * "protocol:", which declares what a kernel that is still to come sends and
 * understands.  It becomes a struct protocol that has the built-in rows, too.
 * One thread at a time.
 */
#ifndef LOAD_PROTOCOL_PROTOCOL_H
#define LOAD_PROTOCOL_PROTOCOL_H

#include "load/read/loader.h"

/* n NULL: the built-in protocol.  -1 after a message. */
int load_protocol(struct loader *ld, const struct ynode *n);

#endif
