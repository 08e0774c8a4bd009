#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A scenario that touches the whole machine runs beside no other one, whoever has
# started that; others run beside each other.
. "$(cd "${srcdir:-.}" && pwd)/tests/cli/lib.sh"

one_step() { # one_step STEP
	echo 'fusescen: 1'
	echo 'mounts: {fs: {files: {/data: {}}}}'
	echo 'actors: [app]'
	printf 'steps:\n  - app: stat("/data") = 0\n  - %s\n' "$1"
}

one_step 'sleep: 1500ms' >slow.yaml
one_step 'app: stat("/data") = 0' >quick.yaml
one_step 'app: drop_caches(1) = 0' >whole.yaml

# in_order FILE: run it while slow.yaml runs; which of the two ended first?
in_order() {
	: >order
	(timeout 60 "$FUSESCEN" run slow.yaml >slow.out 2>&1; echo slow >>order) &
	i=0
	# until slow.yaml runs, and its process has the device
	until ls -l /proc/[0-9]*/fd 2>/dev/null | grep -q /dev/fuse || [ $i = 100 ]; do
		sleep 0.05
		i=$((i + 1))
	done
	sleep 0.2
	fs run "$1"
	echo "$1" >>order
	wait
}
first_is() { [ "$(head -1 order)" = "$1" ]; }

in_order quick.yaml
ok "ordinary runs are beside each other" gave 0
ok "... so that the quick one ends first" first_is quick.yaml
fs run whole.yaml
if [ "$status" = 77 ] || ! out_has '^pass'; then
	skip "a run that drops caches" "caches cannot be dropped here"
else
	in_order whole.yaml
	ok "a run that drops caches passes" gave 0
	ok "... after the one that was there" first_is slow
fi
done_testing
