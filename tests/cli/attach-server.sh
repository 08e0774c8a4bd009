#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# fusescen attach: a server that knows nothing of it, in front and in the background,
# with one thread and with more; verdicts, commands, the log; what cannot be attached
# to; and nothing is left, whatever is killed.
. "${srcdir:-.}/tests/cli/attach/lib.sh"

if ! command -v pkg-config >/dev/null; then
	echo '1..0 # SKIP no pkg-config to build a server with'
	exit
fi
hello_server server.c
# shellcheck disable=SC2046
${CC:-cc} -o server server.c $(pkg-config --cflags --libs fuse3) >.out/out 2>.out/err
status=$?
ok 'a server of fuse_main() is built' gave 0
cat >rules.yaml <<'END'
# The second open fails, and the third takes its time
fusescen: 1
mounts: {fs: {}}
rules:
  - {op: OPEN, file: /hello, nth: 2, reply: {error: EIO}}
  - {op: OPEN, file: /hello, nth: 3, delay: 300ms}
expect:
  - {count: OPEN /hello, is: 3}
END
sed 's/is: 3/is: 4/' rules.yaml >wrong.yaml
is_faulty() {
	gave 0 && [ "$(grep -c '^Hello' .out/out)" = 2 ] &&
		err_has 'Input/output error' && [ "$(cat late)" -ge 3 ]
}
for how in -f '-f -s' '-f -o clone_fd' '' -s; do
	# shellcheck disable=SC2086
	attached rules.yaml ./server $how mnt
	ok "server $how: errors and delays" is_faulty
	ok '... and nothing is left mounted' is_unmounted
	# shellcheck disable=SC2086
	attached wrong.yaml ./server $how mnt
	ok '... also the other verdict' gave 1
	ok '... with its ladder' err_has '#[0-9]+ OPEN /hello .*reply = EIO'
done
attached rules.yaml sh -c './server -f mnt; true'
ok 'a server that a script starts' is_faulty

# ---- a page
with use.sh "$FUSESCEN" attach --html page.html rules.yaml -- ./server -f mnt
ok 'a page about an attached server' gave 0
ok '... has its requests' grep -q '"op":"OPEN","opcode":14,"path":"/hello"' page.html
ok '... and its scenario' grep -q 'The second open fails' page.html
with use.sh "$FUSESCEN" attach --html page.html --log log wrong.yaml -- ./server -f mnt
ok '... and its verdict' grep -q '"verdict":"fail"' page.html
ok '... beside a log' grep -q '"op":"OPEN"' log
attach --html=/nowhere/page.html rules.yaml ./server -f /nowhere
ok 'a page that cannot be written' err_has '^fusescen: /nowhere/page.html: No such file'
mkdir tmp
TMPDIR=$work/tmp
export TMPDIR
with use.sh "$FUSESCEN" attach --html page.html rules.yaml -- ./server mnt
ok 'a server in the background has a page' grep -q '"op":"OPEN"' page.html
ok '... and no log is left' [ -z "$(ls tmp)" ]
unset TMPDIR

# ---- operations that the scenario declares
cat >declared.yaml <<'END'
# OPEN by another name: the second one is refused, and the others are the server's
fusescen: 1
protocol:
  operations:
    START: {number: 14, override: true, request: {flags: u32, more: u32}}
mounts: {fs: {}}
rules:
  - {op: START, file: /hello, nth: 2, reply: {error: EIO}}
  - {op: START, file: /hello, nth: 3, delay: 300ms}
expect:
  - {count: START /hello, is: 3}
  - {count: START /hello more=0, is: 3}
END
attached declared.yaml ./server -f mnt
ok 'an operation that the scenario declares' is_faulty
sed 's/more=0/more=1/' declared.yaml >wrong-field.yaml
attached wrong-field.yaml ./server -f mnt
ok '... and its fields are looked at' gave 1

# ---- commands, and the log
cat >held.yaml <<'END'
# Lookups are held
fusescen: 1
mounts: {fs: {}}
rules: [{op: LOOKUP, file: /hello, hold: door}]
END
cat >ctl.sh <<'END'
ctl() { "$FUSESCEN" ctl sock "$@"; }
i=0
until [ -S sock ]; do i=$((i + 1)); [ $i -lt 100 ] || exit; sleep 0.1; done
cat mnt/hello >read &
pid=$!
until ctl gates | grep -q '1 held'; do i=$((i + 1)); [ $i -lt 100 ] || exit; sleep 0.1; done
{
	ctl gates; ctl stats; ctl rules; ctl states
	ctl release door; wait $pid
	ctl notify inval_entry /hello; echo "notify $?"
	ctl tail 3
	ctl stall fs; echo "stall $?"
	ctl quit; echo "quit $?"
} >said 2>&1
END
export FUSESCEN
said() { grep -qE -e "$1" said; }
for how in -f ''; do
	rm -f read said
	# shellcheck disable=SC2086
	with ctl.sh "$FUSESCEN" attach --control sock --log log held.yaml -- \
		./server $how mnt
	ok "server $how: it takes commands until it is told to quit" gave 0
	ok '... and shows what is held' said '#[0-9]+ LOOKUP /hello'
	ok '... and counts' said '^LOOKUP +1 +0 +1'
	ok '... and releases' grep -q Hello read
	ok '... and notifies' said '^notify 0'
	ok '... and has events' said '"event":"notified"'
	ok '... but its threads are its own' said 'an attached session has its own threads'
	ok '... which is a refusal' said '^stall 1'
	ok '... and it quits' said '^quit 0'
	ok '... the log has every event' grep -q '"op":"INIT"' log
	ok '... the socket is gone' test ! -e sock
	ok '... and the mount' is_unmounted
done
attach --control=/nowhere/sock held.yaml ./server mnt
ok 'a socket that cannot be made' err_has 'control socket "/nowhere/sock": No such file'
ok '... is an error' gave 99

# ---- what cannot be attached to
attach held.yaml ./server -f mnt
ok 'a gate that nobody opens is refused' err_has 'held.yaml:4:.*no control socket'
ok '... and the server ended' gave 99
ok '... and unmounted' is_unmounted
attach rules.yaml ./server -f /nowhere
ok 'a server that cannot mount' err_has 'ended with status [1-9].* had not served'
ok '... is an error' gave 99
attach rules.yaml true
ok 'a program that serves nothing' err_has 'ended with status 0'
attach -t300ms rules.yaml sleep 60
ok 'one that serves nothing and does not end' err_has 'after 0.3 seconds, nothing was mounted'
ok '... is ended' gave 99
attach rules.yaml ./none
ok 'no such program' gave 127
attach none.yaml ./server mnt
ok 'no such scenario' err_has 'none.yaml: No such file|none.yaml: error'
fs attach rules.yaml
ok 'no server' err_has 'attach needs a scenario, "--" and the command'
if echo 'int main(void) { return 0; }' >s.c &&
	${CC:-cc} -static -o static s.c 2>/dev/null; then
	attach rules.yaml ./static
	ok 'a static program' err_has 'is statically linked.*serve --backing'
else
	skip 'a static program' 'no static C library'
fi
# Without libfuse: it opens the device and mounts by itself.
cat >raw.c <<'END'
#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int fd = open("/dev/fuse", O_RDWR);
	char opts[99];

	snprintf(opts, sizeof(opts), "fd=%d,rootmode=40000,user_id=0,group_id=0", fd);
	if (argc < 2 || mount("raw", argv[1], "fuse", 0, opts))
		return 1;
	pause();
	return 0;
}
END
${CC:-cc} -o raw raw.c >.out/out 2>.out/err
attach rules.yaml ./raw mnt
ok 'a server without libfuse' err_has 'raw .*does not use a shared libfuse 3.*serve --backing'
ok '... is ended' gave 99

# ---- who is killed
cat >killed.sh <<'END'
"$FUSESCEN" attach late.yaml -- ./server $1 mnt &
pid=$!
i=0
until cat mnt/hello 2>/dev/null | grep -q Hello; do i=$((i + 1)); [ $i -lt 100 ] || exit 5; sleep 0.1; done
kill -$2 $pid
wait $pid
echo $? >ended
i=0
while grep -q " $PWD/mnt " /proc/self/mountinfo; do
	i=$((i + 1)); [ $i -lt 50 ] || exit 6
	sleep 0.1
done
END
cat >late.yaml <<'END'
# A file, which is slow
fusescen: 1
mounts: {fs: {}}
rules: [{op: OPEN, delay: 1ms}]
END
for how in '' -f; do
	for signal in TERM KILL; do
		with '' sh killed.sh "$how" $signal
		ok "fusescen attach is sent SIG$signal, server $how" gave 0
		ok '... and its server unmounts' is_unmounted
		[ $signal = KILL ] || ok '... and the verdict stands' grep -qx 0 ended
	done
done
cat >dies.sh <<'END'
i=0
until grep -q " $PWD/mnt .* fuse" /proc/self/mountinfo; do
	i=$((i + 1)); [ $i -lt 100 ] || exit; sleep 0.1
done
cat mnt/hello >/dev/null
kill -9 $(cat pid)
umount mnt
END
with dies.sh "$FUSESCEN" attach rules.yaml -- sh -c 'echo $$ >pid; exec ./server -f mnt'
ok 'a server that dies has no verdict' err_has 'the server died before it could report'
ok '... and that is an error' gave 99
done_testing
