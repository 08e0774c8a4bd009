/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An order in which an explore step is walked: moves, each made at a quiet point,
 * and the requests that are held meanwhile, or refused.  A schedule says how it begins; what
 * comes after its last move is the default (schedule_default()).
 *
 * A request is named by what it is, so that the name means the same in another
 * run: "the 2nd WRITE of a to fs:/f".  Pure functions, any thread.
 */
#ifndef EXPLORE_SCHEDULE_H
#define EXPLORE_SCHEDULE_H

#include "base/buf.h"
#include "model/scenario.h"

#define SCHEDULE_MOVES	96
#define SCHEDULE_HOLDS	3
#define SCHEDULE_PARTS	((unsigned)LIMIT_EXPLORE_ACTORS)
#define NAME_OP		24
#define NAME_PATH	40

/*
 * A move is one bit of a set of moves:
 *
 *	BEGIN(i)	part i begins its next call
 *	RELEASE(i)	what hold i holds goes on
 *	OTHER		the next of the "others" is done
 */
typedef uint32_t moves_t;
#define MOVE_BEGIN(i)	((moves_t)1 << (i))
#define MOVE_RELEASE(i)	((moves_t)1 << (SCHEDULE_PARTS + (i)))
#define MOVE_OTHER	((moves_t)1 << (SCHEDULE_PARTS + SCHEDULE_HOLDS))
#define MOVES_BEGIN	(MOVE_RELEASE(0) - 1)
#define MOVES_RELEASE	(MOVE_OTHER - MOVE_RELEASE(0))

struct request_name {
	char op[NAME_OP];
	char path[NAME_PATH];
	int mount;
	int actor;			/* NONE: nobody's, as writeback */
	unsigned nth;			/* of all such requests, from 1 */
};

struct hold {
	struct request_name name;
	bool after;			/* the server has acted, its reply is held */
	unsigned fault;			/* not held but refused: number of the fault, from 1 */
	unsigned move;			/* number of the move that brings it */
};

struct schedule {
	uint8_t moves[SCHEDULE_MOVES];	/* number of the bit */
	unsigned n_moves;
	struct hold holds[SCHEDULE_HOLDS];
	unsigned n_holds;
	unsigned cost;			/* how far from the default */
	uint64_t seed;			/* what comes after the moves is drawn (explore/chance.h);
					 * then holds need not know their moves.  0: the default */
};

/* What a hold and another order cost: one hold and two changes of the order come
 * before a second hold. */
#define COST_HOLD	3u
#define COST_ORDER	1u

/* The move that comes next if nothing says otherwise: actors take turns, then
 * "others", then what is held longest.  last: number of the bit of the last BEGIN;
 * NONE.  enabled: not empty. */
unsigned schedule_default(moves_t enabled, int last);

/* The rules and gates that do what the holds of s say, before those of sc: *out is
 * sc with them.  Gate i of hold i is number sc->n_gates + i. */
void schedule_extend(const struct scenario *sc, const struct schedule *s,
		     struct arena *a, struct scenario *out);

/* One word for each move, with its hold: "a b+after:b:1:OPEN:fs:/f !1 @". */
void schedule_print(struct buf *b, const struct scenario *sc, const struct schedule *s);
/* False: it is no schedule of this scenario. */
bool schedule_parse(const struct scenario *sc, const char *text, struct schedule *out);

/* The scenario's explore step; NULL: it has none. */
const struct step *schedule_step(const struct scenario *sc);
bool request_names_same(const struct request_name *a, const struct request_name *b);

#endif
