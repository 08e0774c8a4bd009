#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What does the tap cost?  Two jobs make direct writes of 4K, in turns under
# libfuse's own loop, under the tap without rules, and under the tap with 1000
# rules that never match.  Printed are the medians of the IOPS, and the median and
# the quartiles of the ratio to libfuse's loop in the same round, because other
# work of the machine slows whole rounds down.
# Needs root and fio.  tap.sh LOOP [ROUNDS [SECONDS]]
set -eu

loop=$(realpath "${1:?usage: tap.sh LOOP [ROUNDS [SECONDS]]}")
rounds=${2:-15}
secs=${3:-2}

if [ -z "${TAP_BENCH_INSIDE:-}" ]; then
	TAP_BENCH_INSIDE=1 exec unshare -m --propagation private \
		sh "$0" "$loop" "$rounds" "$secs"
fi

dir=$(mktemp -d)
out=$(mktemp -d)
pid=
finish() {
	umount -l "$dir" 2>/dev/null || :
	[ -z "$pid" ] || kill "$pid" 2>/dev/null || :
	rm -rf "$out"
	rmdir "$dir" || :
}
trap finish EXIT

# one NAME ARGS...: append the IOPS of one run to $out/NAME
one() {
	name=$1
	shift
	"$loop" "$@" &
	pid=$!
	n=0
	until mountpoint -q "$dir"; do
		n=$((n + 1))
		[ $n -lt 50 ] || { echo "$name does not mount" >&2; exit 1; }
		sleep 0.1
	done
	fio --name=w --directory="$dir" --rw=randwrite --bs=4k --size=32m \
		--direct=1 --ioengine=psync --numjobs=2 --group_reporting \
		--time_based --runtime="$secs" --ramp_time=1 --output-format=terse \
		--terse-version=3 | cut -d';' -f49 >>"$out/$name"
	kill "$pid"
	wait "$pid" || :
	umount -l "$dir" 2>/dev/null || :
	pid=
}

i=0
while [ $i -lt "$rounds" ]; do
	i=$((i + 1))
	one libfuse libfuse "$dir"
	one tap tap "$dir"
	one rules tap "$dir" 1000
done

# quartiles: of the numbers on standard input
quartiles() {
	sort -n | awk '{ v[NR] = $1 }
		END { print v[int((NR + 3) / 4)], v[int((NR + 1) / 2)],
			    v[int((3 * NR + 3) / 4)] }'
}

for name in libfuse tap rules; do
	iops=$(quartiles <"$out/$name" | cut -d' ' -f2)
	paste "$out/$name" "$out/libfuse" | awk '{ print $1 / $2 }' | quartiles |
		awk -v name=$name -v iops="$iops" '{
			printf "%-8s %8d IOPS  %.3f (%.3f to %.3f)\n",
				name, iops, $2, $1, $3 }'
done
