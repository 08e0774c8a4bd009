/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One field of a message: its name, where it is, how it is read and printed.
 * Operations, notifications and tracepoints have lists of them.
 */
#ifndef WIRE_FIELD_H
#define WIRE_FIELD_H

#include <stddef.h>
#include <stdint.h>

#include "wire/flags.h"

enum field_type {
	FT_U16, FT_U32, FT_U64,	/* plain numbers, printed as sizes where dimension says so */
	FT_S32, FT_S64,
	FT_NAME,		/* a NUL-terminated string after the fixed part */
	FT_DATA,		/* the rest of the message */
};

/* How a number is read and printed. */
enum field_dim {
	FD_NUM, FD_SIZE, FD_OCT, FD_HEX, FD_TIME_S, FD_FLAGS, FD_MODE, FD_ERRNO,
	FD_RESULT,		/* as the kernel has it inside: -ENOENT, 4096 */
	FD_OPCODE,		/* WRITE */
	FD_CHOICE,		/* one row of flags: F_WRLCK */
	FD_IOCTL,		/* the number of a command: _IOR('f', 1, 8) */
	FD_PROCESS,		/* enum whose, of results only */
};

struct field {
	const char *name;	/* NULL ends a list */
	enum field_type type;
	enum field_dim dim;
	uint16_t at;		/* offset in the body (after the header); for
				 * FT_NAME: 0 first, 1 second string */
	uint16_t minor;		/* present since protocol 7.minor */
	const struct flagset *flags;	/* FD_FLAGS, FD_CHOICE */
};

#endif
