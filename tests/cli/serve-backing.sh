#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# fusescen serve --backing: the rules of a scenario over other files; directories
# above, below and at the mountpoint; what is refused.
. "${srcdir:-.}/tests/cli/lib.sh"

if ! can_run; then
	echo '1..0 # SKIP nothing can run here: see fusescen doctor'
	exit
fi
mkdir mnt dir
echo below >dir/file
cat >full.yaml <<'END'
# No file gets beyond its first 8K
fusescen: 1
mounts: {fs: {}}
rules:
  - {op: WRITE, where: {offset: 8K..}, reply: {error: ENOSPC}}
END
printf 'fusescen: 1\nmounts: {fs: {files: {/d/data: {data: "hello"}}}}\n' >files.yaml
printf 'fusescen: 1\nmounts: {fs: {files: {/data: {size: 8K}}}}\n' >sized.yaml
printf 'fusescen: 1\nmounts: {fs: {backing: {tmpfs: 1M}, files: {/data: {data: "hello"}}}}\n' >tmpfs.yaml
printf 'fusescen: 1\nmounts: {fs: {backing: {mirror: gone}}}\n' >mirror.yaml

# ---- a directory -------------------------------------------------------------
fs serve --backing dir full.yaml mnt -- cat mnt/file
ok 'a directory' gave 0
ok '... is what is seen' out_is 'below\n'
fs serve -b dir full.yaml mnt -- sh -c 'echo new >mnt/new && mv mnt/new mnt/kept'
ok 'a directory is written to' grep -qx new dir/kept
fs serve -b "$work/dir/../dir" full.yaml mnt -- dd if=/dev/zero of=mnt/big bs=4k count=4
ok 'the rules hold there too' err_has 'No space left on device'
size_is() { [ "$(stat -c %s "$1")" = "$2" ]; }
ok '... and nothing is there that was refused' size_is dir/big 8192
fs serve --backing dir mirror.yaml mnt -- cat mnt/file
ok 'instead of a directory that is not there' out_is 'below\n'
ln -s dir link
fs serve --backing link full.yaml mnt -- cat mnt/file
ok 'by a link' out_is 'below\n'

mkdir list
touch list/a
sleep 0.05	# what is younger may change again without its mtime showing it
listings() { grep -c '"event":"request".*"op":"READDIR' "$1"; }
fs serve --log once --backing list full.yaml mnt -- ls mnt
fs serve --log twice --backing list full.yaml mnt -- \
	sh -c 'ls mnt; ls mnt; ls mnt; touch list/b; ls mnt; rm list/b; touch mnt/c; ls mnt'
ok 'a directory that others change is listed as it is' out_is 'a\na\na\na\nb\na\nc\n'
fs serve --backing list full.yaml mnt -- \
	sh -c 'sleep 0.05; ls mnt; touch -r list when; touch list/b; touch -r when list; ls mnt'
ok '... also by somebody who puts its mtime back' out_is 'a\nc\na\nb\nc\n'
fs serve --backing list full.yaml mnt -- sh -c 'echo old >list/a; touch -r list/a when
	sleep 0.05; cat mnt/a mnt/a; echo new >list/a; touch -r when list/a; cat mnt/a'
ok '... and so with what is in a file' out_is 'old\nold\nnew\n'
one=$(listings once)
many=$(listings twice)
ok '... and one that nobody changed is not read again' test "$((3 * one))" = "$many"

# ---- where the directory and the mountpoint meet -------------------------------
fs serve --backing dir full.yaml dir -- sh -c 'cat dir/file
	dd if=/dev/zero of=dir/over bs=4k count=4 2>&1 | grep -o "No space"; rm dir/over'
ok 'a directory over itself' out_is 'below\nNo space\n'
ok '... is changed' test ! -e dir/over
cd dir || exit 99
timeout 300 "$FUSESCEN" serve -b . ../full.yaml . -- sh -c 'cat file; stat -fc %T .' >../.out/out
cd .. || exit 99
ok 'where one is' out_is 'below\nfuseblk\n'
mkdir dir/sub dir/sub/deep
echo sub >dir/sub/file
fs serve --backing dir full.yaml dir/sub -- sh -c 'cat dir/sub/file; ls dir/sub
	for what in "cat dir/sub/sub/file" "rmdir dir/sub/sub"; do
		$what 2>&1 | grep -o "Invalid cross-device link"
	done'
ok 'a directory above the mountpoint' gave 0
ok '... does not go round' out_is 'below\nbig\nfile\nkept\nsub\nInvalid cross-device link\nInvalid cross-device link\n'
fs serve --backing dir/sub full.yaml dir -- sh -c 'ls dir; cat dir/file; rmdir dir/deep'
ok 'a directory below the mountpoint' out_is 'deep\nfile\nsub\n'
ok '... is changed' test ! -e dir/sub/deep

# ---- the other words -----------------------------------------------------------
fs serve --backing null full.yaml mnt -- sh -c 'cat mnt/data | tr -d "\0" | wc -c'
ok 'null' out_is '0\n'
fs serve --backing null sized.yaml mnt -- stat -c %s mnt/data
ok '... with the files of the scenario' out_is '8192\n'
# The kernel takes a slot of the pipe for each page, and a buffer of writev(2) is
# a page however short it is.
cat >large.yaml <<'END'
# Writes that are large, of as many pages as there is room for in a pipe
fusescen: 1
mounts:
  fs:
    init: {max_write: 512K, max_pages: 254}
    files: {/data: {size: 1G}}
END
sed 's/, max_pages: 254//; s/512K/256K/' large.yaml >pages.yaml
cat >drained.sh <<'END'
pipes() {
	for pid in $(cat /proc/$PPID/task/*/children); do
		readlink /proc/$pid/fd/*
	done | grep -c '^pipe:'
}
before=$(pipes)
dd if=/dev/zero of=mnt/data bs=512k count=64 oflag=direct conv=notrunc 2>&1 |
	grep -o '^33554432 bytes'
[ "$(pipes)" -gt "$before" ] && echo piped
for pid in $(cat /proc/$PPID/task/*/children); do
	readlink "/proc/$pid/fd/0" >pipes.seen || echo unseen
done
head -c 4 mnt/data | od -An -tx1
END
cat >short.py <<'END'
import mmap, os
fd = os.open("mnt/data", os.O_WRONLY | os.O_DIRECT)
large = mmap.mmap(-1, 256 << 10)
short = [memoryview(mmap.mmap(-1, 4096))[:1024] for i in range(512)]
print({(os.pwrite(fd, large, 0), os.pwritev(fd, short, 0)) for i in range(8)})
END
fs serve --backing null large.yaml mnt -- sh drained.sh
if grep -q unseen .out/out; then
	skip '... whose large writes are not copied' "the server's descriptors cannot be seen"
else
	ok '... whose large writes are not copied' out_is '33554432 bytes\npiped\n 00 00 00 00\n'
fi
if command -v python3 >/dev/null; then
	for what in large pages; do
		fs serve --backing null $what.yaml mnt -- python3 short.py
		ok "... nor lost in many short buffers ($what)" \
			out_is '{(262144, 524288)}\n'
	done
else
	skip '... nor lost in many short buffers' 'no python3'
fi
fs serve --backing memory tmpfs.yaml mnt -- cat mnt/data
ok 'memory' out_is 'hello'
fs serve --backing memory mirror.yaml mnt -- ls -A mnt
ok '... instead of a directory' is_silent
fs serve --backing memory full.yaml mnt -- stat -fc '%b %S' mnt
is_half() {
	awk -v total=$(($(getconf _PHYS_PAGES) * $(getconf PAGESIZE))) '{
		part = $1 * $2 / total
		exit !(part > 0.49 && part < 0.51)
	}' .out/out
}
ok '... has room for half of the machine'"'"'s' is_half
mkdir null
echo null >null/file
fs serve --backing ./null full.yaml mnt -- cat mnt/file
ok 'a directory with the name of a word' out_is 'null\n'

# ---- where workers are ------------------------------------------------------------
# A server that is measured has one on each processor; others are left to the scheduler.
cat >tasks.sh <<'END'
for task in $(for p in /proc/[0-9]*; do
	grep -q "^PPid:.$1\$" $p/status 2>/dev/null && echo $p/task/*; done)
do
	sed -n 's/^Cpus_allowed_list:.//p' $task/status
done | grep -xcE '[0-9]+'
END
echo '{fusescen: 1, mounts: {fs: {workers: 2}}}' >two.yaml
if [ "$(nproc)" -gt 1 ]; then
	fs serve --backing null two.yaml mnt -- sh -c 'sh tasks.sh $PPID'
	ok 'workers of a null server keep to processors' out_is '2\n'
	fs serve two.yaml mnt -- sh -c 'sh tasks.sh $PPID'
	ok 'others do not' out_is '0\n'
fi

# ---- what is refused -------------------------------------------------------------
refused() { # refused MESSAGE ARGUMENT...
	message=$1
	shift
	fs serve "$@" mnt -- true
	ok "refused: $message" gave 99
	ok '... and says so' err_has "$message"
}
refused 'backing "memry": No such file or directory \(expected memory, null' \
	--backing memry full.yaml
refused 'backing "no/dir": No such file or directory$' --backing no/dir full.yaml
refused 'backing "": No such file' --backing '' full.yaml
refused 'backing "dir/file": Not a directory' --backing dir/file full.yaml
refused '^files.yaml:2:.*error: the files of a mirror are' --backing dir files.yaml
refused '^files.yaml:2:.*error: a file of the null backing' --backing null files.yaml
ok '... once, with the place' out_is ''
ok '... and a caret' err_has '\^'
done_testing
