#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# How well a delay of 1 ms is met: direct reads of 4K from a file whose READs have
# it, as fio sees them, by two jobs alone, and by one while two others read and
# write another file as fast as they can.  The median of the rounds of the 50th
# and 99th percentiles above 1 ms, in microseconds.
# Needs root and fio.  delay.sh FUSESCEN [ROUNDS [SECONDS]]
set -eu

fusescen=$(realpath "${1:?usage: delay.sh FUSESCEN [ROUNDS [SECONDS]]}")
rounds=${2:-5}
secs=${3:-3}
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
done
for load in alone loaded; do
	echo "$load: 1 ms and, in us, p50 +$(middle <$load.p50) p99 +$(middle <$load.p99)" \
		"(p99 of each round: $(tr '\n' ' ' <$load.p99))"
done
