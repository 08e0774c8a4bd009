#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# fusescen run --kernel with a real kernel: the newest in the cache.
. "${srcdir:-.}/tests/vm/lib.sh"
. "${srcdir:-.}/tests/cli/lib.sh"

if why=$(no_machine); then
	echo "1..0 # SKIP $why"
	exit
fi
kernel=$(kernels is_stock | tail -n 1)

scenario pass.yaml 0
scenario fail.yaml '-1 EIO'
{
	echo 'fusescen: 1'
	echo 'mounts: {fs: {files: {/data: {size: 4K}}}}'
	echo 'actors: [app]'
	echo "steps: [app: 'access(\"/data\", F_OK) = 0', {wait: FSYNC}]"
	echo 'timeout: 1s'
} >late.yaml

fs run --kernel "$kernel" --log log -v pass.yaml fail.yaml late.yaml pass.yaml
ok 'status' gave 1
ok 'a pass' out_has '^pass  pass.yaml on '
ok 'its events' out_has '^  access\("/data", F_OK\)'
ok 'a failure' out_has '^fail  fail.yaml on '
ok 'its place, by the name given here' out_has '^fail\.yaml:5:[0-9]+: fail: app: '
ok 'one too slow' out_has '^(fail|error)  ?late.yaml on '
ok 'the next one' out_has '^2 passed, '
ok 'the log' grep -q '"event":"request".*"op":"LOOKUP"' log
fs doctor --kernel "$kernel"
ok 'doctor: the kernel' out_has '^kernel [0-9]'
ok 'doctor: FUSE is there' out_has '^dev_fuse +yes'
ok 'doctor: root is' out_has '^root +yes'
done_testing
