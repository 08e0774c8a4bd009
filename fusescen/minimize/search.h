/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes a scenario smaller as long as it shows the same.  Main thread only. */
#ifndef FUSESCEN_MINIMIZE_SEARCH_H
#define FUSESCEN_MINIMIZE_SEARCH_H

#include "fusescen/minimize/state.h"
#include "fusescen/minimize/trial.h"

/* What was tried of one kind. */
struct account {
	unsigned tried, no_scenario, kept;
};

struct search {
	struct trials trials;
	const char **leave;		/* items with such a text stay; NULL: none */
	unsigned times;			/* so often it has to show it */
	bool is_bold;			/* leave out of the server whatever can be */
	bool verbose;			/* say each try */
	/* What it gives. */
	char *title;			/* of the original */
	struct state state;		/* the smallest so far */
	struct account *accounts;	/* one for each row of cut_kinds */
	uint64_t saved_ns;
};

/* Begins with the text of a scenario, of which one case is taken if it has some: the one
 * named, or (NULL) the first that shows it.  Returns 0, or -1 after a message. */
int minimize_begin(struct search *s, const char *text, size_t len, const char *case_name);
/* Returns 0 when nothing more can be left out; -1 after a message, or for a signal. */
int minimize_run(struct search *s);
/* The scenario with its title; the caller frees it. */
char *minimize_result(const struct search *s);
unsigned count_lines(const char *text);
void minimize_fini(struct search *s);

#endif
