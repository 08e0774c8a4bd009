/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules are picked and counted here.  Any thread, under engine->lock. */
#include "config.h"

#include "engine/rules.h"

#include "base/mem.h"
#include "base/random.h"
#include "base/units.h"
#include "engine/match.h"
#include "engine/path_table.h"

/* A rule, and what can be decided without looking at it. */
struct candidate {
	uint64_t path_hash;	/* of the one path it is about; 0: not about one */
	int mount;		/* NONE: any */
	bool counts;		/* has nth: must see every match */
	uint32_t rule;
};

struct candidates {
	struct candidate *at;
	size_t n;
};

/* The rules an operation can meet: those about one path, sorted by its hash
 * (a thousand of them cost a binary search), and the others; both in the order
 * of the script. */
struct shelf {
	struct candidates by_path, others;
};

struct counter {
	unsigned matched, applied;
	uint64_t drawn;		/* random numbers so far */
	uint64_t busy_until;	/* bandwidth */
	bool off;		/* rulebook_switch() */
};

struct rulebook {
	const struct scenario *sc;
	struct shelf *by_op;	/* one per operation, one for unknown */
	struct counter *counters;
};

static bool is_about(const struct rule *rule, const struct op *op)
{
	for (size_t i = 0; i < rule->n_ops; i++) {
		if (rule->ops[i] == op)
			return true;
	}
	return !rule->n_ops;
}

static void add(struct candidates *c, struct candidate candidate)
{
	if ((c->n & (c->n - 1)) == 0)
		c->at = xrealloc(c->at, (c->n ? c->n * 2 : 1) * sizeof(*c->at));
	c->at[c->n++] = candidate;
}

static int compare_candidates(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->path_hash != y->path_hash)
		return x->path_hash < y->path_hash ? -1 : 1;
	return x->rule < y->rule ? -1 : x->rule > y->rule;
}

static void fill(struct shelf *shelf, const struct scenario *sc,
		 const struct op *op)
{
	for (size_t i = 0; i < sc->n_rules; i++) {
		const struct rule *r = &sc->rules[i];
		bool one_path = r->file.path && *r->file.path &&
			!r->file.is_glob;

		if (!is_about(r, op))
			continue;
		add(one_path ? &shelf->by_path : &shelf->others, (struct candidate){
			.path_hash = one_path ? path_hash(r->file.path) : 0,
			.mount = r->file.mount,
			.counts = r->nth_from || r->nth_to,
			.rule = (uint32_t)i,
		});
	}
	if (shelf->by_path.n)
		qsort(shelf->by_path.at, shelf->by_path.n,
		      sizeof(*shelf->by_path.at), compare_candidates);
}

/* The first candidate about that path, or where it would be. */
static size_t first_of_path(const struct candidates *c, uint64_t hash)
{
	size_t lo = 0, hi = c->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (c->at[mid].path_hash < hash)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* The next candidate in the order of the script, from either list; NULL at the
 * end. */
static const struct candidate *next_candidate(const struct shelf *shelf,
					      uint64_t hash, size_t *path_at,
					      size_t *other_at)
{
	const struct candidates *p = &shelf->by_path, *o = &shelf->others;
	bool has_path = *path_at < p->n && p->at[*path_at].path_hash == hash;
	bool has_other = *other_at < o->n;

	if (has_path && (!has_other ||
			 p->at[*path_at].rule < o->at[*other_at].rule))
		return &p->at[(*path_at)++];
	return has_other ? &o->at[(*other_at)++] : NULL;
}

static bool is_in_state(const struct rule *r, const int *states)
{
	for (size_t i = 0; i < r->n_when; i++) {
		if (states[r->when[i].state] != r->when[i].value)
			return false;
	}
	return true;
}

/* May the rule apply to its matched-th match? */
static bool is_due(const struct rule *r, const struct counter *c,
		   const int *states)
{
	if (r->nth_from && c->matched < r->nth_from)
		return false;
	if (r->nth_to && c->matched >= r->nth_to)
		return false;
	if (r->times && c->applied >= r->times)
		return false;
	return is_in_state(r, states);
}

struct rulebook *rulebook_new(const struct scenario *sc)
{
	struct rulebook *rb = xcalloc(1, sizeof(*rb));
	const struct protocol *p = sc->protocol;

	rb->sc = sc;
	rb->counters = xcalloc(sc->n_rules, sizeof(*rb->counters));
	rb->by_op = xcalloc(p->n_ops + 1, sizeof(*rb->by_op));
	for (size_t i = 0; i < p->n_ops; i++)
		fill(&rb->by_op[i], sc, &p->ops[i]);
	fill(&rb->by_op[p->n_ops], sc, NULL);
	return rb;
}

void rulebook_free(struct rulebook *rb)
{
	for (size_t i = 0; i <= rb->sc->protocol->n_ops; i++) {
		free(rb->by_op[i].by_path.at);
		free(rb->by_op[i].others.at);
	}
	free(rb->by_op);
	free(rb->counters);
	free(rb);
}

static const struct shelf *shelf_of(const struct rulebook *rb, const struct op *op)
{
	const struct protocol *p = rb->sc->protocol;

	return &rb->by_op[op ? (size_t)(op - p->ops) : p->n_ops];
}

bool rulebook_knows(const struct rulebook *rb, const struct op *op)
{
	const struct shelf *shelf = shelf_of(rb, op);

	return shelf->by_path.n || shelf->others.n;
}

bool rulebook_concerns(const struct rulebook *rb, const struct op *op,
		       uint64_t path_hash)
{
	const struct shelf *shelf = shelf_of(rb, op);
	const struct candidates *c = &shelf->by_path;
	size_t at;

	if (shelf->others.n || !path_hash)
		return shelf->others.n;
	at = first_of_path(c, path_hash);
	return at < c->n && c->at[at].path_hash == path_hash;
}

const struct rule *rulebook_pick(struct rulebook *rb, const struct decoded_request *req,
				 int mount, const char *path, int actor,
				 const int *states)
{
	const struct shelf *shelf = shelf_of(rb, req->op);
	uint64_t hash = path && shelf->by_path.n ? path_hash(path) : 0;
	size_t path_at = hash ? first_of_path(&shelf->by_path, hash) :
		shelf->by_path.n, other_at = 0;
	const struct rule *winner = NULL;
	const struct candidate *c;

	while ((c = next_candidate(shelf, hash, &path_at, &other_at))) {
		const struct rule *r = &rb->sc->rules[c->rule];
		struct counter *counter = &rb->counters[c->rule];

		if (counter->off || (winner && !c->counts) ||
		    (c->mount != NONE && c->mount != mount) ||
		    !match_rule(r, req, mount, path, actor))
			continue;
		counter->matched++;
		if (winner || !is_due(r, counter, states))
			continue;
		counter->applied++;
		winner = r;
	}
	return winner;
}

uint64_t rulebook_delay(struct rulebook *rb, const struct rule *rule,
			uint64_t bytes, uint64_t now_ns)
{
	size_t i = (size_t)(rule - rb->sc->rules);
	struct counter *c = &rb->counters[i];
	uint64_t span = rule->delay_max_ns > rule->delay_min_ns ?
		rule->delay_max_ns - rule->delay_min_ns : 0;
	uint64_t ns = rule->delay_min_ns;

	if (span)
		ns += random_mix(random_mix(rb->sc->seed ^ random_mix(i)) +
				 c->drawn++) % span;
	if (rule->bandwidth) {
		double cost = (double)bytes / (double)rule->bandwidth;

		if (c->busy_until < now_ns)
			c->busy_until = now_ns;
		c->busy_until += (uint64_t)(cost * (double)NS_PER_S);
		ns += c->busy_until - now_ns;
	}
	return ns;
}

void rulebook_switch(struct rulebook *rb, size_t rule, bool on)
{
	rb->counters[rule].off = !on;
}

bool rulebook_is_on(const struct rulebook *rb, size_t rule)
{
	return !rb->counters[rule].off;
}

unsigned rulebook_hits(const struct rulebook *rb, size_t rule)
{
	return rule < rb->sc->n_rules ? rb->counters[rule].applied : 0;
}

unsigned rulebook_matches(const struct rulebook *rb, size_t rule)
{
	return rule < rb->sc->n_rules ? rb->counters[rule].matched : 0;
}
