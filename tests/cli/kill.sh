#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# SIGKILL of one process or of all of them at any moment leaves nothing: no mount,
# no process, no socket, no file.  What nobody can take away, because all are dead,
# the next start takes away.  KILLS=100
# for more rounds of each kind, KINDS='serve shared' for these alone; kernel boots
# virtual machines (run --kernel), and is done only when it is named: KERNEL=6.12.
top=$(cd "${srcdir:-.}" && pwd) || exit 99
lib=${builddir:-.}/lib
case $lib in /*) ;; *) lib=$PWD/$lib ;; esac
. "$top/tests/cli/lib.sh"

if ! can_run; then
	echo '1..0 # SKIP nothing can run here: see fusescen doctor'
	exit
fi
kills=${KILLS:-1}
mkdir mnt disk bin tmp
TMPDIR=$work/tmp
export TMPDIR
export FUSESCEN
cat >serve.yaml <<'END'
# Reads wait
fusescen: 1
mounts: {fs: {files: {/data: {size: 64K}}}}
rules: [{op: READ, hold: door}]
END
cat >run.yaml <<'END'
# A call that waits, for a time
fusescen: 1
mounts: {fs: {files: {/data: {size: 64K, open: [direct_io]}}}}
actors: [app]
rules: [{op: READ, delay: 9s}]
steps:
  - app: fd = open("/data", O_RDONLY)
  - app: read(fd, 4K) = 4K
  - app: read(fd, 4K) = 4K
END
cat >bench.yaml <<'END'
bench: 1
title: kill
files: {data: 8M}
fio: {rw: randwrite, size: 1M}
rows: {numjobs: [1]}
show: [iops]
variants:
  raw: {in: raw}
  served: {serve: {fs: {fusescen: 1, mounts: {fs: {files: {/data: {size: 1M}}}}}}}
END
cat >bin/fio <<'END'
#!/bin/sh
case $1 in --version) echo fio-3.33 ;; *) exec sleep 1000 ;; esac
END
chmod +x bin/fio
# A server of somebody else's, to put a scenario under.
cat >attach.yaml <<'END'
# Reads take their time
fusescen: 1
mounts: {fs: {}}
rules: [{op: READ, delay: 9s}]
END
hello_server server.c
# can_attach: has it been built?
can_attach() {
	fuse=$(pkg-config --cflags --libs fuse3 2>/dev/null) &&
		{ [ -e "$lib/.libs/attach.so" ] || [ -e "$lib/attach.so" ]; } || return
	# shellcheck disable=SC2086
	${CC:-cc} -o server server.c $fuse
}
cat >attach <<'END'
#!/bin/sh
# in a mount namespace: the server, and a program that waits for it
"$FUSESCEN" attach attach.yaml -- ./server -f mnt &
server=$!
tries=0
until grep -q " $PWD/mnt .* fuse" /proc/self/mountinfo || [ $tries = 50 ]; do
	tries=$((tries + 1))
	sleep 0.1
done
cat mnt/hello &
wait $server
END
chmod +x attach
# The server ends with whoever has started it.
apart='unshare --mount --pid --fork --kill-child'
[ "$(id -u)" = 0 ] || apart="$apart --user --map-root-user"

# --- who is there

# Everybody that a command of ours has started, by an environment that children
# have; not this shell and its own children.
family() {
	grep -lsz "^FUSESCEN_MARK=$work\$" /proc/[0-9]*/environ |
		sed 's/[^0-9]//g'
}
is_there() { [ -n "$(family)" ]; }
is_gone() { [ -z "$(family)" ]; }
is_mounted() { grep -q " $work/" /proc/self/mountinfo; }
random() { # random N: 0 to N-1
	od -An -N4 -tu4 /dev/urandom | awk -v n="$1" '{ print $1 % n }'
}

# --- what is started, how it ends by itself, what the next start is

start() {
	FUSESCEN_MARK=$work
	export FUSESCEN_MARK
	case $kind in
	run) exec "$FUSESCEN" run --timeout 60s run.yaml ;;
	serve) exec "$FUSESCEN" serve -s sock serve.yaml mnt -- sleep 100 ;;
	shared) exec "$FUSESCEN" serve -s sock --shared serve.yaml mnt -- sleep 100 ;;
	ctl) exec "$FUSESCEN" serve -s sock serve.yaml mnt -- sh -c '
		"$FUSESCEN" ctl -f sock tail &
		for i in 1 2 3; do timeout 5 "$FUSESCEN" ctl sock gates; done
		exec sleep 100' ;;
	matrix) exec "$FUSESCEN" matrix --native --timeout 60s run.yaml ;;
	kernel) exec "$FUSESCEN" run --kernel "$KERNEL" --timeout 60s run.yaml ;;
	attach)
		export FUSESCEN
		# shellcheck disable=SC2086
		exec $apart ./attach
		;;
	bench)
		PATH=$work/bin:$PATH
		exec "$FUSESCEN" bench --quick --dir disk bench.yaml
		;;
	esac
}
next_start() {
	case $kind in
	shared) "$FUSESCEN" serve -s sock --shared serve.yaml mnt -- true ;;
	serve | ctl) "$FUSESCEN" serve -s sock serve.yaml mnt -- true ;;
	bench)
		before=$(ls disk)
		PATH=$work/bin:$PATH "$FUSESCEN" bench --quick --dir disk bench.yaml &
		soon is_swept
		kill -TERM $!
		wait $!
		;;
	esac >.out/out 2>.out/err
}
# Is all gone that was there before, while the next one goes on?
is_swept() {
	for dir in $before; do
		[ ! -e "disk/$dir" ] || return 1
	done
}
left_over() {
	is_mounted && grep " $work/" /proc/self/mountinfo
	[ ! -e sock ] || echo sock
	ls -A disk tmp | grep -v -e ':$' -e '^$'
}
is_clean() { [ -z "$(left_over)" ]; }

kill_one() {
	# shellcheck disable=SC2046
	kill -KILL $(family | grep -vx $starter | shuf -n 1) 2>/dev/null && echo 1 >>killed
}

# One round; what is wrong with it goes to standard output.
kill_some() { # kill_some one|two|all
	(start) >.out/out 2>.out/err &
	starter=$!
	soon is_there
	sleep "0.$(random 10)"
	case $1 in
	all) victims=$(family) ;;
	one) victims=$(family | shuf -n 1) ;;
	two)
		# the one that would clean up behind the other may be the first
		kill_one
		sleep 0.2
		victims=$(family | shuf -n 1)
		;;
	esac
	# shellcheck disable=SC2086
	[ -z "$victims" ] || kill -KILL $victims 2>/dev/null
	[ -z "$victims" ] || echo "$victims" | wc -w >>killed
	# What goes on is ended as its user would end it.
	sleep 0.2
	# unshare(1), which waits for somebody else's server, ends by nothing less.
	end=TERM
	[ $kind != attach ] || end=KILL
	kill -$end $starter 2>/dev/null
	wait $starter 2>/dev/null
	soon is_gone || echo "$1: still there: $(family | xargs ps -o args= -p | tr '\n' ';')"
	[ "$1" = one ] || is_clean || next_start
	soon is_clean || echo "$1: left over: $(left_over | tr '\n' ' ')"
}

root=
[ "$(id -u)" != 0 ] || root="shared bench"
for kind in ${KINDS:-run matrix serve $root ctl attach}; do
	if [ "$kind" = attach ] && ! can_attach >.out/out 2>&1; then
		skip "$kind" 'no shared library to build against'
		continue
	fi
	if [ "$kind" = bench ] && ! PATH=$work/bin:$PATH "$FUSESCEN" bench --check bench.yaml >.out/out 2>&1; then
		skip "$kind" 'no bench here'
		continue
	fi
	for how in one two all; do
		i=0
		: >killed
		while [ $i -lt "$kills" ]; do
			kill_some $how
			i=$((i + 1))
		done >wrong 2>/dev/null
		total=$(awk '{ n += $1 } END { print n + 0 }' killed)
		ok "$kind, SIGKILL of $how, $kills times, $total processes" [ ! -s wrong ]
		ok "$kind, SIGKILL of $how: somebody was there" [ "$total" -gt 0 ]
		sed 's/^/# /' wrong
		family | xargs -r kill -KILL
		while umount -l mnt 2>/dev/null; do :; done
		rm -rf sock disk/*
	done
done
done_testing
