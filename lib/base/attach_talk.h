/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What `fusescen attach` and the library that it has loaded into a server
 * (lib/preload/) say to each other, over a stream socket in the abstract namespace,
 * whose name is in the server's environment.
 *
 *	server				fusescen attach
 *	before it mounts: connects	ATTACH_GO, or ATTACH_NO to a second one
 *	when it begins to serve:
 *	ATTACH_DONE or ATTACH_CANNOT
 *	when it ends: ATTACH_REPORT
 *
 * The socket closes with the last process of the server that has it.  If the other
 * side goes first, the server is to end.
 */
#ifndef BASE_ATTACH_TALK_H
#define BASE_ATTACH_TALK_H

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ATTACH_ENV	"FUSESCEN_ATTACH"
/* A report is a text for people; this is far more. */
#define ATTACH_FRAME_MAX	(256u << 20)

enum attach_kind {
	ATTACH_GO,	/* ATTACH_GO_PARTS texts */
	ATTACH_NO,
	ATTACH_DONE,
	ATTACH_CANNOT,	/* why */
	ATTACH_REPORT,	/* verdict as a digit, summary, text */
};

/* The texts of ATTACH_GO; "" for what was not given. */
enum {
	GO_LIBRARY,	/* path of libfusescen */
	GO_NAME, GO_TEXT,	/* of the scenario */
	GO_CASE, GO_SEED,	/* decimal */
	GO_HAZARD, GO_VERBOSE,	/* "1" or "" */
	GO_CONTROL, GO_LOG,	/* absolute paths */
	ATTACH_GO_PARTS
};

struct attach_frame {
	uint32_t kind;
	uint32_t n;		/* texts, each with its NUL */
	uint32_t len;		/* of all of them */
};

/* 0; -1 and errno. */
static inline int attach_write(int fd, const void *p, size_t n)
{
	while (n) {
		ssize_t done = send(fd, p, n, MSG_NOSIGNAL);

		if (done < 0 && errno != EINTR)
			return -1;
		if (done > 0) {
			p = (const char *)p + done;
			n -= (size_t)done;
		}
	}
	return 0;
}

static inline int attach_read(int fd, void *p, size_t n)
{
	while (n) {
		ssize_t done = recv(fd, p, n, 0);

		if (done == 0 || (done < 0 && errno != EINTR))
			return -1;
		if (done > 0) {
			p = (char *)p + done;
			n -= (size_t)done;
		}
	}
	return 0;
}

static inline int attach_send(int fd, enum attach_kind kind,
			      const char *const *texts, uint32_t n)
{
	struct attach_frame f = { .kind = kind, .n = n };
	uint32_t i;

	for (i = 0; i < n; i++)
		f.len += (uint32_t)strlen(texts[i]) + 1;
	if (attach_write(fd, &f, sizeof(f)))
		return -1;
	for (i = 0; i < n; i++)
		if (attach_write(fd, texts[i], strlen(texts[i]) + 1))
			return -1;
	return 0;
}

/* Returns its texts, one behind the other, to be freed: at least max of them, ""
 * where fewer were sent.  NULL: the other side has gone, or talks nonsense. */
static inline char *attach_receive(int fd, enum attach_kind *kind,
				   const char **texts, uint32_t max)
{
	struct attach_frame f;
	uint32_t i;
	char *all, *at;

	if (attach_read(fd, &f, sizeof(f)) || f.len > ATTACH_FRAME_MAX)
		return NULL;
	all = malloc((size_t)f.len + 1);
	if (!all)
		return NULL;
	if (attach_read(fd, all, f.len)) {
		free(all);
		return NULL;
	}
	all[f.len] = '\0';
	*kind = (enum attach_kind)f.kind;
	at = all;
	for (i = 0; i < max; i++) {
		texts[i] = at;
		at += strlen(at);
		at += at < all + f.len;
	}
	return all;
}

#endif
