#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The null backing is compared with the least that a server can do (bare), and with
# libfuse's own loop that gives the same answers: set up as ours is (plain: two
# threads, each with a descriptor) and as libfuse sets it up by itself (stock).  It
# is also compared with itself, with 1,000 rules that never match and with a delay
# on another file.  They run in turns; printed are medians of the ratios of pairs.
# Needs root and fio.  null.sh BENCHDIR [ROUNDS [SECONDS [LOAD...]]]
# A LOAD is RW:SIZE:JOBS, as randwrite:4k:2.
set -eu

bench=$(realpath "${1:?usage: null.sh BENCHDIR [ROUNDS [SECONDS [LOAD...]]]}")
rounds=${2:-5}
secs=${3:-1}
if [ $# -gt 3 ]; then
	shift 3
else
	set -- randwrite:4k:1 randwrite:4k:2 randread:4k:1 randread:4k:2 write:1m:1
fi

if [ -z "${NULL_BENCH_INSIDE:-}" ]; then
	NULL_BENCH_INSIDE=1 exec unshare -m --propagation private \
		sh "$0" "$bench" "$rounds" "$secs" "$@"
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

# one NAME LOAD PROGRAM ARGS...: append the IOPS of one run to $out/NAME.LOAD
one() {
	name=$1 load=$2 program=$3
	shift 3
	"$bench/$program" "$@" &
	pid=$!
	n=0
	until mountpoint -q "$dir"; do
		n=$((n + 1))
		[ $n -lt 50 ] || { echo "$name does not mount" >&2; exit 1; }
		sleep 0.05
	done
	IFS=: read -r rw size jobs <<-END
		$load
	END
	case $rw in *read) field=8 ;; *) field=49 ;; esac
	fio --name=w --filename="$dir/data" --rw="$rw" --bs="$size" --size=1g \
		--direct=1 --ioengine=psync --thread --numjobs="$jobs" \
		--group_reporting --norandommap --time_based \
		--runtime="$secs" --ramp_time=0.3 --output-format=terse \
		--terse-version=3 | cut -d';' -f$field >>"$out/$name.$load"
	kill "$pid"
	wait "$pid" || :
	umount -l "$dir" 2>/dev/null || :
	pid=
}

i=0
while [ $i -lt "$rounds" ]; do
	i=$((i + 1))
	for load; do
		one bare "$load" bare "$dir" 2
		one null "$load" loop tap "$dir" 0 null
		one plain "$load" loop plain "$dir"
		one stock "$load" loop stock "$dir"
		one rules "$load" loop tap "$dir" 1000 null
		one delay "$load" loop delay "$dir" null
	done
done

# The ratio of each round is judged: what else the machine does is the same
# for both of a pair, and not for all rounds.
middle() {
	sort -n | awk '{ v[NR] = $1 } END { printf "%s", v[int((NR + 1) / 2)] }'
}
ratio() { # ratio A B LOAD: median of A / B
	paste "$out/$1.$3" "$out/$2.$3" | awk '$2 > 0 { print $1 / $2 }' | middle
}
for load; do
	printf '%-16s' "$load"
	for name in null bare plain stock; do
		printf ' %s %7.0f' $name "$(middle <"$out/$name.$load")"
	done
	printf ' IOPS; null/bare %.3f null/plain %.3f null/stock %.3f' \
		"$(ratio null bare "$load")" "$(ratio null plain "$load")" \
		"$(ratio null stock "$load")"
	printf ' rules/null %.3f delay/null %.3f\n' \
		"$(ratio rules null "$load")" "$(ratio delay null "$load")"
done
