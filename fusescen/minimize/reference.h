/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether the expectation that a call disappoints is right at all: the same calls on a
 * tmpfs have to meet it.  That is a scenario, too, in which each mount has a tmpfs on top.
 * Pure functions.
 */
#ifndef FUSESCEN_MINIMIZE_REFERENCE_H
#define FUSESCEN_MINIMIZE_REFERENCE_H

/* The scenario for a text whose step on this line fails.  NULL: a tmpfs cannot say, because
 * the step is no call, or files are there that it does not make.  The caller frees it. */
char *reference_make(const char *text, unsigned line);

#endif
