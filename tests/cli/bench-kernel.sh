#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# fusescen bench --kernel with a real kernel: the newest in the cache.
. "${srcdir:-.}/tests/vm/lib.sh"
. "${srcdir:-.}/tests/cli/lib.sh"

if why=$(no_machine); then
	echo "1..0 # SKIP $why"
	exit
fi
if ! command -v fio >/dev/null; then
	echo '1..0 # SKIP no fio'
	exit
fi
kernel=$(kernels is_stock | tail -n 1)

# bench VARIANT: a bench file with it beside tmpfs
bench() {
	{
		echo 'bench: 1'
		echo 'title: a test'
		echo 'fio: {rw: randread, bs: 4k, size: 1M, filename: data, ioengine: psync}'
		echo 'files: {data: 1M}'
		echo 'rows: {numjobs: [1]}'
		echo 'show: [iops]'
		echo "variants: {tmpfs: {in: tmpfs}, served: {$1}}"
	} >bench.yaml
}
bench 'serve: {fs: {fusescen: 1, mounts: {fs: {files: {/data: {size: 1M}}}}}}'
timeout 500 "$FUSESCEN" bench --quick --kernel "$kernel" --json bench.json bench.yaml >.out/out 2>.out/err
status=$?
ok 'status' gave 0
ok 'a table' out_has '^1 +\| [0-9.]+K? +\| [0-9.]+K?$'
ok 'the kernel is that one' grep -qF "Linux $kernel" .out/out
fs bench --quick --before bench.json bench.yaml
ok 'beside this kernel' gave 0
ok 'beside this kernel: both are there' [ "$(grep -c '^Linux ' .out/out)" = 2 ]
scenario pass.yaml 0
bench 'serve: {fs: pass.yaml}'
fs bench --quick --kernel "$kernel" bench.yaml
ok 'a scenario elsewhere' gave 99
ok 'a scenario elsewhere: said so' err_has 'cannot have scenarios in files of their own'
bench 'serve: {fs: {fusescen: 1, mounts: {fs: {files: {/data: {size: 1M}}}}, rules: [{op: OPEN, reply: {error: EIO}}]}}'
timeout 500 "$FUSESCEN" bench --quick --kernel "$kernel" bench.yaml >.out/out 2>.out/err
status=$?
ok 'fio fails there' gave 1
ok 'what it said' err_has 'Input/output error'
done_testing
