/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The control socket of a server: clients that send lines and get lines
 * (fusescen-ctl(7)).  Main thread of the server, which polls and never waits for
 * a client: one that does not read is not read from either.
 */
#ifndef RUN_SERVE_CONTROL_H
#define RUN_SERVE_CONTROL_H

#include <poll.h>

#include "run/serve/commands.h"

#define CONTROL_CLIENTS		32u
#define CONTROL_LINE_MAX	65536u

struct control_socket;

/* A socket at path that only its owner may use; one that nobody listens to any
 * more is replaced.  -1 and *why (the caller frees). */
int control_listen(const char *path, char **why);

/* fd (-1: none) becomes the control's; c is borrowed. */
struct control_socket *control_new(int fd, struct commands *c);
/* Last words to those that wait for the server's end. */
void control_free(struct control_socket *ctl);

/* What to poll: fills at most 1 + CONTROL_CLIENTS. */
size_t control_poll(struct control_socket *ctl, struct pollfd *out);
/* For so long at most; -1: until something happens. */
int control_timeout(const struct control_socket *ctl);
/* After poll(2): take in, carry out, give out. */
void control_turn(struct control_socket *ctl, const struct pollfd *polled);

#endif
