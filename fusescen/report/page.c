/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records as a page that needs nothing else.  page.html is its frame, and names in
 * it what goes where: style, scripts, and the data, which is JSON for picture.js and
 * page.js.  Each run's log is an element of its own with the lines as they are in
 * --log, so that a browser reads only those it draws.  Main thread only.
 */
#include "config.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/json.h"
#include "base/mem.h"
#include "fusescen/report/page.h"
#include "fusescen/report/records.h"
#include "fusescen/util/escape.h"

static const char frame[] =
#include "fusescen/report/page.html.inc"
;
static const char style[] =
#include "fusescen/report/page.css.inc"
;
static const char picture_script[] =
#include "fusescen/report/picture.js.inc"
;
static const char page_script[] =
#include "fusescen/report/page.js.inc"
;

void page_put_style(struct buf *b)
{
	buf_puts(b, style);
}

void page_put_scripts(struct buf *b)
{
	buf_puts(b, picture_script);
	buf_puts(b, page_script);
}

/* JSON has no "<" outside of strings, and so nothing in it can end the element.  The
 * others mean something to readers of XML. */
static void put_script_data(struct buf *b, const char *json)
{
	for (; *json; json++)
		if (strchr("<>&", *json))
			buf_printf(b, "\\u%04x", *json);
		else
			buf_addc(b, *json);
}

void page_put_events(struct buf *b, size_t run, const char *events)
{
	if (!*events)
		return;
	buf_printf(b, "<script type=\"application/jsonl\" id=\"events-%zu\">\n", run);
	put_script_data(b, events);
	buf_puts(b, "</script>\n");
}

void page_put_index(struct buf *b, const char *json)
{
	buf_puts(b, "<script type=\"application/json\" id=\"index\">");
	put_script_data(b, json);
	buf_puts(b, "</script>\n");
}

void page_index_run(struct json_writer *w, const struct page_run *run)
{
	char ms[32];

	snprintf(ms, sizeof(ms), "%.1f", (double)run->elapsed_ns / 1e6);
	json_break(w, 0);
	json_begin(w, NULL, '{');
	json_put_text(w, "file", run->file);
	json_put_text(w, "case", run->case_name);
	json_put_text(w, "kernel", run->kernel);
	json_put_u64(w, "round", run->round);
	json_put_text(w, "verdict", verdicts[run->verdict].word);
	json_put_text(w, "title", run->title);
	json_put_text(w, "summary", run->summary);
	json_put_text(w, "text", run->text);
	if (run->elapsed_ns)
		json_put_raw(w, "ms", ms);
	json_end(w);
}

/* ---- a page of records ------------------------------------------------------- */

static bool is_first_of_file(const struct records *r, size_t i)
{
	for (size_t k = i; k-- > 0;)
		if (!strcmp(r->at[k].file, r->at[i].file))
			return false;
	return true;
}

/* Scenarios stand beside their pictures. */
static void put_sources(struct json_writer *w, const struct records *r)
{
	json_begin(w, "sources", '{');
	for (size_t i = 0; i < r->n; i++) {
		auto_buf struct buf text = BUF_INIT;

		if (is_first_of_file(r, i) && !record_source(&text, &r->at[i]))
			json_put_bytes(w, r->at[i].file, buf_str(&text), text.len);
	}
	json_end(w);
}

static void put_data(struct buf *b, const struct records *r)
{
	auto_buf struct buf json = BUF_INIT;
	struct json_writer w = { .out = &json };

	json_begin(&w, NULL, '{');
	json_begin(&w, "runs", '[');
	for (size_t i = 0; i < r->n; i++) {
		const struct record *rec = &r->at[i];
		const struct page_run run = {
			.file = rec->file, .case_name = rec->case_name,
			.kernel = rec->kernel, .title = rec->title,
			.summary = rec->summary, .text = rec->text,
			.round = rec->round, .verdict = rec->verdict,
			.elapsed_ns = rec->elapsed_ns,
		};

		page_index_run(&w, &run);
	}
	json_end(&w);
	put_sources(&w, r);
	json_end(&w);
	page_put_index(b, buf_str(&json));
	for (size_t i = 0; i < r->n; i++)
		page_put_events(b, i, r->at[i].events);
}

static void put_title(struct buf *b, const struct records *r)
{
	size_t news = 0;

	for (size_t i = 0; i < r->n; i++)
		news += verdicts[r->at[i].verdict].is_news;
	if (r->n == 1)
		buf_html(b, *r->at[0].title ? r->at[0].title : r->at[0].file);
	else
		buf_printf(b, "%zu runs, %zu to look at", r->n, news);
}

static void put_about(struct buf *b, const struct records *r)
{
	bool has_kernels = r->n && r->at[r->n - 1].kernel;
	struct utsname u = { .release = "" };
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	uname(&u);
	buf_printf(b, "%s, ", PACKAGE_STRING);
	if (has_kernels)
		buf_puts(b, "kernels in virtual machines");
	else
		buf_html(b, u.release);
	buf_printf(b, ", %s, %ld CPU%s", u.machine, cpus, cpus == 1 ? "" : "s");
}

/* What readers without scripts get. */
static void put_reports(struct buf *b, const struct records *r)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct record *rec = &r->at[i];

		if (!verdicts[rec->verdict].is_news && r->n > 1)
			continue;
		buf_printf(b, "<h2>%s ", verdicts[rec->verdict].word);
		buf_html(b, rec->file);
		if (rec->case_name) {
			buf_addc(b, ':');
			buf_html(b, rec->case_name);
		}
		if (rec->kernel) {
			buf_puts(b, " on ");
			buf_html(b, rec->kernel);
		}
		buf_puts(b, "</h2>\n<p>");
		buf_html(b, rec->summary);
		buf_puts(b, "</p>\n<pre>");
		buf_html(b, rec->text);
		buf_puts(b, "</pre>\n");
	}
}

static void put_style(struct buf *b, const struct records *r)
{
	(void)r;
	page_put_style(b);
}

static void put_scripts(struct buf *b, const struct records *r)
{
	(void)r;
	page_put_scripts(b);
}

static const struct {
	const char *name;	/* as the frame has it */
	void (*put)(struct buf *b, const struct records *r);
} parts[] = {
	{ "@title@", put_title },
	{ "@style@\n", put_style },
	{ "@about@", put_about },
	{ "@reports@\n", put_reports },
	{ "@data@\n", put_data },
	{ "@script@\n", put_scripts },
};

void records_page(struct buf *b, const struct records *r)
{
	const char *p = frame;

	while (*p) {
		size_t i, len = 0;

		for (i = 0; i < ARRAY_SIZE(parts) && !len; i++) {
			len = strlen(parts[i].name);
			len = strncmp(p, parts[i].name, len) ? 0 : len;
		}
		if (len)
			parts[i - 1].put(b, r);
		else
			buf_addc(b, *p);
		p += len ? len : 1;
	}
}
