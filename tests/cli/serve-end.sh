#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# How serving ends: by signals, by an unmount, by SIGKILL.  Nothing is left mounted,
# and no process is left behind.
. "${srcdir:-.}/tests/cli/lib.sh"

if ! can_run; then
	echo '1..0 # SKIP nothing can run here: see fusescen doctor'
	exit
fi
mkdir mnt
cat >plain.yaml <<'END'
# Nothing but a mount
fusescen: 1
mounts: {fs: {files: {/data: {size: 64K}}}}
END
cat >held.yaml <<'END'
# Reads wait
fusescen: 1
mounts: {fs: {files: {/data: {size: 64K}}}}
rules: [{op: READ, hold: door}]
END

# soon CONDITION...: it holds within some seconds
soon() {
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 \
		21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40; do
		"$@" && return
		sleep 0.2
	done
	return 1
}
not() { ! "$@"; }
is_up() { [ -S sock ] && timeout 60 "$FUSESCEN" ctl sock gates >/dev/null 2>&1; }
is_mounted() { grep -q " $(pwd)/mnt fuse" /proc/self/mountinfo; }
is_gone() { case $(ps -o stat= -p "$1") in '' | Z*) ;; *) return 1 ;; esac }
children() { ps -o pid= --ppid "$1"; }
start() { # start SCENARIO OPTION...: in the background; $pid, and $server
	file=$1
	shift
	# A shell starts background jobs with INT ignored, and that would stay.
	setsid "$FUSESCEN" serve -s sock "$@" "$file" mnt >.out/out 2>.out/err &
	pid=$!
	soon is_up
	server=$(children $pid | tr -d ' ')
	watch=$(children "$server" | tr -d ' ')
}
finish() { # what has not ended after a minute is ended, and was wrong
	i=0
	until is_gone $pid; do
		i=$((i + 1))
		[ $i -lt 300 ] || kill -KILL $pid
		sleep 0.2
	done
	wait $pid
	status=$?
}
unmount() { # mnt, in the server's namespaces
	if [ "$(id -u)" = 0 ]; then
		nsenter -t "$server" -m umount "$(pwd)/mnt" 2>.out/err
		return
	fi
	# What nsenter(1) starts for others than root has no capabilities.
	python3 - "$server" "$(pwd)/mnt" <<'END'
import ctypes, os, sys
libc = ctypes.CDLL(None)
for ns in "user", "mnt":
    if libc.setns(os.open("/proc/%s/ns/%s" % (sys.argv[1], ns), os.O_RDONLY), 0):
        sys.exit(1)
sys.exit(libc.umount2(sys.argv[2].encode(), 0) != 0)
END
}
is_clean() { # nothing of the last one is left
	soon is_gone $pid && soon is_gone "$server" && soon is_gone "$watch" &&
		[ ! -e sock ] && not is_mounted
}

for signal in INT TERM HUP; do
	start plain.yaml
	kill -$signal $pid
	finish
	ok "$signal ends it well" gave 0
	ok "$signal leaves nothing" is_clean
done
fs serve plain.yaml mnt -- sh -c 'trap "exit 9" TERM; kill -TERM $PPID; sleep 5'
ok 'a signal is the command'"'"'s' gave 9
fs serve plain.yaml mnt -- sh -c 'kill -TERM $PPID; sleep 5'
ok 'a signal ends the command' gave 143
fs serve -s sock held.yaml mnt -- sh -c '
	cat mnt/data >/dev/null 2>&1 & sleep 0.3; kill -9 $!; exit 4'
ok 'somebody still waits for a held request' gave 4

start plain.yaml
kill -KILL $pid
finish
ok 'SIGKILL' gave 137
ok 'SIGKILL leaves nothing' is_clean
start plain.yaml
kill -KILL "$server"
finish
ok 'the server is killed' gave 99
ok 'the server is killed: nothing is left' is_clean
fs serve -s sock plain.yaml mnt -- sh -c 'kill -9 $(ps -o pid= --ppid $PPID | grep -vw $$ | head -1)
	sleep 0.5; stat mnt/data 2>&1; exit 6'
ok 'the command outlives its server' gave 6

if [ "$(id -u)" = 0 ] || command -v python3 >.out/out; then
	start plain.yaml
	ok 'it is unmounted' soon unmount
	finish
	ok '... which ends it well' gave 0
	ok '... and leaves nothing' is_clean
else
	skip 'it is unmounted' 'no python3, which an ordinary user needs for it'
fi

if [ "$(id -u)" != 0 ] || ! "$FUSESCEN" doctor | grep -qE 'root +(yes|ok)'; then
	fs serve --shared plain.yaml mnt -- true
	[ "$status" = 99 ] && ok 'a shared mount needs root' err_has 'needs root'
	[ "$status" = 99 ] || skip 'a shared mount needs root' 'it could be made'
	done_testing
	exit
fi
start plain.yaml --shared
ok 'a shared mount is seen by all' test -e mnt/data
fs serve --shared plain.yaml mnt -- true
ok 'a mountpoint in use' gave 99
ok '... is named' err_has 'mountpoint "mnt": in use'
umount mnt
finish
ok 'umount(8) ends it well' gave 0
ok 'umount(8) leaves nothing' is_clean
for victim in pid server; do
	start plain.yaml --shared
	eval kill -KILL \$$victim
	wait $pid
	ok "shared, SIGKILL of the $victim: nothing is left" is_clean
done
watchdogs() { pgrep -x fusescen-watch -s "$server"; }
start plain.yaml --shared
dog=$(watchdogs)
kill -KILL "$dog"
is_renewed() { [ -n "$(watchdogs)" ] && [ "$(watchdogs)" != "$dog" ]; }
ok 'a watchdog that was killed is replaced' soon is_renewed
kill -KILL "$server"
wait $pid
ok 'the new watchdog unmounts' is_clean
start plain.yaml --shared
# the server cannot act between the two
kill -STOP "$server"
kill -KILL "$(watchdogs)" "$server"
wait $pid
start plain.yaml --shared
ok 'the next server takes its place' is_up
kill -TERM $pid
finish
ok 'both were killed: nothing is left' is_clean
start plain.yaml --shared
umount mnt && mount -t tmpfs other mnt
finish
ok 'what is mounted there later stays' grep -q 'tmpfs other' /proc/self/mountinfo
umount mnt
ok 'a mount that was replaced' is_clean
done_testing
