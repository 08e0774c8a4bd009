#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# How long do scenarios take?  One without delays is measured from its start to its
# verdict (median and worst of N), and all of scenarios/ with --jobs 2.  Beside them
# stands what the machine itself takes: for a process with a mount namespace, and
# for one empty run of the tool.
# Usage: tests/bench/scenarios.sh [N]; FUSESCEN names the program.
set -eu
cd "$(dirname "$0")/../.."
: "${FUSESCEN:=fusescen/fusescen}"
rounds=${1:-101}
one=scenarios/files/ordinary-program.yaml

stats() { # numbers in ms on standard input
	sort -n | awk '{ v[NR] = $1 } END {
		printf "median %.2f ms, worst %.2f ms of %d\n", v[int((NR + 1) / 2)], v[NR], NR }'
}

each() { # each COMMAND...: one wall time in ms per round
	i=0
	while [ $i -lt "$rounds" ]; do
		start=$(date +%s%N)
		"$@" >/dev/null 2>&1 || return 1
		end=$(date +%s%N)
		awk -v ns=$((end - start)) 'BEGIN { print ns / 1e6 }'
		i=$((i + 1))
	done
}

uname -sr
printf 'baseline: unshare -m true:        '
each unshare -m true | stats
printf 'baseline: fusescen --version:     '
each "$FUSESCEN" --version | stats
printf 'one scenario, start to verdict:   '
"$FUSESCEN" run --repeat "$rounds" --log /dev/stdout "$one" |
	sed -n 's/.*"event":"verdict".*"ms":\([0-9.]*\).*/\1/p' | stats
printf 'the whole command for it:         '
each "$FUSESCEN" run "$one" | stats
printf 'all of scenarios/ with --jobs 2:  '
rounds=5
each "$FUSESCEN" run --jobs 2 scenarios | stats
