# SPDX-License-Identifier: GPL-2.0-or-later
# Written by tools/update-lists.

bin_PROGRAMS += fusescen/fusescen
fusescen_fusescen_SOURCES = \
	fusescen/bench/contention.c \
	fusescen/bench/contention.h \
	fusescen/bench/file.c \
	fusescen/bench/file.h \
	fusescen/bench/fio.c \
	fusescen/bench/fio.h \
	fusescen/bench/fioread.c \
	fusescen/bench/json.c \
	fusescen/bench/measure.c \
	fusescen/bench/measure.h \
	fusescen/bench/place.c \
	fusescen/bench/place.h \
	fusescen/bench/report.h \
	fusescen/bench/results.c \
	fusescen/bench/results.h \
	fusescen/bench/run.c \
	fusescen/bench/run.h \
	fusescen/bench/source.c \
	fusescen/bench/source.h \
	fusescen/bench/svg.c \
	fusescen/bench/text.c \
	fusescen/bench/values.c \
	fusescen/bench/values.h \
	fusescen/bench/variants.c \
	fusescen/bench/variants.h \
	fusescen/bench/vm.c \
	fusescen/cmd/bench.c \
	fusescen/cmd/check.c \
	fusescen/cmd/ctl.c \
	fusescen/cmd/doctor.c \
	fusescen/cmd/guest.c \
	fusescen/cmd/list.c \
	fusescen/cmd/matrix.c \
	fusescen/cmd/run.c \
	fusescen/cmd/serve.c \
	fusescen/main.c \
	fusescen/matrix/html.c \
	fusescen/matrix/json.c \
	fusescen/matrix/markdown.c \
	fusescen/matrix/matrix.c \
	fusescen/matrix/matrix.h \
	fusescen/matrix/text.c \
	fusescen/report/human.c \
	fusescen/report/log.c \
	fusescen/report/log.h \
	fusescen/report/output.h \
	fusescen/report/runner.c \
	fusescen/report/runner.h \
	fusescen/report/tap.c \
	fusescen/util/command.h \
	fusescen/util/escape.c \
	fusescen/util/escape.h \
	fusescen/util/files.c \
	fusescen/util/files.h \
	fusescen/util/json.c \
	fusescen/util/json.h \
	fusescen/util/options.c \
	fusescen/util/options.h \
	fusescen/util/signals.c \
	fusescen/util/signals.h \
	fusescen/util/walk.c \
	fusescen/util/walk.h \
	fusescen/vm/accel.c \
	fusescen/vm/accel.h \
	fusescen/vm/console.c \
	fusescen/vm/console.h \
	fusescen/vm/cpio.c \
	fusescen/vm/cpio.h \
	fusescen/vm/fio.c \
	fusescen/vm/fio.h \
	fusescen/vm/frame.c \
	fusescen/vm/frame.h \
	fusescen/vm/image.c \
	fusescen/vm/image.h \
	fusescen/vm/initrd.c \
	fusescen/vm/initrd.h \
	fusescen/vm/kernel.c \
	fusescen/vm/kernel.h \
	fusescen/vm/lane.c \
	fusescen/vm/lane.h \
	fusescen/vm/modules.c \
	fusescen/vm/modules.h \
	fusescen/vm/plan.c \
	fusescen/vm/plan.h \
	fusescen/vm/qemu.c \
	fusescen/vm/qemu.h \
	fusescen/vm/run.c \
	fusescen/vm/run.h \
	$(NULL)

fusescen_fusescen_CFLAGS = $(AM_CFLAGS) -fvisibility=hidden
fusescen_fusescen_LDADD = lib/libfusescen.la lib/libbase.la $(YAML_LIBS) $(JANSSON_LIBS) -lm
