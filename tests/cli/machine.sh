#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Settings of the whole machine hold during a run, and are what they were after it,
# however it ends: also if all of its processes are killed.
. "$(cd "${srcdir:-.}" && pwd)/tests/cli/lib.sh"

setting=/proc/sys/fs/fuse/max_pages_limit
if ! can_run || [ ! -w $setting ]; then
	echo "1..0 # SKIP $setting cannot be set here"
	exit
fi
was=$(cat $setting)
cat >slow.yaml <<'END'
# Another limit, for a while
fusescen: 1
machine: {max_pages_limit: 77}
mounts: {fs: {files: {/data: {}}}}
actors: [app]
steps:
  - app: stat("/data") = 0
  - sleep: 4s
END
cat >quick.yaml <<'END'
# Another limit, and a setting that takes no such value
fusescen: 1
machine: {max_pages_limit: 78, max_user_bgreq: 0}
mounts: {fs: {files: {/data: {}}}}
actors: [app]
steps:
  - app: stat("/data") = 0
END
is() { [ "$(cat $setting)" = "$1" ]; }
becomes() { # becomes VALUE: within ten seconds
	i=0
	until is "$1" || [ $i = 200 ]; do
		sleep 0.05
		i=$((i + 1))
	done
	is "$1"
}

fs run quick.yaml
if out_has 'other runs on this machine are in the way'; then
	skip 'settings of the machine' 'other runs do not leave it alone'
	done_testing
	exit
fi
ok 'a run with settings' gave 0
ok '... puts them back' is "$was"
sed 's/77/0/' slow.yaml >refused.yaml
fs run refused.yaml
ok 'a value that the kernel refuses is a reason to skip' gave 77
ok '... which is said' out_has 'cannot set max_pages_limit to 0: Invalid argument'
ok '... and changes nothing' is "$was"
fs check quick.yaml
ok 'a check says that the machine is changed' out_has 'another max_pages_limit of the whole machine'

# What the settings do.
cat >pages.yaml <<'END'
# A request has no more pages than the machine allows, whatever the server agrees to
fusescen: 1
machine: {max_pages_limit: "${limit}"}
mounts:
  fs: {init: {flags: [max_pages], max_pages: 256}, files: {/data: {open: [direct_io]}}}
actors: [app]
cases:
  - {case: few, limit: 16, size: 64K, count: 16}
  - {case: more, limit: 64, size: 256K, count: 4}
steps:
  - app: fd = open("/data", O_WRONLY)
  - app: pwrite(fd, 1M, 0) = 1M
expect:
  - {count: "WRITE /data size=${size}", is: "${count}"}
  - {count: WRITE /data, is: "${count}"}
END
cat >uring.yaml <<'END'
# io_uring is offered to servers only where the machine's parameter says so
fusescen: 1
machine: {enable_uring: "${enabled}"}
needs: "${needs}"
mounts:
  fs: {files: {/data: {}}}
actors: [app]
cases:
  - {case: enabled, enabled: 1, needs: over_io_uring, is: 1}
  - {case: disabled, enabled: 0, needs: [], is: 0}
steps:
  - app: stat("/data") = 0
expect:
  - {count: INIT flags2=over_io_uring, is: "${is}"}
END
fs run pages.yaml
ok 'no request has more pages than the machine allows' gave 0
if [ -w /sys/module/fuse/parameters/enable_uring ]; then
	fs run uring.yaml
	ok 'io_uring is offered where the parameter says so' gave 0
else
	skip 'io_uring is offered where the parameter says so' 'no enable_uring'
fi

cat >background.yaml <<'END'
# What a server without CAP_SYS_ADMIN may have under way is limited by the machine, whatever it asks for
fusescen: 1
needs: [root]
machine: {max_user_bgreq: 3}
mounts:
  fs:
    unprivileged: ${unprivileged}
    init: {flags: [writeback_cache], max_background: 12, max_write: 64K}
    files: {/data: {}}
rules:
  - {op: WRITE, file: /data, hold: disk}
actors: [app]
cases:
  - {case: without, unprivileged: true,  under_way: 3}
  - {case: with,    unprivileged: false, under_way: 12}
steps:
  - app: fd = open("/data", O_RDWR)
  - app: pwrite(fd, 2M, 0) = 2M
  - app: fsync(fd) ...
  - held: {gate: disk, count: "${under_way}"}
  - release: disk
  - app: ... = 0
expect:
  - {max_in_flight: WRITE /data, is: "${under_way}"}
END
fs run background.yaml
ok 'a server without CAP_SYS_ADMIN has no more under way than the machine allows' gave 0

# The starter is killed, and its run dies with it.
setsid timeout 60 "$FUSESCEN" run slow.yaml >/dev/null 2>&1 &
starter=$!
ok 'the setting holds during the run' becomes 77
kill -9 -$starter
wait $starter 2>/dev/null
ok 'killed: the setting is put back' becomes "$was"

# The next one waits until it is.
setsid timeout 60 "$FUSESCEN" run slow.yaml >/dev/null 2>&1 &
starter=$!
becomes 77
kill -9 -$starter
fs run quick.yaml
ok 'a run after one that was killed' gave 0
ok '... leaves the first value' is "$was"

# Control groups of actors.
cat >frozen.yaml <<'END'
# An actor is frozen for a while
fusescen: 1
needs: [freezer]
mounts: {fs: {files: {/data: {}}}}
actors: [app, third]
steps:
  - app: stat("/data") = 0
  - freeze: app
  - frozen: app
  - third: stat("/data") = 0
  - sleep: 4s
END
groups=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
fs run frozen.yaml
if [ "$status" = 77 ] || [ -z "$groups" ]; then
	skip 'frozen actors' 'no control groups of version 2 here'
	done_testing
	exit
fi
left() { ls "$groups" | grep '^fusescen-'; }
appears() {
	i=0
	until left >/dev/null || [ $i = 200 ]; do
		sleep 0.05
		i=$((i + 1))
	done
	left >/dev/null
}
goes() {
	i=0
	while left >/dev/null && [ $i != 200 ]; do
		sleep 0.05
		i=$((i + 1))
	done
	! left >/dev/null
}
ok 'a run that ends with a frozen actor' gave 0
ok '... leaves no control group' goes
setsid timeout 60 "$FUSESCEN" run frozen.yaml >/dev/null 2>&1 &
starter=$!
ok 'there is a control group during the run' appears
sleep 1
kill -9 -$starter
wait $starter 2>/dev/null
ok 'killed: it is removed' goes
done_testing
