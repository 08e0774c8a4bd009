# SPDX-License-Identifier: GPL-2.0-or-later
# The library.

# Everything else is built on lib/base/.  The command line links it as well, and
# lib/load/yaml/ with it, because the shared library hides both.
noinst_LTLIBRARIES += lib/libbase.la

# Everything is in a convenience library: the shared library is made of it, and
# unit tests and tools see what the shared library hides.
noinst_LTLIBRARIES += lib/libcore.la
lib_libcore_la_LIBADD = lib/libbase.la $(FUSE3_LIBS) $(YAML_LIBS) $(BPF_LIBS) \
	$(URING_LIBS)

lib_LTLIBRARIES += lib/libfusescen.la
lib_libfusescen_la_SOURCES =
lib_libfusescen_la_LIBADD = lib/libcore.la
lib_libfusescen_la_LDFLAGS = $(AM_LDFLAGS) -version-info 0:0:0 \
	-Wl,--version-script=$(srcdir)/lib/fusescen.map
EXTRA_lib_libfusescen_la_DEPENDENCIES = lib/fusescen.map
EXTRA_DIST += lib/fusescen.map

# What "fusescen attach" loads into servers: linked with the C library alone, and
# found beside libfusescen.
if SHARED_LIBRARIES
pkglib_LTLIBRARIES = lib/attach.la
endif
lib_attach_la_SOURCES = lib/preload/preload.c lib/base/attach_talk.h
# No sanitizers: their runtimes insist on being loaded first.
lib_attach_la_CFLAGS = -std=gnu11 -fvisibility=hidden -pthread $(WARN_CFLAGS)
lib_attach_la_LDFLAGS = -pthread -module -avoid-version -shared

include_HEADERS = lib/fusescen.h
pkgconfigdir = $(libdir)/pkgconfig
pkgconfig_DATA = lib/fusescen.pc
