/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads the XML that we write: elements, attributes in double quotes, text, and the
 * five entities that every reader knows.  Anything else is refused, above all document
 * types, which could declare entities of their own.
 */
#ifndef FUSESCEN_UTIL_XML_H
#define FUSESCEN_UTIL_XML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

#define XML_ATTRIBUTES	12u	/* of an element, at most */
#define XML_DEPTH	8u

enum xml_kind {
	XML_BEGIN,	/* of an element: name and attributes */
	XML_FINISH,	/* of an element: name */
	XML_TEXT,
	XML_END,	/* of the document */
	XML_BAD,	/* why says why */
};

struct xml_name {
	const char *at;
	size_t len;
};

struct xml {
	const char *p, *end;
	const char *why;
	/* the item that was read last */
	struct xml_name name;
	struct {
		struct xml_name name;
		struct buf value;
	} attributes[XML_ATTRIBUTES];
	size_t n_attributes;
	struct buf text;
	/* the reader's own */
	struct xml_name open[XML_DEPTH];
	size_t depth;
	bool is_empty;		/* "<x/>" has begun and is to finish */
	bool has_root;
};

void xml_init(struct xml *x, const char *text, size_t len);
enum xml_kind xml_next(struct xml *x);
void xml_fini(struct xml *x);

bool xml_is(const struct xml *x, const char *name);
/* Of the element that has begun; NULL if it has none of that name. */
const char *xml_attribute(const struct xml *x, const char *name);

#endif
