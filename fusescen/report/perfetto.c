/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records as trace events in JSON, which ui.perfetto.dev and chrome://tracing open:
 * a process for each run, in it a thread for each actor with its calls, and for each
 * mount as many as it had requests at once.  Made of the lines of the log.  Main
 * thread only.
 */
#include "config.h"

#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "fusescen/report/records.h"
#include "fusescen/util/json.h"

/* What has begun and not ended: a call, a request or a notification. */
struct span {
	const json_t *began;
	const json_t *inside;	/* what it waits for meanwhile: blocked, held; or NULL */
	unsigned thread;
	unsigned place;		/* of those that a mount has at once, from 0 */
};

struct trace {
	struct json_writer w;
	unsigned process;
	json_t *events;		/* of the run */
	json_t *threads;	/* their numbers by their names */
	struct span *open;
	size_t n_open;
	unsigned n_flows;
};

static const char *text_of(const json_t *event, const char *key)
{
	const char *text = json_text_of(event, key);

	return text ? text : "";
}

static double number_of(const json_t *event, const char *key)
{
	return json_number_value(json_object_get(event, key));
}

/* ---- trace events -------------------------------------------------------------- */

static void begin_event(struct trace *t, const char *phase, const char *name,
			unsigned thread)
{
	json_break(&t->w, 0);
	json_begin(&t->w, NULL, '{');
	json_put_text(&t->w, "ph", phase);
	json_put_text(&t->w, "name", name);
	json_put_u64(&t->w, "pid", t->process);
	json_put_u64(&t->w, "tid", thread);
}

/* Microseconds. */
static void put_time(struct trace *t, const char *key, double ms)
{
	json_put_real(&t->w, key, ms * 1000);
}

static void put_name(struct trace *t, const char *what, const char *name, unsigned thread)
{
	begin_event(t, "M", what, thread);
	json_begin(&t->w, "args", '{');
	json_put_text(&t->w, "name", name);
	json_end(&t->w);
	json_end(&t->w);
}

static unsigned thread_of(struct trace *t, const char *name)
{
	json_t *known = json_object_get(t->threads, name);
	unsigned thread = (unsigned)json_object_size(t->threads) + 1;

	if (known)
		return (unsigned)json_integer_value(known);
	if (json_object_set_new(t->threads, name, json_integer(thread)))
		return 0;	/* no name that JSON can have */
	put_name(t, "thread_name", name, thread);
	return thread;
}

static void put_args(struct trace *t, const json_t *event)
{
	static const char *const shown[] = { "words", "stack", "result", "error", "path" };

	json_begin(&t->w, "args", '{');
	json_put_real(&t->w, "seq", number_of(event, "seq"));
	for (size_t i = 0; i < ARRAY_SIZE(shown); i++)
		json_put_text(&t->w, shown[i], json_text_of(event, shown[i]));
	json_end(&t->w);
}

static void put_slice(struct trace *t, const char *name, unsigned thread,
		      const json_t *from, const json_t *to, const json_t *about)
{
	double began = number_of(from, "ms"), ended = number_of(to, "ms");

	begin_event(t, "X", name, thread);
	put_time(t, "ts", began);
	put_time(t, "dur", ended > began ? ended - began : 0);
	put_args(t, about);
	json_end(&t->w);
}

static void put_instant(struct trace *t, const char *name, const char *thread,
			const json_t *event)
{
	begin_event(t, "i", name, thread_of(t, thread));
	put_time(t, "ts", number_of(event, "ms"));
	json_put_text(&t->w, "s", "t");
	put_args(t, event);
	json_end(&t->w);
}

/* An arrow from a call to the request that it led to. */
static void put_flow(struct trace *t, const char *actor, const json_t *request,
		     unsigned thread)
{
	t->n_flows++;
	for (int end = 0; end < 2; end++) {
		begin_event(t, end ? "f" : "s", "asks", end ? thread : thread_of(t, actor));
		json_put_text(&t->w, "cat", "request");
		json_put_u64(&t->w, "id", t->n_flows);
		if (end)
			json_put_text(&t->w, "bp", "e");
		put_time(t, "ts", number_of(request, "ms"));
		json_end(&t->w);
	}
}

/* ---- spans ------------------------------------------------------------------------ */

static bool is(const json_t *event, const char *kind)
{
	return strcmp(text_of(event, "event"), kind) == 0;
}

static struct span *open_span(struct trace *t, const json_t *began)
{
	t->open = xgrow(t->open, t->n_open, sizeof(*t->open));
	t->open[t->n_open] = (struct span){ .began = began };
	return &t->open[t->n_open++];
}

static void close_span(struct trace *t, struct span *s, const json_t *ended)
{
	bool is_call = is(s->began, "call");

	put_slice(t, text_of(s->began, "words"), s->thread, s->began, ended,
		  is_call ? ended : s->began);
	if (s->inside)
		put_slice(t, text_of(s->inside, "event"), s->thread, s->inside, ended,
			  s->inside);
	*s = t->open[--t->n_open];
}

static struct span *span_of_request(const struct trace *t, double seq)
{
	for (size_t i = t->n_open; i-- > 0;)
		if (is(t->open[i].began, "request") &&
		    number_of(t->open[i].began, "seq") == seq)
			return &t->open[i];
	return NULL;
}

/* By a member: the actor of a call, the name of a notification. */
static struct span *span_with(const struct trace *t, const char *kind, const char *key,
			      const json_t *event)
{
	for (size_t i = 0; i < t->n_open; i++)
		if (is(t->open[i].began, kind) &&
		    !strcmp(text_of(t->open[i].began, key), text_of(event, key)))
			return &t->open[i];
	return NULL;
}

/* The first place of a mount that nothing else has. */
static unsigned free_place(const struct trace *t, const char *mount)
{
	unsigned place = 0;

	for (size_t i = 0; i < t->n_open; i++)
		if (t->open[i].place == place &&
		    !strcmp(text_of(t->open[i].began, "mount"), mount) &&
		    !is(t->open[i].began, "call")) {
			place++;
			i = SIZE_MAX;
		}
	return place;
}

/* ---- events of the log ------------------------------------------------------------ */

static void add_at_server(struct trace *t, const json_t *event)
{
	const char *mount = text_of(event, "mount");
	unsigned place = free_place(t, mount);
	auto_free char *name = place ? xasprintf("%s (%u)", mount, place + 1) :
		xstrdup(*mount ? mount : "server");
	struct span *s = open_span(t, event);

	s->place = place;
	s->thread = thread_of(t, name);
	/* A viewer drops an arrow that begins in no slice: what the kernel asks for a
	 * client that is not in a call, such as when it exits. */
	if (span_with(t, "call", "actor", event))
		put_flow(t, text_of(event, "actor"), event, s->thread);
}

static void add_progress(struct trace *t, const json_t *event)
{
	struct span *s = span_of_request(t, number_of(event, "request"));

	if (!s)
		return;
	if (is(event, "held")) {
		s->inside = event;
	} else if (is(event, "released") && s->inside) {
		put_slice(t, "held", s->thread, s->inside, event, s->inside);
		s->inside = NULL;
	} else if (is(event, "reply") || is(event, "dropped")) {
		close_span(t, s, event);
	}
}

static void add_blocked(struct trace *t, const json_t *event)
{
	struct span *s = json_text_of(event, "actor") ?
		span_with(t, "call", "actor", event) : span_with(t, "notify", "name", event);

	if (s)
		s->inside = event;
}

static void add_call(struct trace *t, const json_t *event)
{
	open_span(t, event)->thread = thread_of(t, text_of(event, "actor"));
}

static void add_return(struct trace *t, const json_t *event)
{
	struct span *s = span_with(t, "call", "actor", event);

	if (s)
		close_span(t, s, event);
}

static void add_notified(struct trace *t, const json_t *event)
{
	const char *key = json_text_of(event, "name") ? "name" : "notify";
	struct span *s = span_with(t, "notify", key, event);

	if (s)
		close_span(t, s, event);
}

static void add_script(struct trace *t, const json_t *event)
{
	if (json_text_of(event, "words"))
		put_instant(t, text_of(event, "words"), "script", event);
}

static void add_kernel(struct trace *t, const json_t *event)
{
	put_instant(t, text_of(event, "words"), "kernel", event);
}

static const struct {
	const char *kind;
	void (*add)(struct trace *t, const json_t *event);
} kinds[] = {
	{ "call", add_call }, { "return", add_return }, { "exit", add_return },
	{ "blocked", add_blocked },
	{ "request", add_at_server }, { "notify", add_at_server },
	{ "reply", add_progress }, { "held", add_progress },
	{ "released", add_progress }, { "dropped", add_progress },
	{ "notified", add_notified },
	{ "step", add_script }, { "state", add_script }, { "mount", add_script },
	{ "stress", add_script }, { "info", add_script },
	{ "kernel", add_kernel }, { "kernel_return", add_kernel }, { "trace", add_kernel },
};

static void add_event(struct trace *t, const json_t *event)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (is(event, kinds[i].kind))
			kinds[i].add(t, event);
}

static const json_t *event_at(const struct trace *t, double seq)
{
	const json_t *event;
	size_t i;

	json_array_foreach(t->events, i, event)
		if (number_of(event, "seq") == seq)
			return event;
	return NULL;
}

static void add_failures(struct trace *t, const json_t *verdict)
{
	const json_t *failure;
	size_t i;

	json_array_foreach(json_list_of(verdict, "failures"), i, failure) {
		const json_t *at = event_at(t, number_of(failure, "at"));

		if (at)
			put_instant(t, text_of(failure, "what"), "what failed", at);
	}
}

/* ---- runs -------------------------------------------------------------------------- */

/* Lines that a machine did not finish writing are left out. */
static json_t *read_events(const char *lines)
{
	json_t *all = json_array();

	while (*lines) {
		size_t len = strcspn(lines, "\n");
		json_t *event = len ? json_read("the log", lines, len) : NULL;

		if (event)
			json_array_append_new(all, event);
		lines += len + (lines[len] == '\n');
	}
	return all;
}

static void put_run(struct trace *t, const struct record *rec)
{
	auto_json json_t *events = read_events(rec->events);
	auto_json json_t *threads = json_object();
	const json_t *event, *last = NULL;
	auto_free char *name = xasprintf("%s%s%s%s%s", rec->file, rec->case_name ? ":" : "",
					 rec->case_name ? rec->case_name : "",
					 rec->kernel ? "@" : "", rec->kernel ? rec->kernel : "");
	size_t i;

	t->process++;
	t->events = events;
	t->threads = threads;
	put_name(t, "process_name", name, 0);
	json_array_foreach(events, i, event) {
		add_event(t, event);
		if (json_object_get(event, "seq"))
			last = event;
	}
	/* FORGET has no reply, and a call may never return. */
	while (t->n_open) {
		struct span *s = &t->open[t->n_open - 1];

		close_span(t, s, is(s->began, "call") ? last : s->began);
	}
	if (json_array_size(events))
		add_failures(t, json_array_get(events, json_array_size(events) - 1));
}

void records_perfetto(struct buf *b, const struct records *r)
{
	struct trace t = { .w = { .out = b } };

	json_begin(&t.w, NULL, '{');
	json_put_text(&t.w, "displayTimeUnit", "ms");
	json_begin(&t.w, "traceEvents", '[');
	for (size_t i = 0; i < r->n; i++)
		if (*r->at[i].events)
			put_run(&t, &r->at[i]);
	json_end(&t.w);
	json_end(&t.w);
	buf_addc(b, '\n');
	free(t.open);
}
