/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "fusescen/util/xml.h"

#include <ctype.h>
#include <string.h>

#include "base/escape.h"
#include "base/mem.h"

void xml_init(struct xml *x, const char *text, size_t len)
{
	*x = (struct xml){ .p = text, .end = text + len };
}

static void clear_attributes(struct xml *x)
{
	for (size_t i = 0; i < x->n_attributes; i++)
		buf_fini(&x->attributes[i].value);
	x->n_attributes = 0;
}

void xml_fini(struct xml *x)
{
	clear_attributes(x);
	buf_fini(&x->text);
}

static bool is_name(struct xml_name name, const char *word)
{
	return strlen(word) == name.len && memcmp(name.at, word, name.len) == 0;
}

bool xml_is(const struct xml *x, const char *name)
{
	return is_name(x->name, name);
}

const char *xml_attribute(const struct xml *x, const char *name)
{
	for (size_t i = 0; i < x->n_attributes; i++)
		if (is_name(x->attributes[i].name, name))
			return buf_str(&x->attributes[i].value);
	return NULL;
}

static enum xml_kind bad(struct xml *x, const char *why)
{
	x->why = why;
	return XML_BAD;
}

/* ---- pieces ----------------------------------------------------------------------- */

static bool skip(struct xml *x, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(x->end - x->p) < len || memcmp(x->p, word, len) != 0)
		return false;
	x->p += len;
	return true;
}

static void skip_blanks(struct xml *x)
{
	while (x->p < x->end && strchr(" \t\r\n", *x->p) && *x->p)
		x->p++;
}

static bool read_name(struct xml *x, struct xml_name *name)
{
	name->at = x->p;
	while (x->p < x->end && (isalnum((unsigned char)*x->p) || *x->p == '_' ||
				 *x->p == '-'))
		x->p++;
	name->len = (size_t)(x->p - name->at);
	return name->len > 0;
}

static bool read_entity(struct xml *x, struct buf *to)
{
	static const struct {
		const char *word;
		char c;
	} entities[] = {
		{ "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' },
		{ "&quot;", '"' }, { "&apos;", '\'' },
	};

	for (size_t i = 0; i < ARRAY_SIZE(entities); i++)
		if (skip(x, entities[i].word)) {
			buf_addc(to, entities[i].c);
			return true;
		}
	return false;
}

/* Up to a character that ends it. */
static bool read_text(struct xml *x, char until, struct buf *to)
{
	while (x->p < x->end && *x->p != until && *x->p != '<') {
		size_t len = utf8_length(x->p, (size_t)(x->end - x->p));

		if (*x->p == '&') {
			if (!read_entity(x, to))
				return false;
		} else if (!len || ((unsigned char)*x->p < 0x20 &&
				    !strchr("\t\r\n", *x->p)) || !*x->p) {
			return false;
		} else {
			buf_add(to, x->p, len);
			x->p += len;
		}
	}
	return true;
}

static bool read_attribute(struct xml *x)
{
	size_t n = x->n_attributes;

	if (n == XML_ATTRIBUTES)
		return false;
	x->attributes[n].value = (struct buf)BUF_INIT;
	x->n_attributes++;
	return read_name(x, &x->attributes[n].name) && skip(x, "=\"") &&
		read_text(x, '"', &x->attributes[n].value) && skip(x, "\"");
}

/* ---- items ------------------------------------------------------------------------ */

static enum xml_kind finish(struct xml *x)
{
	x->name = x->open[--x->depth];
	return XML_FINISH;
}

static enum xml_kind read_finish(struct xml *x)
{
	struct xml_name name;

	if (!read_name(x, &name) || !skip(x, ">") || !x->depth ||
	    name.len != x->open[x->depth - 1].len ||
	    memcmp(name.at, x->open[x->depth - 1].at, name.len) != 0)
		return bad(x, "an element ends that has not begun");
	return finish(x);
}

static enum xml_kind read_begin(struct xml *x)
{
	if (!read_name(x, &x->name))
		return bad(x, "\"<\" without an element");
	if (x->depth == XML_DEPTH || (!x->depth && x->has_root))
		return bad(x, "elements where none are expected");
	for (skip_blanks(x); x->p < x->end && *x->p != '>' && *x->p != '/'; skip_blanks(x))
		if (!read_attribute(x))
			return bad(x, "an attribute that cannot be read");
	x->is_empty = skip(x, "/");
	if (!skip(x, ">"))
		return bad(x, "an element without its \">\"");
	x->has_root = true;
	x->open[x->depth++] = x->name;
	return XML_BEGIN;
}

enum xml_kind xml_next(struct xml *x)
{
	if (x->is_empty) {
		x->is_empty = false;
		return finish(x);
	}
	clear_attributes(x);
	buf_clear(&x->text);
	if (!x->depth) {
		skip_blanks(x);
		if (!x->has_root && skip(x, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"))
			skip_blanks(x);
	}
	if (x->p == x->end)
		return x->depth || !x->has_root ? bad(x, "it ends too early") : XML_END;
	if (skip(x, "</"))
		return read_finish(x);
	if (skip(x, "<"))
		return read_begin(x);
	if (!x->depth || !read_text(x, '<', &x->text))
		return bad(x, "text that cannot be read");
	return XML_TEXT;
}
