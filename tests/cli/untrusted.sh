#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Files of strangers: what asks for anything is refused, and what is known to stop a
# kernel is recognized although it does not say so.  Neighbours of it are not.
top=$(cd "${srcdir:-.}" && pwd) || exit 99
. "$top/tests/cli/lib.sh"
. "$top/tests/vm/lib.sh"
its_cache=$cache its_qemu=$FUSESCEN_QEMU
FUSESCEN_CACHE=$PWD/cache FUSESCEN_QEMU=/nowhere/qemu
export FUSESCEN_CACHE FUSESCEN_QEMU

plain() { # plain FILE STEP [SECTION...]
	file=$1 step=$2
	shift 2
	{
		echo "# $file"
		echo 'fusescen: 1'
		printf '%s\n' "$@"
		echo 'mounts: {fs: {files: {/data: {size: 4K}}}}'
		echo 'actors: [app]'
		echo "steps: [{app: '$step'}]"
	} >"$file"
}

plain tame.yaml 'stat("/data")'
plain hazard.yaml 'stat("/data")' 'hazard: kernel_crash'
plain needs.yaml 'stat("/data")' 'needs: [root]'
plain caches.yaml 'drop_caches(1)'
plain umount.yaml 'umount("/")'
plain node.yaml 'mknod("/d", 0060644, 1)'
plain fifo.yaml 'mknod("/d", 0010644)'
printf '# host\nfusescen: 1\nmounts: {fs: {backing: {mirror: /etc}}}\n' >host.yaml
printf '# ids\nfusescen: 1\nmounts: {fs: {}}\nactors: [app: {uid: 1, gid: 1}]\n' >ids.yaml
printf '# dev\nfusescen: 1\ndevices: {d: {name: fusescen-x}}\n' >dev.yaml

fs check --untrusted tame.yaml fifo.yaml
ok 'what asks for nothing is fine' gave 0
ok 'and nothing is said' is_silent
for file in hazard needs caches umount node host ids dev; do
	fs check --untrusted $file.yaml
	ok "$file: check refuses it" gave 99
	ok "$file: and tells why" out_has "^$file.yaml:[0-9]+: asks for "
	fs run --untrusted $file.yaml
	ok "$file: run refuses it" gave 99
	ok "$file: and tells why" err_has "^$file.yaml:[0-9]+: asks for "
done
fs run --untrusted tame.yaml
ok 'where it runs is said' err_has 'on this machine, because there can be no virtual machine'
if can_run; then
	ok 'what asks for nothing runs' gave 0
else
	skip 'what asks for nothing runs' 'nothing can run here'
fi
for with in --allow-hazard '--allow-host /etc'; do
	fs run --untrusted $with tame.yaml
	ok "--untrusted with $with" gave 99
done

# ---- a hazard that says nothing

shape() { # shape FILE OPEN-FLAGS RULES STEP...
	file=$1 flags=$2 rule=$3
	shift 3
	{
		echo "# $file"
		echo 'fusescen: 1'
		printf '%s' "$declared"
		echo "mounts: {fs: {files: {/data: {size: 64K, open: [$flags]}, /other: {size: 4K}}}}"
		echo "rules: [$rule]"
		echo 'actors: [m, a, b]'
		echo 'steps:'
		echo '  - m: fd = open("/data", O_RDWR)'
		echo '  - a: fd = open("/data", O_RDWR)'
		echo '  - b: fd = open("/data", O_RDWR)'
		for step; do printf '  - %s\n' "$step"; done
	} >"$file"
}
declared=
both='direct_io, parallel_direct_writes'
read='{op: READ, file: /data, delay: 1ms}'
map='m: v = mmap(fd, 4K, 0, PROT_READ, MAP_PRIVATE)'
one='a: pwrite(fd, 4K, 0)'
two='b: pwrite(fd, 4K, 0)'

shape crash.yaml "$both" "$read" "$map" "$one" "$two"
fs check crash.yaml
ok 'check recognizes it' out_has '^crash.yaml:4: asks for a machine of its own, without saying so'
fs run crash.yaml
ok 'and run skips it' gave 77
ok 'with the reason' out_has 'hazard: kernel_crash \(parallel direct writers'
fs check --untrusted crash.yaml
ok 'untrusted: refused' gave 99

also() { # also TEXT FLAGS RULES STEP...
	text=$1
	shift
	shape also.yaml "$@"
	fs check also.yaml
	ok "one as well: $text" out_has 'a machine of its own, without saying so'
}
words='open_flags: [direct_io, parallel_direct_writes]'
bytes=00000000000000004100000000000000
also 'a rule opens it' '' "$read, {op: OPEN, reply: {$words}}" "$map" "$one" "$two"
also 'the bytes of a reply' '' "$read, {op: OPEN, file: /data, reply: {raw: $bytes}}" "$map" "$one" "$two"
also 'a step answers' '' "$read, {op: OPEN, hold: g}" "answer: {gate: g, $words}" "$map" "$one" "$two"
also 'a step answers with bytes' '' "$read, {op: OPEN, hold: g}" "answer: {gate: g, raw: $bytes}" \
	"$map" "$one" "$two"
also 'a rule answers for another' '' \
	"$read, {op: OPEN, hold: g}, {op: GETATTR, answer: {gate: g, $words}}" "$map" "$one" "$two"
also 'no worker reads' "$both" '{op: STATFS, stall: true}' "$map" "$one" "$two"
also 'a step stalls the workers' "$both" '{op: WRITE, file: /other, reply: {error: EIO}}' 'stall: fs' "$map" "$one" "$two"
also 'a file that is made' '' "{op: READ, delay: 1ms}, {op: [OPEN, CREATE], file: /new, reply: {$words}}" \
	'm: f = open("/new", O_RDWR|O_CREAT, 0600)' 'a: f = open("/new", O_RDWR)' 'b: f = open("/new", O_RDWR)' \
	'm: v = mmap(f, 4K, 0, PROT_READ, MAP_PRIVATE)' 'a: pwrite(f, 4K, 0)' 'b: pwrite(f, 4K, 0)'
declared='protocol: {operations: {OPEN: {number: 14, override: true, request: {flags: u32, open_flags: u32},
  reply: {fh: u64, how: u32, rest: u32}}}}
'
also 'under another name' '' "$read, {op: OPEN, file: /data, reply: {fh: 1, how: 0x41}}" "$map" "$one" "$two"
declared=

near() { # near TEXT FLAGS RULE STEP...
	text=$1
	shift
	shape near.yaml "$@"
	fs check near.yaml
	ok "not one: $text" is_silent
}
near 'writes take turns' direct_io "$read" "$map" "$one" "$two"
near 'through the page cache' parallel_direct_writes "$read" "$map" "$one" "$two"
near 'no READ waits' "$both" '{op: WRITE, file: /data, delay: 1ms}' "$map" "$one" "$two"
near 'the READ of another file waits' "$both" '{op: READ, file: /other, delay: 1ms}' "$map" "$one" "$two"
near 'nothing is mapped' "$both" "$read" 'm: pread(fd, 4K, 0)' "$one" "$two"
near 'one writer' "$both" "$read" "$map" "$one" "$one"
near 'one of two reads' "$both" "$read" "$map" "$one" 'b: pread(fd, 4K, 0)'
near 'other bytes of a reply' '' "$read, {op: OPEN, file: /data, reply: {raw: 00000000000000000100000000000000}}" \
	"$map" "$one" "$two"
near 'a reply to another gate' '' "$read, {op: STATFS, hold: g}" "answer: {gate: g, raw: $bytes}" \
	"$map" "$one" "$two"

# ---- where there is a machine

FUSESCEN_CACHE=$its_cache FUSESCEN_QEMU=$its_qemu
if why=$(no_machine); then
	skip 'in a virtual machine' "$why"
else
	FUSESCEN_MARK=$work
	export FUSESCEN_MARK
	fs run --untrusted tame.yaml hazard.yaml needs.yaml ids.yaml node.yaml
	ok 'where it runs is said' err_has 'in a virtual machine, with kernel'
	ok 'what asks for something runs there' gave 0
	ok '... each file of it' [ "$(grep -c '^pass .* on ' .out/out)" = 5 ]
	unset FUSESCEN_MARK
	ok 'the machine is gone' [ -z "$(grep -lsz "^FUSESCEN_MARK=$work\$" /proc/[0-9]*/environ)" ]
fi

"$FUSESCEN" check "$top/scenarios" 2>/dev/null |
	grep 'without saying so' >.out/out
ok 'no scenario of ours is taken for one' [ ! -s .out/out ]
done_testing
