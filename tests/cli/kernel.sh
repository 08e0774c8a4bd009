#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# fusescen run --kernel: which kernel a name stands for, and what happens if a
# machine dies, hangs or sends nonsense.  No kernel is booted: a script stands in
# for qemu, and ./machine says what it does.
. "${srcdir:-.}/tests/cli/lib.sh"
. "${srcdir:-.}/tests/cli/qemu/lib.sh"

mkdir -p cache/kernels/6.1.9 cache/kernels/6.12.1 cache/kernels/6.12.10 \
	cache/kernels/patched cache/kernels/other cache/kernels/empty
for kernel in 6.1.9 6.12.1 6.12.10 patched other; do
	echo "no kernel" >cache/kernels/$kernel/vmlinuz
	echo $kernel-test >cache/kernels/$kernel/release
done
echo 6.12.11-test >cache/kernels/patched/release
echo 6.18.1-test >cache/kernels/other/release
FUSESCEN_CACHE=$work/cache
export FUSESCEN_CACHE

scenario a.yaml 0
scenario b.yaml 0
scenario c.yaml 0

# ended: the machine is not there any more, or only its name
ended() {
	for i in 1 2 3 4 5 6 7 8 9 10; do
		case $(ps -o stat= -p "$(cat pids)") in "" | Z*) return 0 ;; esac
		sleep 0.2
	done
	return 1
}

# --- which kernel

machine <<'END'
hello; start 0; done_ 0 0; bye; sleep 60
END
fs run --kernel 6.1 a.yaml
ok 'a pass' gave 0
ok 'a pass, which names its kernel' out_has '^pass  a.yaml on 6\.1\.9  5\.0 ms$'
ok '6.1 is not 6.12' grep -q 'cache/kernels/6.1.9/vmlinuz' arguments
ok 'the machine is ended' ended
fs run --kernel 6.12 a.yaml
ok 'the newest' out_has 'on 6\.12\.10 '
fs run --kernel 6.12.11 a.yaml
ok 'by its release, if none is called so' out_has 'on patched '
fs run --kernel 6.18 a.yaml
ok 'the only one of that version' out_has 'on other '
fs run --kernel 6.12.1 a.yaml
ok 'a whole name' out_has 'on 6\.12\.1 '
fs run --kernel ./cache/kernels/6.12.1/vmlinuz a.yaml
ok 'a file' out_has 'on \./cache/kernels/6\.12\.1/vmlinuz '
fs run --kernel ./cache/kernels/6.12.1 a.yaml
ok 'a directory' out_has 'on \./cache/kernels/6\.12\.1 '
fs run --kernel 6.12 --cpus 3 a.yaml
ok 'cpus' sh -c "tail -1 arguments | grep -q -e '-smp 3 '"
fs run --kernel 6.12 --append 'fuse.enable_uring=1 a b' a.yaml
ok 'append' sh -c "tail -1 arguments | grep -q ' fuse.enable_uring=1 a b -- guest'"
for command in 'run a.yaml' 'matrix a.yaml' doctor 'bench a.yaml'; do
	rm -f arguments
	fs $command --append x=1
	ok "append without --kernel: ${command%% *}" gave 99
	ok "append without --kernel: ${command%% *}: said" \
		err_has '^fusescen: --append is for virtual machines: choose one with --kernel'
done
rm -f arguments
fs run --kernel 6.12 --append 'a -- b' a.yaml
ok 'append --' gave 99
ok 'append --: said' err_has '"--" would end the arguments of the kernel'
ok 'append --: no machine' test ! -e arguments
fs run --kernel 6.12 --append "$(printf 'a=1 %.0s' $(seq 500))" a.yaml
ok 'append, far too long' gave 99
ok 'append, far too long: said' err_has 'would get [0-9]+ characters of arguments, and it reads 2047'
fs run --kernel 6.12,6.1 --tap a.yaml
ok 'several: TAP' test "$(grep ^ok .out/out | tr '\n' ,)" = \
	'ok 1 - a.yaml@6.12.10,ok 2 - a.yaml@6.1.9,'
fs run --kernel 6.12,6.1 --jobs 2 --log log a.yaml
ok 'several at once, in order' test "$(sed -n 's/.*on \(6[0-9.]*\) .*/\1/p' .out/out | tr '\n' ,)" = 6.12.10,6.1.9,
ok 'several: summary' out_has '^2 passed, 0 failed, 0 skipped in '
ok 'the log names the kernel' grep -q '"file":"a.yaml","kernel":"6.1.9","round":1' log

fs run --kernel 5 a.yaml
ok 'an unknown kernel' gave 99
ok 'an unknown kernel: how to get it' err_has 'no kernel "5".*fusescen-kernels fetch 5 '
ok 'an unknown kernel: what there is' err_has '^ *6\.12\.10$'
fs run --kernel 6.12, a.yaml
ok 'an empty name' gave 99
fs run --kernel empty a.yaml
ok 'a directory without a kernel' err_has 'no vmlinuz or vmlinux in it'
fs run --kernel ./nothere a.yaml
ok 'no such file' err_has '\./nothere: No such file'
FUSESCEN_QEMU=./nothere fs run --kernel 6.12 a.yaml
ok 'no qemu' gave 99
ok 'no qemu: which' err_has 'no ./nothere: --kernel needs qemu'
fs guest
ok 'guest is not for people' gave 99
ok 'guest says what it is' err_has 'first process of a virtual machine'

# --- verdicts

machine <<'END'
hello; start 0; done_ 0 1 why 'the text'; start 1; done_ 1 2 lacking; start 2; done_ 2 0; bye
END
fs run --kernel 6.12 a.yaml b.yaml c.yaml
ok 'a failure' gave 1
ok 'a failure has its text' out_has '^the text$'
ok 'a skip has its reason' out_has '^skip  b.yaml on 6\.12\.10: lacking$'
ok 'one machine for all' booted 1
# One block for each kernel in a text to be mailed.
machine <<'END'
case $boot in
1) hello; start 0; done_ 0 1 why 'the text'; bye ;;
*) hello; start 0; done_ 0 0; bye ;;
esac
END
fs run --kernel 6.1,6.12 --report mail a.yaml
ok 'a mail about two kernels' grep -qx 'Kernel:   those below, in virtual machines' mail
ok '... the one that fails' grep -qxE 'Result on kernel 6\.1\.9: fail in 1 of 1 run' mail
ok '... and the other' grep -qxE 'Result on kernel 6\.12\.10: pass in 1 of 1 run' mail
fs run --kernel 6.12 --tap a.yaml b.yaml c.yaml
ok 'a failure, TAP' out_has '^not ok 1 - a.yaml@6\.12\.10$'

machine <<'END'
if [ $boot = 1 ]; then
	say '[    0.1] WARNING: no run is to blame'
	hello; start 0; done_ 0 0; start 1
	say '[    2.5] WARNING: CPU: 0 PID: 5 at fs/fuse/dev.c:1'; done_ 1 0
	start 2; sleep 60
else
	hello; start 2; done_ 2 0; bye
fi
END
fs run --kernel 6.12 --artifacts warned a.yaml b.yaml c.yaml
ok 'a warning on the console fails' gave 1
ok 'artifacts: the console meanwhile' grep -q 'WARNING: CPU' warned/b.yaml-on-6.12*/console.txt
ok 'artifacts: no other' [ "$(ls warned | wc -l)" = 1 ]
ok 'the run that it appeared in' out_has '^fail  b\.yaml'
ok 'no other' out_has '^2 passed, 1 failed'
ok 'what is behind it has a new machine' booted 2
ok 'one while booting is mentioned' err_has '^fusescen: 6\.12\.10: while it booted: WARNING: no run'
ok 'and is shown' out_has '^ +\[    2\.5\] WARNING: CPU'

machine <<'END'
case $boot in
1) hello; start 0; done_ 0 0; start 1; done_ 1 0; say 'WARNING: late'; start 2 ;;
2) hello; start 2; done_ 2 0; bye ;;
esac
END
fs run --kernel 6.12 a.yaml b.yaml c.yaml
ok 'a warning behind a run is its too' out_has '^b\.yaml: fail: the kernel printed warnings'

machine <<'END'
if [ $boot = 1 ]; then
	hello; start 0; done_ 0 0; start 1
	say '[    3.1] Oops: general protection fault'; say 'Call Trace:'
else
	hello; start 2; done_ 2 0; bye
fi
END
fs run --kernel 6.12 --artifacts crashed a.yaml b.yaml c.yaml
ok 'a crash is a failure' gave 1
ok 'artifacts: the console of a crash' grep -q 'Call Trace' crashed/b.yaml-on-6.12*/console.txt
ok 'a crash: whose' out_has '^fail  b\.yaml on'
ok 'a crash: why' out_has '^b\.yaml: fail: the machine died: Oops: general protection'
ok 'a crash: the trace' out_has '^ +Call Trace:'
ok 'a crash: the others' out_has '^2 passed, 1 failed'
ok 'a crash: goes on in a new machine' booted 2

machine <<'END'
if [ $boot = 1 ]; then hello; start 0; done_ 0 0; say 'Kernel panic - late'
else hello; start 1; done_ 1 0; bye; fi
END
fs run --kernel 6.12 a.yaml b.yaml
ok 'a crash behind a pass is its' out_has '^a\.yaml: fail: the machine died: Kernel panic'

machine <<'END'
say 'VFS: Cannot open root device'; exit 1
END
fs run --kernel 6.12 a.yaml b.yaml
ok 'no boot' gave 99
ok 'no boot is said of each' out_has '^error b\.yaml on 6\.12\.10: the kernel does not boot'
ok 'no boot: the console' out_has '^ +VFS: Cannot open root'
ok 'no boot: bounded' booted 3

FUSESCEN_PATIENCE=3
export FUSESCEN_PATIENCE
machine <<'END'
if [ $boot = 1 ]; then hello; start 0; say 'watchdog: BUG: soft lockup'; sleep 60
else hello; start 1; for i in 1 2 3 4 5; do sleep 1; alive; done; done_ 1 0; bye; fi
END
fs run --kernel 6.12 a.yaml b.yaml
ok 'silence is a hang' out_has '^a\.yaml: fail: the machine hangs: watchdog: BUG: soft lockup'
ok 'slow is not' out_has '^pass  b\.yaml'
FUSESCEN_PATIENCE=1
machine <<'END'
say 'Booting'; sleep 60
END
fs run --kernel 6.12 a.yaml
ok 'no boot in time' out_has '^error a\.yaml on 6\.12\.10: the kernel does not boot in time$'
unset FUSESCEN_PATIENCE

machine <<'END'
[ $boot = 1 ] && exit
hello; start 0; done_ 0 0; bye
END
fs run --kernel 6.12 a.yaml
ok 'a boot is tried again' gave 0

machine <<'END'
hello; start $((boot - 1))
END
for i in 1 2 3 4 5 6 7 8 9; do scenario many$i.yaml 0; done
fs run --kernel 6.12 --repeat 3 many*.yaml
ok 'every run kills: bounded' booted 20
ok 'every run kills: all are reported' out_has '^3 rounds, 27 runs, 20 failed.*7 could not run in '
ok 'every run kills: why no more' out_has 'not run: too many machines'

machine <<'END'
run=$((boot - 1))
hello; start $run; say 'WARNING: again'; done_ $run 0
while [ $((run += 1)) -lt 27 ]; do
	start $run
	[ $boot = 21 ] || sleep 60
	done_ $run 0
done
bye
END
fs run --kernel 6.12 --repeat 3 many*.yaml
ok 'every run warns: bounded' booted 21
ok 'every run warns: said' err_has '6\.12\.10: this kernel warns often'
ok 'every run warns: the others count' out_has '^3 rounds, 27 runs, 21 failed in '

scenario hazard.yaml 0 'hazard: kernel_crash' \
	'fails: [{kernel: ">= 6.12", crash: "kernel BUG at fs/fuse", because: raced}]'
machine <<'END'
case $boot in
1) hello; start 0; done_ 0 0; bye ;;
2) hello; start 1; say "[ 2.0] kernel BUG at $bug" ;;
3) hello; start 2; done_ 2 0; bye ;;
esac
END
bug=fs/fuse/dir.c:5
export bug
fs run --kernel 6.12 --allow-hazard a.yaml hazard.yaml b.yaml
ok 'a known crash' gave 0
ok 'a known crash has its reason' out_has '^xfail hazard\.yaml on 6\.12\.10: known failure: raced$'
ok 'a hazard is alone in its machine' booted 3
rm arguments
bug=fs/fuse/file.c:7 fs run --kernel 6.12 --allow-hazard a.yaml hazard.yaml b.yaml
ok 'another crash of the same' gave 0
rm arguments
bug=mm/slub.c:1 fs run --kernel 6.12 --allow-hazard a.yaml hazard.yaml b.yaml
ok 'a crash that is not known' gave 1
ok 'a crash that is not known: why' out_has '^hazard\.yaml: fail: the machine died: kernel BUG at mm/slub'

# --- nonsense

nonsense() { # nonsense TEXT: standard input is the machine, once; then all well
	{ echo 'if [ $boot = 1 ]; then'; cat
	  echo 'else hello; start 1; done_ 1 0; bye; fi'; } | machine
	fs run --kernel 6.12 a.yaml b.yaml
	ok "$1: error" gave 99
	ok "$1: no pass" out_has '^error a\.yaml'
	ok "$1: the next runs" out_has '^pass  b\.yaml'
}
nonsense 'garbage' <<'END'
hello; start 0; echo garbage; sleep 60
END
nonsense 'a changed byte' <<'END'
hello; start 0; done_ 0 0 summary | sed 's/mma/mna/'; sleep 60
END
nonsense 'a verdict that is none' <<'END'
hello; start 0; done_ 0 6; sleep 60
END
nonsense 'a result of another run' <<'END'
hello; start 0; done_ 1 0; sleep 60
END
nonsense 'no result before the next' <<'END'
hello; start 0; start 1; sleep 60
END
nonsense 'a goodbye without the result' <<'END'
hello; start 0; bye; sleep 60
END
nonsense 'a frame with too much' <<'END'
hello; start 0; { number 0; number 0; } | frame 8; sleep 60
END
nonsense 'a text longer than its frame' <<'END'
hello; start 0
{ number 0; number 0; number 0; le32 99; printf 'x\0'; } | frame 9; sleep 60
END
machine <<'END'
[ $boot = 1 ] && { hello; start 0; done_ 0 0 | head -c 40; exit; }
hello; start 1; done_ 1 0; bye
END
fs run --kernel 6.12 a.yaml b.yaml
ok 'half a frame is no pass' out_has '^fail  a\.yaml'
machine <<'END'
start 0; done_ 0 0; bye; sleep 60
END
fs run --kernel 6.12 a.yaml
ok 'no hello: error' gave 99
machine <<'END'
hello; note 'module cuse: Exec format error'; start 0; done_ 0 0; bye
END
fs run --kernel 6.12 a.yaml
ok 'a note is shown' err_has '^fusescen: 6\.12\.10: module cuse: Exec format'

# --- ends

machine <<'END'
hello; start 0; sleep 60
END
timeout -s TERM 2 "$FUSESCEN" run --kernel 6.12 a.yaml >.out/out 2>.out/err
status=$?
ok 'a signal ends it' err_has 'Terminated after 0 of 1'
ok 'and the machine' ended
rm -f pids
"$FUSESCEN" run --kernel 6.12 a.yaml >.out/out 2>.out/err &
pid=$!
while [ ! -s pids ]; do sleep 0.1; done
kill -KILL $pid
wait $pid 2>/dev/null
ok 'killed, it takes the machine along' ended

machine <<'END'
hello; start 0; done_ 0 0 '' 'kernel 6.12-fake'; bye
END
fs doctor --kernel 6.12
ok 'doctor' gave 0
ok 'doctor: what the machine says' out_has '^kernel 6.12-fake'
machine <<'END'
exit
END
fs doctor --kernel 6.12
ok 'doctor, no boot' gave 99
ok 'doctor, no boot: said' err_has '6.12.10: the kernel does not boot'
scenario args.yaml 0 'needs: {kernel_args: "c=2 d"}'
machine <<'END'
case $(tail -1 arguments) in *' c=2 d -- guest'*) what=args ;; *) what=plain ;; esac
case $boot in 1) run=0 ;; 2) run=1 ;; *) run=2 ;; esac
hello; start $run; done_ $run 0 "$what"; bye; sleep 60
END
fs run -j 1 --kernel 6.12 a.yaml args.yaml b.yaml
ok 'kernel_args: a machine of its own' booted 3
ok 'kernel_args: the second one' sh -c "sed -n 2p arguments | grep -q ' c=2 d -- guest'"
ok 'kernel_args: not the others' sh -c "! sed -n '1p;3p' arguments | grep -q 'c=2'"
fs run --kernel 6.12 --append 'b=1' args.yaml
ok 'kernel_args and append' sh -c "tail -1 arguments | grep -q ' b=1 c=2 d -- guest'"
fs run args.yaml
ok 'kernel_args: skipped here' gave 77
ok 'kernel_args: why' out_has 'this kernel was not booted with "c=2": run --kernel does that'
done_testing
