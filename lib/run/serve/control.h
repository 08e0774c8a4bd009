/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The control socket of a server: clients send lines and receive lines
 * (fusescen-ctl(7)).  Main thread of the server, which polls and never waits
 * for a client; it does not read from a client that does not read its replies.
 */
#ifndef RUN_SERVE_CONTROL_H
#define RUN_SERVE_CONTROL_H

#include <poll.h>

#include "run/serve/commands.h"


struct control_socket;

/* Make a socket at path that only its owner may use, in place of a socket there
 * that no server listens to any more.  -1 and *why (the caller frees). */
int control_listen(const char *path, char **why);

/* fd (-1: none) becomes the control's; c is borrowed. */
struct control_socket *control_new(int fd, struct commands *c);
/* Reply to the clients that wait for the end of the server. */
void control_free(struct control_socket *ctl);

/* What to poll: fills at most 1 + LIMIT_CTL_CLIENTS. */
size_t control_poll(struct control_socket *ctl, struct pollfd *out);
/* For so long at most; -1: until something happens. */
int control_timeout(const struct control_socket *ctl);
/* After poll(2): take in, carry out, give out. */
void control_turn(struct control_socket *ctl, const struct pollfd *polled);

#endif
