.asan/lib/model/call_flags.o: lib/model/call_flags.c .asan/config.h \
 lib/model/calls.h lib/base/diag.h lib/base/buf.h lib/wire/flags.h
.asan/config.h:
lib/model/calls.h:
lib/base/diag.h:
lib/base/buf.h:
lib/wire/flags.h:
