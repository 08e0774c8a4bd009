/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * `fusescen list`: one line per row, NAME<TAB>kind<TAB>help, so that people,
 * shell scripts and the manual's test read the same thing.  Thread-safe.
 */
#include "config.h"

#include "run/api/list.h"

#include <string.h>
#include <sys/utsname.h>

#include "load/json_schema.h"
#include "model/scenario.h"
#include "run/caps.h"
#include "run/environment.h"
#include "run/sandbox.h"

static const char *reply_name(enum reply_kind kind)
{
	switch (kind) {
	case REPLY_NONE: return "none";
	case REPLY_EMPTY: return "empty";
	case REPLY_FIXED: return "fixed";
	case REPLY_DATA: return "data";
	case REPLY_FIXED_DATA: return "fixed+data";
	case REPLY_SIZED: return "sized";
	}
	return "?";
}

static void print_field_names(struct buf *out, const struct field *f)
{
	const char *sep = "";

	for (; f && f->name; f++, sep = " ")
		buf_printf(out, "%s%s", sep, f->name);
}

static void list_ops(struct buf *out)
{
	size_t i;

	for (i = 0; i < N_BUILTIN_OPS; i++) {
		const struct op *op = &builtin_ops[i];

		buf_printf(out, "%s\t%s\t%s", op->name, reply_name(op->reply),
			   op->help);
		buf_puts(out, "\trequest: ");
		print_field_names(out, op->args);
		buf_puts(out, "\treply: ");
		print_field_names(out, op->reply_fields);
		buf_addc(out, '\n');
	}
}

static void list_calls(struct buf *out)
{
	const struct call_param *p;
	size_t i;

	for (i = 0; i < N_CALLS; i++) {
		buf_printf(out, "%s\t(", calls[i].name);
		for (p = calls[i].params; p->name; p++)
			buf_printf(out, "%s%s%s%s", p == calls[i].params ? "" : ", ",
				   p->optional ? "[" : "", p->name,
				   p->optional ? "]" : "");
		buf_printf(out, ")\t%s\n", calls[i].help);
	}
}

static void list_flagset(struct buf *out, const struct flagset *set)
{
	const struct flag *f;

	for (f = set->rows; f->name; f++)
		buf_printf(out, "%s\t%s\t%s\n", f->name, set->name, set->what);
}

static void list_flags(struct buf *out)
{
	size_t i;

	for (i = 0; flagsets[i]; i++)
		list_flagset(out, flagsets[i]);
	for (i = 0; call_flagsets[i]; i++)
		list_flagset(out, call_flagsets[i]);
	for (i = 0; trace_flagsets[i]; i++)
		list_flagset(out, trace_flagsets[i]);
	list_flagset(out, &flags_mount);
	list_flagset(out, &flags_splice);
	list_flagset(out, &flags_namespaces);
}

static void list_notes(struct buf *out)
{
	size_t i;

	for (i = 0; i < N_BUILTIN_NOTES; i++) {
		const struct note *note = &builtin_notes[i];

		buf_printf(out, "%s\t%u\t%s\t", note->name, note->code, note->help);
		print_field_names(out, note->args);
		buf_addc(out, '\n');
	}
}

static void list_keywords(struct buf *out, const struct keyword *k)
{
	for (; k->name; k++)
		buf_printf(out, "%s\t\t%s\n", k->name, k->help);
}

static void list_checks(struct buf *out)
{
	list_keywords(out, check_keywords);
}

static void list_steps(struct buf *out)
{
	list_keywords(out, step_keywords);
}

static void list_changes(struct buf *out)
{
	list_keywords(out, change_keywords);
}

static void list_needs(struct buf *out)
{
	list_keywords(out, capability_keywords);
}

static void list_trace(struct buf *out)
{
	size_t i;

	for (i = 0; i < n_tracepoints; i++) {
		buf_printf(out, "%s\t%s\t%s\t", tracepoints[i].name,
			   tracepoints[i].group, tracepoints[i].help);
		print_field_names(out, tracepoints[i].fields);
		buf_addc(out, '\n');
	}
}

static void list_hazards(struct buf *out)
{
	list_keywords(out, hazard_keywords);
}

static void list_limits(struct buf *out)
{
	size_t i;

	for (i = 0; i < N_LIMITS; i++) {
		buf_printf(out, "%s\t", limit_rows[i].name);
		limit_print_value(out, &limit_rows[i]);
		buf_printf(out, "\t%s\n", limit_rows[i].words);
	}
}

static void list_settings(struct buf *out)
{
	static const struct {
		const struct setting_row *rows;
		const char *kind;
	} tables[] = {
		{ machine_settings, "machine" },
		{ connection_settings, "connection" },
	};
	const struct setting_row *row;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(tables); i++)
		for (row = tables[i].rows; row->name; row++)
			buf_printf(out, "%s\t%s\t%s\n", row->name,
				   tables[i].kind, row->help);
}

/* What keeps a run in, beside its mount namespace. */
static void list_sandbox(struct buf *out)
{
	static const char *const names[N_SANDBOX_PARTS] = {
		[SANDBOX_PIDS] = "pid namespace",
		[SANDBOX_NETWORK] = "network namespace",
		[SANDBOX_FILTER] = "system-call filter",
		[SANDBOX_FILES] = "Landlock",
	};
	int i;

	for (i = 0; i < N_SANDBOX_PARTS; i++) {
		const char *missing = sandbox_missing(i);

		buf_printf(out, "sandbox       %s: %s%s%s\n", names[i],
			   missing ? "no (" : "yes", missing ? missing : "",
			   missing ? ")" : "");
	}
}

/* What this machine can do, one capability a line. */
static void list_doctor(struct buf *out)
{
	const struct environment_need *need;
	const struct keyword *k;
	struct utsname u;

	uname(&u);
	buf_printf(out, "kernel %s %s\n", u.release, u.machine);
	for (need = environment_needs; need->name; need++) {
		auto_free char *lack = need->lack(NULL);

		buf_printf(out, "%-13s %s\n", need->name, lack ? "no" : "yes");
		if (lack)
			buf_printf(out, "%-13s   %s\n%-13s   nothing runs: %s\n",
				   "", lack, "", need->help);
	}
	for (k = capability_keywords; k->name; k++) {
		const char *missing = capability_missing((enum capability)k->kind);

		buf_printf(out, "%-13s %s\n", k->name, missing ? "no" : "yes");
		if (missing)
			buf_printf(out, "%-13s   %s\n%-13s   skips: %s\n", "",
				   missing, "", k->help);
	}
	list_sandbox(out);
	buf_puts(out, "hazards       skipped: run them in a virtual machine, "
		 "with --allow-hazard\n");
}

static void list_environment(struct buf *out)
{
	const struct environment_need *need;

	for (need = environment_needs; need->name; need++)
		buf_printf(out, "%s\t%s\n", need->name, need->help);
}

static void list_topics(struct buf *out);

/* Those without help are no words of the language. */
static const struct {
	const char *name;
	void (*list)(struct buf *out);
	const char *help;
} topics[] = {
	{ "ops", list_ops, "operations: what the kernel asks of a server" },
	{ "calls", list_calls, "system calls that actors make" },
	{ "flags", list_flags, "flags and other words of fields and arguments" },
	{ "notify", list_notes, "notifications: what a server tells the kernel" },
	{ "checks", list_checks, "what is judged under expect" },
	{ "steps", list_steps, "steps other than calls" },
	{ "changes", list_changes, "changes that the step server makes" },
	{ "needs", list_needs, "what a kernel or machine may have to have" },
	{ "hazards", list_hazards, "what a scenario may do to the machine" },
	{ "trace", list_trace, "events of the kernel" },
	{ "settings", list_settings, "settings of the machine and of a connection" },
	{ "limits", list_limits, "what a scenario, a run or a server may carry" },
	{ "environment", list_environment, "what every run needs of the machine" },
	{ "topics", list_topics, NULL },
	{ "schema", json_schema_print, NULL }, { "doctor", list_doctor, NULL },
};

static void list_topics(struct buf *out)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(topics); i++)
		if (topics[i].help)
			buf_printf(out, "%s\t%s\n", topics[i].name, topics[i].help);
}

bool list_topic(const char *topic, struct buf *out)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(topics); i++) {
		if (strcmp(topics[i].name, topic) == 0) {
			topics[i].list(out);
			return true;
		}
	}
	return false;
}
