#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# fio writes at random places, through the page cache, past it and through memory
# maps, all at once, and what it then reads has the right checksums.  A second fio
# reads what is on the mount, and a third one what a mirror has below it, without
# fusescen in between.
. "${srcdir:-.}/tests/thirdparty/lib.sh"
needs fio

cat >jobs.fio <<END
[global]
directory=\${IN}
size=$(size 512k 12m)
loops=$(size 1 4)
bs=4k
rw=randwrite
randseed=1
verify=crc32c
verify_fatal=1
[buffered]
ioengine=psync
fsync=32
[direct]
direct=1
ioengine=libaio
iodepth=8
[mapped]
ioengine=mmap
[large]
bsrange=4k-128k
rw=write
ioengine=psync
END
cat >both.sh <<'END'
fio jobs.fio && fio --verify_only jobs.fio
END
IN=mnt
export IN
everywhere 'fio' sh both.sh
# The last one was on the mirror.
IN=dir timeout 300 fio --verify_only --output=.out/fio jobs.fio >.out/out 2>.out/err
status=$?
ok 'fio: what is below is the same' gave 0
dd if=/dev/urandom of=dir/mapped.0.0 bs=4k count=4 conv=notrunc 2>.out/err
IN=dir timeout 300 fio --verify_only --output=.out/fio jobs.fio >.out/out 2>.out/err
status=$?
ok 'fio: it would see what is not' test "$status" != 0

# A full disk, and a bad one: fio says so
on mirror "$examples/full-disk.yaml" fio --name=big --directory=mnt --size=2m \
	--rw=write --bs=64k --ioengine=psync
ok 'fio: a full disk' err_has 'No space left on device'
on mirror "$here/fsync.yaml" fio --name=bad --directory=mnt --size=1m \
	--rw=write --bs=4k --fsync=8 --ioengine=psync
ok 'fio: an fsync that fails' err_has 'Input/output error'
for kept in memory mirror; do
	on $kept "$here/late.yaml" fio --name=late --directory=mnt --size=1m \
		--rw=write --bs=4k --end_fsync=1 --ioengine=psync
	ok "fio: $kept: writes were taken that do not fit: fsync tells" err_has \
		'No space left on device'
done
done_testing
