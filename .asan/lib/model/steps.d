.asan/lib/model/steps.o: lib/model/steps.c .asan/config.h \
 lib/model/steps.h lib/model/changes.h lib/model/mounts.h \
 lib/model/values.h lib/base/diag.h lib/base/buf.h lib/base/limits.h \
 lib/base/units.h lib/wire/message.h lib/wire/protocol.h lib/wire/ops.h \
 lib/wire/field.h lib/wire/flags.h lib/wire/proto.h lib/model/checks.h \
 lib/model/patterns.h lib/model/clients.h lib/model/calls.h \
 lib/model/tracepoints.h lib/model/rules.h lib/model/stress.h
.asan/config.h:
lib/model/steps.h:
lib/model/changes.h:
lib/model/mounts.h:
lib/model/values.h:
lib/base/diag.h:
lib/base/buf.h:
lib/base/limits.h:
lib/base/units.h:
lib/wire/message.h:
lib/wire/protocol.h:
lib/wire/ops.h:
lib/wire/field.h:
lib/wire/flags.h:
lib/wire/proto.h:
lib/model/checks.h:
lib/model/patterns.h:
lib/model/clients.h:
lib/model/calls.h:
lib/model/tracepoints.h:
lib/model/rules.h:
lib/model/stress.h:
