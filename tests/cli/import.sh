#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# fusescen import: logs of strace become scenarios that pass, and what cannot be said is
# counted and kept as a comment.
. "${srcdir:-.}/tests/cli/lib.sh"
case ${srcdir:-.} in /*) logs=$srcdir/tests/cli/import ;; *) logs=$OLDPWD/${srcdir:-.}/tests/cli/import ;; esac

can_run && runs=yes || runs=

# made NAME TEXT: it becomes a scenario, which has this line
made() {
	name=$1 line=$2
	fs import --under /mnt/fs -o "$name.yaml" "$logs/$name.strace"
	ok "$name" gave 0
	cp .out/err "$name.said"
	ok "$name: the step" grep -qxF -e "  - $line" "$name.yaml"
	fs check "$name.yaml"
	ok "$name: a scenario" gave 0
	[ "$runs" ] || return
	fs run --repeat 10 "$name.yaml"
}
passes() {
	made "$@"
	[ "$runs" ] && ok "$1: it passes" gave 0
}
# The account and the comments agree about the guesses.
guesses() { [ "$(grep -c '^  # a guess: ' "$1.yaml")" = "$2" ] && said "$1" " $2 guess"; }
said() { grep -qE -e "$2" "$1.said"; }

fs import
ok 'no log' gave 99
fs import none
ok 'a log that is not there' gave 99

passes copy 'cp: copy_file_range(fd, -1, fd2, -1, 9223372035781033984) = 12'
ok 'copy: the file that was there' grep -qF '"/in/a": {size: 12, mode: 0644}' copy.yaml
ok 'copy: an ioctl is a comment' grep -q '^  # cp: ioctl(4, BTRFS_IOC_CLONE' copy.yaml
ok 'copy: the account' said copy '9 calls of 13, 1 left out, 0 guesses$'
ok 'copy: nothing is guessed' guesses copy 0
passes replace 'sed: rename("/in/sedAb12", "/in/a") = 0'
ok 'replace: contents from what was read' grep -qF "data: '\"hello\\nworld\\n\"'" replace.yaml
passes overlap 'app: pwrite(fd, "new", 0) ...'
ok 'overlap: what is beside another call may be anything' \
	grep -qx '  - app2: \.\.\. = ?' overlap.yaml
ok 'overlap: what is not, is one step' grep -qx '  - app: fsync(fd) = 0' overlap.yaml
ok 'overlap: one guess' guesses overlap 1
ok 'overlap: one guess, in English' said overlap ' 1 guess$'
passes locks 'app2: setlk(fd, F_WRLCK, 1073741824, 1) = -1 EAGAIN'
passes threads 'java2: pread(fd, 4, 0) = 4 "item"'
ok 'threads: one process' grep -qx 'actors: \[java, java2: {process: java}\]' threads.yaml
passes inherited 'cc: fd = open("/out", O_WRONLY|O_APPEND)'
ok 'inherited: a guess' grep -q '^  # a guess: cc has inherited this descriptor' inherited.yaml
ok 'inherited: the guesses' guesses inherited 2
passes times 'app: readdir("/dir")'
passes decorated "app: 'write(fd, \"a: b # c\\n\") = 9'"
passes unknown 'app: write(fd, 8192) = 8192'
ok 'unknown: kept' grep -q '^  # app: frobnicate(3, FROB_NOW, "/mnt/fs/data"): ' unknown.yaml
ok 'unknown: counted' said unknown ' [23] left out'
passes cut 'app: write(fd, "abc") = 3'
ok 'cut: it says so' said cut 'the last line is cut off$'

# an error has a cause that the log does not have: with it, the scenario passes
made full 'app: write(fd, "second\n") = -1 ENOSPC'
if [ "$runs" ]; then
	ok 'full: without its cause it fails' gave 1
	sed 's/^actors:/rules: [{op: WRITE, nth: 2, reply: {error: ENOSPC}}]\n&/' full.yaml >caused.yaml
	fs run caused.yaml
	ok 'full: with its cause it passes' gave 0
fi

# where the files are
fs import "$logs/copy.strace"
ok 'a guess of the directory' err_has 'taking what is below /mnt/fs$'
ok 'to standard output' out_has '^fusescen: 1$'
fs import --under /srv "$logs/copy.strace"
ok 'nothing below it' gave 99
ok 'nothing below it: it says so' err_has 'no call in it is about files below /srv$'
fs import "$logs/decorated.strace"
ok 'no guess' err_has 'say it with --under$'
fs import --cwd /mnt/fs/in --under /mnt/fs "$logs/replace.strace"
ok 'a working directory' gave 0

mkdir -p d2 && fs import --under d2 "$logs/copy.strace"
ok 'a relative directory' err_has "no call in it is about files below $work/d2\$"
sed "s|/mnt/fs|$work/d2|g" "$logs/copy.strace" >here.strace
for under in d2 ./d2/ "$work//d2/." / .; do
	fs import --under $under -o here.yaml here.strace
	ok "below $under" gave 0
	fs check here.yaml
	ok "below $under: a scenario" gave 0
done

# log NAME LINE...: what is made of these lines is in NAME.yaml
log() {
	name=$1
	shift
	printf '%s\n' "$@" >"$name.strace"
	fs import --under /mnt/fs -o "$name.yaml" "$name.strace"
	cp .out/err "$name.said"
}
open='1 openat(AT_FDCWD, "/mnt/fs/a", O_RDWR) = 3'
log moved '1 rename("/mnt/fs/a", "/mnt/fs/b") = 0'
ok 'a new name of which nothing is known' grep -qx '  # a guess: /b was not there before' moved.yaml
ok 'a new name of which nothing is known: counted' guesses moved 1
log moved "$open" '1 renameat2(AT_FDCWD, "/mnt/fs/b", AT_FDCWD, "/mnt/fs/c", RENAME_NOREPLACE) = 0'
ok 'a new name that must be free' guesses moved 0
log moved "$open" '1 renameat2(AT_FDCWD, "/mnt/fs/b", AT_FDCWD, "/mnt/fs/a", RENAME_EXCHANGE) = 0' \
	'1 renameat2(AT_FDCWD, "/mnt/fs/a", AT_FDCWD, "/mnt/fs/c", RENAME_EXCHANGE) = 0'
ok 'names that change places' guesses moved 0
ok 'names that change places: both were there' grep -qx '      "/c": {}' moved.yaml
log asked "$open" '1 fcntl(3, F_GETLK, {l_type=F_UNLCK, l_whence=SEEK_SET, l_start=0, l_len=1}) = 0'
ok 'F_GETLK: what it asked' guesses asked 1
log sleep '1 execve("/bin/sleep", ["sleep"], 0x1) = 0' "$open"
ok 'a program that is called like a step' grep -qx 'actors: \[p_sleep\]' sleep.yaml
log mark "$open" '1 write(3, "<unfinished ...>", 16) = 16' '1 read(3,  <unfinished ...>) = ?'
ok 'written data that looks like the mark' grep -qF 'write(fd, "<unfinished ...>") = 16' mark.yaml
ok 'killed in a call' grep -q '^  # app: read(3, .*): its size is not in the log$' mark.yaml

# what no strace writes
log absurd "$open" '1 stat("/mnt/fs/a") = 0'
ok 'a call without its arguments' gave 0
log absurd "$open" '1 fstat(3, {st_mode=S_IFREG|0644, st_size=99999999999999999999}) = 0'
ok 'what cannot be loaded is an error' gave 99
ok 'what cannot be loaded: why' err_has ' error: too many bytes in a file of a mount'
{ echo "$open"; yes '1 fork() = 1' | head -n 60; yes '1 fork() = 2
2 fork() = 1' | head -n 120; } >forks
fs import --under /mnt/fs forks
ok 'processes that are their own children' gave 0

# a log of another program
for name in other gcs; do
	fs import "$logs/$name.txt"
	ok "another program: $name" gave 99
	ok "another program: $name: it says so" err_has 'neither of strace nor of a server of FUSE'
done
ok 'another program: how it was seen' err_has ': 2 of 2 lines are none of strace'
: >empty
fs import empty
ok 'nothing' gave 99

# cut off anywhere, it is a scenario or refused
for bytes in 1 40 90 200 300 400 500 600 700; do
	head -c $bytes "$logs/locks.strace" >part
	fs import --under /mnt/fs -o part.yaml part
	case $status in 0) fs check part.yaml ;; 99) status=0 ;; esac
	ok "the first $bytes bytes" gave 0
done

# what servers say
served() { # served NAME LINE: the log of a server becomes a scenario, which passes
	fs import -o served.yaml "$logs/$1"
	ok "$1" gave 0
	cp .out/err served.said
	ok "$1: the step" grep -qxF -e "  - $2" served.yaml
	ok "$1: it says that it guesses" grep -q \
		'^  # a guess: the log has what the server was asked: these are calls that ask it$' served.yaml
	fs check served.yaml
	ok "$1: a scenario" gave 0
	[ "$runs" ] || return
	fs run --repeat 5 served.yaml
	ok "$1: it passes" gave 0
}
without_rules() { # it fails where the server refused something
	[ "$runs" ] || return
	sed '/^rules:/,/reply:/d' served.yaml >without.yaml
	fs run without.yaml
	ok "$1: without its rule it fails" gave 1
}
served full.libfuse 'app: pwrite(fd, 4096, 4096) = -1 ENOSPC'
ok 'full: what the server refused is a rule' grep -qxF \
	'  - {op: WRITE, file: "/out", where: {offset: 4096}, nth: 1, reply: {error: ENOSPC}}' served.yaml
without_rules full
served refused.libfuse 'app: open("/media/a.mkv", O_RDONLY) = -1 EACCES'
without_rules refused
served names.libfuse 'app: rename("/my dir/new one", "/my dir/old") = 0'
ok 'names: a directory is read once' test 1 = "$(grep -c readdir served.yaml)"
served lower.libfuse 'app: pread(fd, 6, 0) = 6'
ok 'lower: where, is a guess' grep -q 'a guess: the log does not say where in the file' served.yaml
ok 'lower: what has no name is kept' grep -q '^  # app: UNLINK(' served.yaml
served middle.libfuse 'app: fsync(fd) = -1 EIO'
ok 'middle: it begins with an open file' grep -q 'does not say how /node9 was opened' served.yaml
ok 'middle: no call' grep -q '^  # app: IOCTL("/node9"): scenarios have no such call' served.yaml
ok 'middle: no reply' grep -q '^  # app: pread(fd, 4096, 0) did not return in the log' served.yaml
ok 'middle: counted' grep -q '5, 2 left out, 2 guesses' served.said
served copy.gofuse 'app: fd2 = open("/out", O_WRONLY|O_CREAT|O_EXCL, 0644)'
ok 'copy: attributes' grep -q '"/in": {size: 6, mode: 0644}' served.yaml
served dirs.gofuse 'app: rename("/sub/deep", "/up") = 0'
served report-late.libfuse 'app2: pread(fd, 4096, 0) = 0'
ok 'late: FLUSH is under way' grep -qxF '  - app: close(fd) ...' served.yaml
for bytes in 1 50 300 700 900; do
	head -c $bytes "$logs/names.libfuse" >part
	fs import -o part.yaml part
	case $status in 0) fs check part.yaml ;; 99) status=0 ;; esac
	ok "the first $bytes bytes of a server's" gave 0
done

# what came of three reports: short, and failing for what was reported
report() { # report NAME ACTUAL
	ok "report $1: at most 20 lines" test "$(wc -l <"$logs/report-$1.yaml")" -le 20
	[ "$runs" ] || return
	fs run --repeat 20 "$logs/report-$1.yaml"
	ok "report $1" gave 1
	ok "report $1: each time" out_has ' 20 failed'
	ok "report $1: for its reason" out_has "$2"
}
fs import "$logs/report-writeback.libfuse"
ok 'report writeback: its log' out_has 'op: READ, file: "/big", .*reply: {error: EBADF}'
report writeback 'actual: +pwrite\(fd, "new", 10\) = -1 EBADF'
report late 'actual: +read\(other, 4K\) = 0 ""'
fs import "$logs/report-grown.gofuse"
ok 'report grown: its log' out_has 'pread\(fd, 4096, 0\) = 4$'
report grown 'actual: +read\(fd, 4K\) = 0 ""'

# our own
if [ "$runs" ]; then
	mkdir mnt
	printf '%s\n' '# Plain' 'fusescen: 1' 'mounts: {fs: {}}' >plain.yaml
	fs serve -l own.log plain.yaml mnt -- sh -c 'echo one >mnt/a; cp mnt/a mnt/b; ln mnt/b mnt/c;
		mkdir mnt/d; mv mnt/c mnt/d; cat mnt/d/c; rm mnt/a; ls mnt; cat mnt/none; true'
	ok 'a log of our own: made' gave 0
	fs import -o own.yaml own.log
	ok 'a log of our own' gave 0
	ok 'a log of our own: what is not there' grep -q 'stat("/none") = -1 ENOENT' own.yaml
	fs run own.yaml
	ok 'a log of our own: it passes' gave 0
fi

# what strace says today
if [ "$runs" ] && command -v strace >/dev/null && strace -o log true 2>/dev/null; then
	mkdir here
	strace -f -s 4096 -o log sh -c 'echo one >here/a; cp here/a here/b; mv here/b here/c;
		mkdir here/d; ln -s ../a here/d/link; cat here/d/link here/c; rm -r here/d here/c' \
		>/dev/null
	fs import --under "$work/here" --cwd "$work" -o now.yaml log
	ok 'a log of today' gave 0
	fs run now.yaml
	ok 'a log of today: it passes' gave 0
else
	skip 'a log of today' 'strace is missing, or nothing can be run here'
fi
done_testing
