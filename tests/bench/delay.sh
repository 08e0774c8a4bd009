#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# How well is a delay of 1 ms met?  fio measures direct reads of 4K from a file
# whose READs are delayed: two jobs alone, then one job while two others read and
# write another file as fast as they can.  The baseline of the machine is what two
# threads with a pipe between them achieve (nap.c), alone and beside these jobs.
# Printed are the medians over the rounds of the 50th and the 99th percentile of
# what is above 1 ms, in microseconds.
# Needs root and fio.  delay.sh FUSESCEN BENCHDIR [ROUNDS [SECONDS]]
set -eu

usage='usage: delay.sh FUSESCEN BENCHDIR [ROUNDS [SECONDS]]'
fusescen=$(realpath "${1:?$usage}")
nap=$(realpath "${2:?$usage}")/nap
rounds=${3:-5}
secs=${4:-3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/mnt"

cat >"$work/delay.yaml" <<'END'
# A file that is slow, and one that is not
fusescen: 1
mounts:
  fs:
    backing: "null"
    workers: 2
    files: {/slow: {size: 1G}, /fast: {size: 1G}}
rules: [{op: READ, file: /slow, delay: 1ms}]
END

cat >"$work/alone.fio" <<'END'
[global]
ioengine=psync
direct=1
bs=4k
size=1g
norandommap
thread
time_based
ramp_time=0.5
group_reporting
[slow]
filename=mnt/slow
rw=randread
numjobs=2
END
sed 's/numjobs=2/numjobs=1/' "$work/alone.fio" >"$work/loaded.fio"
cat >>"$work/loaded.fio" <<'END'
[fast]
new_group
filename=mnt/fast
rw=randrw
numjobs=2
END

sed '/^\[slow\]/,/^numjobs/d' "$work/loaded.fio" >"$work/fast.fio"

# above PERCENTILE FILE: the first group's reads
above() {
	grep -m1 -o "\"$1\" : [0-9]*" "$2" | awk '{ print ($3 - 1e6) / 1e3 }'
}

middle() {
	sort -n | awk '{ v[NR] = $1 } END { printf "%s", v[int((NR + 1) / 2)] }'
}

cd "$work"
i=0
while [ $i -lt "$rounds" ]; do
	i=$((i + 1))
	for load in alone loaded; do
		"$fusescen" serve delay.yaml mnt -- fio --runtime="$secs" \
			--output-format=json --output=report $load.fio
		above 50.000000 report >>$load.p50
		above 99.000000 report >>$load.p99
	done
	"$nap" 2 "$secs" >nap
	cut -d' ' -f1 nap >>pipe-alone.p50
	cut -d' ' -f2 nap >>pipe-alone.p99
	"$fusescen" serve delay.yaml mnt -- sh -c "(sleep 0.5; '$nap' 1 $secs >nap) &
		fio --runtime=$secs --output-format=json --output=report fast.fio; wait"
	cut -d' ' -f1 nap >>pipe-loaded.p50
	cut -d' ' -f2 nap >>pipe-loaded.p99
done
for load in alone pipe-alone loaded pipe-loaded; do
	echo "$load: 1 ms and, in us, p50 +$(middle <$load.p50) p99 +$(middle <$load.p99)" \
		"(p99 of each round: $(tr '\n' ' ' <$load.p99))"
done
