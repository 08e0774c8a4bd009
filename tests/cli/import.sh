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
said() { grep -qE -e "$2" "$1.said"; }

fs import
ok 'no log' gave 99
fs import none
ok 'a log that is not there' gave 99

passes copy 'cp: copy_file_range(fd, -1, fd2, -1, 9223372035781033984) = 12'
ok 'copy: the file that was there' grep -qF '"/in/a": {size: 12, mode: 0644}' copy.yaml
ok 'copy: an ioctl is a comment' grep -q '^  # cp: ioctl(4, BTRFS_IOC_CLONE' copy.yaml
ok 'copy: the account' said copy '9 calls of 13, 1 left out, 0 guesses$'
passes replace 'sed: rename("/in/sedAb12", "/in/a") = 0'
ok 'replace: contents from what was read' grep -qF "data: '\"hello\\nworld\\n\"'" replace.yaml
passes overlap 'app: pwrite(fd, "new", 0) ...'
ok 'overlap: what is beside another call may be anything' \
	grep -qx '  - app2: \.\.\. = ?' overlap.yaml
ok 'overlap: what is not, is one step' grep -qx '  - app: fsync(fd) = 0' overlap.yaml
passes locks 'app2: setlk(fd, F_WRLCK, 1073741824, 1) = -1 EAGAIN'
passes threads 'java2: pread(fd, 4, 0) = 4 "item"'
ok 'threads: one process' grep -qx 'actors: \[java, java2: {process: java}\]' threads.yaml
passes inherited 'cc: fd = open("/out", O_WRONLY|O_APPEND)'
ok 'inherited: a guess' grep -q '^  # a guess: cc has inherited this descriptor' inherited.yaml
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

# a log of another program
fs import "$logs/other.txt"
ok 'another program' gave 99
ok 'another program: it says so' err_has 'this is no log of strace: 3 of 3 lines are none'
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
