#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Poor environments: what the tool itself lacks is "could not run" or a skip, with
# the true reason, and never a failure of the kernel.  One row for each.
. "$(cd "${srcdir:-.}" && pwd)/tests/cli/lib.sh"

# Proofs look at threads in /proc, so this scenario notices a wrong one.
proof_scenario proof.yaml
# An actor that uses up its descriptors, which no scenario can ask for.
{
	echo 'fusescen: 1'
	echo 'mounts: {fs: {files: {/data: {size: 4K}}}}'
	echo 'actors: [app]'
	echo 'steps:'
	i=0
	while [ $i -lt 70 ]; do
		echo "  - app: fd$i = open(\"/data\", O_RDONLY)"
		i=$((i + 1))
	done
} >many.yaml
# Events of the kernel are told apart by the numbers of processes.
cat >traced.yaml <<'EOF'
# traced
fusescen: 1
mounts: {fs: {files: {/data: {size: 4K}}}}
actors: [app]
steps: [app: 'stat("/data")']
expect: [{count: trace fuse_request_send, max: 100}]
EOF
# The kernel wakes the reader because the signal will end it.
cat >signal.yaml <<'EOF'
# signal
fusescen: 1
mounts: {fs: {files: {/data: {size: 4K, open: [keep_cache]}}}}
rules: [{op: READ, file: /data, hold: disk}]
actors: [app]
steps:
  - app: fd = open("/data", O_RDONLY)
  - app: read(fd, 4K) ...
  - held: {gate: disk, count: 1}
  - signal: {app: SIGINT}
  - app: ... = killed
  - release: disk
EOF

if ! can_run; then
	skip 'poor environments' 'no scenario can run here'
	done_testing
	exit 0
fi

sanitizer=
! grep -q __asan_init "$FUSESCEN" || sanitizer=yes

# poor STATUS REGEX FILE COMMAND...: what run says of it in this environment
poor() {
	want=$1 says=$2 file=$3
	shift 3
	case $sanitizer$* in
	yes*strace*|yes*/proc|yes*--as=*)
		skip "$* ($file)" 'AddressSanitizer itself needs what is taken away'
		return
		;;
	esac
	if ! "$@" true 2>/dev/null; then
		skip "$* ($file)" 'this environment cannot be made here'
		return
	fi
	timeout 60 "$@" "$FUSESCEN" run "$file" >.out/out 2>.out/err
	status=$?
	ok "$* ($file): status $want" gave "$want"
	ok '... with the true reason' out_has "$says"
}

# without DIRECTORY COMMAND...: in a namespace that lacks it; a program, so that
# timeout(1) can start it
cat >without <<'EOF'
#!/bin/sh
exec unshare -m sh -c 'umount -l "$1" && shift && exec "$@"' sh "$@"
EOF
# with_tmpdir OPTION COMMAND...: in a tmpfs that is full, or read-only
cat >with_tmpdir <<'EOF'
#!/bin/sh
exec unshare -Urm sh -c 'mkdir -p tmp && mount -t tmpfs -o size=4k none tmp &&
	mount -o remount,"$1" tmp && { dd if=/dev/zero of=tmp/full bs=4k 2>/dev/null || :; } &&
	shift && TMPDIR=$PWD/tmp exec "$@"' sh "$@"
EOF
cat >read_only <<'EOF'
#!/bin/sh
exec unshare -m sh -c 'mount --make-rprivate / && mount -o remount,bind,ro / && exec "$@"' sh "$@"
EOF
chmod +x without with_tmpdir read_only

poor 99 'too few descriptors' proof.yaml prlimit --nofile=15:15
poor 99 'too few descriptors' proof.yaml prlimit --nofile=13:13
poor 99 '^error .*((no|too few) descriptors|Too many open files)' proof.yaml prlimit --nofile=6:6
poor 0 '^pass' proof.yaml prlimit --nofile=15:4096
poor 0 '^pass' proof.yaml prlimit --nofile=6:4096
poor 99 'fd[0-9]* = open.*no descriptor left' many.yaml prlimit --nofile=60:60
poor 0 '^pass' many.yaml prlimit --nofile=60:4096
poor 99 'too little memory' proof.yaml prlimit --as=30000000
poor 99 'size of files is limited to 1000000' proof.yaml \
	prlimit --fsize=1000000:1000000
poor 0 '^pass' proof.yaml prlimit --fsize=1000000:unlimited
# The machine's root has no limit of tasks, and large pipes.
chmod 755 .
nobody='setpriv --reuid 65534 --regid 65534 --clear-groups'
# shellcheck disable=SC2086
poor 99 'too few processes|cannot start a run: Resource temp' proof.yaml $nobody prlimit --nproc=5:5
# A run of root's has a pid namespace and a /proc of its own.
poor 0 '^pass' proof.yaml unshare -pf
# strace -f decides what becomes of a signal, so it must not look like the kernel.
if command -v strace >/dev/null; then
	poor 99 'traced it' signal.yaml strace -f -o /dev/null
	poor 0 '^pass' proof.yaml strace -f -o /dev/null
else
	skip 'under strace' 'there is no strace'
fi
poor 77 'in a pid namespace|no permission for tracefs|no trac' traced.yaml unshare -pf --mount-proc
# It mounts one that is missing, too.
poor 0 '^pass' proof.yaml ./without /proc
poor 0 '^pass' proof.yaml env TMPDIR=/nowhere
poor 0 '^pass' proof.yaml ./with_tmpdir ro
poor 0 '^pass' proof.yaml ./with_tmpdir size=4k
poor 0 '^pass' proof.yaml ./read_only
poor 0 '^pass' proof.yaml ./without /sys

timeout 60 prlimit --nofile=15:15 "$FUSESCEN" doctor >.out/out 2>.out/err
status=$?
ok 'doctor says what is missing' out_has 'too few descriptors'
ok '... and what is there' out_has '^memory +yes'
# ---- a machine that is too slow for the calls of a stress step to meet
cat >slow.yaml <<'END'
# The server takes so long that the calls cannot overlap as often as they should
fusescen: 1
mounts:
  fs: {files: {/data: {}}, timeouts: {attr: 0}}
rules: [{op: GETATTR, delay: 100ms}]
actors: [a, b]
steps:
  - stress:
      rounds: 200
      time: 5ms
      overlaps: 50
      a: stat("/data") = 0
      b: stat("/data") = 0
END
fs run slow.yaml
ok 'too few calls to overlap could not run' gave 99
ok '... and it says why' out_has 'the machine is too slow: [0-9]+ calls were made, of which 50'

done_testing
