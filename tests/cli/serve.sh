#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# fusescen serve: a scenario's mount for a command, its status, its log, its
# verdict.
. "${srcdir:-.}/tests/cli/lib.sh"

if ! can_run; then
	echo '1..0 # SKIP nothing can run here: see fusescen doctor'
	exit
fi
mkdir mnt
cat >plain.yaml <<'END'
# Nothing but a mount
fusescen: 1
mounts: {fs: {files: {/data: {size: 64K}}}}
END

# ---- a command and its status -------------------------------------------------
fs serve plain.yaml mnt -- sh -c 'stat -c %s mnt/data'
ok 'a command sees the mount' gave 0
ok '... and its files' out_is '65536\n'
ok '... and nothing is said' test ! -s .out/err
ok 'nobody else sees it' test ! -e mnt/data
fs serve plain.yaml mnt -- sh -c 'exit 7'
ok 'the status of the command' gave 7
for signal in INT:130 TERM:143 KILL:137 SEGV:139; do
	fs serve plain.yaml mnt -- sh -c "kill -${signal%:*} \$\$"
	ok "a command that ends by SIG${signal%:*}" gave "${signal#*:}"
done
fs serve plain.yaml mnt -- ./nonesuch
ok 'a command that is not there' gave 127
ok '... is named' err_has '^fusescen: ./nonesuch: No such file'
fs serve plain.yaml mnt -- ./plain.yaml
ok 'a command that is none' gave 126
fs serve plain.yaml mnt -- sh -c 'pwd; id -u; cat'  </dev/null
ok 'directory and user are the caller'"'"'s' out_is "$(pwd)\n$(id -u)\n"
fs serve plain.yaml mnt -- sh -c 'cp "$0" mnt/copy && cmp "$0" mnt/copy &&
	mkdir mnt/dir && mv mnt/copy mnt/dir/ && ln -s dir mnt/link &&
	test -f mnt/link/copy && rm -r mnt/dir && ls mnt' plain.yaml
ok 'programs do not notice' gave 0
ok '... what serves them' out_is 'data\nlink\n'

# ---- rules ---------------------------------------------------------------------
cat >rules.yaml <<'END'
# Late, and full after the first 8K
fusescen: 1
mounts: {fs: {files: {/late: {size: 4K}, /full: {}}}}
rules:
  - {op: READ, file: /late, delay: 300ms}
  - {op: WRITE, file: /full, where: {offset: 8K..}, reply: {error: ENOSPC}}
END
cat >late.sh <<'END'
before=$(date +%s%N)
dd if=mnt/late of=/dev/null bs=4k 2>/dev/null
echo $((($(date +%s%N) - before) / 100000000))
END
fs serve rules.yaml mnt -- sh late.sh
is_late() { [ "$(cat .out/out)" -ge 3 ]; }
ok 'a delay is seen by dd' is_late
fs serve rules.yaml mnt -- dd if=/dev/zero of=mnt/full bs=4k count=4
ok 'an error is seen by dd' gave 1
ok '... which says so' err_has 'No space left on device'

# ---- judging --------------------------------------------------------------------
cat >judged.yaml <<'END'
# Nobody may read
fusescen: 1
mounts: {fs: {files: {/data: {size: 4K}}}}
expect:
  - never: READ /data
END
fs serve judged.yaml mnt -- ls mnt
ok 'expect holds' gave 0
fs serve judged.yaml mnt -- sh -c 'cat mnt/data >/dev/null'
ok 'expect does not hold' gave 1
ok '... and there is a report' err_has '^judged.yaml:5:.*fail: never'
fs serve judged.yaml mnt -- sh -c 'cat mnt/data >/dev/null; exit 3'
ok 'the command'"'"'s own status comes first' gave 3
ok '... and the report all the same' err_has '^judged.yaml:5:.*fail: never'

# ---- the log ----------------------------------------------------------------------
fs serve --log log plain.yaml mnt -- cat mnt/data
ok '--log' gave 0
ok '... has requests' grep -q '"event":"request".*"op":"READ"' log
ok '... and replies' grep -q '"event":"reply".*"op":"READ"' log
fs serve --log no/such/log plain.yaml mnt -- true
ok 'a log that cannot be made' gave 99
ok '... is named' err_has 'log "no/such/log": No such file'
if [ -w /dev/full ]; then
	fs serve --log /dev/full plain.yaml mnt -- true
	ok 'a log that cannot be written' gave 99
	ok '... is named' err_has 'log "/dev/full": No space'
fi

# ---- what cannot be served ---------------------------------------------------------
refused() { # refused MESSAGE ARGUMENT...
	message=$1
	shift
	fs serve "$@" -- true
	ok "refused: $message" gave 99
	ok "... and says so" err_has "$message"
}
refused 'mountpoint "none": No such file' plain.yaml none
refused 'mountpoint "plain.yaml": Not a directory' plain.yaml plain.yaml
refused 'mountpoint "/proc": in use' plain.yaml /proc
refused 'needs a scenario and a mountpoint' plain.yaml
refused 'unknown option --bla' --bla plain.yaml mnt
refused 'none.yaml: error' none.yaml mnt
refused 'no case is called "x"' --case x plain.yaml mnt
scenario steps.yaml 0
refused 'nobody to walk them' steps.yaml mnt
printf 'fusescen: 1\nmounts: {a: {}, b: {}}\n' >two.yaml
refused 'a served mount is one mount' two.yaml mnt
printf 'fusescen: 1\nmounts: {a: {}}\nrules: [{op: READ, hold: g}]\n' >held.yaml
refused 'no rule answers what gate g holds' held.yaml mnt
printf 'fusescen: 1\nhazard: kernel_crash\nmounts: {a: {}}\n' >hazard.yaml
refused 'kernel_crash' hazard.yaml mnt
fs serve plain.yaml mnt --
ok 'a command that is empty' gave 99
done_testing
