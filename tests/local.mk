# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of fusescen itself, and the programs that only this tree needs.

# Programs that are not installed: unit tests, benchmarks, generators.
LDADD = lib/libcore.la $(CHECK_LIBS)

if HAVE_CHECK
check_PROGRAMS += $(unit_tests)
TESTS += $(unit_tests)
endif

TESTS += $(shell_tests) $(thirdparty_tests)

EXTRA_DIST += $(shell cd $(srcdir) && find tests -name '*.yaml' \
	-o -name '*.err' -o -name '*.expected' -o -name '*.allow' \
	-o -name '*.sh' -o -name '*.h' -o -name '*.py') \
	$(shell cd $(srcdir) && find tests/fuzz/seeds tests/cli/import -type f)

# Targets of libFuzzer, built by "make check-fuzz" alone.  What one of them uses
# of the command line is in a library, without what starts virtual machines.
EXTRA_PROGRAMS = $(fuzz_targets) tests/fuzz/make_seeds
EXTRA_LTLIBRARIES = tests/fuzz/libcli.la
FUZZ_LIBS = tests/fuzz/libcli.la lib/libcore.la $(JANSSON_LIBS) -lm
FUZZ_LINKING = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_make_seeds_LDADD = $(FUZZ_LIBS)
# Of its own, or automake refuses to build an object with and without libtool.
tests_fuzz_libcli_la_CFLAGS = $(AM_CFLAGS)

# The options of "mutate" are read like those of fusescen.
tools_mutate_SOURCES += fusescen/util/errors.c fusescen/util/escape.c \
	fusescen/util/options.c fusescen/util/terminal.c fusescen/util/walk.c

# All tests speak TAP.
TEST_EXTENSIONS = .yaml .sh
tap_driver = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
LOG_DRIVER = $(tap_driver)
YAML_LOG_DRIVER = $(tap_driver)
SH_LOG_DRIVER = $(tap_driver)
YAML_LOG_COMPILER = tests/fusescen run --tap --strict
SH_LOG_COMPILER = $(SHELL)
AM_TESTS_ENVIRONMENT = \
	CK_TAP_LOG_FILE_NAME=-; export CK_TAP_LOG_FILE_NAME; \
	CK_DEFAULT_TIMEOUT=40; export CK_DEFAULT_TIMEOUT; \
	FUSESCEN=$(abs_builddir)/tests/fusescen; export FUSESCEN; \
	srcdir=$(abs_srcdir); export srcdir; \
	builddir=$(abs_builddir); export builddir; \
	CC='$(CC)'; export CC; \
	LIB_CFLAGS='$(FUSE3_CFLAGS) $(YAML_CFLAGS) $(BPF_CFLAGS) $(URING_CFLAGS)'; export LIB_CFLAGS;
