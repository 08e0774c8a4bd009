/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Delta debugging over the tree.  All cuts of a kind are tried side by side, once each;
 * of those that still show it, as many as possible are taken together, and that has to
 * show it each of many times.  Then comes the next kind, until a pass over all kinds
 * finds nothing.  Main thread only.
 */
#include "config.h"

#include "fusescen/minimize/search.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/hash.h"
#include "base/units.h"
#include "fusescen/minimize/cuts.h"
#include "fusescen/util/errors.h"
#include "fusescen/util/terminal.h"
#include "load/yaml/ytree.h"
#include "load/yaml/ywrite.h"

#define WINDOW		64u		/* cuts side by side on this kernel */
#define SAVE_NS		(2 * NS_PER_S)
#define GRACE_MS	1000u
#define SLOWER		4u		/* than the original a run may be */

/* The tree of s->state.text. */
struct pass {
	struct search *s;
	struct arena *arena;
	const struct ynode *root;
	struct pins pins;
	struct failure now;		/* how s->state.text fails, with its place */
	bool is_bold;
};

/* ---- texts -------------------------------------------------------------------------------- */

static const struct ynode *parse(struct arena *a, const char *text, size_t len)
{
	struct diags *dg = diags_new("", text, len);
	const struct ynode *root = ytree_parse(a, dg, text, len);

	diags_free(dg);
	return root && root->kind == Y_MAP ? root : NULL;
}

static char *written(const struct ynode *root)
{
	struct buf b = BUF_INIT;

	ytree_write(&b, root);
	return b.len ? buf_steal(&b) : xstrdup("");
}

static bool is_refused(const struct search *s, uint64_t hash)
{
	for (size_t i = 0; i < s->state.n_refused; i++)
		if (s->state.refused[i] == hash)
			return true;
	return false;
}

static void refuse(struct search *s, const char *text)
{
	s->state.refused = xgrow(s->state.refused, s->state.n_refused, sizeof(*s->state.refused));
	s->state.refused[s->state.n_refused++] = hash_text(text);
}

/* Where it fails, by the place in its present text. */
static void pass_open(struct pass *p, struct search *s, const char *report)
{
	const struct trials *ts = &s->trials;

	*p = (struct pass){
		.s = s, .arena = arena_new(),
		.is_bold = s->is_bold || ts->passes_on || ts->asks_tmpfs,
	};
	p->root = parse(p->arena, s->state.text, strlen(s->state.text));
	if (!p->root)
		die_bug("what was written is no YAML:\n%s", s->state.text);
	failure_read(&p->now, report, ts->keep);
	p->pins = pins_find(p->arena, p->root, p->now.what ? &p->now : NULL, s->leave,
			    p->is_bold);
}

static void pass_close(struct pass *p)
{
	failure_free(&p->now);
	arena_free(p->arena);
}

/* ---- trying -------------------------------------------------------------------------------- */

/* NULL: nothing would be left. */
static char *text_with(struct pass *p, const struct cut *cut)
{
	const struct ynode *root = ynode_edited(p->arena, p->root, cut->edits, cut->n);

	return root ? written(root) : NULL;
}

static struct cut together(struct pass *p, const struct cut *cuts, const size_t *which,
			   size_t n)
{
	struct cut all = n == 1 ? cuts[which[0]] : (struct cut){ NULL, 0, NULL, NULL };

	for (size_t i = 0; n > 1 && i < n; i++)
		for (size_t k = 0; k < cuts[which[i]].n; k++)
			ARENA_PUSH(p->arena, all.edits, all.n, cuts[which[i]].edits[k]);
	return all;
}

static void say(const struct search *s, const char *mark, const struct cut *cut)
{
	auto_buf struct buf shown = BUF_INIT;
	auto_free char *what = NULL;

	if (!s->verbose)
		return;
	what = cut_describe(cut);
	buf_shown(&shown, what, strlen(what));
	status_clear();
	fprintf(stderr, "%-5s %s\n", mark, buf_str(&shown));
}

/* Takes the cut if the text shows it each time.  Returns 1 if so, 0 if not, -1. */
static int adopt(struct pass *p, const struct cut *cut, struct account *account)
{
	struct search *s = p->s;
	struct trials *ts = &s->trials;
	auto_free char *text = text_with(p, cut);
	struct trial t = { .text = text, .from = cut->from, .to = cut->to };
	int taken;

	if (!text)
		return 0;
	if (trials_run(ts, &t, 1, s->times)) {
		trial_fini(&t);
		return -1;
	}
	taken = trial_shows(ts, &t, s->times);
	if (taken) {
		say(s, "yes", cut);
		account->kept++;
		free(s->state.text);
		s->state.text = steal_ptr(&text);
		if (!ts->keep) {
			failure_free(&ts->goal);
			failure_read(&ts->goal, t.report, NULL);
		}
		pass_close(p);
		pass_open(p, s, t.report);
		if (state_write(&s->state))
			taken = -1;
	}
	trial_fini(&t);
	return taken;
}

/* As many as possible of those that show it by themselves. */
static int adopt_most(struct pass *p, const struct cut *cuts, const size_t *which,
		      size_t n, struct account *account)
{
	for (; n; n /= 2) {
		const struct cut cut = together(p, cuts, which, n);
		int taken = adopt(p, &cut, account);

		if (taken)
			return taken;
	}
	return 0;
}

unsigned count_lines(const char *text)
{
	unsigned n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

static void show_progress(const struct pass *p, const struct cut_kind *kind, size_t at,
			  size_t n)
{
	auto_free char *line = NULL;

	if (!is_terminal(stderr))
		return;
	line = xasprintf("%u lines, %s %zu of %zu, %llu runs", count_lines(p->s->state.text),
			 kind->name, at, n, (unsigned long long)p->s->trials.runs);
	status_show(line);
}

struct window {
	struct trial trials[WINDOW];
	char *texts[WINDOW];
	size_t cut[WINDOW];
	size_t n;
};

/* Fills it with what was not tried before.  Returns where to go on. */
static size_t window_fill(struct pass *p, struct window *w, const struct cuts *cuts,
			  size_t at)
{
	for (w->n = 0; at < cuts->n && w->n < WINDOW; at++) {
		const struct cut *cut = &cuts->at[at];
		char *text = text_with(p, cut);

		if (!text || !strcmp(text, p->s->state.text) ||
		    is_refused(p->s, hash_text(text))) {
			free(text);
			continue;
		}
		w->texts[w->n] = text;
		w->cut[w->n] = at;
		w->trials[w->n++] = (struct trial){
			.text = text, .from = cut->from, .to = cut->to };
	}
	return at;
}

/* Returns how many of them show it; which[] then has their cuts. */
static size_t window_judge(struct pass *p, struct window *w, const struct cuts *cuts,
			   struct account *account, size_t *which)
{
	struct search *s = p->s;
	size_t n = 0;

	for (size_t i = 0; i < w->n; i++) {
		const struct trial *t = &w->trials[i];
		const struct cut *cut = &cuts->at[w->cut[i]];

		account->tried++;
		account->no_scenario += !t->is_scenario;
		/* a word that is replaced cannot be combined with other cuts */
		if (!trial_shows(&s->trials, t, 1)) {
			say(s, t->is_scenario ? "no" : "-", cut);
			refuse(s, t->text);
		} else if (!n || (!cut->from && !cuts->at[which[0]].from)) {
			which[n++] = w->cut[i];
		}
	}
	return n;
}

static void window_fini(struct window *w)
{
	for (size_t i = 0; i < w->n; i++) {
		trial_fini(&w->trials[i]);
		free(w->texts[i]);
	}
}

/* Returns 1 if something was taken and the cuts are those of another text. */
static int try_window(struct pass *p, struct window *w, const struct cuts *cuts,
		      struct account *account)
{
	struct search *s = p->s;
	size_t which[WINDOW], n;

	if (trials_run(&s->trials, w->trials, w->n, 1))
		return -1;
	n = window_judge(p, w, cuts, account, which);
	if (clock_ns() - s->saved_ns > SAVE_NS) {
		s->saved_ns = clock_ns();
		if (state_write(&s->state))
			return -1;
	}
	return adopt_most(p, cuts->at, which, n, account);
}

/* Returns whether something was taken, or -1. */
static int try_kind(struct pass *p, const struct cut_kind *kind, struct account *account)
{
	struct window w;
	bool any = false;
	int taken = 1;

	while (taken > 0) {
		struct cuts cuts = { .arena = p->arena, .root = p->root, .pins = &p->pins,
				     .is_bold = p->is_bold };
		size_t at = 0;

		kind->make(&cuts);
		for (taken = 0; !taken && at < cuts.n;) {
			show_progress(p, kind, at, cuts.n);
			at = window_fill(p, &w, &cuts, at);
			taken = w.n ? try_window(p, &w, &cuts, account) : 0;
			window_fini(&w);
		}
		any |= taken > 0;
	}
	return taken < 0 ? -1 : any;
}

int minimize_run(struct search *s)
{
	struct trials *trials = &s->trials;
	struct trial t = { .text = s->state.text };
	struct pass p;
	bool any = true;
	int err = trials_run(&s->trials, &t, 1, 1);

	if (!err && !t.is_scenario) {
		put_error("%s: there is no scenario in it that can be loaded", s->state.path ?
			  s->state.path : trials->path);
		err = -1;
	}
	if (!err && !trials->keep) {
		/* it may be a text of --continue, with other numbers than the original */
		failure_free(&trials->goal);
		if (!failure_read(&trials->goal, t.report ? t.report : "", NULL)) {
			put_error("%s: it does not fail any more", trials->path);
			err = -1;
		}
	}
	if (err) {
		trial_fini(&t);
		return -1;
	}
	pass_open(&p, s, t.report);
	trial_fini(&t);
	while (any && !err) {
		any = false;
		for (size_t i = 0; i < n_cut_kinds && !err; i++) {
			int taken = try_kind(&p, &cut_kinds[i], &s->accounts[i]);

			any |= taken > 0;
			err = taken < 0 ? -1 : 0;
			/* pairs cost most: what they make possible comes first */
			if (taken > 0 && i + 1 == n_cut_kinds)
				break;
		}
	}
	status_clear();
	if (state_write(&s->state))
		err = -1;
	pass_close(&p);
	return err;
}

/* ---- the beginning --------------------------------------------------------------------------- */

static char *title_of(const char *text)
{
	size_t n = strcspn(text, "\n"), skip;

	if (text[0] != '#')
		return xstrdup("");
	skip = strspn(text + 1, " ") + 1;
	return xstrndup(text + skip, n > skip ? n - skip : 0);
}

/* One case, without what is about other cases and other kernels. */
static char *one_case(struct arena *a, const struct ynode *root, const struct ynode *row)
{
	root = ynode_without(a, ynode_without(a, root, "fails"), "cases");
	return written(row ? ynode_filled(a, root, row) : root);
}

/* It fails, and from now on it has to fail in this way. */
static bool is_shown_first(struct search *s, struct trial *t)
{
	struct trials *ts = &s->trials;

	if (ts->keep)
		return t->failed == 1;
	return t->is_scenario && failure_read(&ts->goal, t->report ? t->report : "", NULL);
}

/* Returns 1 if it shows it each time, 0 if not, -1. */
static int begin_with(struct search *s, char *text, bool is_only)
{
	struct trials *ts = &s->trials;
	struct trial t = { .text = text };
	int shows = 0;

	if (trials_run(ts, &t, 1, 1)) {
		trial_fini(&t);
		return -1;
	}
	if (is_shown_first(s, &t)) {
		if (!ts->fails_on->n)
			ts->timeout_ms = (unsigned)(t.elapsed_ns / NS_PER_MS) * SLOWER + GRACE_MS;
		trial_fini(&t);
		ts->asks_tmpfs = !ts->keep && !ts->passes_on;
		if (trials_run(ts, &t, 1, s->times)) {
			trial_fini(&t);
			return -1;
		}
		/* where a tmpfs does not say the same, it is not asked again */
		ts->asks_tmpfs &= t.is_right;
		shows = trial_shows(ts, &t, s->times);
		if (!shows)
			put_error("%s: it fails so in %u of %u runs%s", ts->path, t.failed,
				  s->times, ts->passes_on ? ", or does not pass where it should" : "");
	} else if (is_only) {
		put_error("%s: %s", ts->path, t.is_scenario ?
			  ts->keep ? "no failure has that text" : "it does not fail" :
			  "it cannot be written as a scenario of one case");
	}
	trial_fini(&t);
	return shows;
}

static int begin_with_case(struct search *s, const struct ynode *root,
			   const struct ynode *row, bool is_only)
{
	struct arena *a = arena_new();
	auto_free char *text = one_case(a, root, row);
	int shows = begin_with(s, text, is_only);

	if (shows > 0) {
		free(s->state.text);
		s->state.text = steal_ptr(&text);
	}
	arena_free(a);
	return shows;
}

static int begin_with_some(struct search *s, const struct ynode *root,
			   const char *case_name)
{
	const struct ynode *cases = ynode_get(root, "cases");
	int shows = 0;

	if (!cases || cases->kind != Y_LIST)
		return begin_with_case(s, root, NULL, true);
	for (size_t i = 0; !shows && i < cases->n_items; i++) {
		const struct ynode *name = ynode_get(cases->items[i], "case");

		if (case_name && (!name || strcmp(name->text, case_name) != 0))
			continue;
		shows = begin_with_case(s, root, cases->items[i], case_name != NULL);
		if (shows > 0 && name)
			fprintf(stderr, "%s: case %s\n", s->trials.path, name->text);
	}
	if (!shows && !case_name)
		put_error("%s: none of its cases fails", s->trials.path);
	return shows;
}

/* Another file, or another thing to be shown in it, is another search. */
static uint64_t search_key(const struct search *s, const char *text)
{
	auto_free char *all = xasprintf("%s\n%s\n%s\n%s", text,
					s->trials.keep ? s->trials.keep : "",
					s->trials.goal.what ? s->trials.goal.what : "",
					s->trials.passes_on ? "passes" : "");

	return hash_text(all);
}

int minimize_begin(struct search *s, const char *text, size_t len, const char *case_name)
{
	struct arena *a = arena_new();
	const struct ynode *root = parse(a, text, len);
	int shows;

	s->accounts = xcalloc(n_cut_kinds, sizeof(*s->accounts));
	s->title = title_of(text);
	s->saved_ns = clock_ns();
	shows = root ? begin_with_some(s, root, case_name) : -1;
	arena_free(a);
	if (shows <= 0)
		return -1;
	s->state.key = search_key(s, text);
	return state_read(&s->state);
}

char *minimize_result(const struct search *s)
{
	auto_free char *title = s->trials.goal.what ? failure_title(&s->trials.goal) :
		xstrdup(s->trials.keep ? s->trials.keep : "");

	return xasprintf("# %s\n%s%s%s%s", title, *s->title ? "# What is left of \"" : "",
			 s->title, *s->title ? "\"\n" : "", s->state.text);
}

void minimize_fini(struct search *s)
{
	failure_free(&s->trials.goal);
	free(s->title);
	state_fini(&s->state);
	free(s->accounts);
}
