#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# fusescen ctl: when it returns, the server has done what it was told.  The command
# under `serve` is a script that both uses the mount and controls it.
. "${srcdir:-.}/tests/cli/lib.sh"

if ! can_run; then
	echo '1..0 # SKIP nothing can run here: see fusescen doctor'
	exit
fi
mkdir mnt
cat >gate.yaml <<'END'
# Reads of /held wait, reads of /slow take their time in one state
fusescen: 1
states: {disk: [good, bad]}
mounts:
  fs: {files: {/held: {size: 4K, open: [direct_io]}, /bad: {size: 4K, open: [direct_io]}, /off: {size: 4K, open: [direct_io]}, /page: {size: 4K}}}
rules:
  - {op: READ, file: /held, hold: door}
  - {op: READ, file: /bad, when: {disk: bad}, reply: {error: EIO}}
  - {name: broken, op: READ, file: /off, reply: {error: EUCLEAN}}
  - {op: READ, file: /page, hold: door}
END

# with TEXT STATUS: the standard input is a script to be run over the mount
cat >prelude.sh <<'END'
ctl() { timeout 60 "$FUSESCEN" ctl sock "$@"; }
wait_held() { # wait_held N: so many are held
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		ctl gates | grep -q "^door: $1 held" && return
		sleep 0.1
	done
	exit 90
}
END
with() {
	{ cat prelude.sh; cat; } >script.sh
	export FUSESCEN
	fs serve -s sock gate.yaml mnt -- sh script.sh
	ok "$1" gave "$2"
}

with 'a gate is released' 0 <<'END'
head -c4096 mnt/held >held.out & reader=$!
wait_held 1
test ! -s held.out || exit 2
ctl release door 1 || exit 3
wait $reader || exit 4
test -s held.out || exit 5
END
ok 'how many went is said' out_has '"released":1'
with 'a gate that is released stays open until it is closed' 0 <<'END'
ctl release door && cat mnt/held >/dev/null && ctl rearm door || exit 2
head -c4096 mnt/held >/dev/null & reader=$!
wait_held 1
ctl release door 1 && wait $reader
END
with 'a held request is answered' 0 <<'END'
cat mnt/held 2>cat.err & reader=$!
wait_held 1
ctl answer door EIO || exit 2
wait $reader && exit 3
grep -q 'Input/output error' cat.err
END
with 'nothing is held to be answered' 1 <<'END'
ctl answer door EIO
END
ok '... which is said' err_has 'gate door holds no such request'
with 'many are held, and all go' 0 <<'END'
for i in 1 2 3 4 5; do cat mnt/held >/dev/null & done
wait_held 5
ctl --json gates | grep -q '"held":5' || exit 2
ctl release door | grep -q '"released":5' || exit 3
wait
ctl gates | grep -q 'door: 0 held'
END
with 'a state is set' 0 <<'END'
cat mnt/bad >/dev/null || exit 2
ctl set disk=bad || exit 3
cat mnt/bad >/dev/null 2>&1 && exit 4
ctl states | grep -qx 'disk = bad' || exit 5
ctl set disk=good && cat mnt/bad >/dev/null
END
with 'rules are switched' 0 <<'END'
cat mnt/off >/dev/null 2>&1 && exit 2
ctl disable broken && cat mnt/off >/dev/null || exit 3
ctl rules | grep -q 'off .*broken' || exit 4
ctl enable 9 || exit 5
cat mnt/off >/dev/null 2>&1 && exit 6
ctl rules | grep -q 'on .*applied 2.*broken'
END
with 'a notification is written' 0 <<'END'
cat mnt/bad >/dev/null
ctl notify inval_inode /bad
END
with 'the kernel does not know the file' 1 <<'END'
ctl notify inval_inode /off
END
ok '... and its answer is said' err_has 'ENOENT'
with 'a notification that the kernel keeps is "blocked"' 0 <<'END'
# It invalidates pages of /page, one of which waits for its READ
ctl set disk=good
cat mnt/page >/dev/null & reader=$!
wait_held 1
ctl '{"notify": {"inval_inode": "/page", "timeout": "100ms"}}' | grep -q blocked || exit 2
ctl release door
wait $reader
END
with 'files change behind the kernel'"'"'s back' 0 <<'END'
stat -c %s mnt/bad | grep -qx 4096 || exit 2
ctl server truncate /bad size=16 || exit 3
stat -c %s mnt/bad | grep -qx 4096 || exit 4	# the kernel has its attributes still
ctl notify inval_inode /bad
stat -c %s mnt/bad | grep -qx 16 || exit 5
ctl server make '{/new: {data: "n"}}' && ctl server rename /new to=/newer || exit 6
test "$(cat mnt/newer)" = n
END
with 'a file that is not there cannot be changed' 1 <<'END'
ctl server remove /nothing
END
ok '... which is said' err_has 'ENOENT'
with 'the kernel forgets a file' 0 <<'END'
stat mnt/bad >/dev/null
ctl evict /bad || exit 2
ctl evict / || exit 3
ctl notify inval_inode /bad && exit 4
exit 0
END
with '... but not one that is open, which is said' 1 <<'END'
exec 5<mnt/bad
ctl evict /bad
END
ok '... by its name' err_has 'keeps /bad'
with 'a file that is not there is not forgotten' 1 <<'END'
ctl evict /nothing
END
# With expectations the whole log is kept, also after a command's text is gone.
mv gate.yaml whole.yaml
{ cat whole.yaml; echo 'expect: [never: UNLINK]'; } >gate.yaml
with 'a notification is in the log that is judged' 0 <<'END'
stat mnt/bad >/dev/null && cat mnt/bad >/dev/null
ctl notify inval_inode /bad || exit 2
for i in 1 2 3 4 5 6 7 8; do ctl states >/dev/null || exit 3; done
ctl tail 1000 | grep -q '"event":"notified".*"notify":"inval_inode".*"path":"/bad"'
END
mv whole.yaml gate.yaml
with 'statistics' 0 <<'END'
cat mnt/bad >/dev/null
ctl stats | grep -qE '^READ +[1-9]' || exit 2
ctl --json stats | grep -q '"op":"READ","count":[1-9]'
END
with 'statistics count what is in flight' 0 <<'END'
cat mnt/held >/dev/null & reader=$!
wait_held 1
ctl --json stats | grep -q '"op":"READ","count":1,"errors":0,"in_flight":1,' || exit 2
ctl release door
wait
ctl --json stats | grep -q '"op":"READ","count":[1-9]*,"errors":0,"in_flight":0,'
END
with 'the tail of the log' 0 <<'END'
ctl release door && cat mnt/held >/dev/null
ctl tail 1000 | grep -q '"event":"released\|"op":"READ"' || exit 2
test "$(ctl tail 1 | wc -l)" = 1 || exit 3
ctl tail | grep -q '"op":"GETATTR"' && exit 4
ctl log all && stat mnt >/dev/null && ls -l mnt >/dev/null
ctl tail 1000 | grep -q '"op":"READDIR'
END
with 'the log is followed' 0 <<'END'
timeout 60 "$FUSESCEN" ctl sock tail -f >follow.out & follower=$!
n=0
until grep -q '"event":"state"' follow.out || [ $((n += 1)) = 100 ]; do
	ctl set disk=bad
	sleep 0.1
done
kill $follower
grep -q '"event":"state"' follow.out
END
with 'a server that is aborted' 0 <<'END'
cat mnt/held >/dev/null 2>&1 & reader=$!
wait_held 1
ctl abort || exit 2
wait $reader && exit 3
stat mnt/held 2>stat.err && exit 4
grep -q 'not connected\|abort' stat.err || exit 5
ctl stats | grep -q READ
END
with 'a server that quits; its command goes on' 5 <<'END'
echo below >mnt/made
ctl quit || exit 2
test ! -e sock || exit 3
stat mnt/held 2>/dev/null && exit 4
echo below >mnt/made 2>/dev/null && exit 6
exit 5
END
ok '... and cannot write below the mount' test ! -e mnt/made
with 'what is no command' 1 <<'END'
ctl '{"relase": "door"}'
END
ok '... has a nearest one' err_has 'unknown command "relase" \(did you mean release\?\)'
with 'what no server can do' 1 <<'END'
ctl '{"held": "door"}'
END
ok '... is unknown' err_has 'unknown command "held"'
ok 'the socket is gone' test ! -e sock

for word in bla 'release' 'answer door' 'set disk' 'tail x' 'quit now'; do
	fs ctl sock $word
	ok "ctl $word" gave 99
done
fs ctl sock gates
ok 'nobody listens' gave 99
ok '... and that is said' err_has '^fusescen: sock: No such file'
done_testing
