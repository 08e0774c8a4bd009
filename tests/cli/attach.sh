#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A script under somebody else's server: through one call in its source, and through a
# mirror above it, whatever it is made of.  The programs are those of doc/examples,
# built as pkg-config says.  attach-server.sh does without the source.
. "${srcdir:-.}/tests/cli/lib.sh"

here=$(cd "${srcdir:-.}" && pwd)
lib=${builddir:-.}/lib
case $lib in /*) ;; *) lib=$here/../../$lib ;; esac
if ! can_run; then
	echo '1..0 # SKIP nothing can run here: see fusescen doctor'
	exit
fi
if [ ! -e "$lib/.libs/libfusescen.so" ] || ! command -v pkg-config >/dev/null; then
	echo '1..0 # SKIP no shared library to build against'
	exit
fi
# As root of a namespace, if not otherwise.
apart='unshare --mount'
[ "$(id -u)" = 0 ] || apart='unshare --mount --user --map-root-user'
mkdir mnt lower
LD_LIBRARY_PATH=$lib/.libs
PKG_CONFIG_PATH=$lib
export LD_LIBRARY_PATH PKG_CONFIG_PATH
fuse=$(pkg-config --cflags --libs fuse3)
flags="$(pkg-config --define-variable=includedir="$here/lib" \
	--define-variable=libdir="$lib/.libs" --cflags --libs fusescen) $fuse"

build() { # build PROGRAM SOURCE [OPTION...]
	program=$1 source=$2
	shift 2
	# shellcheck disable=SC2086
	${CC:-cc} "$@" -o "$program" "$source" $flags -ldl >.out/out 2>.out/err
	status=$?
}
cat >faults.yaml <<'END'
# The second open fails, and the third takes its time
fusescen: 1
mounts: {fs: {}}
rules:
  - {op: OPEN, file: /hello, nth: 2, reply: {error: EIO}}
  - {op: OPEN, file: /hello, nth: 3, delay: 300ms}
expect:
  - {count: OPEN /hello, is: 3}
END
cat >use.sh <<'END'
# SERVER...: it is used at mnt, and an unmount ends it
"$@" &
pid=$!
for i in $(seq 100); do
	grep -q " $PWD/mnt .* fuse" /proc/self/mountinfo && break
	kill -0 $pid || exit
	sleep 0.1
done
cat mnt/hello
cat mnt/hello
before=$(date +%s%N)
cat mnt/hello
echo $((($(date +%s%N) - before) / 100000000)) >late
umount mnt
wait $pid
END
under() { # under SERVER...: as it is, or what LD_PRELOAD makes of it
	# shellcheck disable=SC2086
	timeout 300 $apart sh use.sh "$@" >.out/out 2>.out/err
	status=$?
}
is_late() { [ "$(cat late)" -ge 3 ]; }
is_faulty() {
	[ "$(grep -c '^Hello' .out/out)" = 2 ] && err_has 'Input/output error' && is_late
}

for example in hello-faults hello-main; do
	build $example "$here/doc/examples/$example.c"
	ok "$example is built" gave 0
	under ./$example faults.yaml mnt
	ok '... has errors and delays' is_faulty
	ok '... and a verdict' gave 0
	sed 's/is: 3/is: 4/' faults.yaml >wrong.yaml
	under ./$example wrong.yaml mnt
	ok '... also the other one' gave 1
done

# A server that does not know of fusescen: the same source, with a scenario that does
# nothing.
hello_server server.c
# shellcheck disable=SC2086
${CC:-cc} -o server server.c $fuse >.out/out 2>.out/err
status=$?
ok 'a server of fuse_main() is built' gave 0
FAULTS=$work/faults.yaml
export FAULTS
under ./server -f mnt
ok 'alone it has no errors' test "$(grep -c '^Hello' .out/out)" = 3

# init() is called while the loop runs: with one thread nothing is missed.
build in-init server.c -DIN_INIT
ok 'a server that attaches in init() is built' gave 0
under ./in-init -f -s mnt
ok '... has errors and delays' is_faulty

# Above a server that runs: what it is made of does not matter.
cat >above.sh <<'END'
./server lower || exit 2
"$FUSESCEN" serve --backing lower faults.yaml mnt -- sh -c '
	cat mnt/hello; cat mnt/hello; cat mnt/hello; stat -fc %T lower'
status=$?
umount lower
exit $status
END
# shellcheck disable=SC2086
FUSESCEN=$FUSESCEN timeout 300 $apart sh above.sh >.out/out 2>.out/err
status=$?
ok 'a mirror of what it serves' gave 0
ok '... has errors' err_has 'Input/output error'
ok '... and the rest of it' test "$(grep -c '^Hello' .out/out)" = 2
done_testing
