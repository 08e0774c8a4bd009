/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Arguments of calls, and the variables that pass between them.  One thread
 * at a time. */
#include "config.h"

#include "load/calls/args.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/limits.h"
#include "base/units.h"
#include "load/read/ioctl_number.h"
#include "load/read/refs.h"
#include "load/read/values.h"

#define ARG_STOPS	",)"

/* "pwrite(fd, bytes, offset)", what may be left out in [ ]. */
static char *signature(struct loader *ld, const struct call *call)
{
	auto_buf struct buf b = BUF_INIT;
	const struct call_param *p;

	buf_printf(&b, "%s(", call->name);
	for (p = call->params; p->name; p++)
		buf_printf(&b, "%s%s%s%s", p->optional ? "[" : "",
			   p == call->params ? "" : ", ", p->name,
			   p->optional ? "]" : "");
	buf_addc(&b, ')');
	return arena_strdup(ld->arena, buf_str(&b));
}

/* ---- variables ---------------------------------------------------------- */

/* What a call assigns when it is no descriptor, and what a parameter wants. */
static const struct {
	enum call_id id;
	enum var_is is;
} assigned[] = {
	{ CALL_mmap, VAR_IS_MAP },
	{ CALL_name_to_handle, VAR_IS_HANDLE },
	{ CALL_aio_write, VAR_IS_AIO },
	{ CALL_aio_read, VAR_IS_AIO },
	{ CALL_aio_fsync, VAR_IS_AIO },
	{ CALL_aio_fdsync, VAR_IS_AIO },
};

static enum var_is assigned_kind(const struct call *call)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(assigned); i++)
		if (assigned[i].id == call->id)
			return assigned[i].is;
	return VAR_IS_FD;
}

static enum var_is wanted_kind(const struct call_param *p)
{
	if (!strcmp(p->name, "map"))
		return VAR_IS_MAP;
	if (!strcmp(p->name, "handle"))
		return VAR_IS_HANDLE;
	return strcmp(p->name, "aio") ? VAR_IS_FD : VAR_IS_AIO;
}

static const char *const kind_texts[] = {
	[VAR_IS_FD] = "a descriptor",
	[VAR_IS_MAP] = "a mapping (mmap)",
	[VAR_IS_HANDLE] = "a file handle (name_to_handle)",
	[VAR_IS_AIO] = "an asynchronous call (aio_read, aio_write, ...)",
};

static struct var_known *find_known(struct loader *ld, int actor, int var)
{
	int process = ld->sc->actors[actor].process;
	size_t i;

	for (i = 0; i < ld->n_known; i++)
		if (ld->known[i].process == process && ld->known[i].var == var)
			return &ld->known[i];
	return NULL;
}

/* The variables an actor has by now. */
static struct words known_words(struct loader *ld, int actor)
{
	const char **list = NULL;
	size_t n = 0, i;

	for (i = 0; i < ld->n_known; i++)
		if (ld->known[i].process == ld->sc->actors[actor].process)
			ARENA_PUSH(ld->arena, list, n,
				   ld->sc->vars[ld->known[i].var]);
	ARENA_PUSH(ld->arena, list, n, NULL);
	return words_array(list);
}

static int use_var(struct lex *lx, int actor, const struct call_param *p,
		   struct arg *out)
{
	struct loader *ld = lx->ld;
	struct tok tok = lex_word(lx);
	struct var_known *known = NULL;
	enum var_is want = wanted_kind(p);

	if (!is_name(tok.s, tok.len))
		return diag(ld->dg, tok.len ? lex_loc(lx, tok) : lex_here(lx),
			    "expected a variable (%s), which another call "
			    "assigns", p->name);
	out->var = names_find(ld->sc->vars, ld->sc->n_vars, tok.s, tok.len);
	if (out->var != NONE)
		known = find_known(ld, actor, out->var);
	if (!known)
		return diag_unknown(ld->dg, lex_loc(lx, tok),
				    "variable", tok.s, tok.len,
				    known_words(ld, actor));
	if (known->is != want)
		return diag(ld->dg, lex_loc(lx, tok), "expected %s, \"%.*s\" "
			    "is %s", kind_texts[want], (int)tok.len, tok.s,
			    kind_texts[known->is]);
	return 0;
}

int load_assign(struct lex *lx, struct tok tok, struct call_use *use)
{
	struct loader *ld = lx->ld;
	struct scenario *sc = ld->sc;
	struct var_known *known;

	if (use->call->result != RES_VAR)
		return diag(ld->dg, lex_loc(lx, tok),
			    "%s gives nothing that can be named",
			    use->call->name);
	use->result_var = names_intern(ld, lex_loc(lx, tok), &sc->vars,
				       &sc->n_vars, tok.s, tok.len);
	if (use->result_var == NONE)
		return -1;
	known = find_known(ld, use->actor, use->result_var);
	if (known)
		known->is = assigned_kind(use->call);
	else
		ARENA_PUSH(ld->arena, ld->known, ld->n_known,
			   ((struct var_known){
				sc->actors[use->actor].process,
				use->result_var, assigned_kind(use->call) }));
	return 0;
}

/* ---- arguments ---------------------------------------------------------- */

static int read_string(struct lex *lx, const struct call_param *p,
		       const char *what, char **out)
{
	struct tok tok;
	uint8_t *bytes;
	size_t len;

	if (!lex_next_is(lx, '"')) {
		tok = lex_peek(lx, ARG_STOPS);
		return diag(lx->ld->dg, lex_loc(lx, tok), "expected %s in "
			    "quotes (%s), got %.*s", what, p->name,
			    tok.len ? (int)tok.len : 7,
			    tok.len ? tok.s : "nothing");
	}
	tok.at = lx->at;
	if (lex_string(lx, &bytes, &len))
		return -1;
	tok.len = lx->at - tok.at;
	if (memchr(bytes, 0, len))
		return diag(lx->ld->dg, lex_loc(lx, tok),
			    "%s cannot hold a NUL", what);
	*out = (char *)bytes;
	return 0;
}

static int read_path(struct lex *lx, const struct call_param *p,
		     struct arg *out)
{
	struct tok tok = { NULL, 0, 0 };
	char *path;

	lex_done(lx);
	tok.at = lx->at;
	if (read_string(lx, p, "a path", &path))
		return -1;
	tok.len = lx->at - tok.at;
	return ref_call_path(lx->ld, lex_loc(lx, tok), path, out);
}

static int bad_arg(struct lex *lx, struct tok tok, const struct call_param *p,
		   const char *what)
{
	return diag(lx->ld->dg, lex_loc(lx, tok), "expected %s (%s), got "
		    "\"%.*s\"", what, p->name,
		    tok.len > 60 ? 60 : (int)tok.len, tok.s);
}

/* "0..64K/4K": one of these multiples at random; "0..64K+4K": one after the
 * other; "0..64K": any number. */
static int read_draw(struct lex *lx, const struct call_param *p, struct tok tok,
		     struct draw *out)
{
	const char *dots = memmem(tok.s, tok.len, "..", 2), *sign;
	const char *end = tok.s + tok.len;
	int64_t hi;

	*out = (struct draw){ .step = 1, .at = tok.at, .len = tok.len };
	sign = memchr(dots, '/', (size_t)(end - dots));
	if (!sign) {
		sign = memchr(dots, '+', (size_t)(end - dots));
		out->in_order = sign != NULL;
	}
	if (parse_int(tok.s, (size_t)(dots - tok.s), &out->start) ||
	    parse_int(dots + 2, (size_t)((sign ? sign : end) - dots - 2), &hi) ||
	    (sign && parse_int(sign + 1, (size_t)(end - sign - 1), &out->step)) ||
	    out->start < 0 || hi <= out->start || out->step <= 0)
		return bad_arg(lx, tok, p, "numbers to choose from (0..64K/4K, "
			       "or in order: 0..64K+4K)");
	if (!strcmp(p->name, "size") && hi - 1 > LIMIT_CALL_DATA)
		return diag_limit(lx->ld->dg, lex_loc(lx, tok),
				  LIMIT_OF(CALL_DATA));
	out->n = (uint64_t)(hi - out->start - 1) / (uint64_t)out->step + 1;
	return 0;
}

static int read_number(struct lex *lx, const struct call_param *p,
		       int64_t *out)
{
	struct tok tok = lex_token(lx, ARG_STOPS);
	char wanted[48];
	uint64_t v = 0;

	if (p->type == ARG_SIZE || p->type == ARG_MODE) {
		if (parse_size(tok.s, tok.len, &v) || v > INT64_MAX)
			return bad_arg(lx, tok, p, "a size");
		if (p->type == ARG_MODE && (tok.s[0] != '0' || v > 0177777))
			return bad_arg(lx, tok, p, "an octal mode, 0644");
		if (!strcmp(p->name, "size") && v > LIMIT_CALL_DATA)
			return diag_limit(lx->ld->dg, lex_loc(lx, tok),
					  LIMIT_OF(CALL_DATA));
		*out = (int64_t)v;
		return 0;
	}
	if (parse_int(tok.s, tok.len, out))
		return bad_arg(lx, tok, p, "a number");
	if (p->most && (*out < 1 || *out > p->most)) {
		snprintf(wanted, sizeof(wanted), "a number from 1 to %lld",
			 (long long)p->most);
		return bad_arg(lx, tok, p, wanted);
	}
	return 0;
}

static int read_time(struct lex *lx, const struct call_param *p, int64_t *out)
{
	struct tok tok = lex_token(lx, ARG_STOPS);
	uint64_t ns;

	if (tok_is(tok, "now"))
		*out = UTIME_NOW;
	else if (tok_is(tok, "omit"))
		*out = UTIME_OMIT;
	else if (parse_time(tok.s, tok.len, &ns) || ns > INT64_MAX)
		return bad_arg(lx, tok, p, "a time (20ms, 1s, now, omit)");
	else
		*out = (int64_t)ns;
	return 0;
}

static int read_choice(struct lex *lx, const struct call_param *p,
		       int64_t *out)
{
	struct tok tok = lex_token(lx, ARG_STOPS);
	const struct flag *row = flag_find(p->flags, tok.s, tok.len);

	if (!row)
		return diag_unknown(lx->ld->dg, lex_loc(lx, tok),
				    p->flags->what, tok.s, tok.len,
				    flag_words(p->flags));
	*out = (int64_t)row->bits;
	return 0;
}

static int read_flags(struct lex *lx, const struct call_param *p, int64_t *out)
{
	struct tok tok = lex_rest(lx);
	uint64_t on = 0;
	size_t n = 0;

	while (n < tok.len && tok.s[n] != ',' && tok.s[n] != ')')
		n++;
	tok.len = n;
	lx->at = tok.at + n;
	if (flags_from_tok(lx->ld, lx->t, tok, p->flags, &on, NULL))
		return -1;
	*out = (int64_t)on;
	return 0;
}

static int read_arg(struct lex *lx, int actor, const struct call_param *p,
		    struct arg *out)
{
	struct tok tok;
	char *text;

	switch (p->type) {
	case ARG_NONE:
		break;
	case ARG_PATH:
		return read_path(lx, p, out);
	case ARG_TEXT:
		if (read_string(lx, p, "a text", &text))
			return -1;
		out->str = text;
		return 0;
	case ARG_VAR:
		return use_var(lx, actor, p, out);
	case ARG_FLAGS:
		return read_flags(lx, p, &out->num);
	case ARG_SIZE:
	case ARG_OFFSET:
	case ARG_INT:
		tok = lex_peek(lx, ARG_STOPS);
		if (lx->ld->repeats && memmem(tok.s, tok.len, "..", 2)) {
			lex_token(lx, ARG_STOPS);
			return read_draw(lx, p, tok, &out->draw);
		}
		return read_number(lx, p, &out->num);
	case ARG_MODE:
		return read_number(lx, p, &out->num);
	case ARG_COMMAND:
		return lex_ioctl_number(lx, ARG_STOPS, &out->num);
	case ARG_BYTES:
		if (lex_data(lx, true, &out->data))
			return -1;
		out->num = (int64_t)out->data.len;
		return 0;
	case ARG_TIME:
		return read_time(lx, p, &out->num);
	case ARG_CHOICE:
		return read_choice(lx, p, &out->num);
	}
	return 0;
}

static int too_few(struct lex *lx, const struct call *call,
		   const struct call_param *p)
{
	return diag(lx->ld->dg, lex_here(lx), "%s: %s is missing",
		    signature(lx->ld, call), p->name);
}

/* An openat() name is below its directory, and an ioctl has a limit of its
 * own. */
static int check_args(struct lex *lx, const struct call_use *use)
{
	const char *name;

	if (use->call->id == CALL_ioctl &&
	    use->args[2].data.len > LIMIT_IOCTL_DATA)
		return diag_limit(lx->ld->dg, use->args[2].loc,
				  LIMIT_OF(IOCTL_DATA));
	if (use->call->id != CALL_openat)
		return 0;
	name = use->args[1].str;
	if (name[0] == '/')
		return diag(lx->ld->dg, use->args[1].loc, "expected a name "
			    "below the directory, got a path");
	return ref_stays_below(lx->ld, use->args[1].loc, name);
}

int load_args(struct lex *lx, struct call_use *use)
{
	const struct call_param *p = use->call->params;
	struct arg *arg = use->args;
	bool more = !lex_next_is(lx, ')');

	for (; p->name; p++, arg++) {
		size_t start;

		*arg = (struct arg){ .mount = NONE, .var = NONE,
				     .num = p->dflt };
		if (!more && p->optional)
			continue;
		if (!more)
			return too_few(lx, use->call, p);
		lex_done(lx);
		start = lx->at;
		if (read_arg(lx, use->actor, p, arg))
			return -1;
		arg->loc = text_loc(lx->t, start, lx->at - start);
		use->n_args++;
		more = lex_accept(lx, ",");
		if (!more && !lex_next_is(lx, ')'))
			return lex_expected(lx, "\",\" or \")\"");
	}
	if (more)
		return diag(lx->ld->dg, lex_here(lx), "too many arguments: %s",
			    signature(lx->ld, use->call));
	if (!lex_accept(lx, ")"))
		return lex_expected(lx, "\")\"");
	return check_args(lx, use);
}
