#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# serve --record: what happened on a mount is a scenario, with the rules that were served;
# so is what fusescen ctl has of the last events.
. "${srcdir:-.}/tests/cli/lib.sh"

if ! can_run; then
	echo '1..0 # SKIP nothing can run here: see fusescen doctor'
	exit
fi
mkdir mnt disk
cat >rules.yaml <<'END'
# The second write fails
fusescen: 1
mounts: {fs: {files: {/a: {data: hello}}}}
rules: [{op: WRITE, nth: 2, reply: {error: EIO}}]
END
passes() { # passes NAME
	fs run --strict --repeat 5 "$1.yaml"
	ok "$1: it passes" gave 0
}
fs serve --record rec.yaml rules.yaml mnt -- sh -c '
	cat mnt/a; echo one >mnt/x; echo two >mnt/y || echo no; mv mnt/x mnt/z'
ok 'rules' gave 0
ok 'rules: how much of it' err_has 'rec.yaml: [0-9]+ calls of [0-9]+ requests, 0 left out, [12] guess'
ok 'rules: they are in it' grep -q 'op: WRITE, nth: 2, reply: {error: EIO}' rec.yaml
ok 'rules: once' test 1 = "$(grep -c 'EIO}' rec.yaml)"
ok 'rules: what they did' grep -q 'pwrite(fd, 4, 0) = -1 EIO' rec.yaml
passes rec
cat >plain.yaml <<'END'
# Plain
fusescen: 1
mounts: {fs: {}}
END
echo text >disk/file
fs serve --record disk.yaml --backing disk -l log plain.yaml mnt -- sh -c 'cat mnt/file; rm mnt/file'
ok 'a directory' gave 0
ok 'a directory: what was there' grep -q '"\{0,1\}/file"\{0,1\}: {size: 5, data:' disk.yaml
ok 'a directory: the log is there too' grep -q '"op":"UNLINK"' log
fs run disk.yaml
ok 'a directory: it passes' gave 0
fs serve --record none.yaml --backing disk rules.yaml mnt -- true
ok 'it cannot be served' gave 99
ok 'it cannot be served: nothing more is said' test 3 = "$(wc -l <.out/err)"
fs serve --record none.yaml rules.yaml mnt -- true
ok 'nothing happened' gave 99
ok 'nothing happened: it says so' err_has 'none.yaml: no request came that a call would make'
fs serve --record /no/such/dir/x.yaml rules.yaml mnt -- cat mnt/a
ok 'it cannot be written' gave 99
fs serve --record x.yaml rules.yaml mnt -- sh -c 'cat mnt/a; exit 3'
ok 'the status is that of the command' gave 3

fs serve -l all.log -s sock plain.yaml mnt -- sh -c "echo one >mnt/x; mv mnt/x mnt/y
	'$FUSESCEN' ctl sock tail 10000 >all; '$FUSESCEN' ctl sock tail 6 >some"
for name in all some; do
	fs import -o $name.yaml $name
	ok "ctl, $name" gave 0
	ok "ctl, $name: the end" grep -qE 'app2?: rename\("/x", "/y"\) = 0$' $name.yaml
	passes $name
done
ok 'ctl, some: not the beginning' test 0 = "$(grep -c pwrite some.yaml)"
done_testing
