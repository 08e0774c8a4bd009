#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Calls about the whole machine, on one where nobody else is: sync(2) writes back every
# mount and waits for those of a block device only, and caches can be dropped.
. "${srcdir:-.}/tests/vm/lib.sh"
. "${srcdir:-.}/tests/cli/lib.sh"

if why=$(no_machine); then
	echo "1..0 # SKIP $why"
	exit
fi
kernel=$(kernels is_stock | tail -n 1)
cat >sync.yaml <<'END'
# sync(2) starts writeback of a mount, and does not wait for the WRITE replies
fusescen: 1
mounts:
  fs: {init: [writeback_cache], files: {/data: {size: 4K}}}
rules:
  - {op: WRITE, file: /data, hold: disk}
actors: [app, other]
steps:
  - app: fd = open("/data", O_RDWR)
  - app: pwrite(fd, 4K, 0) = 4K
  - other: sync() = 0
  - held: {gate: disk, count: 1}
  - other: sync() = 0
  - release: disk
expect:
  - order: [WRITE /data, other sync = 0, reply WRITE /data]
  - never: SYNCFS
  - {file: /data, data: "'a'*4K"}
END
cat >block.yaml <<'END'
# sync(2) waits for the replies of a mount on a block device, and then sends SYNCFS to it alone
fusescen: 1
needs: [fuseblk]
mounts:
  disk:
    fuseblk: {}
    init: [writeback_cache]
    files: {/data: {size: 4K}}
  plain: {}
rules:
  - {op: WRITE, file: disk:/data, hold: held}
actors: [app]
steps:
  - app: fd = open("disk:/data", O_RDWR)
  - app: pwrite(fd, 4K, 0) = 4K
  - app: sync() ...
  - held: {gate: held, count: 1}
  - blocked: app
  - release: held
  - app: ... = 0
expect:
  - order: [WRITE disk:/data, reply WRITE disk:/data, SYNCFS disk:/, app sync = 0]
  - {count: SYNCFS disk:/, is: 1}
fails:
  - {kernel: ">= 7.2", because: sync starts writeback and sends SYNCFS without waiting}
  - {kernel: "< 6.18", because: only virtiofs has SYNCFS}
END
cat >caches.yaml <<'END'
# Dropped caches: pages are read again, and forgotten names are looked up again
fusescen: 1
needs: [root, drop_caches]
mounts: {fs: {files: {/data: {size: 4K}, /name: {}}}}
actors: [app]
cases:
  - {case: pages, what: 1, reads: 2, lookups: 1}
  - {case: names, what: 2, reads: 1, lookups: 2}
  - {case: both, what: 3, reads: 2, lookups: 2}
steps:
  - app: fd = open("/data", O_RDONLY)
  - app: pread(fd, 4K, 0) = 4K
  - app: stat("/name") = 0
  - app: drop_caches(${what}) = 0
  - app: pread(fd, 4K, 0) = 4K
  - app: stat("/name") = 0
expect:
  - {count: READ /data, is: "${reads}"}
  - {count: LOOKUP /name, is: "${lookups}"}
END
cat >memory.yaml <<'END'
# An actor that the kernel kills because its control group has no memory left proves nothing
fusescen: 1
mounts: {fs: {files: {/long: {size: 16M}}}}
actors: [{app: {memory_max: 4M}}]
steps:
  - app: fd = open("/long", O_RDONLY)
  - app: m = mmap(fd, 16M, 0, PROT_READ, MAP_SHARED|MAP_LOCKED)
END
fs run --kernel "$kernel" sync.yaml block.yaml caches.yaml memory.yaml
for x in sync.yaml 'caches.yaml \(pages\)' 'caches.yaml \(names\)' 'caches.yaml \(both\)'; do
	ok "$x" out_has "^pass +$x"
done
ok 'memory.yaml' out_has '^error +memory.yaml on [^:]*: the kernel killed app, whose memory_max is too little'
# From 7.2 on, SYNCFS comes before the data or behind it, as the flusher happens to begin
ok 'block.yaml' out_has '^(pass|xfail|XPASS) +block.yaml'
done_testing
