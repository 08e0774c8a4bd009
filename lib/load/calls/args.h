/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The arguments of a call, by its row of the call table, and the variable its
 * result goes to.  One thread at a time. */
#ifndef LOAD_CALLS_ARGS_H
#define LOAD_CALLS_ARGS_H

#include "load/read/lex.h"

/* From behind the "(" to behind the ")". */
int load_args(struct lex *lx, struct call_use *use);
/* "fd =": tok names what the call gives. */
int load_assign(struct lex *lx, struct tok tok, struct call_use *use);

#endif
