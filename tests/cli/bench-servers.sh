#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The servers of tests/bench/ are started by hand only, and would rot unseen: each
# way of serving mounts, answers a read, and is gone after SIGTERM.
. "${srcdir:-.}/tests/cli/lib.sh"

servers=$builddir/tests/bench

# The mounts are everybody's, so they are made in a namespace of their own.
if [ -z "${BENCH_SERVERS_INSIDE-}" ]; then
	if [ ! -x "$servers/loop" ] || [ ! -x "$servers/bare" ]; then
		echo '1..0 # SKIP the servers of tests/bench/ are not built here'
	elif ! unshare -m --propagation private true 2>/dev/null ||
	     [ "$(id -u)" != 0 ]; then
		echo '1..0 # SKIP only root can mount for everybody'
	elif [ ! -w /dev/fuse ]; then
		echo '1..0 # SKIP there is no /dev/fuse'
	else
		BENCH_SERVERS_INSIDE=1
		export BENCH_SERVERS_INSIDE
		exec unshare -m --propagation private \
			sh "$(realpath "${srcdir:-.}")/tests/cli/bench-servers.sh"
	fi
	exit 0
fi

is_gone() { ! mountpoint -q at && ! kill -0 $server 2>/dev/null; }
# Not from the page cache.
is_read() { # is_read FILE TEXT
	mountpoint -q at || return 1
	dd if="at/$1" bs=4096 count=1 iflag=direct status=none 2>.out/err |
		head -c ${#2} | tr '\0' 0 >.out/out
	[ "$(cat .out/out)" = "$2" ]
}

# serves NAME FILE TEXT PROGRAM ARGUMENT...: FILE begins with TEXT, where 0 stands
# for a NUL; a file that is not there is made
serves() {
	name=$1 file=$2 content=$3 program=$4
	shift 4
	mkdir at
	timeout 60 "$servers/$program" "$@" >.out/out 2>.out/err &
	server=$! status=0
	ok "$name: mounts" soon mountpoint -q at
	[ -e "at/$file" ] || echo "$content" >"at/$file"
	ok "$name: answers a read" is_read "$file" "$content"
	kill $server 2>/dev/null
	ok "$name: ends" soon is_gone
	umount -l at 2>/dev/null
	wait $server
	mountpoint -q at || rm -rf at
}

mkdir lower
echo 'of the host' >lower/data

serves "libfuse's loop" new words loop libfuse at
serves "libfuse's loop, null" data 0000 loop plain at
serves "libfuse's defaults, null" data 0000 loop stock at
serves 'the tap, memory' new words loop tap at 0 memory
serves 'the tap, memory, rules' new words loop tap at 100
serves 'the tap, null' data 0000 loop tap at 0 null
serves 'the tap, a directory' data 'of the host' loop tap at 0 "$work/lower"
serves 'the tap, delays' new words loop delay at memory
serves 'no library' data 0000 bare at
serves 'no library, sink' data 0000 bare at 2 sink
serves 'no library, splice' data 0000 bare at 2 splice

# A directory that cannot be served is no crash.
mkdir at
"$servers/loop" tap at 0 "$work/nothing" >.out/out 2>.out/err
status=$?
ok 'a directory that is not there' gave 1
ok 'a directory that is not there: says so' err_has 'nothing'
done_testing
