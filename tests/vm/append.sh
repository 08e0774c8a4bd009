#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# fusescen run --append: what it says arrives at the kernel, and at its modules, and words
# that the kernel does not know are in nobody's way.
. "${srcdir:-.}/tests/vm/lib.sh"
. "${srcdir:-.}/tests/cli/lib.sh"

if why=$(no_machine); then
	echo "1..0 # SKIP $why"
	exit
fi
kernel=$(kernels is_stock | tail -n 1)
cat >uring.yaml <<'END'
# io_uring is offered when the module was told so
fusescen: 1
needs: [over_io_uring]
mounts: {fs: {files: {/data: {size: 4K}}}}
actors: [app]
steps: [app: 'access("/data", F_OK) = 0']
END
fs run --kernel "$kernel" --append 'no-such-word fuse.enable_uring=1' uring.yaml
ok 'a parameter of the module' out_has '^1 passed'
fs run --kernel "$kernel" uring.yaml
ok 'not without' out_has 'this kernel does not offer over_io_uring'
sed 's/needs: .*/needs: [over_io_uring, {kernel_args: fuse.enable_uring=1}]/' uring.yaml >needs.yaml
fs run --kernel "$kernel" uring.yaml needs.yaml
ok 'a scenario that needs it gets it' out_has '^pass +needs.yaml'
ok 'and no other' out_has '^skip +uring.yaml'
done_testing
