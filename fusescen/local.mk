# SPDX-License-Identifier: GPL-2.0-or-later
# Written by tools/update-lists.

bin_PROGRAMS += fusescen/fusescen
fusescen_fusescen_SOURCES = \
	fusescen/cmd_check.c \
	fusescen/cmd_doctor.c \
	fusescen/cmd_list.c \
	fusescen/cmd_run.c \
	fusescen/command.h \
	fusescen/human.c \
	fusescen/log.c \
	fusescen/log.h \
	fusescen/main.c \
	fusescen/memory.h \
	fusescen/options.c \
	fusescen/options.h \
	fusescen/output.h \
	fusescen/runner.c \
	fusescen/runner.h \
	fusescen/tap.c \
	fusescen/walk.c \
	fusescen/walk.h \
	$(NULL)

fusescen_fusescen_CFLAGS = $(AM_CFLAGS) -fvisibility=hidden
fusescen_fusescen_LDADD = lib/libfusescen.la
