#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A mirror of a disk that becomes full: a writer gets the error when the host gives
# it, what was written before is there, on the mount and below it, and later there
# is room again.
. "${srcdir:-.}/tests/cli/lib.sh"

if ! can_run; then
	echo '1..0 # SKIP nothing can run here: see fusescen doctor'
	exit
fi
# As root of a namespace, if not otherwise.
apart='unshare --mount'
[ "$(id -u)" = 0 ] || apart='unshare --mount --user --map-root-user'
mkdir mnt small
if ! $apart mount -t tmpfs tmpfs small 2>/dev/null; then
	echo '1..0 # SKIP no small disk can be mounted here'
	exit
fi
head -c 800K /dev/urandom >input
for mode in through back; do
	echo "# Written $mode"
	echo 'fusescen: 1'
	[ $mode = through ] && echo 'mounts: {fs: {}}'
	[ $mode = back ] && echo 'mounts: {fs: {init: [writeback_cache]}}'
done | awk '/^# /{ file = $3 ".yaml" } { print > file }'

# on_small MODE SCRIPT: where mnt is served; then what is below is compared
on_small() {
	cat >disk.sh <<-END
		mount -t tmpfs -o size=256K tmpfs small || exit 90
		timeout 300 "$FUSESCEN" serve --backing small $1.yaml mnt -- sh -c '$2'
		echo "status \$?"
		for file in kept big later; do
			[ ! -e small/\$file ] || cp small/\$file found.\$file
		done
	END
	rm -f found.*
	$apart sh disk.sh >.out/out 2>.out/err
	status=$?
}
keeps() { cmp -n 20000 found.kept input; }

on_small through 'head -c 20000 input >mnt/kept
	dd if=input of=mnt/big bs=4k'
ok 'a full disk' out_has 'status 1'
ok '... is named' err_has 'No space left on device'
ok '... and what was there stays' keeps
taken() { # as much as dd was told, and that is the input's
	size=$(($(sed -n 's/+0 records out//p' .out/err) * 4096))
	[ "$size" -gt 0 ] && [ "$(stat -c %s found.big)" = "$size" ] &&
		cmp -n "$size" found.big input
}
ok '... and so does what was taken' taken
on_small through 'head -c 20000 input >mnt/kept
	for what in "cp input mnt/big" "fallocate -l 1M mnt/big" "mkdir -p mnt/d/$(seq -s / 500)"; do
		$what || echo refused
		rm -rf mnt/big mnt/d
	done
	cp mnt/kept mnt/later && cmp mnt/kept mnt/later && echo room'
ok 'with room again' out_has '^room'
ok '... it goes on' cmp -s found.kept found.later
ok '... after what was refused' err_has 'fallocate.*No space left on device'
on_small back 'dd if=input of=mnt/kept bs=20000 count=1 conv=fsync && dd if=input of=mnt/big bs=4k conv=fsync'
ok 'a disk found full by writeback' out_has 'status 1'
ok '... is told of by fsync' err_has "fsync failed for 'mnt/big': No space left on device"
ok '... and what fsync has taken stays' keeps
done_testing
