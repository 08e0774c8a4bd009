#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The mirror is compared with another server that passes a directory through, such
# as libfuse's examples passthrough_ll and passthrough_hp.  fio, git status and tar
# run on both in turns.  Printed are medians of the ratios of pairs; above 1, the
# mirror is faster.
# Needs root, fio, git.  mirror.sh BENCHDIR ROUNDS COMMAND..., where in COMMAND
# @DIR is where to mount and @SOURCE the directory.
set -eu

bench=$(realpath "${1:?usage: mirror.sh BENCHDIR ROUNDS COMMAND...}")
rounds=${2:?}
shift 2

if [ -z "${MIRROR_BENCH_INSIDE:-}" ]; then
	MIRROR_BENCH_INSIDE=1 exec unshare -m --propagation private \
		sh "$0" "$bench" "$rounds" "$@"
fi

dir=$(mktemp -d)
source=$(mktemp -d)
out=$(mktemp -d)
pid=
finish() {
	umount -l "$dir" 2>/dev/null || :
	[ -z "$pid" ] || kill "$pid" 2>/dev/null || :
	umount -l "$source" 2>/dev/null || :
	rm -rf "$out"
	rmdir "$dir" "$source" || :
}
trap finish EXIT

# In memory, so that no disk is measured.
mount -t tmpfs bench "$source"
git clone -q . "$source/repo"
git archive --format=tar HEAD >"$source/a.tar"
dd if=/dev/zero of="$source/data" bs=1M count=64 status=none

disk() { # disk RW SIZE JOBS: bytes a second
	fio --name=w --filename="$dir/data" --rw="$1" --bs="$2" --size=64m \
		--ioengine=psync --thread --numjobs="$3" --group_reporting \
		--direct="$4" --norandommap --time_based --runtime=500ms \
		--output-format=terse --terse-version=3 |
		awk -F';' '{ print $8 + $49 }'
}

pace() { # pace COMMAND...: how often a second
	start=$(date +%s%N)
	"$@" >/dev/null
	end=$(date +%s%N)
	awk -v ns=$((end - start)) 'BEGIN { print 1e9 / ns }'
}

untar() {
	mkdir "$dir/un"
	tar -xf "$dir/a.tar" -C "$dir/un"
	sync -f "$dir/un"
}

# load NAME: everything, on what is mounted
load() {
	disk randread 4k 2 1 >>"$out/$1.randread-4k"
	disk randwrite 4k 2 1 >>"$out/$1.randwrite-4k"
	disk read 1m 1 1 >>"$out/$1.read-1m"
	disk write 1m 1 1 >>"$out/$1.write-1m"
	disk write 4k 1 0 >>"$out/$1.cached-write-4k"
	pace git -C "$dir/repo" status >>"$out/$1.git-status-cold"
	pace git -C "$dir/repo" status >>"$out/$1.git-status"
	pace untar >>"$out/$1.untar"
	rm -rf "$source/un"
}

# one NAME COMMAND...
one() {
	name=$1
	shift
	"$@" &
	pid=$!
	n=0
	until mountpoint -q "$dir"; do
		n=$((n + 1))
		[ $n -lt 50 ] || { echo "$name does not mount" >&2; exit 1; }
		sleep 0.05
	done
	load "$name"
	umount -l "$dir" 2>/dev/null || :
	kill "$pid" 2>/dev/null || :
	wait "$pid" || :
	pid=
}

i=0
while [ $i -lt "$rounds" ]; do
	i=$((i + 1))
	one mirror "$bench/loop" tap "$dir" 0 "$source"
	# shellcheck disable=SC2046
	one other $(printf '%s ' "$@" | sed "s|@DIR|$dir|; s|@SOURCE|$source|")
done

for what in randread-4k randwrite-4k read-1m write-1m cached-write-4k \
	git-status-cold git-status untar; do
	paste "$out/mirror.$what" "$out/other.$what" |
		awk '$2 > 0 { print $1 / $2 }' | sort -n |
		awk -v what=$what '{ v[NR] = $1 } END {
			printf "%-16s mirror/other %.3f\n", what, v[int((NR + 1) / 2)] }'
done
