# SPDX-License-Identifier: GPL-2.0-or-later
# Written by tools/update-lists.

unit_tests = \
	tests/unit/test_actors \
	tests/unit/test_attach \
	tests/unit/test_attach_native \
	tests/unit/test_base \
	tests/unit/test_calls \
	tests/unit/test_caps \
	tests/unit/test_checks \
	tests/unit/test_command \
	tests/unit/test_control \
	tests/unit/test_drain \
	tests/unit/test_engine \
	tests/unit/test_engine_hold \
	tests/unit/test_engine_reply \
	tests/unit/test_engine_stress \
	tests/unit/test_evlog \
	tests/unit/test_failures \
	tests/unit/test_fexit \
	tests/unit/test_flags \
	tests/unit/test_hazard \
	tests/unit/test_histogram \
	tests/unit/test_host_paths \
	tests/unit/test_init \
	tests/unit/test_json \
	tests/unit/test_kernel_range \
	tests/unit/test_kmsg \
	tests/unit/test_ladder \
	tests/unit/test_load \
	tests/unit/test_lock_table \
	tests/unit/test_match \
	tests/unit/test_memory \
	tests/unit/test_message \
	tests/unit/test_message_print \
	tests/unit/test_mirror \
	tests/unit/test_notes \
	tests/unit/test_null \
	tests/unit/test_ops \
	tests/unit/test_outcome \
	tests/unit/test_path_table \
	tests/unit/test_procstat \
	tests/unit/test_request \
	tests/unit/test_returns \
	tests/unit/test_server_notes \
	tests/unit/test_server_sim \
	tests/unit/test_sparse \
	tests/unit/test_stress \
	tests/unit/test_syscalls \
	tests/unit/test_syscalls_child \
	tests/unit/test_syscalls_fs \
	tests/unit/test_tracefs \
	tests/unit/test_ytree \
	$(NULL)

if HAVE_LIBBPF
unit_tests += \
	tests/unit/test_libbpf \
	tests/unit/test_types \
	$(NULL)

endif

if HAVE_CHECK
check_PROGRAMS += $(unit_tests)
TESTS += $(unit_tests)
endif

tests_unit_test_actors_SOURCES = tests/unit/test_actors.c
tests_unit_test_actors_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_actors_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_attach_SOURCES = tests/unit/test_attach.c
tests_unit_test_attach_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_attach_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_attach_native_SOURCES = tests/unit/test_attach_native.c
tests_unit_test_attach_native_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_attach_native_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_base_SOURCES = tests/unit/test_base.c
tests_unit_test_base_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_base_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_calls_SOURCES = tests/unit/test_calls.c
tests_unit_test_calls_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_calls_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_caps_SOURCES = tests/unit/test_caps.c
tests_unit_test_caps_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_caps_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_checks_SOURCES = tests/unit/test_checks.c
tests_unit_test_checks_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_checks_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_command_SOURCES = tests/unit/test_command.c
tests_unit_test_command_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_command_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_control_SOURCES = tests/unit/test_control.c
tests_unit_test_control_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_control_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_drain_SOURCES = tests/unit/test_drain.c
tests_unit_test_drain_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_drain_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_engine_SOURCES = tests/unit/test_engine.c
tests_unit_test_engine_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_engine_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_engine_hold_SOURCES = tests/unit/test_engine_hold.c
tests_unit_test_engine_hold_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_engine_hold_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_engine_reply_SOURCES = tests/unit/test_engine_reply.c
tests_unit_test_engine_reply_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_engine_reply_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_engine_stress_SOURCES = tests/unit/test_engine_stress.c
tests_unit_test_engine_stress_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_engine_stress_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_evlog_SOURCES = tests/unit/test_evlog.c
tests_unit_test_evlog_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_evlog_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_failures_SOURCES = tests/unit/test_failures.c
tests_unit_test_failures_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_failures_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_fexit_SOURCES = tests/unit/test_fexit.c
tests_unit_test_fexit_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_fexit_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_flags_SOURCES = tests/unit/test_flags.c
tests_unit_test_flags_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_flags_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_hazard_SOURCES = tests/unit/test_hazard.c
tests_unit_test_hazard_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_hazard_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_histogram_SOURCES = tests/unit/test_histogram.c
tests_unit_test_histogram_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_histogram_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_host_paths_SOURCES = tests/unit/test_host_paths.c
tests_unit_test_host_paths_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_host_paths_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_init_SOURCES = tests/unit/test_init.c
tests_unit_test_init_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_init_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_json_SOURCES = tests/unit/test_json.c
tests_unit_test_json_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_json_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_kernel_range_SOURCES = tests/unit/test_kernel_range.c
tests_unit_test_kernel_range_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_kernel_range_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_kmsg_SOURCES = tests/unit/test_kmsg.c
tests_unit_test_kmsg_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_kmsg_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_ladder_SOURCES = tests/unit/test_ladder.c
tests_unit_test_ladder_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_ladder_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_libbpf_SOURCES = tests/unit/test_libbpf.c
tests_unit_test_libbpf_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_libbpf_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_load_SOURCES = tests/unit/test_load.c
tests_unit_test_load_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_load_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_lock_table_SOURCES = tests/unit/test_lock_table.c
tests_unit_test_lock_table_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_lock_table_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_match_SOURCES = tests/unit/test_match.c
tests_unit_test_match_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_match_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_memory_SOURCES = tests/unit/test_memory.c
tests_unit_test_memory_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_memory_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_message_SOURCES = tests/unit/test_message.c
tests_unit_test_message_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_message_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_message_print_SOURCES = tests/unit/test_message_print.c
tests_unit_test_message_print_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_message_print_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_mirror_SOURCES = tests/unit/test_mirror.c
tests_unit_test_mirror_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_mirror_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_notes_SOURCES = tests/unit/test_notes.c
tests_unit_test_notes_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_notes_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_null_SOURCES = tests/unit/test_null.c
tests_unit_test_null_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_null_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_ops_SOURCES = tests/unit/test_ops.c
tests_unit_test_ops_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_ops_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_outcome_SOURCES = tests/unit/test_outcome.c
tests_unit_test_outcome_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_outcome_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_path_table_SOURCES = tests/unit/test_path_table.c
tests_unit_test_path_table_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_path_table_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_procstat_SOURCES = tests/unit/test_procstat.c
tests_unit_test_procstat_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_procstat_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_request_SOURCES = tests/unit/test_request.c
tests_unit_test_request_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_request_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_returns_SOURCES = tests/unit/test_returns.c
tests_unit_test_returns_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_returns_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_server_notes_SOURCES = tests/unit/test_server_notes.c
tests_unit_test_server_notes_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_server_notes_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_server_sim_SOURCES = tests/unit/test_server_sim.c
tests_unit_test_server_sim_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_server_sim_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_sparse_SOURCES = tests/unit/test_sparse.c
tests_unit_test_sparse_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_sparse_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_stress_SOURCES = tests/unit/test_stress.c
tests_unit_test_stress_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_stress_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_syscalls_SOURCES = tests/unit/test_syscalls.c
tests_unit_test_syscalls_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_syscalls_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_syscalls_child_SOURCES = tests/unit/test_syscalls_child.c
tests_unit_test_syscalls_child_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_syscalls_child_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_syscalls_fs_SOURCES = tests/unit/test_syscalls_fs.c
tests_unit_test_syscalls_fs_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_syscalls_fs_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_tracefs_SOURCES = tests/unit/test_tracefs.c
tests_unit_test_tracefs_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_tracefs_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_types_SOURCES = tests/unit/test_types.c
tests_unit_test_types_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_types_LDADD = lib/libcore.la $(CHECK_LIBS)
tests_unit_test_ytree_SOURCES = tests/unit/test_ytree.c
tests_unit_test_ytree_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_ytree_LDADD = lib/libcore.la $(CHECK_LIBS)

shell_tests = \
	tests/cli/attach.sh \
	tests/cli/bad-input.sh \
	tests/cli/bench-kernel.sh \
	tests/cli/bench.sh \
	tests/cli/check.sh \
	tests/cli/help.sh \
	tests/cli/host-paths.sh \
	tests/cli/kernel-boot.sh \
	tests/cli/kernel.sh \
	tests/cli/kernels.sh \
	tests/cli/list.sh \
	tests/cli/matrix.sh \
	tests/cli/run.sh \
	tests/cli/serve-backing.sh \
	tests/cli/serve-bad.sh \
	tests/cli/serve-ctl.sh \
	tests/cli/serve-end.sh \
	tests/cli/serve-escape.sh \
	tests/cli/serve-full.sh \
	tests/cli/serve-user.sh \
	tests/cli/serve.sh \
	tests/cli/signals.sh \
	tests/load/run.sh \
	tests/meta/catalogue.sh \
	tests/meta/examples.sh \
	tests/meta/floors.sh \
	tests/meta/headers.sh \
	tests/meta/manual.sh \
	tests/meta/map.sh \
	tests/meta/matrix.sh \
	tests/meta/mutate.sh \
	tests/meta/replies.sh \
	tests/meta/terms.sh \
	tests/run/fail.sh \
	tests/run/hostile.sh \
	tests/vm/devices.sh \
	$(NULL)

thirdparty_tests = \
	tests/thirdparty/compiler.sh \
	tests/thirdparty/fio.sh \
	tests/thirdparty/git.sh \
	tests/thirdparty/sqlite.sh \
	tests/thirdparty/stress-ng.sh \
	$(NULL)

dist_check_SCRIPTS += $(shell_tests) $(thirdparty_tests)
TESTS += $(shell_tests) $(thirdparty_tests)

EXTRA_DIST += \
	tools/update-docs \
	tests/unit/build.h \
	tests/unit/build_calls.h \
	tests/unit/call_checks.h \
	tests/unit/events.h \
	tests/unit/fake.h \
	tests/unit/foreign.h \
	tests/unit/made.h \
	tests/unit/sim.h \
	tests/unit/unit.h \
	tests/cli/lib.sh \
	tests/load/bad/actors-item.err \
	tests/load/bad/actors-item.yaml \
	tests/load/bad/actors-keys.err \
	tests/load/bad/actors-keys.yaml \
	tests/load/bad/actors-shape.err \
	tests/load/bad/actors-shape.yaml \
	tests/load/bad/actors.err \
	tests/load/bad/actors.yaml \
	tests/load/bad/backing-host.err \
	tests/load/bad/backing-host.yaml \
	tests/load/bad/call-args.err \
	tests/load/bad/call-args.yaml \
	tests/load/bad/call-busy.err \
	tests/load/bad/call-busy.yaml \
	tests/load/bad/call-cascade.err \
	tests/load/bad/call-cascade.yaml \
	tests/load/bad/call-comma.err \
	tests/load/bad/call-comma.yaml \
	tests/load/bad/call-command.err \
	tests/load/bad/call-command.yaml \
	tests/load/bad/call-dots.err \
	tests/load/bad/call-dots.yaml \
	tests/load/bad/call-flag-lines.err \
	tests/load/bad/call-flag-lines.yaml \
	tests/load/bad/call-flag-quoted.err \
	tests/load/bad/call-flag-quoted.yaml \
	tests/load/bad/call-flag.err \
	tests/load/bad/call-flag.yaml \
	tests/load/bad/call-name.err \
	tests/load/bad/call-name.yaml \
	tests/load/bad/call-path.err \
	tests/load/bad/call-path.yaml \
	tests/load/bad/call-repeated.err \
	tests/load/bad/call-repeated.yaml \
	tests/load/bad/call-result-more.err \
	tests/load/bad/call-result-more.yaml \
	tests/load/bad/call-result.err \
	tests/load/bad/call-result.yaml \
	tests/load/bad/call-shape.err \
	tests/load/bad/call-shape.yaml \
	tests/load/bad/call-text.err \
	tests/load/bad/call-text.yaml \
	tests/load/bad/call-uncollected.err \
	tests/load/bad/call-uncollected.yaml \
	tests/load/bad/call-values.err \
	tests/load/bad/call-values.yaml \
	tests/load/bad/call-variable-other.err \
	tests/load/bad/call-variable-other.yaml \
	tests/load/bad/call-variable.err \
	tests/load/bad/call-variable.yaml \
	tests/load/bad/cases-map.err \
	tests/load/bad/cases-map.yaml \
	tests/load/bad/cases-no-cases.err \
	tests/load/bad/cases-no-cases.yaml \
	tests/load/bad/cases-none.err \
	tests/load/bad/cases-none.yaml \
	tests/load/bad/cases-open.err \
	tests/load/bad/cases-open.yaml \
	tests/load/bad/cases-shape.err \
	tests/load/bad/cases-shape.yaml \
	tests/load/bad/cases-twice.err \
	tests/load/bad/cases-twice.yaml \
	tests/load/bad/cases-value.err \
	tests/load/bad/cases-value.yaml \
	tests/load/bad/cases-variable.err \
	tests/load/bad/cases-variable.yaml \
	tests/load/bad/check-bounds.err \
	tests/load/bad/check-bounds.yaml \
	tests/load/bad/check-file.err \
	tests/load/bad/check-file.yaml \
	tests/load/bad/check-kind.err \
	tests/load/bad/check-kind.yaml \
	tests/load/bad/device-init.err \
	tests/load/bad/device-init.yaml \
	tests/load/bad/device-keys.err \
	tests/load/bad/device-keys.yaml \
	tests/load/bad/device-name.err \
	tests/load/bad/device-name.yaml \
	tests/load/bad/device-path.err \
	tests/load/bad/device-path.yaml \
	tests/load/bad/device.err \
	tests/load/bad/device.yaml \
	tests/load/bad/fail-crash.err \
	tests/load/bad/fail-crash.yaml \
	tests/load/bad/fails.err \
	tests/load/bad/fails.yaml \
	tests/load/bad/file-data.err \
	tests/load/bad/file-data.yaml \
	tests/load/bad/file-keys.err \
	tests/load/bad/file-keys.yaml \
	tests/load/bad/file-parents.err \
	tests/load/bad/file-parents.yaml \
	tests/load/bad/file-path.err \
	tests/load/bad/file-path.yaml \
	tests/load/bad/file-types.err \
	tests/load/bad/file-types.yaml \
	tests/load/bad/many.err \
	tests/load/bad/many.yaml \
	tests/load/bad/mount-backing.err \
	tests/load/bad/mount-backing.yaml \
	tests/load/bad/mount-init.err \
	tests/load/bad/mount-init.yaml \
	tests/load/bad/mount-list.err \
	tests/load/bad/mount-list.yaml \
	tests/load/bad/mount-many.err \
	tests/load/bad/mount-many.yaml \
	tests/load/bad/mount-name.err \
	tests/load/bad/mount-name.yaml \
	tests/load/bad/mount-options.err \
	tests/load/bad/mount-options.yaml \
	tests/load/bad/mount-timeouts.err \
	tests/load/bad/mount-timeouts.yaml \
	tests/load/bad/mount-unknown.err \
	tests/load/bad/mount-unknown.yaml \
	tests/load/bad/mount-workers.err \
	tests/load/bad/mount-workers.yaml \
	tests/load/bad/notify-keys.err \
	tests/load/bad/notify-keys.yaml \
	tests/load/bad/notify-mount.err \
	tests/load/bad/notify-mount.yaml \
	tests/load/bad/notify-names.err \
	tests/load/bad/notify-names.yaml \
	tests/load/bad/notify-rule.err \
	tests/load/bad/notify-rule.yaml \
	tests/load/bad/notify-word.err \
	tests/load/bad/notify-word.yaml \
	tests/load/bad/pattern-call.err \
	tests/load/bad/pattern-call.yaml \
	tests/load/bad/pattern-first.err \
	tests/load/bad/pattern-first.yaml \
	tests/load/bad/pattern-note.err \
	tests/load/bad/pattern-note.yaml \
	tests/load/bad/pattern-request.err \
	tests/load/bad/pattern-request.yaml \
	tests/load/bad/renamed.err \
	tests/load/bad/renamed.yaml \
	tests/load/bad/reply-backing.err \
	tests/load/bad/reply-backing.yaml \
	tests/load/bad/reply-clash.err \
	tests/load/bad/reply-clash.yaml \
	tests/load/bad/reply-error-zero.err \
	tests/load/bad/reply-error-zero.yaml \
	tests/load/bad/reply-field.err \
	tests/load/bad/reply-field.yaml \
	tests/load/bad/reply-retry.err \
	tests/load/bad/reply-retry.yaml \
	tests/load/bad/reply-values.err \
	tests/load/bad/reply-values.yaml \
	tests/load/bad/rule-actor.err \
	tests/load/bad/rule-actor.yaml \
	tests/load/bad/rule-answer.err \
	tests/load/bad/rule-answer.yaml \
	tests/load/bad/rule-clash-hint.err \
	tests/load/bad/rule-clash-hint.yaml \
	tests/load/bad/rule-delay.err \
	tests/load/bad/rule-delay.yaml \
	tests/load/bad/rule-drop.err \
	tests/load/bad/rule-drop.yaml \
	tests/load/bad/rule-file-two.err \
	tests/load/bad/rule-file-two.yaml \
	tests/load/bad/rule-file.err \
	tests/load/bad/rule-file.yaml \
	tests/load/bad/rule-hold.err \
	tests/load/bad/rule-hold.yaml \
	tests/load/bad/rule-map.err \
	tests/load/bad/rule-map.yaml \
	tests/load/bad/rule-name-twice.err \
	tests/load/bad/rule-name-twice.yaml \
	tests/load/bad/rule-nth.err \
	tests/load/bad/rule-nth.yaml \
	tests/load/bad/rule-on.err \
	tests/load/bad/rule-on.yaml \
	tests/load/bad/rule-op.err \
	tests/load/bad/rule-op.yaml \
	tests/load/bad/rule-states-never.err \
	tests/load/bad/rule-states-never.yaml \
	tests/load/bad/rule-states.err \
	tests/load/bad/rule-states.yaml \
	tests/load/bad/rule-unknown.err \
	tests/load/bad/rule-unknown.yaml \
	tests/load/bad/rule-where-fit.err \
	tests/load/bad/rule-where-fit.yaml \
	tests/load/bad/rule-where-flags.err \
	tests/load/bad/rule-where-flags.yaml \
	tests/load/bad/rule-where.err \
	tests/load/bad/rule-where.yaml \
	tests/load/bad/rule-word.err \
	tests/load/bad/rule-word.yaml \
	tests/load/bad/state-values-empty.err \
	tests/load/bad/state-values-empty.yaml \
	tests/load/bad/step-answer.err \
	tests/load/bad/step-answer.yaml \
	tests/load/bad/step-blocked.err \
	tests/load/bad/step-blocked.yaml \
	tests/load/bad/step-gate-none.err \
	tests/load/bad/step-gate-none.yaml \
	tests/load/bad/step-gate.err \
	tests/load/bad/step-gate.yaml \
	tests/load/bad/step-inode-lock.err \
	tests/load/bad/step-inode-lock.yaml \
	tests/load/bad/step-map.err \
	tests/load/bad/step-map.yaml \
	tests/load/bad/step-others.err \
	tests/load/bad/step-others.yaml \
	tests/load/bad/step-release.err \
	tests/load/bad/step-release.yaml \
	tests/load/bad/step-stress.err \
	tests/load/bad/step-stress.yaml \
	tests/load/bad/step-unknown.err \
	tests/load/bad/step-unknown.yaml \
	tests/load/bad/text-bom.err \
	tests/load/bad/text-bom.yaml \
	tests/load/bad/text-comment.err \
	tests/load/bad/text-comment.yaml \
	tests/load/bad/text-control.err \
	tests/load/bad/text-control.yaml \
	tests/load/bad/text-crlf.err \
	tests/load/bad/text-crlf.yaml \
	tests/load/bad/text-empty.err \
	tests/load/bad/text-empty.yaml \
	tests/load/bad/text-latin1.err \
	tests/load/bad/text-latin1.yaml \
	tests/load/bad/text-separator.err \
	tests/load/bad/text-separator.yaml \
	tests/load/bad/top-empty-mounts.err \
	tests/load/bad/top-empty-mounts.yaml \
	tests/load/bad/top-hazard.err \
	tests/load/bad/top-hazard.yaml \
	tests/load/bad/top-needs.err \
	tests/load/bad/top-needs.yaml \
	tests/load/bad/top-no-mounts.err \
	tests/load/bad/top-no-mounts.yaml \
	tests/load/bad/top-no-version.err \
	tests/load/bad/top-no-version.yaml \
	tests/load/bad/top-nothing.err \
	tests/load/bad/top-nothing.yaml \
	tests/load/bad/top-timeout-long.err \
	tests/load/bad/top-timeout-long.yaml \
	tests/load/bad/top-timeout.err \
	tests/load/bad/top-timeout.yaml \
	tests/load/bad/top-unknown.err \
	tests/load/bad/top-unknown.yaml \
	tests/load/bad/top-version.err \
	tests/load/bad/top-version.yaml \
	tests/load/bad/trace.err \
	tests/load/bad/trace.yaml \
	tests/load/bad/utf8.err \
	tests/load/bad/utf8.yaml \
	tests/load/bad/yaml-alias.err \
	tests/load/bad/yaml-alias.yaml \
	tests/load/bad/yaml-anchor.err \
	tests/load/bad/yaml-anchor.yaml \
	tests/load/bad/yaml-at.err \
	tests/load/bad/yaml-at.yaml \
	tests/load/bad/yaml-brace.err \
	tests/load/bad/yaml-brace.yaml \
	tests/load/bad/yaml-bracket.err \
	tests/load/bad/yaml-bracket.yaml \
	tests/load/bad/yaml-colon.err \
	tests/load/bad/yaml-colon.yaml \
	tests/load/bad/yaml-deep.err \
	tests/load/bad/yaml-deep.yaml \
	tests/load/bad/yaml-item.err \
	tests/load/bad/yaml-item.yaml \
	tests/load/bad/yaml-key.err \
	tests/load/bad/yaml-key.yaml \
	tests/load/bad/yaml-list.err \
	tests/load/bad/yaml-list.yaml \
	tests/load/bad/yaml-nul.err \
	tests/load/bad/yaml-nul.yaml \
	tests/load/bad/yaml-quote.err \
	tests/load/bad/yaml-quote.yaml \
	tests/load/bad/yaml-second.err \
	tests/load/bad/yaml-second.yaml \
	tests/load/bad/yaml-tab.err \
	tests/load/bad/yaml-tab.yaml \
	tests/load/bad/yaml-tag.err \
	tests/load/bad/yaml-tag.yaml \
	tests/load/bad/yaml-twice.err \
	tests/load/bad/yaml-twice.yaml \
	tests/load/bad/yaml-word.err \
	tests/load/bad/yaml-word.yaml \
	tests/load/good/backing-host.yaml \
	tests/load/good/backing.yaml \
	tests/load/good/calls.yaml \
	tests/load/good/cases.yaml \
	tests/load/good/checks.yaml \
	tests/load/good/devices.yaml \
	tests/load/good/empty-script.yaml \
	tests/load/good/hazard.yaml \
	tests/load/good/mounts.yaml \
	tests/load/good/notify.yaml \
	tests/load/good/quoting.yaml \
	tests/load/good/replies.yaml \
	tests/load/good/rules.yaml \
	tests/load/good/sample-backing.yaml \
	tests/load/good/sample-device.yaml \
	tests/load/good/sample-fsync.yaml \
	tests/load/good/sample-inval.yaml \
	tests/load/good/sample-liar.yaml \
	tests/load/good/sample-lock.yaml \
	tests/load/good/serve.yaml \
	tests/load/good/steps.yaml \
	tests/load/good/trace.yaml \
	tests/mutants.allow \
	tests/run/fail-answer.expected \
	tests/run/fail-answer.yaml \
	tests/run/fail-before.expected \
	tests/run/fail-before.yaml \
	tests/run/fail-blocked-elsewhere.expected \
	tests/run/fail-blocked-elsewhere.yaml \
	tests/run/fail-blocked.expected \
	tests/run/fail-blocked.yaml \
	tests/run/fail-call-data.expected \
	tests/run/fail-call-data.yaml \
	tests/run/fail-call-errno.expected \
	tests/run/fail-call-errno.yaml \
	tests/run/fail-call-fields.expected \
	tests/run/fail-call-fields.yaml \
	tests/run/fail-call-hangs.expected \
	tests/run/fail-call-hangs.yaml \
	tests/run/fail-call-names.expected \
	tests/run/fail-call-names.yaml \
	tests/run/fail-call-signal.expected \
	tests/run/fail-call-signal.yaml \
	tests/run/fail-call-success.expected \
	tests/run/fail-call-success.yaml \
	tests/run/fail-call-value.expected \
	tests/run/fail-call-value.yaml \
	tests/run/fail-check.expected \
	tests/run/fail-check.yaml \
	tests/run/fail-count.expected \
	tests/run/fail-count.yaml \
	tests/run/fail-elapsed.expected \
	tests/run/fail-elapsed.yaml \
	tests/run/fail-expect-backing.expected \
	tests/run/fail-expect-backing.yaml \
	tests/run/fail-expect-write.expected \
	tests/run/fail-expect-write.yaml \
	tests/run/fail-file-size.expected \
	tests/run/fail-file-size.yaml \
	tests/run/fail-file.expected \
	tests/run/fail-file.yaml \
	tests/run/fail-held-too-few.expected \
	tests/run/fail-held-too-few.yaml \
	tests/run/fail-held-too-many.expected \
	tests/run/fail-held-too-many.yaml \
	tests/run/fail-inode-lock-exclusive.expected \
	tests/run/fail-inode-lock-exclusive.yaml \
	tests/run/fail-inode-lock-shared.expected \
	tests/run/fail-inode-lock-shared.yaml \
	tests/run/fail-kernel.expected \
	tests/run/fail-kernel.yaml \
	tests/run/fail-left-held.expected \
	tests/run/fail-left-held.yaml \
	tests/run/fail-max-in-flight.expected \
	tests/run/fail-max-in-flight.yaml \
	tests/run/fail-never.expected \
	tests/run/fail-never.yaml \
	tests/run/fail-notified.expected \
	tests/run/fail-notified.yaml \
	tests/run/fail-notify.expected \
	tests/run/fail-notify.yaml \
	tests/run/fail-null-in-turn.expected \
	tests/run/fail-null-in-turn.yaml \
	tests/run/fail-order.expected \
	tests/run/fail-order.yaml \
	tests/run/fail-quiet.expected \
	tests/run/fail-quiet.yaml \
	tests/run/fail-refused-reply.expected \
	tests/run/fail-refused-reply.yaml \
	tests/run/fail-release.expected \
	tests/run/fail-release.yaml \
	tests/run/fail-result-errno.expected \
	tests/run/fail-result-errno.yaml \
	tests/run/fail-signal.expected \
	tests/run/fail-signal.yaml \
	tests/run/fail-stress-fields.expected \
	tests/run/fail-stress-fields.yaml \
	tests/run/fail-stress-grows.expected \
	tests/run/fail-stress-grows.yaml \
	tests/run/fail-stress-overlaps.expected \
	tests/run/fail-stress-overlaps.yaml \
	tests/run/fail-stress-shrinks.expected \
	tests/run/fail-stress-shrinks.yaml \
	tests/run/fail-stress-stuck.expected \
	tests/run/fail-stress-stuck.yaml \
	tests/run/fail-stress.expected \
	tests/run/fail-stress.yaml \
	tests/run/fail-trace.expected \
	tests/run/fail-trace.yaml \
	tests/run/fail-wait.expected \
	tests/run/fail-wait.yaml \
	tests/run/fail-xpass.expected \
	tests/run/fail-xpass.yaml \
	tests/run/hostile-dies-at-init.yaml \
	tests/run/hostile-drops-everything.yaml \
	tests/run/hostile-holds-everything.yaml \
	tests/run/hostile-holds-init.yaml \
	tests/run/hostile-interrupt-flood.yaml \
	tests/run/hostile-kills-its-actors.yaml \
	tests/run/hostile-notification-never-returns.yaml \
	tests/run/hostile-server-waits-for-server.yaml \
	tests/run/hostile-slow.yaml \
	tests/run/hostile-stops-its-actor.yaml \
	tests/thirdparty/delays.yaml \
	tests/thirdparty/fsync.yaml \
	tests/thirdparty/full.yaml \
	tests/thirdparty/late.yaml \
	tests/thirdparty/lib.sh \
	tests/thirdparty/plain.yaml \
	tests/thirdparty/writeback.yaml \
	tests/vm/lib.sh \
	tests/bench/boots.sh \
	tests/bench/ctl.sh \
	tests/bench/delay.sh \
	tests/bench/held.sh \
	tests/bench/mirror.sh \
	tests/bench/null.sh \
	tests/bench/plain.h \
	tests/bench/scenarios.sh \
	tests/bench/tap.sh \
	$(NULL)

noinst_PROGRAMS += tests/bench/ask
tests_bench_ask_LDADD = lib/libcore.la $(FUSE3_LIBS)
tests_bench_ask_SOURCES = \
	tests/bench/ask.c \
	$(NULL)

noinst_PROGRAMS += tests/bench/bare
tests_bench_bare_LDADD = lib/libcore.la $(FUSE3_LIBS)
tests_bench_bare_SOURCES = \
	tests/bench/bare.c \
	$(NULL)

noinst_PROGRAMS += tests/bench/loop
tests_bench_loop_LDADD = lib/libcore.la $(FUSE3_LIBS)
tests_bench_loop_SOURCES = \
	tests/bench/loop.c \
	$(NULL)

noinst_PROGRAMS += tests/bench/nap
tests_bench_nap_LDADD = lib/libcore.la $(FUSE3_LIBS)
tests_bench_nap_SOURCES = \
	tests/bench/nap.c \
	$(NULL)

noinst_PROGRAMS += tools/catalogue
tools_catalogue_LDADD = lib/libcore.la $(FUSE3_LIBS)
tools_catalogue_SOURCES = \
	tools/catalogue.c \
	tools/catalogue_texts.c \
	tools/catalogue_texts.h \
	tools/catalogue_uses.c \
	tools/catalogue_uses.h \
	$(NULL)

noinst_PROGRAMS += tools/mutate
tools_mutate_LDADD = lib/libcore.la $(FUSE3_LIBS)
tools_mutate_SOURCES = \
	tools/mutate.c \
	tools/mutate_equivalents.c \
	tools/mutate_equivalents.h \
	tools/mutate_mutants.c \
	tools/mutate_mutants.h \
	$(NULL)

noinst_PROGRAMS += tools/protocol
tools_protocol_LDADD = lib/libcore.la $(FUSE3_LIBS)
tools_protocol_SOURCES = \
	tools/protocol.c \
	$(NULL)

tools_mutate_SOURCES += fusescen/util/options.c fusescen/util/walk.c

# All tests speak TAP.  The libtool wrapper makes the built library the one
# that is tested.
TEST_EXTENSIONS = .yaml .sh
tap_driver = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
LOG_DRIVER = $(tap_driver)
YAML_LOG_DRIVER = $(tap_driver)
SH_LOG_DRIVER = $(tap_driver)
YAML_LOG_COMPILER = fusescen/fusescen run --tap
SH_LOG_COMPILER = $(SHELL)
AM_TESTS_ENVIRONMENT = \
CK_TAP_LOG_FILE_NAME=-; export CK_TAP_LOG_FILE_NAME; \
FUSESCEN=$(abs_builddir)/fusescen/fusescen; export FUSESCEN; \
srcdir=$(abs_srcdir); export srcdir; \
builddir=$(abs_builddir); export builddir; \
CC='$(CC)'; export CC; \
LIB_CFLAGS='$(FUSE3_CFLAGS) $(YAML_CFLAGS) $(BPF_CFLAGS)'; export LIB_CFLAGS;
