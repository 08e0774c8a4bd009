#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Requests come by io_uring where a mount or --transport says so, in runs and in
# servers; and the parameter of the fuse module that allows it is then what it was,
# however a run ends.
. "$(cd "${srcdir:-.}" && pwd)/tests/cli/lib.sh"

parameter=/sys/module/fuse/parameters/enable_uring
cat >ring.yaml <<'END'
# One read by io_uring, and one by the device
fusescen: 1
mounts:
  ring: {transport: uring, files: {/data: {size: 4K}}}
  dev: {transport: dev, files: {/data: {size: 4K}}}
actors: [app]
steps:
  - app: r = open("ring:/data", O_RDONLY)
  - app: d = open("dev:/data", O_RDONLY)
  - app: pread(r, 4K, 0) = 4K
  - app: pread(d, 4K, 0) = 4K
END
scenario plain.yaml 0
fs run --transport=fast plain.yaml
ok 'an unknown transport is refused' gave 99
ok '... in words' err_has '"fast" is not dev, uring or both'
fs serve --transport=both plain.yaml .
ok 'a server has one of them' err_has '"both" is not dev or uring'
fs explore --transport=both plain.yaml
ok '... and so has a story' err_has '"both" is not dev or uring'
fs doctor
ok 'doctor knows of it' out_has 'uring'

fs run ring.yaml
if [ "$status" = 77 ]; then
	ok 'without it there is a reason' out_has 'skip.*(io_uring|not root|/dev/fuse)'
	done_testing
	exit
fi
was=$(cat $parameter)
is() { [ "$(cat $parameter)" = "$1" ]; }
ok 'a run by io_uring' gave 0
ok '... leaves the parameter as it was' is "$was"
fs run --log log ring.yaml
by() { grep '"event":"request"' log | grep "\"mount\":\"$1\"" | grep -c '"queue":'; }
comes() { [ "$(by "$1")" "$2" 0 ]; }
ok 'the log says which requests came by it' comes ring -gt
ok '... and which did not' comes dev -eq

fs run --transport=both plain.yaml
ok 'both transports' gave 0
ok '... are two runs' out_has '^2 passed'
ok '... of which one is by io_uring' out_has '^pass .*plain.yaml by uring '
fs run --tap --transport=both plain.yaml
ok 'TAP tells them apart' out_has '^ok 2 - plain.yaml\+uring$'
fs run --ktap --transport=both plain.yaml
ok 'KTAP, too' out_has 'ok 2 plain.yaml\+uring$'
fs run --transport=both --junit junit.xml plain.yaml
ok 'and JUnit has a suite for each' [ "$(grep -c '<testsuite ' junit.xml)" = 2 ]
fs matrix --transport=both plain.yaml
ok 'a table has a column for each' out_has 'uring'

cat >story.yaml <<'END'
# What comes by io_uring is answered wrong
fusescen: 1
mounts: {fs: {files: {/data: {size: 10, fill: x, open: [direct_io]}}}}
rules: [{op: READ, where: {queue: 0..}, reply: {data: "yyyyyyyyyy"}}]
actors: [a, b]
steps:
  - a: fd = open("/data", O_RDWR)
  - b: fd = open("/data", O_RDWR)
  - explore: {a: "pread(fd, 10, 0)", b: "pread(fd, 10, 0)"}
END
fs explore --transport=uring story.yaml
ok 'a story by io_uring' gave 1
ok '... is shown by io_uring' out_has '^# as a scenario it fails 20 of 20 times$'
ok '... and says so' out_has '^# with --transport uring$'

scenario odd.yaml 0 'rules: [{op: ACCESS, reply: {error: ENOSYS, expect_write: EINVAL}}]'
fs run --transport=uring odd.yaml
ok 'what cannot be said by io_uring is skipped' gave 77
ok '... with its line' out_has 'line [0-9]+: the kernel does not tell'
scenario init.yaml 0 'rules: [{op: INIT, reply: {max_write: 4K}}]'
fs run --transport=uring init.yaml
ok 'and so is a rule about INIT' out_has 'a rule of its own answers INIT'

mkdir m
echo '{fusescen: 1, mounts: {fs: {files: {/data: {data: hello}}}}}' >served.yaml
fs serve --transport=uring --log slog served.yaml m -- cat m/data
ok 'a server by io_uring' gave 0
ok '... serves' out_is hello
served_by_ring() { grep '"op":"READ"' slog | grep -q '"queue":'; }
ok '... by it' served_by_ring
cat >warns.yaml <<'END'
fusescen: 1
mounts: {fs: {files: {/data: {data: hello}}}}
rules: [{op: FSYNC, notify: {retrieve: /data, offset: 0, size: 1}}]
END
fs serve --transport=uring warns.yaml m -- true
ok 'of what the kernel warns is not served' gave 99
ok '... with its line' err_has 'line 3: the kernel warns of .* notify_unique 0'
echo '{fusescen: 1, mounts: {fs: {}}, rules: [{op: INIT, reply: {max_write: 4K}}]}' \
	>init-served.yaml
fs serve --transport=uring init-served.yaml m -- true
ok 'nor is a rule about INIT' gave 99
ok '... in the same words' err_has 'a rule of its own answers INIT'
echo '{fusescen: 1, mounts: {fs: {backing: null, files: {/data: {size: 8K}}}}}' >null.yaml
fs serve --transport=uring null.yaml m -- \
	sh -c 'echo x | dd of=m/data conv=notrunc status=none && head -c 4096 m/data | wc -c'
ok 'a null server, too' out_has '^ *4096$'
ok 'nothing is left of all that' is "$was"

[ "$was" = N ] || { done_testing; exit; }
sed 's/^steps:/steps:\n  - sleep: 5s/' ring.yaml >slow.yaml
setsid timeout 60 "$FUSESCEN" run slow.yaml >/dev/null 2>&1 &
ok 'while a run needs it, it is on' soon is Y
fs run ring.yaml
ok 'a second run meanwhile' gave 0
ok '... leaves it on' is Y
kill -9 -$!
ok 'and after a kill it is off' soon is N
# of equal time limits, so that they begin in this order
sleep='\n  - sleep: 5s'
sed "s/^mounts:/timeout: 60s\n&/" ring.yaml >limited.yaml
sed 's/^steps:/&\n  - sleep: 3s/' limited.yaml >short.yaml
sed "s/transport: uring/transport: dev/; s/^steps:/&$sleep$sleep$sleep$sleep/" \
	limited.yaml >other.yaml
setsid timeout 60 "$FUSESCEN" run --jobs 2 short.yaml other.yaml >both 2>/dev/null &
ok 'a run that needs it ends' soon grep -q '^pass .*short.yaml' both
ok '... while one goes on that was forked meanwhile' kill -0 $!
kill -9 -$!
done_testing
