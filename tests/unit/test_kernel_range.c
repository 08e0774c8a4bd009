/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ranges of kernel versions: what is one, and which releases are in it. */
#include "config.h"

#include "model/kernel_range.h"

#include <string.h>

#include "tests/unit/unit.h"

#define IN(range, release) \
	ck_assert_msg(kernel_range_has(range, release), \
		      "%s should be in \"%s\"", release, range)
#define OUT(range, release) \
	ck_assert_msg(!kernel_range_has(range, release), \
		      "%s should not be in \"%s\"", release, range)

START_TEST(test_one_bound)
{
	IN("< 6.12", "6.11.9");
	OUT("< 6.12", "6.12.0");
	OUT("< 6.12", "6.12.1");
	IN("<= 6.12", "6.12.7");
	OUT("<= 6.12", "6.13.0");
	IN("<= 6.12.3", "6.12.3");
	OUT("<= 6.12.3", "6.12.4");
	IN(">= 6.12", "6.12.0");
	OUT(">= 6.12", "6.11.99");
	OUT("> 6.12", "6.12.5");
	IN("> 6.12", "6.13.0");
	IN("> 6.12.4", "6.12.5");
}
END_TEST

START_TEST(test_same_version)
{
	IN("6.18", "6.18.0");
	IN("6.18", "6.18.22");
	OUT("6.18", "6.1.8");
	OUT("6.18", "6.180.0");
	IN("= 6.18.2", "6.18.2");
	OUT("= 6.18.2", "6.18.20");
	IN("6", "6.99.1");
	OUT("6", "7.0.0");
}
END_TEST

START_TEST(test_two_bounds)
{
	IN(">= 6.16, < 7.3", "6.16.0");
	IN(">= 6.16, < 7.3", "7.2.13");
	OUT(">= 6.16, < 7.3", "6.15.9");
	OUT(">= 6.16, < 7.3", "7.3.0");
	IN(">=6.16,<7.3", "7.0.0");
}
END_TEST

START_TEST(test_any)
{
	IN("any", "6.18.5");
	IN(" any ", "2.6.14");
}
END_TEST

START_TEST(test_releases_as_uname_says_them)
{
	IN("6.18", "6.18.5-arch1-1");
	IN("6.18", "6.18.0-rc3+");
	IN(">= 6.1", "6.1-custom");
	IN("< 6.2", "6.1.0-44-amd64");
	IN("6.18", "6.18.y");
	OUT("< 6.2", "unknown");
	OUT("< 6.2", "");
}
END_TEST

START_TEST(test_bad_ranges)
{
	static const struct {
		const char *text;
		size_t at;
	} bad[] = {
		{ "", 0 }, { "six", 0 }, { "< six", 2 }, { "< ", 2 },
		{ "6.", 2 }, { "6..1", 2 }, { "6.12 7.1", 5 }, { "6.12,", 5 },
		{ "6.12, ", 6 }, { "!= 6.12", 0 }, { "6.1.2.3", 5 },
		{ "anything", 0 }, { "100000", 6 },
		{ "1,2,3,4,5", 8 },
	};
	struct kernel_range range;
	size_t i, at;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_msg(kernel_range_parse(bad[i].text,
						 strlen(bad[i].text), &range,
						 &at) == -1,
			      "\"%s\" is taken", bad[i].text);
		ck_assert_msg(at == bad[i].at, "\"%s\": %zu instead of %zu",
			      bad[i].text, at, bad[i].at);
		OUT(bad[i].text, "6.18.0");
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("kernel_range");
	TCase *tc = tcase_create("all");

	tcase_add_test(tc, test_one_bound);
	tcase_add_test(tc, test_same_version);
	tcase_add_test(tc, test_two_bounds);
	tcase_add_test(tc, test_any);
	tcase_add_test(tc, test_releases_as_uname_says_them);
	tcase_add_test(tc, test_bad_ranges);
	suite_add_tcase(s, tc);
	return unit_main(s);
}
