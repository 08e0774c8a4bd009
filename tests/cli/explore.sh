#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# fusescen explore: it finds what is wrong, says what would be right, shows it as a
# scenario that fails, and accuses nobody without a reason.
stories=$(cd "${srcdir:-.}" && pwd)/explore
. "${srcdir:-.}/tests/cli/lib.sh"

# story FILE RULES PART-A PART-B
story() {
	cat >"$1" <<END
# A story
fusescen: 1
mounts:
  fs: {init: [-writeback_cache], files: {/data: {size: 10, fill: x, open: [direct_io]}}}
rules: $2
actors: [a, b, late]
steps:
  - a: fd = open("/data", O_RDWR)
  - b: fd = open("/data", O_RDWR)
  - explore:
      a: $3
      b: $4
  - a: pread(fd, 10, 0)
  - late: fd = open("/data", O_RDONLY)
  - late: fstat(fd)
  - late: pread(fd, 10, 0)
END
}

scenario plain.yaml 0
fs explore plain.yaml
ok 'a scenario without the step' gave 99
ok 'a scenario without the step: why' err_has 'it has no step "explore"'
fs explore
ok 'no file' gave 99

fs explore --kernel some --continue left plain.yaml
ok '--continue is for the running kernel' gave 99
ok '--continue is for the running kernel: said' err_has 'is for the running kernel'
fs explore --append quiet plain.yaml
ok '--append without --kernel' gave 99

if ! can_run; then
	skip 'what it finds' 'nothing can be run here'
	done_testing
	exit
fi

read='"pread(fd, 10, 0)"'
write="\"pwrite(fd, 'w'*10, 0)\""
story good.yaml '[]' "[$read, $write]" "[$read]"
fs run good.yaml
ok 'run takes the default order' gave 0
fs explore --runs 60 --time 5min good.yaml
ok 'a kernel and a server without fault: silence' out_is ''
ok '... and a pass' gave 0
ok '... that says how far it came' \
	err_has '^pass +good.yaml +6[0-9] orders, [0-9]+ compared on a tmpfs'
fs explore --time 1s -j 1 good.yaml
ok 'it ends in time' gave 0

# finds NAME TEXT: it is found, and fails as a scenario
finds() {
	fs explore --time 60s "$1.yaml"
	ok "$2" gave 1
	cp .out/out "$1-found.yaml"
	ok "$2: it says what" out_has "$3"
	ok "$2: it fails each time" out_has '^# as a scenario it fails 20 of 20 times$'
	fs check "$1-found.yaml"
	ok "$2: it is a scenario" gave 0
	fs run "$1-found.yaml"
	ok "$2: run fails with it" gave 1
}

story read.yaml '[{op: READ, nth: 2, reply: {data: "yyyyyyyyyy"}}]' "[$read]" "[$read]"
finds read 'wrong bytes' "= 10 'y'\\*10, where no order gives anything nearer than 10 'x'\\*10"

story lost.yaml '[{op: WRITE, reply: {raw: "0a00000000000000"}}]' "[$write]" "[$read]"
finds lost 'a write that the server forgets' '^# what the server has in /data at the end$'

story dropped.yaml '[{op: FSYNC, nth: 2, drop: ok}]' '["fsync(fd)"]' '["fsync(fd)"]'
finds dropped 'a call that nobody wakes' '^# a call does not return in this order$'

story expect.yaml '[]' '["pread(fd, 10, 0) = 10 '"'x'*10"'"]' "[$write]"
finds expect 'an expectation of the story' '^# a: pread\(fd, 10, 0\)'

cat >order.yaml <<'END'
# Right in the default order, wrong if b is served before a
fusescen: 1
mounts:
  fs: {init: [-writeback_cache], files: {/data: {size: 10, fill: x, open: [direct_io]}}}
states: {a_was_there: "no"}
rules:
  - {op: READ, actor: a, set: {a_was_there: "yes"}}
  - {op: READ, actor: b, when: {a_was_there: "no"}, reply: {data: "yyyyyyyyyy"}}
actors: [a, b]
steps:
  - a: fd = open("/data", O_RDWR)
  - b: fd = open("/data", O_RDWR)
  - explore:
      a: pread(fd, 10, 0)
      b: pread(fd, 10, 0)
END
fs run order.yaml
ok 'an order that run does not take' gave 0
finds order 'another order' '^# schedule: (b|a\+before:a:1:READ:fs:/data)$'

# what happens beside the calls: without the notification the page is read once
story others.yaml '[{op: READ, nth: 2, reply: {data: "yyyyyyyyyy"}}]' "[$read]" "[$read]"
sed -i -e 's/, open: \[direct_io\]//' -e 's/^      b: .*/&\n      others: [notify: {inval_inode: \/data}]/' others.yaml
finds others 'others' '^  - notify: \{inval_inode: /data\}$'

# a fault that the story allows: the call that it refuses has no effect ...
story fault.yaml '[]' "[$write]" "[$read]"
sed -i 's/^      b: .*/&\n      faults: [{op: WRITE, error: EIO}]/' fault.yaml
fs explore --time 20s --runs 200 fault.yaml
ok 'a fault, and a kernel that takes it' gave 0
# ... and if it has, that is found
story kept.yaml '[{op: READ, nth: 2, reply: {data: "wwwwwwwwww"}}]' "[$write]" "[$read]"
sed -i 's/^      b: .*/&\n      faults: [{op: WRITE, error: EIO}]/' kept.yaml
fs run kept.yaml
ok 'a write that was refused and is read: not without the fault' gave 0
finds kept 'a write that was refused and is read' \
	'^# schedule: .*a\+fault1:a:1:WRITE:fs:/data'
ok 'the fault is a rule' grep -qF \
	'  - {op: WRITE, file: /data, actor: a, nth: 1, reply: {error: EIO}}' kept-found.yaml

# nothing of a WRITE is taken: that must have been in vain ...
story short.yaml '[]' "[$write]" "[$read]"
sed -i 's/^      b: .*/&\n      faults: [{op: WRITE, short: true}]/' short.yaml
fs explore --time 20s --runs 200 short.yaml
ok 'a WRITE of which nothing is taken' gave 0
sed '/^rules:/s/\[\]/[{op: READ, nth: 2, reply: {data: "wwwwwwwwww"}}]/' short.yaml >vain.yaml
finds vain 'a write of which nothing was taken is read' \
	'^# schedule: .*a\+fault1:a:1:WRITE:fs:/data'
ok 'that nothing is taken is a rule' grep -qF 'nth: 1, reply: {raw: 00*8}}' vain-found.yaml

# a call that it does not need, in the story and behind it, is left out
story more.yaml '[{op: READ, nth: 2, reply: {data: "yyyyyyyyyy"}}]' \
	"[$read, \"fstat(fd)\"]" "[\"lseek(fd, 0, SEEK_END)\", $read]"
fs explore more.yaml
ok 'what is not needed' gave 1
ok 'what is not needed is left out' out_lacks '(fstat|lseek)\('
ok 'what is not needed: the rest fails' out_has '^# as a scenario it fails 20 of 20'

# the stories that are installed: the default order is right on every kernel
fs run --strict "$stories"
ok 'the stories' test "$status" = 0 -o "$status" = 77

# what somebody else does with the files has a place in the order of the calls ...
changed='s/-writeback_cache\]/-writeback_cache, auto_inval_data], timeouts: {attr: 0}/
	s/^      b: .*/&\n      others: [server: {truncate: \/data, size: 5}]/'
story changed.yaml '[]' "[$read]" '["fstat(fd)"]'
sed -i "$changed" changed.yaml
fs explore --time 20s --runs 300 changed.yaml
ok 'a change by the server' gave 0
story stale.yaml '[{op: READ, nth: 2, reply: {data: "xxxxxxxxxx"}}]' "[$read, $read]" '["fstat(fd)"]'
sed -i "$changed" stale.yaml
finds stale 'a change by the server that a read does not see' \
	"= 10 'x'\\*10, where no order gives anything nearer than 5"
story undone.yaml '[{op: READ, nth: 1, notify: {store: /data, off: 0, data: zz}}]' \
	"[$read]" '["fstat(fd)"]'
sed -i "$changed
	s/truncate: .data, size: 5/rename: \/data, to: \/new/" undone.yaml
fs explore --runs 5 undone.yaml
ok 'names that are changed and kept' gave 99
ok 'names that are changed and kept: why' err_has 'say timeouts: \{entry: 0\}'
# ... if the kernel asks again
sed 's/auto_inval_data], timeouts: {attr: 0}/atomic_o_trunc]/' changed.yaml >kept-for-long.yaml
fs explore --runs 5 kept-for-long.yaml
ok 'a change that the kernel need not see' gave 99
ok 'a change that the kernel need not see: why' err_has 'say auto_inval_data'
sed 's/-writeback_cache/writeback_cache/' changed.yaml >behind.yaml
fs explore --runs 5 behind.yaml
ok 'a change behind writeback_cache' err_has 'need never be seen'
sed 's/truncate: .data, size: 5/chmod: \/data, mode: 0600/' changed.yaml >chmod.yaml
fs explore --runs 5 chmod.yaml
ok 'a change of a mode' err_has 'only data, sizes and names are'

# what a tmpfs cannot do is not the kernel's fault
story zero.yaml '[]' '["fallocate(fd, FALLOC_FL_ZERO_RANGE, 0, 10)"]' "[$read]"
fs explore --runs 50 zero.yaml
ok 'nothing to compare with' gave 99
ok 'nothing to compare with: why' err_has 'a tmpfs has no such call'

# orders that are drawn
fs explore --seed 5 --time 60s order.yaml
ok 'drawn: another order is found' gave 1
ok 'drawn: it fails each time' out_has '^# as a scenario it fails 20 of 20 times$'
cp .out/out drawn
fs explore --seed 5 --time 60s -j 4 order.yaml
ok 'drawn: the same seed finds the same' cmp -s .out/out drawn
fs explore --seed 5 --runs 60 good.yaml
ok 'drawn: a kernel and a server without fault: silence' out_is ''
ok 'drawn: ... and a pass' gave 0
ok 'drawn: --runs ends it' err_has '^pass +good.yaml +6[0-9] orders'
fs explore --seed 5 --time 60s kept.yaml
ok 'drawn: a fault' out_has '^# schedule: .*a\+fault1:a:1:WRITE:fs:/data'
# what is held is not held behind the step
cat >behind.yaml <<'END'
# Who reads first sends the READ; a sends one of another page behind the step
fusescen: 1
mounts:
  fs: {init: {max_readahead: 0}, files: {/data: {size: 8K, fill: x}}}
actors: [a, b]
steps:
  - a: fd = open("/data", O_RDONLY)
  - b: fd = open("/data", O_RDONLY)
  - explore: {a: "pread(fd, 10, 0)", b: "pread(fd, 10, 0)"}
  - a: pread(fd, 10, 4K) = 10
END
fs explore --seed 1 --runs 150 --time 60s behind.yaml
ok 'drawn: nothing is held behind the step' gave 0
fs explore --seed 5 --continue left good.yaml
ok 'drawn, and continued' gave 99

# stopped and continued
fs explore --runs 30 --continue left good.yaml
ok 'stopped' gave 0
ok 'what is left is in the file' grep -q '^[0-9]* [ab].*+after:[ab]:1:' left
before=$(wc -l <left)
fs explore --runs 30 --continue left good.yaml
ok 'continued' gave 0
ok 'continued: it goes on where it was' [ "$(wc -l <left)" -ne "$before" ]
fs explore --runs 30 --continue left lost.yaml
ok 'continued with another story' gave 99
ok 'continued with another story: why' err_has '^error +lost.yaml +left: the search of another story'
{ head -1 left; echo '3 nobody'; } >bad
fs explore --continue bad good.yaml
ok 'a schedule that is none' err_has 'bad:2: no schedule of this story'

# killed and continued
"$FUSESCEN" explore --time 60s --continue killed good.yaml >/dev/null 2>&1 &
ok 'a file is there long before the end' soon test -s killed
kill -KILL $!
wait $! 2>/dev/null
fs explore --runs 5 --continue killed good.yaml
ok 'killed and continued' gave 0

# made by chance: each can be loaded and run
fs explore --generate 1 --stories 40 --runs 1
ok 'stories made by chance' err_has '^40 stories, 0 with findings'
fs explore --generate 1 --stories 40 good.yaml
ok 'stories made by chance, and a file' gave 99

done_testing
