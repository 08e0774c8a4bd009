/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What pages with pictures are made of: an index of runs, their logs, style and
 * scripts.  The scripts say what they do with it.
 */
#ifndef FUSESCEN_REPORT_PAGE_H
#define FUSESCEN_REPORT_PAGE_H

#include "base/buf.h"
#include "base/json.h"
#include "base/verdict.h"

/* A run in the list "runs" of the index. */
struct page_run {
	const char *file, *case_name, *kernel;	/* the last two may be NULL */
	const char *title, *summary, *text;
	unsigned round;
	enum fusescen_verdict verdict;
	uint64_t elapsed_ns;	/* 0: not known */
};
void page_index_run(struct json_writer *w, const struct page_run *run);

/* Elements with data.  run: where the run is in the index, counted from 0. */
void page_put_index(struct buf *b, const char *json);
void page_put_events(struct buf *b, size_t run, const char *events);
/* What stands in <style> and in <script>. */
void page_put_style(struct buf *b);
void page_put_scripts(struct buf *b);

#endif
