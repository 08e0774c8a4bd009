/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads what fio reports: JSON, which may have notes above it.  Main thread
 * only. */
#include "config.h"

#include "fusescen/bench/fio.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "fusescen/util/errors.h"
#include "fusescen/util/files.h"
#include "fusescen/util/json.h"

/* Returns the number at the end of a path of keys.  It is 0 if there is none,
 * because fio leaves percentiles out where nothing was done. */
static double number_at(const json_t *j, const char *const *path)
{
	for (; *path; path++)
		j = json_object_get(j, *path);
	return json_number_value(j);
}

#define NUMBER(j, ...) \
	number_at(j, (const char *const[]){ __VA_ARGS__, NULL })

struct direction {
	double ios, iops, bandwidth, mean, p99;
};

static struct direction read_direction(const json_t *job, const char *name)
{
	return (struct direction){
		.ios = NUMBER(job, name, "total_ios"),
		.iops = NUMBER(job, name, "iops"),
		.bandwidth = NUMBER(job, name, "bw_bytes"),
		.mean = NUMBER(job, name, "lat_ns", "mean"),
		.p99 = NUMBER(job, name, "clat_ns", "percentile", "99.000000"),
	};
}

/* Percentiles cannot be added, so the worse one is taken. */
static void put_values(double *values, struct direction r, struct direction w)
{
	double ios = r.ios + w.ios;

	values[VALUE_IOPS] = r.iops + w.iops;
	values[VALUE_BANDWIDTH] = r.bandwidth + w.bandwidth;
	values[VALUE_LATENCY] = (r.mean * r.ios + w.mean * w.ios) / ios;
	values[VALUE_LATENCY_P99] = r.p99 > w.p99 ? r.p99 : w.p99;
}

static int read_job(const json_t *root, double *values)
{
	const json_t *job = json_array_get(json_object_get(root, "jobs"), 0);
	struct direction r, w;

	if (!job) {
		put_error("fio's report has no jobs");
		return -1;
	}
	if (NUMBER(job, "error") != 0) {
		put_error("fio reports error %.0f", NUMBER(job, "error"));
		return -1;
	}
	r = read_direction(job, "read");
	w = read_direction(job, "write");
	if (r.ios + w.ios <= 0) {
		put_error("fio reports no reads or writes");
		return -1;
	}
	put_values(values, r, w);
	return 0;
}

/* Parses what follows the first line that begins an object. */
static json_t *parse_report(const struct buf *b)
{
	const char *text = b->data, *nl;

	while (*text != '{' && (nl = strchr(text, '\n')))
		text = nl + 1;
	return json_read("fio's report", text, strlen(text));
}

int fio_read(const char *path, double *values)
{
	auto_buf struct buf b = BUF_INIT;
	auto_json json_t *j = NULL;

	memset(values, 0, N_VALUES * sizeof(*values));
	if (file_read(path, &b)) {
		put_error("fio's report: %s", strerror(errno));
		return -1;
	}
	j = parse_report(&b);
	return j ? read_job(j, values) : -1;
}
