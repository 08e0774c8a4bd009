#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# fusescen run --kernel with a real kernel: the newest in the cache.  What makes
# it panic and hang is the monitor of qemu.
. "${srcdir:-.}/tests/vm/lib.sh"
. "${srcdir:-.}/tests/cli/lib.sh"

if why=$(no_machine); then
	echo "1..0 # SKIP $why"
	exit
fi
kernel=$(kernels is_stock | tail -n 1)
qemu=${FUSESCEN_QEMU:-qemu-system-x86_64}

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

# --- it searches by itself

# explored FILE READ: b's READ is answered so
explored() {
	cat >"$1" <<END
fusescen: 1
mounts: {fs: {files: {/data: {size: 10, fill: x, open: [direct_io]}}}}
rules: [{op: READ, actor: b, reply: {data: $2}}]
actors: [a, b]
steps:
  - a: fd = open("/data", O_RDWR)
  - b: fd = open("/data", O_RDWR)
  - explore: {a: "pread(fd, 10, 0)", b: "pread(fd, 10, 0)"}
END
}
explored right.yaml xxxxxxxxxx
explored wrong.yaml yyyyyyyyyy
fs explore --kernel "$kernel" --runs 5 right.yaml wrong.yaml
ok 'explore' gave 1
ok 'explore: what is right' err_has "^pass +right\.yaml  .*[0-9] orders?, "
ok 'explore: what is not' err_has "^fail +wrong\.yaml  .*[0-9] orders?, "
ok 'explore: its first line' out_has '^# An order that cannot be right$'
ok 'explore: it was run there' out_has '^# as a scenario it fails 20 of 20 times$'
ok 'explore: where' out_has "^# on ${kernel%+*}"
fs explore --kernel "$kernel" --generate 1 --stories 2 --time 2s
ok 'explore: stories' err_has '^2 stories, '

# --- what becomes of a kernel that does not get that far

printf 'no kernel at all\n' >garbage
fs run --kernel ./garbage pass.yaml
ok 'garbage' gave 99
ok 'garbage: said' out_has '^error pass\.yaml on \./garbage: the kernel does not boot'

# A machine with a monitor, whose commands are written to monitor.in.
mkfifo monitor.in monitor.out
cat >machine <<'END'
#!/bin/sh
last=
for arg; do
	shift
	[ "$last" != -append ] || arg="unknown_nmi_panic ${arg%%rdinit=*}${init:-rdinit=${arg#*rdinit=}}"
	set -- "$@" "$arg"
	last=$arg
done
exec "$qemu" "$@" -chardev pipe,id=monitor,path=monitor -mon chardev=monitor
END
chmod +x machine
FUSESCEN_QEMU=./machine
export FUSESCEN_QEMU qemu

init=rdinit=/nothere fs run --kernel "$kernel" pass.yaml
ok 'a panic while booting' gave 99
ok 'a panic while booting: said' out_has '^error pass\.yaml on .*: the kernel does not boot: Kernel panic'

{
	head -n 4 late.yaml
	echo 'timeout: 10min'
} >long.yaml

# meanwhile COMMAND: once the first run is over, and the second under way
meanwhile() {
	: >.out/out
	timeout 600 "$FUSESCEN" run --kernel "$kernel" pass.yaml long.yaml pass.yaml \
		>.out/out 2>.out/err &
	until grep -q '^pass' .out/out || ! kill -0 $! 2>/dev/null; do
		sleep 0.1
	done
	timeout 60 sh -c 'echo "$1" >monitor.in' sh "$1"
	wait $!
}
meanwhile nmi
ok 'a panic: only its run has failed' out_has '^2 passed, 1 failed'
ok 'a panic: whose' out_has '^long\.yaml: fail: the machine died: '
ok 'a panic: the console' out_has '^ +\[.*Kernel panic - not syncing: NMI'
FUSESCEN_PATIENCE=20
meanwhile stop
ok 'a hang: whose' out_has '^long\.yaml: fail: the machine hangs'
ok 'a hang: the others' out_has '^2 passed, 1 failed'
done_testing
