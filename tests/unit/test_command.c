/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One line of the control protocol: what it becomes, and what is said of one that
 * is wrong. */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "load/load.h"
#include "load/command.h"
#include "unit.h"

static const char text[] =
	"fusescen: 1\n"
	"states: {disk: [good, bad]}\n"
	"mounts: {fs: {files: {/data: {size: 4K}}}}\n"
	"rules:\n"
	"- {name: slow, op: READ, hold: door}\n"
	"- {op: WRITE, when: {disk: bad}, reply: {error: EIO}}\n";

static struct scenario_file *file;
static struct arena *arena;
static struct command cmd;

static void setup(void)
{
	file = load_text("s.yaml", text, strlen(text));
	ck_assert_uint_eq(diags_count(file->diags), 0);
	arena = arena_new();
}

static void teardown(void)
{
	arena_free(arena);
	scenario_file_free(file);
}

static int load(const char *line, struct buf *why)
{
	struct diags *dg = diags_new("command", line, strlen(line));
	int bad = load_control(arena, dg, file->cases[0], line, strlen(line),
			       &cmd);

	diags_print(dg, why);
	diags_free(dg);
	return bad;
}

static void good(const char *line, enum command_kind kind)
{
	auto_buf struct buf why = BUF_INIT;

	ck_assert_msg(load(line, &why) == 0, "%s", buf_str(&why));
	ck_assert_int_eq(cmd.kind, kind);
}

START_TEST(steps_are_read_as_in_a_scenario)
{
	good("{\"release\": \"door\"}", COMMAND_STEP);
	ck_assert_int_eq(cmd.step.kind, STEP_RELEASE);
	ck_assert(cmd.step.release.open);
	good("{\"release\":{\"gate\":\"door\",\"count\":2}}", COMMAND_STEP);
	ck_assert_uint_eq(cmd.step.release.max, 2);
	ck_assert(!cmd.step.release.open);
	good("release: {gate: door, only: READ /data}", COMMAND_STEP);
	ck_assert(cmd.step.release.which.has_match);
	good("{\"answer\": {\"gate\": \"door\", \"error\": \"EIO\"}}", COMMAND_STEP);
	ck_assert_int_eq(cmd.step.answer.reply.error, EIO);
	good("{\"notify\": {\"inval_inode\": \"/data\"}}", COMMAND_STEP);
	ck_assert_str_eq(cmd.step.notify.file.path, "/data");
	good("{\"set\": {\"disk\": \"bad\"}}", COMMAND_STEP);
	ck_assert_uint_eq(cmd.step.set.n, 1);
	ck_assert_str_eq(file->cases[0]->words[cmd.step.set.list[0].value], "bad");
	good("{\"rearm\": \"door\"}", COMMAND_STEP);
	good("{\"stall\": \"fs\"}", COMMAND_STEP);
	good("{\"resume\": \"fs\"}", COMMAND_STEP);
}
END_TEST

START_TEST(the_protocols_own_words)
{
	good("{\"enable\": \"slow\"}", COMMAND_ENABLE);
	ck_assert_uint_eq(cmd.rule, 0);
	good("{\"disable\": 6}", COMMAND_DISABLE);
	ck_assert_uint_eq(cmd.rule, 1);
	good("{\"stats\": true}", COMMAND_STATS);
	ck_assert(!cmd.as_text);
	good("{\"stats\": \"text\"}", COMMAND_STATS);
	ck_assert(cmd.as_text);
	good("{\"tail\": 7}", COMMAND_TAIL);
	ck_assert_uint_eq(cmd.count, 7);
	ck_assert(!cmd.follow);
	good("{\"tail\": \"follow\"}", COMMAND_TAIL);
	ck_assert(cmd.follow);
	good("{\"log\": \"all\"}", COMMAND_LOG);
	ck_assert(cmd.all);
	good("{\"quit\": true}", COMMAND_QUIT);
}
END_TEST

static const struct {
	const char *line, *why;
} wrong[] = {
	{ "", "error:" },
	{ "{", "not YAML" },
	{ "[]", "expected a command" },
	{ "{}", "expected one command, got 0" },
	{ "{\"a\": 1, \"b\": 2}", "expected one command, got 2" },
	{ "{\"relase\": \"door\"}", "did you mean release?" },
	{ "{\"close\": \"door\"}", "unknown command \"close\" (did you mean rearm?)" },
	{ "{\"held\": \"door\"}", "unknown command \"held\"" },
	{ "{\"sleep\": \"1s\"}", "unknown command \"sleep\"" },
	{ "{\"release\": \"dor\"}", "1:14: error: unknown gate \"dor\" (did you mean door?)" },
	{ "{\"release\": {\"gate\": \"door\", \"cont\": 1}}", "did you mean count?" },
	{ "{\"answer\": {\"gate\": \"door\", \"error\": \"EIOO\"}}", "EIOO" },
	{ "{\"answer\": {\"gate\": \"door\", \"nodeid\": 1}}", "nodeid" },
	{ "{\"set\": {\"disk\": \"worse\"}}", "no rule asks for state disk" },
	{ "{\"set\": {\"dik\": \"bad\"}}", "did you mean disk?" },
	{ "{\"notify\": {\"inval_inode\": \"/data\", \"as\": \"x\"}}", "has no name" },
	{ "{\"notify\": {\"inval_inod\": \"/data\"}}", "did you mean inval_inode?" },
	{ "{\"enable\": \"slw\"}", "unknown rule \"slw\" (did you mean slow?)" },
	{ "{\"enable\": 77}", "no rule begins on line 77" },
	{ "{\"enable\": []}", "the name or the line of a rule" },
	{ "{\"stats\": 1}", "expected true or text" },
	{ "{\"tail\": 0}", "error:" },
	{ "{\"tail\": 99999999}", "error:" },
	{ "{\"log\": \"some\"}", "expected all or rules" },
	{ "{\"quit\": \"now\"}", "expected true" },
	{ "{\"quit\": true} {\"quit\": true}", "error:" },
	{ "&a {\"quit\": true}", "anchors" },
	{ "{\"release\": \"\x01\"}", "error:" },
};

START_TEST(what_is_wrong_is_said)
{
	auto_buf struct buf why = BUF_INIT;

	ck_assert_int_eq(load(wrong[_i].line, &why), -1);
	ck_assert_msg(strstr(buf_str(&why), wrong[_i].why) != NULL,
		      "%s: %s\nnot: %s", wrong[_i].line, buf_str(&why),
		      wrong[_i].why);
}
END_TEST

START_TEST(the_scenario_stays_as_it_is)
{
	const struct scenario *sc = file->cases[0];
	const struct scenario before = *sc;
	auto_buf struct buf why = BUF_INIT;
	unsigned i;

	for (i = 0; i < 100; i++) {
		auto_free char *line = xasprintf("{\"set\": {\"disk\": \"w%u\"}}", i);

		ck_assert_int_eq(load(line, &why), -1);
	}
	ck_assert_int_eq(load("{\"notify\": {\"inval_inode\": \"/data\", \"as\": \"n\"}}",
			      &why), -1);
	ck_assert_uint_eq(sc->n_words, before.n_words);
	ck_assert_uint_eq(sc->n_notes, before.n_notes);
	ck_assert_uint_eq(sc->n_steps, before.n_steps);
	good("{\"set\": {\"disk\": \"good\"}}", COMMAND_STEP);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("command");
	TCase *t = tcase_create("command");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, steps_are_read_as_in_a_scenario);
	tcase_add_test(t, the_protocols_own_words);
	tcase_add_loop_test(t, what_is_wrong_is_said, 0,
			    sizeof(wrong) / sizeof(wrong[0]));
	tcase_add_test(t, the_scenario_stays_as_it_is);
	suite_add_tcase(s, t);
	return unit_main(s);
}
