/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A YAML file as a tree; messages with their place.
 */
#ifndef FUSESCEN_BENCH_SOURCE_H
#define FUSESCEN_BENCH_SOURCE_H

#include <stddef.h>
#include <yaml.h>

struct source {
	const char *path;	/* what messages call it; borrowed */
	char *text;
	size_t len;
	yaml_document_t doc;
	unsigned errors;
};

/* -1 after a message on standard error; close it in any case. */
int source_open(struct source *s, const char *path);
int source_open_text(struct source *s, const char *path, const char *text);
void source_close(struct source *s);

/* "path:line:column: error: ...", the line and a caret, on standard error;
 * returns -1. */
__attribute__((format(printf, 3, 4)))
int source_error(struct source *s, const yaml_node_t *at, const char *fmt, ...);
/* The same about a word that is none of those (NULL ends them). */
int source_unknown(struct source *s, const yaml_node_t *at, const char *what,
		   const char *const *words);
/* Messages about keys of a mapping that come twice, or are none of those (words
 * may be NULL: any): -1. */
int source_check_keys(struct source *s, const yaml_node_t *map, const char *what,
		      const char *const *words);

yaml_node_t *source_root(struct source *s);
/* Of a mapping; NULL if it has no such key, or is no mapping. */
yaml_node_t *source_get(struct source *s, const yaml_node_t *map,
			const char *key);
/* A scalar's text, NULL for anything else. */
const char *source_text(const yaml_node_t *n);
/* Item i of a sequence, NULL behind the last one. */
yaml_node_t *source_item(struct source *s, const yaml_node_t *list, size_t i);
/* Entry i of a mapping: 0 behind the last one. */
int source_entry(struct source *s, const yaml_node_t *map, size_t i,
		 yaml_node_t **key, yaml_node_t **value);
/* The file with all but this node blank: what is left has its old lines and
 * columns.  To be freed. */
char *source_cut(const struct source *s, const yaml_node_t *n);

#endif
