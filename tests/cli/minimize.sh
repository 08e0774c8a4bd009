#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# fusescen minimize: what is left fails in the same way, is what a person would have
# written, and is not wrong itself.
. "${srcdir:-.}/tests/cli/lib.sh"

# What a scenario looks like that has grown: two cases, three actors, faults that have
# nothing to do with it.  A reply with wrong bytes stands for a wrong kernel.
cat >grown.yaml <<'END'
# Everything that our program does
fusescen: 1
needs: [dev_fuse]
mounts:
  fs:
    workers: 2
    files:
      /data: {size: 64K, fill: x}
      /other: {size: 4K}
      /dir/name: {}
states: {disk: good}
rules:
  - {op: FSYNC, times: 3, reply: {error: EIO}, set: {disk: bad}}
  - {op: WRITE, file: /data, actor: writer, hold: disk}
  - {op: READ, file: /data, nth: "${nth}", reply: {data: "hexlo"}}
  - {op: GETATTR, delay: 1ms}
actors: [writer, reader, idle]
cases:
  - {case: good, nth: 99}
  - {case: bad, nth: 1..}
steps:
  - idle: stat("/other") = {size=4K}
  - idle: readdir("/dir") = [name]
  - writer: fd = open("/data", O_RDWR|O_TRUNC)
  - writer: pwrite(fd, "hello", 0) ...
  - held: {gate: disk, count: 1}
  - blocked: writer
  - release: disk
  - writer: ... = 5
  - reader: other = open("/other", O_RDONLY)
  - reader: pread(other, 4K, 0) = 4K
  - reader: fd = open("/data", O_RDONLY)
  - reader: pread(fd, 5, 0) = 5 "hello"
  - writer: fsync(fd) = -1 EIO
expect:
  - {count: WRITE /data, is: 1}
  - never: READ /dir
END

fs minimize
ok 'no file' gave 99
echo 'fusescen: 2' >broken.yaml
fs minimize broken.yaml
ok 'no scenario' gave 99
ok 'no scenario: why' err_has '^broken.yaml:1:11: error:'
fs minimize -o out grown.yaml broken.yaml
ok 'one output for two files' err_has 'are for one file'

if ! can_run; then
	skip 'what is left' 'nothing can be run here'
	done_testing
	exit
fi

scenario passes.yaml 0
fs minimize passes.yaml
ok 'it does not fail' gave 99
ok 'it does not fail: why' err_has '^fusescen: passes.yaml: it does not fail$'
fs minimize grown.yaml:good
ok 'the case does not fail' gave 99

fs minimize -o small.yaml grown.yaml
ok 'a grown scenario' gave 0
ok 'it says which case' err_has '^grown.yaml: case bad$'
ok 'it says what it tried' \
	err_has '^  parts +[0-9]+ tried, [0-9]+ left no valid scenario, [0-9]+ taken$'
ok 'it says how far it came' err_has '^grown.yaml: [0-9]+ lines of 37, '
ok '15 lines at most' [ "$(wc -l <small.yaml)" -le 15 ]
ok 'the title says what is wrong' grep -qx \
	'# pread(fd, 5, 0) = 5 "hexlo", and should be 5 "hello"' small.yaml
ok 'the original has its name' grep -qx \
	'# What is left of "Everything that our program does"' small.yaml
fs check small.yaml
ok 'it is a scenario' gave 0
ok 'nothing in it is unused' out_lacks 'note:'
fs run --repeat 20 small.yaml
ok 'it fails' gave 1
ok 'it fails in the same way' out_has 'actual: +pread\(fd, 5, 0\) = 5 "hexlo"'
# The rule alone would fail without them, but "hello" would be wrong then.
ok 'what makes the expectation right stays' grep -q 'pwrite(fd, "hello", 0)' small.yaml
ok 'the step is as it was' grep -qx '  - reader: pread(fd, 5, 0) = 5 "hello"' small.yaml
ok 'what has nothing to do with it goes' [ -z "$(grep -E \
	'idle|other|FSYNC|GETATTR|cases|states|blocked' small.yaml)" ]
fs minimize -o again.yaml small.yaml
sed 1,2d small.yaml >one && sed 1,2d again.yaml >two
ok 'nothing more can go' cmp -s one two

# The tmpfs judges scenarios with an empty file, too.
cat >empty.yaml <<'END'
# A file without data
fusescen: 1
mounts: {fs: {files: {/data: {size: 4K, fill: x}, /empty: {data: ""}}}}
rules: [{op: READ, file: /data, reply: {data: hexlo}}]
actors: [app]
steps:
  - app: stat("/empty") = {size=0}
  - app: fd = open("/data", O_RDWR)
  - app: pwrite(fd, "hello", 0) = 5
  - app: other = open("/data", O_RDONLY)
  - app: pread(other, 5, 0) = 5 "hello"
END
fs minimize --bold empty.yaml
ok 'an empty file' gave 0
ok 'an empty file goes' out_lacks empty
ok 'what makes the expectation right stays there' out_has 'pwrite\(fd, "hello", 0\)'

# an expected errno has a cause, and without it the expectation would be wrong
cat >errno.yaml <<'END'
# A write that must fail
fusescen: 1
mounts: {fs: {files: {/data: {size: 4K, open: [direct_io]}, /more: {}}}}
rules:
  - {op: READ, delay: 1ms}
  - {op: WRITE, nth: 2, reply: {error: ENOSPC}}
actors: [app]
steps:
  - app: fd = open("/data", O_RDWR)
  - app: pread(fd, 10, 0) = 10
  - app: pwrite(fd, "x", 0) = -1 ENOSPC
END
fs minimize errno.yaml
ok 'an errno that does not come' gave 0
ok 'the rule that gives it stays' out_has 'error: ENOSPC'
ok 'other rules go' out_lacks 'delay'
ok 'what the kernel is told stays' out_has 'direct_io'
fs minimize --bold errno.yaml
ok '--bold: that goes too' out_lacks 'direct_io|rules'
fs minimize --leave 'delay: 1ms' errno.yaml
ok '--leave' out_has '\{op: READ, delay: 1ms\}'

# several failures
cat >two.yaml <<'END'
# Two checks fail
fusescen: 1
mounts: {fs: {files: {/data: {}}}}
actors: [app]
steps:
  - app: fd = open("/data", O_RDONLY)
  - app: fsync(fd)
expect:
  - {count: OPEN /data, is: 2}
  - never: FSYNC /data
END
fs minimize two.yaml
ok 'the first failure' out_has 'count: OPEN'
ok 'the first failure alone' out_lacks 'FSYNC|fsync'
fs minimize --keep 'never: FSYNC' two.yaml
ok '--keep: another one' out_has '^  - never: FSYNC'
ok '--keep: it alone' out_lacks 'count: OPEN'
fs minimize --keep nothing two.yaml
ok '--keep: no such text' err_has 'no failure has that text'

# by chance: one that does not fail each time is not made smaller
cat >chance.yaml <<'END'
# Either write may be first
fusescen: 1
mounts: {fs: {workers: 2, files: {/data: {open: [direct_io, parallel_direct_writes]}}}}
rules: [{op: WRITE, delay: 0ms..9ms}]
actors: [a, b]
steps:
  - a: fd = open("/data", O_RDWR)
  - b: fd = open("/data", O_RDWR)
  - a: pwrite(fd, 1, 0) ...
  - b: pwrite(fd, 1, 1) ...
  - a: ... = ?
  - b: ... = ?
expect:
  - order: [b pwrite returns, a pwrite returns]
END
# It may also pass at once, which says nothing.
by_chance() {
	fs minimize --times 300 chance.yaml
	gave 99 && err_has '^fusescen: chance.yaml: it fails so in [0-9]+ of 300 runs$'
}
ok 'a failure by chance is refused' soon by_chance

# stopped, continued, and another search
"$FUSESCEN" minimize --times 100 --continue left grown.yaml >.out/killed 2>&1 &
pid=$!
ok 'a file is there before the end' soon test -s left
kill -KILL $pid
wait $pid 2>/dev/null
ok 'it begins with its name' grep -q '^fusescen minimize 1 [0-9a-f]*$' left
fs minimize --continue left -o continued.yaml grown.yaml
ok 'continued' gave 0
ok 'continued: the same comes of it' cmp -s small.yaml continued.yaml
fs minimize --continue left -o continued.yaml grown.yaml
ok 'continued at the end' gave 0
ok 'continued at the end: nothing is tried again' err_has ' 0 of 0 cuts taken'
fs minimize --continue left errno.yaml
ok 'continued with another file' gave 99
ok 'continued with another file: why' err_has '^fusescen: left: it belongs to another search$'
head -c 40 left >bad
fs minimize --continue bad grown.yaml
ok 'a file that is cut off' gave 99
fs minimize --keep hexlo --times 1 --continue kept grown.yaml
sed '/^---$/q' kept >bad
echo 'steps: 1' >>bad
fs minimize --keep hexlo --continue bad grown.yaml
ok 'a file with something else than a scenario' gave 99
ok 'a file with something else than a scenario: why' \
	err_has '^fusescen: bad: there is no scenario in it that can be loaded$'
echo 'a: [' >>bad
fs minimize --keep hexlo --continue bad grown.yaml
ok 'a file with what is no YAML' gave 99
echo hello >bad
fs minimize --continue bad grown.yaml
ok 'a file of something else' err_has '^fusescen: bad: this is no file of --continue$'

"$FUSESCEN" minimize --times 100000 grown.yaml >/dev/null 2>.out/err &
pid=$!
sleep 1
kill -TERM $pid
wait $pid
status=$?
ok 'a signal ends it' gave 99
ok 'a signal ends it: it says so' err_has 'ended by signal 15'

done_testing
