#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# fusescen export: the C files compile without a warning, and give the verdicts that the
# scenarios give; with an expectation that is wrong, they fail.
. "${srcdir:-.}/tests/cli/lib.sh"
case ${srcdir:-.} in /*) top=$srcdir ;; *) top=$OLDPWD/${srcdir:-.} ;; esac

cat >held.yaml <<'END'
# A read waits for a write: "so"
fusescen: 1
mounts:
  fs: {files: {/data: {size: 4K, data: old, open: [direct_io]}, /dir/: {}, /link: {target: data}}}
rules:
  - {op: READ, file: /data, where: {offset: 0}, nth: 1, hold: disk}
  - {op: WRITE, where: {offset: 1K..}, reply: {size: 1}}
  - {op: FSYNC, reply: {error: ENOSPC}}
actors: [reader, writer]
steps:
  - reader: fd = open("/data", O_RDONLY)
  - writer: fd = open("/link", O_WRONLY)
  - reader: pread(fd, 3, 0) ...
  - held: {gate: disk, count: 1}
  - blocked: reader
  - writer: pwrite(fd, "new", 0) = 3
  - release: disk
  - reader: ... = 3 "new"
  - writer: pwrite(fd, 2K, 1K) = 1
  - writer: fsync(fd) = -1 ENOSPC
  - reader: readdir("/") = [data, dir, link]
  - reader: stat("/data") = {size=4K, type=file}
expect:
  - order: [READ /data, WRITE /data, reply READ /data, reader pread = 3]
  - {count: WRITE /data size=2K, is: 1}
  - never: UNLINK
  - {file: /data, size: 4K, data: "new"}
END

fs export
ok 'no file' gave 99
fs export held.yaml
ok 'no form' gave 99
ok 'no form: it says which' err_has 'needs --c or --list'
fs export --c "$top/scenarios/delay/after.yaml" held.yaml
ok 'two files' gave 99
fs export --c held.yaml
ok 'to standard output' gave 0
ok 'to standard output: C' out_has '^int main\(void\)$'
ok 'steps as a person writes them' out_has '^	held\(gate_0, "held: \{gate: disk, count: 1\}", 1, 1\);$'
ok 'nothing that it does not need' out_lacks 'inval_entry\('

# why not
cat >not.yaml <<'END'
# What cannot be exported
fusescen: 1
mounts: {fs: {files: {/data: {xattrs: {user.a: b}}}}}
rules: [{op: READ, delay: 1ms}]
actors: [a, b: {process: a}]
steps:
  - a: statfs("/data")
  - sleep: 1ms
  - stress: {rounds: 1, time: 1s, a: 'stat("/data")', b: 'stat("/data")'}
expect: [{elapsed: [READ, reply READ], min: 0ms}]
END
fs export --c not.yaml
ok 'not exportable' gave 99
ok 'not exportable: the reasons' err_has '^not.yaml:5:[0-9]+: note: threads of one process$'
sed -i 's/, b: {process: a}/, b/' not.yaml
fs export --list not.yaml held.yaml
ok '--list' gave 0
for why in 'extended attributes' 'delays' 'the call statfs' 'the step sleep' 'the step stress' \
	'the check elapsed'; do
	ok "--list: $why" out_has "^not.yaml:[0-9]+:[0-9]+: note: $why$"
done
ok '--list: one can' out_has '^yes  held.yaml$'
ok '--list: how many' err_has '^1 of 2 cases can be exported$'
fs export --c "$top/scenarios/access/access-errors.yaml"
ok 'a file with several cases' gave 99

sed 's/, delay: 1ms/, reply: {data: "'"'"'x'"'"'*2M"}/' not.yaml >large.yaml
fs export --list large.yaml
ok 'a reply that is too large' out_has ': note: more than 1M of data in a reply$'
sed '1s,.*,# An end */ int code[-1]; /* # SKIP,' held.yaml >title.yaml
fs export --c title.yaml
ok 'a title ends no comment' out_has '^ \* An end \* / int code\[-1\]; / \* # SKIP$'

compilers=
for cc in gcc clang; do
	command -v $cc >/dev/null && compilers="$compilers $cc"
done
if [ -z "$compilers" ]; then
	skip 'they compile' 'there is neither gcc nor clang'
	done_testing
	exit
fi

# built FILE COMPILER: "test" is made of the scenario, without a warning
built() {
	fs export --c -o test.c "$1" && [ "$status" = 0 ] &&
		$2 -Wall -Wextra -Werror -o test test.c 2>.out/err
}
ends() { timeout 60 ./test >.out/out 2>.out/err; [ $? = "$1" ]; }

for cc in $compilers; do
	ok "$cc" built held.yaml $cc
done
if ! can_run; then
	skip 'what they say' 'nothing can be run here'
	done_testing
	exit
fi
ok 'it passes' ends 0
ok 'it passes: TAP' out_has '^ok 1 - A read waits for a write: "so"$'
ok 'a title is no code' built title.yaml ${compilers##* }
ok 'a title is no code: it passes' ends 0
ok 'a title is no directive of TAP' out_has '\\# SKIP$'

# wrong SED: with the scenario changed like this, it is run natively and as C, and fails
wrong() {
	sed "$1" held.yaml >wrong.yaml
	fs run wrong.yaml
	[ "$status" = 1 ] && built wrong.yaml ${compilers##* } && ends 1 && out_has '^not ok 1'
}
for change in 's/= 3 "new"/= 3 "old"/' 's/-1 ENOSPC/-1 EIO/' 's/= 1$/= 2K/' \
	's/\[data, dir, link\]/[data, dir]/' 's/{size=4K, type/{size=1K, type/' \
	's/reader pread = 3/reader pread = 4/' 's/size=2K, is: 1/size=2K, is: 2/' \
	's/never: UNLINK/never: WRITE/' 's/data: "new"}/data: "nee"}/' \
	's/where: {offset: 0}/where: {offset: 4K}/'; do
	ok "wrong: $change" wrong "$change"
done

# Killed while a client and a notification wait in the kernel, where no signal ends them.
cat >killed.yaml <<'END'
# A notification waits for a write
fusescen: 1
mounts: {fs: {init: [writeback_cache], files: {/data: {size: 4K}}}}
rules: [{op: WRITE, hold: disk}]
actors: [app]
steps:
  - app: fd = open("/data", O_RDWR)
  - app: pwrite(fd, "x", 0)
  - app: fsync(fd) ...
  - held: disk
  - notify: {inval_inode: /data, off: 0, len: 0}
  - app: ... = ?
END
there() { [ "$(ls -l /proc/[0-9]*/exe 2>/dev/null | grep -c " $work/test\$")" = "$1" ]; }
ok 'killed: compiles' built killed.yaml ${compilers##* }
./test >.out/out 2>.out/err &
pid=$!
ok 'killed: all of it waits' soon there 4
kill -KILL $pid
wait $pid 2>/dev/null
ok 'killed: nothing is left' soon there 0

# some of the corpus, from all over it
for name in \
	attributes/directory-changes.yaml:creat directories/cached-listing.yaml:both \
	files/close-waits-for-flush.yaml:fine init/dont-mask.yaml:off mmap/invalidate.yaml \
	lookup/errors-are-passed-on.yaml:eintr notify/inval-inode.yaml:beyond \
	protocol/bad-entries.yaml:no-type size/hole.yaml:writeback \
	writeback/handle-of-any-writer.yaml; do
	[ -e "$top/scenarios/${name%:*}" ] || continue
	fs run --tap "$top/scenarios/$name"
	case $(grep -m1 -E '^(not )?ok' .out/out) in
	*'# SKIP'*) want=4 ;; ok*) want=0 ;; *) want=1 ;;
	esac
	ok "$name compiles" built "$top/scenarios/$name" ${compilers##* }
	ok "$name: the same verdict ($want)" ends $want
done
done_testing
