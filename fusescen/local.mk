# SPDX-License-Identifier: GPL-2.0-or-later
# Written by tools/update-lists.

bin_PROGRAMS += fusescen/fusescen
fusescen_fusescen_SOURCES = \
	fusescen/bench_contention.c \
	fusescen/bench_contention.h \
	fusescen/bench_file.c \
	fusescen/bench_file.h \
	fusescen/bench_fio.c \
	fusescen/bench_fio.h \
	fusescen/bench_fioread.c \
	fusescen/bench_json.c \
	fusescen/bench_measure.c \
	fusescen/bench_measure.h \
	fusescen/bench_place.c \
	fusescen/bench_place.h \
	fusescen/bench_report.h \
	fusescen/bench_results.c \
	fusescen/bench_results.h \
	fusescen/bench_run.c \
	fusescen/bench_run.h \
	fusescen/bench_source.c \
	fusescen/bench_source.h \
	fusescen/bench_svg.c \
	fusescen/bench_text.c \
	fusescen/bench_values.c \
	fusescen/bench_values.h \
	fusescen/bench_variants.c \
	fusescen/bench_variants.h \
	fusescen/bench_vm.c \
	fusescen/cmd_bench.c \
	fusescen/cmd_check.c \
	fusescen/cmd_ctl.c \
	fusescen/cmd_doctor.c \
	fusescen/cmd_guest.c \
	fusescen/cmd_list.c \
	fusescen/cmd_matrix.c \
	fusescen/cmd_run.c \
	fusescen/cmd_serve.c \
	fusescen/command.h \
	fusescen/escape.c \
	fusescen/escape.h \
	fusescen/human.c \
	fusescen/json.c \
	fusescen/json.h \
	fusescen/log.c \
	fusescen/log.h \
	fusescen/main.c \
	fusescen/matrix.c \
	fusescen/matrix.h \
	fusescen/matrix_html.c \
	fusescen/matrix_json.c \
	fusescen/matrix_markdown.c \
	fusescen/matrix_text.c \
	fusescen/memory.h \
	fusescen/options.c \
	fusescen/options.h \
	fusescen/output.h \
	fusescen/runner.c \
	fusescen/runner.h \
	fusescen/signals.c \
	fusescen/signals.h \
	fusescen/tap.c \
	fusescen/vm_accel.c \
	fusescen/vm_accel.h \
	fusescen/vm_console.c \
	fusescen/vm_console.h \
	fusescen/vm_cpio.c \
	fusescen/vm_cpio.h \
	fusescen/vm_files.c \
	fusescen/vm_files.h \
	fusescen/vm_fio.c \
	fusescen/vm_fio.h \
	fusescen/vm_frame.c \
	fusescen/vm_frame.h \
	fusescen/vm_image.c \
	fusescen/vm_image.h \
	fusescen/vm_initrd.c \
	fusescen/vm_initrd.h \
	fusescen/vm_kernel.c \
	fusescen/vm_kernel.h \
	fusescen/vm_lane.c \
	fusescen/vm_lane.h \
	fusescen/vm_modules.c \
	fusescen/vm_modules.h \
	fusescen/vm_plan.c \
	fusescen/vm_plan.h \
	fusescen/vm_qemu.c \
	fusescen/vm_qemu.h \
	fusescen/vm_run.c \
	fusescen/vm_run.h \
	fusescen/walk.c \
	fusescen/walk.h \
	$(NULL)

fusescen_fusescen_CFLAGS = $(AM_CFLAGS) -fvisibility=hidden
fusescen_fusescen_LDADD = lib/libfusescen.la $(YAML_LIBS) -lm
