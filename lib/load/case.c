/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The keys at the top of a file.  One thread at a time. */
#include "config.h"

#include "load/case.h"

#include <ctype.h>
#include <string.h>

#include "base/limits.h"
#include "base/units.h"
#include "model/hazards.h"
#include "model/kernel_range.h"
#include "load/read/schema.h"
#include "load/read/sketch.h"
#include "load/read/settings.h"
#include "load/read/values.h"
#include "load/checks/checks.h"
#include "load/checks/patterns.h"
#include "load/rules/rules.h"
#include "load/rules/states.h"
#include "load/steps/steps.h"
#include "load/mounts/mounts.h"
#include "load/protocol/protocol.h"
#include "load/actors.h"

#define LANGUAGE_VERSION	1

/* What the schema finds, to be read in our order. */
struct top {
	const struct ynode *protocol, *needs;
	const struct ynode *mounts, *devices, *states, *rules, *actors, *steps;
	const struct ynode *expect, *fails;
	const struct ynode *cases;
};

/* ---- single values ------------------------------------------------------ */

static int read_version(struct loader *ld, const struct ynode *n, void *p)
{
	struct text t;

	(void)p;
	if (value_text(ld, n, "1", &t))
		return -1;
	return !strcmp(t.s, "1") ? 0 :
		value_expected(ld, &t, "1, the version of the language");
}

static int read_timeout(struct loader *ld, const struct ynode *n, void *p)
{
	uint64_t *ns = &ld->sc->timeout_ns;

	(void)p;
	if (value_time(ld, n, ns))
		return -1;
	if (!*ns)
		return diag(ld->dg, n->loc, "a run cannot end before it begins");
	return *ns <= LIMIT_RUN_TIME ? 0 :
		diag_limit(ld->dg, n->loc, LIMIT_OF(RUN_TIME));
}

static int read_seed(struct loader *ld, const struct ynode *n, void *p)
{
	(void)p;
	return value_count(ld, n, 0, UINT64_MAX, &ld->sc->seed);
}

static int read_hazard(struct loader *ld, const struct ynode *n, void *p)
{
	const struct keyword *k;
	struct text t;

	(void)p;
	if (value_text(ld, n, "kernel_crash", &t))
		return -1;
	for (k = hazard_keywords; k->name; k++) {
		if (!strcmp(k->name, t.s)) {
			ld->sc->hazard = k->name;
			return 0;
		}
	}
	return diag_unknown(ld->dg, text_loc(&t, 0, t.len), "hazard", t.s,
			    t.len, hazard_words);
}

/* ---- needs -------------------------------------------------------------- */

static bool is_capability(const char *name)
{
	const struct keyword *k;

	for (k = capability_keywords; k->name; k++)
		if (!strcmp(k->name, name))
			return true;
	return false;
}

/* What is declared or known, and yet nothing that a kernel offers; NULL: it is not. */
static const char *no_need(struct arena *arena, const struct protocol *p,
			   const struct text *t)
{
	size_t i;

	if (op_by_name(p, t->s, t->len))
		return "an operation";
	if (note_by_name(p, t->s, t->len))
		return "a notification";
	for (i = 0; p->flagsets[i]; i++)
		if (flag_by_name(p->flagsets[i], t->s, t->len))
			return arena_printf(arena, "a flag of %s", p->flagsets[i]->name);
	return NULL;
}

static int unknown_need(struct loader *ld, const struct text *t)
{
	const char *what = no_need(ld->arena, ld->sc->protocol, t);
	struct words flags = flag_words(flagset_of(ld->sc->protocol,
							 &flags_init));
	const char **list = NULL, *w;
	size_t n = 0, i;

	if (what)
		return diag(ld->dg, text_loc(t, 0, t->len), "\"%s\" is %s; a kernel "
			    "offers flags of INIT, and a machine has capabilities",
			    t->s, what);
	for (i = 0; capability_keywords[i].name; i++)
		ARENA_PUSH(ld->arena, list, n, capability_keywords[i].name);
	for (i = 0; (w = flags.at(flags.ctx, i)); i++)
		ARENA_PUSH(ld->arena, list, n, w);
	ARENA_PUSH(ld->arena, list, n, NULL);
	return diag_unknown(ld->dg, text_loc(t, 0, t->len),
			    "INIT flag or capability", t->s, t->len,
			    words_array(list));
}

/* Words for the command line of a machine: what ends them there ("--"), or would make
 * one of two, is not for a scenario to say. */
static bool are_kernel_args(const struct text *t)
{
	size_t i;

	for (i = 0; i < t->len; i++)
		if (t->s[i] != ' ' && !isgraph((unsigned char)t->s[i]))
			return false;
	return t->s[strspn(t->s, " ")] && !strpbrk(t->s, "\"'\\") &&
		strcmp(t->s, "--") && strncmp(t->s, "-- ", 3) &&
		!strstr(t->s, " -- ") &&
		(t->len < 3 || strcmp(t->s + t->len - 3, " --"));
}

static int read_kernel_args(struct loader *ld, const struct ynode *n, void *p)
{
	static const char what[] = "arguments of the kernel (fuse.enable_uring=1)";
	struct scenario *sc = p;
	struct text t;

	if (value_text(ld, n, what, &t))
		return -1;
	if (sc->kernel_args)
		return diag(ld->dg, n->loc, "\"kernel_args\" is there already, and "
			    "can have several words");
	if (t.len > LIMIT_KERNEL_ARGS)
		return diag_limit(ld->dg, n->loc, LIMIT_OF(KERNEL_ARGS));
	if (!are_kernel_args(&t))
		return value_expected(ld, &t, what);
	sc->kernel_args = t.s;
	sc->kernel_args_loc = n->loc;
	return 0;
}

static int read_need(struct loader *ld, const struct ynode *n, void *p)
{
	static const struct key keys[] = {
		{ "kernel_args", read_kernel_args, 0, true },
		{ NULL, NULL, 0, false },
	};
	static const struct schema schema = { "a need", keys, NULL, NULL };
	struct scenario *sc = ld->sc;
	struct need need;
	struct text t;

	(void)p;
	if (n->kind == Y_MAP)
		return schema_read(ld, n, &schema, sc);
	if (value_text(ld, n, "an INIT flag or a capability", &t))
		return -1;
	if (!is_capability(t.s) &&
	    !flag_by_name(flagset_of(sc->protocol, &flags_init), t.s, t.len))
		return unknown_need(ld, &t);
	need = (struct need){ n->loc, t.s };
	ARENA_PUSH(ld->arena, sc->needs, sc->n_needs, need);
	return 0;
}

static int read_needs(struct loader *ld, const struct ynode *n, void *p)
{
	return (n->kind == Y_SCALAR && n->len) || n->kind == Y_MAP ?
		read_need(ld, n, p) :
		schema_each(ld, n, "a list of needs", read_need, p);
}

static int load_needs(struct loader *ld, const struct ynode *n)
{
	return n ? read_needs(ld, n, NULL) : 0;
}

/* ---- tags --------------------------------------------------------------- */

/* "!" and a comma mean something on the command line. */
static bool is_tag(const struct text *t)
{
	size_t i;

	for (i = 0; i < t->len; i++)
		if (!isalnum((unsigned char)t->s[i]) && !strchr("_-+.", t->s[i]))
			return false;
	return t->len > 0;
}

static int read_tag(struct loader *ld, const struct ynode *n, void *p)
{
	struct scenario *sc = ld->sc;
	struct text t;

	(void)p;
	if (value_text(ld, n, "a tag", &t))
		return -1;
	if (!is_tag(&t))
		return value_expected(ld, &t, "a tag of letters, digits and _ - + .");
	ARENA_PUSH(ld->arena, sc->tags, sc->n_tags, t.s);
	return 0;
}

static int read_tags(struct loader *ld, const struct ynode *n, void *p)
{
	return n->kind == Y_SCALAR && n->len ? read_tag(ld, n, p) :
		schema_each(ld, n, "a list of tags", read_tag, p);
}

/* ---- trace -------------------------------------------------------------- */

static int read_traced(struct loader *ld, const struct ynode *n, void *p)
{
	const struct tracepoint *tp;
	struct text t;

	(void)p;
	return value_text(ld, n, "an event of the kernel", &t) ? -1 :
		load_tracepoint(ld, &t, text_tok(&t), &tp);
}

static int read_trace(struct loader *ld, const struct ynode *n, void *p)
{
	return n->kind == Y_SCALAR && n->len ? read_traced(ld, n, p) :
		schema_each(ld, n, "a list of events of the kernel",
			    read_traced, p);
}

/* ---- machine ------------------------------------------------------------ */

static int read_setting(struct loader *ld, const struct ynode *key,
			const struct ynode *value, void *p)
{
	struct scenario *sc = p;

	return load_setting(ld, key, value, machine_settings, &sc->machine,
			    &sc->n_machine);
}

static struct words setting_words(struct loader *ld, void *p)
{
	(void)ld;
	(void)p;
	return (struct words){ setting_at, machine_settings };
}

static int read_machine(struct loader *ld, const struct ynode *n, void *p)
{
	static const struct key none[] = { { NULL, NULL, 0, false } };
	static const struct schema schema = {
		"the machine's settings", none, read_setting, setting_words,
	};

	(void)p;
	return schema_read(ld, n, &schema, ld->sc);
}

/* ---- fails -------------------------------------------------------------- */

struct fail_load {
	struct known_failure known;
	const struct ynode *cases;
};

static const char *case_at(const void *ctx, size_t i)
{
	const struct ynode *cases = ctx, *name;

	if (!cases || i >= cases->n_items)
		return NULL;
	name = ynode_get(cases->items[i], "case");
	return name && name->kind == Y_SCALAR ? name->text : "";
}

static int read_fail_case(struct loader *ld, const struct ynode *n, void *p)
{
	struct fail_load *f = p;
	struct words words = { case_at, f->cases };
	const char *w;
	struct text t;
	size_t i;

	if (value_text(ld, n, "the name of a case", &t))
		return -1;
	f->known.case_name = t.s;
	for (i = 0; (w = case_at(f->cases, i)); i++)
		if (!strcmp(w, t.s))
			return 0;
	return diag_unknown(ld->dg, text_loc(&t, 0, t.len), "case", t.s, t.len,
			    words);
}

static int read_kernel(struct loader *ld, const struct ynode *n, void *p)
{
	static const char what[] = "kernel versions (< 6.12, 6.18, any)";
	struct kernel_range range;
	struct fail_load *f = p;
	size_t bad_at = 0;
	struct text t;

	if (value_text(ld, n, what, &t))
		return -1;
	f->known.kernel = t.s;
	if (!kernel_range_parse(t.s, t.len, &range, &bad_at))
		return 0;
	if (bad_at >= t.len)
		return diag(ld->dg, text_loc(&t, 0, t.len), "expected %s, got "
			    "\"%s\"", what, t.s);
	return diag(ld->dg, text_loc(&t, bad_at, t.len - bad_at),
		    "expected %s, got \"%s\"", what, t.s + bad_at);
}

static int read_fail_transport(struct loader *ld, const struct ynode *n, void *p)
{
	struct fail_load *f = p;

	return load_transport(ld, n, &f->known.transport);
}

static int read_because(struct loader *ld, const struct ynode *n, void *p)
{
	struct fail_load *f = p;

	return value_string(ld, n, &f->known.because);
}

static int read_crash(struct loader *ld, const struct ynode *n, void *p)
{
	struct fail_load *f = p;
	struct text t;

	if (value_text(ld, n, "a piece of what the console says", &t))
		return -1;
	f->known.crash = t.s;
	return ld->sc->hazard ? 0 :
		diag(ld->dg, n->loc, "a crash is expected only of a scenario "
		     "with \"hazard: kernel_crash\"");
}

/* A case keeps those that are about it. */
static int read_fail(struct loader *ld, const struct ynode *n, void *p)
{
	static const struct key keys[] = {
		{ "case", read_fail_case, 0, false },
		{ "kernel", read_kernel, 0, false },
		{ "transport", read_fail_transport, 0, false },
		{ "because", read_because, 0, true },
		{ "crash", read_crash, 0, false },
		{ NULL, NULL, 0, false },
	};
	static const struct schema schema = {
		"a known failure", keys, NULL, NULL,
	};
	struct scenario *sc = ld->sc;
	struct fail_load f = { .known.loc = n->loc, .cases = p };

	if (schema_read(ld, n, &schema, &f))
		return -1;
	if (!f.known.kernel && f.known.transport == TRANSPORT_ANY)
		return diag(ld->dg, n->loc, "say on which \"kernel\", or by which "
			    "\"transport\"");
	if (!f.known.kernel)
		f.known.kernel = "any";
	if (f.known.case_name &&
	    (!sc->case_name || strcmp(f.known.case_name, sc->case_name)))
		return 0;
	ARENA_PUSH(ld->arena, sc->fails, sc->n_fails, f.known);
	return 0;
}

/* ---- the whole ---------------------------------------------------------- */

static int take(struct loader *ld, const struct ynode *n, void *p)
{
	(void)ld;
	*(const struct ynode **)p = n;
	return 0;
}

#define SECTION(name)	{ #name, take, offsetof(struct top, name), false }

static const struct key top_keys[] = {
	{ "fusescen", read_version, 0, true },
	{ "hazard", read_hazard, 0, false },
	{ "tags", read_tags, 0, false },
	{ "trace", read_trace, 0, false },
	{ "machine", read_machine, 0, false },
	{ "timeout", read_timeout, 0, false },
	{ "seed", read_seed, 0, false },
	SECTION(protocol), SECTION(needs), SECTION(mounts), SECTION(devices), SECTION(states), SECTION(rules),
	SECTION(actors), SECTION(steps), SECTION(expect), SECTION(fails),
	SECTION(cases),
	{ NULL, NULL, 0, false },
};
static const struct schema top_schema = {
	"a scenario", top_keys, NULL, NULL,
};

/* One that the file does not own up to. */
static void find_hazard(struct scenario *sc)
{
	const struct hazard_shape *shape = sc->hazard ? NULL :
		hazard_find(sc, &sc->hazard_loc);

	if (!shape)
		return;
	sc->hazard = shape->word;
	sc->hazard_shape = shape->what;
}

/* They are read in an order of their own, when the whole mapping has been seen. */
static int section(struct loader *ld, const char *key, const struct ynode *n,
		   int (*load)(struct loader *ld, const struct ynode *n))
{
	int bad;

	if (!n)
		return load(ld, n);
	sketch_enter(ld->sketch, top_keys, key, n);
	bad = load(ld, n);
	sketch_leave(ld->sketch);
	return bad;
}

int load_case(struct loader *ld, const struct ynode *root,
	      const struct ynode *cases)
{
	struct top top = { 0 };
	int bad;

	ld->sc->timeout_ns = 10 * NS_PER_S;
	ld->sc->seed = 1;
	if (value_is_map(ld, root, "a mapping (fusescen: 1, mounts: ...)"))
		return -1;
	bad = schema_read(ld, root, &top_schema, &top);
	if (bad && !top.mounts && !top.devices)
		return -1;	/* most often a misspelt key */
	/* without it, its words would be unknown everywhere */
	if (section(ld, "protocol", top.protocol, load_protocol))
		return -1;
	bad |= section(ld, "needs", top.needs, load_needs);
	bad |= section(ld, "states", top.states, load_states);
	/* without these, everything below would be unknown too */
	if (load_mounts(ld, top.mounts, top.devices) |
	    section(ld, "actors", top.actors, load_actors))
		return -1;
	if (!ld->sc->n_mounts)
		return diag(ld->dg, root->loc, "the scenario has no mount and "
			    "no device");
	bad |= section(ld, "rules", top.rules, load_rules);
	bad |= section(ld, "steps", top.steps, load_steps);
	bad |= section(ld, "expect", top.expect, load_checks);
	if (top.fails) {
		sketch_enter(ld->sketch, top_keys, "fails", top.fails);
		bad |= schema_each(ld, top.fails, "a list of known failures",
				   read_fail, (void *)cases);
		sketch_leave(ld->sketch);
	}
	if (!bad)
		bad = load_states_end(ld);
	if (!bad)
		find_hazard(ld->sc);
	return bad;
}
