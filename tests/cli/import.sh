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
fs import "$logs/other.txt"
ok 'another program' gave 99
ok 'another program: it says so' err_has 'this is not a log of strace: 3 of 3 lines are none'
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
