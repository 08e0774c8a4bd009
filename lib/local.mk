# SPDX-License-Identifier: GPL-2.0-or-later
# Written by tools/update-lists.

# Everything is in a convenience library: the shared library is made of it,
# and unit tests and fuzzers see what the shared library hides.
noinst_LTLIBRARIES += lib/libcore.la
lib_libcore_la_SOURCES = \
	lib/act/actors.c \
	lib/act/actors.h \
	lib/act/child.c \
	lib/act/child.h \
	lib/act/io.c \
	lib/act/listen.c \
	lib/act/look.c \
	lib/act/look.h \
	lib/act/slot.h \
	lib/act/spawn.c \
	lib/act/state.h \
	lib/act/syscalls.c \
	lib/act/syscalls.h \
	lib/act/syscalls_aio.c \
	lib/act/syscalls_child.c \
	lib/act/syscalls_file.c \
	lib/act/syscalls_io.c \
	lib/act/syscalls_lock.c \
	lib/act/syscalls_map.c \
	lib/act/syscalls_meta.c \
	lib/act/syscalls_misc.c \
	lib/act/syscalls_names.c \
	lib/act/vars.c \
	lib/act/vars.h \
	lib/base/buf.c \
	lib/base/buf.h \
	lib/base/diag.c \
	lib/base/diag.h \
	lib/base/errnos.c \
	lib/base/errnos.h \
	lib/base/mem.c \
	lib/base/mem.h \
	lib/base/units.c \
	lib/base/units.h \
	lib/engine/answer.c \
	lib/engine/answer.h \
	lib/engine/checks.c \
	lib/engine/checks.h \
	lib/engine/course.c \
	lib/engine/course.h \
	lib/engine/engine.c \
	lib/engine/engine.h \
	lib/engine/evlog.c \
	lib/engine/evlog.h \
	lib/engine/gates.c \
	lib/engine/gates.h \
	lib/engine/inflight.c \
	lib/engine/inflight.h \
	lib/engine/init.c \
	lib/engine/init.h \
	lib/engine/later.c \
	lib/engine/later.h \
	lib/engine/match.c \
	lib/engine/match.h \
	lib/engine/nodes.c \
	lib/engine/nodes.h \
	lib/engine/print.c \
	lib/engine/print.h \
	lib/engine/reply.c \
	lib/engine/reply.h \
	lib/engine/rules.c \
	lib/engine/rules.h \
	lib/engine/state.h \
	lib/engine/tap.c \
	lib/fusescen.h \
	lib/load/dump.c \
	lib/load/dump.h \
	lib/load/dump_rules.c \
	lib/load/dump_steps.c \
	lib/load/dump_values.c \
	lib/load/fields.c \
	lib/load/fields.h \
	lib/load/lex.c \
	lib/load/lex.h \
	lib/load/load.c \
	lib/load/load.h \
	lib/load/load_actors.c \
	lib/load/load_actors.h \
	lib/load/load_answer.c \
	lib/load/load_answer.h \
	lib/load/load_args.c \
	lib/load/load_args.h \
	lib/load/load_calls.c \
	lib/load/load_calls.h \
	lib/load/load_case.c \
	lib/load/load_case.h \
	lib/load/load_checks.c \
	lib/load/load_checks.h \
	lib/load/load_expect.c \
	lib/load/load_expect.h \
	lib/load/load_files.c \
	lib/load/load_files.h \
	lib/load/load_match.c \
	lib/load/load_match.h \
	lib/load/load_mounts.c \
	lib/load/load_mounts.h \
	lib/load/load_notify.c \
	lib/load/load_notify.h \
	lib/load/load_patterns.c \
	lib/load/load_patterns.h \
	lib/load/load_reply.c \
	lib/load/load_reply.h \
	lib/load/load_rules.c \
	lib/load/load_rules.h \
	lib/load/load_states.c \
	lib/load/load_steps.c \
	lib/load/load_steps.h \
	lib/load/load_waits.c \
	lib/load/load_waits.h \
	lib/load/loader.c \
	lib/load/loader.h \
	lib/load/refs.c \
	lib/load/refs.h \
	lib/load/render.c \
	lib/load/render.h \
	lib/load/schema.c \
	lib/load/schema.h \
	lib/load/source.c \
	lib/load/source.h \
	lib/load/text.c \
	lib/load/text.h \
	lib/load/values.c \
	lib/load/values.h \
	lib/load/yruns.c \
	lib/load/yruns.h \
	lib/load/ytree.c \
	lib/load/ytree.h \
	lib/model/call_flags.c \
	lib/model/calls.c \
	lib/model/calls.h \
	lib/model/kernel_range.c \
	lib/model/kernel_range.h \
	lib/model/outcome.c \
	lib/model/outcome.h \
	lib/model/scenario.c \
	lib/model/scenario.h \
	lib/report/failures.c \
	lib/report/json.c \
	lib/report/ladder.c \
	lib/report/report.h \
	lib/report/result.c \
	lib/report/rows.c \
	lib/report/rows.h \
	lib/report/words.c \
	lib/report/words.h \
	lib/run/api.c \
	lib/run/caps.c \
	lib/run/caps.h \
	lib/run/conductor.c \
	lib/run/judge.c \
	lib/run/kmsg.c \
	lib/run/kmsg.h \
	lib/run/list.c \
	lib/run/list.h \
	lib/run/proof.c \
	lib/run/proof.h \
	lib/run/run.h \
	lib/run/sandbox.c \
	lib/run/sandbox.h \
	lib/run/steps.c \
	lib/run/supervise.c \
	lib/run/supervise.h \
	lib/run/transport.c \
	lib/run/transport.h \
	lib/serve/backing.c \
	lib/serve/channel.c \
	lib/serve/channel.h \
	lib/serve/cusedev.c \
	lib/serve/cusedev.h \
	lib/serve/dirents.c \
	lib/serve/dirents.h \
	lib/serve/fuselib.h \
	lib/serve/jobs.c \
	lib/serve/jobs.h \
	lib/serve/memdata.c \
	lib/serve/memdir.c \
	lib/serve/memfs.c \
	lib/serve/memfs.h \
	lib/serve/memlk.c \
	lib/serve/memlock.c \
	lib/serve/memlock.h \
	lib/serve/memnode.c \
	lib/serve/memnode.h \
	lib/serve/memops.c \
	lib/serve/memops.h \
	lib/serve/memtree.c \
	lib/serve/memtree.h \
	lib/serve/memxattr.c \
	lib/serve/memxattr.h \
	lib/serve/memxops.c \
	lib/serve/mount.c \
	lib/serve/mount.h \
	lib/serve/notifier.c \
	lib/serve/server.c \
	lib/serve/server.h \
	lib/serve/session.c \
	lib/serve/session.h \
	lib/serve/sparse.c \
	lib/serve/sparse.h \
	lib/serve/state.h \
	lib/serve/worker.c \
	lib/wire/fields.h \
	lib/wire/fields_args.c \
	lib/wire/fields_replies.c \
	lib/wire/flags.c \
	lib/wire/flags.h \
	lib/wire/message.c \
	lib/wire/message.h \
	lib/wire/message_print.c \
	lib/wire/notes.c \
	lib/wire/ops.c \
	lib/wire/ops.h \
	lib/wire/proto.h \
	$(NULL)

lib_libcore_la_CPPFLAGS = $(AM_CPPFLAGS)
lib_libcore_la_CFLAGS = $(AM_CFLAGS) -fvisibility=hidden
lib_libcore_la_LIBADD = $(FUSE3_LIBS) $(YAML_LIBS)

lib_LTLIBRARIES += lib/libfusescen.la
lib_libfusescen_la_SOURCES =
lib_libfusescen_la_LIBADD = lib/libcore.la
lib_libfusescen_la_LDFLAGS = $(AM_LDFLAGS) -version-info 0:0:0 \
-Wl,--version-script=$(srcdir)/lib/fusescen.map
EXTRA_lib_libfusescen_la_DEPENDENCIES = lib/fusescen.map

include_HEADERS = lib/fusescen.h
pkgconfigdir = $(libdir)/pkgconfig
pkgconfig_DATA = lib/fusescen.pc
EXTRA_DIST += lib/fusescen.map
