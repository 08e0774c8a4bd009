/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How a server carries out commands (fusescen-ctl(7)), and when it may reply to
 * them.  Main thread of the server; nothing here waits.
 */
#ifndef RUN_SERVE_COMMANDS_H
#define RUN_SERVE_COMMANDS_H

#include "run/run.h"
#include "run/serve/served.h"
#include "transport/stats.h"

struct commands;

struct commands_for {
	struct run *run;	/* all borrowed */
	struct served served;
	struct stats *stats;
	uint64_t start_ns;
	int wake_fd;		/* an eventfd: written when an answer may be ready */
};

struct commands *commands_new(const struct commands_for *what);
/* After the engine's and the server's threads have ended. */
void commands_free(struct commands *c);
/* Somebody has told the server to quit. */
bool commands_quit(const struct commands *c);

/* A command that one client has under way. */
struct pending_command {
	enum { WAITS_NOTHING, WAITS_LET_GO, WAITS_NOTIFY, WAITS_EVICT, WAITS_QUIT } waits;
	uint64_t deadline_ns;
	int mount;
	uint64_t go;			/* WAITS_LET_GO: until so many are handed on */
	unsigned released;
	struct note_wait *note;		/* WAITS_NOTIFY */
	struct evicting *evicting;	/* WAITS_EVICT */
	/* Events that follow the answer. */
	size_t next, left;
};

/* Carry out one line and put the reply (a line of JSON) into out: false.  True:
 * the command waits for something, and commands_poll() will put its reply. */
bool commands_execute(struct commands *c, const char *line, size_t len,
		      struct pending_command *p, struct buf *out);
bool commands_poll(struct commands *c, struct pending_command *p,
		   struct buf *out);
/* Events to be sent, as many as are there, until out has max bytes. */
void commands_tail(struct commands *c, struct pending_command *p,
		   struct buf *out, size_t max);
/* The client has gone. */
void commands_forget(struct pending_command *p);

#endif
