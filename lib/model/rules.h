/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules of a scenario, and what they do to requests and replies.  Pure data. */
#ifndef MODEL_RULES_H
#define MODEL_RULES_H

#include "model/values.h"
#include "wire/message.h"

/* Memory of the caller of an ioctl that a RETRY asks for: from its argument. */
struct retry_area {
	uint64_t lo, hi;
};

/* What a reply is to be.  Fields not given stay what the backend
 * answers; with error, raw or a reply that must not be asked for (answered),
 * the backend is not asked. */
struct reply_spec {
	struct loc loc;
	bool present;
	bool has_error;
	int error;			/* errno, put on the wire as -error */
	bool has_raw;			/* body bytes as they are */
	const uint8_t *raw;
	size_t raw_len;
	bool has_data;			/* READ, READLINK, GETXATTR, READDIR data */
	struct data_spec data;
	struct field_set *sets;		/* fields of a good reply */
	size_t n_sets;
	struct file_ref backing;	/* OPEN/CREATE: register and put its id */
	bool has_retry;			/* IOCTL: ask for memory */
	struct retry_area *retry_in, *retry_out;
	size_t n_retry_in, n_retry_out;
	bool has_cut;			/* short: / long: bytes of body to drop / add */
	int64_t cut;
	bool has_unique;		/* answer under another unique */
	uint64_t unique;
	int64_t header_len;		/* lie in out_header.len; 0: do not */
	bool by_other;			/* by the descriptor of another worker */
	unsigned copies;		/* 0 or 1: once; 2: a duplicate, ... */
	int expect_write;		/* errno the reply's write(2) must give; NONE: 0 */
	bool has_expect_backing;
	int expect_backing;		/* errno that registering its backing file must give */
};

struct notify_spec {
	struct loc loc;
	const struct note *note;	/* NULL: raw */
	uint32_t code;			/* raw */
	int name;			/* index into scenario.notes, or NONE */
	int mount;
	struct file_ref file;		/* whose nodeid goes into nodeid/parent; path NULL: none */
	struct file_ref *others;	/* PRUNE: the nodes */
	size_t n_others;
	const char *child;		/* INVAL_ENTRY, DELETE: name in file's directory */
	struct field_set *sets;		/* fields given by hand, over what file gave */
	size_t n_sets;
	bool has_data;
	struct data_spec data;		/* STORE; raw payload too */
	bool wait;			/* as a step: wait for its return */
	int expect;			/* errno its write(2) must give, 0 = success */
};

struct assign {
	int state;			/* index into scenario.states */
	int value;			/* index into scenario.words */
};

struct rule {
	struct loc loc;
	const char *name;		/* NULL: none */
	const char *text;		/* how to print it: "{op: WRITE, file: /data, ...}" */
	/* what it matches */
	const struct op **ops;		/* n_ops == 0: any operation */
	size_t n_ops;
	struct file_ref file;
	struct cond *where;
	size_t n_where;
	int actor;			/* NONE: anybody */
	unsigned nth_from, nth_to;	/* 1-based among its matches; 0,0: all */
	unsigned times;			/* applies at most so often; 0: no limit */
	struct assign *when;		/* when: {state: value}: all must hold */
	size_t n_when;
	/* what it does, in this order */
	struct assign *set;
	size_t n_set;
	struct notify_spec *notify_before;
	size_t n_notify_before;
	bool drop;			/* never answered */
	bool drop_ok;			/* teardown does not complain of it */
	bool stall;			/* its worker stops reading until `resume` */
	bool abort;			/* abort the connection (fusectl) */
	bool die;			/* close every descriptor of the channel */
	int gate;			/* hold: NONE or index into scenario.gates */
	bool hold_after;		/* after the backend answered */
	bool busy;			/* its worker reads nothing while it waits */
	uint64_t delay_min_ns, delay_max_ns;
	bool delay_after;
	uint64_t bandwidth;		/* bytes per second of data; 0: none */
	struct reply_spec reply;
	int answer_gate;		/* also answer what this gate holds; NONE */
	struct reply_spec answer;
	bool answer_first;		/* before this request's own reply */
	struct notify_spec *notify_after;
	size_t n_notify_after;
};

#endif
