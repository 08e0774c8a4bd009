/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files and mounts by name.  One thread at a time. */
#include "config.h"

#include "load/read/refs.h"

#include <limits.h>
#include <string.h>

#include "load/read/schema.h"
#include "load/read/values.h"


/* What names a mount in "mount:/path": the length of it, or 0. */
static size_t mount_prefix(const char *text, size_t len)
{
	const char *colon = memchr(text, ':', len);
	const char *slash = memchr(text, '/', len);

	if (!colon || (slash && slash < colon))
		return 0;
	return (size_t)(colon - text);
}

static bool is_device(const struct scenario *sc, int mount)
{
	return mount != NONE && sc->mounts[mount].kind == MOUNT_CUSE;
}

bool ref_is(const struct loader *ld, struct tok tok)
{
	return tok.len && (tok.s[0] == '/' || memchr(tok.s, ':', tok.len) ||
			   is_device(ld->sc, mount_find(ld->sc, tok.s,
							tok.len)));
}

/* The mount that the first name of a path is the name of, and what follows it. */
static int mount_in_path(const struct scenario *sc, const char *path, size_t len,
			 const char **rest)
{
	const char *from = path + (len && path[0] == '/'), *end = path + len;
	const char *to = memchr(from, '/', (size_t)(end - from));

	int mount;

	*rest = to ? to : end;
	mount = mount_find(sc, from, (size_t)(*rest - from));
	return is_device(sc, mount) ? NONE : mount;
}

/* How the path is written on each of the mounts; if its first name is that of one,
 * as if they were directories, then on that one. */
static int which_mount(struct loader *ld, struct loc loc, const char *path, size_t len)
{
	auto_buf struct buf forms = BUF_INIT;
	const struct scenario *sc = ld->sc;
	const char *rest;
	int named = mount_in_path(sc, path, len, &rest);
	int n = (int)(path + len - rest);

	if (named != NONE)
		return diag(ld->dg, loc, "on which mount? for a file of \"%s\", write "
			    "%s:%.*s", sc->mounts[named].name,
			    sc->mounts[named].name, n ? n : 1, n ? rest : "/");
	for (size_t i = 0; i < sc->n_mounts; i++)
		if (sc->mounts[i].kind == MOUNT_FUSE)
			buf_printf(&forms, "%s%s:%.*s", forms.len ? " or " : "",
				   sc->mounts[i].name, (int)len, path);
	return diag(ld->dg, loc, "on which mount? write %s", buf_str(&forms));
}

int mount_only(struct loader *ld, struct loc loc, const char *path, size_t len,
	       int *out)
{
	auto_buf struct buf names = BUF_INIT;
	const struct scenario *sc = ld->sc;
	int found = NONE;
	size_t i;

	for (i = 0; i < sc->n_mounts; i++) {
		if (sc->mounts[i].kind != MOUNT_FUSE)
			continue;
		buf_printf(&names, "%s%s", found == NONE ? "" : ", ",
			   sc->mounts[i].name);
		found = found == NONE ? (int)i : -2;
	}
	if (found == NONE)
		return diag(ld->dg, loc, "the scenario has no mount");
	if (found < 0 && path)
		return which_mount(ld, loc, path, len);
	if (found < 0)
		return diag(ld->dg, loc, "on which mount? there are %s",
			    buf_str(&names));
	*out = found;
	return 0;
}

const char *path_fault(const char *path, size_t len)
{
	size_t at = 0, depth = 0;

	if (!len || path[0] != '/')
		return "a path begins with /";
	if (len >= PATH_MAX)
		return "the path is too long";
	if (len == 1)
		return NULL;
	while (at < len) {
		const char *name = path + at + 1;
		const char *next = memchr(name, '/', len - at - 1);
		size_t n = next ? (size_t)(next - name) : len - at - 1;

		if (!n)
			return "a path has no // and no / at its end";
		if (name[0] == '.' && (n == 1 || (n == 2 && name[1] == '.')))
			return "a path has no . and no ..";
		if (n > NAME_MAX)
			return "a name in the path is too long";
		if (++depth > LIMIT_PATH_DEPTH)
			return "too many names in a path: at most 64 "
			       "(limit path_depth)";
		at += n + 1;
	}
	return NULL;
}

static int ref_mount(struct loader *ld, const struct text *t, struct tok tok,
		     int *out)
{
	*out = mount_find(ld->sc, tok.s, tok.len);
	if (*out != NONE)
		return 0;
	return diag_unknown(ld->dg, text_loc(t, tok.at, tok.len),
			    "mount or device", tok.s, tok.len,
			    mount_words(ld->sc));
}

static int no_files(struct loader *ld, struct loc loc, int mount)
{
	return diag(ld->dg, loc, "\"%s\" is a device and has no files",
		    ld->sc->mounts[mount].name);
}

/* A word that is no path: only a device can be named so. */
static int ref_device(struct loader *ld, const struct text *t, struct tok tok,
		      unsigned flags, struct file_ref *out)
{
	int mount = mount_find(ld->sc, tok.s, tok.len);
	struct loc loc = text_loc(t, tok.at, tok.len);

	if (mount == NONE)
		return diag(ld->dg, loc, "expected a file (/path, mount:/path)"
			    ", got \"%.*s\"", (int)tok.len, tok.s);
	if (!is_device(ld->sc, mount))
		return diag(ld->dg, loc, "\"%.*s\" is a mount; write %.*s: for "
			    "any file of it", (int)tok.len, tok.s,
			    (int)tok.len, tok.s);
	if (!(flags & (REF_ANY | REF_DEVICE)))
		return no_files(ld, loc, mount);
	out->mount = mount;
	return 0;
}

/* What follows "mount:", or the whole of "/path". */
static int ref_path(struct loader *ld, const struct text *t, struct tok tok,
		    unsigned flags, struct file_ref *out)
{
	struct loc loc = text_loc(t, tok.at, tok.len);
	const char *fault;

	if (is_device(ld->sc, out->mount))
		return !tok.len && flags & (REF_ANY | REF_DEVICE) ? 0 :
			no_files(ld, loc, out->mount);
	if (!tok.len && !(flags & REF_ANY))
		return diag(ld->dg, loc, "expected a path after \"%s:\"",
			    ld->sc->mounts[out->mount].name);
	if (!tok.len)
		return 0;
	fault = path_fault(tok.s, tok.len);
	if (fault)
		return diag(ld->dg, loc, "\"%.*s\": %s",
			    tok.len > 60 ? 60 : (int)tok.len, tok.s, fault);
	out->path = tok_dup(ld, tok);
	out->is_glob = (flags & REF_GLOB) && strpbrk(out->path, "*?");
	return 0;
}

int ref_from_tok(struct loader *ld, const struct text *t, struct tok tok,
		 unsigned flags, struct file_ref *out)
{
	size_t n = mount_prefix(tok.s, tok.len);

	*out = (struct file_ref){ NONE, NULL, false };
	if (tok.len && tok.s[0] == '/') {
		if (mount_only(ld, text_loc(t, tok.at, tok.len), tok.s, tok.len,
			       &out->mount))
			return -1;
		return ref_path(ld, t, tok, flags, out);
	}
	if (!n)
		return ref_device(ld, t, tok, flags, out);
	if (ref_mount(ld, t, (struct tok){ tok.s, n, tok.at }, &out->mount))
		return -1;
	return ref_path(ld, t, (struct tok){ tok.s + n + 1, tok.len - n - 1,
					     tok.at + n + 1 }, flags, out);
}

int ref_value(struct loader *ld, const struct ynode *n, unsigned flags,
	      struct file_ref *out)
{
	struct text t;

	if (value_text(ld, n, "a file (/path, mount:/path)", &t))
		return -1;
	return ref_from_tok(ld, &t, text_tok(&t), flags, out);
}

int ref_backing(struct loader *ld, const struct ynode *n, void *out)
{
	static const struct key keys[] = {
		{ "host", value_string, offsetof(struct file_ref, path), true },
		{ NULL, NULL, 0, false }
	};
	static const struct schema schema = { "a backing file", keys, NULL, NULL };
	struct file_ref *ref = out;

	if (n->kind != Y_MAP)
		return ref_value(ld, n, 0, ref);
	*ref = (struct file_ref){ HOST, NULL, false };
	if (schema_read(ld, n, &schema, ref))
		return -1;
	if (ref->path[0] != '/')
		return diag(ld->dg, n->loc, "a file of the host is an absolute path");
	return 0;
}

int mount_value(struct loader *ld, const struct ynode *n, int *out)
{
	struct text t;

	if (value_text(ld, n, "the name of a mount", &t))
		return -1;
	return ref_mount(ld, &t, text_tok(&t), out);
}

/* Does a path go above where it starts? */
static bool climbs_out(const char *path)
{
	int depth = 0;

	while (*path && depth >= 0) {
		size_t n = strcspn(path, "/");

		if (n == 2 && !strncmp(path, "..", 2))
			depth--;
		else if (n && !(n == 1 && path[0] == '.'))
			depth++;
		path += n + (path[n] == '/');
	}
	return depth < 0;
}

int ref_stays_below(struct loader *ld, struct loc at, const char *path)
{
	if (strlen(path) >= PATH_MAX)
		return diag(ld->dg, at, "the path is too long");
	if (climbs_out(path))
		return diag(ld->dg, at, "the path leaves its mount");
	return 0;
}

int ref_call_path(struct loader *ld, struct loc at, const char *text,
		  struct arg *out)
{
	size_t n = mount_prefix(text, strlen(text));
	const char *rest;

	/* relative to wherever the actor is, which is in its sandbox */
	if (text[0] == '.') {
		out->mount = NONE;
		out->str = text;
		return strlen(text) < PATH_MAX ? 0 :
			diag(ld->dg, at, "the path is too long");
	}
	if (text[0] == '/') {
		if (mount_only(ld, at, text, strlen(text), &out->mount))
			return -1;
	} else if (!n && mount_in_path(ld->sc, text, strlen(text), &rest) != NONE) {
		return which_mount(ld, at, text, strlen(text));
	} else if (!n) {
		return diag(ld->dg, at, "expected \"/path\", \"mount:/path\", "
			    "\"device:\" or \"./path\", got \"%.60s\"", text);
	} else {
		out->mount = mount_find(ld->sc, text, n);
		if (out->mount == NONE)
			return diag_unknown(ld->dg, at, "mount or device", text,
					    n, mount_words(ld->sc));
		text += n + 1;
	}
	if (is_device(ld->sc, out->mount) ? *text : *text != '/')
		return diag(ld->dg, at, is_device(ld->sc, out->mount) ?
			    "\"%s\" is a device; write \"%s:\"" :
			    "expected /path after \"%s:\"",
			    ld->sc->mounts[out->mount].name,
			    ld->sc->mounts[out->mount].name);
	out->str = text;
	return ref_stays_below(ld, at, text);
}
