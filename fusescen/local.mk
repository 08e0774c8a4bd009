# SPDX-License-Identifier: GPL-2.0-or-later
# The command line.

bin_PROGRAMS += fusescen/fusescen
fusescen_fusescen_LDADD = lib/libfusescen.la lib/libbase.la $(YAML_LIBS) \
	$(JANSSON_LIBS) -lm
