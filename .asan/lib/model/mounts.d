.asan/lib/model/mounts.o: lib/model/mounts.c .asan/config.h \
 lib/model/mounts.h lib/model/values.h lib/base/diag.h lib/base/buf.h \
 lib/base/limits.h lib/base/units.h lib/wire/message.h \
 lib/wire/protocol.h lib/wire/ops.h lib/wire/field.h lib/wire/flags.h \
 lib/wire/proto.h
.asan/config.h:
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
