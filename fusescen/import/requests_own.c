/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Our own log, one event a line as JSON.  Pure functions. */
#include "config.h"

#include "fusescen/import/requests.h"

#include <string.h>

#include "fusescen/util/json.h"

static const char *text_of(struct request_log *log, const json_t *j, const char *key)
{
	const char *text = json_string_value(json_object_get(j, key));

	return text ? arena_strdup(log->arena, text) : NULL;
}

static bool number_of(const json_t *j, const char *key, uint64_t *out)
{
	const json_t *n = json_object_get(j, key);

	if (!json_is_number(n))
		return false;
	*out = json_is_integer(n) ? (uint64_t)json_integer_value(n) : (uint64_t)json_real_value(n);
	return true;
}

static void read_request(struct request_log *log, const json_t *j)
{
	uint64_t unique = 0, n = 0;
	const char *op = json_string_value(json_object_get(j, "op"));
	const json_t *args = json_object_get(j, "args");
	struct served_request *r;

	if (!op || !number_of(j, "unique", &unique))
		return;
	r = request_begin(log, unique, op);
	r->path = text_of(log, j, "path");
	number_of(j, "nodeid", &r->nodeid);
	if (number_of(j, "pid", &n))
		r->pid = (unsigned long)n;
	r->flags = text_of(log, args, "flags");
	r->has_fh = number_of(args, "fh", &r->fh);
	r->has_size = number_of(args, "size", &r->size) && number_of(args, "offset", &r->offset);
	r->has_mode = number_of(args, "mode", &n);
	r->mode = (unsigned)n & 07777;
	number_of(args, "newdir", &r->newdir);
	number_of(args, "oldnodeid", &r->newdir);
	if (number_of(args, "fh_out", &r->fh)) {
		number_of(args, "fh_in", &r->from_fh);
		number_of(args, "off_in", &r->from_offset);
		number_of(args, "off_out", &r->offset);
		r->has_fh = r->has_size = number_of(args, "len", &r->size);
	}
	/* of a link, it is in the path already */
	r->names[1] = strcmp(op, "LINK") ? text_of(log, args, "newname") : NULL;
	r->other = text_of(log, args, "target");
	if (!strcmp(op, "SETATTR")) {
		const char *valid = text_of(log, args, "valid");

		r->set = valid && strstr(valid, "size") ? "truncate" :
			valid && strstr(valid, "mode") ? "chmod" : NULL;
	}
}

static void read_reply(struct request_log *log, const json_t *j)
{
	const json_t *fields = json_object_get(j, "fields");
	uint64_t unique = 0, n = 0;
	struct served_request *r = number_of(j, "unique", &unique) ?
		request_end(log, unique) : NULL;

	if (!r)
		return;
	if (number_of(j, "errno", &n))
		r->error = (int)n;
	number_of(fields, "nodeid", &r->entry);
	if (!r->has_fh)
		r->has_fh = number_of(fields, "fh", &r->fh);
	if (!strcmp(r->op, "READ"))
		r->has_count = number_of(j, "data", &r->count);
	else if (!strcmp(r->op, "WRITE") || !strncmp(r->op, "COPY_FILE_RANGE", 15))
		r->has_count = number_of(fields, "size", &r->count) ||
			number_of(fields, "bytes_copied", &r->count);
	else if (number_of(fields, "mode", &n)) {
		r->attr_mode = (unsigned)n;
		r->has_attr = number_of(fields, "size", &r->attr_size);
	}
}

bool request_line_own(struct request_log *log, const char *line)
{
	json_t *j = line[0] == '{' ? json_loads(line, 0, NULL) : NULL;
	const char *event = json_string_value(json_object_get(j, "event"));

	if (event && !strcmp(event, "request"))
		read_request(log, j);
	else if (event && !strcmp(event, "reply"))
		read_reply(log, j);
	json_decref(j);
	return event != NULL;
}
