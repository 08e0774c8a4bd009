#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Rules under servers of others, as their packages have them: an error, a delay and a
# notification; and what cannot be attached to is told apart.  doc/attached-servers.md
# has what came of it.
. "${srcdir:-.}/tests/cli/attach/lib.sh"

cat >rules.yaml <<'END'
# The second open fails, the third takes its time, and the kernel is told to forget
fusescen: 1
mounts: {fs: {}}
rules:
  - {op: OPEN, file: /a, nth: 2, reply: {error: EIO}}
  - {op: OPEN, file: /a, nth: 3, delay: 300ms}
  - {op: RELEASE, file: /a, times: 1, notify: {inval_entry: /a, as: told}}
expect:
  - {count: OPEN /a, is: 3}
  - {count: told returns, is: 1}
END
sed 's/OPEN .a, is: 3/OPEN \/a, is: 4/' rules.yaml >wrong.yaml
mkdir src upper work lower
echo text >src/a
cp src/a lower/a
as_expected() {
	[ "$(cat late)" -ge 3 ] && [ "$(grep -cE "text|Hello" .out/out)" = 2 ] &&
		err_has 'Input/output error' && gave 0
}

# try NAME COMMAND...: both verdicts
try() {
	name=$1
	shift
	if ! command -v "$1" >/dev/null; then
		skip "$name" "no $1"
		return
	fi
	attached rules.yaml "$@"
	ok "$name" as_expected
	attached wrong.yaml "$@"
	ok "$name: the other verdict" gave 1
	ok "$name: nothing is left mounted" is_unmounted
}

if command -v mksquashfs >/dev/null; then
	mksquashfs src image.sqsh -quiet -no-progress >/dev/null 2>&1
fi
try 'squashfuse, in the background' squashfuse image.sqsh mnt
try 'squashfuse, in front' squashfuse -f image.sqsh mnt
try 'squashfuse_ll, in the background' squashfuse_ll image.sqsh mnt
try 'squashfuse_ll, in front' squashfuse_ll -f image.sqsh mnt
overlay=lowerdir=lower,upperdir=upper,workdir=work
try 'fuse-overlayfs, in the background' fuse-overlayfs -o $overlay mnt
try 'fuse-overlayfs, in front' fuse-overlayfs -f -o $overlay mnt
# sshfs without a network: the other end is its sftp-server, by a script.
sftp=$(ls /usr/lib/openssh/sftp-server /usr/libexec/openssh/sftp-server 2>/dev/null |
	head -n 1)
if [ -n "$sftp" ]; then
	printf '#!/bin/sh\nexec %s\n' "$sftp" >ssh.sh
	chmod +x ssh.sh
	for how in '' -f '-f -s' '-f -o max_conns=2'; do
		# shellcheck disable=SC2086
		try "sshfs ${how:-in the background}" sshfs $how \
			-o "ssh_command=$work/ssh.sh" "host:$work/src" mnt
	done
else
	skip sshfs 'no sftp-server'
fi

# libfuse's own examples, which its -dev package has as sources.
examples=/usr/share/doc/libfuse3-dev/examples
built() { # built NAME
	[ -e $examples/$1.c ] || return
	# shellcheck disable=SC2046
	${CC:-cc} -o $1 $examples/$1.c -I$examples $(pkg-config --cflags --libs fuse3) \
		>/dev/null 2>&1
}
for how in '' -f '-f -s' '-f -o clone_fd'; do
	built passthrough_ll
	# shellcheck disable=SC2086
	try "passthrough_ll ${how:-in the background}" ./passthrough_ll $how \
		-o "source=$work/src" mnt
done
python=python3
[ ! -x /usr/bin/python3 ] || python=/usr/bin/python3	# the packages' own
if $python -c 'import pyfuse3' 2>/dev/null; then
	try 'pyfuse3, with a loop of its own' \
		$python "$here/tests/thirdparty/attach-hello.py" mnt
else
	skip pyfuse3 'no pyfuse3'
fi
sed -i 's,/a\>,/hello,g' rules.yaml wrong.yaml
for how in '' -f '-f -s' '-f -o clone_fd'; do
	for example in hello hello_ll; do
		built $example
		# shellcheck disable=SC2086
		try "$example ${how:-in the background}" ./$example $how mnt
	done
done

# refused NAME REASON COMMAND...
refused() {
	name=$1 reason=$2
	shift 2
	if ! command -v "$1" >/dev/null; then
		skip "$name" "no $1"
		return
	fi
	attach rules.yaml "$@"
	ok "$name is refused" gave 99
	ok "$name: why" err_has "$reason"
	ok "$name: what to do" err_has 'serve --backing'
	ok "$name: nothing is left mounted" is_unmounted
}
refused bindfs 'uses libfuse 2' bindfs src mnt
refused 'bindfs, in front' 'uses libfuse 2' bindfs -f src mnt
refused unionfs 'uses libfuse 2' unionfs src=RO mnt
refused rclone 'does not use a shared libfuse 3|statically linked' rclone mount ./src mnt
if command -v gocryptfs >/dev/null; then
	mkdir cipher
	gocryptfs -q -init -extpass 'echo secret' cipher >/dev/null 2>&1
fi
refused gocryptfs 'does not use a shared libfuse 3|statically linked' \
	gocryptfs -q -fg -extpass 'echo secret' cipher mnt
done_testing
