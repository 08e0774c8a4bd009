# SPDX-License-Identifier: GPL-2.0-or-later
# Written by tools/update-lists.

# What everything of ours is built on; the command line links it as well,
# because the shared library hides it.
noinst_LTLIBRARIES += lib/libbase.la
lib_libbase_la_SOURCES = \
	lib/base/buf.c \
	lib/base/buf.h \
	lib/base/diag.c \
	lib/base/diag.h \
	lib/base/errnos.c \
	lib/base/errnos.h \
	lib/base/escape.c \
	lib/base/escape.h \
	lib/base/histogram.c \
	lib/base/histogram.h \
	lib/base/json.c \
	lib/base/json.h \
	lib/base/lock.h \
	lib/base/mem.c \
	lib/base/mem.h \
	lib/base/random.h \
	lib/base/units.c \
	lib/base/units.h \
	$(NULL)

lib_libbase_la_CFLAGS = $(AM_CFLAGS) -fvisibility=hidden

# Everything is in a convenience library: the shared library is made of it,
# and unit tests and fuzzers see what the shared library hides.
noinst_LTLIBRARIES += lib/libcore.la
lib_libcore_la_SOURCES = \
	lib/act/actors.h \
	lib/act/actors_impl.h \
	lib/act/calls/aio.c \
	lib/act/calls/buffers.c \
	lib/act/calls/calls.c \
	lib/act/calls/calls.h \
	lib/act/calls/child.c \
	lib/act/calls/file.c \
	lib/act/calls/io.c \
	lib/act/calls/lock.c \
	lib/act/calls/map.c \
	lib/act/calls/meta.c \
	lib/act/calls/misc.c \
	lib/act/calls/names.c \
	lib/act/calls/slot.h \
	lib/act/calls/vars.c \
	lib/act/calls/vars.h \
	lib/act/child.c \
	lib/act/child.h \
	lib/act/control.c \
	lib/act/listen.c \
	lib/act/procstat.c \
	lib/act/procstat.h \
	lib/act/spawn.c \
	lib/act/stress.c \
	lib/act/stress.h \
	lib/attach/attach.c \
	lib/attach/attach.h \
	lib/attach/clones.c \
	lib/attach/clones.h \
	lib/attach/custom_io_slots.c \
	lib/attach/custom_io_slots.h \
	lib/backend/backend.c \
	lib/backend/backend.h \
	lib/backend/cuse/device.c \
	lib/backend/cuse/device.h \
	lib/backend/cuse/devnode.c \
	lib/backend/cuse/devnode.h \
	lib/backend/host_paths.c \
	lib/backend/host_paths.h \
	lib/backend/memory/data.c \
	lib/backend/memory/dir.c \
	lib/backend/memory/dirents.c \
	lib/backend/memory/dirents.h \
	lib/backend/memory/lock_ops.c \
	lib/backend/memory/lock_table.c \
	lib/backend/memory/lock_table.h \
	lib/backend/memory/memory.c \
	lib/backend/memory/memory.h \
	lib/backend/memory/memory_backend.c \
	lib/backend/memory/memory_impl.h \
	lib/backend/memory/node.c \
	lib/backend/memory/node.h \
	lib/backend/memory/ops.c \
	lib/backend/memory/sparse.c \
	lib/backend/memory/sparse.h \
	lib/backend/memory/tree.c \
	lib/backend/memory/tree.h \
	lib/backend/memory/xattr.c \
	lib/backend/memory/xattr.h \
	lib/backend/memory/xattr_ops.c \
	lib/backend/mirror/attr.c \
	lib/backend/mirror/cred.c \
	lib/backend/mirror/dir.c \
	lib/backend/mirror/io.c \
	lib/backend/mirror/mirror.c \
	lib/backend/mirror/mirror.h \
	lib/backend/mirror/mirror_impl.h \
	lib/backend/mirror/names.c \
	lib/backend/mirror/nodes.c \
	lib/backend/mirror/walk.c \
	lib/backend/notifier.c \
	lib/backend/notifier.h \
	lib/backend/null/null.c \
	lib/backend/null/null.h \
	lib/backend/session.c \
	lib/backend/session.h \
	lib/backend/unsupported_ops.c \
	lib/backend/unsupported_ops.h \
	lib/engine/arrival.c \
	lib/engine/arrival.h \
	lib/engine/checks.c \
	lib/engine/checks.h \
	lib/engine/control.c \
	lib/engine/delay_queue.c \
	lib/engine/delay_queue.h \
	lib/engine/engine.h \
	lib/engine/engine_impl.h \
	lib/engine/engine_log.c \
	lib/engine/engine_log.h \
	lib/engine/evlog.c \
	lib/engine/evlog.h \
	lib/engine/gates.c \
	lib/engine/gates.h \
	lib/engine/inflight.c \
	lib/engine/inflight.h \
	lib/engine/init.c \
	lib/engine/init.h \
	lib/engine/lifecycle.c \
	lib/engine/match.c \
	lib/engine/match.h \
	lib/engine/path_table.c \
	lib/engine/path_table.h \
	lib/engine/pipeline.c \
	lib/engine/pipeline.h \
	lib/engine/print.c \
	lib/engine/print.h \
	lib/engine/reply_build.c \
	lib/engine/reply_build.h \
	lib/engine/reply_out.c \
	lib/engine/reply_out.h \
	lib/engine/request.c \
	lib/engine/request.h \
	lib/engine/rules.c \
	lib/engine/rules.h \
	lib/fusescen.h \
	lib/load/actors.c \
	lib/load/actors.h \
	lib/load/calls/args.c \
	lib/load/calls/args.h \
	lib/load/calls/calls.c \
	lib/load/calls/calls.h \
	lib/load/calls/expect.c \
	lib/load/calls/expect.h \
	lib/load/calls/ioctl.c \
	lib/load/calls/ioctl.h \
	lib/load/case.c \
	lib/load/case.h \
	lib/load/checks/checks.c \
	lib/load/checks/checks.h \
	lib/load/checks/patterns.c \
	lib/load/checks/patterns.h \
	lib/load/command.c \
	lib/load/command.h \
	lib/load/load.c \
	lib/load/load.h \
	lib/load/mounts/backing.c \
	lib/load/mounts/backing.h \
	lib/load/mounts/files.c \
	lib/load/mounts/files.h \
	lib/load/mounts/mounts.c \
	lib/load/mounts/mounts.h \
	lib/load/read/fields.c \
	lib/load/read/fields.h \
	lib/load/read/former.c \
	lib/load/read/former.h \
	lib/load/read/lex.c \
	lib/load/read/lex.h \
	lib/load/read/loader.c \
	lib/load/read/loader.h \
	lib/load/read/refs.c \
	lib/load/read/refs.h \
	lib/load/read/render.c \
	lib/load/read/render.h \
	lib/load/read/schema.c \
	lib/load/read/schema.h \
	lib/load/read/text.c \
	lib/load/read/text.h \
	lib/load/read/values.c \
	lib/load/read/values.h \
	lib/load/rules/answer.c \
	lib/load/rules/answer.h \
	lib/load/rules/gates.c \
	lib/load/rules/gates.h \
	lib/load/rules/match.c \
	lib/load/rules/match.h \
	lib/load/rules/notify.c \
	lib/load/rules/notify.h \
	lib/load/rules/reply.c \
	lib/load/rules/reply.h \
	lib/load/rules/rules.c \
	lib/load/rules/rules.h \
	lib/load/rules/states.c \
	lib/load/rules/states.h \
	lib/load/steps/steps.c \
	lib/load/steps/steps.h \
	lib/load/steps/stress.c \
	lib/load/steps/stress.h \
	lib/load/steps/waits.c \
	lib/load/steps/waits.h \
	lib/load/yaml/source.c \
	lib/load/yaml/source.h \
	lib/load/yaml/ynode.c \
	lib/load/yaml/ynode.h \
	lib/load/yaml/yruns.c \
	lib/load/yaml/yruns.h \
	lib/load/yaml/ytree.c \
	lib/load/yaml/ytree.h \
	lib/model/asks.c \
	lib/model/asks.h \
	lib/model/call_flags.c \
	lib/model/calls.c \
	lib/model/calls.h \
	lib/model/kernel_range.c \
	lib/model/kernel_range.h \
	lib/model/outcome.c \
	lib/model/outcome.h \
	lib/model/scenario.c \
	lib/model/scenario.h \
	lib/model/tracepoints.c \
	lib/model/tracepoints.h \
	lib/report/failures.c \
	lib/report/json.c \
	lib/report/ladder.c \
	lib/report/report.h \
	lib/report/result.c \
	lib/report/rows.c \
	lib/report/rows.h \
	lib/report/words.c \
	lib/report/words.h \
	lib/run/api/api.c \
	lib/run/api/attach.c \
	lib/run/api/handles.h \
	lib/run/api/list.c \
	lib/run/api/list.h \
	lib/run/api/serve.c \
	lib/run/api/supervise.c \
	lib/run/api/supervise.h \
	lib/run/caps.c \
	lib/run/caps.h \
	lib/run/conduct/conductor.c \
	lib/run/conduct/gate_report.c \
	lib/run/conduct/gate_report.h \
	lib/run/conduct/judge.c \
	lib/run/conduct/kmsg.c \
	lib/run/conduct/kmsg.h \
	lib/run/conduct/proof.c \
	lib/run/conduct/proof.h \
	lib/run/conduct/returns.c \
	lib/run/conduct/returns.h \
	lib/run/conduct/steps.c \
	lib/run/conduct/stress.c \
	lib/run/conduct/stress.h \
	lib/run/conduct/traces.c \
	lib/run/conduct/traces.h \
	lib/run/conduct/verdict.c \
	lib/run/conduct/wait.c \
	lib/run/conduct/wait.h \
	lib/run/host_objections.c \
	lib/run/host_objections.h \
	lib/run/report_file.c \
	lib/run/report_file.h \
	lib/run/run.c \
	lib/run/run.h \
	lib/run/sandbox.c \
	lib/run/sandbox.h \
	lib/run/serve/backing_option.c \
	lib/run/serve/backing_option.h \
	lib/run/serve/baseline.c \
	lib/run/serve/commands.c \
	lib/run/serve/commands.h \
	lib/run/serve/control.c \
	lib/run/serve/control.h \
	lib/run/serve/ctl_reply.c \
	lib/run/serve/ctl_reply.h \
	lib/run/serve/describe.c \
	lib/run/serve/describe.h \
	lib/run/serve/logger.c \
	lib/run/serve/logger.h \
	lib/run/serve/restrictions.c \
	lib/run/serve/restrictions.h \
	lib/run/serve/serving.c \
	lib/run/serve/serving.h \
	lib/run/serve/watchdog.c \
	lib/run/serve/watchdog.h \
	lib/server/backends.c \
	lib/server/backends.h \
	lib/server/backing_files.c \
	lib/server/baseline.c \
	lib/server/baseline.h \
	lib/server/build.c \
	lib/server/hooks.c \
	lib/server/lifecycle.c \
	lib/server/mount.c \
	lib/server/mount.h \
	lib/server/questions.c \
	lib/server/server.h \
	lib/server/server_impl.h \
	lib/server/worker.c \
	lib/trace/fexit.h \
	lib/trace/format.c \
	lib/trace/format.h \
	lib/trace/instance.c \
	lib/trace/instance.h \
	lib/trace/libbpf.h \
	lib/trace/page.c \
	lib/trace/page.h \
	lib/trace/tracefs.c \
	lib/trace/tracefs.h \
	lib/trace/types.h \
	lib/transport/channel.c \
	lib/transport/channel.h \
	lib/transport/drain.c \
	lib/transport/drain.h \
	lib/transport/fuselib.h \
	lib/transport/jobs.c \
	lib/transport/jobs.h \
	lib/transport/stats.c \
	lib/transport/stats.h \
	lib/wire/field.h \
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

if HAVE_LIBBPF
lib_libcore_la_SOURCES += \
	lib/trace/fexit.c \
	lib/trace/libbpf.c \
	lib/trace/types.c \
	$(NULL)

else
lib_libcore_la_SOURCES += \
	lib/trace/fexit_none.c \
	$(NULL)

endif

lib_libcore_la_CPPFLAGS = $(AM_CPPFLAGS)
lib_libcore_la_CFLAGS = $(AM_CFLAGS) -fvisibility=hidden
lib_libcore_la_LIBADD = lib/libbase.la $(FUSE3_LIBS) $(YAML_LIBS) $(BPF_LIBS)

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
