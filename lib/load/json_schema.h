/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The language as a JSON Schema, for editors and validators.  Thread-safe. */
#ifndef LOAD_JSON_SCHEMA_H
#define LOAD_JSON_SCHEMA_H

#include "base/buf.h"

void json_schema_print(struct buf *out);

#endif
