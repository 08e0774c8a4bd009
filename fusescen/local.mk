# SPDX-License-Identifier: GPL-2.0-or-later
# The command line.

bin_PROGRAMS += fusescen/fusescen
fusescen_fusescen_LDADD = lib/libfusescen.la lib/libbase.la $(YAML_LIBS) \
	$(JANSSON_LIBS) -lm

# The same program for the tests.  It finds the library that was built by itself, so
# it needs none of libtool's wrappers, a shell script that takes ten times as long
# as most of what is tested.
check_PROGRAMS += tests/fusescen
tests_fusescen_SOURCES = $(fusescen_fusescen_SOURCES)
tests_fusescen_LDADD = $(fusescen_fusescen_LDADD)
tests_fusescen_LDFLAGS = $(AM_LDFLAGS) -no-install
