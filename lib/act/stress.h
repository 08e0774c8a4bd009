/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A stress step in the actors' processes: each actor repeats its calls without
 * a word to the conductor, so that the calls really race.  What it did is in
 * its slot, bounded however long it runs: counts, and its last few calls.
 *
 * Which calls an actor attempts follows from the seed alone.  Only how often
 * it gets to (the time is up), and what it must leave out because a call
 * before failed to give a variable, depend on the kernel.
 *
 * The conductor resets all seats before the commands and reads them when the
 * actors are back; those of an actor that never comes back are read as they
 * are, while it sleeps in the kernel.
 */
#ifndef ACT_STRESS_H
#define ACT_STRESS_H

#include "act/calls/slot.h"

#define STRESS_RECENT	6	/* calls that are kept */
#define STRESS_RESULTS	8	/* different ones of a call, counted */
#define STRESS_DATA	64	/* bytes that are kept of what a call read */

/* How often a call gave what: an errno, minus a signal, or 0 and a value (that of
 * stress_field(), if there is one). */
struct stress_result {
	int what;
	int64_t value;
	uint64_t times;
};

/* What became of one call of the script, stress.sites[n]. */
struct stress_site {
	uint64_t drawn;		/* attempts, of which ... */
	uint64_t left_out;	/* ... so many had no variable to work on */
	struct stress_result results[STRESS_RESULTS];
	uint64_t others;	/* of further kinds */
	int64_t least, greatest;	/* value of a success */
	uint64_t successes;
	/* Bit s: it was begun while another actor's call s was under way. */
	uint64_t overlapped;
};

/* A call that was made, or is being made. */
struct stress_made {
	const struct stress_call *call;
	uint64_t round;		/* from 1 */
	int64_t nums[CALL_PARAMS_MAX];	/* as drawn */
	uint64_t begin_seq, begin_ns;
	uint64_t end_seq, end_ns;	/* 0: not over */
	struct outcome outcome;		/* its data is: */
	uint8_t data[STRESS_DATA];
};

/* One actor's share. */
struct stress_seat {
	_Atomic unsigned now;	/* 1 + site of the call under way; 0: none */
	uint64_t rounds, calls, overlaps;
	bool has_last;		/* of the number that has a trend: */
	uint64_t last;
	bool failed;		/* the last call, and the slot has its outcome */
	struct stress_made recent[STRESS_RECENT];
	uint64_t n_recent;	/* all so far: the last is at (n - 1) % max */
	struct stress_site sites[LIMIT_STRESS_CALLS];
};

/* What the actors of a step have in common. */
struct stress_start {
	_Atomic uint32_t missing;	/* who have not come yet; a futex */
	_Atomic uint64_t end_ns;	/* no round begins later, ... */
	_Atomic uint64_t late_ns;	/* ... or later than this, with too few of: */
	_Atomic uint64_t overlaps;	/* everybody's */
	_Atomic bool stop;		/* somebody has failed */
};

struct call_cx;

/* Do the share of one actor.  cx: as for a call, without a use. */
void stress_run(struct call_cx *cx, void *slots, size_t n_actors, int actor,
		const struct step *step);

/* The field that a call's value is, where its results are looked at by one field
 * alone: stat = {size=grows}.  Else NONE. */
int stress_field(const struct call_use *use);

/* "pwrite(fd, 4K, 8K)": with the numbers drawn. */
void stress_print_call(struct buf *b, const struct stress_made *made);

#endif
