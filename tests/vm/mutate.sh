#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# fusescen mutate, on a kernel that has mutants: a defect in what two scenarios are about
# is noticed, by one of them.
. "${srcdir:-.}/tests/vm/lib.sh"
. "${srcdir:-.}/tests/cli/lib.sh"

has_mutants() { grep -q 'fuse_file_cached_io_open	call	wait_event' "$1/mutants" 2>/dev/null; }
kernel=$(kernels has_mutants | tail -n 1)
why=
[ -n "$kernel" ] || why="no kernel with mutants in $cache: run tools/kernels mutate"
! machines=$(no_machine) || why=$machines
[ -z "$why" ] || { echo "1..0 # SKIP $why"; exit; }

iomode=$srcdir/scenarios/iomode
fs mutate --kernel "$kernel" --only iomode.c:fuse_file_cached_io_open --results results \
	--json json --html page "$iomode/cached-open-waits.yaml" "$iomode/cached-open-waits-for-last-write.yaml"
ok 'a measurement' out_has '^fs/fuse/iomode.c +[1-9]'
ok 'a cached open that does not wait is noticed' grep -q \
	'"operator":"call","what":"wait_event(.*"result":"killed","by":".*cached-open-waits' json
ok 'a page' grep -q '^<details class="killed">.*wait_event(' page
done_testing
