#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# fusescen serve for a user who is not root: in a user namespace, where the machine
# allows one.
. "${srcdir:-.}/tests/cli/lib.sh"

if ! can_run; then
	echo '1..0 # SKIP nothing can run here: see fusescen doctor'
	exit
fi
# as_user COMMAND...
as_user() {
	if [ "$(id -u)" = 0 ]; then
		unshare --user --map-user=1000 --map-group=1000 "$@"
	else
		"$@"
	fi
}
if ! as_user unshare --user --map-root-user --mount true 2>/dev/null; then
	echo '1..0 # SKIP nobody but root here: no user namespaces'
	exit
fi
served() { # served ARGUMENT...: as fs serve, by a user
	as_user timeout 300 "$FUSESCEN" serve "$@" >.out/out 2>.out/err
	status=$?
}
mkdir mnt dir
printf '# Nothing\nfusescen: 1\nmounts: {fs: {}}\n' >plain.yaml
cat >files.yaml <<'END'
# Files, one of them of somebody
fusescen: 1
mounts: {fs: {files: {/d/data: {data: "hello"}, /other: {uid: 7}}}}
END
cat >full.yaml <<'END'
# No file gets beyond its first 8K
fusescen: 1
mounts: {fs: {}}
rules: [{op: WRITE, where: {offset: 8K..}, reply: {error: ENOSPC}}]
END
cat >use.sh <<'END'
echo new >mnt/file && mkdir mnt/new && mv mnt/file mnt/new && cat mnt/new/file &&
	[ "$(stat -c %u mnt mnt/new/file | uniq)" = "$(id -u)" ]
END

served plain.yaml mnt -- sh use.sh
ok 'memory: a user writes' gave 0
ok '... and reads that' out_is 'new\n'
served files.yaml mnt -- sh -c 'echo more >>mnt/d/data && rm mnt/d/data && rmdir mnt/d'
ok '... and has the files of the scenario' gave 0
served -b null plain.yaml mnt -- dd if=/dev/zero of=mnt/data bs=4k count=2 conv=notrunc
ok 'null: a user writes' gave 0
served -b dir plain.yaml mnt -- sh use.sh
ok 'a directory: a user writes' gave 0
ok '... to the host' grep -qx new dir/new/file
served -b dir full.yaml mnt -- dd if=/dev/zero of=mnt/big bs=4k count=4
ok '... and the rules hold' err_has 'No space left on device'
served -b dir plain.yaml mnt -- sh -c 'chmod 0 mnt/big && cat mnt/big'
ok '... and so do permissions' err_has 'mnt/big: Permission denied'
served --shared plain.yaml mnt -- true
ok 'a shared mount' gave 99
ok '... needs root' err_has 'a shared mount needs root'
served -s sock plain.yaml mnt -- "$FUSESCEN" ctl sock gates
ok 'the control socket is the user'"'"'s' gave 0
if [ "$(id -u)" = 0 ] && [ "$(stat -c %a /dev/fuse)" = 600 ] &&
	command -v setpriv >/dev/null; then
	chmod 755 .
	timeout 300 setpriv --reuid 65534 --regid 65534 --clear-groups \
		"$FUSESCEN" serve plain.yaml mnt -- true >.out/out 2>.out/err
	status=$?
	ok 'who may not open /dev/fuse' gave 99
	ok '... is told so' err_has 'no permission to open /dev/fuse'
fi
done_testing
