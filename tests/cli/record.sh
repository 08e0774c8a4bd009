#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# fusescen record: what a program did becomes a scenario that passes, and no program is
# so bad that something of it stays.
. "${srcdir:-.}/tests/cli/lib.sh"

fs record -o x.yaml -- no-such-program
ok 'no such program' gave 99
ok 'no such program: it says so' err_has 'no-such-program: No such file'
fs record -- true
ok 'no output' gave 99
ok 'no output: it says why' err_has 'say with -o where the scenario goes'
fs record -o x.yaml
ok 'no command' gave 99
fs record -o x.yaml --backing null -- true
ok 'nothing to keep files in' gave 99
mkdir bin
ln -s /usr/bin/* /bin/* bin 2>/dev/null
rm -f bin/strace
(PATH=$work/bin; exec "$FUSESCEN" record -o x.yaml -- env 2>.out/err)
status=$?
ok 'no strace' gave 99
ok 'no strace: it says so' err_has 'strace\(1\) .* is not installed'

if ! can_run || ! command -v strace >/dev/null || ! strace -o /dev/null true 2>/dev/null; then
	skip 'programs' 'strace is missing, or nothing can be run here'
	done_testing
	exit
fi
mkdir tmp
TMPDIR=$work/tmp
export TMPDIR

has() { grep -qE -e "$2" "$1"; }			# has FILE REGEX
# Whoever was started by these has the mark; this shell has not.
marked() { FUSESCEN_MARK=$work fs "$@"; }
family() { grep -lsz "^FUSESCEN_MARK=$work\$" /proc/[0-9]*/environ; }
is_gone() { [ -z "$(family)" ] && [ -z "$(ls tmp)" ]; }
passes() { # passes NAME: it was recorded, and runs again
	name=$1
	ok "$name" gave 0
	ok "$name: it says that it passes" err_has "$name.yaml: a run of it passes"
	fs run --strict "$name.yaml"
	ok "$name: it passes" gave 0
}

fs record -o copy.yaml -- sh -c 'echo one >a; cp a b; mv b c; mkdir d; rm a; ls d; cat c'
ok 'copy: its output' out_has '^one$'
passes copy
ok 'copy: processes are actors' has copy.yaml '^actors: \[sh, cp, mv, mkdir, rm, ls, cat\]'
ok 'copy: its title' has copy.yaml '^# Made of a run of sh -c echo one >a; cp a b; mv b c;'
ok 'copy: nothing is guessed' test 0 = "$(grep -c 'a guess' copy.yaml)"
fs record -o failed.yaml -- sh -c 'echo one >a; exit 3'
passes failed
fs record -o failed.yaml -- sh -c 'echo one >a; exit 3'
ok 'a status of its own' err_has 'failed.yaml: the program ended with status 3'
fs record -o none.yaml -- true
ok 'no call' gave 99
ok 'no call: it says so' err_has 'no call of true was about a file of the mount'
ok 'no call: no file' test ! -e none.yaml

# where the files are
mkdir disk disk/real
echo before >disk/real/file
ln -s real disk/way
fs record -o disk.yaml --backing disk -- sh -c 'cat way/file; echo more >>real/file; rm way'
passes disk
ok 'disk: what was there' has disk.yaml '"/real/file": \{size: 7, data: .*before'
ok 'disk: links' has disk.yaml '"/way": \{target: "real"\}'
ok 'disk: it is what was worked on' grep -qx more disk/real/file
mkdir at
fs record -o at.yaml --at at -- sh -c 'echo one >at/a; cat at/a >b'
passes at
ok 'at: the working directory' grep -qx one b
ok 'at: only what is mounted' has at.yaml 'open\("/a", O_WRONLY'

# rules
cat >rules.yaml <<'END'
# The second write fails
fusescen: 1
mounts: {fs: {files: {/a: {data: hello}}, init: {max_write: 8K}}}
rules:
  - {op: WRITE, nth: 2, reply: {error: EIO}}
END
fs record -o rules.yaml.yaml --rules rules.yaml -- sh -c 'cat a; echo one >b; echo two >c || echo no'
ok 'rules: the program saw them' out_has 'no$'
passes rules.yaml
ok 'rules: the error' has rules.yaml.yaml 'write.fd[0-9]*, "two.n". = -1 EIO'
ok 'rules: the mount' has rules.yaml.yaml '/a: \{data: hello\}.*max_write: 8K|max_write: 8K.*/a: '
sed '/^rules:/,/EIO}/d' rules.yaml.yaml | sed 's/^actors/#&/;s/^#actors/actors/' >without.yaml
sed -n '/^rules:/,/^actors/p' rules.yaml.yaml | grep -q 'reply: {error: EIO}'
fs run without.yaml
ok 'rules: without them it fails' gave 1
fs record -o x.yaml --rules no.yaml -- true
ok 'rules that are not there' gave 99

# bad programs
marked record -o late.yaml --time 500ms -- sh -c 'echo one >a; sleep 100'
ok 'never ends: it says so' err_has 'the program was ended when its time was over'
passes late
marked record -o deaf.yaml --time 500ms -- sh -c 'trap "" TERM; echo one >a; while :; do sleep 1; done'
passes deaf
marked record -o daemon.yaml --time 500ms -- sh -c 'echo one >a; (sleep 100 &)'
passes daemon
ok 'never ends: nobody is left' is_gone
fs record -o forks.yaml -- sh -c 'echo one >a; i=0; while [ $i -lt 80 ]; do cat a; i=$((i + 1)); done'
passes forks
ok 'forks: actors are used again' has forks.yaml '^actors: \[sh, cat\]$'
fs record -o large.yaml -- dd if=/dev/zero of=big bs=4M count=60
passes large
ok 'large: it ends' has large.yaml '^  # more data than a scenario keeps'

# whatever is killed
start() {
	FUSESCEN_MARK=$work
	export FUSESCEN_MARK
	exec "$FUSESCEN" record -o killed.yaml -- sh -c 'echo one >a; sleep 100 & sleep 100' 2>/dev/null
}
child() { pgrep -P "$1" "${2-.}"; }
victim() { # victim WHO PID: the number of one of them
	case $1 in
	record) echo "$2" ;;
	recorder) child "$2" ;;
	strace) child "$(child "$2")" strace ;;
	program) child "$(child "$(child "$2")" strace)" ;;
	esac
}
sleeps() { [ "$(family | xargs -rn1 dirname 2>/dev/null | sed 's/$/\/comm/' | xargs cat 2>/dev/null | grep -c sleep)" = 2 ]; }
for who in record recorder strace program; do
	start &
	all=$!
	soon sleeps
	ok "SIGKILL of $who: it was there" kill -9 "$(victim $who $all)"
	# its own child goes on
	[ $who = program ] && kill -9 $all
	soon sh -c "! kill -0 $all 2>/dev/null"
	wait $all 2>/dev/null
	case $who in record | program) rm -rf tmp/fusescen-record-* ;; esac
	ok "SIGKILL of $who: nobody is left" soon is_gone
done
for signal in TERM HUP; do
	start &
	all=$!
	soon sleeps
	kill -$signal $all
	wait $all
	ok "SIG$signal: nobody is left" is_gone
	ok "SIG$signal: there is a scenario" has killed.yaml '^  - sh: write.fd[0-9]*, "one'
	rm -f killed.yaml
done
done_testing
