/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The word of --transport: which transports everything is done with, one after
 * another. */
#ifndef FUSESCEN_UTIL_TRANSPORTS_H
#define FUSESCEN_UTIL_TRANSPORTS_H

#define TRANSPORTS_MAX	2

struct transports {
	const char *at[TRANSPORTS_MAX];	/* as in struct fusescen_options */
	unsigned n;
};

/* word: dev, uring, both, or NULL.  -1 after a message. */
int transports_parse(struct transports *t, const char *word);
/* For the commands that take one of them. */
int transports_check_one(const char *word);
/* How results are told apart: NULL for the device. */
const char *transport_label(const char *transport);

#endif
