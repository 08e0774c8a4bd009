#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Files that are no scenarios: a clear error, exit 99, within a second and 64 MB.
echo 1..10
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
n=0

refused() { # refused FILE TEXT: FUSESCEN must say TEXT about FILE, in two seconds of CPU
	n=$((n + 1))
	(
		# the address space of a sanitized program has no bounds
		case $(ldd "$FUSESCEN" 2>/dev/null) in
		*asan* | *tsan*) ;;
		*) [ -n "$NO_LIMIT" ] || ulimit -v 65536 ;;
		esac
		ulimit -t 2
		exec timeout 60 "$FUSESCEN" run "$1"
	) >"$dir/out" 2>&1
	status=$?
	if [ $status = 99 ] && grep -qF "$2" "$dir/out"; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2: status $status"
		head -c 2000 "$dir/out" | sed 's/^/# /'
	fi
}

refused "$dir/nothere.yaml" 'No such file or directory'
mkdir "$dir/dir.yaml"
refused "$dir/dir.yaml" 'no scenario'
mkfifo "$dir/fifo.yaml"
refused "$dir/fifo.yaml" 'expected a file, got a FIFO'
: >"$dir/empty.yaml"
refused "$dir/empty.yaml" 'empty'
head -c 4096 /dev/urandom >"$dir/binary.yaml"
refused "$dir/binary.yaml" 'error:'
truncate -s 100M "$dir/large.yaml"
refused "$dir/large.yaml" 'too many bytes'
awk 'BEGIN { for (i = 0; i < 10000; i++) printf "["; print "" }' >"$dir/deep.yaml"
refused "$dir/deep.yaml" 'deep'
{
	echo 'a: &a [x, x, x, x, x, x, x, x, x]'
	echo 'b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]'
} >"$dir/bomb.yaml"
refused "$dir/bomb.yaml" 'anchors and aliases are not supported'
awk 'BEGIN { print "fusescen: 1"; for (i = 0; i < 60000; i++) printf "k%d: 1\n", i }' >"$dir/wide.yaml"
refused "$dir/wide.yaml" 'error:'
awk 'BEGIN { printf "fusescen: \""; for (i = 0; i < 900000; i++) printf "x"; print "\"" }' >"$dir/long.yaml"
refused "$dir/long.yaml" 'error:'
